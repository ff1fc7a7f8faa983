// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../contracts/types/NoteFlags.sol";
import { Rights } from "../../../contracts/types/Roles.sol";

/// @notice Taking offers, and giving them back.
contract OffersTest is Suite {
    NoteId private root;
    NoteId private child;
    ReceivableId private debt;
    uint96 private constant PART = 30_000;

    function setUp() public override {
        super.setUp();
        (debt, root) = _found();
        child = _split(tier1, root, tier2, PART);
    }

    function _isStatus(NoteId id, IReceivableNotes.NoteStatus status) private view {
        _eq(uint256(notes.noteStatus(id)), uint256(status), "status");
    }

    function test_accept() external {
        _isStatus(child, IReceivableNotes.NoteStatus.Offered);
        _emits(address(notes));
        emit IReceivableNotes.NoteAccepted(child);
        _accept(tier2, child);
        _eq(notes.note(child).flags, NoteFlags.ACCEPTED, "flags");
        _isStatus(child, IReceivableNotes.NoteStatus.Held);
        _eq(notes.note(child).value, PART, "value");
    }

    function test_accept_allOrNone() external {
        NoteId other = _split(tier1, root, tier3, PART);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, other, tier3.id, tier2.id));
        _by(tier2.account);
        notes.accept(_two(child, other));
        _isStatus(child, IReceivableNotes.NoteStatus.Offered);
        NoteId second = _split(tier1, root, tier2, PART);
        _by(tier2.account);
        notes.accept(_two(child, second));
        _isStatus(child, IReceivableNotes.NoteStatus.Held);
        _isStatus(second, IReceivableNotes.NoteStatus.Held);
    }

    function test_accept_refused() external {
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, child, tier2.id, tier1.id));
        _accept(tier1, child);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        _accept(tier2, NoteId.wrap(99));
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                tier2.cash,
                tier2.id,
                Rights.SETTLE,
                Rights.ACT
            )
        );
        _by(tier2.cash);
        notes.accept(_one(child));
        _accept(tier2, child);
        _refused(abi.encodeWithSelector(IReceivableNotes.NotOffered.selector, child, IReceivableNotes.NoteStatus.Held));
        _accept(tier2, child);
    }

    function test_accept_throughTheLastDay() external {
        Day lapseDay = notes.note(child).lapseDay;
        _eq(Day.unwrap(lapseDay), _today() + LIFETIME, "lapse day");
        vm.warp(_start(Day.unwrap(lapseDay) + 1));
        _isStatus(child, IReceivableNotes.NoteStatus.Lapsable);
        _refused(abi.encodeWithSelector(IReceivableNotes.OfferLapsed.selector, child, lapseDay));
        _accept(tier2, child);
        vm.warp(block.timestamp - 1);
        _isStatus(child, IReceivableNotes.NoteStatus.Offered);
        _accept(tier2, child);
    }

    function test_accept_whilePausedAndNotWhileSuspended() external {
        _by(urgentOfficer);
        notes.setPaused(true);
        _by(urgentOfficer);
        registry.suspend(tier2.id, EVIDENCE);
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier2.id));
        _accept(tier2, child);
        _by(admissionOfficer);
        registry.reinstate(tier2.id);
        _accept(tier2, child);
    }

    /// @dev A freeze covers a note's open offers.
    function test_accept_notFromAFrozenNote() external {
        _setDesk(address(this));
        notes.setMark(root, NoteFlags.FROZEN, true);
        _refused(abi.encodeWithSelector(IReceivableNotes.NoteFrozen.selector, root));
        _accept(tier2, child);
        notes.setMark(root, NoteFlags.FROZEN, false);
        _accept(tier2, child);
    }

    // -- back to the parent

    function _givesBack(uint16 flag) private {
        _emits(address(notes));
        emit IReceivableNotes.NoteReturned(child, root, PART, flag);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(NoteId.unwrap(child), NoteId.unwrap(root), PART);
    }

    function _gaveBack(uint16 flag, IReceivableNotes.NoteStatus status) private view {
        _eq(notes.note(child).value, 0, "value");
        _eq(notes.note(child).flags, flag, "flags");
        _eq(notes.note(root).value, FACE, "parent");
        _eq(notes.receivable(debt).outstanding, FACE, "outstanding");
        _eq(credit.line(core.id, address(cny)).used, FACE, "line");
        _isStatus(child, status);
    }

    function test_refuse() external {
        _givesBack(NoteFlags.REFUSED);
        _by(tier2.account);
        notes.refuse(_one(child));
        _gaveBack(NoteFlags.REFUSED, IReceivableNotes.NoteStatus.Refused);
        _refused(
            abi.encodeWithSelector(IReceivableNotes.NotOffered.selector, child, IReceivableNotes.NoteStatus.Refused)
        );
        _by(tier2.account);
        notes.refuse(_one(child));
    }

    function test_refuse_refused() external {
        _refused(abi.encodeWithSelector(IReceivableNotes.NotHolder.selector, child, tier2.id, tier1.id));
        _by(tier1.account);
        notes.refuse(_one(child));
        _refused(abi.encodeWithSelector(IReceivableNotes.NotOffered.selector, root, IReceivableNotes.NoteStatus.Held));
        _by(tier1.account);
        notes.refuse(_one(root));
    }

    function test_refuse_afterItsDay() external {
        vm.warp(_start(Day.unwrap(notes.note(child).lapseDay) + 1));
        _by(tier2.account);
        notes.refuse(_one(child));
        _gaveBack(NoteFlags.REFUSED, IReceivableNotes.NoteStatus.Refused);
    }

    function test_withdraw() external {
        _givesBack(NoteFlags.WITHDRAWN);
        _by(tier1.account);
        notes.withdraw(_one(child));
        _gaveBack(NoteFlags.WITHDRAWN, IReceivableNotes.NoteStatus.Withdrawn);
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownNote.selector, 99));
        _by(tier1.account);
        notes.withdraw(_one(NoteId.wrap(99)));
    }

    function test_withdraw_isTheOfferors() external {
        _refused(abi.encodeWithSelector(IReceivableNotes.NotOfferor.selector, child, tier1.id, tier2.id));
        _by(tier2.account);
        notes.withdraw(_one(child));
        ReceivableId id = _confirm(core, tier1, FACE);
        NoteId offered = notes.receivable(id).root;
        _refused(abi.encodeWithSelector(IReceivableNotes.NotOfferor.selector, offered, core.id, tier1.id));
        _by(tier1.account);
        notes.withdraw(_one(offered));
        _by(core.account);
        notes.withdraw(_one(offered));
        _eq(uint256(notes.receivableStatus(id)), uint256(IReceivableNotes.ReceivableStatus.Cancelled), "cancelled");
    }

    function test_lapse() external {
        Day lapseDay = notes.note(child).lapseDay;
        vm.warp(_start(Day.unwrap(lapseDay) + 1) - 1);
        _refused(abi.encodeWithSelector(IReceivableNotes.OfferNotLapsed.selector, child, lapseDay));
        _by(stranger);
        notes.lapse(_one(child));
        vm.warp(block.timestamp + 1);
        _givesBack(NoteFlags.LAPSED);
        _by(stranger);
        notes.lapse(_one(child));
        _gaveBack(NoteFlags.LAPSED, IReceivableNotes.NoteStatus.Lapsed);
        _refused(
            abi.encodeWithSelector(IReceivableNotes.NotOffered.selector, child, IReceivableNotes.NoteStatus.Lapsed)
        );
        notes.lapse(_one(child));
    }

    function test_lapse_severalAtOnce() external {
        NoteId second = _split(tier1, root, tier3, PART);
        vm.warp(_start(Day.unwrap(notes.note(child).lapseDay) + 1));
        notes.lapse(_two(child, second));
        _eq(notes.note(root).value, FACE, "parent");
    }

    function test_refuse_ofARootCancelsTheDebt() external {
        ReceivableId id = _confirm(core, tier1, 5_000);
        NoteId offered = notes.receivable(id).root;
        _emits(address(notes));
        emit IReceivableNotes.NoteReturned(offered, NoteId.wrap(0), 5_000, NoteFlags.REFUSED);
        _emits(address(notes));
        emit IReceivableNotes.TransferValue(NoteId.unwrap(offered), 0, 5_000);
        _emits(address(notes));
        emit IReceivableNotes.ReceivableCancelled(id, 5_000);
        _emits(address(credit));
        emit ICreditRegister.LineUsed(core.id, address(cny), FACE);
        _by(tier1.account);
        notes.refuse(_one(offered));
        _eq(notes.receivable(id).outstanding, 0, "outstanding");
        vm.assertTrue(notes.isCancelled(id), "cancelled");
        _eq(uint256(notes.receivableStatus(id)), uint256(IReceivableNotes.ReceivableStatus.Cancelled), "status");
        _eq(credit.line(core.id, address(cny)).used, FACE, "line");
        vm.assertFalse(notes.isCancelled(debt), "the other debt");
    }

    /// @dev A spent parent lives again when an offer comes back.
    function test_valueReturnsToASpentParent() external {
        NoteId whole = _split(tier1, root, tier3, FACE - PART);
        _isStatus(root, IReceivableNotes.NoteStatus.Spent);
        _by(tier3.account);
        notes.refuse(_one(whole));
        _isStatus(root, IReceivableNotes.NoteStatus.Held);
        _eq(notes.note(root).value, FACE - PART, "value");
    }

    /// @dev Once a round has begun, its offers are counted where they are.
    function test_nothingComesBackAfterARound() external {
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        _by(core.account);
        repayment.openRound(debt, 1_000);
        bytes memory reason = abi.encodeWithSelector(IReceivableNotes.RoundsBegun.selector, debt);
        _refused(reason);
        _by(tier2.account);
        notes.refuse(_one(child));
        _refused(reason);
        _by(tier1.account);
        notes.withdraw(_one(child));
        _refused(reason);
        notes.lapse(_one(child));
    }

    /// @dev A tendered note collects what comes back to it, and that is tendered too.
    function test_valueReturnsToATenderedNote() external {
        _setDesk(address(this));
        vm.warp(_start(Day.unwrap(notes.receivable(debt).dueDay)));
        notes.setMark(root, NoteFlags.FROZEN, true);
        _repay(core, _one(root));
        _eq(notes.tenderedValue(debt), FACE - PART, "tendered");
        _by(tier2.account);
        notes.refuse(_one(child));
        _eq(notes.tenderedValue(debt), FACE, "all of it");
        _eq(notes.note(root).value, FACE, "value");
    }

    /// @dev Reserved or tendered, an offer is open to nobody.
    function test_marksCloseAnOffer() external {
        _setDesk(address(this));
        notes.setMark(child, NoteFlags.RESERVED, true);
        bytes memory reason = abi.encodeWithSelector(
            IReceivableNotes.NotOffered.selector,
            child,
            IReceivableNotes.NoteStatus.Reserved
        );
        _refused(reason);
        _accept(tier2, child);
        _refused(reason);
        _by(tier1.account);
        notes.withdraw(_one(child));
    }
}

