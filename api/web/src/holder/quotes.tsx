import type { Currency, RankedQuote } from "../api/types";
import type { Column } from "../components/DataTable";
import { Money, money, partyName } from "../components/values";
import { formatInstant } from "../format/dates";
import { formatRate } from "../format/money";
import { t } from "../i18n";

/** What a sale costs in all: there are no other fees. */
export function cost({ amount, cash }: RankedQuote): bigint {
  return BigInt(amount) - BigInt(cash);
}

/** Quotes as the service ranks them, each with why it stands where it does. */
export function quoteColumns(
  items: readonly RankedQuote[],
  asked: bigint,
  currency: Currency,
  take: (quote: RankedQuote) => void,
): Column<RankedQuote>[] {
  return [
    {
      key: "place",
      label: t("sell.place"),
      cell: (quote) => (
        <>
          <span class="num">{items.indexOf(quote) + 1}.</span> {partyName(quote.financier)}
        </>
      ),
    },
    {
      key: "cash",
      label: t("sell.cash"),
      numeric: true,
      cell: (quote) => (
        <strong>
          <Money minor={quote.cash} currency={currency} />
        </strong>
      ),
    },
    {
      key: "why",
      label: t("sell.why"),
      cell: (quote) => reason(quote, items[items.indexOf(quote) - 1] ?? null, asked, currency),
    },
    {
      key: "rate",
      label: t("col.rate"),
      numeric: true,
      cell: (quote) => <span class="num">{formatRate(quote.rate_bps)}</span>,
    },
    {
      key: "cost",
      label: t("sell.cost"),
      numeric: true,
      cell: (quote) => <Money minor={cost(quote)} currency={currency} />,
    },
    { key: "recourse", label: t("sell.recourse"), cell: (quote) => t(quote.recourse ? "sell.with" : "sell.without") },
    {
      key: "until",
      label: t("sell.until"),
      cell: (quote) => <time dateTime={quote.valid_until}>{formatInstant(quote.valid_until)}</time>,
    },
    {
      key: "take",
      label: t("sell.takeHead"),
      cell: (quote) => (
        <button type="button" class="button" onClick={() => take(quote)}>
          {t("sell.take")}
          <span class="hidden"> {t("sell.takeOf", { financier: partyName(quote.financier) })}</span>
        </button>
      ),
    },
  ];
}

/** Why a quote stands where it does: by the rule of the service's order, beside the one above it. */
function reason(quote: RankedQuote, above: RankedQuote | null, asked: bigint, currency: Currency): string {
  const part = BigInt(quote.amount) < asked ? ` ${t("sell.partly", { amount: money(quote.amount, currency) })}` : "";
  if (above === null) return t("sell.best") + part;
  const less = BigInt(above.cash) - BigInt(quote.cash);
  if (less > 0n) return t("sell.less", { less: money(less, currency) }) + part;
  if (quote.recourse && !above.recourse) return t("sell.afterWithout") + part;
  return (quote.rate_bps > above.rate_bps ? t("sell.afterRate") : t("sell.afterOlder")) + part;
}
