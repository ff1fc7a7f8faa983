import type { Value, Values } from "./abi";
import { type Bytes, bytes, joined, keccak, utf8, word } from "./bytes";

export type Types = Readonly<Record<string, readonly (readonly [name: string, type: string])[]>>;

const DOMAIN: Types = {
  EIP712Domain: [
    ["name", "string"],
    ["version", "string"],
    ["chainId", "uint256"],
    ["verifyingContract", "address"],
  ],
};

/** What is signed: a message of the type `primary`, for a contract on a chain. */
export interface Signable {
  name: string;
  primary: string;
  types: Types;
}

/** The 32 bytes that a signer signs. Throws when values and types do not fit. */
export function digestFor({ name, primary, types }: Signable, chain: bigint, contract: string, message: Values): Bytes {
  const domain = { name, version: "1", chainId: chain, verifyingContract: contract };
  const separator = structHash(DOMAIN, "EIP712Domain", domain);
  return keccak(joined(Uint8Array.of(0x19, 0x01), separator, structHash(types, primary, message)));
}

/** hashStruct of a value of the type `name`. */
export function structHash(types: Types, name: string, value: Values): Bytes {
  const fields = (types[name] ?? []).map(([field, type]) => encoded(types, type, value[field]));
  return keccak(joined(keccak(utf8(spelled(types, name))), ...fields));
}

/** What an array of structs, each by its hashStruct, is hashed to. */
export function arrayHash(hashes: Bytes[]): Bytes {
  return keccak(joined(...hashes));
}

function spelled(types: Types, name: string): string {
  const found = new Set<string>();
  const collect = (type: string): void => {
    const base = type.split("[")[0] ?? "";
    if (!types[base] || found.has(base)) return;
    found.add(base);
    for (const [, inner] of types[base]) collect(inner);
  };
  collect(name);
  found.delete(name);
  const one = (type: string): string =>
    `${type}(${(types[type] ?? []).map(([field, of]) => `${of} ${field}`).join(",")})`;
  return [name, ...[...found].sort()].map(one).join("");
}

function encoded(types: Types, type: string, value: Value | undefined): Bytes {
  if (value === undefined) throw new Error("missing");
  if (type.endsWith("[]")) return arrayHash((value as Value[]).map((one) => encoded(types, type.slice(0, -2), one)));
  if (type.startsWith("uint")) return integer(BigInt(value as string | bigint), Number(type.slice(4)));
  if (type === "bool") return word(value ? 1n : 0n);
  if (type === "address") return word(BigInt(value as string));
  if (type === "string") return keccak(utf8(value as string));
  if (type === "bytes") return keccak(bytes(value as string));
  if (type === "bytes32") return fixed(bytes(value as string));
  return structHash(types, type, value as Values);
}

function integer(value: bigint, bits: number): Bytes {
  if (value < 0n || value >> BigInt(bits) !== 0n) throw new Error("out of range");
  return word(value);
}

function fixed(value: Bytes): Bytes {
  if (value.length !== 32) throw new Error("not 32 bytes");
  return value;
}