/// @notice Standing consent: accepted at once, within its limits.
contract ConsentTest is Suite {
    NoteId private root;

    function setUp() public override {
        super.setUp();
        (, root) = _found();
    }

    function _consent(uint96 amount, Day latestDueDay, Day expiryDay) private {
        _by(tier2.account);
        notes.setConsent(tier1.id, CNY, amount, latestDueDay, expiryDay);
    }

    function _isHeld(NoteId id) private view returns (bool) {
        return notes.noteStatus(id) == IReceivableNotes.NoteStatus.Held;
    }

    function test_setConsent() external {
        _emits(address(notes));
        emit IReceivableNotes.ConsentSet(tier2.id, tier1.id, CNY, 5_000, _day(TENOR), _day(9));
        _consent(5_000, _day(TENOR), _day(9));
        _same(
            abi.encode(notes.consent(tier2.id, tier1.id, CNY)),
            abi.encode(IReceivableNotes.Consent(5_000, _day(TENOR), _day(9))),
            "consent"
        );
        _eq(notes.consent(tier2.id, tier1.id, EUR).amount, 0, "another currency");
        _eq(notes.consent(tier1.id, tier2.id, CNY).amount, 0, "the other way round");
        _refused(abi.encodeWithSelector(IReceivableNotes.UnknownCurrency.selector, 3));
        _by(tier2.account);
        notes.setConsent(tier1.id, 3, 1, _day(1), _day(1));
        _refused(
            abi.encodeWithSelector(IParticipantRegistry.MissingRight.selector, stranger, PartyId.wrap(0), 0, Rights.ACT)
        );
        _by(stranger);
        notes.setConsent(tier1.id, CNY, 1, _day(1), _day(1));
    }

    function test_consent_acceptsAtOnceAndIsUsedUp() external {
        _consent(5_000, _day(TENOR), _day(0));
        _emits(address(notes));
        emit IReceivableNotes.NoteOffered(
            NoteId.wrap(2),
            root,
            tier2.id,
            ReceivableId.wrap(1),
            2_000,
            2,
            Day.wrap(0),
            TRADE
        );
        NoteId first = _split(tier1, root, tier2, 2_000);
        vm.assertTrue(_isHeld(first), "held");
        _eq(notes.note(first).flags, NoteFlags.ACCEPTED, "flags");
        _eq(Day.unwrap(notes.note(first).lapseDay), 0, "no lapse day");
        _eq(notes.consent(tier2.id, tier1.id, CNY).amount, 3_000, "left");
        vm.assertFalse(_isHeld(_split(tier1, root, tier2, 3_001)), "above what is left");
        _eq(notes.consent(tier2.id, tier1.id, CNY).amount, 3_000, "untouched");
        vm.assertTrue(_isHeld(_split(tier1, root, tier2, 3_000)), "what is left");
        _eq(notes.consent(tier2.id, tier1.id, CNY).amount, 0, "used up");
        vm.assertFalse(_isHeld(_split(tier1, root, tier2, 100)), "nothing is left");
    }

    function test_consent_limits() external {
        _consent(5_000, _day(TENOR - 1), _day(9));
        vm.assertFalse(_isHeld(_split(tier1, root, tier2, 100)), "due too late");
        _consent(5_000, _day(TENOR), Day.wrap(_today() - 1));
        vm.assertFalse(_isHeld(_split(tier1, root, tier2, 100)), "over");
        _consent(5_000, _day(TENOR), _day(0));
        vm.assertFalse(_isHeld(_split(tier1, root, tier3, 100)), "another receiver");
        vm.assertTrue(_isHeld(_split(tier1, root, tier2, 100)), "within");
        _consent(0, _day(TENOR), _day(0));
        vm.assertFalse(_isHeld(_split(tier1, root, tier2, 100)), "revoked");
    }

    function test_consent_toADebtor() external {
        _by(tier1.account);
        notes.setConsent(core.id, CNY, FACE, _day(TENOR), _day(0));
        NoteId confirmed = notes.receivable(_confirm(core, tier1, FACE)).root;
        vm.assertTrue(_isHeld(confirmed), "held");
        vm.assertFalse(_isHeld(notes.receivable(_confirm(core2, tier1, 100)).root), "another debtor");
    }
}
