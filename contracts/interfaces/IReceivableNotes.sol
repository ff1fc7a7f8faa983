// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId, ReceivableId } from "../types/Ids.sol";

/// @title Receivables, and the notes they are split into
/// @notice A receivable is one confirmed debt. A note is a part of it and belongs to one party for ever: passing value on
/// lowers the note and creates a child for the receiver, so every note names its parent up to the root. Conservation
/// (I-1): face value = sum of the notes' values + repaid + extinguished + cancelled.
/// @dev Days are business days (see {BusinessDay}); amounts are minor units of the receivable's currency. No token is
/// ever held or called here, and no receiver hook exists. Status is derived from facts and the clock. Where a function
/// takes an array, it does all or nothing, in order; gas is bounded by the arguments.
interface IReceivableNotes {
    /// @param debtor The core enterprise that owes.
    /// @param faceValue Minor units, as confirmed.
    /// @param outstanding Minor units: the sum of the notes' values.
    /// @param dueDay The day on which the debtor pays.
    /// @param currency Index in the table of currencies.
    /// @param root The first creditor's note.
    /// @param tierLimit Deepest tier allowed; copied from policy, as are the next five.
    /// @param graceDays Days after the due day before overdue may be declared.
    /// @param overdueRateBps Annual rate on late principal, basis points.
    /// @param offerLifetimeDays How long an offer stays open.
    /// @param minChildValue Least value of a child or a non-zero remainder, minor units.
    /// @param deliveryDay When the goods were delivered.
    /// @param confirmedDay When the debtor confirmed.
    /// @param flags Bits of {ReceivableFlags}.
    /// @param round How many pro rata rounds were begun.
    struct Receivable {
        PartyId debtor;
        uint96 faceValue;
        uint96 outstanding;
        Day dueDay;
        uint16 currency;
        NoteId root;
        uint8 tierLimit;
        uint8 graceDays;
        uint16 overdueRateBps;
        uint16 offerLifetimeDays;
        uint64 minChildValue;
        Day deliveryDay;
        Day confirmedDay;
        uint8 flags;
        uint8 round;
    }

    /// @param value Minor units it stands for now.
    /// @param parent The note it came from; 0 for a root.
    /// @param receivable The debt it is part of.
    /// @param holder The party it belongs to, for ever.
    /// @param tier 1 for the first creditor, one more per supplier hop.
    /// @param flags Bits of {NoteFlags}.
    /// @param lapseDay Last day on which the offer may be accepted; 0 when it was never an open offer.
    /// @param round The last pro rata round in which it had its share; 0 for none.
    struct Note {
        uint96 value;
        NoteId parent;
        ReceivableId receivable;
        PartyId holder;
        uint8 tier;
        uint16 flags;
        Day lapseDay;
        uint8 round;
    }

    /// @dev `Frozen` ranks before `Reserved`, that before `Pledged`, that before `Held`.
    enum NoteStatus {
        None,
        Offered,
        Lapsable,
        Held,
        Spent,
        Refused,
        Withdrawn,
        Lapsed,
        Repaid,
        Reserved,
        Pledged,
        Frozen
    }

    enum ReceivableStatus {
        None,
        Cancelled,
        Outstanding,
        Overdue,
        Settled
    }

    /// @notice What was confirmed, as the event tells it.
    /// @param faceValue Minor units.
    /// @param currency Index in the table of currencies.
    /// @param deliveryDay When the goods were delivered.
    /// @param dueDay The day on which the debtor pays.
    /// @param confirmedDay The day of the confirmation.
    /// @param policy Number of the policy that was copied.
    /// @param flags Bits of {ReceivableFlags}.
    /// @param evidenceHash Salted hash of the evidence kept off chain.
    struct Terms {
        uint96 faceValue;
        uint16 currency;
        Day deliveryDay;
        Day dueDay;
        Day confirmedDay;
        uint32 policy;
        uint8 flags;
        bytes32 evidenceHash;
    }

    /// @notice A debt to put on the books.
    /// @param creditor The first creditor.
    /// @param creditorAccount Its settlement account, for the ERC-721 event.
    /// @param terms What the debtor confirms.
    struct Debt {
        PartyId creditor;
        address creditorAccount;
        Terms terms;
    }

