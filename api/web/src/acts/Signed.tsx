import type { JSX } from "preact";
import { useResource, useThese } from "../api/resource";
import { status } from "../api/status";
import type { Currency, Note, Page, Party, Receivable } from "../api/types";
import { Reading } from "../components/states";
import { Money, partyName } from "../components/values";
import { dateOfDay } from "../format/dates";
import { rich, t } from "../i18n";
import type { Effect } from "../signing/reading";

/** What is signed does, in sentences that were read out of it; of the ledger come names, and what notes come to. */
export function Signed({ effects }: { effects: readonly Effect[] }): JSX.Element {
  const notes = useThese<Note>(
    "/notes",
    effects.flatMap((one) => ("note" in one ? [one.note] : [])),
  ).data?.items;
  const debts = useThese<Receivable>(
    "/receivables",
    (notes ?? []).map(({ receivable }) => receivable),
  ).data?.items;
  const parties = useResource<Page<Party>>("/parties?limit=500");
  return (
    <Reading from={parties}>
      {({ items }) => (
        <ol class="sentences">
          {effects.map((effect, index) => (
            <li key={index}>{sentence(effect, effects, { notes: notes ?? [], debts: debts ?? [], parties: items })}</li>
          ))}
        </ol>
      )}
    </Reading>
  );
}

interface Known {
  notes: readonly Note[];
  debts: readonly Receivable[];
  parties: readonly Party[];
}

function sentence(effect: Effect, all: readonly Effect[], known: Known): JSX.Element | string {
  const party = (id: number): string =>
    partyName(known.parties.find((one) => one.id === id) ?? { id, name_zh: "", name_en: "" });
  if (effect.does === "confirm") {
    const currency = status.value?.currencies.find(({ id }) => id === effect.currency) ?? null;
    const amount = <Money minor={effect.amount} currency={currency} />;
    return <>{rich("signed.confirm", { to: party(effect.to), amount, due: dateOfDay(effect.dueDay) })}</>;
  }
  if ("reassignment" in effect) return t(`signed.${effect.does}`, { id: effect.reassignment });
  const note = known.notes.find(({ id }) => id === effect.note) ?? null;
  const debt = known.debts.find(({ id }) => id === note?.receivable) ?? null;
  const currency: Currency | null = debt?.currency ?? null;
  const money = (minor: bigint | string | null): JSX.Element => <Money minor={minor} currency={currency} />;
  if (effect.does === "reassign") {
    const values = { note: effect.note, to: party(effect.to), amount: money(effect.amount), order: effect.order };
    return <>{rich("signed.reassign", values)}</>;
  }
  if ("order" in effect) return t(`signed.${effect.does}`, { note: effect.note, order: effect.order });
  if (effect.does === "split" || effect.does === "finance") {
    const rest = (note?.value ?? null) === null ? null : BigInt(note?.value ?? 0) - moved(effect.note, all);
    const values = { note: effect.note, to: party(effect.to), amount: money(effect.amount), rest: money(rest) };
    if (effect.does === "split") return <>{rich("signed.split", values)}</>;
    const key = effect.recourse ? "signed.financeRecourse" : "signed.finance";
    return <>{rich(key, { ...values, price: money(effect.price) })}</>;
  }
  const values = {
    note: effect.note,
    amount: money(note?.value ?? null),
    debtor: debt ? partyName(debt.debtor) : t("party.notShown"),
    due: debt?.due_date ?? "–",
  };
  if (effect.does === "repay") return <>{rich("signed.repay", { ...values, most: money(effect.most) })}</>;
  return <>{rich(`signed.${effect.does}`, values)}</>;
}

/** What all effects together take from a note. */
function moved(note: number, effects: readonly Effect[]): bigint {
  return effects.reduce(
    (sum, one) => ("amount" in one && "note" in one && one.note === note ? sum + one.amount : sum),
    0n,
  );
}
