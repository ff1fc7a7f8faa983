import type { Value, Values } from "./abi";
import { BASIS, dayOf, floorDiv, priceDown } from "./arithmetic";
import * as f from "./flags";
import { Refused } from "./refused";

/** A proven event. `index` is its transaction's place in the block, `log` its own in the receipt. */
export interface Event {
  block: bigint;
  time: bigint;
  index: bigint;
  transaction: string;
  sender: string;
  log: bigint;
  contract: string;
  name: string;
  args: Values;
}

// -- what belongs to it

/** `path` leads from the root to the note; `notes` are these and all below the note, ascending. */
export class Lineage {
  readonly path: bigint[];
  readonly notes: Set<bigint>;
  readonly receivable: bigint;

  /** From the creations that are told. Refuses those that do not lead from the note to a root. */
  constructor(events: Event[], note: bigint) {
    const parents = new Map<bigint, bigint>();
    let receivable = 0n;
    for (const { contract, name, args } of events) {
      if (contract !== "ReceivableNotes" || (name !== "NoteOffered" && name !== "NoteAssigned")) continue;
      parents.set(args.note as bigint, args.parent as bigint);
      if (args.note === note) receivable = args.receivable as bigint;
    }
    let first = note;
    const path = [note];
    for (let parent = parents.get(first); parent && parent < first; parent = parents.get(first)) {
      first = parent;
      path.unshift(first);
    }
    if (parents.get(first) !== 0n) throw new Refused("DossierStoryBeginsNowhere", { note: `${first}` });
    const below = new Set([note]);
    for (const [child, parent] of [...parents].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (below.has(parent)) below.add(child); // a child's number is higher than its parent's
    }
    this.receivable = receivable;
    this.path = path;
    this.notes = new Set([...path, ...below].sort((one, other) => (one < other ? -1 : 1)));
  }

  /** Whether it is the whole tree of the receivable. */
  get whole(): boolean {
    return this.path.length === 1;
  }

  /** Whether an event is about a note of it, or about the receivable as a whole. */
  concerns({ args }: Event): boolean {
    const named = ["note", "child", "parent", "origin"].filter((key) => key in args);
    if (named.length) return named.some((key) => this.notes.has(args[key] as bigint));
    return args.receivable === this.receivable;
  }
}

// -- told again

/** The fields of NoteWord.sol from the lowest bit, and what stands beside it. */
export interface NoteState {
  value: bigint;
  parent: bigint;
  receivable: bigint;
  holder: bigint;
  tier: bigint;
  flags: bigint;
  lapse_day: bigint;
  round: bigint;
  pledged: bigint;
  tender_day: bigint;
}

/** What was agreed, and what became of it. `outstanding` counts the lineage's notes alone. */
export interface ReceivableState {
  debtor: bigint;
  root: bigint;
  terms: Values;
  flags: bigint;
  outstanding: bigint;
  round: bigint;
}

/** As Loans.sol has it: interest is principal × rate × days, not yet divided. */
export interface LoanState {
  lender: bigint;
  principal: bigint;
  cap: bigint;
  rate_bps: bigint;
  accrued: bigint;
  since: bigint;
}

export interface Assignment {
  registered_at: bigint;
  recorded_at: bigint;
  debtor_notified_at: bigint;
}

/** The event cannot happen in the state that was told. */
class Broken extends Error {}

function need(so: boolean): asserts so {
  if (!so) throw new Broken();
}

function at<V>(map: Map<bigint, V>, key: Value | undefined): V {
  const found = map.get(key as bigint);
  need(found !== undefined);
  return found;
}

const QUOTED = new Set(["QuoteAgreed", "QuoteGivenBack", "QuoteCancelled"]);
const CLOSED = f.REFUSED | f.WITHDRAWN | f.LAPSED;
const NOT_ASSIGNED: Assignment = { registered_at: 0n, recorded_at: 0n, debtor_notified_at: 0n };

/** By financier and nonce. */
export interface QuoteKey {
  financier: bigint;
  nonce: bigint;
}

function keyOf(args: Values): string {
  return `${args.financier as bigint}:${args.nonce as bigint}`;
}

type Handler = (replay: Replay, args: Args, event: Event) => void;
/** All numbers but for what the handlers name themselves. */
type Args = Record<string, bigint>;