    /// @notice What the receivables of a confirmation have in common: the currency, and what they carry of policy.
    /// @param currency Index in the table of currencies.
    /// @param tierLimit Deepest tier allowed.
    /// @param graceDays Days after the due day before overdue may be declared.
    /// @param overdueRateBps Annual rate on late principal, basis points.
    /// @param offerLifetimeDays How long an offer stays open.
    /// @param minChildValue Least value of a child or a non-zero remainder, minor units.
    struct Conditions {
        uint16 currency;
        uint8 tierLimit;
        uint8 graceDays;
        uint16 overdueRateBps;
        uint16 offerLifetimeDays;
        uint64 minChildValue;
    }

    /// @param to The receiver, an active supplier.
    /// @param amount Minor units.
    /// @param tradeHash Hash of the invoice or contract under the transfer.
    struct Portion {
        PartyId to;
        uint96 amount;
        bytes32 tradeHash;
    }

    /// @param note The note to pass value on from.
    /// @param portions One for each receiver; a whole transfer is one portion of all the value.
    struct Split {
        NoteId note;
        Portion[] portions;
    }

    /// @param amount What may still be accepted under it, minor units.
    /// @param latestDueDay Latest due day it accepts.
    /// @param expiryDay Last day it holds.
    struct Consent {
        uint96 amount;
        Day latestDueDay;
        Day expiryDay;
    }

    /// @notice What a payer owes for one note, or for a share of it.
    /// @param payee The party paid: the holder, or the offeror of an open offer.
    /// @param principal Minor units: the note's value, or the share.
    /// @param interest Overdue interest on the principal from the due day (to the day of tender, if tendered), minor
    /// units, rounded down.
    /// @param flags Bits of {NoteFlags} of the note; FROZEN also when it is an open offer of a frozen note.
    struct Due {
        PartyId payee;
        uint96 principal;
        uint128 interest;
        uint16 flags;
    }

    // -- events. ERC-721 `Transfer` and ERC-3525 `TransferValue` are emitted so that explorers and wallets can read.

    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    event TransferValue(uint256 indexed fromTokenId, uint256 indexed toTokenId, uint256 value);

    event ReceivableConfirmed(
        ReceivableId indexed receivable,
        PartyId indexed debtor,
        NoteId indexed root,
        Terms terms
    );
    /// @dev A root, or a child of a split. `lapseDay` 0: accepted at once under a standing consent.
    event NoteOffered(
        NoteId indexed note,
        NoteId indexed parent,
        PartyId indexed holder,
        ReceivableId receivable,
        uint96 value,
        uint8 tier,
        Day lapseDay,
        bytes32 tradeHash
    );
    event NoteAccepted(NoteId indexed note);
    /// @param flag {NoteFlags.REFUSED}, {NoteFlags.WITHDRAWN} or {NoteFlags.LAPSED}.
    event NoteReturned(NoteId indexed note, NoteId indexed parent, uint96 value, uint16 flag);
    event ReceivableCancelled(ReceivableId indexed receivable, uint96 value);
    /// @dev The child of a sale, an order or a recourse: same tier, held at once. `flags` are its bits of {NoteFlags}; it
    /// has its parent's place in rounds and, if TENDERED is among the flags, its parent's day of tender.
    event NoteAssigned(
        NoteId indexed note,
        NoteId indexed parent,
        PartyId indexed holder,
        ReceivableId receivable,
        uint96 value,
        uint8 tier,
        uint16 flags
    );
    /// @dev Value reached its own debtor.
    event ValueExtinguished(NoteId indexed note, ReceivableId indexed receivable, uint96 value);
    event NoteRepaid(
        NoteId indexed note,
        ReceivableId indexed receivable,
        PartyId indexed payee,
        uint96 principal,
        uint128 interest
    );
    /// @dev The cash of a {NoteRepaid} earlier in this transaction did not reach its payee: the value is back.
    event NoteRestored(NoteId indexed note, ReceivableId indexed receivable, uint96 principal);
    /// @dev From the due day on: the note's payment was offered and could not be taken. No interest from `day` on.
    event NoteTendered(NoteId indexed note, ReceivableId indexed receivable, uint96 value, Day day);
    /// @param flag {NoteFlags.FROZEN} or {NoteFlags.RESERVED}.
    event NoteMarked(NoteId indexed note, uint16 indexed flag, bool on);
    /// @param value What of the note is pledged from now on; 0: nothing any more.
    event NotePledged(NoteId indexed note, uint96 value);
    /// @param round The number of the round.
    /// @param flags Bits of {ReceivableFlags} of the receivable from now on.
    event RoundMarked(ReceivableId indexed receivable, uint8 round, uint8 flags);
    /// @dev The note had its share of a round: it is counted, whatever it got.
    event NoteInRound(NoteId indexed note, uint8 round);
    /// @dev The last value that was not tendered is paid, extinguished or tendered.
    event OverdueEnded(ReceivableId indexed receivable, PartyId indexed debtor);
    event OverdueDeclared(ReceivableId indexed receivable, PartyId indexed debtor);
    event ConsentSet(
        PartyId indexed receiver,
        PartyId indexed offeror,
        uint16 indexed currency,
        uint96 amount,
        Day latestDueDay,
        Day expiryDay
    );
    event CurrencyAllowed(uint16 indexed currency, address indexed token);
    event DeskSet(address indexed desk, bool allowed);
    event Paused(bool paused);

