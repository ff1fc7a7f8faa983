import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export type Bytes = Uint8Array;

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

export const keccak: (data: Bytes) => Bytes = keccak_256;
export const joined: (...parts: Bytes[]) => Bytes = concatBytes;
export const utf8: (text: string) => Bytes = utf8ToBytes;

/** 0x-hex, lower case. */
export function hex(data: Bytes): string {
  return `0x${bytesToHex(data)}`;
}

/** Throws when it is not 0x and pairs of digits. */
export function bytes(text: string): Bytes {
  return hexToBytes(text.slice(2));
}

export function number(data: Bytes): bigint {
  return data.length === 0 ? 0n : BigInt(hex(data));
}

/** 32 bytes, the highest first. */
export function word(value: bigint): Bytes {
  return hexToBytes(value.toString(16).padStart(64, "0"));
}

/** Without leading zeros; zero is empty. */
export function minimal(value: bigint): Bytes {
  const digits = value === 0n ? "" : value.toString(16);
  return hexToBytes(digits.length % 2 ? `0${digits}` : digits);
}

/** The EIP-55 form of a 0x-hex address of any case. */
export function checksum(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const digest = bytesToHex(keccak(utf8(digits)));
  const spelled = [...digits].map((digit, i) =>
    Number.parseInt(digest[i] ?? "0", 16) >= 8 ? digit.toUpperCase() : digit,
  );
  return `0x${spelled.join("")}`;
}

/** The address whose key signed a digest. Throws when s is high, as the contracts do, or when there is none. */
export function recovered(digest: Bytes, r: bigint, s: bigint, parity: number): string {
  if (s > HALF_ORDER) throw new Error("high s");
  const key = new secp256k1.Signature(r, s, parity).recoverPublicKey(digest).toBytes(false);
  return checksum(hex(keccak(key.slice(1)).slice(-20)));
}

/** The same of 65 bytes r, s, v (27 or 28). */
export function signerOf(digest: Bytes, signature: Bytes): string {
  const v = signature[64];
  if (signature.length !== 65 || (v !== 27 && v !== 28)) throw new Error("not r, s, v");
  return recovered(digest, number(signature.slice(0, 32)), number(signature.slice(32, 64)), v - 27);
}
