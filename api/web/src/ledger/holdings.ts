import type { BusinessDate, CashLeg, Note, Receivable } from "../api/types";
import { dateOf, dayNumber } from "../format/dates";
import { isSale } from "./cash";

/** A note that pays at maturity: who waits, since when, and when the money came. */
export interface Holding {
  note: Note;
  amount: bigint;
  since: BusinessDate;
  /** Bought from a supplier, rather than received for goods. */
  bought: boolean;
  repayments: CashLeg[];
  repaidOn: BusinessDate | null;
}

/** The notes of a tree that, as far as the reader sees, were repaid or still are to be, in order of repayment and then of age. */
export function holdingsOf(notes: Iterable<Note>): Holding[] {
  const holdings: Holding[] = [];
  for (const note of notes) {
    const repayments = note.cash.filter((leg) => !isSale(leg) && leg.note === note.id);
    if (note.value === null) continue;
    const principal = repayments.reduce((total, leg) => total + BigInt(leg.principal), 0n);
    const amount = principal + BigInt(note.value);
    if (amount === 0n) continue;
    const last = repayments.at(-1);
    holdings.push({
      note,
      amount,
      since: dateOf(note.source.time),
      bought: note.financed === true,
      repayments,
      repaidOn: last && note.value === "0" ? dateOf(last.source.time) : null,
    });
  }
  const when = ({ repaidOn }: Holding): string => repaidOn ?? "9";
  return holdings.sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : a.note.id - b.note.id));
}

export interface Axis {
  from: BusinessDate;
  to: BusinessDate;
  /** Where a date stands, as a percentage of the axis. */
  at: (date: BusinessDate) => number;
}

/** From confirmation to the last thing that happens: the due date, today while anything is open, or the last repayment. */
export function axisOf(receivable: Receivable, holdings: readonly Holding[], today: BusinessDate | null): Axis {
  const from = receivable.confirmed_date ?? dateOf(receivable.source.time);
  const open = holdings.some((holding) => holding.repaidOn === null);
  const ends = [receivable.due_date, open ? today : null, ...holdings.map((holding) => holding.repaidOn)];
  const to = ends.reduce<BusinessDate>((last, date) => (date !== null && date > last ? date : last), from);
  const days = Math.max(1, dayNumber(to) - dayNumber(from));
  const at = (date: BusinessDate): number =>
    Math.min(100, Math.max(0, ((dayNumber(date) - dayNumber(from)) / days) * 100));
  return { from, to, at };
}
