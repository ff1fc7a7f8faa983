import type { FlowTotal, PartyName } from "../api/types";
import { share } from "../format/money";

const BAR = 10;
const SLOT_MIN = 17;
const NODE_GAP = 40;
const RIBBONS_HEIGHT = 210;
const COLUMN_MAX = 12;

export const MARGIN = { left: 150, right: 176, top: 30, bottom: 10 } as const;

/** A party, or, where `others` is set, all the small ones of its column. */
export interface FlowNode {
  key: string;
  party: PartyName | null;
  others: number;
  column: number;
  paid: bigint;
  received: bigint;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface FlowLink {
  key: string;
  /** The sums between two parties that it stands for, by `flowKey`. */
  members: string[];
  kind: string;
  from: FlowNode;
  to: FlowNode;
  amount: bigint;
  payments: number;
  thickness: number;
  path: string;
  label: { x: number; y: number };
}

/** What a payment and a sum between two parties have in common. */
export function flowKey(of: { kind: string; payer: PartyName; payee: PartyName }): string {
  return `${of.kind} ${of.payer.id} ${of.payee.id}`;
}

export interface FlowLayout {
  nodes: FlowNode[];
  links: FlowLink[];
  height: number;
}

/** Payers left, payees right: the debtor, then those who finance, then everybody else; width shows the amount. */
export function layOutFlow(totals: readonly FlowTotal[], debtor: number, width: number): FlowLayout {
  const nodes = nodesOf(totals, debtor);
  const links = linksOf(totals, nodes);
  for (const link of links) {
    link.from.paid += link.amount;
    link.to.received += link.amount;
  }
  const drawn = [...new Set(nodes.values())];
  const largest = drawn.reduce((most, node) => max(most, max(node.paid, node.received)), 0n);
  for (const link of links) link.thickness = Math.max(2, share(link.amount, largest) * RIBBONS_HEIGHT);
  const height = placeNodes(drawn, links, width);
  placeLinks(drawn, links);
  return { nodes: drawn, links, height };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const slot = (link: FlowLink): number => Math.max(link.thickness, SLOT_MIN) + 2;

function columnsOf(totals: readonly FlowTotal[], debtor: number): Map<number, number> {
  const columns = new Map<number, number>();
  for (const { payee } of totals) columns.set(payee.id, 2);
  for (const { kind, payer } of totals) if (kind === "finance") columns.set(payer.id, 1);
  for (const { payer } of totals) if (!columns.has(payer.id)) columns.set(payer.id, 1);
  columns.set(debtor, 0);
  return columns;
}

/** The node that each party id is drawn in; the smallest of a crowded column share one. */
function nodesOf(totals: readonly FlowTotal[], debtor: number): Map<number, FlowNode> {
  const columns = columnsOf(totals, debtor);
  const parties = new Map<number, PartyName>();
  const weight = new Map<number, bigint>();
  for (const total of totals) {
    for (const party of [total.payer, total.payee]) {
      parties.set(party.id, party);
      weight.set(party.id, (weight.get(party.id) ?? 0n) + BigInt(total.amount));
    }
  }
  const nodes = new Map<number, FlowNode>();
  for (const column of [0, 1, 2]) {
    const members = [...parties.values()].filter((party) => columns.get(party.id) === column);
    members.sort((a, b) => ((weight.get(b.id) ?? 0n) > (weight.get(a.id) ?? 0n) ? 1 : -1));
    const alone = members.length > COLUMN_MAX ? members.slice(0, COLUMN_MAX - 1) : members;
    for (const party of alone) nodes.set(party.id, node(`party ${party.id}`, party, 0, column));
    const rest = members.slice(alone.length);
    const shared = node(`others ${column}`, null, rest.length, column);
    for (const party of rest) nodes.set(party.id, shared);
  }
  return nodes;
}

function node(key: string, party: PartyName | null, others: number, column: number): FlowNode {
  return { key, party, others, column, paid: 0n, received: 0n, x: 0, y: 0, width: BAR, height: 0 };
}

function linksOf(totals: readonly FlowTotal[], nodes: Map<number, FlowNode>): FlowLink[] {
  const links = new Map<string, FlowLink>();
  for (const total of totals) {
    const from = nodes.get(total.payer.id) as FlowNode;
    const to = nodes.get(total.payee.id) as FlowNode;
    const key = `${total.kind} ${from.key} ${to.key}`;
    const known = links.get(key);
    links.set(key, {
      key,
      members: [...(known?.members ?? []), flowKey(total)],
      kind: total.kind,
      from,
      to,
      amount: (known?.amount ?? 0n) + BigInt(total.amount),
      payments: (known?.payments ?? 0) + total.legs,
      thickness: 0,
      path: "",
      label: { x: 0, y: 0 },
    });
  }
  return [...links.values()];
}

/** Sets x, y and height of the nodes; returns the height of the drawing. */
function placeNodes(nodes: FlowNode[], links: FlowLink[], width: number): number {
  const used = [...new Set(nodes.map((each) => each.column))].sort();
  const span = width - MARGIN.left - MARGIN.right - BAR;
  let bottom = 0;
  for (const [index, column] of used.entries()) {
    let y: number = MARGIN.top;
    for (const each of nodes.filter((candidate) => candidate.column === column)) {
      const side = (links: FlowLink[]): number => links.reduce((total, link) => total + slot(link), 0);
      const paid = side(links.filter((link) => link.from === each));
      const received = side(links.filter((link) => link.to === each));
      each.x = MARGIN.left + (used.length > 1 ? (span * index) / (used.length - 1) : 0);
      each.y = y;
      each.height = Math.max(paid, received, SLOT_MIN);
      y += each.height + (column === 1 ? NODE_GAP + 8 : NODE_GAP - 14);
    }
    bottom = Math.max(bottom, y - NODE_GAP + 14);
  }
  return bottom + MARGIN.bottom;
}

function placeLinks(nodes: FlowNode[], links: FlowLink[]): void {
  const starts = new Map<FlowLink, number>();
  const ends = new Map<FlowLink, number>();
  for (const each of nodes) {
    const out = links.filter((link) => link.from === each).sort((a, b) => a.to.column - b.to.column || a.to.y - b.to.y);
    const into = links.filter((link) => link.to === each).sort((a, b) => b.from.column - a.from.column || a.from.y - b.from.y);
    stack(out, each.y, starts);
    stack(into, each.y, ends);
  }
  for (const link of links) draw(link, starts.get(link) ?? 0, ends.get(link) ?? 0);
}

function stack(links: FlowLink[], top: number, middles: Map<FlowLink, number>): void {
  let y = top;
  for (const link of links) {
    middles.set(link, y + slot(link) / 2);
    y += slot(link);
  }
}

function draw(link: FlowLink, startY: number, endY: number): void {
  const startX = link.from.x + BAR;
  const sameColumn = link.from.column >= link.to.column;
  const endX = sameColumn ? link.to.x + BAR : link.to.x;
  const reach = sameColumn ? 90 : (endX - startX) / 2;
  const back = sameColumn ? endX + reach : endX - reach;
  link.path = `M${startX} ${startY}C${startX + reach} ${startY} ${back} ${endY} ${endX} ${endY}`;
  link.label = { x: sameColumn ? endX + 12 : endX - 8, y: endY };
}
