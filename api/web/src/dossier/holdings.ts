import type { Values } from "./abi";
import { joined, keccak, number, word } from "./bytes";
import { facts, factsOf } from "./facts";
import { FINANCED } from "./flags";
import { Refused } from "./refused";
import type { LoanState, NoteState, QuoteKey, Replay } from "./story";

type Told = Record<string, bigint | bigint[] | null>;
type Fields = readonly (readonly [name: string, bits: number])[];

/**
 * A word of a contract's storage: what it is in Solidity and where, the fields in it from the lowest bit, and what they may
 * be by the story; null: it does not tell.
 */
export class Held {
  readonly what: string;
  readonly slot: bigint;

  constructor(
    readonly contract: string,
    variable: string,
    keys: readonly bigint[],
    private readonly fields: Fields,
    private readonly told: Told,
    offset = 0n,
  ) {
    const first = factsOf(contract).slots[variable];
    if (first === undefined) throw new Error(variable);
    this.slot = slotOf(BigInt(first), keys) + offset;
    this.what = variable + keys.map((key) => `[${key}]`).join("") + (offset ? `+${offset}` : "");
  }

  /** All fields as the word has them. Refuses by the first that is told otherwise. */
  compare(value: bigint): Record<string, bigint> {
    const found: Record<string, bigint> = {};
    let rest = value;
    for (const [name, bits] of this.fields) {
      found[name] = rest & ((1n << BigInt(bits)) - 1n);
      rest >>= BigInt(bits);
    }
    found.rest = rest;
    for (const [name, stored] of Object.entries(found)) {
      const told = this.told[name] ?? (name === "rest" ? 0n : null);
      const may = told === null || typeof told === "bigint" ? [told] : told;
      if (may[0] === null || may.includes(stored)) continue;
      const { contract, what } = this;
      throw new Refused("DossierStateDiffers", { contract, what, field: name, told: `${may[0]}`, stored: `${stored}` });
    }
    return found;
  }
}

/** Where Solidity keeps a mapping's entry. */
function slotOf(variable: bigint, keys: readonly bigint[]): bigint {
  return keys.reduce((slot, key) => number(keccak(joined(word(key), word(slot)))), variable);
}

function fields(text: string): Fields {
  return text.split(" ").map((part) => {
    const [name = "", bits] = part.split(":");
    return [name, Number(bits)];
  });
}

const NOTE = fields("value:96 parent:40 receivable:40 holder:32 tier:8 flags:16 lapse_day:16 round:8");
const OWED = fields(
  "debtor:32 outstanding:96 due_day:16 currency:16 flags:8 tier_limit:8 grace_days:8 overdue_rate_bps:16 " +
    "offer_lifetime_days:16 round:8",
);
const AGREED = fields("face_value:96 min_child_value:64 root:40 delivery_day:16 confirmed_day:16");
const QUOTE = fields("taken:96 digest:160");
const ASSIGNMENT = fields("registered_at:64 recorded_at:64 debtor_notified_at:64");
const LOAN = fields("lender:32 principal:96 cap:96 rate_bps:32");
const LOAN_INTEREST = fields("accrued:144 since:16");
const ONE = fields("value:256");
const NO_LOAN: LoanState = { lender: 0n, principal: 0n, cap: 0n, rate_bps: 0n, accrued: 0n, since: 0n };
/** What is taken of a quote that was cancelled after a sale. */
const CANCELLED_QUOTE = 2n ** 96n - 1n;

/** What the contracts' storage must say for the story to be true and whole. `digestOf`: of a quote, as a number. */
export function holdingsOf(
  replay: Replay,
  addresses: Readonly<Record<string, string>>,
  digestOf: (quote: QuoteKey) => bigint,
): Held[] {
  const desks = facts.desks.map((desk) => {
    const address = BigInt(addresses[desk] ?? 0);
    return new Held("ReceivableNotes", "isDesk", [address], fields("allowed:8"), { allowed: 1n });
  });
  const notes = [...replay.notes].flatMap(([number, note]) => ofNote(replay, number, note));
  const quotes = [...replay.taken.values()].map(({ key, amount }) => {
    const told = { taken: [amount, CANCELLED_QUOTE], digest: digestOf(key) };
    return new Held("FinancingDesk", "_quotes", [key.financier, key.nonce], QUOTE, told);
  });
  return [...desks, ...ofReceivable(replay), ...notes, ...quotes];
}

function ofReceivable({ lineage, owed }: Replay): Held[] {
  const { debtor, root, flags, round, outstanding } = owed;
  const { dueDay, currency, faceValue, deliveryDay, confirmedDay } = owed.terms as Values & Record<string, bigint>;
  const left = lineage.whole ? outstanding : null;
  const told: Told = { debtor, outstanding: left, due_day: dueDay ?? null, currency: currency ?? null, flags, round };
  const agreed: Told = {
    face_value: faceValue ?? null,
    root,
    delivery_day: deliveryDay ?? null,
    confirmed_day: confirmedDay ?? null,
  };
  return [
    new Held("ReceivableNotes", "_owed", [lineage.receivable], OWED, told),
    new Held("ReceivableNotes", "_agreed", [lineage.receivable], AGREED, agreed),
    new Held("ReceivableNotes", "currencyToken", [currency ?? 0n], fields("token:160"), {}),
  ];
}

function ofNote(replay: Replay, number: bigint, note: NoteState): Held[] {
  const one = (contract: string, variable: string, value: bigint | undefined): Held =>
    new Held(contract, variable, [number], ONE, { value: value ?? 0n });
  const loan: Told = { ...(replay.loans.get(number) ?? NO_LOAN) };
  const held = [
    new Held("ReceivableNotes", "_notes", [number], NOTE, { ...note }),
    one("ReceivableNotes", "pledgedValue", note.pledged),
    one("ReceivableNotes", "tenderDay", note.tender_day),
    one("OrderDesk", "freezeCount", replay.freezes.get(number)),
    one("RecourseDesk", "demandDay", replay.demands.get(number)),
    one("BankRepaymentDesk", "restsUntil", replay.rests.get(number)),
    new Held("PledgeDesk", "_loans", [number], LOAN, loan),
    new Held("PledgeDesk", "_loans", [number], LOAN_INTEREST, loan, 1n),
  ];
  if (note.flags & FINANCED) {
    held.push(new Held("AssignmentRegister", "_assignments", [number], ASSIGNMENT, { ...replay.assignment(number) }));
  }
  return held;
}
