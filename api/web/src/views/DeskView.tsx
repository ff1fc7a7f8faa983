import type { JSX } from "preact";
import { MayDraw } from "../acts/MayDraw";
import { withQuery } from "../api/client";
import { OFF_CHAIN_MS, useResource, useThese } from "../api/resource";
import type { AskedFor, Deposit, Note, Page, Position, RankedQuote, Receivable } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Empty, Reading } from "../components/states";
import { Money, NoteLink, partyName } from "../components/values";
import { MyQuotes } from "../financier/MyQuotes";
import { QuoteForm } from "../financier/QuoteForm";
import { formatInstant } from "../format/dates";
import { sum } from "../format/money";
import { DueIn } from "../holder/DueIn";
import { t } from "../i18n";
import { href, navigate, route } from "../router";
import { company, mayAct } from "../state/company";

/** A note that the company is asked to quote for, with its debt. */
interface Asked {
  request: AskedFor;
  note: Note;
  receivable: Receivable;
}

/** What a financier is asked, what it quotes, and what of that stands. */
export function DeskView(): JSX.Element {
  const party = company.value;
  const requests = useResource<Page<AskedFor>>(withQuery("/quote-requests", { limit: 500 }), OFF_CHAIN_MS);
  const quotes = useResource<Page<RankedQuote>>(withQuery("/quotes", { limit: 500 }), OFF_CHAIN_MS);
  const position = useResource<Position>(party === null ? null : `/parties/${party}/position`);
  const deposits = useResource<Deposit[]>(party === null ? null : `/parties/${party}/deposits`);
  const toMe = (requests.data?.items ?? []).filter(
    ({ seller, financier }) => seller.id !== party && (financier === null || financier.id === party),
  );
  const notes = useThese<Note>(
    "/notes",
    toMe.map(({ note }) => note),
  );
  const debts = useThese<Receivable>(
    "/receivables",
    (notes.data?.items ?? []).map(({ receivable }) => receivable),
  );
  const mine = (quotes.data?.items ?? []).filter(({ financier }) => financier.id === party);
  const asked = joined(toMe, notes.data?.items ?? [], debts.data?.items ?? []);
  const open = asked.find(({ note }) => note.id === Number(route.value.query.get("note")));
  const close = (): void => navigate(href("desk"));
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t("desk.title")}</h1>
        <p class="lead">{t("desk.lead")}</p>
      </header>
      {open && mayAct.value && (
        <QuoteForm
          key={open.note.id}
          note={open.note}
          receivable={open.receivable}
          position={position.data}
          deposits={deposits.data}
          close={close}
          made={() => {
            quotes.retry();
            close();
          }}
        />
      )}
      <section class="block">
        <h2>{t("desk.requests")}</h2>
        <p role="status">{asked.length > 0 && t("desk.count", { n: asked.length })}</p>
        <Reading from={requests}>
          {() =>
            toMe.length === 0 ? (
              <Empty title={t("desk.none")}>
                <p>{t("desk.noneMore")}</p>
              </Empty>
            ) : (
              <DataTable
                caption={t("desk.requests")}
                columns={columns(mine)}
                rows={asked}
                rowKey={({ request }) => `${request.note} ${request.financier?.id ?? 0}`}
                lit={({ note }) => note.id === open?.note.id}
              />
            )
          }
        </Reading>
      </section>
      <section class="block">
        <h2>{t("desk.mine")}</h2>
        {mayAct.value &&
          party !== null &&
          deposits.data?.map((deposit) => (
            <MayDraw
              key={deposit.currency.id}
              company={party}
              deposit={deposit}
              desk="financing"
              needed={cashOf(mine, asked, deposit.currency.id)}
            />
          ))}
        <Reading from={quotes}>{() => <MyQuotes quotes={mine} debts={asked} withdrawn={quotes.retry} />}</Reading>
      </section>
    </article>
  );
}

function joined(requests: readonly AskedFor[], notes: readonly Note[], debts: readonly Receivable[]): Asked[] {
  const noteOf = new Map(notes.map((note) => [note.id, note]));
  const debtOf = new Map(debts.map((debt) => [debt.id, debt]));
  const seen = new Set<number>();
  return requests.flatMap((request) => {
    const note = noteOf.get(request.note);
    const receivable = note && debtOf.get(note.receivable);
    if (!note || !receivable || seen.has(note.id) || note.status !== "held") return [];
    seen.add(note.id);
    return [{ request, note, receivable }];
  });
}

/** What quotes come to in one currency, if all are taken. */
function cashOf(quotes: readonly RankedQuote[], asked: readonly Asked[], currency: number): bigint {
  const currencies = new Map(asked.map(({ note, receivable }) => [note.id, receivable.currency.id]));
  return sum(quotes.filter((quote) => currencies.get(quote.note) === currency).map(({ cash }) => cash));
}

function columns(mine: readonly RankedQuote[]): Column<Asked>[] {
  return [
    { key: "note", label: t("col.note"), cell: ({ note }) => <NoteLink id={note.id} /> },
    { key: "seller", label: t("desk.seller"), cell: ({ request }) => partyName(request.seller) },
    { key: "payer", label: t("holdings.payer"), cell: ({ receivable }) => partyName(receivable.debtor) },
    {
      key: "due",
      label: t("holdings.due"),
      cell: ({ receivable: { due_date } }) => <DueIn date={due_date ?? ""} />,
    },
    {
      key: "value",
      label: t("holdings.value"),
      numeric: true,
      cell: ({ note, receivable }) => <Money minor={note.value} currency={receivable.currency} />,
    },
    {
      key: "since",
      label: t("desk.since"),
      cell: ({ request }) => <time dateTime={request.created_at}>{formatInstant(request.created_at)}</time>,
    },
    {
      key: "quote",
      label: t("desk.quoteHead"),
      cell: ({ note }) => (
        <a class="button quiet" href={href("desk", null, { note: note.id })}>
          {t(mine.some((quote) => quote.note === note.id) ? "desk.again" : "desk.quote")}
          <span class="hidden"> {t("note.title", { id: note.id })}</span>
        </a>
      ),
    },
  ];
}
