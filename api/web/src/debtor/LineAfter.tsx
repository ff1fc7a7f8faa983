import type { JSX } from "preact";
import type { Currency, Party } from "../api/types";
import { Icon } from "../components/icons";
import { Money } from "../components/values";
import { rich, t } from "../i18n";

/** What a credit line comes to when `amount` more is confirmed; said plainly when that is too much. */
export function LineAfter({
  company,
  currency,
  amount,
}: {
  company: Party;
  currency: Currency;
  amount: bigint;
}): JSX.Element {
  const line = (company.lines ?? []).find((each) => each.currency.toLowerCase() === currency.token.toLowerCase());
  const [limit, used] = [BigInt(line?.limit ?? 0), BigInt(line?.used ?? 0) + amount];
  return (
    <p class={used > limit ? "line-after line-over" : "line-after"}>
      {used > limit && <Icon name="warn" size={14} />}{" "}
      {rich("payables.lineAfter", {
        used: <Money minor={used} currency={currency} />,
        limit: <Money minor={limit} currency={currency} />,
        left: <Money minor={limit - used} currency={currency} />,
      })}{" "}
      {used > limit && t("payables.lineOver")}
    </p>
  );
}
