import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Receivable } from "../api/types";
import { Icon } from "../components/icons";
import { type Division, type Part, Strip } from "../components/PartsBar";
import { money, partyName, StatusMark } from "../components/values";
import { dateOf } from "../format/dates";
import { list, t } from "../i18n";
import { isSale } from "../ledger/cash";
import type { Card } from "../ledger/lineage";
import { isReturned } from "../ledger/story";
import { sum, sumOfAll } from "../format/money";

/** The column a card stands in, in words. */
export function placeOf(card: Card): string {
  if (card.sales > 1) return t("tier.resold");
  return card.sales === 1 ? t("tier.financier") : t("tier.n", { n: card.notes[0]?.tier ?? 0 });
}

export function holdersOf(card: Card): string {
  const names = [...new Map(card.notes.map((note) => [note.holder?.id, partyName(note.holder)])).values()];
  return names.length > 2 ? t("stage.others", { n: names.length }) : list(names);
}

/**
 * Where a card's face value went: what was neither paid, kept nor sold was passed on, or given back by an offer. Null where
 * the reader does not see all of it.
 */
export function partsOf(card: Card): Division | null {
  const legs = card.notes.flatMap((note) => note.cash.filter((leg) => leg.note === note.id));
  const repaid = sum(legs.filter((leg) => !isSale(leg)).map((leg) => leg.principal));
  const sold = sum(legs.filter(isSale).map((leg) => leg.principal));
  const left = sumOfAll(card.notes.map((note) => note.value));
  const returned = sumOfAll(card.notes.filter(isReturned).map((note) => note.face));
  const { face } = card;
  if (face === null || left === null || returned === null) return null;
  return {
    face,
    parts: [
      { name: "repaid", amount: repaid },
      { name: "left", amount: left },
      { name: "sold", amount: sold },
      { name: "passed", amount: face - repaid - left - sold - returned },
      { name: "returned", amount: returned },
    ],
  };
}

/** Where a whole debt is now; null where the reader does not see all of it. */
export function partsOfDebt(receivable: Receivable): Division | null {
  const names = ["repaid", "outstanding", "extinguished", "cancelled"] as const;
  const parts: Part[] = [];
  for (const name of names) {
    const amount = receivable[name];
    if (amount !== null) parts.push({ name, amount: BigInt(amount) });
  }
  if (receivable.face_value === null || parts.length < names.length) return null;
  return { face: BigInt(receivable.face_value), parts };
}

export function CardBody({ card, receivable }: { card: Card; receivable: Receivable }): JSX.Element {
  const [note] = card.notes;
  const grouped = card.notes.length > 1;
  const parts = useMemo(() => partsOf(card), [card]);
  return (
    <>
      <span class="card-top">
        {note && !grouped ? <StatusMark status={note.status} /> : t("stage.many", { n: card.notes.length })}
        <span class="card-id num">{note && !grouped ? `#${note.id}` : ""}</span>
      </span>
      <span class="card-name">{holdersOf(card)}</span>
      {card.face !== null && <span class="card-face num">{money(card.face, receivable.currency)}</span>}
      <span class="hidden">{placeOf(card)}</span>
      <Strip of={parts} />
    </>
  );
}

export function CoreBody({ receivable }: { receivable: Receivable }): JSX.Element {
  return (
    <>
      <span class="card-top">
        <span class="card-role">
          <Icon name="building" size={14} />
          {t("tier.core")}
        </span>
      </span>
      <span class="card-name">{partyName(receivable.debtor)}</span>
      {receivable.face_value !== null && (
        <span class="card-face num">{money(receivable.face_value, receivable.currency)}</span>
      )}
      <Strip of={partsOfDebt(receivable)} />
    </>
  );
}

/** The date on the line to a card, and for a sale its rate. */
export function edgeText(card: Card): { date: string; rate: number | null } {
  const [note] = card.notes;
  if (!note || card.notes.length > 1) return { date: "", rate: null };
  const sale = note.cash.find((leg) => leg.child === note.id);
  return { date: dateOf(note.source.time), rate: sale?.rate_bps ?? null };
}
