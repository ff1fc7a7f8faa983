import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { withQuery } from "../api/client";
import { status } from "../api/status";
import type { Currency, RankedQuote, Receivable } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Empty } from "../components/states";
import { Money, NoteLink, partyName } from "../components/values";
import { formatInstant } from "../format/dates";
import { formatRate } from "../format/money";
import { t } from "../i18n";
import { company, mayAct } from "../state/company";

interface Props {
  quotes: readonly RankedQuote[];
  /** Of notes that one is still asked for. */
  debts: readonly { note: { id: number }; receivable: Receivable }[];
  withdrawn: () => void;
}

/** Quotes that stand: what each would cost if it were taken now, and the way to withdraw it. */
export function MyQuotes({ quotes, debts, withdrawn }: Props): JSX.Element {
  const [ending, end] = useState<RankedQuote | null>(null);
  const known = status.value?.currencies ?? [];
  const only = known.length === 1 ? (known[0] ?? null) : null;
  const currency = (quote: RankedQuote): Currency | null =>
    debts.find(({ note }) => note.id === quote.note)?.receivable.currency ?? only;
  if (quotes.length === 0 && ending === null) return <Empty title={t("desk.noQuotes")} />;
  return (
    <>
      {ending && (
        <Ending
          key={ending.id}
          quote={ending}
          close={() => {
            end(null);
            withdrawn();
          }}
        />
      )}
      {quotes.length > 0 && (
        <DataTable
          caption={t("desk.mine")}
          columns={columns(currency, end)}
          rows={quotes}
          rowKey={(quote) => quote.id}
          lit={(quote) => quote.id === ending?.id}
        />
      )}
    </>
  );
}

function Ending({ quote, close }: { quote: RankedQuote; close: () => void }): JSX.Element {
  const acting = useAct({ name: "unquote", about: quote.note });
  const path = withQuery(`/quotes/${quote.id}`, { party: company.value });
  return (
    <div class="panel" role="group" aria-label={t("desk.withdraw")}>
      <p>{t("desk.withdrawSure", { note: quote.note, rate: formatRate(quote.rate_bps) })}</p>
      <ActForm
        acting={{ ...acting, again: () => (acting.again(), close()) }}
        label={t("desk.withdraw")}
        act={() => ({ method: "DELETE", path })}
        more={
          <button type="button" class="button quiet" onClick={close}>
            {t("form.cancel")}
          </button>
        }
      />
    </div>
  );
}

function columns(
  currency: (quote: RankedQuote) => Currency | null,
  end: (quote: RankedQuote) => void,
): Column<RankedQuote>[] {
  const shown: Column<RankedQuote>[] = [
    { key: "note", label: t("col.note"), cell: (quote) => <NoteLink id={quote.note} /> },
    { key: "seller", label: t("desk.seller"), cell: (quote) => partyName(quote.seller) },
    {
      key: "amount",
      label: t("desk.upTo"),
      numeric: true,
      cell: (quote) => <Money minor={quote.amount} currency={currency(quote)} />,
    },
    {
      key: "rate",
      label: t("col.rate"),
      numeric: true,
      cell: (quote) => <span class="num">{formatRate(quote.rate_bps)}</span>,
    },
    {
      key: "cash",
      label: t("desk.cash"),
      numeric: true,
      cell: (quote) => <Money minor={quote.cash} currency={currency(quote)} />,
    },
    { key: "recourse", label: t("sell.recourse"), cell: (quote) => t(quote.recourse ? "sell.with" : "sell.without") },
    {
      key: "until",
      label: t("sell.until"),
      cell: (quote) => <time dateTime={quote.valid_until}>{formatInstant(quote.valid_until)}</time>,
    },
  ];
  const act: Column<RankedQuote> = {
    key: "end",
    label: t("desk.withdrawHead"),
    cell: (quote) => (
      <button type="button" class="button quiet" onClick={() => end(quote)}>
        {t("desk.withdraw")}
        <span class="hidden"> {t("note.title", { id: quote.note })}</span>
      </button>
    ),
  };
  return mayAct.value ? [...shown, act] : shown;
}
