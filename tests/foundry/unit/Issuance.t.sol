// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { ReceivableFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice A core enterprise confirms what it owes.
contract ConfirmTest is Suite {
    function _refusedFor(IIssuanceDesk.Confirmation memory c, bytes memory reason) private {
        IIssuanceDesk.Confirmation[] memory items = _one(c);
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        _refused(reason);
        _by(core.account);
        issuance.confirm(CNY, items, a);
    }

    function test_confirm_writesTheDebtAndItsRoot() external {
        IIssuanceDesk.Confirmation memory c = _item(tier1, FACE);
        IIssuanceDesk.Confirmation[] memory items = _one(c);
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        ReceivableId id = ReceivableId.wrap(1);
        NoteId root = NoteId.wrap(1);
        Day lapseDay = _day(LIFETIME);

        _emits(address(notes));
        emit IReceivableNotes.ReceivableConfirmed(
            id,
            core.id,
            root,
            IReceivableNotes.Terms({
                faceValue: FACE,
                currency: CNY,
                deliveryDay: c.deliveryDay,
                dueDay: c.dueDay,
                confirmedDay: _day(0),
                policy: 1,
                flags: ReceivableFlags.REGISTRY_REQUIRED | ReceivableFlags.LONG_TERMS,
                evidenceHash: EVIDENCE
            })
        );
        _emits(address(notes));
        emit IReceivableNotes.NoteOffered(root, NoteId.wrap(0), tier1.id, id, FACE, 1, lapseDay, EVIDENCE);
        _emits(address(notes));
        emit IReceivableNotes.Transfer(address(0), tier1.cash, 1);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(0, 1, FACE);
        _by(core.account);
        _eq(issuance.confirm(CNY, items, a), id, "first");

        IReceivableNotes.Note memory n = notes.note(root);
        _eq(n.value, FACE, "value");
        _eq(n.parent, NoteId.wrap(0), "parent");
        _eq(n.receivable, id, "receivable");
        _eq(n.holder, tier1.id, "holder");
        _eq(n.tier, 1, "tier");
        _eq(n.flags, 0, "flags");
        _eq(Day.unwrap(n.lapseDay), Day.unwrap(lapseDay), "lapse day");
        _checkReceivable(id, root, c);
        _eq(notes.noteCount(), 1, "notes");
        _eq(notes.receivableCount(), 1, "receivables");
        vm.assertEq(notes.ownerOf(1), tier1.cash, "owner");
        _eq(notes.balanceOf(1), FACE, "balance");
        _eq(notes.slotOf(1), 1, "slot");
    }

    function _checkReceivable(ReceivableId id, NoteId root, IIssuanceDesk.Confirmation memory c) private view {
        IReceivableNotes.Receivable memory r = notes.receivable(id);
        _eq(r.debtor, core.id, "debtor");
        _eq(r.faceValue, FACE, "face value");
        _eq(r.outstanding, FACE, "outstanding");
        _eq(Day.unwrap(r.dueDay), Day.unwrap(c.dueDay), "due day");
        _eq(r.currency, CNY, "currency");
        _eq(r.root, root, "root");
        _eq(r.tierLimit, TIERS, "tier limit");
        _eq(r.graceDays, GRACE, "grace");
        _eq(r.overdueRateBps, OVERDUE_RATE, "overdue rate");
        _eq(r.offerLifetimeDays, LIFETIME, "lifetime");
        _eq(r.minChildValue, MINIMUM, "minimum");
        _eq(Day.unwrap(r.deliveryDay), Day.unwrap(c.deliveryDay), "delivery day");
        _eq(Day.unwrap(r.confirmedDay), _today(), "confirmed day");
        _eq(r.flags, ReceivableFlags.REGISTRY_REQUIRED | ReceivableFlags.LONG_TERMS, "flags");
    }

    function test_confirm_manyInOrder() external {
        IIssuanceDesk.Confirmation[] memory items = new IIssuanceDesk.Confirmation[](3);
        items[0] = _item(tier1, 100);
        items[1] = _item(tier2, 200);
        items[2] = _item(tier1, 300);
        _confirm(core, tier3, 50);
        ReceivableId first = _confirm(core, EUR, items);
        _eq(first, ReceivableId.wrap(2), "first");
        for (uint40 i = 0; i < 3; ++i) {
            IReceivableNotes.Receivable memory r = notes.receivable(ReceivableId.wrap(2 + i));
            _eq(r.faceValue, 100 * (i + 1), "face");
            _eq(r.currency, EUR, "currency");
            _eq(r.root, NoteId.wrap(2 + i), "root");
            _eq(notes.note(r.root).holder, items[i].creditor, "holder");
        }
        _eq(credit.line(core.id, address(eur)).used, 600, "line");
        _eq(notes.noteCount(), 4, "notes");
    }

    function test_confirm_flagsLongTenorAndTerms() external {
        IIssuanceDesk.Confirmation memory c = _item(tier1, FACE);
        c.deliveryDay = Day.wrap(_today() - 1);
        c.dueDay = _day(59);
        _eq(_flags(c), ReceivableFlags.REGISTRY_REQUIRED, "60 days from delivery");
        c = _item(tier1, FACE);
        c.dueDay = _day(61);
        _eq(_flags(c), ReceivableFlags.REGISTRY_REQUIRED | ReceivableFlags.LONG_TERMS, "61 days");
        c = _item(tier1, FACE);
        c.dueDay = _day(183);
        _eq(_flags(c), ReceivableFlags.REGISTRY_REQUIRED | ReceivableFlags.LONG_TERMS, "the default tenor");
        c = _item(tier1, FACE);
        c.dueDay = _day(184);
        _eq(
            _flags(c),
            ReceivableFlags.REGISTRY_REQUIRED | ReceivableFlags.LONG_TERMS | ReceivableFlags.LONG_TENOR,
            "above the default tenor"
        );
        IIssuanceDesk.Policy memory p = _policy();
        p.registryReferenceRequired = false;
        _by(policyOfficer);
        issuance.setPolicy(p);
        c = _item(tier1, FACE);
        c.dueDay = _day(0);
        _eq(_flags(c), 0, "no reference asked for, due today");
    }

    function _flags(IIssuanceDesk.Confirmation memory c) private returns (uint8) {
        return notes.receivable(_confirm(core, CNY, _one(c))).flags;
    }

    function test_confirm_tenorUpToTheHardOne() external {
        IIssuanceDesk.Confirmation memory c = _item(tier1, FACE);
        c.dueDay = _day(366);
        _refusedFor(c, abi.encodeWithSelector(IIssuanceDesk.TenorOverPolicy.selector, 366, 365));
        c.dueDay = _day(365);
        _confirm(core, CNY, _one(c));
    }

    function test_confirm_refusedForTerms() external {
        IIssuanceDesk.Confirmation memory c = _item(tier1, 0);
        _refusedFor(c, _error(IReceivableNotes.ZeroAmount.selector));
        c = _item(tier1, FACE);
        c.evidenceHash = 0;
        _refusedFor(c, _error(IIssuanceDesk.EvidenceMissing.selector));
        c = _item(tier1, FACE);
        c.dueDay = Day.wrap(_today() - 1);
        _refusedFor(c, abi.encodeWithSelector(IIssuanceDesk.DueDayPast.selector, c.dueDay, _today()));
        c = _item(tier1, FACE);
        c.deliveryDay = _day(1);
        _refusedFor(c, abi.encodeWithSelector(IIssuanceDesk.DeliveryAfterToday.selector, c.deliveryDay, _today()));
    }

    function test_confirm_refusedForParties() external {
        _refusedFor(_item(core, FACE), abi.encodeWithSelector(IIssuanceDesk.CreditorIsDebtor.selector, core.id));
        _refusedFor(
            _item(financier, FACE),
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                financier.id,
                Roles.FINANCIER,
                Roles.SUPPLIER
            )
        );
        IIssuanceDesk.Confirmation[] memory items = _one(_item(tier2, FACE));
        ICreditRegister.Attestation memory a = _attest(tier1, address(cny), items);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                tier1.id,
                Roles.SUPPLIER,
                Roles.CORE_ENTERPRISE
            )
        );
        _by(tier1.account);
        issuance.confirm(CNY, items, a);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                core.cash,
                core.id,
                Rights.SETTLE,
                Rights.ACT
            )
        );
        _by(core.cash);
        issuance.confirm(CNY, items, a);
    }

    function test_confirm_refusedForNothing() external {
        IIssuanceDesk.Confirmation[] memory items = new IIssuanceDesk.Confirmation[](0);
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        _refused(_error(IIssuanceDesk.NothingToConfirm.selector));
        _by(core.account);
        issuance.confirm(CNY, items, a);
    }

    function test_confirm_refusedWhilePaused() external {
        _by(urgentOfficer);
        notes.setPaused(true);
        _refusedFor(_item(tier1, FACE), _error(IReceivableNotes.ProtocolPaused.selector));
        _by(urgentOfficer);
        notes.setPaused(false);
        _confirm(core, tier1, FACE);
    }

    function test_confirm_refusedForUnknownCurrency() external {
        IIssuanceDesk.Confirmation[] memory items = _one(_item(tier1, FACE));
        ICreditRegister.Attestation memory a = _attest(core, address(cny), items);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownCurrency.selector, 3));
        _by(core.account);
        issuance.confirm(3, items, a);
    }

    /// @dev The offer's life ends with the due day.
    function test_confirm_offerLapsesByTheDueDay() external {
        IIssuanceDesk.Confirmation memory c = _item(tier1, FACE);
        c.dueDay = _day(LIFETIME - 1);
        ReceivableId id = _confirm(core, CNY, _one(c));
        _eq(Day.unwrap(notes.note(notes.receivable(id).root).lapseDay), Day.unwrap(c.dueDay), "due day");
    }
}

