import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { status } from "../api/status";
import type { Deposit, Note, Position, Receivable } from "../api/types";
import { AmountField } from "../components/AmountField";
import { money, NoteLink, partyName } from "../components/values";
import { daysBetween } from "../format/dates";
import { rich, t } from "../i18n";
import { company } from "../state/company";
import { QuoteFacts } from "./QuoteFacts";
import { LARGEST_RATE, RateFields } from "./RateFields";
import { NO_REFERENCE, RegistryField } from "./RegistryField";

interface Props {
  note: Note;
  receivable: Receivable;
  position: Position | null;
  deposits: readonly Deposit[] | null;
  close: () => void;
  /** A quote was made. */
  made: () => void;
}

const HOUR_S = 3_600;
const VALID_HOURS = [1, 4, 24, 72, 168] as const;
const CLAIMS = {
  amount: ["bids[0].max_amount", "zero-amount"],
  rate: ["bids[0].rate_bps"],
  registry: ["bids[0].registry_reference", "registry-reference-missing"],
} as const;

/** One bid for a note that one is asked for. */
export function QuoteForm({ note, receivable, position, deposits, close, made }: Props): JSX.Element {
  const { currency } = receivable;
  const value = BigInt(note.value ?? 0);
  const acting = useAct({ name: "quote", about: note.id }, CLAIMS);
  const [amount, setAmount] = useState<bigint | null>(value);
  const [rate, setRate] = useState<bigint | null>(null);
  const [hours, setHours] = useState<number>(24);
  const [recourse, setRecourse] = useState(false);
  const [reference, setReference] = useState<string | null>(NO_REFERENCE);
  const id = useId();
  const days = BigInt(Math.max(daysBetween(status.value?.today ?? "", receivable.due_date ?? ""), 0) || 0);
  const face = amount ?? 0n;
  const tooMuch = amount !== null && amount > value;
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {rich("quote.title", { note: <NoteLink id={note.id} />, seller: partyName(note.holder) })}
      </h2>
      <QuoteFacts {...{ note, receivable, position, deposits, days, face, rate }} />
      <ActForm
        acting={{ ...acting, again: () => (acting.again(), made()) }}
        label={t("quote.submit")}
        act={() => {
          if (amount === null || amount <= 0n || tooMuch || reference === null) return null;
          if (rate === null || rate > LARGEST_RATE) return null;
          const bid = {
            note: note.id,
            rate_bps: Number(rate),
            max_amount: amount.toString(),
            registry_reference: reference,
            valid_for_s: hours * HOUR_S,
            recourse,
          };
          return { path: "/quotes", body: { party: company.value, bids: [bid] } };
        }}
        more={
          <button type="button" class="button quiet" onClick={close}>
            {t("form.cancel")}
          </button>
        }
      >
        <AmountField
          label={t("quote.amount")}
          help={t("quote.amountHelp")}
          currency={currency}
          value={amount}
          change={setAmount}
          most={value}
          error={tooMuch ? t("split.tooMuch", { whole: money(value, currency) }) : acting.wrong("amount")}
        />
        <RateFields
          rate={rate}
          change={setRate}
          face={face}
          days={days}
          currency={currency}
          error={acting.wrong("rate")}
        />
        <RegistryField
          needed={receivable.flags.includes("registry_required")}
          change={setReference}
          error={acting.wrong("registry")}
        />
        <p class="field">
          <label for={`${id}-valid`}>{t("quote.valid")}</label>
          <select id={`${id}-valid`} value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
            {VALID_HOURS.map((each) => (
              <option key={each} value={each}>
                {each < 24 ? t("quote.hours", { n: each }) : t("quote.days", { n: each / 24 })}
              </option>
            ))}
          </select>
        </p>
        <p class="check">
          <label>
            <input type="checkbox" checked={recourse} onChange={(event) => setRecourse(event.currentTarget.checked)} />{" "}
            {t("quote.recourse")}
          </label>
        </p>
        <p class="help">{t("quote.binding")}</p>
      </ActForm>
    </section>
  );
}
