import type { JSX } from "preact";
import { useResource } from "../api/resource";
import type { Deposit, Position } from "../api/types";
import { type Fact, Facts } from "../components/Facts";
import { Money } from "../components/values";
import { t } from "../i18n";
import { company } from "../state/company";

/** The money that a company has on its account, and what notes have brought it and cost it. */
export function CashIn({ position }: { position: Position }): JSX.Element {
  const deposits = useResource<Deposit[]>(`/parties/${company.value}/deposits`);
  const facts: (Fact | null)[] = [
    ...(deposits.data ?? []).map(({ currency, balance }) => ({
      label: t("cash.balance", { currency: currency.code }),
      value: <Money minor={balance} currency={currency} />,
    })),
    ...position.cash.flatMap(({ kind, currency, received, paid }) => [
      received === "0"
        ? null
        : { label: t(`cash.received.${kind}`), value: <Money minor={received} currency={currency} /> },
      paid === "0" ? null : { label: t(`cash.paid.${kind}`), value: <Money minor={paid} currency={currency} /> },
    ]),
  ];
  return (
    <section class="panel" aria-labelledby="cash">
      <h2 id="cash">{t("cash.title")}</h2>
      <Facts facts={facts} />
    </section>
  );
}
