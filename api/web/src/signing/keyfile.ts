import { Wallet } from "ethers";
import { type TypedData, typesOf } from "./typed-data";

/** A key out of an encrypted keyfile (keystore v3), open in this page alone and gone with it. */
export interface OpenKey {
  account: string;
  sign: (typedData: TypedData) => Promise<string>;
}

/**
 * Opens a keyfile. `progress` is told how far it is, from 0 to 1: that takes seconds, so that guessing takes years. Throws
 * when the file is no keyfile or the password is not its own.
 */
export async function openKeyfile(text: string, password: string, progress: (done: number) => void): Promise<OpenKey> {
  const wallet = await Wallet.fromEncryptedJson(withWholeCounter(text), password, progress);
  return {
    account: wallet.address,
    sign: (typedData) => wallet.signTypedData(typedData.domain, typesOf(typedData), typedData.message),
  };
}

/** Python's writer leaves out the zeros that a counter begins with, in one file of 256; ethers wants all sixteen bytes. */
function withWholeCounter(text: string): string {
  return text.replace(
    /("iv"\s*:\s*")([0-9a-f]*)"/i,
    (_, before: string, iv: string) => `${before}${iv.padStart(32, "0")}"`,
  );
}
