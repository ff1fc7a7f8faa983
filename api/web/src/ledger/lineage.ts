import type { Note } from "../api/types";
import { sumOfAll } from "../format/money";
import type { Tree } from "./tree";

/** Above this many notes a tree is drawn by party and tier, and above it again by tier alone. */
export const DRAWN_MAX = 300;
/** Most parts that a group opens into: the largest, and the others as one group that opens again. */
export const PARTS_MAX = 24;

export type Grouping = "note" | "party" | "tier";

/** One card of the drawing: a note, or a group of notes that stand for the same step. */
export interface Card {
  /** A note's id; of a group what it is by, its first note and how many groups came before it out of the same one. */
  key: string;
  by: Grouping;
  notes: Note[];
  parent: Card | null;
  children: Card[];
  /** The group that was opened to show this card. */
  out: string | null;
  /** 0 is the core enterprise's place; tiers follow, then financiers, one column for each resale. */
  column: number;
  /** Sales between the last tier and this card: 0 for suppliers. */
  sales: number;
  /** Null where the reader does not see that of every note. */
  face: bigint | null;
}

export interface Lineage {
  root: Card;
  cards: Card[];
  grouping: Grouping;
  notes: number;
  lastTier: number;
  columns: number;
}

/** What is drawn as one card. */
type Group = Pick<Card, "key" | "by" | "notes" | "out">;

/**
 * The cards of a tree. `focus` are the notes that are always drawn alone, and first among their siblings; `open` the keys of
 * groups that are drawn as what they consist of.
 */
export function lineageOf(tree: Tree, focus: ReadonlySet<number>, open: ReadonlySet<string>): Lineage {
  return draw(tree, focus, groupingOf(tree, focus), open);
}

function groupingOf(tree: Tree, focus: ReadonlySet<number>): Grouping {
  if (tree.notes.size <= DRAWN_MAX) return "note";
  const open: (readonly Note[])[] = [[tree.root]];
  let cards = 1;
  for (let notes = open.pop(); notes && cards <= DRAWN_MAX; notes = open.pop()) {
    const found = groups(notesBelow(tree, notes), focus, "party");
    cards += found.length;
    open.push(...found.map((group) => group.notes));
  }
  return cards > DRAWN_MAX ? "tier" : "party";
}

function notesBelow(tree: Tree, notes: readonly Note[]): Note[] {
  return notes.flatMap((note) => (tree.children.get(note.id) ?? []).map((id) => tree.notes.get(id) as Note));
}

function draw(tree: Tree, focus: ReadonlySet<number>, grouping: Grouping, open: ReadonlySet<string>): Lineage {
  const all = [...tree.notes.values()];
  const lastTier = all.reduce((last, { tier }) => Math.max(last, tier), 0);
  const cards: Card[] = [];
  const add = (group: Group, parent: Card | null): Card => {
    const { notes } = group;
    const first = notes[0] as Note;
    const sales = first.financed ? (parent?.sales ?? 0) + 1 : 0;
    const column = sales > 0 ? lastTier + sales : first.tier;
    const card: Card = { ...group, parent, children: [], column, sales, face: faceOf(notes) };
    cards.push(card);
    card.children = groups(notesBelow(tree, notes), focus, grouping)
      .flatMap((each) => opened(each, open))
      .map((each) => add(each, card));
    return card;
  };
  const root = add(alone(tree.root, null), null);
  const columns = cards.reduce((last, { column }) => Math.max(last, column), 0) + 1;
  return { root, cards, grouping, notes: all.length, lastTier, columns };
}

/** Siblings that are drawn as one card each, those in focus first. */
function groups(notes: readonly Note[], focus: ReadonlySet<number>, grouping: Grouping): Group[] {
  const first = notes.filter(({ id }) => focus.has(id)).map((note) => alone(note, null));
  const others = notes.filter(({ id }) => !focus.has(id));
  return [...first, ...together(others, grouping).map((group) => grouped(group, grouping, 0, null))];
}

function together(notes: readonly Note[], grouping: Grouping): Note[][] {
  const byStep = new Map<string, Note[]>();
  for (const note of notes) {
    const step = stepOf(note, grouping);
    const known = byStep.get(step);
    if (known) known.push(note);
    else byStep.set(step, [note]);
  }
  return [...byStep.values()];
}

function stepOf(note: Note, grouping: Grouping): string {
  if (grouping === "note") return String(note.id);
  return grouping === "party" ? `${note.origin} ${note.tier} ${note.holder?.id}` : `${note.origin} ${note.tier}`;
}

/** What a group consists of, if it is open: of a tier its parties, of a party its notes, the largest first. */
function opened(group: Group, open: ReadonlySet<string>): Group[] {
  return open.has(group.key) ? partsOfGroup(group).flatMap((part) => opened(part, open)) : [group];
}

/** What a group opens into. */
export function partsOfGroup({ key, by, notes }: Pick<Group, "key" | "by" | "notes">): Group[] {
  const parties = by === "tier" ? together(notes, "party") : [];
  const parts = parties.length > 1 ? parties : notes.map((note) => [note]);
  const inside: Grouping = parties.length > 1 ? "party" : "note";
  const faces = new Map(parts.map((part) => [part, faceOf(part) ?? 0n]));
  const face = (part: Note[]): bigint => faces.get(part) ?? 0n;
  parts.sort((a, b) => (face(a) < face(b) ? 1 : face(a) > face(b) ? -1 : 0));
  const single = parts.length > PARTS_MAX ? parts.slice(0, PARTS_MAX - 1) : parts;
  const rest = parts.slice(single.length).flat();
  const shown = single.map((part) => grouped(part, inside, 0, key));
  return rest.length === 0 ? shown : [...shown, grouped(rest, by, before(key) + 1, key)];
}

function grouped(notes: Note[], by: Grouping, place: number, out: string | null): Group {
  const [first] = notes as [Note];
  return notes.length === 1 ? alone(first, out) : { key: `${by}-${first.id}-${place}`, by, notes, out };
}

function alone(note: Note, out: string | null): Group {
  return { key: String(note.id), by: "note", notes: [note], out };
}

/** How many groups came out of the same one before this. */
function before(key: string): number {
  return Number(key.split("-")[2] ?? 0);
}

function faceOf(notes: readonly Note[]): bigint | null {
  return sumOfAll(notes.map(({ face }) => face));
}
