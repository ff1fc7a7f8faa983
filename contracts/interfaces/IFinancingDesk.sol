// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId } from "../types/Ids.sol";

/// @title A note, or part of one, against cash in one transaction
/// @notice Financiers quote off chain (EIP-712); only what is accepted reaches the chain. A financier's token account
/// pays the seller's settlement account: nothing is held here (I-2), and cash and note move together or not at all (I-7).
/// The cash is released by an allowance, by a permit that caps it, or by an authorization of just this payment.
/// @dev Assumptions about tokens: allow-listed ones, whose `balanceOf` tells the truth. Both balances are measured around
/// the transfer; a fee, a false or a missing movement reverts the deal. No lock against re-entrance is kept: all state
/// is written before the token is called, and a re-entrant movement of either balance makes the measure fail.
interface IFinancingDesk {
    /// @notice EIP-712 `Quote(uint40 note,uint32 seller,uint32 financier,uint96 maxAmount,uint32 rateBps,bool recourse,
    /// address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer)`.
    /// @param note The note it bids for.
    /// @param seller The holder it bids to.
    /// @param financier The party that buys.
    /// @param maxAmount Face value it takes at most, over all deals, minor units.
    /// @param rateBps Annual discount rate, basis points, ACT/360.
    /// @param recourse Whether the seller answers for the debtor.
    /// @param payer The financier's account that pays; has released the cash to this desk (see {Funding}). Zero where a
    /// bank pays.
    /// @param registryReference Hash of the movable-property registry's number; zero only where policy asks for none.
    /// @param validUntil Unix seconds; counts up to and including it.
    /// @param nonce One nonce is one quote of this financier.
    /// @param epoch The financier's quote epoch at signing.
    /// @param signer The financier's account that signs (key or ERC-1271 wallet), with the quote right.
    struct Quote {
        NoteId note;
        PartyId seller;
        PartyId financier;
        uint96 maxAmount;
        uint32 rateBps;
        bool recourse;
        address payer;
        bytes32 registryReference;
        uint256 validUntil;
        uint256 nonce;
        uint32 epoch;
        address signer;
    }

    /// @param quote The financier's terms.
    /// @param signature Its signature.
    /// @param amount Face value to sell, minor units.
    /// @param minPrice Least cash the seller takes for it, minor units.
    struct Deal {
        Quote quote;
        bytes signature;
        uint96 amount;
        uint96 minPrice;
    }

    /// @notice What a seller that answers for the debtor was paid, and on which terms. One slot.
    /// @param seller Who answers.
    /// @param amount Face value sold, minor units.
    /// @param price What was paid for it, minor units.
    /// @param rateBps The quote's annual rate, basis points.
    /// @param day The day of the sale.
    struct Sale {
        PartyId seller;
        uint96 amount;
        uint96 price;
        uint16 rateBps;
        Day day;
    }

    enum FundingKind {
        Allowance,
        Permit,
        Authorization
    }

    /// @notice How the payer released the cash.
    /// @dev The quote's payer owns and signs it. Allowance: what stands with the token; the other members are not read.
    /// Permit (ERC-2612): `value` is the most this desk may take, over all deals, until the next permit or approval;
    /// anybody may have sent it before, so one that fails is no failure, and the allowance decides. Authorization
    /// (ERC-3009 `ReceiveWithAuthorization`, to this desk): `value` is the price to the unit, `validAfter` 0, the nonce
    /// {fundingNonce}, so it pays for one deal alone.
    /// @param kind Which of the three.
    /// @param value Minor units.
    /// @param deadline Unix seconds. A permit counts up to and including it, an authorization strictly before it.
    /// @param signature A key's r, s, v; of an authorization, where the token has the bytes form, also a contract
    /// wallet's (ERC-1271).
    struct Funding {
        FundingKind kind;
        uint256 value;
        uint256 deadline;
        bytes signature;
    }

    event NoteFinanced(
        NoteId indexed note,
        NoteId indexed child,
        PartyId indexed financier,
        PartyId seller,
        uint96 amount,
        uint96 price,
        uint32 rateBps,
        bool recourse,
        address payer,
        address payee,
        address token,
        bytes32 registryReference,
        uint256 nonce
    );
    event QuoteCancelled(PartyId indexed financier, uint256 nonce);
    /// @dev Counted for a sale whose cash moves on another rail.
    event QuoteAgreed(PartyId indexed financier, uint256 nonce, uint96 amount);
    /// @dev That sale did not come about: the amount can be taken again.
    event QuoteGivenBack(PartyId indexed financier, uint256 nonce, uint96 amount);
    /// @dev The seller answers for the debtor of this note.
    event SaleRecorded(NoteId indexed note, Sale sale);
    /// @dev A note that came back to a party that had bought with recourse itself: the sale of `origin` to that party holds
    /// for it too.
    event SaleCarried(NoteId indexed note, NoteId indexed origin);