/** The notes of a lineage and their receivable, one event after the other. */
export class Replay {
  readonly notes = new Map<bigint, NoteState>();
  receivable: ReceivableState | null = null;
  /** Of the quotes that the story's sales were made under. */
  readonly taken = new Map<string, { key: QuoteKey; amount: bigint }>();
  readonly assignments = new Map<bigint, Assignment>();
  readonly freezes = new Map<bigint, bigint>();
  readonly demands = new Map<bigint, bigint>();
  readonly loans = new Map<bigint, LoanState>();
  readonly rests = new Map<bigint, bigint>();
  /** Notes by the number of a reassignment that was ordered. */
  private readonly orders = new Map<bigint, bigint>();

  constructor(
    readonly lineage: Lineage,
    events: Event[],
  ) {
    for (const event of events.filter((one) => lineage.concerns(one))) {
      const key = quoteOfSale(event);
      if (key) this.taken.set(keyOf({ ...key }), { key, amount: 0n });
    }
  }

  /** Whether the event belongs to the story. Refuses one that cannot have happened then. */
  apply(event: Event): boolean {
    const mine = this.lineage.concerns(event) || (QUOTED.has(event.name) && this.taken.has(keyOf(event.args)));
    const handle = HANDLERS[`${event.contract}.${event.name}`];
    if (!mine || !handle) return mine;
    try {
      handle(this, event.args as Args, event);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      const { name, block, transaction } = event;
      throw new Refused("DossierEventImpossible", { event: name, block: `${block}`, transaction });
    }
    return mine;
  }

  get owed(): ReceivableState {
    need(this.receivable !== null);
    return this.receivable;
  }

  private mine(note: bigint): NoteState | null {
    return this.lineage.notes.has(note) ? at(this.notes, note) : null;
  }

  // -- how notes come into being

  confirmed(a: Args, terms: Values): void {
    need(this.receivable === null && a.root === this.lineage.path[0]);
    const { flags, faceValue } = terms as Args;
    const { debtor, root } = a;
    this.receivable = { debtor, root, terms, flags, outstanding: faceValue, round: 0n } as ReceivableState;
  }

  offered(a: Args, tradeHash: string): void {
    const { parent, value, tier, lapseDay, note } = a as Args & { parent: bigint; value: bigint; note: bigint };
    const from = parent ? this.leave(parent, value, false) : null;
    if (!this.lineage.notes.has(note)) return;
    if (parent === 0n) need(tier === 1n && value === this.owed.terms.faceValue);
    else need(from !== null && from.tier + 1n === tier && BigInt(tradeHash) !== 0n);
    this.bear(a, lapseDay ? 0n : f.ACCEPTED, lapseDay ?? 0n);
  }

  assigned(a: Args): void {
    const { flags = 0n, parent = 0n, value = 0n, note = 0n } = a;
    need((flags & f.ACCEPTED) !== 0n && (flags & (f.FINANCED | f.REASSIGNED | f.RETURNED)) !== 0n);
    const from = this.leave(parent, value, (flags & f.REASSIGNED) !== 0n);
    if (!this.lineage.notes.has(note)) return;
    need(from !== null && from.tier === a.tier);
    const child = this.bear(a, flags, 0n);
    child.round = from.round;
    child.tender_day = flags & f.TENDERED ? from.tender_day : 0n;
  }

  private bear(a: Args, flags: bigint, lapse_day: bigint): NoteState {
    const { note = 0n, value, parent, receivable, holder, tier } = a;
    need(!this.notes.has(note) && receivable === this.lineage.receivable);
    const beside = { flags, lapse_day, round: 0n, pledged: 0n, tender_day: 0n };
    const state = { value, parent, receivable, holder, tier, ...beside } as NoteState;
    this.notes.set(note, state);
    return state;
  }

  /** Value leaves a held note. */
  private leave(note: bigint, value: bigint, seized: boolean): NoteState | null {
    const n = this.mine(note);
    if (n === null) return null;
    need(n.value >= value && value > 0n);
    const marks = n.flags & (f.ACCEPTED | f.RESERVED | f.FROZEN);
    need(seized ? (marks & f.FROZEN) !== 0n : marks === f.ACCEPTED);
    n.value -= value;
    return n;
  }

  // -- how they fare

  accepted({ note }: Args): void {
    const n = at(this.notes, note);
    need((n.flags & (f.ACCEPTED | f.REPAID | f.RESERVED | f.TENDERED | CLOSED)) === 0n);
    n.flags |= f.ACCEPTED;
  }

