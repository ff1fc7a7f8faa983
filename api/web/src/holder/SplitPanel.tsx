import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import type { Page, Party } from "../api/types";
import { PartsBar } from "../components/PartsBar";
import { Money, money } from "../components/values";
import { rich, t } from "../i18n";
import { company } from "../state/company";
import type { HolderProps } from "./HolderActs";
import { blank, type Portion, PortionFields } from "./PortionFields";

/** Parts that may be passed on at once. */
const MOST_PORTIONS = 10;
const RULES = {
  amount: ["below-minimum", "value-exceeded", "zero-amount"],
  to: [
    "missing-role",
    "self-transfer",
    "unknown-party",
    "party-is-suspended",
    "identity-expired",
    "tier-limit-reached",
  ],
} as const;

/** Passing parts of a note on: the parts and what stays always make the whole, and rules are said before they refuse. */
export function SplitPanel({ note, receivable }: HolderProps): JSX.Element {
  const acting = useAct({ name: "split", about: note.id }, RULES);
  const [portions, setPortions] = useState<readonly Portion[]>([blank(0)]);
  const suppliers = useResource<Page<Party>>(withQuery("/parties", { role: "supplier", limit: 500 }));
  const { currency } = receivable;
  const whole = BigInt(note.value ?? 0);
  const least = BigInt(receivable.min_child_value);
  const passed = portions.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
  const rest = whole - passed;
  const last = note.tier >= receivable.tier_limit;
  const restWrong = rest > 0n && rest < least ? t("split.restTooSmall", { least: money(least, currency) }) : null;
  const change = (key: number, changes: Partial<Portion>): void =>
    setPortions(portions.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  const receivers = (suppliers.data?.items ?? []).filter(
    ({ id, status }) => id !== company.value && status === "active",
  );
  return (
    <section class="panel" aria-labelledby="split">
      <h2 id="split">{t("split.title")}</h2>
      <p class="help">
        {t("split.rules", {
          least: money(least, currency),
          tier: note.tier,
          of: receivable.tier_limit,
          due: receivable.due_date ?? "",
        })}
      </p>
      {last ? (
        <p class="notice">{t("split.lastTier", { of: receivable.tier_limit })}</p>
      ) : (
        <ActForm
          acting={acting}
          label={t("split.submit")}
          act={() => {
            const asked = portions.map(({ to, amount, hash }) => ({
              to: Number(to),
              amount: (amount ?? 0n).toString(),
              trade_hash: hash,
            }));
            if (restWrong || asked.some(({ to, trade_hash }) => !to || !trade_hash)) return null;
            const splits = [{ note: note.id, portions: asked }];
            return { path: "/notes/split", body: { party: company.value, splits }, outside: "split" };
          }}
          more={
            portions.length < MOST_PORTIONS && (
              <button
                type="button"
                class="button quiet"
                onClick={() => setPortions([...portions, blank((portions.at(-1)?.key ?? 0) + 1)])}
              >
                {t("split.add")}
              </button>
            )
          }
        >
          {portions.map((portion, index) => (
            <PortionFields
              key={portion.key}
              number={index + 1}
              of={portions.length}
              portion={portion}
              receivers={receivers}
              change={(changes) => change(portion.key, changes)}
              remove={() => setPortions(portions.filter((one) => one.key !== portion.key))}
              amount={{
                currency,
                most: whole - (passed - (portion.amount ?? 0n)),
                error: amountWrong(portion.amount) ?? (portions.length === 1 ? acting.wrong("amount") : null),
              }}
              wrongTo={portions.length === 1 ? acting.wrong("to") : null}
            />
          ))}
          <p aria-live="polite">
            {rich("split.sum", {
              passed: <Money minor={passed} currency={currency} />,
              rest: <Money minor={rest < 0n ? 0n : rest} currency={currency} />,
              whole: <Money minor={whole} currency={currency} />,
            })}
          </p>
          <PartsBar
            of={{
              face: whole,
              parts: [
                { name: "passed", amount: passed },
                { name: "left", amount: rest > 0n ? rest : 0n },
              ],
            }}
            currency={currency}
          />
          {restWrong && (
            <p class="field-error" role="alert">
              {restWrong}
            </p>
          )}
        </ActForm>
      )}
    </section>
  );

  function amountWrong(amount: bigint | null): string | null {
    if (amount === null) return null;
    if (amount > 0n && amount < least) return t("split.tooSmall", { least: money(least, currency) });
    return passed > whole ? t("split.tooMuch", { whole: money(whole, currency) }) : null;
  }
}
