// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "./PartyContext.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "./interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BankRail } from "./libraries/BankRail.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { PolicyBounds } from "./libraries/PolicyBounds.sol";
import { Day, PartyId, ReceivableId } from "./types/Ids.sol";
import { ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IIssuanceDesk}.
contract IssuanceDesk is IIssuanceDesk, PartyContext {
    IParticipantRegistry public immutable registry;
    ICreditRegister public immutable credit;
    IReceivableNotes public immutable notes;

    uint16 public override currencyCount;
    uint32 private _policyNumber;
    mapping(address token => uint16) public override currencyOf;
    Policy private _policy;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        ICreditRegister credit_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) {
        registry = registry_;
        credit = credit_;
        notes = notes_;
    }

    /// @inheritdoc IIssuanceDesk
    function confirm(
        uint16 currency,
        Confirmation[] calldata items,
        ICreditRegister.Attestation calldata attestation
    ) external override returns (ReceivableId first) {
        if (items.length == 0) revert NothingToConfirm();
        (PartyId debtor, ) = registry.actor(_msgSender(), Rights.ACT, Roles.CORE_ENTERPRISE);
        Policy memory p = _policy;
        address token;
        (first, token) = notes.issue(debtor, _conditions(currency, p), _debts(debtor, currency, p, items));
        credit.open(debtor, token, items, attestation, first);
    }

    /// @inheritdoc IIssuanceDesk
    function setPolicy(Policy calldata terms) external override restricted {
        PolicyBounds.check(terms);
        _policy = terms;
        emit PolicySet(++_policyNumber, terms);
    }

    /// @inheritdoc IIssuanceDesk
    function allowCurrency(address token) external override restricted returns (uint16 currency) {
        if (token.code.length == 0 && !BankRail.isCode(token)) revert InvalidToken(token);
        if (currencyOf[token] != 0) revert CurrencyAlreadyAllowed(token, currencyOf[token]);
        currency = ++currencyCount;
        currencyOf[token] = currency;
        notes.setCurrency(currency, token);
    }

    /// @inheritdoc IIssuanceDesk
    function policy() external view override returns (uint32 number, Policy memory terms) {
        return (_policyNumber, _policy);
    }

    function _conditions(uint16 currency, Policy memory p) private pure returns (IReceivableNotes.Conditions memory) {
        return
            IReceivableNotes.Conditions({
                currency: currency,
                tierLimit: p.tierLimit,
                graceDays: p.graceDays,
                overdueRateBps: p.overdueRateBps,
                offerLifetimeDays: p.offerLifetimeDays,
                minChildValue: p.minChildValue
            });
    }

    function _debts(
        PartyId debtor,
        uint16 currency,
        Policy memory p,
        Confirmation[] calldata items
    ) private view returns (IReceivableNotes.Debt[] memory debts) {
        Day today = BusinessDay.today();
        uint32 number = _policyNumber;
        address[] memory accounts = registry.requireActive(_creditors(items), Roles.SUPPLIER);
        debts = new IReceivableNotes.Debt[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            Confirmation calldata c = items[i];
            if (c.creditor == debtor) revert CreditorIsDebtor(debtor);
            IReceivableNotes.Terms memory t = IReceivableNotes.Terms({
                faceValue: c.amount,
                currency: currency,
                deliveryDay: c.deliveryDay,
                dueDay: c.dueDay,
                confirmedDay: today,
                policy: number,
                flags: 0,
                evidenceHash: c.evidenceHash
            });
            t.flags = _checkTerms(p, today, t);
            debts[i] = IReceivableNotes.Debt(c.creditor, accounts[i], t);
        }
    }

    /// @return flags Bits of {ReceivableFlags} that the terms carry.
    function _checkTerms(
        Policy memory p,
        Day today,
        IReceivableNotes.Terms memory t
    ) private pure returns (uint8 flags) {
        if (t.faceValue == 0) revert IReceivableNotes.ZeroAmount();
        if (t.evidenceHash == 0) revert EvidenceMissing();
        if (t.dueDay < today) revert DueDayPast(t.dueDay, today);
        if (t.deliveryDay > today) revert DeliveryAfterToday(t.deliveryDay, today);
        uint256 tenor = BusinessDay.daysBetween(today, t.dueDay);
        if (tenor > p.hardTenorDays) revert TenorOverPolicy(tenor, p.hardTenorDays);
        if (tenor > p.defaultTenorDays) flags |= ReceivableFlags.LONG_TENOR;
        if (BusinessDay.daysBetween(t.deliveryDay, t.dueDay) > p.termsDays) flags |= ReceivableFlags.LONG_TERMS;
        if (p.registryReferenceRequired) flags |= ReceivableFlags.REGISTRY_REQUIRED;
    }

    function _creditors(Confirmation[] calldata items) private pure returns (PartyId[] memory parties) {
        parties = new PartyId[](items.length);
        for (uint256 i = 0; i < items.length; ++i) parties[i] = items[i].creditor;
    }
}