  returned({ note = 0n, parent = 0n, value = 0n, flag = 0n }: Args): void {
    need(flag === f.REFUSED || flag === f.WITHDRAWN || flag === f.LAPSED);
    const n = this.mine(note);
    if (n) {
      need(n.parent === parent && n.value === value && (n.flags & (f.ACCEPTED | CLOSED)) === 0n);
      n.value = 0n;
      n.flags |= flag;
    }
    const from = parent ? this.mine(parent) : null;
    if (from) from.value += value;
  }

  /** A part of a note's debt is gone. */
  paid(note: NoteState, value: bigint): void {
    need(note.value >= value);
    note.value -= value;
    this.owed.outstanding -= value;
  }

  repaid({ note, principal = 0n }: Args): void {
    const n = at(this.notes, note);
    this.paid(n, principal);
    if (n.value === 0n) n.flags |= f.REPAID;
  }

  restored({ note, principal = 0n }: Args): void {
    const n = at(this.notes, note);
    n.value += principal;
    n.flags &= ~f.REPAID;
    this.owed.outstanding += principal;
  }

  tendered({ note, value, day = 0n }: Args): void {
    const n = at(this.notes, note);
    need(n.value === value);
    n.flags |= f.TENDERED;
    n.tender_day = day;
  }

  marked({ note, flag = 0n }: Args, on: boolean): void {
    const n = at(this.notes, note);
    need((flag & ~(f.FROZEN | f.RESERVED)) === 0n);
    n.flags = on ? n.flags | flag : n.flags & ~flag;
  }

  /** What an order takes all of stays flagged until its loan is over. */
  pledged({ note, value = 0n }: Args): void {
    const n = at(this.notes, note);
    n.pledged = value;
    if (value) n.flags |= f.PLEDGED;
  }

  lent({ note = 0n, lender, principal = 0n, cap = 0n, pledgedValue = 0n, rateBps }: Args, time: bigint): void {
    need(!this.loans.has(note) && 0n < principal && principal <= cap && cap <= pledgedValue);
    const loan = { lender, principal, cap, rate_bps: rateBps, accrued: 0n, since: dayOf(time) } as LoanState;
    this.loans.set(note, loan);
  }

  claimed({ note, lender, principal, accrued, amount = 0n }: Args, time: bigint): void {
    const loan = at(this.loans, note);
    const day = dayOf(time);
    loan.accrued += loan.principal * loan.rate_bps * (day - loan.since);
    loan.since = day;
    const due = floorDiv(loan.accrued, BASIS);
    const interest = amount < due ? amount : due;
    loan.accrued -= interest * BASIS;
    loan.principal -= amount - interest;
    loan.cap -= amount;
    need(loan.lender === lender && loan.principal === principal && loan.accrued === accrued);
  }

  released({ note = 0n, lender }: Args): void {
    const loan = at(this.loans, note);
    this.loans.delete(note);
    need(loan.lender === lender);
    at(this.notes, note).flags &= ~f.PLEDGED;
  }

  inRound({ note, round = 0n }: Args): void {
    need((this.owed.flags & f.ROUND_OPEN) !== 0n && this.owed.round === round);
    at(this.notes, note).round = round;
  }

  // -- the receivable

  roundMarked({ round = 0n, flags = 0n }: Args): void {
    const { owed } = this;
    need(owed.round <= round && round <= owed.round + 1n);
    need(((owed.flags ^ flags) & ~(f.ROUND_OPEN | f.ROUND_UNFINISHED)) === 0n);
    owed.round = round;
    owed.flags = flags;
  }

  // -- what desks count

  financed(a: Args, time: bigint): void {
    const { amount = 0n, rateBps = 0n, price } = a;
    need(price === priceDown(amount, rateBps, (this.owed.terms.dueDay as bigint) - dayOf(time)));
    this.take(a, amount);
  }

  take(a: Args, amount: bigint): void {
    const quote = this.taken.get(keyOf(a));
    need(quote !== undefined);
    quote.amount += amount;
  }

  assignment(note: bigint | undefined): Assignment {
    return this.assignments.get(note ?? 0n) ?? NOT_ASSIGNED;
  }

  registered({ note = 0n, replaced, registeredAt = 0n }: Args, time: bigint): void {
    const before = this.assignment(note);
    need(before.registered_at === replaced);
    this.assignments.set(note, { ...before, registered_at: registeredAt, recorded_at: time });
  }

  notified({ note = 0n, debtorNotifiedAt = 0n }: Args): void {
    const before = this.assignment(note);
    need(before.debtor_notified_at === 0n);
    this.assignments.set(note, { ...before, debtor_notified_at: debtorNotifiedAt });
  }

