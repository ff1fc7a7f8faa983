import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Currency } from "../api/types";
import { Described, describedBy } from "../components/Form";
import { priceDown, rateOfPrice, rateOfYield, yieldOfRate } from "../format/interest";
import { parseMinor, typedMinor } from "../format/money";
import { t } from "../i18n";

/** As many places as a rate in basis points has as a percentage. */
const PLACES = 2;
export const LARGEST_RATE = 100_000n;

interface Props {
  /** Basis points a year; null while what is typed is none. */
  rate: bigint | null;
  change: (rate: bigint | null) => void;
  face: bigint;
  days: bigint;
  currency: Currency;
  error: string | null;
}

/** Rate, price and yield: three ways to say the same, each exact by the protocol's day count. The rate is what is kept. */
export function RateFields({ rate, change, face, days, currency, error }: Props): JSX.Element {
  const known = rate !== null && face > 0n;
  const read = (typed: string, decimals: number, rateOf: (value: bigint) => bigint | null): void => {
    const value = parseMinor(typed, decimals);
    change(value === null ? null : rateOf(value));
  };
  return (
    <>
      <div class="three">
        <Figure
          label={t("quote.rate")}
          unit="%"
          shown={rate}
          read={(typed) => read(typed, PLACES, (value) => value)}
          decimals={PLACES}
          error={rate !== null && rate > LARGEST_RATE ? t("quote.rateTooHigh") : error}
        />
        <Figure
          label={t("quote.price")}
          unit={currency.code}
          shown={known ? priceDown(face, rate, days) : null}
          read={(typed) => read(typed, currency.decimals, (price) => rateOfPrice(face, price, days))}
          decimals={currency.decimals}
        />
        <Figure
          label={t("quote.yield")}
          unit="%"
          shown={known ? yieldOfRate(face, rate, days) : null}
          read={(typed) => read(typed, PLACES, (wanted) => rateOfYield(wanted, days))}
          decimals={PLACES}
        />
      </div>
      <p class="help">{t("quote.count", { days: days.toString() })}</p>
    </>
  );
}

interface FigureProps {
  label: string;
  unit: string;
  shown: bigint | null;
  read: (typed: string) => void;
  decimals: number;
  error?: string | null;
}

/** A figure that follows the others, but not while it is being typed. */
function Figure({ label, unit, shown, read, decimals, error = null }: FigureProps): JSX.Element {
  const id = useId();
  const [typing, setTyping] = useState<string | null>(null);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="amount-row">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          maxLength={30}
          required
          value={typing ?? (shown === null ? "" : typedMinor(shown, decimals))}
          {...describedBy(id, null, error)}
          onInput={(event) => {
            setTyping(event.currentTarget.value);
            read(event.currentTarget.value);
          }}
          onBlur={() => setTyping(null)}
        />
        <span aria-hidden="true">{unit}</span>
      </div>
      <Described id={id} help={null} error={error} />
    </div>
  );
}
