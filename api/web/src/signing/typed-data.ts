import { TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers";

/** As eth_signTypedData_v4 takes it. */
export interface TypedData {
  domain: TypedDataDomain;
  types: Record<string, TypedDataField[]>;
  primaryType: string;
  message: Record<string, unknown>;
}

/** Its types as ethers takes them: the domain's own is not among them. */
export function typesOf({ types }: TypedData): Record<string, TypedDataField[]> {
  return Object.fromEntries(Object.entries(types).filter(([name]) => name !== "EIP712Domain"));
}

/** The EIP-712 digest, computed here: what the server says of it can be compared. */
export function digestOf(typedData: TypedData): string {
  return TypedDataEncoder.hash(typedData.domain, typesOf(typedData), typedData.message);
}
