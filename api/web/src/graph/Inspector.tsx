import type { JSX } from "preact";
import type { Note, Receivable } from "../api/types";
import { type Fact, Facts } from "../components/Facts";
import { noteColumns } from "../components/columns";
import { DataTable } from "../components/DataTable";
import { PartsBar } from "../components/PartsBar";
import { Hash, Money, NoteLink, NotShown, partyName, PartyLink, StatusMark, When } from "../components/values";
import { formatRate } from "../format/money";
import { rich, t } from "../i18n";
import type { Card, Lineage } from "../ledger/lineage";
import { href } from "../router";
import { holdersOf, partsOf, partsOfDebt, placeOf } from "./CardBody";
import { CashList } from "./CashList";
import { GroupActs } from "./GroupActs";
import { CORE, type Groups } from "./stage-types";

interface Props {
  lineage: Lineage;
  receivable: Receivable;
  selected: string;
  groups: Groups;
}

/** Everything known about the chosen card: a note, a group of notes, or the debt itself. */
export function Inspector({ lineage, receivable, selected, groups }: Props): JSX.Element {
  const card = lineage.cards.find((each) => each.key === selected);
  return (
    <aside class="inspector" aria-label={t("stage.details")} aria-live="polite">
      {selected === CORE || !card ? (
        <Debt receivable={receivable} />
      ) : card.notes.length > 1 ? (
        <Group card={card} receivable={receivable} groups={groups} />
      ) : (
        <One card={card} note={card.notes[0] as Note} receivable={receivable} groups={groups} />
      )}
    </aside>
  );
}

interface CardProps {
  card: Card;
  receivable: Receivable;
  groups: Groups;
}

function One({ card, note, receivable, groups }: CardProps & { note: Note }): JSX.Element {
  return (
    <>
      <header class="inspector-head">
        <h2>
          {t("note.title", { id: note.id })} · {partyName(note.holder)}
        </h2>
        <a class="button quiet" href={href("note", note.id)}>
          {t("stage.openNote", { id: note.id })}
        </a>
        <GroupActs card={card} groups={groups} />
      </header>
      <PartsBar of={partsOf(card)} currency={receivable.currency} />
      <Facts facts={noteFacts(note, receivable, placeOf(card))} />
      <CashList legs={note.cash} currency={receivable.currency} />
    </>
  );
}

export function noteFacts(note: Note, receivable: Receivable, place: string): (Fact | null)[] {
  const { currency } = receivable;
  return [
    { label: t("fact.holder"), value: <PartyLink party={note.holder} /> },
    { label: t("fact.tier"), value: place },
    { label: t("fact.status"), value: <StatusMark status={note.status} /> },
    { label: t("fact.face"), value: <Money minor={note.face} currency={currency} /> },
    { label: t("fact.value"), value: <Money minor={note.value} currency={currency} /> },
    { label: t("fact.origin"), value: t(`origin.${note.origin}`) },
    note.parent === null ? null : { label: t("fact.parent"), value: <NoteLink id={note.parent} /> },
    note.trade_hash === null
      ? null
      : { label: t("fact.tradeHash"), value: <Hash value={note.trade_hash} what={t("fact.tradeHash")} /> },
    { label: t("fact.tx"), value: <Hash value={note.source.tx_hash} what={t("fact.tx")} /> },
    { label: t("fact.block"), value: <span class="num">{note.source.block}</span> },
    { label: t("fact.time"), value: <When source={note.source} /> },
    note.accepted && { label: t("fact.accepted"), value: <When source={note.accepted} /> },
    note.closed && { label: t("fact.closed"), value: <When source={note.closed} /> },
    note.status !== "offered" || note.lapse_date === null
      ? null
      : { label: t("fact.lapse"), value: <time dateTime={note.lapse_date}>{note.lapse_date}</time> },
  ];
}

function Group({ card, receivable, groups }: CardProps): JSX.Element {
  return (
    <>
      <header class="inspector-head">
        <h2>
          {t("stage.many", { n: card.notes.length })} · {holdersOf(card)} · {placeOf(card)}
        </h2>
        <GroupActs card={card} groups={groups} />
      </header>
      <PartsBar of={partsOf(card)} currency={receivable.currency} />
      <DataTable
        caption={t("list.of", { title: t("list.notes") })}
        columns={noteColumns(() => receivable.currency)}
        rows={card.notes}
        rowKey={(note) => note.id}
      />
    </>
  );
}

function Debt({ receivable }: { receivable: Receivable }): JSX.Element {
  return (
    <>
      <header class="inspector-head">
        <h2>
          {rich("receivable.title", { id: receivable.id })} · {partyName(receivable.debtor)}
        </h2>
        <a class="button quiet" href={href("receivable", receivable.id)}>
          {t("stage.openReceivable", { id: receivable.id })}
        </a>
      </header>
      <ReceivableParts receivable={receivable} />
      <Facts facts={receivableFacts(receivable)} />
    </>
  );
}

export function ReceivableParts({ receivable }: { receivable: Receivable }): JSX.Element | null {
  return <PartsBar of={partsOfDebt(receivable)} currency={receivable.currency} />;
}

export function receivableFacts(receivable: Receivable): (Fact | null)[] {
  const { currency } = receivable;
  const date = (label: string, value: string | null): Fact | null =>
    value === null ? null : { label, value: <time dateTime={value}>{value}</time> };
  return [
    { label: t("fact.debtor"), value: <PartyLink party={receivable.debtor} /> },
    { label: t("fact.creditor"), value: <PartyLink party={receivable.creditor} /> },
    { label: t("fact.status"), value: <StatusMark status={receivable.status} /> },
    { label: t("fact.face"), value: <Money minor={receivable.face_value} currency={currency} /> },
    date(t("fact.delivery"), receivable.delivery_date),
    date(t("fact.confirmed"), receivable.confirmed_date),
    date(t("fact.due"), receivable.due_date),
    { label: t("fact.tierLimit"), value: receivable.tier_limit },
    { label: t("fact.grace"), value: t("fact.graceDays", { n: receivable.grace_days }) },
    { label: t("fact.overdueRate"), value: formatRate(receivable.overdue_rate_bps) },
    { label: t("fact.fingerprints"), value: <Invoices receivable={receivable} /> },
    { label: t("fact.evidence"), value: <Hash value={receivable.evidence_hash} what={t("fact.evidence")} /> },
    { label: t("fact.tx"), value: <Hash value={receivable.source.tx_hash} what={t("fact.tx")} /> },
    { label: t("fact.block"), value: <span class="num">{receivable.source.block}</span> },
    { label: t("fact.time"), value: <When source={receivable.source} /> },
    receivable.flags.length === 0
      ? null
      : { label: t("fact.flags"), value: receivable.flags.map((flag) => t(`flag.${flag}`)).join(" · ") },
  ];
}

function Invoices({ receivable: { invoices, currency } }: { receivable: Receivable }): JSX.Element {
  if (invoices === null) return <NotShown />;
  if (invoices.length === 0) return <>{t("fact.none")}</>;
  return (
    <ul class="plain">
      {invoices.map(({ fingerprint, amount, claimed }) => (
        <li key={fingerprint}>
          <Hash value={fingerprint} what={t("fact.fingerprints")} />
          {claimed === amount ? null : (
            <>
              {" "}
              <Money minor={claimed} currency={currency} /> {t("fact.of")} <Money minor={amount} currency={currency} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
