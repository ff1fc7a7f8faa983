import type { CashLeg, Currency, Note, Party, Receivable } from "../api/types";
import { dateOf } from "../format/dates";
import { formatRate } from "../format/money";
import { list, legName, t } from "../i18n";
import { href } from "../router";
import type { Column } from "./DataTable";
import { Money, NoteLink, PartyLink, partyName, shortHash, StatusMark, When } from "./values";

/** `currency` finds a note's currency where the list holds several; null shows plain two-place figures. */
export function noteColumns(currency: (note: Note) => Currency | null): Column<Note>[] {
  return [
    { key: "id", label: t("col.note"), cell: (note) => <NoteLink id={note.id} /> },
    { key: "tier", label: t("col.tier"), cell: tierCell },
    { key: "holder", label: t("col.holder"), cell: (note) => <PartyLink party={note.holder} /> },
    {
      key: "face",
      label: t("col.face"),
      numeric: true,
      cell: (note) => <Money minor={note.face} currency={currency(note)} />,
    },
    {
      key: "value",
      label: t("col.value"),
      numeric: true,
      cell: (note) => <Money minor={note.value} currency={currency(note)} />,
    },
    { key: "status", label: t("col.status"), cell: (note) => <StatusMark status={note.status} /> },
    { key: "created", label: t("col.created"), cell: (note) => <span class="num">{dateOf(note.source.time)}</span> },
  ];
}

function tierCell(note: Note): string {
  const tier = t("tier.n", { n: note.tier });
  return note.financed ? `${tier} · ${t("tier.financier")}` : tier;
}

/** A tree as a table: what the graph says, and the proof of each hop. */
export function lineageColumns(currency: Currency): Column<Note>[] {
  const proof: Column<Note>[] = [
    {
      key: "parent",
      label: t("col.parent"),
      cell: (note) => (note.parent === null ? "–" : <NoteLink id={note.parent} />),
    },
    { key: "origin", label: t("col.origin"), cell: (note) => t(`origin.${note.origin}`) },
    {
      key: "trade",
      label: t("col.tradeHash"),
      cell: (note) => (note.trade_hash ? <code title={note.trade_hash}>{shortHash(note.trade_hash)}</code> : "–"),
    },
    {
      key: "tx",
      label: t("col.tx"),
      cell: (note) => <code title={note.source.tx_hash}>{shortHash(note.source.tx_hash)}</code>,
    },
    {
      key: "block",
      label: t("col.block"),
      numeric: true,
      cell: (note) => <span class="num">{note.source.block}</span>,
    },
  ];
  return [...noteColumns(() => currency), ...proof];
}

export function receivableColumns(): Column<Receivable>[] {
  const money = (key: "face_value" | "outstanding") => (row: Receivable) => (
    <Money minor={row[key]} currency={row.currency} />
  );
  return [
    {
      key: "id",
      label: t("col.receivable"),
      cell: (row) => (
        <a class="num" href={href("receivable", row.id)}>
          #{row.id}
        </a>
      ),
    },
    { key: "debtor", label: t("col.debtor"), cell: (row) => <PartyLink party={row.debtor} /> },
    { key: "creditor", label: t("col.creditor"), cell: (row) => <PartyLink party={row.creditor} /> },
    { key: "face", label: t("col.face"), numeric: true, cell: money("face_value") },
    { key: "outstanding", label: t("col.outstanding"), numeric: true, cell: money("outstanding") },
    { key: "due", label: t("col.due"), cell: (row) => <span class="num">{row.due_date}</span> },
    { key: "status", label: t("col.status"), cell: (row) => <StatusMark status={row.status} /> },
    { key: "tiers", label: t("col.deepest"), numeric: true, cell: (row) => row.deepest_tier },
    { key: "notes", label: t("col.notes"), numeric: true, cell: (row) => row.notes },
  ];
}

export function partyColumns(): Column<Party>[] {
  return [
    {
      key: "id",
      label: t("col.party"),
      cell: (party) => (
        <>
          <span class="num muted">#{party.id}</span> <PartyLink party={party} />
        </>
      ),
    },
    { key: "roles", label: t("col.roles"), cell: (party) => list(party.roles.map((role) => t(`role.${role}`))) },
    { key: "status", label: t("col.status"), cell: (party) => <StatusMark status={party.status} /> },
  ];
}

export function legColumns(currency: Currency): Column<CashLeg>[] {
  const money = (key: "amount" | "principal") => (leg: CashLeg) => <Money minor={leg[key]} currency={currency} />;
  const moneyIfAny = (key: "interest" | "discount") => (leg: CashLeg) =>
    leg[key] === "0" ? "–" : <Money minor={leg[key]} currency={currency} />;
  return [
    { key: "kind", label: t("col.kind"), cell: (leg) => legName(leg.kind) },
    { key: "note", label: t("col.note"), cell: (leg) => <NoteLink id={leg.note} /> },
    { key: "payer", label: t("col.payer"), cell: (leg) => partyName(leg.payer) },
    { key: "payee", label: t("col.payee"), cell: (leg) => partyName(leg.payee) },
    { key: "amount", label: t("col.amount"), numeric: true, cell: money("amount") },
    { key: "principal", label: t("col.principal"), numeric: true, cell: money("principal") },
    { key: "discount", label: t("col.discount"), numeric: true, cell: moneyIfAny("discount") },
    { key: "interest", label: t("col.interest"), numeric: true, cell: moneyIfAny("interest") },
    {
      key: "rate",
      label: t("col.rate"),
      numeric: true,
      cell: (leg) => (leg.rate_bps === null ? "–" : formatRate(leg.rate_bps)),
    },
    { key: "time", label: t("col.time"), cell: (leg) => <When source={leg.source} /> },
    {
      key: "tx",
      label: t("col.tx"),
      cell: (leg) => <code title={leg.source.tx_hash}>{shortHash(leg.source.tx_hash)}</code>,
    },
  ];
}