    // -- errors

    error EmptyBatch();
    error UnknownNote(NoteId note);
    error UnknownReceivable(ReceivableId receivable);
    error UnknownCurrency(uint16 currency);
    error ZeroAmount();
    error NotHolder(NoteId note, PartyId holder, PartyId caller);
    error NotOfferor(NoteId note, PartyId offeror, PartyId caller);
    error NotOffered(NoteId note, NoteStatus status);
    error OfferLapsed(NoteId note, Day lapseDay);
    error OfferNotLapsed(NoteId note, Day lapseDay);
    error NotHeld(NoteId note, NoteStatus status);
    error ValueExceeded(NoteId note, uint256 asked, uint256 available);
    error BelowMinimum(NoteId note, uint256 value, uint256 minimum);
    error TierLimitReached(NoteId note, uint8 tier, uint8 tierLimit);
    error SelfTransfer(NoteId note, PartyId party);
    error TradeHashMissing(NoteId note);
    error FinancedNote(NoteId note);
    error NotBeforeDueDay(NoteId note, Day dueDay);
    error RegistryReferenceMissing(NoteId note);
    error NotDue(NoteId note, NoteStatus status);
    error NoteFrozen(NoteId note);
    error NoteNotFrozen(NoteId note);
    error PaidInPart(ReceivableId receivable, uint256 left);
    error RoundOpen(ReceivableId receivable);
    error RoundNotOpen(ReceivableId receivable);
    error RoundsBegun(ReceivableId receivable);
    error SharedAlready(NoteId note, uint8 round);
    error MixedCurrencies(uint16 first, uint16 other);
    error NotDesk(address caller);
    error ProtocolPaused();

    // -- parties' acts

    /// @notice The receivers take what they were offered.
    /// @dev Emits {NoteAccepted} each. Requirements: caller has the act right of the active holder; offer open, in time,
    /// and not of a frozen note.
    function accept(NoteId[] calldata notes) external;

    /// @notice The receiver will not have it: value returns to the parent; a refused root cancels the receivable.
    /// @dev Emits {NoteReturned}, {TransferValue}, perhaps {ReceivableCancelled}. Requirements: caller has the act right
    /// of the active holder; offered; no pro rata round of the receivable begun (from then on the offeror is paid for it).
    function refuse(NoteId[] calldata notes) external;

    /// @notice The offeror takes an open offer back.
    /// @dev As {refuse}. Requirements: caller has the act right of the active offeror (the parent's holder, of a root the
    /// debtor); else as {refuse}.
    function withdraw(NoteId[] calldata notes) external;

    /// @notice Anyone returns offers whose lapse day has passed.
    /// @dev As {refuse}. Requirements: offered, and its lapse day over; no pro rata round of the receivable begun.
    function lapse(NoteId[] calldata notes) external;

    /// @notice The caller's party accepts at once whatever `offeror` passes to it, within limits. Amount 0 revokes.
    /// @dev Emits {ConsentSet}. Replaces what was there. The amount is used up by each acceptance.
    /// Requirements: caller has the act right of an active party; known currency.
    function setConsent(PartyId offeror, uint16 currency, uint96 amount, Day latestDueDay, Day expiryDay) external;

