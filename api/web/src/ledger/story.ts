import type { CashLeg, Note, Receivable } from "../api/types";
import { sum } from "../format/money";
import { isSale, legKey, legsOf } from "./cash";
import { below, pathTo, type Tree } from "./tree";

export const STEPS = 3;

/** How a note's cash came: what the third step tells. */
export type Outcome = "both" | "financed" | "repaid" | "waiting" | "returned" | "cancelled";

/** A note's face value, split into where it is now; the parts always sum to it. */
export interface Balance {
  face: bigint;
  repaid: bigint;
  left: bigint;
  rest: bigint;
  restIs: "extinguished" | "returned";
}

export interface Story {
  note: Note;
  receivable: Receivable;
  path: Note[];
  below: Note[];
  /** Payments for the note and everything below it, oldest first. */
  legs: CashLeg[];
  financed: bigint;
  outcome: Outcome;
  /** Null where the reader does not see every part of it. */
  balance: Balance | null;
}

const RETURNED: readonly string[] = ["refused", "withdrawn", "lapsed"];

/** An offer that was not taken up: its value is back where it came from. */
export function isReturned(note: Note): boolean {
  return note.status !== null && RETURNED.includes(note.status);
}

export function storyOf(tree: Tree, note: Note, receivable: Receivable): Story {
  const under = below(tree, note.id);
  const ids = new Set(under.map((each) => each.id));
  const legs = legsOf(under).filter((leg) => ids.has(leg.note));
  const sales = legs.filter((leg) => isSale(leg) && leg.note === note.id);
  const repayments = legs.filter((leg) => !isSale(leg));
  const returned = isReturned(note);
  return {
    note,
    receivable,
    path: pathTo(tree, note.id),
    below: under,
    legs,
    financed: sum(sales.map((leg) => leg.amount)),
    outcome: returned
      ? note.parent === null
        ? "cancelled"
        : "returned"
      : outcomeOf(sales.length > 0, repayments.length > 0),
    balance: balanceOf(note, under, repayments, returned),
  };
}

function outcomeOf(financed: boolean, repaid: boolean): Outcome {
  if (financed) return repaid ? "both" : "financed";
  return repaid ? "repaid" : "waiting";
}

function balanceOf(note: Note, under: Note[], repayments: CashLeg[], returned: boolean): Balance | null {
  const values = under.map((each) => each.value).filter((value) => value !== null);
  if (note.face === null || values.length < under.length) return null;
  const face = BigInt(note.face);
  const repaid = sum(repayments.map((leg) => leg.principal));
  const left = sum(values);
  return { face, repaid, left, rest: face - repaid - left, restIs: returned ? "returned" : "extinguished" };
}

/** What a step makes stand out. */
export interface Highlight {
  core: boolean;
  notes: ReadonlySet<number>;
  legs: ReadonlySet<string>;
}

export function highlightOf(story: Story, step: number): Highlight {
  const legs = new Set(story.legs.map(legKey));
  const root = story.path.slice(0, 1);
  const notes = step === 1 ? root : step === 2 ? story.path : story.below;
  return { core: step === 1, notes: new Set(notes.map((note) => note.id)), legs };
}
