// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId } from "../types/Ids.sol";

/// @title Loans that a note secures
/// @notice A holder that does not want to sell pledges: a financier lends to it against value of the note, which stays where
/// it is and, as far as it is pledged, does not move. When the note is paid, whole or by shares of a round, the lender is
/// paid first, up to its claim, and the holder gets the rest. When the claim is paid, by the note or by anybody before,
/// the pledge ends by itself.
/// The claim on a day is the principal left and simple interest on it (ACT/360, whole days), rounded down, and never more
/// than what is left of the cap agreed at the start. Payments go to interest first. Interest is kept to the fraction, so
/// that paying in parts gains nothing.
/// @dev Ranking: an order before a pledge before the holder. A frozen note's pledge neither begins, nor changes, nor ends;
/// an order that reassigns pledged value lowers what is pledged ({IReceivableNotes.NotePledged}), and the claim stays, to
/// be paid from what the note still pays. What the note's open offers give back is free. Assumptions about tokens as in
/// {IFinancingDesk}: no token is held here, and all state is written before one is called. One loan a note at a time.
interface IPledgeDesk {
    /// @notice EIP-712 `LoanQuote(uint40 note,uint32 holder,uint32 lender,uint96 pledgedValue,uint96 principal,
    /// uint32 rateBps,uint96 cap,address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,
    /// address signer)`. It is taken once, as it is.
    /// @param note The note that secures the loan.
    /// @param holder Its holder, who borrows.
    /// @param lender The financier that lends.
    /// @param pledgedValue How much of the note does not move until the loan is repaid, minor units.
    /// @param principal What is lent, minor units.
    /// @param rateBps Annual rate, basis points, ACT/360.
    /// @param cap Most that the lender ever gets, minor units.
    /// @param payer The lender's account that pays; has approved this desk for the token.
    /// @param registryReference Hash of the movable-property registry's number; zero only where policy asks for none.
    /// @param validUntil Unix seconds; counts up to and including it.
    /// @param nonce One nonce is one quote of this lender, at this desk.
    /// @param epoch The lender's quote epoch at signing.
    /// @param signer The lender's account that signs (key or ERC-1271 wallet), with the quote right.
    struct LoanQuote {
        NoteId note;
        PartyId holder;
        PartyId lender;
        uint96 pledgedValue;
        uint96 principal;
        uint32 rateBps;
        uint96 cap;
        address payer;
        bytes32 registryReference;
        uint256 validUntil;
        uint256 nonce;
        uint32 epoch;
        address signer;
    }

    /// @notice What is owed under a pledge. All zero: the note secures nothing.
    /// @param lender The financier.
    /// @param principal Left of what was lent, minor units.
    /// @param cap Left of what the lender may get, minor units.
    /// @param rateBps Annual rate, basis points.
    /// @param accrued Interest up to `since` that is not paid, exact: minor units × 3,600,000 (basis points × 360 days).
    /// @param since The day from which `principal` bears further interest.
    struct Loan {
        PartyId lender;
        uint96 principal;
        uint96 cap;
        uint32 rateBps;
        uint144 accrued;
        Day since;
    }

    /// @dev `payee` is the holder's settlement account. The terms are in the order of {LoanQuote}.
    event PledgeMade(
        NoteId indexed note,
        PartyId indexed lender,
        PartyId indexed holder,
        uint96 pledgedValue,
        uint96 principal,
        uint32 rateBps,
        uint96 cap,
        address payer,
        address payee,
        address token,
        bytes32 registryReference,
        uint256 nonce
    );
    /// @dev The lender gets `amount`: by a payment of the note ({IRepaymentDesk.Paid}) or by {LoanRepaid}.
    /// @param principal What is left of it.
    /// @param accrued What is left of it, as in {Loan}; today is its day.
    event ClaimPaid(NoteId indexed note, PartyId indexed lender, uint96 amount, uint96 principal, uint144 accrued);
    /// @notice The cash of a loan repaid otherwise than by the note.
    event LoanRepaid(NoteId indexed note, address indexed payer, address indexed payee, address token, uint96 amount);
    /// @param unpaid What was left of the claim: waived by the lender, or the note, which is paid, was not enough after an
    /// order; zero when the claim was paid.
    event PledgeReleased(NoteId indexed note, PartyId indexed lender, uint96 unpaid);
    event LoanQuoteCancelled(PartyId indexed lender, uint256 nonce);

    error LoanQuoteUsed(PartyId lender, uint256 nonce);
    error QuoteForOtherHolder(PartyId holder, PartyId caller);
    error InvalidLender(PartyId lender);
    error InvalidLoan(uint256 principal, uint256 cap, uint256 pledgedValue);
    error NotPledged(NoteId note);
    error NotLender(NoteId note, PartyId lender, PartyId caller);

    /// @notice The holder takes a lender's quote: the principal against the pledge, in one transaction.
    /// @dev Emits {PledgeMade}, {IReceivableNotes.NotePledged}. Requirements: caller has the act right of the active holder;
    /// not paused; quote for that holder, not expired, used, cancelled, nor of an old epoch; signed by an account with the
    /// quote right of an active financier that is neither the holder nor the debtor, paid from an account of the same party;
    /// note held (not reserved, frozen or pledged), before the due day, its debtor not declared overdue; a registry
    /// reference where it is required; 0 < principal ≤ cap ≤ pledged value ≤ value; a deposit token; cash exact.
    function pledge(LoanQuote calldata quote, bytes calldata signature) external;

    /// @notice Ends a quote of the caller's party, whether known here or not.
    /// @dev Emits {LoanQuoteCancelled}. Requirements: caller has the quote right of an active party.
    function cancelQuote(uint256 nonce) external;

    /// @notice Pays the lender before the note does; the whole claim paid ends the pledge. Works while paused, and for
    /// suspended or expired parties.
    /// @dev Emits {ClaimPaid}, {LoanRepaid}, perhaps {PledgeReleased}. Requirements: note pledged, and not frozen; amount
    /// positive; `payer` as in {IRepaymentDesk.repay}, has approved this desk; cash exact.
    /// @param amount What to pay, minor units; the claim, if that is less.
    /// @return paid What was paid, minor units.
    function repayLoan(NoteId note, uint96 amount, address payer) external returns (uint96 paid);

    /// @notice The lender lets the note go without being paid.
    /// @dev Emits {PledgeReleased}. Requirements: caller has the act right of the active lender; note pledged, not frozen.
    function releasePledge(NoteId note) external;

    /// @notice Takes out of a payment of the note what the lender gets first.
    /// @dev Emits {ClaimPaid}, perhaps {PledgeReleased} (claim paid, or nothing left of the note) or
    /// {IReceivableNotes.NotePledged} (less left of it than was pledged). Requirements: caller is a desk of the notes, which
    /// has settled the payment and pays both, the lender first, in this transaction.
    /// @param cash What the note's payee is due, interest included, minor units.
    /// @return lender Who is paid first; 0 when the note secures nothing.
    /// @return first What it gets, minor units: the claim, or all of `cash` if that is less.
    function collect(NoteId note, uint256 cash) external returns (PartyId lender, uint256 first);

    function loan(NoteId note) external view returns (Loan memory);

    /// @return What the lender may ask for today, minor units, rounded down.
    function claim(NoteId note) external view returns (uint96);

    /// @return Whether a quote with this nonce was taken or cancelled.
    function isQuoteUsed(PartyId lender, uint256 nonce) external view returns (bool);

    /// @return The digest that the lender signs.
    function quoteDigest(LoanQuote calldata quote) external view returns (bytes32);
}
