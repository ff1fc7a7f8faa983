import { Interface } from "ethers";

/** The calls that companies sign here, as the contracts declare them. Whatever else is signed, this page cannot read. */
const READABLE = new Interface([
  "function accept(uint40[] notes)",
  "function refuse(uint40[] notes)",
  "function withdraw(uint40[] notes)",
  "function notifyDebtor(uint40[] notes)",
  "function split((uint40 note, (uint32 to, uint96 amount, bytes32 tradeHash)[] portions)[] splits)",
  "function finance(((uint40 note, uint32 seller, uint32 financier, uint96 maxAmount, uint32 rateBps, bool recourse, address payer, bytes32 registryReference, uint256 validUntil, uint256 nonce, uint32 epoch, address signer) quote, bytes signature, uint96 amount, uint96 minPrice)[] deals)",
  "function repay(uint40[] notes, address payer, uint256 maxTotal)",
  "function freeze(uint40[] notes, bytes32 orderHash)",
  "function release(uint40[] notes, bytes32 orderHash)",
  "function orderReassignment(uint40 note, uint32 to, uint96 amount, bytes32 orderHash)",
  "function executeReassignment(uint40 id)",
  "function cancelReassignment(uint40 id, bytes32 orderHash)",
  "function confirm(uint16 currency, (uint32 creditor, uint96 amount, uint16 deliveryDay, uint16 dueDay, bytes32 evidenceHash, (bytes32 fingerprint, uint96 invoiceAmount, uint96 claimed)[] invoices)[] items, (address signer, uint256 nonce, uint256 deadline, bytes signature) attestation)",
]);

/** One thing that a call does. Amounts are minor units. */
export type Effect =
  | { does: "accept" | "refuse" | "withdraw" | "notifyDebtor" | "repay"; note: number; most: bigint | null }
  | { does: "freeze" | "release"; note: number; order: string }
  | { does: "reassign"; note: number; to: number; amount: bigint; order: string }
  | { does: "executeReassignment" | "cancelReassignment"; reassignment: number }
  | { does: "split"; note: number; to: number; amount: bigint }
  | { does: "finance"; note: number; to: number; amount: bigint; price: bigint; recourse: boolean }
  | { does: "confirm"; currency: number; to: number; amount: bigint; dueDay: number };

/** What calldata does, one by one; null where this page cannot read it. */
export function effectsOf(calldata: string): readonly Effect[] | null {
  const call = READABLE.parseTransaction({ data: calldata });
  if (call === null) return null;
  // What is read, written again, must be what was given: nothing is signed behind what is shown.
  if (READABLE.encodeFunctionData(call.fragment, call.args) !== calldata.toLowerCase()) return null;
  const [first, second, third] = call.args as unknown as [never, never, bigint];
  switch (call.name) {
    case "split":
      return (first as SplitArgs).flatMap(({ note, portions }) =>
        portions.map(({ to, amount }) => ({ does: "split", note: Number(note), to: Number(to), amount })),
      );
    case "finance":
      return (first as DealArgs).map(({ quote, amount, minPrice }) => ({
        does: "finance",
        note: Number(quote.note),
        to: Number(quote.financier),
        amount,
        price: minPrice,
        recourse: quote.recourse,
      }));
    case "confirm":
      return (second as ConfirmArgs).map(({ creditor, amount, dueDay }) => ({
        does: "confirm",
        currency: Number(first as bigint),
        to: Number(creditor),
        amount,
        dueDay: Number(dueDay),
      }));
    case "freeze":
    case "release": {
      const { name } = call;
      return (first as bigint[]).map((note) => ({ does: name, note: Number(note), order: second as string }));
    }
    case "orderReassignment": {
      const [note, to, amount, order] = call.args as unknown as [bigint, bigint, bigint, string];
      return [{ does: "reassign", note: Number(note), to: Number(to), amount, order }];
    }
    case "executeReassignment":
    case "cancelReassignment":
      return [{ does: call.name, reassignment: Number(first as bigint) }];
    case "accept":
    case "refuse":
    case "withdraw":
    case "notifyDebtor":
    case "repay": {
      const { name } = call;
      return (first as bigint[]).map((note) => ({
        does: name,
        note: Number(note),
        most: name === "repay" ? third : null,
      }));
    }
    default:
      return null;
  }
}

type SplitArgs = { note: bigint; portions: { to: bigint; amount: bigint }[] }[];
type DealArgs = { quote: { note: bigint; financier: bigint; recourse: boolean }; amount: bigint; minPrice: bigint }[];
type ConfirmArgs = { creditor: bigint; amount: bigint; dueDay: bigint }[];
