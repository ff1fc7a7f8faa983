import { useEffect, useState } from "preact/hooks";
import { ApiError, get } from "./client";
import { currencyOf, status } from "./status";
import type { Currency, Note, Receivable } from "./types";

/** A receivable's currency never changes: asked for once. */
const known = new Map<number, Currency>();

/** The currency of each of these notes: that of its receivable. Null until it is known. */
export function useCurrencies(notes: readonly Note[]): (note: Note) => Currency | null {
  const only = status.value?.currencies.length === 1 ? currencyOf(null) : null;
  const missing = only ? [] : [...new Set(notes.map((note) => note.receivable))].filter((id) => !known.has(id));
  const [, setKnown] = useState(0);
  const wanted = missing.join();
  useEffect(() => {
    if (wanted === "") return;
    const abort = new AbortController();
    const asked = wanted.split(",").map(async (id) => {
      const receivable = await get<Receivable>(`/receivables/${id}`, abort.signal);
      known.set(receivable.id, receivable.currency);
    });
    Promise.all(asked).then(
      () => setKnown(known.size),
      (error: unknown) => {
        if (!abort.signal.aborted && !(error instanceof ApiError)) throw error;
      },
    );
    return () => abort.abort();
  }, [wanted]);
  return (note) => only ?? known.get(note.receivable) ?? null;
}