    /// @notice Passes value on to suppliers, one tier deeper, each with the trade under it.
    /// @dev Emits {NoteOffered}, {Transfer}, {TransferValue} each; {ValueExtinguished} for a portion that goes to the
    /// debtor itself. Children are numbered in order.
    /// Requirements: caller has the act right of the active holder of every note; not paused; note accepted, neither
    /// reserved nor frozen, not bought through financing, before the due day; tier within the limit; portions positive and
    /// within what is not pledged; children and non-zero remainder at least the minimum; receivers active suppliers other
    /// than the holder; trade hashes.
    /// @return first Id of the first child.
    function split(Split[] calldata splits) external returns (NoteId first);

    // -- desks' acts: the product contracts that carry cash

    /// @notice Puts confirmed debts on the books, each with its root note offered to the creditor.
    /// @dev Emits {ReceivableConfirmed}, {NoteOffered}, {Transfer}, {TransferValue} each. A creditor's standing consent
    /// accepts at once. Requirements: caller is a desk; not paused; known currency; amounts positive. The desk answers for
    /// the debtor's authority, the creditors' standing, the terms and the credit line.
    /// @return first Id of the first receivable; the others follow in order.
    /// @return token The currency's deposit token.
    function issue(
        PartyId debtor,
        Conditions calldata conditions,
        Debt[] calldata debts
    ) external returns (ReceivableId first, address token);

    /// @notice Moves value from the seller's note to a new note of the buyer's at the same tier (or, when the buyer is
    /// the debtor, extinguishes it).
    /// @dev Emits {NoteAssigned}, {Transfer}, {TransferValue} or {ValueExtinguished}. Requirements: caller is a desk; not
    /// paused; `seller` holds the accepted note, neither reserved nor frozen; before the due day; debtor not declared
    /// overdue; amount positive, within what is not pledged, child and non-zero remainder at least the minimum; a registry
    /// reference where it is required. The desk answers for the authority of both parties.
    /// @return child The buyer's note; 0 when extinguished.
    /// @return token The currency's deposit token, or its code on the bank rail.
    /// @return dueDay The day on which the receivable is due.
    function assign(
        NoteId note,
        PartyId seller,
        PartyId buyer,
        address buyerAccount,
        uint96 amount,
        bytes32 registryReference
    ) external returns (NoteId child, address token, Day dueDay);

    /// @notice Moves value, at any time, to a new note of the same tier that has the parent's place in rounds and its day
    /// of tender: by an order (REASSIGNED), or back to a seller that answered for the debtor (RETURNED). What reaches the
    /// debtor is extinguished.
    /// @dev Emits {NoteAssigned}, {Transfer}, {TransferValue} or {ValueExtinguished}; {NotePledged} where an order takes
    /// pledged value. Requirements: caller is a desk; no round open; amount positive; receiver not the holder. REASSIGNED:
    /// note frozen, amount within its value. RETURNED: note held, neither reserved nor frozen, amount within what is not
    /// pledged. Works while paused. The desk answers for the authority.
    /// @param flag {NoteFlags.REASSIGNED} or {NoteFlags.RETURNED}.
    /// @return child The receiver's note; 0 when extinguished.
    /// @return token The currency's deposit token, or its code on the bank rail.
    function convey(
        NoteId note,
        PartyId to,
        address toAccount,
        uint96 amount,
        uint16 flag
    ) external returns (NoteId child, address token);

    /// @notice Takes value out of the world because its payees are being paid in this transaction.
    /// @dev Emits {NoteRepaid}, {TransferValue} each; frees the lines. A frozen note, or an open offer of one, is not paid:
    /// from the due day on it is tendered ({NoteTendered}). Its dues bear the FROZEN flag; the desk moves no cash for them,
    /// and answers for the proof that the payer had it.
    /// Requirements: caller is a desk; each note has value due to someone (a root offer has not) and is not reserved; one
    /// currency. Outside a round: none is open, and of a receivable declared overdue, or with an unfinished round, the
    /// notes named leave nothing that is not tendered. In a round: it is the open one of each receivable, and
    /// each note is in it for the first time.
    /// @param parts How much of each note, minor units; empty: all of every note.
    /// @param round The number of the pro rata round; 0 outside one.
    /// @param asOf The day of payment, to which interest is counted.
    /// @return token The currency's deposit token, or its code on the bank rail.
    /// @return dues What each payee gets, in the order of the notes.
    function settle(
        NoteId[] calldata notes,
        uint96[] calldata parts,
        uint8 round,
        Day asOf
    ) external returns (address token, Due[] memory dues);

