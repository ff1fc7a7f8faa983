import type { JSX } from "preact";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { Currency, Held, Position } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Ladder, rungsOf } from "../components/Ladder";
import { RecoursePanel } from "../components/RecoursePanel";
import { Empty, Reading } from "../components/states";
import { Tile } from "../components/Tile";
import { Money, NoteLink, partyName, StatusMark } from "../components/values";
import { CashIn } from "../holder/CashIn";
import { DueIn } from "../holder/DueIn";
import { t } from "../i18n";
import { company } from "../state/company";

/** What a financier has bought: what comes in when, from whom, and what is late. */
export function PortfolioView(): JSX.Element {
  const party = company.value;
  const position = useResource<Position>(party === null ? null : `/parties/${party}/position`);
  return (
    <Reading of="view" from={position}>
      {(data) => <Portfolio position={data} />}
    </Reading>
  );
}

function Portfolio({ position }: { position: Position }): JSX.Element {
  const today = status.value?.today ?? "";
  const notes = position.notes.toSorted((a, b) => (a.due_date < b.due_date ? -1 : 1));
  const late = notes.filter((note) => note.due_date < today);
  const currencies = [...new Map(notes.map(({ currency }) => [currency.id, currency])).values()];
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t("portfolio.title")}</h1>
      </header>
      {notes.length === 0 && <Empty title={t("portfolio.none")} />}
      {currencies.map((currency) => (
        <InCurrency
          key={currency.id}
          currency={currency}
          notes={notes.filter((note) => note.currency.id === currency.id)}
          late={late.filter((note) => note.currency.id === currency.id)}
        />
      ))}
      {late.length > 0 && (
        <section class="block">
          <h2>{t("portfolio.late", { n: late.length })}</h2>
          <DataTable
            caption={t("portfolio.late", { n: late.length })}
            columns={columns()}
            rows={late}
            rowKey={rowKey}
          />
        </section>
      )}
      {notes.length > 0 && (
        <section class="block">
          <h2>{t("portfolio.notes")}</h2>
          <DataTable caption={t("portfolio.notes")} columns={columns()} rows={notes} rowKey={rowKey} />
        </section>
      )}
      <RecoursePanel as="financier" />
      <CashIn position={position} />
    </article>
  );
}

interface InCurrencyProps {
  currency: Currency;
  notes: readonly Held[];
  late: readonly Held[];
}

function InCurrency({ currency, notes, late }: InCurrencyProps): JSX.Element {
  const sumOf = (some: readonly Held[]): bigint => some.reduce((sum, { value }) => sum + BigInt(value), 0n);
  const value = ({ value }: Held): string => value;
  const byDebtor = rungsOf(
    notes,
    ({ debtor }) => String(debtor.id),
    value,
    (_, first) => partyName(first.debtor),
  ).toSorted((a, b) => (a.amount > b.amount ? -1 : 1));
  return (
    <>
      <dl class="tiles tiles-2">
        <Tile
          label={t("holdings.maturity", { n: notes.length })}
          value={<Money minor={sumOf(notes)} currency={currency} />}
        />
        <Tile
          label={t("portfolio.late", { n: late.length })}
          value={<Money minor={sumOf(late)} currency={currency} />}
        />
      </dl>
      <section class="block">
        <h2>{t("holdings.ladder", { currency: currency.code })}</h2>
        <Ladder
          title={t("holdings.ladder", { currency: currency.code })}
          of={t("ladder.month")}
          rungs={rungsOf(
            notes,
            ({ due_date }) => due_date.slice(0, 7),
            value,
            (month) => month,
          )}
          currency={currency}
        />
      </section>
      <section class="block">
        <h2>{t("portfolio.debtors", { currency: currency.code })}</h2>
        <Ladder
          title={t("portfolio.debtors", { currency: currency.code })}
          of={t("holdings.payer")}
          rungs={byDebtor}
          currency={currency}
        />
      </section>
    </>
  );
}

function rowKey({ note }: Held): number {
  return note;
}

function columns(): Column<Held>[] {
  return [
    { key: "note", label: t("col.note"), cell: ({ note }) => <NoteLink id={note} /> },
    { key: "payer", label: t("holdings.payer"), cell: ({ debtor }) => partyName(debtor) },
    { key: "due", label: t("holdings.due"), cell: ({ due_date }) => <DueIn date={due_date} /> },
    {
      key: "value",
      label: t("holdings.value"),
      numeric: true,
      cell: ({ value, currency }) => <Money minor={value} currency={currency} />,
    },
    { key: "origin", label: t("col.origin"), cell: ({ origin }) => t(`origin.${origin}`) },
    { key: "status", label: t("col.status"), cell: (note) => <StatusMark status={note.status} /> },
  ];
}
