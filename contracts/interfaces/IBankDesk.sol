// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId } from "../types/Ids.sol";

/// @title The word of settlement banks, where cash moves in their books and not on this chain
/// @notice A bank first signs that it will carry a payment, and what it is about is reserved. Then it attests that it has
/// paid, and the product desk that reserved delivers in that transaction: a sale ({IBankSaleDesk}), a repayment or a round
/// ({IBankRepaymentDesk}). A bank that says no, or nothing until the reservation's last day, leaves everything as it was.
/// What it attests too late, or what fits no reservation, is recorded as an exception, never dropped: money has moved that
/// the ledger cannot answer with a note.
/// @dev A bank is an active party with the settlement bank role; docs/threat-model.md says what a dishonest one can do. No
/// token is ever called. An attestation stands or falls as a whole. Gas is bounded by the arguments.
interface IBankDesk {
    enum Outcome {
        None,
        Delivered,
        Exception
    }

    /// @notice A bank's word that it will carry a payment: these members end the type of every reservation.
    /// @param bank The settlement bank.
    /// @param lastDay Last day on which its attestation counts.
    /// @param signer The bank's account that signs (key or ERC-1271 wallet), with the act right.
    /// @param nonce Tells the reservation from others of the same terms.
    /// @param deadline Unix seconds; the word can be taken up to and including it.
    /// @param signature Of the EIP-712 digest of the reservation, which becomes its id.
    struct Commitment {
        PartyId bank;
        Day lastDay;
        address signer;
        uint256 nonce;
        uint256 deadline;
        bytes signature;
    }

    /// @param product The desk that reserved, and delivers.
    /// @param bank The bank that pays.
    /// @param reservedDay When it was made: no payment counts that was made before.
    /// @param lastDay Last day on which the bank's attestation counts.
    /// @param declined The bank said no.
    struct Reservation {
        address product;
        PartyId bank;
        Day reservedDay;
        Day lastDay;
        bool declined;
    }

    /// @notice One payment of a bank.
    /// @param note The note it pays for.
    /// @param payee Who got it: the seller, or the party that the note is due to.
    /// @param amount Cash, minor units, interest included.
    /// @param refused It was there to be paid, and is back: the payee's side could not take it (an account closed or
    /// blocked), or an order withholds it.
    struct Line {
        NoteId note;
        PartyId payee;
        uint128 amount;
        bool refused;
    }

    /// @notice EIP-712 `Attestation(uint32 bank,bytes32 reservation,address currency,uint16 valueDay,uint96 counted,bytes32
    /// paymentReference,Line[] lines,address signer,uint256 deadline)Line(uint40 note,uint32 payee,uint128 amount,bool refused)`.
    /// @param bank The settlement bank.
    /// @param reservation What it pays.
    /// @param currency The currency paid, as it stands in the table of currencies.
    /// @param valueDay The day on which the payees got it.
    /// @param counted In a round, how much of it was counted before (shares depend on their order); else 0.
    /// @param paymentReference The bank's reference, unique to it: one is one attestation.
    /// @param lines What was paid.
    /// @param signer The bank's account that signs, with the act right.
    /// @param deadline Unix seconds; counts up to and including it.
    struct Attestation {
        PartyId bank;
        bytes32 reservation;
        address currency;
        Day valueDay;
        uint96 counted;
        bytes32 paymentReference;
        Line[] lines;
        address signer;
        uint256 deadline;
    }

    /// @notice What became of a bank's reference.
    /// @param outcome Delivered, or an exception.
    /// @param digest The first 31 bytes of the digest of the attestation that it stands for.
    struct Record {
        Outcome outcome;
        bytes31 digest;
    }

