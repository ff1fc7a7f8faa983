import { decoded, type Entry, signatureHash, type Values } from "./abi";
import { type Bytes, bytes, signerOf } from "./bytes";
import { digestFor, type Signable } from "./eip712";
import { facts, factsOf } from "./facts";
import { Refused } from "./refused";
import type { Event } from "./story";

/** An event that says that a quote was taken: the calls that take one, and which of its arguments the quote has. */
interface Deal {
  at: string;
  calls: string[];
  /** The contract that the quote is signed for. */
  desk: string;
  signed: Signable;
  same: Readonly<Record<string, string>>;
  inner?: string;
}

function alike(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

const SALE = alike("note", "seller", "financier", "rateBps", "recourse", "registryReference");
const DEALS: Readonly<Record<string, Deal>> = {
  "FinancingDesk.NoteFinanced": {
    at: "FinancingDesk",
    calls: ["finance", "financeFunded"],
    desk: "FinancingDesk",
    signed: facts.signed.quote,
    same: { ...SALE, ...alike("payer", "nonce") },
  },
  "BankSaleDesk.SaleReserved": {
    at: "BankSaleDesk",
    calls: ["reserveSale"],
    desk: "FinancingDesk",
    signed: facts.signed.quote,
    same: { ...SALE, nonce: "quoteNonce" },
    inner: "sale",
  },
  "PledgeDesk.PledgeMade": {
    at: "PledgeDesk",
    calls: ["pledge"],
    desk: "PledgeDesk",
    signed: facts.signed.loanQuote,
    same: {
      ...alike("note", "holder", "lender", "pledgedValue", "principal", "rateBps", "cap", "payer"),
      ...alike("registryReference", "nonce"),
    },
  },
};

/** A quote and whom its signature is by: "contract" where a contract wallet's word was taken (ERC-1271). */
export interface QuoteTaken {
  desk: string;
  transaction: string;
  terms: Values;
  digest: Bytes;
  signature: string;
  signedBy: "key" | "contract";
}

/** The quote that a deal was made under, out of its transaction's calldata, wherever the call stands in it; null of an event that is no deal. */
export function quoteOf(
  chain: bigint,
  addresses: Readonly<Record<string, string>>,
  event: Event,
  data: Bytes,
): QuoteTaken | null {
  const deal = DEALS[`${event.contract}.${event.name}`];
  if (!deal) return null;
  const told = deal.inner === undefined ? event.args : (event.args[deal.inner] as Values);
  for (const { terms, signature } of signed(deal, data)) {
    if (!Object.entries(deal.same).every(([name, asTold]) => terms[name] === told[asTold])) continue;
    const digest = digestFor(deal.signed, chain, addresses[deal.desk] ?? "", terms);
    const signedBy = signerOrNone(digest, signature) === terms.signer ? "key" : "contract";
    return { desk: deal.desk, transaction: event.transaction, terms, digest, signature, signedBy };
  }
  throw new Refused("DossierQuoteMissing", { transaction: event.transaction, note: `${told.note as bigint}` });
}

interface Signed {
  terms: Values;
  signature: string;
}

function* signed({ at, calls }: Deal, data: Bytes): Generator<Signed> {
  for (const name of calls) {
    const call = factsOf(at).calls.find((one) => one.name === name);
    if (!call) throw new Error(name);
    for (const start of places(data, signatureHash(call).slice(0, 4))) yield* ofCall(call, data.slice(start + 4));
  }
}

function* places(data: Bytes, selector: Bytes): Generator<number> {
  for (let start = data.indexOf(selector[0] ?? 0); start >= 0; start = data.indexOf(selector[0] ?? 0, start + 1)) {
    if (selector.every((byte, i) => data[start + i] === byte)) yield start;
  }
}

function ofCall(call: Entry, data: Bytes): Signed[] {
  let found: Values;
  try {
    found = decoded(call.inputs, data);
  } catch {
    return []; // the selector's bytes stand there by chance
  }
  const [first, second] = call.inputs.map((one) => found[one.name]);
  if (call.name === "pledge") return [{ terms: first as Values, signature: second as string }];
  const deals = (call.name === "reserveSale" ? [first] : first) as Values[];
  return deals.map(({ quote, signature }) => ({ terms: quote as Values, signature: signature as string }));
}

function signerOrNone(digest: Bytes, signature: string): string | null {
  try {
    return signerOf(digest, bytes(signature));
  } catch {
    return null;
  }
}
