/**
 * Operations, followed to their end: by server-sent events while any is under way, and by asking where the stream is cut.
 * Everything that says how far an act is reads it here.
 */
import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";
import { ApiError, get } from "../api/client";
import { pollStatus, status } from "../api/status";
import type { Operation } from "../api/types";

/**
 * queued (stored) → sent → included (in a block that what is on screen does not show yet) → confirmed (it does) → final
 * (nothing takes it back). `reversed`: its block was replaced; the service sends it again.
 */
export type Stage = "failed" | "reversed" | "queued" | "sent" | "included" | "confirmed" | "final";

/** The least first: how far several operations are together is how far the last of them is. */
const ORDER: readonly Stage[] = ["failed", "reversed", "queued", "sent", "included", "confirmed", "final"];

interface Followed {
  operation: Operation;
  reversed: boolean;
}

const CHANGES = ["queued", "submitted", "confirmed", "failed", "final", "reopened"] as const;
const ASK_EVERY_MS = 2_000;
/** A stream may die without a word: it is asked in between all the same, every so many turns. */
const ASK_BESIDE_STREAM = 8;
const INDEX_EVERY_MS = 300;

const states = new Map<string, Signal<Followed | null>>();
/** How often each was heard of: an answer to a question asked before is older than what was heard since. */
const heard = new Map<string, number>();
let stream: EventSource | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
let turns = 0;

/** One operation as last heard of; null until then. From the first asking on it is followed. */
export function operation(id: string): ReadonlySignal<Operation | null> {
  const state = follow(id);
  return computed(() => state.value?.operation ?? null);
}

/** How far operations are together; null while one of them is not known yet. */
export function stageOf(ids: readonly string[]): Stage | null {
  const stages = ids.map((id) => stage(follow(id).value));
  return stages.reduce<Stage | null>(
    (least, one) => (least === null || one === null ? null : ORDER.indexOf(one) < ORDER.indexOf(least) ? one : least),
    stages[0] ?? null,
  );
}

/** Nothing more is followed: another person may come next. */
export function forgetOperations(): void {
  states.clear();
  heard.clear();
  tend();
}

/** What the answer to an act says already. The stream may have told more of it before this answer was read, when nobody
 * followed it yet: it is asked for once. */
export function learn(operation: Operation): void {
  hear(operation);
  if (!operation.final) void ask(operation.id);
}

function hear(operation: Operation, reopened = false): void {
  const state = follow(operation.id);
  const before = state.peek();
  const ended = operation.status === "confirmed" || operation.status === "failed";
  const undone = before !== null && (before.operation.status === "confirmed" || before.operation.status === "failed");
  heard.set(operation.id, (heard.get(operation.id) ?? 0) + 1);
  state.value = { operation, reversed: !ended && (reopened || undone || (before?.reversed ?? false)) };
  if (ended) readIndexSoon();
  tend();
}

function stage(followed: Followed | null): Stage | null {
  if (followed === null) return null;
  const { operation, reversed } = followed;
  if (operation.status === "failed") return "failed";
  if (operation.status !== "confirmed") {
    if (reversed) return "reversed";
    return operation.status === "submitted" ? "sent" : "queued";
  }
  const shown = status.value?.index.block ?? -1;
  if (operation.block === null || operation.block > shown) return "included";
  return operation.final ? "final" : "confirmed";
}

function follow(id: string): Signal<Followed | null> {
  const known = states.get(id);
  if (known) return known;
  const state = signal<Followed | null>(null);
  states.set(id, state);
  queueMicrotask(() => {
    if (state.peek() === null) void ask(id);
    tend();
  });
  return state;
}

function underWay(): string[] {
  return [...states].filter(([, state]) => !(state.peek()?.operation.final ?? false)).map(([id]) => id);
}

/** Operations that are in a block of which the page has not read yet. */
function awaited(): boolean {
  return [...states.values()].some((state) => stage(state.peek()) === "included");
}

/** Listens and asks as long as there is something to hear of. */
function tend(): void {
  if (underWay().length === 0) {
    stream?.close();
    stream = null;
    clearInterval(timer);
    timer = undefined;
  } else {
    if (stream === null) listen();
    timer ??= setInterval(turn, ASK_EVERY_MS);
  }
}

function turn(): void {
  turns += 1;
  if (stream?.readyState === EventSource.CLOSED) listen();
  if (stream?.readyState !== EventSource.OPEN || turns % ASK_BESIDE_STREAM === 0) askAll();
}

function listen(): void {
  stream?.close();
  stream = new EventSource("/operations/events");
  // What happened before the stream began is asked for once it has.
  stream.addEventListener("open", askAll);
  for (const change of CHANGES) {
    stream.addEventListener(`operation.${change}`, (event: MessageEvent<string>) => {
      const { data } = JSON.parse(event.data) as { data: Operation };
      if (states.has(data.id)) hear(data, change === "reopened");
    });
  }
}

function askAll(): void {
  for (const id of underWay()) void ask(id);
}

async function ask(id: string): Promise<void> {
  const before = heard.get(id) ?? 0;
  try {
    const told = await get<Operation>(`/operations/${id}`);
    if (states.has(id) && (heard.get(id) ?? 0) === before) hear(told);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // and an answer that did not come is asked for again
  }
}

let soon: ReturnType<typeof setTimeout> | undefined;

function readIndexSoon(): void {
  soon ??= setTimeout(async () => {
    await pollStatus();
    soon = undefined;
    if (awaited()) readIndexSoon();
  }, INDEX_EVERY_MS);
}
