// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IDelayedChanges } from "../../../contracts/interfaces/IDelayedChanges.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { PartyId } from "../../../contracts/types/Ids.sol";
import { Rights } from "../../../contracts/types/Roles.sol";

/// @notice Recovery of a party and change of its settlement account: announced, open to veto, finished by anyone (I-14).
contract DelayedChangesTest is Suite {
    uint256 private constant KEY = uint256(keccak256("rescue"));
    uint48 private constant VETO = 10 days;
    address private immutable rescue = _named("rescue");

    function _removed() private view returns (address[] memory list) {
        list = new address[](2);
        (list[0], list[1]) = (tier1.account, stranger);
    }

    function _announce(address[] memory removed) private {
        bytes memory signature = Signing.sign(
            KEY,
            Signing.recoverParty(address(registry), tier1.id, rescue, removed, EVIDENCE, block.timestamp)
        );
        _by(admissionOfficer);
        registry.announceRecovery(tier1.id, rescue, removed, EVIDENCE, block.timestamp, signature);
    }

    function _announceSettlement(address account, uint256 key) private {
        _announceSettlement(account, key, "");
    }

    /// @param reason Why it is refused; nothing when it is not.
    function _announceSettlement(address account, uint256 key, bytes memory reason) private {
        bytes memory signature = Signing.sign(
            key,
            Signing.changeSettlement(address(registry), tier1.id, account, EVIDENCE, block.timestamp)
        );
        if (reason.length != 0) _refused(reason);
        _by(tier1.account);
        registry.announceSettlementChange(account, EVIDENCE, block.timestamp, signature);
    }

    function _nothing() private {
        _refused(abi.encodeWithSelector(IDelayedChanges.NothingAnnounced.selector, tier1.id));
    }

    function _rights(address account, PartyId id, uint8 rights) private view {
        _same(abi.encode(registry.account(account)), abi.encode(IParticipantRegistry.Account(id, rights)), "account");
    }

    function _isGone() private view {
        IDelayedChanges.Recovery memory none;
        _same(abi.encode(registry.recovery(tier1.id)), abi.encode(none), "no recovery");
    }

    // -- recovery

    function test_recovery() external {
        address[] memory removed = _removed();
        uint48 readyAt = uint48(block.timestamp) + VETO;
        bytes32 hash = keccak256(abi.encode(tier1.account, stranger));
        _eq(registry.vetoPeriod(), VETO, "veto period");
        _emits(address(registry));
        emit IParticipantRegistry.SignatureUsed(rescue, 0);
        _emits(address(registry));
        emit IDelayedChanges.RecoveryAnnounced(tier1.id, rescue, readyAt, EVIDENCE, hash);
        _emits(address(registry));
        emit IDelayedChanges.RecoveryRemoves(tier1.id, tier1.account);
        _emits(address(registry));
        emit IDelayedChanges.RecoveryRemoves(tier1.id, stranger);
        _announce(removed);
        _same(
            abi.encode(registry.recovery(tier1.id)),
            abi.encode(IDelayedChanges.Recovery(rescue, readyAt, EVIDENCE, hash)),
            "recovery"
        );
        vm.warp(readyAt - 1);
        _refused(abi.encodeWithSelector(IDelayedChanges.ChangeNotReady.selector, tier1.id, readyAt));
        registry.finishRecovery(tier1.id, removed);
        vm.warp(readyAt);
        uint32 epoch = registry.party(tier1.id).quoteEpoch;
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(tier1.account, tier1.id, 0, 0);
        _emits(address(registry));
        emit IParticipantRegistry.QuoteEpochRaised(tier1.id, epoch + 1);
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(rescue, tier1.id, Rights.GRANTABLE, EVIDENCE);
        _emits(address(registry));
        emit IDelayedChanges.RecoveryFinished(tier1.id, rescue);
        registry.finishRecovery(tier1.id, removed);
        _rights(tier1.account, PartyId.wrap(0), 0);
        _rights(stranger, PartyId.wrap(0), 0);
        _rights(rescue, tier1.id, Rights.GRANTABLE);
        vm.assertEq(registry.party(tier1.id).settlementAccount, tier1.cash, "cash goes where it went");
        _isGone();
        _nothing();
        registry.finishRecovery(tier1.id, removed);
    }

    function test_recovery_digestIsTheDocumentedOne() external view {
        vm.assertEq(
            registry.recoveryDigest(tier1.id, rescue, _removed(), EVIDENCE, 77),
            Signing.recoverParty(address(registry), tier1.id, rescue, _removed(), EVIDENCE, 77),
            "digest"
        );
    }

    /// @dev An account that settles goes on settling, and no quote ends where no quote right did.
    function test_recovery_leavesTheSettlementAccount() external {
        address[] memory removed = new address[](1);
        removed[0] = tier1.cash;
        _announce(removed);
        vm.warp(block.timestamp + VETO);
        uint32 epoch = registry.party(tier1.id).quoteEpoch;
        registry.finishRecovery(tier1.id, removed);
        _rights(tier1.cash, tier1.id, Rights.SETTLE);
        _rights(tier1.account, tier1.id, Rights.GRANTABLE);
        _eq(registry.party(tier1.id).quoteEpoch, epoch, "epoch");
    }

    function test_announceRecovery_refused() external {
        address[] memory none = new address[](0);
        uint256 now_ = block.timestamp;
        _refused(_unauthorised(stranger));
        _by(stranger);
        registry.announceRecovery(tier1.id, rescue, none, EVIDENCE, now_, "");
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownParty.selector, 99));
        _by(admissionOfficer);
        registry.announceRecovery(PartyId.wrap(99), rescue, none, EVIDENCE, now_, "");
        _refused(_error(IParticipantRegistry.EvidenceMissing.selector));
        _by(admissionOfficer);
        registry.announceRecovery(tier1.id, rescue, none, 0, now_, "");
        _refused(abi.encodeWithSelector(IParticipantRegistry.AccountBoundElsewhere.selector, tier2.account, tier2.id));
        _by(admissionOfficer);
        registry.announceRecovery(tier1.id, tier2.account, none, EVIDENCE, now_, "");
        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidAccount.selector, address(0)));
        _by(admissionOfficer);
        registry.announceRecovery(tier1.id, address(0), none, EVIDENCE, now_, "");
        _refused(abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, now_ - 1));
        _by(admissionOfficer);
        registry.announceRecovery(tier1.id, rescue, none, EVIDENCE, now_ - 1, "");
        bytes memory other = Signing.sign(
            KEY,
            Signing.recoverParty(address(registry), tier1.id, rescue, _removed(), EVIDENCE, now_)
        );
        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidSignature.selector, rescue));
        _by(admissionOfficer);
        registry.announceRecovery(tier1.id, rescue, none, EVIDENCE, now_, other);
    }

    function test_finishRecovery_refused() external {
        address[] memory none = new address[](0);
        _announce(_removed());
        vm.warp(block.timestamp + VETO);
        _refused(
            abi.encodeWithSelector(
                IDelayedChanges.RemovedNotAsAnnounced.selector,
                tier1.id,
                keccak256(abi.encode(tier1.account, stranger)),
                keccak256("")
            )
        );
        registry.finishRecovery(tier1.id, none);
        bytes32 digest = Signing.addAccount(address(registry), tier2.id, rescue, 1, EVIDENCE, block.timestamp);
        _by(tier2.account);
        registry.addAccount(rescue, 1, EVIDENCE, block.timestamp, Signing.sign(KEY, digest));
        _refused(abi.encodeWithSelector(IParticipantRegistry.AccountBoundElsewhere.selector, rescue, tier2.id));
        registry.finishRecovery(tier1.id, _removed());
    }

    function test_vetoRecovery() external {
        _nothing();
        _by(tier1.account);
        registry.vetoRecovery();
        _announce(_removed());
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                tier1.cash,
                tier1.id,
                Rights.SETTLE,
                Rights.ADMINISTER
            )
        );
        _by(tier1.cash);
        registry.vetoRecovery();
        _by(urgentOfficer);
        registry.suspend(tier1.id, EVIDENCE);
        _emits(address(registry));
        emit IDelayedChanges.RecoveryVetoed(tier1.id, rescue, tier1.account);
        _by(tier1.account);
        registry.vetoRecovery();
        _isGone();
    }

    function test_withdrawRecovery() external {
        _announce(_removed());
        _refused(_unauthorised(admissionOfficer));
        _by(admissionOfficer);
        registry.withdrawRecovery(tier1.id);
        _emits(address(registry));
        emit IDelayedChanges.RecoveryWithdrawn(tier1.id, rescue);
        _by(urgentOfficer);
        registry.withdrawRecovery(tier1.id);
        _isGone();
        _nothing();
        _by(urgentOfficer);
        registry.withdrawRecovery(tier1.id);
    }

    // -- settlement account

    function test_settlementChange() external {
        uint48 readyAt = uint48(block.timestamp) + VETO;
        _emits(address(registry));
        emit IParticipantRegistry.SignatureUsed(rescue, 0);
        _emits(address(registry));
        emit IDelayedChanges.SettlementChangeAnnounced(tier1.id, rescue, readyAt, EVIDENCE);
        _announceSettlement(rescue, KEY);
        _same(
            abi.encode(registry.settlementChange(tier1.id)),
            abi.encode(IDelayedChanges.SettlementChange(rescue, readyAt, EVIDENCE)),
            "change"
        );
        vm.warp(readyAt - 1);
        _refused(abi.encodeWithSelector(IDelayedChanges.ChangeNotReady.selector, tier1.id, readyAt));
        registry.finishSettlementChange(tier1.id);
        vm.warp(readyAt);
        _by(urgentOfficer);
        registry.suspend(tier1.id, EVIDENCE);
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier1.id));
        registry.finishSettlementChange(tier1.id);
        _by(admissionOfficer);
        registry.reinstate(tier1.id);
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(tier1.cash, tier1.id, 0, 0);
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(rescue, tier1.id, Rights.SETTLE, EVIDENCE);
        _emits(address(registry));
        emit IDelayedChanges.SettlementAccountChanged(tier1.id, rescue, tier1.cash);
        registry.finishSettlementChange(tier1.id);
        vm.assertEq(registry.party(tier1.id).settlementAccount, rescue, "cash goes there");
        _rights(tier1.cash, PartyId.wrap(0), 0);
        _rights(rescue, tier1.id, Rights.SETTLE);
        _nothing();
        registry.finishSettlementChange(tier1.id);
    }

    function test_settlementChange_digestIsTheDocumentedOne() external view {
        vm.assertEq(
            registry.settlementChangeDigest(tier1.id, rescue, EVIDENCE, 77),
            Signing.changeSettlement(address(registry), tier1.id, rescue, EVIDENCE, 77),
            "digest"
        );
    }

    /// @dev An administrator's own account may come to settle: it keeps its other rights.
    function test_settlementChange_toAnAccountThatServes() external {
        _announceSettlement(tier1.account, tier1.key);
        vm.warp(block.timestamp + VETO);
        registry.finishSettlementChange(tier1.id);
        _rights(tier1.account, tier1.id, Rights.GRANTABLE | Rights.SETTLE);
    }

    function test_announceSettlementChange_refused() external {
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                tier1.cash,
                tier1.id,
                Rights.SETTLE,
                Rights.ADMINISTER
            )
        );
        _by(tier1.cash);
        registry.announceSettlementChange(rescue, EVIDENCE, block.timestamp, "");
        _refused(_error(IParticipantRegistry.EvidenceMissing.selector));
        _by(tier1.account);
        registry.announceSettlementChange(rescue, 0, block.timestamp, "");
        bytes4 bound = IParticipantRegistry.AccountBoundElsewhere.selector;
        bytes4 already = IDelayedChanges.AlreadySettlementAccount.selector;
        bytes4 unsigned = IParticipantRegistry.InvalidSignature.selector;
        _announceSettlement(tier1.cash, tier1.cashKey, abi.encodeWithSelector(already, tier1.id, tier1.cash));
        _announceSettlement(tier2.cash, tier2.cashKey, abi.encodeWithSelector(bound, tier2.cash, tier2.id));
        _announceSettlement(rescue, tier1.key, abi.encodeWithSelector(unsigned, rescue));
    }

    function test_vetoSettlementChange() external {
        _nothing();
        _by(tier1.account);
        registry.vetoSettlementChange();
        _announceSettlement(rescue, KEY);
        _emits(address(registry));
        emit IDelayedChanges.SettlementChangeVetoed(tier1.id, rescue, tier1.account);
        _by(tier1.account);
        registry.vetoSettlementChange();
        vm.warp(block.timestamp + VETO);
        _nothing();
        registry.finishSettlementChange(tier1.id);
    }

    /// @dev Nobody knows whose word it was.
    function test_recovery_endsASettlementChange() external {
        _announceSettlement(stranger, uint256(keccak256("stranger")));
        address[] memory none = new address[](0);
        _announce(none);
        vm.warp(block.timestamp + VETO);
        _emits(address(registry));
        emit IDelayedChanges.SettlementChangeVetoed(tier1.id, stranger, rescue);
        registry.finishRecovery(tier1.id, none);
        _nothing();
        registry.finishSettlementChange(tier1.id);
    }
}
