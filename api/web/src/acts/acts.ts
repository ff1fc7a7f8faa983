/** Doing an act: sent until it is answered, done once, and followed from there. What becomes of it outlives the view. */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { ApiError, type Method, wordless, write } from "../api/client";
import type { Operation, Operations, OutsideAct, Problem } from "../api/types";
import * as kept from "./kept";
import { forgetOperations, learn, operation } from "./live";

/** Each has its name in the catalogue: `act.KIND`, with {about} filled in. */
export type ActName =
  | "accept"
  | "refuse"
  | "withdraw"
  | "split"
  | "ask"
  | "unask"
  | "take"
  | "quote"
  | "unquote"
  | "notify"
  | "approved"
  | "confirm"
  | "repay"
  | "allow.financing"
  | "allow.repayment"
  | "allow.recourse"
  | "admit"
  | "suspend"
  | "reinstate"
  | "line"
  | "declare"
  | "demand"
  | "honour"
  | "policy"
  | "pause"
  | "resume"
  | "change"
  | "unchange"
  | "freeze"
  | "release"
  | "reassign"
  | "executeReassignment"
  | "cancelReassignment"
  | "announceRecovery"
  | "withdrawRecovery"
  | "finishRecovery"
  | "vetoRecovery"
  | "vetoSettlement"
  | "finishSettlement"
  | "acknowledge";

/** An act and what tells it from others of its name: accept, note 57. */
export interface Subject {
  name: ActName;
  about: string | number;
}

export interface Act extends Subject {
  method?: Method;
  path: string;
  /** Left out where the address says it all. */
  body?: object;
  /** What POST /operations/requests calls it: so a company signs it that keeps its key itself. */
  outside?: OutsideAct;
}

export type Progress =
  | { at: "open" }
  /** `trouble`: why it is being sent again. */
  | { at: "sending"; trouble: Problem | null }
  | { at: "refused"; problem: Problem }
  /** The company's key is not here: it signs itself. */
  | { at: "outside"; act: Act }
  /** Two people of the company sign it first. */
  | { at: "approval"; approval: string }
  | { at: "following"; operations: readonly string[] }
  /** An act that the answer ends: it is no matter of the chain. */
  | { at: "done" };

const OPEN: Progress = { at: "open" };
const NO_KEY_HERE = "/problems/no-signing-account";
const LONGEST_PAUSE_MS = 15_000;
const ANSWER_WITHIN_MS = 30_000;

const progresses = new Map<string, Signal<Progress>>();
/** Subjects of which there is something to tell, in the order in which they were done. */
const told = signal<readonly Subject[]>([]);
/** Grows when all acts are forgotten: whoever waits then, gives up. */
let era = 0;

for (const one of kept.all()) {
  if (one.approval !== null) tell(subjectOf(one.subject), { at: "approval", approval: one.approval });
  else if (one.operations.length > 0) tell(subjectOf(one.subject), { at: "following", operations: one.operations });
}

// What has ended for good is told until the page is left, and not again after a reload.
effect(() => {
  for (const subject of told.value) {
    if (isSettled(progressOf(subject).value)) kept.remove(nameOf(subject));
  }
});

/** How far the last act of a subject is. */
export function progressOf(subject: Subject): ReadonlySignal<Progress> {
  return progress(nameOf(subject));
}

export const subjects: ReadonlySignal<readonly Subject[]> = told;

/**
 * Does an act, unless it is being done. Where no answer comes it is sent again under the same key, with growing pauses and as
 * soon as the browser is online, until there is one; after a reload the same act goes on under that key too.
 */
export async function start(act: Act): Promise<void> {
  if (progressOf(act).peek().at === "sending") return;
  const mine = era;
  tell(act, { at: "sending", trouble: null });
  const record = await kept.begin(nameOf(act), `${act.method ?? "POST"} ${act.path} ${JSON.stringify(act.body)}`);
  for (let tries = 0; mine === era && progressOf(act).peek().at === "sending"; tries++) {
    try {
      const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const answer = await write<unknown>(act.method ?? "POST", act.path, act.body, record.key, limit);
      if (mine === era) answered(act, record, answer);
      return;
    } catch (error) {
      if (mine !== era) return;
      const problem = problemOf(error);
      if (problem === null) {
        tell(act, OPEN);
        throw error;
      }
      if (!isUnanswered(problem)) {
        refused(act, problem);
        return;
      }
      tell(act, { at: "sending", trouble: problem });
      await pause(tries);
    }
  }
}

/** What an act became that was sent on another way (signed outside). */
export function answered(subject: Subject, record: kept.Kept, answer: unknown): void {
  const { operations = [], approval = null } = (answer ?? {}) as Partial<Operations>;
  if (approval !== null) tell(subject, { at: "approval", approval });
  else if (operations.length > 0) {
    operations.forEach((one: Operation) => learn(one));
    tell(subject, { at: "following", operations: operations.map(({ id }) => id) });
  } else tell(subject, { at: "done" });
  if (approval === null && operations.length === 0) kept.remove(nameOf(subject));
  else kept.put({ ...record, operations: operations.map(({ id }) => id), approval });
}

/** Puts a subject back to where it can be done anew. What was sent and not answered keeps its key. */
export function reopen(subject: Subject): void {
  const { at } = progressOf(subject).peek();
  if (at !== "sending") kept.remove(nameOf(subject));
  tell(subject, OPEN);
}

/** Nothing of what was done is left: another person may come next. */
export function forgetActs(): void {
  era += 1;
  kept.clear();
  for (const state of progresses.values()) state.value = OPEN;
  told.value = [];
  forgetOperations();
}

/** Whether a subject's act has ended for good, as its operations tell. */
export function isSettled(progress: Progress): boolean {
  return progress.at === "following" && progress.operations.every((id) => operation(id).value?.final ?? false);
}

function refused(act: Act, problem: Problem): void {
  kept.remove(nameOf(act));
  if (problem.type === NO_KEY_HERE && act.outside !== undefined) tell(act, { at: "outside", act });
  else tell(act, { at: "refused", problem });
}

/** Whether it may have been done all the same, or will be when it is asked again. */
function isUnanswered({ status }: Problem): boolean {
  return status === 0 || status === 429 || status === 502 || status === 503 || status === 504;
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof DOMException && error.name === "TimeoutError") return wordless(0);
  return error instanceof ApiError ? error.problem : null;
}

async function pause(tries: number): Promise<void> {
  await new Promise<void>((resume) => {
    const timer = setTimeout(go, Math.min(1_000 * 2 ** tries, LONGEST_PAUSE_MS));
    function go(): void {
      clearTimeout(timer);
      removeEventListener("online", go);
      resume();
    }
    addEventListener("online", go);
  });
}

function tell({ name, about }: Subject, value: Progress): void {
  const key = nameOf({ name, about });
  progress(key).value = value;
  const others = told.peek().filter((one) => nameOf(one) !== key);
  told.value = value.at === "open" ? others : [...others, { name, about }];
}

function progress(key: string): Signal<Progress> {
  const known = progresses.get(key) ?? signal<Progress>(OPEN);
  progresses.set(key, known);
  return known;
}

export function nameOf({ name, about }: Subject): string {
  return `${name} ${about}`;
}

function subjectOf(text: string): Subject {
  const [name, ...about] = text.split(" ");
  return { name: name as ActName, about: about.join(" ") };
}
