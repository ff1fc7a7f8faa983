import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { status } from "../api/status";
import type { Deposit, Note, Position, Receivable } from "../api/types";
import { AmountField } from "../components/AmountField";
import { type Fact, Facts } from "../components/Facts";
import { Described, describedBy } from "../components/Form";
import { Money, money, NoteLink, partyName } from "../components/values";
import { daysBetween } from "../format/dates";
import { hashOf } from "../format/hashes";
import { priceDown, rateOfPrice, rateOfYield, yieldOfRate } from "../format/interest";
import { parseMinor, typedMinor } from "../format/money";
import { rich, t } from "../i18n";
import { company } from "../state/company";

interface Props {
  note: Note;
  receivable: Receivable;
  position: Position | null;
  deposits: readonly Deposit[] | null;
  close: () => void;
  /** A quote was made. */
  made: () => void;
}

const NO_HASH = `0x${"00".repeat(32)}`;
const HOUR_S = 3_600;
const VALID_HOURS = [1, 4, 24, 72, 168] as const;
/** As many places as a rate in basis points has as a percentage. */
const PLACES = 2;
const LARGEST_RATE = 100_000n;
const CLAIMS = {
  amount: ["bids[0].max_amount", "zero-amount"],
  rate: ["bids[0].rate_bps"],
  registry: ["bids[0].registry_reference", "registry-reference-missing"],
} as const;

/** One bid: rate, price and yield are three ways to say the same, each exact by the protocol's day count. */
export function QuoteForm({ note, receivable, position, deposits, close, made }: Props): JSX.Element {
  const { currency } = receivable;
  const value = BigInt(note.value ?? 0);
  const acting = useAct({ name: "quote", about: note.id }, CLAIMS);
  const [amount, setAmount] = useState<bigint | null>(value);
  const [rate, setRate] = useState<bigint | null>(null);
  const [hours, setHours] = useState<number>(24);
  const [recourse, setRecourse] = useState(false);
  const [registry, setRegistry] = useState("");
  const [reference, setReference] = useState(NO_HASH);
  useEffect(() => {
    const number = registry.trim();
    if (number === "") setReference(NO_HASH);
    else void hashOf(new Blob([number])).then(setReference);
  }, [registry]);
  const id = useId();
  const days = BigInt(Math.max(daysBetween(status.value?.today ?? "", receivable.due_date ?? ""), 0) || 0);
  const face = amount ?? 0n;
  const needsRegistry = receivable.flags.includes("registry_required");
  const tooMuch = amount !== null && amount > value;
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {rich("quote.title", { note: <NoteLink id={note.id} />, seller: partyName(note.holder) })}
      </h2>
      <Facts facts={facts({ note, receivable, position, deposits, days, face, rate })} />
      <ActForm
        acting={{ ...acting, again: () => (acting.again(), made()) }}
        label={t("quote.submit")}
        act={() => {
          if (amount === null || amount <= 0n || tooMuch || rate === null || rate > LARGEST_RATE) return null;
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
        <div class="three">
          <Figure
            label={t("quote.rate")}
            unit="%"
            shown={rate}
            read={(typed) => setRate(parseMinor(typed, PLACES))}
            decimals={PLACES}
            error={rate !== null && rate > LARGEST_RATE ? t("quote.rateTooHigh") : acting.wrong("rate")}
          />
          <Figure
            label={t("quote.price")}
            unit={currency.code}
            shown={rate === null || face <= 0n ? null : priceDown(face, rate, days)}
            read={(typed) => {
              const price = parseMinor(typed, currency.decimals);
              setRate(price === null ? null : rateOfPrice(face, price, days));
            }}
            decimals={currency.decimals}
          />
          <Figure
            label={t("quote.yield")}
            unit="%"
            shown={rate === null || face <= 0n ? null : yieldOfRate(face, rate, days)}
            read={(typed) => {
              const wanted = parseMinor(typed, PLACES);
              setRate(wanted === null ? null : rateOfYield(wanted, days));
            }}
            decimals={PLACES}
          />
        </div>
        <p class="help">{t("quote.count", { days: days.toString() })}</p>
        <p class="field">
          <label for={`${id}-registry`}>{t("quote.registry")}</label>
          <input
            id={`${id}-registry`}
            type="text"
            autocomplete="off"
            maxLength={100}
            required={needsRegistry}
            value={registry}
            {...describedBy(`${id}-registry`, "help", acting.wrong("registry"))}
            onInput={(event) => setRegistry(event.currentTarget.value)}
          />
          <Described
            id={`${id}-registry`}
            help={t(needsRegistry ? "quote.registryNeeded" : "quote.registryHelp")}
            error={acting.wrong("registry")}
          />
        </p>
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

interface Known extends Pick<Props, "note" | "receivable" | "position" | "deposits"> {
  days: bigint;
  face: bigint;
  rate: bigint | null;
}

/** Who owes, when, and what the quote would add to what is held and take of what is there. */
function facts({ note, receivable, position, deposits, days, face, rate }: Known): (Fact | null)[] {
  const { currency, debtor } = receivable;
  const held = (position?.notes ?? []).filter((one) => one.debtor.id === debtor.id && one.currency.id === currency.id);
  const exposure = held.reduce((sum, one) => sum + BigInt(one.value), 0n);
  const cash = deposits?.find((deposit) => deposit.currency.id === currency.id)?.balance;
  const shown = (minor: bigint | string | null): JSX.Element => <Money minor={minor} currency={currency} />;
  return [
    { label: t("holdings.payer"), value: partyName(debtor) },
    {
      label: t("holdings.due"),
      value: <span class="num">{`${receivable.due_date} · ${t("holdings.in", { n: Number(days) })}`}</span>,
    },
    { label: t("holdings.value"), value: shown(note.value) },
    { label: t("fact.tier"), value: t("tier.n", { n: note.tier }) },
    position && { label: t("quote.exposure"), value: shown(exposure) },
    position && { label: t("quote.exposureThen"), value: shown(exposure + face) },
    cash === undefined ? null : { label: t("cash.balance", { currency: currency.code }), value: shown(cash) },
    cash === undefined || rate === null
      ? null
      : { label: t("quote.balanceThen"), value: shown(BigInt(cash) - priceDown(face, rate, days)) },
    receivable.flags.length === 0
      ? null
      : { label: t("fact.flags"), value: receivable.flags.map((flag) => t(`flag.${flag}`)).join(" · ") },
  ];
}