    error NoDeals();
    error QuoteExpired(uint256 validUntil);
    error QuoteIsCancelled(PartyId financier, uint256 nonce);
    error QuoteUsedUp(PartyId financier, uint256 nonce, uint256 asked, uint256 available);
    error QuoteNonceTaken(PartyId financier, uint256 nonce);
    error QuoteEpochOver(PartyId financier, uint32 epoch, uint32 current);
    error QuoteSignatureInvalid(address signer, bytes32 digest);
    error QuoteForOtherSeller(PartyId seller, PartyId caller);
    error SignerOfOtherParty(address signer, PartyId financier, PartyId party);
    error PayerOfOtherParty(address payer, PartyId financier, PartyId party);
    error PayerNotAsked(address payer);
    error BuyerIsSeller(PartyId party);
    error PriceTooLow(uint256 price, uint256 minPrice);
    error RecourseRateTooHigh(uint256 rateBps, uint256 max);
    error FundingsUnmatched(uint256 deals, uint256 fundings);
    error FundingNotExact(uint256 value, uint256 price);

    /// @notice The seller takes quotes: its cash against the buyers' notes. The payers have approved this desk.
    /// @dev Emits {NoteFinanced} each, with recourse {SaleRecorded}. Price = amount less the discount, rounded up, for the
    /// days until the due day. A quote by the debtor itself is early payment: what it buys is extinguished.
    /// Requirements: caller has the act right of the active seller; quotes for that seller, not expired, cancelled, used
    /// up, nor of an old epoch; signed by an account with the quote right of an active financier (or of the debtor), paid
    /// from an account of the same party; all that {IReceivableNotes.assign} asks; price at least `minPrice` and positive;
    /// cash exact; with recourse, a rate of at most 65,535 basis points.
    /// @return children The buyers' notes, in order; 0 where extinguished.
    function finance(Deal[] calldata deals) external returns (NoteId[] memory children);

    /// @notice As {finance}, where payers released the cash by signatures.
    /// @dev Emits as {finance}. Requirements: as {finance}; one funding for each deal; an authorization of just the price, in time, neither
    /// used nor cancelled.
    /// @param fundings How each payer released the cash, in the order of the deals.
    function financeFunded(
        Deal[] calldata deals,
        Funding[] calldata fundings
    ) external returns (NoteId[] memory children);

    /// @notice Counts a quote as taken for a desk that delivers the note when cash has moved on its own rail.
    /// @dev Emits {QuoteAgreed}. A sale with recourse the desk has kept by {recordSale}. Requirements: caller is a desk of the notes, which answers for the seller's authority and
    /// for the note; all that {finance} asks of the quote and its price, but that it names no payer.
    /// @return cash The price as of today, minor units.
    /// @return digest What the financier signed.
    function agree(Deal calldata deal, PartyId seller) external returns (uint96 cash, bytes32 digest);

    /// @notice Takes back what {agree} counted, where the sale did not come about. A cancelled quote stays so.
    /// @dev Emits {QuoteGivenBack}. Requirements: caller is a desk of the notes.
    function giveBack(PartyId financier, uint256 nonce, uint96 amount) external;

    /// @notice Ends a quote of the caller's party, whether known here or not.
    /// @dev Emits {QuoteCancelled}. Requirements: caller has the quote right of an active party.
    function cancelQuote(uint256 nonce) external;

    /// @notice Keeps the terms of a sale with recourse whose cash moved on another desk's rail.
    /// @dev Emits {SaleRecorded}. Requirements: caller is a desk of the notes, which answers for the rest.
    function recordSale(NoteId child, Sale calldata sale) external;

    /// @notice Lets the sale of `origin` hold for a note that came back to the party which had bought `origin`.
    /// @dev Emits {SaleCarried}. Requirements: caller is a desk of the notes, which answers for the rest.
    function carrySale(NoteId returned, NoteId origin) external;

    /// @return Face value already taken under a quote, minor units; the type's maximum once cancelled.
    function taken(PartyId financier, uint256 nonce) external view returns (uint96);

    /// @return Whether some of just this quote was taken.
    function wasTaken(Quote calldata quote) external view returns (bool);

    /// @return sale The sale with recourse by which the note's holder got it; zero when there is none.
    /// @return origin The note that the sale brought into being: this one, or for one that came back, the one the holder
    /// had bought; 0 when there is none. The seller's own note is its parent.
    function saleOf(NoteId note) external view returns (Sale memory sale, NoteId origin);

    /// @return The digest that the financier signs.
    function quoteDigest(Quote calldata quote) external view returns (bytes32);

    /// @return The nonce of an authorization that pays for `amount` under a quote: keccak256(abi.encode(digest, amount)).
    function fundingNonce(Quote calldata quote, uint96 amount) external view returns (bytes32);

    /// @return Cash for `amount` of face value sold on `day`, minor units, rounded down (the discount is rounded up).
    function price(uint96 amount, uint32 rateBps, Day day, Day dueDay) external pure returns (uint96);
}
