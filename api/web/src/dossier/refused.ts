/** Why a dossier does not hold: the rule by which `scf check` refuses it too, and what it names. */
export class Refused extends Error {
  constructor(
    readonly rule: string,
    readonly evidence: Readonly<Record<string, string>> = {},
  ) {
    super(rule);
  }
}

/** Throws Refused with `rule` when `read` fails in whatever way: forged bytes can fail anywhere. */
export function orRefused<T>(rule: string, evidence: Readonly<Record<string, string>>, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(rule, evidence);
  }
}
