// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IReceivableNotes } from "./IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../types/Ids.sol";

/// @title Repayment to every holder directly
/// @notice Face value, and overdue interest if late, from the payer's account to each payee's settlement account. The
/// debtor pays, or anyone for it. Works while paused, and for suspended or expired parties. A debtor that cannot pay all
/// pays every holder the same part, in a pro rata round (I-10).
/// @dev Assumptions about tokens as in {IFinancingDesk}. One transaction pays any number of notes of one currency; gas
/// grows with that number alone, so a payer chooses batches, and no holder can block the payment of another: where
/// payments fail, or an order withholds them, and the payer could pay the sum of them to itself, that is the payees' side
/// (accounts that the token blocks, frozen notes): the value is put back and, from the due day on, tendered, and the others
/// are paid. Any other failure, and too little gas to tell (each payment needs 355,000 at hand, of which a usual token takes
/// a tenth), reverts all.
/// Of a pledged note the lender is paid first and the holder the rest ({IPledgeDesk.collect}): two legs, and both or
/// neither, so where one account refuses, the whole note is put back and tendered.
interface IRepaymentDesk {
    /// @notice A pro rata round: every note gets the same part of its value.
    /// @param total What the debtor pays in it, principal, minor units. Interest due on it comes on top.
    /// @param base What was outstanding when it opened, minor units.
    /// @param counted Value of the notes that have had their share, minor units; `base` when it is complete.
    /// @param lastDay From the day after, anyone may close it.
    struct Round {
        uint96 total;
        uint96 base;
        uint96 counted;
        Day lastDay;
    }

    /// @notice One cash leg; of a pledged note there may be two, the lender's before the holder's. The principal and
    /// interest of them together are in {IReceivableNotes.NoteRepaid}.
    event Paid(NoteId indexed note, address indexed payer, address indexed payee, address token, uint256 amount);
    /// @dev The payee's side could not take it; {IReceivableNotes.NoteRestored} tells the principal. `amount` is all that
    /// was to be paid for the note.
    event PaymentRefused(
        NoteId indexed note,
        address indexed payer,
        address indexed payee,
        address token,
        uint256 amount
    );
    /// @dev Also when an unfinished round is taken up again.
    event RoundOpened(ReceivableId indexed receivable, uint8 round, uint96 total, uint96 base, Day lastDay);
    event RoundCounted(ReceivableId indexed receivable, uint96 counted);
    event RoundClosed(ReceivableId indexed receivable, uint96 counted, bool finished);

    error PayerNotAuthorised(address payer, address caller);
    error NotDebtor(ReceivableId receivable, PartyId debtor, PartyId caller);
    error TotalExceeded(uint256 total, uint256 maxTotal);
    error PayerAble();
    error PayeeRefused(address payee);
    error RoundTotalInvalid(ReceivableId receivable, uint256 total, uint256 outstanding);
    error RoundUnfinished(ReceivableId receivable, uint8 round);
    error NoUnfinishedRound(ReceivableId receivable);
    error RoundBeforeDueDay(ReceivableId receivable, Day dueDay);
    error NothingOwed(ReceivableId receivable);
    error OtherReceivable(NoteId note, ReceivableId receivable);
    error NotOverdue(ReceivableId receivable, Day today, Day lastGraceDay);
    error AlreadyDeclared(ReceivableId receivable);
    error RoundNotOver(ReceivableId receivable, Day lastDay);

    /// @notice Pays notes in full.
    /// @dev Emits {Paid} each, or {PaymentRefused}. Requirements: `payer` is the caller, or an account of a party that the
    /// caller has the act right of; `payer` has approved this desk; notes as {IReceivableNotes.settle} asks (so: of a
    /// receivable declared overdue, all that is left of it); cash exact; a deposit token.
    /// @param payer The account that pays.
    /// @param maxTotal Most it pays, minor units.
    /// @return total What it paid, minor units.
    function repay(NoteId[] calldata notes, address payer, uint256 maxTotal) external returns (uint256 total);

    /// @notice The debtor, who cannot pay all, fixes what it pays of the outstanding sum, to every holder the same part.
    /// @dev Emits {RoundOpened}. Until the round is closed no other value of the receivable moves.
    /// Requirements: caller has the act right of the debtor (also when suspended or expired); from the due day on; accepted
    /// value outstanding; no round open, the last one finished (or all that is left was tendered since), fewer than 255
    /// before; total positive and within what is outstanding.
    function openRound(ReceivableId receivable, uint96 total) external;

    /// @notice The debtor takes up a round that was closed too early: those who had nothing in it come first.
    /// @dev Emits {RoundOpened} with the round's own number, total and base. Requirements: as {openRound}; an unfinished
    /// round, and something left that was not tendered.
    function resumeRound(ReceivableId receivable) external;

    /// @notice Pays notes their shares, in any order and over any number of transactions; the last one closes the round.
    /// Anyone may carry it on.
    /// @dev Emits {Paid} each, or {PaymentRefused}; {RoundCounted}; {RoundClosed} with the last. A note whose payee's side
    /// cannot take its share counts, keeps its value and is tendered. The share of a note is
    /// ⌊C·P/O⌋ less the previous such figure: within one minor unit of its part, the sum exact.
    /// Requirements: as {repay} for payer and cash; the receivable's round open; notes of it, with value due to someone, not
    /// reserved, not yet in this round.
    /// @param maxTotal Most it pays, minor units.
    /// @return total What it paid, interest included, minor units.
    function payRound(
        ReceivableId receivable,
        NoteId[] calldata notes,
        address payer,
        uint256 maxTotal
    ) external returns (uint256 total);

    /// @notice As {payRound}, where the cash moves on another desk's rail.
    /// @dev Emits {RoundCounted}, {RoundClosed} with the last. Requirements: caller is a desk of the notes.
    /// @param asOf The day of payment.
    function takeShares(
        ReceivableId receivable,
        NoteId[] calldata notes,
        Day asOf
    ) external returns (address token, IReceivableNotes.Due[] memory dues);

    /// @notice Anyone ends the wait for a round that was not carried through in time.
    /// @dev Emits {RoundClosed}. Requirements: round open; its last day has passed.
    function closeRound(ReceivableId receivable) external;

    /// @notice Declares a receivable overdue: its debtor issues nothing more, nor can its notes be financed, until all that
    /// is not tendered is paid; and it is paid in full or by rounds.
    /// @dev Emits {IReceivableNotes.OverdueDeclared}. Anyone may. Requirements: grace has passed with value outstanding that
    /// was accepted and not tendered; not yet declared.
    function declareOverdue(ReceivableId receivable) external;

    /// @notice Pays the lender of a pledged note and its holder, or reverts {PayeeRefused} where one of them cannot take it.
    /// @dev Emits {Paid} each. Requirements: caller is this contract.
    /// @param holderAccount Where the holder's cash goes.
    /// @param amount What both get together, minor units.
    function payPledged(NoteId note, address token, address payer, address holderAccount, uint256 amount) external;

    /// @notice Asks the token whether the payer could pay: moves the amount from the payer to itself, and reverts
    /// {PayerAble}.
    /// @dev Changes nothing. Requirements: caller is this contract.
    function probe(address token, address payer, uint256 amount) external;

    /// @return The receivable's last round.
    function round(ReceivableId receivable) external view returns (Round memory);

    /// @return Days after its opening during which only the last share closes a round.
    function ROUND_DAYS() external view returns (uint16);
}
