import type { Note } from "../api/types";

/** Notes by id with their children, as one trace gave them. */
export interface Tree {
  notes: ReadonlyMap<number, Note>;
  children: ReadonlyMap<number, readonly number[]>;
  root: Note;
  /** Some notes' parents are not shown to the reader: these hang from the root. */
  gaps: boolean;
}

export function treeOf(nodes: readonly Note[]): Tree | null {
  const notes = new Map(nodes.map((note) => [note.id, note]));
  const children = new Map<number, number[]>();
  const orphans: Note[] = [];
  for (const note of nodes) {
    const parent = note.parent === null ? null : notes.get(note.parent);
    if (!parent) {
      orphans.push(note);
      continue;
    }
    const siblings = children.get(parent.id);
    if (siblings) siblings.push(note.id);
    else children.set(parent.id, [note.id]);
  }
  const [root, ...others] = orphans;
  if (!root) return null;
  if (others.length > 0) children.set(root.id, [...(children.get(root.id) ?? []), ...others.map((note) => note.id)]);
  return { notes, children, root, gaps: others.length > 0 };
}

/** The note and everything below it. */
export function below(tree: Tree, id: number): Note[] {
  const found: Note[] = [];
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const note = tree.notes.get(next);
    if (!note) continue;
    found.push(note);
    open.push(...(tree.children.get(next) ?? []));
  }
  return found;
}

/** From the root to the note, both included. */
export function pathTo(tree: Tree, id: number): Note[] {
  const path: Note[] = [];
  for (let note = tree.notes.get(id); note; note = note.parent === null ? undefined : tree.notes.get(note.parent)) {
    path.unshift(note);
  }
  return path;
}
