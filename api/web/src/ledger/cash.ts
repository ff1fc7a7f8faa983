import type { CashLeg, Note } from "../api/types";

/** What makes a leg one leg, wherever it is mentioned. */
export function legKey(leg: CashLeg): string {
  return `${leg.source.tx_hash}/${leg.source.log_index}`;
}

/** Every cash leg of these notes once, oldest first. A sale is told by both notes that it joins. */
export function legsOf(notes: Iterable<Note>): CashLeg[] {
  const byKey = new Map<string, CashLeg>();
  for (const note of notes) for (const leg of note.cash) byKey.set(legKey(leg), leg);
  return [...byKey.values()].sort(inOrder);
}

function inOrder(a: CashLeg, b: CashLeg): number {
  return a.source.block - b.source.block || a.source.log_index - b.source.log_index;
}

export function isSale(leg: CashLeg): boolean {
  return leg.kind === "finance";
}
