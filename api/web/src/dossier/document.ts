import { checksum } from "./bytes";
import { Refused } from "./refused";

export interface ApprovalProof {
  message: {
    id: string;
    party: string;
    kind: string;
    amounts: { currency: string; amount: string }[];
    calls: { contract: string; account: string; data: string }[];
    rows: { token: string; count: string; rowsHash: string }[];
    thresholds: { kind: string; currency: string; amount: string }[];
    deadline: string;
  };
  rows: Record<string, string[]>;
  signatures: { part: "maker" | "checker"; account: string; signature: string }[];
}

export interface Dossier {
  format: string;
  chain: number;
  note: number;
  block: number;
  contracts: Record<string, string>;
  headers: string[];
  transactions: { block: number; index: number }[];
  approvals: ApprovalProof[];
  nodes: string[];
  story: unknown;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Shape = (value: unknown, at: string) => void;

/** The file, read. Refuses what is no JSON in its one spelling, and names a field that is missing, too much or of another shape. */
export function readDossier(file: Uint8Array): Dossier {
  const content = canonicalContent(file);
  DOSSIER(content, "");
  return content as unknown as Dossier;
}

function canonicalContent(file: Uint8Array): Json {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
    const content = JSON.parse(text) as Json;
    if (canonical(content) === text) return content;
  } catch (error) {
    throw new Refused("DossierUnreadable", { message: error instanceof Error ? error.message : "" });
  }
  throw new Refused("DossierUnreadable", { message: "not in the canonical spelling" });
}

/** JSON with sorted keys and no space. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(",")}}`;
}

// -- shapes

function malformed(field: string, message: string): never {
  throw new Refused("DossierMalformed", { field, message });
}

function text(pattern: RegExp | null, most = Infinity): Shape {
  return (value, at) => {
    if (typeof value !== "string") malformed(at, "not a string");
    if ((pattern && !pattern.test(value)) || value.length > most) malformed(at, "not spelled as it must be");
  };
}

const ANY = text(null);
const HEX = text(/^0x(?:[0-9a-f]{2})+$/);
const DIGITS = text(/^(?:0|[1-9][0-9]*)$/, 78);
const SPELLED = text(/^0x[0-9a-fA-F]{40}$/);

const ADDRESS: Shape = (value, at) => {
  SPELLED(value, at);
  if (checksum(value as string) !== value) malformed(at, "not spelled as EIP-55 asks");
};

const NUMBER: Shape = (value, at) => {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= 2 ** 48) malformed(at, "not a number");
};

function oneOf(...words: string[]): Shape {
  return (value, at) => {
    if (typeof value !== "string" || !words.includes(value)) malformed(at, words.join(" | "));
  };
}

function within(at: string, name: string | number): string {
  return at ? `${at}.${name}` : `${name}`;
}

function listOf(item: Shape, exactly: number | null = null): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) malformed(at, "not a list");
    value.forEach((one, i) => item(one, within(at, i)));
    if (exactly !== null && value.length !== exactly) malformed(at, `not ${exactly}`);
  };
}

function fieldsOf(value: unknown, at: string): Record<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) malformed(at, "not an object");
  return value as Record<string, unknown>;
}

function mapOf(key: Shape, item: Shape): Shape {
  return (value, at) => {
    for (const [name, one] of Object.entries(fieldsOf(value, at))) {
      key(name, within(within(at, name), "[key]"));
      item(one, within(at, name));
    }
  };
}

function struct(shapes: Record<string, Shape>): Shape {
  return (value, at) => {
    const fields = fieldsOf(value, at);
    for (const [name, shape] of Object.entries(shapes)) {
      if (!Object.hasOwn(fields, name)) malformed(within(at, name), "missing");
      shape(fields[name], within(at, name));
    }
    for (const name of Object.keys(fields)) if (!Object.hasOwn(shapes, name)) malformed(within(at, name), "too much");
  };
}

const ACT = struct({
  id: ANY,
  party: DIGITS,
  kind: ANY,
  amounts: listOf(struct({ currency: ANY, amount: DIGITS })),
  calls: listOf(struct({ contract: ADDRESS, account: ADDRESS, data: HEX })),
  rows: listOf(
    struct({
      currency: ANY,
      token: ADDRESS,
      count: DIGITS,
      amount: DIGITS,
      firstDue: ANY,
      lastDue: ANY,
      rowsHash: HEX,
    }),
  ),
  thresholds: listOf(struct({ kind: ANY, currency: ANY, amount: DIGITS })),
  deadline: DIGITS,
});

const DOSSIER = struct({
  format: oneOf("cascade-dossier/1"),
  chain: NUMBER,
  note: NUMBER,
  block: NUMBER,
  contracts: mapOf(ANY, ADDRESS),
  headers: listOf(HEX),
  transactions: listOf(struct({ block: NUMBER, index: NUMBER })),
  approvals: listOf(
    struct({
      message: ACT,
      rows: mapOf(ADDRESS, listOf(HEX)),
      signatures: listOf(struct({ part: oneOf("maker", "checker"), account: ADDRESS, signature: HEX }), 2),
    }),
  ),
  nodes: listOf(HEX),
  story: (value, at) => void fieldsOf(value, at),
});
