import { type Bytes, checksum, hex, joined, keccak, minimal, number, recovered } from "./bytes";
import { bytesOf, listOf, rlp, toRlp } from "./rlp";

const FIELDS = [15, 16, 17, 20, 21];
/** How many fields a header has: before London, then from London, Shanghai, Cancun and Prague on. */

export interface Header {
  hash: string;
  parent: string;
  stateRoot: Bytes;
  transactionsRoot: Bytes;
  receiptsRoot: Bytes;
  number: bigint;
  /** Unix seconds. */
  time: bigint;
}

/** Throws when it is no header. */
export function readHeader(encoded: Bytes): Header {
  const fields = listOf(rlp(encoded)).map(bytesOf);
  if (!FIELDS.includes(fields.length)) throw new Error("not the fields of a header");
  const field = (at: number): Bytes => bytesOf(fields[at]);
  return {
    hash: hex(keccak(encoded)),
    parent: hex(field(0)),
    stateRoot: field(3),
    transactionsRoot: field(4),
    receiptsRoot: field(5),
    number: number(field(8)),
    time: number(field(11)),
  };
}

/** The key of the transaction and the receipt at `index` in the tries of their block. */
export function place(index: bigint): Bytes {
  return toRlp(minimal(index));
}

export interface Log {
  address: string;
  topics: Bytes[];
  data: Bytes;
}

/** The logs of a receipt, in order; none of one that failed. Throws when it is no receipt. */
export function readLogs(receipt: Bytes): Log[] {
  const [first = 0x80] = receipt;
  const fields = listOf(rlp(first < 0x80 ? receipt.slice(1) : receipt));
  if (fields.length !== 4) throw new Error("not a receipt");
  const logs = listOf(fields[3]).map((log) => {
    const [address, topics, data, ...more] = listOf(log);
    if (more.length) throw new Error("not a log");
    return { address: checksum(hex(bytesOf(address))), topics: listOf(topics).map(bytesOf), data: bytesOf(data) };
  });
  return hex(bytesOf(fields[0])) === "0x01" ? logs : [];
}

/** A signed transaction, read. `to` is empty for a creation. */
export interface Sent {
  hash: string;
  sender: string;
  chain: bigint;
  to: string;
  data: Bytes;
}

/** Throws when it is none whose sender can be recovered. */
export function readTransaction(raw: Bytes): Sent {
  const [kind = 0] = raw;
  return kind === 1 || kind === 2 ? readTyped(raw, kind) : readLegacy(raw);
}

function readTyped(raw: Bytes, kind: number): Sent {
  const items = listOf(rlp(raw.slice(1)));
  if (items.length !== 10 + kind) throw new Error("not a signed transaction");
  const [parity, r, s] = items.slice(-3).map((item) => number(bytesOf(item)));
  const digest = keccak(joined(raw.slice(0, 1), toRlp(items.slice(0, -3))));
  const [to, , data] = items.slice(3 + kind, 6 + kind).map(bytesOf);
  return sent(raw, digest, [r, s, parity], number(bytesOf(items[0])), to, data);
}

function readLegacy(raw: Bytes): Sent {
  const fields = listOf(rlp(raw)).map(bytesOf);
  if (fields.length !== 9) throw new Error("not a signed transaction");
  const [v = 0n, r, s] = fields.slice(-3).map(number);
  if (v < 37n) throw new Error("the signature binds no chain");
  const chain = (v - 35n) / 2n;
  const nothing = new Uint8Array();
  const digest = keccak(toRlp([...fields.slice(0, 6), minimal(chain), nothing, nothing]));
  return sent(raw, digest, [r, s, (v - 35n) % 2n], chain, fields[3], fields[5]);
}

function sent(
  raw: Bytes,
  digest: Bytes,
  [r = 0n, s = 0n, parity = 0n]: (bigint | undefined)[],
  chain: bigint,
  to: Bytes = new Uint8Array(),
  data: Bytes = new Uint8Array(),
): Sent {
  const sender = recovered(digest, r, s, Number(parity));
  return { hash: hex(keccak(raw)), sender, chain, to: to.length ? checksum(hex(to)) : "", data };
}

/** What the state's trie says of an account. Throws when it is none. */
export function readAccount(encoded: Bytes): { storageRoot: Bytes; codeHash: string } {
  const [, , storageRoot, codeHash, ...more] = listOf(rlp(encoded));
  if (more.length) throw new Error("not an account");
  return { storageRoot: bytesOf(storageRoot), codeHash: hex(bytesOf(codeHash)) };
}

/** A word of storage; nothing is zero. Throws when it is none. */
export function readWord(encoded: Bytes): bigint {
  return encoded.length ? number(bytesOf(rlp(encoded))) : 0n;
}
