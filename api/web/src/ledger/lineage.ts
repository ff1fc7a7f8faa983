import type { Note } from "../api/types";
import { sumOfAll } from "../format/money";
import type { Tree } from "./tree";

/** Above this many notes a tree is drawn by party and tier, and above it again by tier alone. */
export const DRAWN_MAX = 300;

export type Grouping = "none" | "party" | "tier";

/** One card of the drawing: a note, or a group of notes that stand for the same step. */
export interface Card {
  key: string;
  notes: Note[];
  parent: Card | null;
  children: Card[];
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

/** The cards of a tree. `focus` are the notes that are always drawn alone, and first among their siblings. */
export function lineageOf(tree: Tree, focus: ReadonlySet<number>): Lineage {
  const lineage = draw(tree, focus, tree.notes.size > DRAWN_MAX ? "party" : "none");
  if (lineage.cards.length > DRAWN_MAX) return draw(tree, focus, "tier");
  return lineage;
}

function draw(tree: Tree, focus: ReadonlySet<number>, grouping: Grouping): Lineage {
  const lastTier = Math.max(...[...tree.notes.values()].map((note) => note.tier));
  const cards: Card[] = [];
  const add = (notes: Note[], parent: Card | null): Card => {
    const first = notes[0] as Note;
    const sales = first.financed ? (parent?.sales ?? 0) + 1 : 0;
    const column = sales > 0 ? lastTier + sales : first.tier;
    const card: Card = {
      key: String(first.id),
      notes,
      parent,
      children: [],
      column,
      sales,
      face: sumOfAll(notes.map((n) => n.face)),
    };
    cards.push(card);
    const below = notes.flatMap((note) => (tree.children.get(note.id) ?? []).map((id) => tree.notes.get(id) as Note));
    card.children = groups(below, focus, grouping).map((group) => add(group, card));
    return card;
  };
  const root = add([tree.root], null);
  const columns = Math.max(...cards.map((card) => card.column)) + 1;
  return { root, cards, grouping, notes: tree.notes.size, lastTier, columns };
}

function groups(notes: Note[], focus: ReadonlySet<number>, grouping: Grouping): Note[][] {
  const byKey = new Map<string, Note[]>();
  for (const note of notes) {
    const key = groupKey(note, focus, grouping);
    byKey.set(key, [...(byKey.get(key) ?? []), note]);
  }
  const inFocus = (group: Note[]): number => (focus.has((group[0] as Note).id) ? 0 : 1);
  return [...byKey.values()].sort((a, b) => inFocus(a) - inFocus(b));
}

function groupKey(note: Note, focus: ReadonlySet<number>, grouping: Grouping): string {
  if (grouping === "none" || focus.has(note.id)) return `note ${note.id}`;
  return grouping === "party" ? `${note.origin} ${note.tier} ${note.holder?.id}` : `${note.origin} ${note.tier}`;
}
