// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBankDesk } from "./IBankDesk.sol";
import { IBankProduct } from "./IBankProduct.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../types/Ids.sol";

/// @title Repayment by a settlement bank, to every holder directly
/// @notice The debtor names notes together with a bank's word, and they are reserved, each for what it is worth then; on the
/// bank's attestation of face value and overdue interest they are repaid in that transaction (I-9). A debtor that cannot pay
/// all has the bank pay the shares of a pro rata round ({IRepaymentDesk}, I-10).
/// @dev Only currencies of {BankRail}. From {CUTOFF_DAYS} before the due day on: until then notes stay free to move, and from
/// then on the list of payees stands while the bank works through it. Nobody but the debtor together with a bank can lock
/// a note here, for {RESERVATION_DAYS} at most. Once released it rests until the end of the next day, so that a debtor and a
/// bank that never pays cannot keep it from its holder's other remedies (I-13). Works while paused.
///
/// {deliver} emits {PaidByBank} or {PayeeNotPaid} for each line, and what {IReceivableNotes.settle} or
/// {IRepaymentDesk.takeShares} emit. Interest is counted to the value day. It asks for lines whose payee is the one the ledger
/// names and whose amount is principal and interest to the unit (0 for a share below one). A line that could not be paid out,
/// because the payee's side refused it or an arbiter's order withholds it, leaves the value on the note, from the due day on
/// tendered, and the others are paid; a note under an order that was paid all the same is an exception. Of a repayment:
/// notes reserved under it, and all of a receivable that was declared overdue. Of a round: the one that the bank was named
/// for, open; its count; notes of one receivable. {release} emits {NoteReleased}.
interface IBankRepaymentDesk is IBankProduct {
    /// @notice Which bank pays a receivable's round.
    /// @param reservation The reservation that it is paid under.
    /// @param round The round's number.
    struct RoundBank {
        bytes32 reservation;
        uint8 round;
    }

    /// @param principal What is to be paid of the note, minor units: its value when reserved.
    event NoteReserved(bytes32 indexed reservation, NoteId indexed note, PartyId indexed payee, uint96 principal);
    event RoundReserved(bytes32 indexed reservation, ReceivableId indexed receivable, uint8 round);
    /// @param amount Principal and interest, minor units; the parts are in {IReceivableNotes.NoteRepaid}. 0 for a share
    /// below one.
    event PaidByBank(
        bytes32 indexed reservation,
        NoteId indexed note,
        PartyId indexed payee,
        uint128 amount,
        Day valueDay,
        bytes32 paymentReference
    );
    /// @dev It was there to be paid, and is back. {IReceivableNotes.NoteRestored} tells the principal that the payee's side
    /// refused; a note under an order keeps its value without it.
    event PayeeNotPaid(
        bytes32 indexed reservation,
        NoteId indexed note,
        PartyId indexed payee,
        uint128 amount,
        bytes32 paymentReference
    );
    /// @param restsUntil Last day on which the debtor cannot reserve it again.
    event NoteReleased(bytes32 indexed reservation, NoteId indexed note, Day restsUntil);

    error BankIsDebtor(PartyId party);
    error BeforeCutOff(NoteId note, Day cutOffDay);
    error NoteResting(NoteId note, Day restsUntil);

    /// @notice The debtor has a bank pay notes in full: they are reserved until the bank's yes or no.
    /// @dev Emits {NoteReserved} each, {IBankDesk.Reserved}. An open offer is reserved for its offeror, and closed to answers
    /// until then. Value that comes back to a note while it is reserved is not part of what is paid. The bank signs, for
    /// {IBankDesk}, EIP-712 `RepaymentReservation(uint40[] notes,uint32 debtor,uint256 principal,address currency,uint32
    /// bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline)`, `principal` being the sum, minor units.
    /// Requirements: caller has the act right of the debtor of all notes (also when suspended or expired); notes due to
    /// someone, neither reserved nor resting; no round open; from {CUTOFF_DAYS} before the due day on; one bank-rail
    /// currency; last day today or later, at most {RESERVATION_DAYS} away; the word of a bank that is not the debtor.
    /// @return reservation The digest that the bank signed.
    function reserveRepayment(
        NoteId[] calldata notes,
        IBankDesk.Commitment calldata commitment
    ) external returns (bytes32 reservation);

    /// @notice The debtor has a bank pay the open round of a receivable; the one named before is relieved.
    /// @dev Emits {RoundReserved}, {IBankDesk.Reserved}. Marks no note: the round itself holds them. The bank signs, for
    /// {IBankDesk}, EIP-712 `RoundReservation(uint40 receivable,uint8 round,uint32 debtor,address currency,uint32 bank,uint16
    /// lastDay,address signer,uint256 nonce,uint256 deadline)`.
    /// Requirements: caller has the act right of the debtor (also when suspended or expired); round open; a bank-rail
    /// currency; last day today or later, the round's own at most; the word of a bank that is not the debtor.
    /// @return reservation The digest that the bank signed.
    function reserveRound(
        ReceivableId receivable,
        IBankDesk.Commitment calldata commitment
    ) external returns (bytes32 reservation);

    /// @return Minor units to be paid of the note under a repayment reservation; 0 once paid or released.
    function reservedPrincipal(bytes32 reservation, NoteId note) external view returns (uint96);

    function roundBank(ReceivableId receivable) external view returns (RoundBank memory);

    /// @return Last day on which the debtor cannot reserve the note again.
    function restsUntil(NoteId note) external view returns (Day);
}
