/** The bits of NoteFlags.sol. */
export const ACCEPTED = 1n;
export const REFUSED = 2n;
export const WITHDRAWN = 4n;
export const LAPSED = 8n;
export const REPAID = 16n;
export const FINANCED = 32n;
export const RESERVED = 64n;
export const PLEDGED = 128n;
export const FROZEN = 256n;
export const TENDERED = 512n;
export const REASSIGNED = 1024n;
export const RETURNED = 2048n;

/** Those of a receivable. */
export const CANCELLED = 1n;
export const OVERDUE = 2n;
export const ROUND_OPEN = 32n;
export const ROUND_UNFINISHED = 64n;

/** As ReceivableNotes.noteStatus has it, in its order. */
export function noteStatus(flags: bigint, value: bigint, lapseDay: bigint, today: bigint): string {
  const has = (flag: bigint): boolean => (flags & flag) !== 0n;
  if (has(REFUSED)) return "refused";
  if (has(WITHDRAWN)) return "withdrawn";
  if (has(LAPSED)) return "lapsed";
  if (has(FROZEN)) return "frozen";
  if (value === 0n) return has(REPAID) ? "repaid" : "spent";
  if (has(RESERVED)) return "reserved";
  if (has(PLEDGED)) return "pledged";
  if (has(ACCEPTED)) return "held";
  return today > lapseDay ? "lapsable" : "offered";
}

export function receivableStatus(flags: bigint, outstanding: bigint): string {
  if (flags & CANCELLED) return "cancelled";
  if (outstanding === 0n) return "settled";
  return flags & OVERDUE ? "overdue" : "outstanding";
}
