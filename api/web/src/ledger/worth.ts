import type { RankedQuote } from "../api/types";

/** The first quote of each note: they come in the order of the service, the best first. */
export function bestByNote(quotes: readonly RankedQuote[]): ReadonlyMap<number, RankedQuote> {
  const best = new Map<number, RankedQuote>();
  for (const quote of quotes) if (!best.has(quote.note)) best.set(quote.note, quote);
  return best;
}