    /// @notice Puts back what {settle} took in this transaction, because the payee's side could not take
    /// the cash. From the due day on the note is tendered.
    /// @dev Emits {NoteRestored}, {TransferValue}, perhaps {NoteTendered}. Requirements: caller is a desk, which answers
    /// for the proof.
    function restore(NoteId note, uint96 principal) external;

    /// @notice Marks a note as frozen (it and its open offers neither move nor collect) or as reserved, or ends that.
    /// @dev Emits {NoteMarked}. Requirements: caller is a desk, which answers for the rest; known note.
    /// @param mark {NoteFlags.FROZEN} or {NoteFlags.RESERVED}.
    function setMark(NoteId note, uint16 mark, bool on) external;

    /// @notice Pledges some of a note's value, which then does not move, or (0) releases it. Value that comes back to the
    /// note is free.
    /// @dev Emits {NotePledged}. Requirements: caller is a desk, which answers for the rest; known note.
    function setPledge(NoteId note, uint96 amount) external;

    /// @notice Puts a currency into the table.
    /// @dev Emits {CurrencyAllowed}. Requirements: caller is a desk, which answers for the rest.
    /// @param currency Its index, used for the first time.
    /// @param token A deposit token, or a code on the bank rail (see {BankRail}).
    function setCurrency(uint16 currency, address token) external;

    /// @notice Counts a receivable as overdue, until nothing of it is left that is not tendered.
    /// @dev Emits {OverdueDeclared}. Requirements: caller is a desk, which answers for the rest.
    function setOverdue(ReceivableId receivable) external;

    /// @notice Begins or ends a pro rata round. While it is open, no other value of the receivable moves.
    /// @dev Emits {RoundMarked}. Requirements: caller is a desk, which answers for the rest.
    /// @param round Its number, from 1.
    /// @param finished Of a round that ends: whether every note had its share.
    function setRound(ReceivableId receivable, uint8 round, bool open, bool finished) external;

    // -- administration

    /// @dev Emits {DeskSet}. Requirements: caller has the wiring role.
    function setDesk(address desk, bool allowed) external;

    /// @notice Stops new issues, splits and financing; never acceptance, refusal or repayment.
    /// @dev Emits {Paused}. Requirements: caller has the urgent role.
    function setPaused(bool paused_) external;

    // -- reading

    /// @return What a payer owes for the note today. Reverts {NotDue} when it is due to nobody.
    function due(NoteId note) external view returns (Due memory);

    function note(NoteId id) external view returns (Note memory);

    function noteStatus(NoteId id) external view returns (NoteStatus);

    function receivable(ReceivableId id) external view returns (Receivable memory);

    function receivableStatus(ReceivableId id) external view returns (ReceivableStatus);

    function isCancelled(ReceivableId id) external view returns (bool);

    function consent(PartyId receiver, PartyId offeror, uint16 currency) external view returns (Consent memory);

    function currencyToken(uint16 currency) external view returns (address);

    /// @return Minor units of the note that secure a loan.
    function pledgedValue(NoteId note) external view returns (uint96);

    /// @return The day from which no interest runs; meaningful while the note is TENDERED.
    function tenderDay(NoteId note) external view returns (Day);

    /// @return Minor units: the value of the receivable's tendered notes.
    function tenderedValue(ReceivableId receivable) external view returns (uint96);

    function isDesk(address desk) external view returns (bool);

    function isPaused() external view returns (bool);

    function noteCount() external view returns (uint40);

    function receivableCount() external view returns (uint40);

    function today() external view returns (Day);

    // -- ERC-721 and ERC-3525 views, for explorers

    /// @return The settlement account of the note's holder.
    function ownerOf(uint256 tokenId) external view returns (address);

    /// @return The note's value, minor units.
    function balanceOf(uint256 tokenId) external view returns (uint256);

    /// @return The note's receivable.
    function slotOf(uint256 tokenId) external view returns (uint256);
}
