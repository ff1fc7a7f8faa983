import type { FlowTotal, PartyName } from "../api/types";
import { share } from "../format/money";

const BAR = 10;
const SLOT_MIN = 17;
const GAP = 26;
/** Above the nodes of the middle column stands their name. */
const NAMED_GAP = 48;
const LOOP = 90;
const RIBBONS_HEIGHT = 210;
/** Parties of a column that are drawn by themselves at first, and how many more for each asking. */
export const PARTIES = 12;

const TOP = 30;
const BOTTOM = 10;

/** Room for names beside the first and the last column. */
export function marginOf(width: number): number {
  return Math.min(225, Math.max(150, width * 0.18));
}

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

/**
 * Payers left, payees right: the debtor, then those who finance, then everybody else; width shows the amount. Of a column of
 * more than `most` parties the smallest stand together.
 */
export function layOutFlow(totals: readonly FlowTotal[], debtor: number, width: number, most: number): FlowLayout {
  const nodes = nodesOf(totals, debtor, most);
  const links = linksOf(totals, nodes);
  for (const link of links) {
    link.from.paid += link.amount;
    link.to.received += link.amount;
  }
  const drawn = [...new Set(nodes.values())];
  const largest = drawn.reduce((most, node) => max(most, max(node.paid, node.received)), 0n);
  for (const link of links) link.thickness = Math.max(2, share(link.amount, largest) * RIBBONS_HEIGHT);
  const columns = placeNodes(drawn, links, width);
  const height = Math.max(...columns.map((column) => column.bottom), placeLinks(drawn, links, columns[1])) + BOTTOM;
  return { nodes: drawn, links, height };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const byAmount = (a: bigint, b: bigint): number => (a < b ? 1 : a > b ? -1 : 0);
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
function nodesOf(totals: readonly FlowTotal[], debtor: number, most: number): Map<number, FlowNode> {
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
    members.sort((a, b) => byAmount(weight.get(a.id) ?? 0n, weight.get(b.id) ?? 0n) || a.id - b.id);
    const alone = members.length > most ? members.slice(0, most - 1) : members;
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

const NOTHING = { amount: 0n, payments: 0, thickness: 0, path: "", label: { x: 0, y: 0 } };

function linksOf(totals: readonly FlowTotal[], nodes: Map<number, FlowNode>): FlowLink[] {
  const links = new Map<string, FlowLink>();
  for (const total of totals) {
    const from = nodes.get(total.payer.id) as FlowNode;
    const to = nodes.get(total.payee.id) as FlowNode;
    const key = `${total.kind} ${from.key} ${to.key}`;
    const link = links.get(key) ?? { ...NOTHING, key, members: [], kind: total.kind, from, to };
    link.members.push(flowKey(total));
    link.amount += BigInt(total.amount);
    link.payments += total.legs;
    links.set(key, link);
  }
  return [...links.values()];
}

interface Placed {
  x: number;
  bottom: number;
}

/** Sets x, y and height of the nodes; returns where the columns stand and end. */
function placeNodes(nodes: FlowNode[], links: FlowLink[], width: number): Placed[] {
  const used = [...new Set(nodes.map((each) => each.column))].sort();
  const margin = marginOf(width);
  const span = width - 2 * margin - BAR;
  const side = (links: FlowLink[]): number => links.reduce((total, link) => total + slot(link), 0);
  return used.map((column, index) => {
    const x = margin + (used.length > 1 ? (span * index) / (used.length - 1) : 0);
    const gap = column === 1 ? NAMED_GAP : GAP;
    let y = TOP;
    for (const each of nodes.filter((candidate) => candidate.column === column)) {
      const paid = side(links.filter((link) => link.from === each));
      const received = side(links.filter((link) => link.to === each));
      each.x = x;
      each.y = y;
      each.height = Math.max(paid, received, SLOT_MIN);
      y += each.height + gap;
    }
    return { x, bottom: y - gap };
  });
}

/** Places the ends of the links; those that pass the middle column do so below it. Returns how low they come. */
function placeLinks(nodes: FlowNode[], links: FlowLink[], middle: Placed | undefined): number {
  const starts = new Map<FlowLink, number>();
  const ends = new Map<FlowLink, number>();
  const lanes = new Map<FlowLink, number>();
  for (const each of nodes) {
    const out = links.filter((link) => link.from === each).sort((a, b) => a.to.column - b.to.column || a.to.y - b.to.y);
    const into = links
      .filter((link) => link.to === each)
      .sort((a, b) => b.from.column - a.from.column || a.from.y - b.from.y);
    stack(out, each.y, starts);
    stack(into, each.y, ends);
  }
  const passing = links.filter((link) => link.to.column - link.from.column > 1).sort((a, b) => a.to.y - b.to.y);
  const bottom = middle && nodes.some((each) => each.column === 1) ? stack(passing, middle.bottom + GAP, lanes) : 0;
  for (const link of links) draw(link, starts.get(link) ?? 0, ends.get(link) ?? 0, middle?.x ?? 0, lanes.get(link));
  return bottom;
}

function stack(links: FlowLink[], top: number, middles: Map<FlowLink, number>): number {
  let y = top;
  for (const link of links) {
    middles.set(link, y + slot(link) / 2);
    y += slot(link);
  }
  return y;
}

function draw(link: FlowLink, startY: number, endY: number, laneX: number, laneY: number | undefined): void {
  const startX = link.from.x + BAR;
  const sameColumn = link.from.column >= link.to.column;
  const endX = sameColumn ? link.to.x + BAR : link.to.x;
  if (sameColumn) {
    const reach = endX + LOOP;
    link.path = `M${startX} ${startY}C${reach} ${startY} ${reach} ${endY} ${endX} ${endY}`;
  } else if (laneY === undefined) {
    link.path = `M${startX} ${startY}${curve(startX, startY, endX, endY)}`;
  } else {
    link.path = `M${startX} ${startY}${curve(startX, startY, laneX, laneY)}H${laneX + BAR}${curve(laneX + BAR, laneY, endX, endY)}`;
  }
  link.label = { x: sameColumn ? endX + 12 : endX - 8, y: endY };
}

function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  const middle = (fromX + toX) / 2;
  return `C${middle} ${fromY} ${middle} ${toY} ${toX} ${toY}`;
}
