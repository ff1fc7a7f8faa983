// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "../PartyContext.sol";
import { IFinancingDesk } from "../interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../interfaces/IParticipantRegistry.sol";
import { BusinessDay } from "../libraries/BusinessDay.sol";
import { Interest } from "../libraries/Interest.sol";
import { QuoteSigner } from "../libraries/QuoteSigner.sol";
import { Signatures } from "../libraries/Signatures.sol";
import { Day, PartyId } from "../types/Ids.sol";
import { Rights, Roles } from "../types/Roles.sol";

/// @notice Quotes: whose they are, what was taken of them, and what they pay.
abstract contract QuoteBook is IFinancingDesk, PartyContext, EIP712 {
    using QuoteSigner for IParticipantRegistry;

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
    mapping(PartyId financier => mapping(uint256 nonce => QuoteState)) private _quotes;

    constructor(IParticipantRegistry registry_) EIP712("Cascade FinancingDesk", "1") {
        registry = registry_;
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
    function wasTaken(Quote calldata quote) external view override returns (bool) {
        QuoteState memory s = _quotes[quote.financier][quote.nonce];
        return s.taken != 0 && s.digest == bytes20(_digest(quote));
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

    /// @dev The signer has the quote right of the active buyer under its present epoch.
    function _checkBuyer(
        Quote memory q,
        PartyId seller
    ) internal view returns (address settlementAccount, uint16 roles) {
        if (q.seller != seller) revert QuoteForOtherSeller(q.seller, seller);
        if (q.financier == q.seller) revert BuyerIsSeller(q.seller);
        return registry.check(q.signer, q.financier, Roles.FINANCIER | Roles.CORE_ENTERPRISE, q.epoch);
    }

    /// @dev A core enterprise buys what it owes itself, and nothing else.
    function _requireFinancier(PartyId buyer, uint16 roles) internal pure {
        if (roles & Roles.FINANCIER == 0) revert IParticipantRegistry.MissingRole(buyer, roles, Roles.FINANCIER);
    }

    function _take(Quote memory q, bytes calldata signature, uint96 amount) internal returns (bytes32 digest) {
        if (block.timestamp > q.validUntil) revert QuoteExpired(q.validUntil);
        if (q.recourse && q.rateBps > type(uint16).max) revert RecourseRateTooHigh(q.rateBps, type(uint16).max);
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

    /// @dev A cancelled quote stays so.
    function _giveBack(PartyId financier, uint256 nonce, uint96 amount) internal {
        QuoteState storage s = _quotes[financier][nonce];
        if (s.taken != CANCELLED) s.taken -= amount;
    }

    /// @return cash What the seller gets today, which is not less than it asks.
    function _priceOf(Deal calldata deal, Day dueDay) internal view returns (uint96 cash) {
        cash = price(deal.amount, deal.quote.rateBps, BusinessDay.today(), dueDay);
        if (cash == 0 || cash < deal.minPrice) revert PriceTooLow(cash, deal.minPrice);
    }

    /// @dev Every member is one static word, in the order of the type: the struct's own encoding is the EIP-712 one.
    function _digest(Quote memory q) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, q)));
    }
}
