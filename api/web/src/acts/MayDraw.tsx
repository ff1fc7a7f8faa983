import type { JSX } from "preact";
import type { Deposit } from "../api/types";
import { Money } from "../components/values";
import { rich, t } from "../i18n";
import { ActForm } from "./ActForm";
import { useAct } from "./useAct";

interface Props {
  company: number;
  deposit: Deposit;
  desk: keyof Deposit["may_draw"];
  /** What the desk is to draw, minor units. */
  needed: bigint;
}

/** A company's leave for a desk to draw on its account, where what is to be paid is more than it may draw. */
export function MayDraw({ company, deposit, desk, needed }: Props): JSX.Element | null {
  const { currency } = deposit;
  const acting = useAct({ name: `allow.${desk}`, about: currency.code });
  const may = BigInt(deposit.may_draw[desk]);
  if (may >= needed && acting.progress.at !== "following") return null;
  return (
    <div class="notice">
      {may < needed && (
        <p>
          {rich(`allow.${desk}`, {
            may: <Money minor={may} currency={currency} />,
            needed: <Money minor={needed} currency={currency} />,
          })}
        </p>
      )}
      <ActForm
        acting={acting}
        label={t("allow.submit")}
        act={() => ({
          path: "/deposits/approvals",
          body: { party: company, desk, currency: currency.code },
          outside: "approve",
        })}
      />
    </div>
  );
}
