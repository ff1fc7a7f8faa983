import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { withQuery } from "../api/client";
import { OFF_CHAIN_MS, useResource } from "../api/resource";
import type { Currency, Page, RankedQuote } from "../api/types";
import { AmountField } from "../components/AmountField";
import { DataTable } from "../components/DataTable";
import { Reading } from "../components/states";
import { Money, money, partyName } from "../components/values";
import { rich, t } from "../i18n";
import { company } from "../state/company";
import { useDebounced } from "../state/debounced";
import { AskPanel } from "./AskPanel";
import type { HolderProps } from "./HolderActs";
import { cost, quoteColumns } from "./quotes";

/** Cash before the due day: quotes in the order of the service, with its reason; one is taken in two taps. */
export function SellPanel({ note, receivable }: HolderProps): JSX.Element {
  const { currency } = receivable;
  const whole = BigInt(note.value ?? 0);
  const [amount, setAmount] = useState<bigint | null>(whole);
  useEffect(() => setAmount(whole), [note.value]);
  const asked = useDebounced(amount === null || amount <= 0n || amount > whole ? null : amount);
  const quotes = useResource<Page<RankedQuote>>(
    asked === null ? null : withQuery("/quotes", { note: note.id, amount: asked.toString() }),
    OFF_CHAIN_MS,
  );
  const acting = useAct({ name: "take", about: note.id });
  const [chosen, choose] = useState<RankedQuote | null>(null);
  const sure = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) sure.current?.focus({ preventScroll: true });
  }, [chosen]);
  const idle = acting.progress.at === "open" || acting.progress.at === "refused";
  return (
    <section class="panel" aria-labelledby="sell">
      <h2 id="sell">{t("sell.title")}</h2>
      {(chosen || !idle) && (
        <div class="sure" role="group" aria-label={t("sell.title")} ref={sure} tabIndex={-1}>
          {idle && chosen && <Sentence quote={chosen} currency={currency} />}
          <ActForm
            acting={acting}
            label={t("sell.submit", { cash: chosen ? money(chosen.cash, currency) : "" })}
            act={() => {
              if (!chosen) return null;
              const deal = { quote: chosen.id, amount: chosen.amount, min_price: chosen.cash };
              return { path: "/financings", body: { party: company.value, deals: [deal] }, outside: "finance" };
            }}
            more={
              <button type="button" class="button quiet" onClick={() => choose(null)}>
                {t("form.cancel")}
              </button>
            }
          />
        </div>
      )}
      {idle && !chosen && (
        <>
          <AmountField
            label={t("sell.amount")}
            currency={currency}
            value={amount}
            change={setAmount}
            most={whole}
            error={amount !== null && amount > whole ? t("split.tooMuch", { whole: money(whole, currency) }) : null}
          />
          <p role="status">{found(quotes.data?.items ?? [], currency)}</p>
          {asked !== null && (
            <Reading from={quotes}>
              {({ items }) =>
                items.length > 0 && (
                  <>
                    <DataTable
                      caption={t("sell.quotes")}
                      columns={quoteColumns(items, asked, currency, choose)}
                      rows={items}
                      rowKey={(quote) => quote.id}
                    />
                    <p class="help">{t("sell.order")}</p>
                  </>
                )
              }
            </Reading>
          )}
          <AskPanel note={note.id} />
        </>
      )}
    </section>
  );
}

/** What there is to choose from, in a sentence that is announced when it changes. */
function found([best, ...others]: readonly RankedQuote[], currency: Currency): string {
  if (!best) return t("sell.none");
  return t("sell.found", { n: others.length + 1, cash: money(best.cash, currency), who: partyName(best.financier) });
}

function Sentence({ quote, currency }: { quote: RankedQuote; currency: Currency }): JSX.Element {
  return (
    <p>
      {rich(quote.recourse ? "sell.sureRecourse" : "sell.sure", {
        face: <Money minor={quote.amount} currency={currency} />,
        cash: (
          <strong>
            <Money minor={quote.cash} currency={currency} />
          </strong>
        ),
        financier: partyName(quote.financier),
        cost: <Money minor={cost(quote)} currency={currency} />,
      })}
    </p>
  );
}
