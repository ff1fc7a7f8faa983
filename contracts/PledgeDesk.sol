// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "./interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IPledgeDesk } from "./interfaces/IPledgeDesk.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { ExactCash } from "./libraries/ExactCash.sol";
import { Loans } from "./libraries/Loans.sol";
import { OwnCash } from "./libraries/OwnCash.sol";
import { QuoteSigner } from "./libraries/QuoteSigner.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { NoteId, PartyId, ReceivableId } from "./types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IPledgeDesk}.
contract PledgeDesk is IPledgeDesk, PartyContext, EIP712 {
    using ExactCash for IERC20;
    using Loans for Loan;
    using QuoteSigner for IParticipantRegistry;

    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "LoanQuote(uint40 note,uint32 holder,uint32 lender,uint96 pledgedValue,uint96 principal,uint32 rateBps,uint96 cap,address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer)"
    );

    IParticipantRegistry public immutable registry;
    ICreditRegister public immutable credit;
    IReceivableNotes public immutable notes;
    mapping(NoteId => Loan) private _loans;
    mapping(PartyId lender => mapping(uint256 nonce => bool)) public override isQuoteUsed;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        ICreditRegister credit_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) EIP712("Cascade PledgeDesk", "1") {
        registry = registry_;
        credit = credit_;
        notes = notes_;
    }

    // -- the loan begins

    /// @inheritdoc IPledgeDesk
    function pledge(LoanQuote calldata quote, bytes calldata signature) external override {
        LoanQuote memory q = quote;
        (PartyId holder, address payee) = registry.actor(_msgSender(), Rights.ACT, 0);
        if (q.holder != holder) revert QuoteForOtherHolder(q.holder, holder);
        _checkLender(q);
        address token = _checkNote(q);
        if (q.principal == 0 || q.principal > q.cap || q.cap > q.pledgedValue) {
            revert InvalidLoan(q.principal, q.cap, q.pledgedValue);
        }
        _use(q, signature);
        _loans[q.note] = Loan(q.lender, q.principal, q.cap, q.rateBps, 0, BusinessDay.today());
        _emitMade(q, payee, token);
        notes.setPledge(q.note, q.pledgedValue);
        IERC20(token).pay(q.payer, payee, q.principal);
    }

    /// @dev The signer has the quote right of the active lender under its present epoch, and the payer is the lender's own.
    function _checkLender(LoanQuote memory q) private view {
        if (q.lender == q.holder) revert InvalidLender(q.lender);
        (address settlementAccount, ) = registry.check(q.signer, q.lender, Roles.FINANCIER, q.epoch);
        registry.checkPayer(q.payer, q.lender, settlementAccount);
    }

    /// @return token The deposit token of the note's currency.
    function _checkNote(LoanQuote memory q) private view returns (address token) {
        if (notes.isPaused()) revert IReceivableNotes.ProtocolPaused();
        IReceivableNotes.Note memory n = notes.note(q.note);
        if (n.holder != q.holder) revert IReceivableNotes.NotHolder(q.note, n.holder, q.holder);
        IReceivableNotes.NoteStatus status = notes.noteStatus(q.note);
        if (status != IReceivableNotes.NoteStatus.Held) revert IReceivableNotes.NotHeld(q.note, status);
        if (q.pledgedValue > n.value) revert IReceivableNotes.ValueExceeded(q.note, q.pledgedValue, n.value);
        IReceivableNotes.Receivable memory r = notes.receivable(n.receivable);
        if (q.lender == r.debtor) revert InvalidLender(q.lender);
        if (BusinessDay.today() >= r.dueDay) revert IReceivableNotes.NotBeforeDueDay(q.note, r.dueDay);
        credit.requireNotOverdue(r.debtor);
        if (q.registryReference == 0 && r.flags & ReceivableFlags.REGISTRY_REQUIRED != 0) {
            revert IReceivableNotes.RegistryReferenceMissing(q.note);
        }
        token = notes.currencyToken(r.currency);
        ExactCash.requireToken(token);
    }

    function _use(LoanQuote memory q, bytes calldata signature) private {
        if (block.timestamp > q.validUntil) revert IFinancingDesk.QuoteExpired(q.validUntil);
        if (isQuoteUsed[q.lender][q.nonce]) revert LoanQuoteUsed(q.lender, q.nonce);
        isQuoteUsed[q.lender][q.nonce] = true;
        bytes32 digest = _digest(q);
        if (!Signatures.isValid(q.signer, digest, signature)) {
            revert IFinancingDesk.QuoteSignatureInvalid(q.signer, digest);
        }
    }

    /// @inheritdoc IPledgeDesk
    function cancelQuote(uint256 nonce) external override {
        (PartyId lender, ) = registry.actor(_msgSender(), Rights.QUOTE, 0);
        isQuoteUsed[lender][nonce] = true;
        emit LoanQuoteCancelled(lender, nonce);
    }

    /// @inheritdoc IPledgeDesk
    function quoteDigest(LoanQuote calldata quote) external view override returns (bytes32) {
        return _digest(quote);
    }

    /// @dev Every member is one static word, in the order of the type: the struct's own encoding is the EIP-712 one.
    function _digest(LoanQuote memory q) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, q)));
    }

    // -- the loan ends

    /// @inheritdoc IPledgeDesk
    function repayLoan(NoteId note, uint96 amount, address payer) external override returns (uint96 paid) {
        OwnCash.check(registry, payer, _msgSender());
        if (amount == 0) revert IReceivableNotes.ZeroAmount();
        (Loan memory l, ReceivableId receivable) = _movable(note);
        uint96 claimed = l.claimDown();
        paid = amount < claimed ? amount : claimed;
        address token = notes.currencyToken(notes.receivable(receivable).currency);
        address payee = registry.settlementAccountOf(l.lender);
        _pay(note, l, paid);
        emit LoanRepaid(note, payer, payee, token, paid);
        if (paid == claimed) _release(note, l.lender, 0);
        IERC20(token).pay(payer, payee, paid);
    }

    /// @inheritdoc IPledgeDesk
    function releasePledge(NoteId note) external override {
        (PartyId caller, ) = registry.actor(_msgSender(), Rights.ACT, 0);
        (Loan memory l, ) = _movable(note);
        if (l.lender != caller) revert NotLender(note, l.lender, caller);
        _release(note, caller, l.claimDown());
    }

    /// @inheritdoc IPledgeDesk
    function collect(NoteId note, uint256 cash) external override returns (PartyId lender, uint256 first) {
        if (!notes.isDesk(msg.sender)) revert IReceivableNotes.NotDesk(msg.sender);
        Loan memory l = _loans[note];
        lender = l.lender;
        if (PartyId.unwrap(lender) == 0) return (lender, 0);
        l.accrue(BusinessDay.today());
        uint96 claimed = l.claimDown();
        first = cash < claimed ? cash : claimed;
        _pay(note, l, uint96(first));
        uint96 left = notes.note(note).value;
        if (left == 0 || first == claimed) _release(note, lender, claimed - uint96(first));
        else if (notes.pledgedValue(note) > left) notes.setPledge(note, left);
    }

    function _pay(NoteId note, Loan memory l, uint96 amount) private {
        l.pay(amount);
        _loans[note] = l;
        emit ClaimPaid(note, l.lender, amount, l.principal, l.accrued);
    }

    function _release(NoteId note, PartyId lender, uint96 unpaid) private {
        delete _loans[note];
        emit PledgeReleased(note, lender, unpaid);
        notes.setPledge(note, 0);
    }

    /// @return l The note's loan, accrued up to today; an order lets nothing of it change.
    function _movable(NoteId note) private view returns (Loan memory l, ReceivableId receivable) {
        l = _accrued(note);
        if (PartyId.unwrap(l.lender) == 0) revert NotPledged(note);
        IReceivableNotes.Note memory n = notes.note(note);
        if (n.flags & NoteFlags.FROZEN != 0) revert IReceivableNotes.NoteFrozen(note);
        receivable = n.receivable;
    }

    // -- reading

    /// @inheritdoc IPledgeDesk
    function loan(NoteId note) external view override returns (Loan memory) {
        return _loans[note];
    }

    /// @inheritdoc IPledgeDesk
    function claim(NoteId note) external view override returns (uint96) {
        return _accrued(note).claimDown();
    }

    function _accrued(NoteId note) private view returns (Loan memory l) {
        l = _loans[note];
        l.accrue(BusinessDay.today());
    }

    // -- telling

    function _emitMade(LoanQuote memory q, address payee, address token) private {
        emit PledgeMade(
            q.note,
            q.lender,
            q.holder,
            q.pledgedValue,
            q.principal,
            q.rateBps,
            q.cap,
            q.payer,
            payee,
            token,
            q.registryReference,
            q.nonce
        );
    }
}
