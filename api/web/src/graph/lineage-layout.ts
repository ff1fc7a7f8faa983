import type { Card, Lineage } from "../ledger/lineage";

export const CARD = { width: 158, height: 96 } as const;
const GAP = { x: 60, y: 14 } as const;
const BUS = 10;
const CORNER = 6;
export const HEAD = 34;

export interface Placed {
  card: Card;
  x: number;
  y: number;
  row: number;
}

export interface Edge {
  card: Card;
  path: string;
  label: { x: number; y: number };
}

export interface Layout {
  placed: Placed[];
  edges: Edge[];
  columns: number[];
  width: number;
  height: number;
}

const xOf = (column: number): number => column * (CARD.width + GAP.x);
const yOf = (row: number): number => HEAD + row * (CARD.height + GAP.y);

/**
 * Columns are tiers; every leaf has a row of its own, and a card stands in the row of its first child, so the line in
 * focus runs straight along the top. Edges leave by a common bus and cross no card. Takes time linear in the cards.
 */
export function layOut(lineage: Lineage): Layout {
  const rows = rowsOf(lineage.root);
  const placed = lineage.cards.map((card) => {
    const row = rows.get(card) ?? 0;
    return { card, row, x: xOf(card.column), y: yOf(row) };
  });
  const at = new Map(placed.map((each) => [each.card, each]));
  const edges = placed.map((to) => edge(to, to.card.parent ? at.get(to.card.parent) : undefined));
  const last = Math.max(...placed.map((each) => each.row));
  return {
    placed,
    edges,
    columns: Array.from({ length: lineage.columns }, (_, column) => xOf(column)),
    width: xOf(lineage.columns - 1) + CARD.width,
    height: yOf(last) + CARD.height,
  };
}

function rowsOf(root: Card): Map<Card, number> {
  const rows = new Map<Card, number>();
  let next = 0;
  const visit = (card: Card): void => {
    rows.set(card, next);
    card.children.forEach(visit);
    if (card.children.length === 0) next += 1;
  };
  visit(root);
  return rows;
}

/** From the parent, or from the core enterprise at the left of the first row, to the card. */
function edge(to: Placed, from: Placed | undefined): Edge {
  const startX = (from?.x ?? xOf(0)) + CARD.width;
  const startY = (from?.y ?? yOf(0)) + CARD.height / 2;
  const endX = to.x;
  const endY = to.y + CARD.height / 2;
  const bus = startX + BUS;
  const path =
    startY === endY
      ? `M${startX} ${startY}H${endX}`
      : `M${startX} ${startY}H${bus - CORNER}Q${bus} ${startY} ${bus} ${startY + CORNER}` +
        `V${endY - CORNER}Q${bus} ${endY} ${bus + CORNER} ${endY}H${endX}`;
  return { card: to.card, path, label: { x: endX - 6, y: endY } };
}
