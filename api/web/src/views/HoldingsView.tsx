import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { OFF_CHAIN_MS, useResource } from "../api/resource";
import type { Held, Note, Page, Position, RankedQuote } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Ladder, rungsOf } from "../components/Ladder";
import { NoteTable } from "../components/NoteTable";
import { RecoursePanel } from "../components/RecoursePanel";
import { Empty, Reading } from "../components/states";
import { Tile } from "../components/Tile";
import { Money, NoteLink, partyName, StatusMark } from "../components/values";
import { CashIn } from "../holder/CashIn";
import { DueIn } from "../holder/DueIn";
import { rich, t } from "../i18n";
import { bestByNote } from "../ledger/worth";
import { href } from "../router";
import { company, mayChoose } from "../state/company";

/** What a company holds, what it is worth today and at maturity, who pays and when. */
export function HoldingsView(): JSX.Element {
  const party = company.value;
  const position = useResource<Position>(party === null ? null : `/parties/${party}/position`);
  const quotes = useResource<Page<RankedQuote>>(withQuery("/quotes", { limit: 500 }), OFF_CHAIN_MS);
  const offers = useResource<Page<Note>>(withQuery("/notes", { status: "offered", limit: 500 }));
  const passed = mayChoose.value ? [] : (offers.data?.items ?? []).filter(({ holder }) => holder?.id !== party);
  const best = bestByNote((quotes.data?.items ?? []).filter(({ seller }) => seller.id === party));
  return (
    <Reading of="view" from={position}>
      {(data) => <Holdings position={data} best={best} passed={passed} />}
    </Reading>
  );
}

type Best = ReadonlyMap<number, RankedQuote>;

interface HoldingsProps {
  position: Position;
  best: Best;
  /** What the company offered to others, and nobody has answered. */
  passed: readonly Note[];
}

function Holdings({ position, best, passed }: HoldingsProps): JSX.Element {
  const notes = position.notes.toSorted((a, b) => (a.due_date < b.due_date ? -1 : 1));
  const offered = notes.filter((note) => note.status === "offered");
  const held = notes.filter((note) => note.status !== "offered" && note.status !== "lapsable");
  const currencies = [...new Map(held.map(({ currency }) => [currency.id, currency])).values()];
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t("holdings.title")}</h1>
      </header>
      <RecoursePanel as="seller" />
      {offered.length > 0 && (
        <section class="block">
          <h2>{t("holdings.offered", { n: offered.length })}</h2>
          <DataTable
            caption={t("holdings.offered", { n: offered.length })}
            columns={[...columns(), { key: "act", label: t("holdings.act"), cell: answerLink }]}
            rows={offered}
            rowKey={(note) => note.note}
          />
        </section>
      )}
      {currencies.map((currency) => (
        <Worth key={currency.id} held={held.filter((note) => note.currency.id === currency.id)} best={best} />
      ))}
      <section class="block">
        <h2>{t("holdings.held")}</h2>
        {held.length === 0 ? (
          <Empty title={t("holdings.none")} />
        ) : (
          <DataTable
            caption={t("holdings.held")}
            columns={[...columns(), todayColumn(best), { key: "status", label: t("col.status"), cell: statusCell }]}
            rows={held}
            rowKey={(note) => note.note}
          />
        )}
      </section>
      {passed.length > 0 && (
        <section class="block">
          <h2>{t("holdings.passed", { n: passed.length })}</h2>
          <NoteTable notes={passed} />
        </section>
      )}
      {currencies.map((currency) => (
        <section key={currency.id} class="block">
          <h2>{t("holdings.ladder", { currency: currency.code })}</h2>
          <Ladder
            title={t("holdings.ladder", { currency: currency.code })}
            of={t("ladder.month")}
            rungs={rungsOf(
              held.filter((note) => note.currency.id === currency.id),
              (note) => note.due_date.slice(0, 7),
              (note) => note.value,
              (month) => month,
            )}
            currency={currency}
          />
        </section>
      ))}
      <CashIn position={position} />
    </article>
  );
}

/** At maturity, and today as far as somebody has quoted. */
function Worth({ held, best }: { held: readonly Held[]; best: Best }): JSX.Element | null {
  const currency = held[0]?.currency;
  if (!currency) return null;
  const quoted = held.flatMap((note) => best.get(note.note) ?? []);
  const maturity = held.reduce((sum, { value }) => sum + BigInt(value), 0n);
  return (
    <dl class="tiles tiles-2">
      <Tile label={t("holdings.maturity", { n: held.length })} value={<Money minor={maturity} currency={currency} />} />
      <Tile
        label={t("holdings.today")}
        value={
          quoted.length === 0 ? (
            <span class="tile-words">{t("holdings.noQuotes")}</span>
          ) : (
            <>
              <Money minor={quoted.reduce((sum, { cash }) => sum + BigInt(cash), 0n)} currency={currency} />
              <span class="tile-words">{t("holdings.todayOf", { n: quoted.length, of: held.length })}</span>
            </>
          )
        }
      />
    </dl>
  );
}

function columns(): Column<Held>[] {
  return [
    { key: "note", label: t("col.note"), cell: (note) => <NoteLink id={note.note} /> },
    { key: "payer", label: t("holdings.payer"), cell: (note) => partyName(note.debtor) },
    { key: "due", label: t("holdings.due"), cell: (note) => <DueIn date={note.due_date} /> },
    {
      key: "value",
      label: t("holdings.value"),
      numeric: true,
      cell: (note) => <Money minor={note.value} currency={note.currency} />,
    },
  ];
}

function statusCell(note: Held): JSX.Element {
  return <StatusMark status={note.status} />;
}

function answerLink(note: Held): JSX.Element {
  return <a href={href("note", note.note)}>{t("holdings.answer")}</a>;
}

function todayColumn(best: Best): Column<Held> {
  return {
    key: "today",
    label: t("holdings.today"),
    numeric: true,
    cell: (note) => {
      const quote = best.get(note.note);
      if (!quote) return <span class="muted">{t("holdings.noQuote")}</span>;
      return (
        <a href={href("note", note.note)}>
          {quote.amount === note.value ? (
            <Money minor={quote.cash} currency={note.currency} />
          ) : (
            rich("holdings.partly", {
              cash: <Money minor={quote.cash} currency={note.currency} />,
              part: <Money minor={quote.amount} currency={note.currency} />,
            })
          )}
        </a>
      );
    },
  };
}
