// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { PartyContext } from "./PartyContext.sol";
import { QuoteBook } from "./financing/QuoteBook.sol";
import { SaleBook } from "./financing/SaleBook.sol";
import { IFinancingDesk } from "./interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { ExactCash } from "./libraries/ExactCash.sol";
import { QuoteSigner } from "./libraries/QuoteSigner.sol";
import { SignedCash } from "./libraries/SignedCash.sol";
import { Day, NoteId, PartyId } from "./types/Ids.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The manual is the interface, {IFinancingDesk}. Its chapters are in financing/.
contract FinancingDesk is QuoteBook, SaleBook {
    using ExactCash for IERC20;
    using QuoteSigner for IParticipantRegistry;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) QuoteBook(registry_) SaleBook(notes_) {}

    /// @inheritdoc IFinancingDesk
    function finance(Deal[] calldata deals) external override returns (NoteId[] memory children) {
        (PartyId seller, address payee) = _seller(deals);
        children = new NoteId[](deals.length);
        Funding memory allowance;
        for (uint256 i = 0; i < deals.length; ++i) children[i] = _finance(deals[i], allowance, seller, payee);
    }

    /// @inheritdoc IFinancingDesk
    function financeFunded(
        Deal[] calldata deals,
        Funding[] calldata fundings
    ) external override returns (NoteId[] memory children) {
        if (fundings.length != deals.length) revert FundingsUnmatched(deals.length, fundings.length);
        (PartyId seller, address payee) = _seller(deals);
        children = new NoteId[](deals.length);
        for (uint256 i = 0; i < deals.length; ++i) children[i] = _finance(deals[i], fundings[i], seller, payee);
    }

    /// @inheritdoc IFinancingDesk
    function agree(
        Deal calldata deal,
        PartyId seller
    ) external override onlyDesk returns (uint96 cash, bytes32 digest) {
        Quote memory q = deal.quote;
        if (q.payer != address(0)) revert PayerNotAsked(q.payer);
        (, uint16 roles) = _checkBuyer(q, seller);
        digest = _take(q, deal.signature, deal.amount);
        IReceivableNotes.Receivable memory r = notes.receivable(notes.note(q.note).receivable);
        if (q.financier != r.debtor) _requireFinancier(q.financier, roles);
        cash = _priceOf(deal, r.dueDay);
        emit QuoteAgreed(q.financier, q.nonce, deal.amount);
    }

    /// @inheritdoc IFinancingDesk
    function giveBack(PartyId financier, uint256 nonce, uint96 amount) external override onlyDesk {
        _giveBack(financier, nonce, amount);
        emit QuoteGivenBack(financier, nonce, amount);
    }

    /// @inheritdoc IFinancingDesk
    function fundingNonce(Quote calldata quote, uint96 amount) external view override returns (bytes32) {
        return _fundingNonce(quote, amount);
    }

    function _seller(Deal[] calldata deals) private view returns (PartyId seller, address payee) {
        if (deals.length == 0) revert NoDeals();
        return registry.actor(_msgSender(), Rights.ACT, 0);
    }

    /// @dev Checks, effects (quote, note, undertaking), then the only interaction: the token.
    function _finance(
        Deal calldata deal,
        Funding memory funding,
        PartyId seller,
        address payee
    ) private returns (NoteId child) {
        Quote memory q = deal.quote;
        address token;
        uint96 cash;
        (child, token, cash) = _deliver(q, deal, seller);
        ExactCash.requireToken(token);
        if (q.recourse) _undertake(q, child, deal.amount, cash);
        _emitFinanced(deal.amount, child, cash, payee, token, q);
        if (funding.kind == FundingKind.Authorization) {
            _payAuthorized(funding, token, q.payer, payee, cash, _fundingNonce(q, deal.amount));
        } else {
            _payAllowed(funding, token, q.payer, payee, cash);
        }
    }

    function _deliver(
        Quote memory q,
        Deal calldata deal,
        PartyId seller
    ) private returns (NoteId child, address token, uint96 cash) {
        (address account, uint16 roles) = _checkBuyer(q, seller);
        registry.checkPayer(q.payer, q.financier, account);
        _take(q, deal.signature, deal.amount);
        Day dueDay;
        (child, token, dueDay) = notes.assign(q.note, seller, q.financier, account, deal.amount, q.registryReference);
        if (NoteId.unwrap(child) != 0) _requireFinancier(q.financier, roles);
        cash = _priceOf(deal, dueDay);
    }

    /// @dev What the debtor bought is extinguished: there is nothing left to answer for.
    function _undertake(Quote memory q, NoteId child, uint96 amount, uint96 cash) private {
        if (NoteId.unwrap(child) == 0) return;
        _recordSale(child, Sale(q.seller, amount, cash, uint16(q.rateBps), BusinessDay.today()));
    }

    function _payAllowed(Funding memory f, address token, address payer, address payee, uint96 cash) private {
        if (f.kind == FundingKind.Permit) SignedCash.tryPermit(token, payer, f.value, f.deadline, f.signature);
        IERC20(token).pay(payer, payee, cash);
    }

    function _payAuthorized(
        Funding memory f,
        address token,
        address payer,
        address payee,
        uint96 cash,
        bytes32 nonce
    ) private {
        if (f.value != cash) revert FundingNotExact(f.value, cash);
        SignedCash.payAuthorized(token, payer, payee, cash, f.deadline, nonce, f.signature);
    }

    function _fundingNonce(Quote memory q, uint96 amount) private view returns (bytes32) {
        return keccak256(abi.encode(_digest(q), amount));
    }

    function _emitFinanced(
        uint96 amount,
        NoteId child,
        uint96 cash,
        address payee,
        address token,
        Quote memory q
    ) private {
        emit NoteFinanced(
            q.note,
            child,
            q.financier,
            q.seller,
            amount,
            cash,
            q.rateBps,
            q.recourse,
            q.payer,
            payee,
            token,
            q.registryReference,
            q.nonce
        );
    }
}
