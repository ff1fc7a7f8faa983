import type { JSX } from "preact";
import type { Deposit, Note, Position, Receivable } from "../api/types";
import { type Fact, Facts } from "../components/Facts";
import { Money, partyName } from "../components/values";
import { priceDown } from "../format/interest";
import { DueIn } from "../holder/DueIn";
import { t } from "../i18n";

interface Props {
  note: Note;
  receivable: Receivable;
  position: Position | null;
  deposits: readonly Deposit[] | null;
  days: bigint;
  face: bigint;
  rate: bigint | null;
}

/** Who owes, when, and what a quote would add to what is held of the debtor and take of the cash that is there. */
export function QuoteFacts({ note, receivable, position, deposits, days, face, rate }: Props): JSX.Element {
  const { currency, debtor, due_date, flags } = receivable;
  const held = (position?.notes ?? []).filter((one) => one.debtor.id === debtor.id && one.currency.id === currency.id);
  const exposure = held.reduce((sum, one) => sum + BigInt(one.value), 0n);
  const cash = deposits?.find((deposit) => deposit.currency.id === currency.id)?.balance;
  const shown = (minor: bigint | string | null): JSX.Element => <Money minor={minor} currency={currency} />;
  const facts: (Fact | null)[] = [
    { label: t("holdings.payer"), value: partyName(debtor) },
    { label: t("holdings.due"), value: <DueIn date={due_date ?? ""} /> },
    { label: t("holdings.value"), value: shown(note.value) },
    { label: t("fact.tier"), value: t("tier.n", { n: note.tier }) },
    position && { label: t("quote.exposure"), value: shown(exposure) },
    position && { label: t("quote.exposureThen"), value: shown(exposure + face) },
    cash === undefined ? null : { label: t("cash.balance", { currency: currency.code }), value: shown(cash) },
    cash === undefined || rate === null
      ? null
      : { label: t("quote.balanceThen"), value: shown(BigInt(cash) - priceDown(face, rate, days)) },
    flags.length === 0 ? null : { label: t("fact.flags"), value: flags.map((flag) => t(`flag.${flag}`)).join(" · ") },
  ];
  return <Facts facts={facts} />;
}
