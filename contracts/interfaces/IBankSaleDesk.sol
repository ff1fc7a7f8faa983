// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBankDesk } from "./IBankDesk.sol";
import { IBankProduct } from "./IBankProduct.sol";
import { IFinancingDesk } from "./IFinancingDesk.sol";
import { NoteId, PartyId } from "../types/Ids.sol";

/// @title A note, or part of one, against cash that a settlement bank carries
/// @notice The seller takes a financier's quote together with a bank's word, and the note is reserved: nothing of it moves.
/// On the bank's attestation of just the price, the note passes in that transaction (I-7); else it is free again, and the
/// quote too.
/// @dev Only currencies of {BankRail}. The seller and a bank alone can lock a note here, for {RESERVATION_DAYS} at most and
/// never into the last {CUTOFF_DAYS} before the due day, whatever is signed (I-13). {deliver} emits {SaleDelivered}; it asks
/// for one line, of the note, to the seller, of just the price and taken by it, and for all that {IReceivableNotes.assign} asks. {release}
/// emits {SaleReleased} and {IFinancingDesk.QuoteGivenBack}.
interface IBankSaleDesk is IBankProduct {
    /// @notice A deal under way.
    /// @param note The note that is sold from.
    /// @param seller Its holder.
    /// @param financier The buyer.
    /// @param amount Face value, minor units.
    /// @param rateBps Annual discount rate, basis points.
    /// @param recourse Whether the seller answers for the debtor.
    /// @param price Cash, minor units: as of the day of the reservation.
    /// @param registryReference As quoted.
    /// @param quoteNonce The quote it was agreed under.
    struct Sale {
        NoteId note;
        PartyId seller;
        PartyId financier;
        uint96 amount;
        uint32 rateBps;
        bool recourse;
        uint96 price;
        bytes32 registryReference;
        uint256 quoteNonce;
    }

    /// @dev The quote's amount is counted as taken: {IFinancingDesk.QuoteAgreed}.
    event SaleReserved(bytes32 indexed reservation, NoteId indexed note, PartyId indexed financier, Sale sale);
    /// @dev With recourse {IFinancingDesk.SaleRecorded} goes before it: as of the day on which the bank paid.
    /// @param child The buyer's note; 0 where extinguished.
    event SaleDelivered(
        bytes32 indexed reservation,
        NoteId indexed note,
        NoteId indexed child,
        bytes32 paymentReference
    );
    event SaleReleased(bytes32 indexed reservation, NoteId indexed note);

    error OnlyItself(address caller);
    error Rehearsed();

    /// @notice The seller takes a quote whose cash a bank will carry: the note is reserved until the bank's yes or no.
    /// @dev Emits {SaleReserved}, {IBankDesk.Reserved}, {IFinancingDesk.QuoteAgreed}. The bank signs, for {IBankDesk}, EIP-712
    /// `SaleReservation(uint40 note,uint32 seller,uint32 financier,uint96 amount,uint96 price,address currency,bytes32
    /// quote,uint32 bank,uint16 lastDay,address signer,uint256 nonce,uint256 deadline)`, `quote` being the quote's own
    /// digest. The price is fixed as of today; the days until the bank pays are the seller's to bear. What was agreed stands,
    /// also when the quote is cancelled, its epoch raised or a party suspended in the meantime.
    /// Requirements: caller has the act right of the active seller; all that {IFinancingDesk.finance} asks of the quote, but
    /// that it names no payer; all that {IReceivableNotes.assign} asks; a bank-rail currency; last day today or later, at
    /// most {RESERVATION_DAYS} away and more than {CUTOFF_DAYS} before the due day; the bank's word.
    /// @return reservation The digest that the bank signed.
    function reserveSale(
        IFinancingDesk.Deal calldata deal,
        IBankDesk.Commitment calldata commitment
    ) external returns (bytes32 reservation);

    /// @notice Asks the ledger whether a sale could be delivered now: delivers it, and reverts {Rehearsed}.
    /// @dev Emits nothing: it changes nothing. Requirements: caller is this contract.
    function rehearse(bytes32 reservation) external;

    /// @return The deal under way; zeros once it is delivered or released.
    function sale(bytes32 reservation) external view returns (Sale memory);
}
