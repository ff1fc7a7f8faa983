/**
 * What this tab remembers of its acts over a reload: under which key each was sent, and what it became. Of what an act says
 * nothing is kept but a hash. The tab's storage ends with the tab, and signing out empties it.
 */
import { hashOf } from "../format/hashes";

export interface Kept {
  subject: string;
  /** SHA-256 of method, address and body: the same request again is the same act while it is unanswered. */
  digest: string;
  key: string;
  /** Empty while there is no answer. */
  operations: readonly string[];
  approval: string | null;
}

const PLACE = "cascade.acts";

/** Oldest first. */
export function all(): readonly Kept[] {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as Kept[];
  } catch {
    return []; // storage refused by the browser: then a reload forgets
  }
}

/** Of each subject the last act is kept. */
export function put(kept: Kept): void {
  store([...all().filter((one) => one.subject !== kept.subject), kept]);
}

export function remove(subject: string): void {
  store(all().filter((one) => one.subject !== subject));
}

export function clear(): void {
  store([]);
}

/** The record under which to send: that of the same request, if nobody has answered it yet, or a new one. */
export async function begin(subject: string, request: string): Promise<Kept> {
  const digest = await hashOf(new Blob([request]));
  const known = all().find((one) => one.subject === subject);
  if (known && known.digest === digest && known.operations.length === 0 && known.approval === null) return known;
  const made = { subject, digest, key: `page-${crypto.randomUUID()}`, operations: [], approval: null };
  put(made);
  return made;
}

function store(kept: readonly Kept[]): void {
  try {
    if (kept.length === 0) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, JSON.stringify(kept));
  } catch {
    return;
  }
}
