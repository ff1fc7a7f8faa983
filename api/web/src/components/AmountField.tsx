import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { Currency } from "../api/types";
import { parseMinor, share, typedMinor } from "../format/money";
import { t } from "../i18n";
import { Described, describedBy } from "./Form";
import { money } from "./values";

interface Props {
  label: string;
  help?: string;
  error?: string | null;
  currency: Currency;
  value: bigint | null;
  /** Null: what is typed is no amount. */
  change: (value: bigint | null) => void;
  /** Where there is one: the slider's end, and what "all" is. */
  most?: bigint;
}

/** Steps of the slider: a thousandth of the whole each; what is typed is exact. */
const STEPS = 1_000n;

/** An amount of money, typed to the smallest unit or set by a slider: each says what the other does. */
export function AmountField({ label, help, error, currency, value, change, most }: Props): JSX.Element {
  const id = useId();
  const { decimals } = currency;
  const [typed, setTyped] = useState(value === null ? "" : typedMinor(value, decimals));
  useEffect(() => {
    if (value !== null && parseMinor(typed, decimals) !== value) setTyped(typedMinor(value, decimals));
  }, [value]);
  const type = (text: string): void => {
    setTyped(text);
    change(parseMinor(text, decimals));
  };
  const wrong = error ?? (value === null && typed !== "" ? t("amount.wrong", { decimals }) : null);
  return (
    <div class="field amount">
      <label for={id}>{label}</label>
      <div class="amount-row">
        <input
          type="text"
          id={id}
          value={typed}
          inputMode="decimal"
          autocomplete="off"
          maxLength={30}
          required
          {...describedBy(id, help, wrong)}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <span aria-hidden="true">{currency.code}</span>
        {most !== undefined && (
          <button type="button" class="button quiet" onClick={() => change(most)}>
            {t("amount.all")}
          </button>
        )}
      </div>
      {most !== undefined && most > 0n && (
        <input
          type="range"
          aria-label={t("amount.slider", { of: label })}
          min="0"
          max={STEPS.toString()}
          value={Math.round(share(clamped(value ?? 0n, most), most) * Number(STEPS))}
          aria-valuetext={money(value ?? 0n, currency)}
          onInput={(event) => change((most * BigInt(event.currentTarget.value)) / STEPS)}
        />
      )}
      <Described id={id} help={help} error={wrong} />
    </div>
  );
}

function clamped(value: bigint, most: bigint): bigint {
  return value > most ? most : value;
}
