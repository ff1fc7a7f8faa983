import { getAddress, hexlify, toUtf8Bytes } from "ethers";
import type { SignInNonce } from "../api/types";
import type { OpenKey } from "./keyfile";
import type { TypedData } from "./typed-data";

/** What a wallet puts into a page (EIP-1193). */
interface Provider {
  request: (call: { method: string; params?: unknown[] }) => Promise<unknown>;
}

declare global {
  var ethereum: Provider | undefined;
}

/** The account that the wallet lets this page see, checksummed. Throws what the wallet throws when its owner refuses. */
export async function walletAccount(): Promise<string> {
  const [account] = (await provider().request({ method: "eth_requestAccounts" })) as string[];
  if (account === undefined) throw new Error("no account");
  return getAddress(account);
}

/** The key of that account, which stays in the wallet; it shows the typed data (EIP-712) before it signs. */
export async function walletKey(): Promise<OpenKey> {
  const account = await walletAccount();
  const sign = async (typedData: TypedData): Promise<string> => {
    const params = [account, JSON.stringify(typedData)];
    return (await provider().request({ method: "eth_signTypedData_v4", params })) as string;
  };
  return { account, sign };
}

/** A message of Sign-In with Ethereum (EIP-4361), and the wallet's signature of it. */
export async function walletSignIn(
  account: string,
  nonce: SignInNonce,
): Promise<{ message: string; signature: string }> {
  const message = [
    `${nonce.domain} wants you to sign in with your Ethereum account:`,
    account,
    "",
    "Sign in to Cascade.",
    "",
    `URI: ${nonce.uri}`,
    "Version: 1",
    `Chain ID: ${nonce.chain_id}`,
    `Nonce: ${nonce.nonce}`,
    `Issued At: ${new Date().toISOString()}`,
    `Expiration Time: ${nonce.expires_at}`,
  ].join("\n");
  const signature = (await provider().request({
    method: "personal_sign",
    params: [hexlify(toUtf8Bytes(message)), account],
  })) as string;
  return { message, signature };
}

function provider(): Provider {
  if (!globalThis.ethereum) throw new Error("no wallet");
  return globalThis.ethereum;
}
