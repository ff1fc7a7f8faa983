import type { Entry } from "./abi";
import type { Signable, Types } from "./eip712";
import json from "./facts.json";

interface ContractFacts {
  events: Entry[];
  calls: Entry[];
  /** Where its variables begin in storage. */
  slots: Record<string, number>;
}

interface Facts {
  contracts: Record<string, ContractFacts>;
  desks: string[];
  signed: { approval: Signable; quote: Signable; loanQuote: Signable; confirmation: { types: Types } };
  /** By rule and language: the title, and the detail with {places} for evidence. */
  refusals: Record<string, { zh: [string, string]; en: [string, string] }>;
}

/** What must be known of the protocol; made by `python -m api.dossier.facts`. */
export const facts = json as unknown as Facts;

/** Throws when there is none: the facts and this code are of one version. */
export function factsOf(contract: string): ContractFacts {
  const found = facts.contracts[contract];
  if (!found) throw new Error(contract);
  return found;
}
