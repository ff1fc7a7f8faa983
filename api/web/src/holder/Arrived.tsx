import type { JSX } from "preact";
import type { CashLeg, Currency } from "../api/types";
import { Icon } from "../components/icons";
import { Hash, Money, partyName, When } from "../components/values";
import { legName, rich, t } from "../i18n";

/** Money that has come in for a note: only what the chain says was paid. */
export function Arrived({ legs, currency }: { legs: readonly CashLeg[]; currency: Currency }): JSX.Element | null {
  if (legs.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="arrived">
      <h2 id="arrived">{t("arrived.title")}</h2>
      <ul class="plain arrived">
        {legs.map((leg) => (
          <li key={`${leg.source.block} ${leg.source.log_index}`}>
            <Icon name="check" size={14} />{" "}
            {rich("arrived.leg", {
              amount: (
                <strong>
                  <Money minor={leg.amount} currency={currency} />
                </strong>
              ),
              payer: partyName(leg.payer),
              kind: legName(leg.kind),
              time: <When source={leg.source} />,
            })}
            <details>
              <summary>{t("act.details")}</summary>
              <p>
                {leg.bank !== null && leg.payment_reference !== null ? (
                  <>
                    {partyName(leg.bank)} <Hash value={leg.payment_reference} what={t("arrived.reference")} />
                  </>
                ) : (
                  <>
                    {t("arrived.account")} <Hash value={leg.payee_account} what={t("arrived.account")} />
                  </>
                )}
              </p>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
