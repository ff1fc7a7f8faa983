import { decode, encode, type NestedUint8Array } from "@ethereumjs/rlp";
import type { Bytes } from "./bytes";

export type Item = Bytes | Item[];

/** Strict; throws when it is no RLP. */
export function rlp(data: Bytes): Item {
  if (data.length === 0) throw new Error("empty");
  return decode(data) as Bytes | NestedUint8Array;
}

export function toRlp(item: Item): Bytes {
  return encode(item);
}

/** Throws when it is no list. */
export function listOf(item: Item | undefined): Item[] {
  if (!Array.isArray(item)) throw new Error("no list");
  return item;
}

/** Throws when it is a list. */
export function bytesOf(item: Item | undefined): Bytes {
  if (!(item instanceof Uint8Array)) throw new Error("no bytes");
  return item;
}