    event Reserved(
        bytes32 indexed reservation,
        PartyId indexed bank,
        address indexed product,
        Day reservedDay,
        Day lastDay
    );
    event ReservationDeclined(bytes32 indexed reservation);
    event PaymentDelivered(
        PartyId indexed bank,
        bytes32 indexed paymentReference,
        bytes32 indexed reservation,
        bytes32 digest
    );
    /// @param digest Of the attestation.
    /// @param reason The refusal that stood against delivery, in the error's own encoding.
    event BankException(
        PartyId indexed bank,
        bytes32 indexed paymentReference,
        bytes32 indexed reservation,
        bytes32 digest,
        address currency,
        Day valueDay,
        Line[] lines,
        bytes reason
    );

    error SignerOfOtherBank(address signer, PartyId bank, PartyId party);
    error BankSignatureInvalid(address signer, bytes32 digest);
    error ReservationExists(bytes32 reservation);
    error UnknownReservation(bytes32 reservation);
    error ReservationOver(bytes32 reservation, Day lastDay);
    error ReservationNotOver(bytes32 reservation, Day lastDay);
    error LastDayInvalid(Day lastDay, Day earliest, Day latest);
    error OtherBank(PartyId expected, PartyId bank);
    error ReferenceMissing();
    error ReferenceUsed(PartyId bank, bytes32 paymentReference);
    error ValueDayInvalid(Day valueDay, Day earliest, Day latest);

    // -- product desks

    /// @notice Takes a bank's word for a reservation of the calling product.
    /// @dev Emits {Reserved}. The product answers for the terms, the caller's authority and the latest last day.
    /// Requirements: caller is a desk of the notes; signed by an account with the act right of the active settlement bank; not
    /// past its deadline; the digest new; last day from today to `latest`.
    /// @param commitment The bank's word.
    /// @param structHash EIP-712 hash of the reservation's terms, the commitment's members included.
    /// @param latest Latest day that the last day may be.
    /// @return reservation The digest that the bank signed.
    function reserve(
        Commitment calldata commitment,
        bytes32 structHash,
        Day latest
    ) external returns (bytes32 reservation);

    // -- the bank's answer

    /// @notice The bank has paid: its reservation's product delivers; or, where that cannot be, an exception is recorded.
    /// @dev Anyone brings it. Emits {PaymentDelivered} besides what the product emits; or {BankException}. It becomes an
    /// exception where the reservation is unknown, over or another bank's, where the payment came before it, and where
    /// the product or the ledger refuses: something not reserved under it or paid to another party than the ledger names, a
    /// note frozen, the protocol paused (a sale), the debtor overdue (a sale), a round open, and so on. What was reserved
    /// stays so until the reservation ends. Until then the same attestation can be brought again, and delivers once
    /// what stood against it has passed; or the bank attests anew under another reference, or declines.
    /// Requirements: signed by an account with the act right of the active settlement bank; not past its deadline; a line;
    /// value day today or before; reference not zero and not used for another attestation; currency, count and amounts exact,
    /// as the product says: the bank's own figures are refused, for it to correct, and make no exception.
    function attest(Attestation calldata attestation, bytes calldata signature) external;

    /// @notice The bank says no.
    /// @dev Emits {ReservationDeclined}, and what the product emits for each note named; anyone releases the others by
    /// {lapse}. Requirements: caller has the act right of the reservation's bank, which is active; not declined; notes
    /// reserved under it.
    function decline(bytes32 reservation, NoteId[] calldata notes) external;

    /// @notice Anyone releases notes whose reservation is over.
    /// @dev Emits what the product emits for each note. Requirements: the reservation's last day has passed, or the bank declined; notes reserved under it.
    function lapse(bytes32 reservation, NoteId[] calldata notes) external;

    // -- reading

    function reservation(bytes32 id) external view returns (Reservation memory);

    /// @return What became of a bank's reference.
    function record(PartyId bank, bytes32 paymentReference) external view returns (Record memory);

    /// @return The digest that a bank signs to attest.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);

    /// @return The EIP-712 digest of a reservation's terms, which a bank signs, and which is the reservation's id.
    function reservationDigest(bytes32 structHash) external view returns (bytes32);
}
