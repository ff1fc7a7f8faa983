import type { JSX } from "preact";
import type { CashLeg, Currency } from "../api/types";
import { Icon } from "../components/icons";
import { Hash, Money, partyName, When } from "../components/values";
import { formatRate } from "../format/money";
import { legName, rich, t } from "../i18n";
import { legKey } from "../ledger/cash";

/** Payments as sentences with the proof beside each. */
export function CashList({ legs, currency }: { legs: readonly CashLeg[]; currency: Currency }): JSX.Element | null {
  if (legs.length === 0) return null;
  return (
    <ul class="cash">
      {legs.map((leg) => (
        <li key={legKey(leg)} class={`leg leg-${leg.kind}`}>
          <span class="leg-kind">
            <LegIcon kind={leg.kind} />
            {legName(leg.kind)}
          </span>
          <span class="leg-text">
            <LegSentence leg={leg} currency={currency} />
          </span>
          <span class="leg-proof">
            <When source={leg.source} /> <Hash value={leg.source.tx_hash} what={t("fact.tx")} />
            {leg.quote && (
              <>
                {" "}
                {t("fact.quote")}{" "}
                <span class="num">
                  {leg.quote.financier.id}/{leg.quote.nonce}
                </span>
              </>
            )}
            {leg.registry_reference && (
              <>
                {" "}
                {t("fact.registry")} <Hash value={leg.registry_reference} what={t("fact.registry")} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function LegIcon({ kind }: { kind: string }): JSX.Element {
  return <Icon name={kind === "finance" ? "finance" : "repayment"} size={14} />;
}

export function LegSentence({ leg, currency }: { leg: CashLeg; currency: Currency }): JSX.Element {
  const payer = partyName(leg.payer);
  const payee = partyName(leg.payee);
  const amount = (
    <strong>
      <Money minor={leg.amount} currency={currency} />
    </strong>
  );
  if (leg.kind === "finance") {
    const rate = <span class="num">{leg.rate_bps === null ? "–" : formatRate(leg.rate_bps)}</span>;
    const principal = <Money minor={leg.principal} currency={currency} />;
    const discount = <Money minor={leg.discount} currency={currency} />;
    return <>{rich("story.legFinance", { payer, payee, amount, principal, rate, discount })}</>;
  }
  if (leg.interest !== "0") {
    const interest = <Money minor={leg.interest} currency={currency} />;
    return <>{rich("story.legRepaymentLate", { payer, payee, amount, interest })}</>;
  }
  return <>{rich("story.legRepayment", { payer, payee, amount })}</>;
}