/// @notice The operator's policy, within its hard caps.
contract PolicyTest is Suite {
    function test_setPolicy() external {
        IIssuanceDesk.Policy memory p = IIssuanceDesk.Policy(365, 365, 365, 16, 30, 2_400, 90, type(uint64).max, false);
        _emits(address(issuance));
        emit IIssuanceDesk.PolicySet(2, p);
        _by(policyOfficer);
        issuance.setPolicy(p);
        (uint32 number, IIssuanceDesk.Policy memory terms) = issuance.policy();
        _eq(number, 2, "number");
        _same(abi.encode(terms), abi.encode(p), "terms");
        p = IIssuanceDesk.Policy(0, 1, 0, 1, 0, 0, 1, 1, true);
        _by(policyOfficer);
        issuance.setPolicy(p);
        (number, terms) = issuance.policy();
        _eq(number, 3, "number");
        _same(abi.encode(terms), abi.encode(p), "terms");
    }

    function test_setPolicy_copiedIntoWhatIsConfirmedFromThenOn() external {
        ReceivableId before = _confirm(core, tier1, FACE);
        IIssuanceDesk.Policy memory p = IIssuanceDesk.Policy(100, 200, 30, 2, 7, 11, 5, 3, false);
        _by(policyOfficer);
        issuance.setPolicy(p);
        IReceivableNotes.Receivable memory r = notes.receivable(_confirm(core, tier1, FACE));
        _eq(r.tierLimit, 2, "tier limit");
        _eq(r.graceDays, 7, "grace");
        _eq(r.overdueRateBps, 11, "rate");
        _eq(r.offerLifetimeDays, 5, "lifetime");
        _eq(r.minChildValue, 3, "minimum");
        _eq(notes.receivable(before).tierLimit, TIERS, "what was before");
    }

    function test_setPolicy_hardCaps() external {
        IIssuanceDesk.Policy memory p = _policy();
        p.hardTenorDays = 366;
        _bounded(p, "hardTenorDays", 366, 365);
        p = _policy();
        p.hardTenorDays = 182;
        _bounded(p, "defaultTenorDays", 183, 182);
        p = _policy();
        p.termsDays = 366;
        _bounded(p, "termsDays", 366, 365);
        p = _policy();
        p.tierLimit = 17;
        _bounded(p, "tierLimit", 17, 16);
        p = _policy();
        p.graceDays = 31;
        _bounded(p, "graceDays", 31, 30);
        p = _policy();
        p.overdueRateBps = 2_401;
        _bounded(p, "overdueRateBps", 2_401, 2_400);
        p = _policy();
        p.offerLifetimeDays = 91;
        _bounded(p, "offerLifetimeDays", 91, 90);
        p = _policy();
        (p.hardTenorDays, p.defaultTenorDays) = (0, 0);
        _bounded(p, "hardTenorDays", 0, 1);
        p = _policy();
        p.tierLimit = 0;
        _bounded(p, "tierLimit", 0, 1);
        p = _policy();
        p.offerLifetimeDays = 0;
        _bounded(p, "offerLifetimeDays", 0, 1);
        p = _policy();
        p.minChildValue = 0;
        _bounded(p, "minChildValue", 0, 1);
    }

    function _bounded(IIssuanceDesk.Policy memory p, string memory name, uint256 value, uint256 bound) private {
        _refused(abi.encodeWithSelector(IIssuanceDesk.PolicyOutOfBounds.selector, name, value, bound));
        _by(policyOfficer);
        issuance.setPolicy(p);
    }

    function test_setPolicy_isThePolicyOfficers() external {
        _refused(_unauthorised(stranger));
        _by(stranger);
        issuance.setPolicy(_policy());
    }
}
