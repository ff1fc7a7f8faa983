import { computed, signal } from "@preact/signals";
import { ApiError, get } from "./client";
import type { Currency, Status } from "./types";

const EVERY_MS = 4_000;
const SLOWEST_MS = 30_000;

/** The last answer of /status; null until the first one. */
export const status = signal<Status | null>(null);

/** Why the last /status failed; null while the server answers. */
export const statusError = signal<ApiError | null>(null);

/** When the page last saw the chain replace blocks that it had shown (ISO 8601); null: it did not, or that was read. */
export const replaced = signal<string | null>(null);

/** Changes when the index moves: what is on screen is then read again. */
export const indexedBlock = computed(() => status.value?.index.block_hash ?? null);

/** The currency of ledger-wide totals, and of credit lines by token address. */
export function currencyOf(token: string | null): Currency | null {
  const all = status.value?.currencies ?? [];
  if (token === null) return all[0] ?? null;
  return all.find((currency) => currency.token.toLowerCase() === token.toLowerCase()) ?? null;
}

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads /status now and from then on, slower while the server does not answer, not at all in a hidden tab. */
export async function pollStatus(): Promise<void> {
  clearTimeout(timer);
  if (!document.hidden) await readStatus();
  timer = setTimeout(pollStatus, Math.min(EVERY_MS * 2 ** failures, SLOWEST_MS));
}

async function readStatus(): Promise<void> {
  try {
    const next = await get<Status>("/status");
    if (status.value && next.index.reorgs > status.value.index.reorgs) replaced.value = new Date().toISOString();
    status.value = next;
    statusError.value = null;
    failures = 0;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    statusError.value = error;
    failures = Math.min(failures + 1, 4);
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void pollStatus();
});
