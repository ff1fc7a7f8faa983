// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { IFinancingDesk } from "./interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { ExactCash } from "./libraries/ExactCash.sol";
import { Interest } from "./libraries/Interest.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { Day, NoteId, PartyId } from "./types/Ids.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IFinancingDesk}.
contract FinancingDesk is IFinancingDesk, PartyContext, EIP712 {
    using ExactCash for IERC20;

    /// @param taken Face value taken; CANCELLED once cancelled.
    /// @param digest The first 20 bytes of the digest of the one quote that this nonce stands for; zero until then.
    struct QuoteState {
        uint96 taken;
        bytes20 digest;
    }

    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(uint40 note,uint32 seller,uint32 financier,uint96 maxAmount,uint32 rateBps,bool recourse,address payer,bytes32 registryReference,uint256 validUntil,uint256 nonce,uint32 epoch,address signer)"
    );
    uint96 private constant CANCELLED = type(uint96).max;

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    mapping(PartyId financier => mapping(uint256 nonce => QuoteState)) private _quotes;

    modifier onlyDesk() {
        if (!notes.isDesk(msg.sender)) revert IReceivableNotes.NotDesk(msg.sender);
        _;
    }

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) EIP712("Cascade FinancingDesk", "1") {
        registry = registry_;
        notes = notes_;
    }

    /// @inheritdoc IFinancingDesk
    function finance(Deal[] calldata deals) external override returns (NoteId[] memory children) {
        if (deals.length == 0) revert NoDeals();
        (PartyId seller, address payee) = registry.actor(_msgSender(), Rights.ACT, 0);
        children = new NoteId[](deals.length);
        for (uint256 i = 0; i < deals.length; ++i) children[i] = _finance(deals[i], seller, payee);
    }

    /// @inheritdoc IFinancingDesk
    function agree(
        Deal calldata deal,
        PartyId seller
    ) external override onlyDesk returns (uint96 cash, bytes32 digest) {
        Quote memory q = deal.quote;
        if (q.payer != address(0)) revert PayerNotAsked(q.payer);
        (, uint16 buyerRoles) = _checkBuyer(q, seller);
        digest = _take(q, deal.signature, deal.amount);
        IReceivableNotes.Receivable memory r = notes.receivable(notes.note(q.note).receivable);
        if (q.financier != r.debtor) _requireFinancier(q.financier, buyerRoles);
        cash = _price(deal, r.dueDay);
        emit QuoteAgreed(q.financier, q.nonce, deal.amount);
    }

    /// @inheritdoc IFinancingDesk
    function giveBack(PartyId financier, uint256 nonce, uint96 amount) external override onlyDesk {
        QuoteState storage s = _quotes[financier][nonce];
        if (s.taken != CANCELLED) s.taken -= amount;
        emit QuoteGivenBack(financier, nonce, amount);
    }

    /// @inheritdoc IFinancingDesk
    function cancelQuote(uint256 nonce) external override {
        (PartyId financier, ) = registry.actor(_msgSender(), Rights.QUOTE, 0);
        _quotes[financier][nonce].taken = CANCELLED;
        emit QuoteCancelled(financier, nonce);
    }

    /// @inheritdoc IFinancingDesk
    function taken(PartyId financier, uint256 nonce) external view override returns (uint96) {
        return _quotes[financier][nonce].taken;
    }

    /// @inheritdoc IFinancingDesk
    function quoteDigest(Quote calldata quote) external view override returns (bytes32) {
        return _digest(quote);
    }

    /// @inheritdoc IFinancingDesk
    function price(uint96 amount, uint32 rateBps, Day day, Day dueDay) public pure override returns (uint96) {
        uint256 discount = Interest.discountUp(amount, rateBps, BusinessDay.daysBetween(day, dueDay));
        return discount < amount ? uint96(amount - discount) : 0;
    }

    /// @dev Checks, effects (quote, notes), then the only interaction: the token.
    function _finance(Deal calldata deal, PartyId seller, address payee) private returns (NoteId child) {
        Quote memory q = deal.quote;
        (address buyerAccount, uint16 buyerRoles) = _checkBuyer(q, seller);
        _checkPayer(q, buyerAccount);
        _take(q, deal.signature, deal.amount);

        address token;
        uint96 cash;
        {
            Day dueDay;
            (child, token, dueDay) = notes.assign(
                q.note,
                seller,
                q.financier,
                buyerAccount,
                deal.amount,
                q.registryReference
            );
            cash = _price(deal, dueDay);
        }
        if (NoteId.unwrap(child) != 0) _requireFinancier(q.financier, buyerRoles);
        ExactCash.requireToken(token);
        _emitFinanced(deal.amount, child, cash, payee, token, q);
        uint256 before = IERC20(token).balanceOf(q.payer);
        IERC20(token).pay(q.payer, payee, cash);
        IERC20(token).checkPaid(q.payer, before, cash);
    }

    /// @dev The signer has the quote right of the active buyer under its present epoch.
    function _checkBuyer(
        Quote memory q,
        PartyId seller
    ) private view returns (address settlementAccount, uint16 roles) {
        if (q.seller != seller) revert QuoteForOtherSeller(q.seller, seller);
        PartyId signerParty;
        (signerParty, settlementAccount) = registry.actor(
            q.signer,
            Rights.QUOTE,
            Roles.FINANCIER | Roles.CORE_ENTERPRISE
        );
        if (signerParty != q.financier) revert SignerOfOtherParty(q.signer, q.financier, signerParty);
        if (q.financier == q.seller) revert BuyerIsSeller(q.seller);
        IParticipantRegistry.Party memory buyer = registry.party(q.financier);
        if (buyer.quoteEpoch != q.epoch) revert QuoteEpochOver(q.financier, q.epoch, buyer.quoteEpoch);
        roles = buyer.roles;
    }

    function _checkPayer(Quote memory q, address settlementAccount) private view {
        if (q.payer == settlementAccount) return;
        PartyId payerParty = registry.account(q.payer).party;
        if (payerParty != q.financier) revert PayerOfOtherParty(q.payer, q.financier, payerParty);
    }

    /// @dev A core enterprise buys what it owes itself, and nothing else.
    function _requireFinancier(PartyId buyer, uint16 roles) private pure {
        if (roles & Roles.FINANCIER == 0) revert IParticipantRegistry.MissingRole(buyer, roles, Roles.FINANCIER);
    }

    function _price(Deal calldata deal, Day dueDay) private view returns (uint96 cash) {
        cash = price(deal.amount, deal.quote.rateBps, BusinessDay.today(), dueDay);
        if (cash == 0 || cash < deal.minPrice) revert PriceTooLow(cash, deal.minPrice);
    }

    function _take(Quote memory q, bytes calldata signature, uint96 amount) private returns (bytes32 digest) {
        if (block.timestamp > q.validUntil) revert QuoteExpired(q.validUntil);
        digest = _digest(q);
        QuoteState memory s = _quotes[q.financier][q.nonce];
        if (s.taken == CANCELLED) revert QuoteIsCancelled(q.financier, q.nonce);
        if (s.digest != 0 && s.digest != bytes20(digest)) revert QuoteNonceTaken(q.financier, q.nonce);
        uint256 total = uint256(s.taken) + amount;
        if (total > q.maxAmount || total >= CANCELLED) {
            revert QuoteUsedUp(q.financier, q.nonce, amount, q.maxAmount > s.taken ? q.maxAmount - s.taken : 0);
        }
        _quotes[q.financier][q.nonce] = QuoteState(uint96(total), bytes20(digest));
        if (!Signatures.isValid(q.signer, digest, signature)) revert QuoteSignatureInvalid(q.signer, digest);
    }

    /// @dev Every member is one static word, in the order of the type: the struct's own encoding is the EIP-712 one.
    function _digest(Quote memory q) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, q)));
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