  ordered({ note = 0n, freeze, reassignment = 0n }: Args): void {
    need((this.freezes.get(note) ?? 0n) === freeze);
    this.orders.set(reassignment, note);
  }

  executed({ note, reassignment = 0n }: Args): void {
    const ordered = at(this.orders, reassignment);
    this.orders.delete(reassignment);
    need(ordered === note);
  }

  demanded({ note = 0n, day = 0n }: Args): void {
    need((this.owed.flags & f.OVERDUE) !== 0n && !this.demands.get(note));
    this.demands.set(note, day);
  }

  honoured({ note = 0n }: Args): void {
    need(at(this.demands, note) !== 0n);
    this.demands.set(note, 0n);
  }
}

function quoteOfSale({ contract, name, args }: Event): QuoteKey | null {
  const financier = args.financier as bigint;
  if (contract === "FinancingDesk" && name === "NoteFinanced") return { financier, nonce: args.nonce as bigint };
  if (contract !== "BankSaleDesk" || name !== "SaleReserved") return null;
  return { financier, nonce: (args.sale as Values).quoteNonce as bigint };
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  "ReceivableNotes.ReceivableConfirmed": (r, a, { args }) => r.confirmed(a, args.terms as Values),
  "ReceivableNotes.NoteOffered": (r, a, { args }) => r.offered(a, args.tradeHash as string),
  "ReceivableNotes.NoteAssigned": (r, a) => r.assigned(a),
  "ReceivableNotes.NoteAccepted": (r, a) => r.accepted(a),
  "ReceivableNotes.NoteReturned": (r, a) => r.returned(a),
  "ReceivableNotes.ValueExtinguished": (r, a) => r.paid(at(r.notes, a.note), a.value ?? 0n),
  "ReceivableNotes.NoteRepaid": (r, a) => r.repaid(a),
  "ReceivableNotes.NoteRestored": (r, a) => r.restored(a),
  "ReceivableNotes.NoteTendered": (r, a) => r.tendered(a),
  "ReceivableNotes.NoteMarked": (r, a, { args }) => r.marked(a, args.on as boolean),
  "ReceivableNotes.NotePledged": (r, a) => r.pledged(a),
  "ReceivableNotes.NoteInRound": (r, a) => r.inRound(a),
  "ReceivableNotes.ReceivableCancelled": ({ owed }, a) => {
    owed.flags |= f.CANCELLED;
    owed.outstanding -= a.value ?? 0n;
  },
  "ReceivableNotes.OverdueDeclared": ({ owed }) => {
    need((owed.flags & f.OVERDUE) === 0n);
    owed.flags |= f.OVERDUE;
  },
  "ReceivableNotes.OverdueEnded": ({ owed }) => {
    need((owed.flags & f.OVERDUE) !== 0n);
    owed.flags &= ~f.OVERDUE;
  },
  "ReceivableNotes.RoundMarked": (r, a) => r.roundMarked(a),
  "PledgeDesk.PledgeMade": (r, a, { time }) => r.lent(a, time),
  "PledgeDesk.ClaimPaid": (r, a, { time }) => r.claimed(a, time),
  "PledgeDesk.PledgeReleased": (r, a) => r.released(a),
  "FinancingDesk.NoteFinanced": (r, a, { time }) => r.financed(a, time),
  "FinancingDesk.QuoteAgreed": (r, a) => r.take(a, a.amount ?? 0n),
  "FinancingDesk.QuoteGivenBack": (r, a) => r.take(a, -(a.amount ?? 0n)),
  "AssignmentRegister.AssignmentRegistered": (r, a, { time }) => r.registered(a, time),
  "AssignmentRegister.DebtorNotified": (r, a) => r.notified(a),
  "OrderDesk.FreezeOrdered": (r, { note = 0n }) => void r.freezes.set(note, (r.freezes.get(note) ?? 0n) + 1n),
  "OrderDesk.ReassignmentOrdered": (r, a) => r.ordered(a),
  "OrderDesk.ReassignmentExecuted": (r, a) => r.executed(a),
  "RecourseDesk.RecourseDemanded": (r, a) => r.demanded(a),
  "RecourseDesk.RecourseHonoured": (r, a) => r.honoured(a),
  "BankRepaymentDesk.NoteReleased": (r, { note = 0n, restsUntil = 0n }) => void r.rests.set(note, restsUntil),
};
