/** Whether the person said no in the wallet (EIP-1193). */
export function isRefusal(error: unknown): boolean {
  return hasCode(error, 4001);
}

/** As ethers says that a file is no keyfile, or that its password is another. */
export function isWrongKeyfile(error: unknown): boolean {
  return hasCode(error, "INVALID_ARGUMENT");
}

function hasCode(error: unknown, code: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
