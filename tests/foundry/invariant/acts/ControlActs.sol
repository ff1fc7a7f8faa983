// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IDelayedChanges } from "../../../../contracts/interfaces/IDelayedChanges.sol";
import { PartyId } from "../../../../contracts/types/Ids.sol";
import { Rights } from "../../../../contracts/types/Roles.sol";

/// @notice Who controls a party, and where its cash goes: announced, vetoed, withdrawn, finished.
abstract contract ControlActs is World {
    uint256 private constant VETO_PERIOD = 10 days;

    constructor() {
        _declareAct("announceRecovery");
        _declareAct("vetoRecovery");
        _declareAct("withdrawRecovery");
        _declareAct("finishRecovery");
        _declareAct("announceSettlement");
        _declareAct("vetoSettlement");
        _declareAct("finishSettlement");
    }

    function control(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        uint256 pick = d.below(18);
        if (pick < 5) _announceRecovery(d);
        else if (pick < 7) _vetoRecovery(d);
        else if (pick < 9) _withdrawRecovery(d);
        else if (pick < 12) _finishRecovery(d);
        else if (pick < 15) _announceSettlement(d);
        else if (pick == 15) _vetoSettlement(d);
        else _finishSettlement(d);
    }

    // -- recovery

    function _announceRecovery(Dice memory d) private {
        Actor memory a = _anybody(d);
        address account = _candidate(d, a);
        address[] memory removed = new address[](d.below(3));
        for (uint256 i = 0; i < removed.length; ++i) {
            // A party without its key ends its life: seldom.
            removed[i] = d.oneIn(10) ? a.account : vm.addr(uint256(keccak256(abi.encode("clerk", d.below(40)))));
        }
        uint256 deadline = block.timestamp + d.among(0, 1, 1 days, 1 hours) - (d.oneIn(8) ? 1 : 0);
        bytes32 digest = Signing.recoverParty(address(registry), a.id, account, removed, EVIDENCE, deadline);
        bytes memory signature = Signing.sign(d.oneIn(8) ? a.cashKey : keyOf[account], digest);
        address sender = d.oneIn(8) ? _anyAccount(d) : admissionOfficer;
        bool free = _isFree(account, a.id);
        bytes memory data = abi.encodeCall(
            registry.announceRecovery,
            (a.id, account, removed, EVIDENCE, deadline, signature)
        );
        (bool done, ) = _do("announceRecovery", sender, address(registry), data, _none());
        if (!done) return;
        vm.assertEq(sender, admissionOfficer, "I-11: recovery announced by another");
        vm.assertTrue(free, "an account that serves another");
        vm.assertLe(block.timestamp, deadline, "I-14: deadline");
        vm.assertEq(recovery_[a.id].readyAt, block.timestamp + VETO_PERIOD, "I-14: veto period");
    }

    function _vetoRecovery(Dice memory d) private {
        address sender = _vetoer(d, _pendingRecovery(d));
        PartyId id = _partyOf(sender);
        bool may = account_[sender].rights & Rights.ADMINISTER != 0 && recovery_[id].account != address(0);
        bytes memory data = abi.encodeCall(registry.vetoRecovery, ());
        (bool done, ) = _do("vetoRecovery", sender, address(registry), data, _none());
        vm.assertTrue(done == may, "I-11: any administrator vetoes, whatever the party's standing");
    }

    function _withdrawRecovery(Dice memory d) private {
        PartyId id = _pendingRecovery(d);
        bool pending = recovery_[id].account != address(0);
        address sender = d.oneIn(8) ? _anyAccount(d) : urgentOfficer;
        bytes memory data = abi.encodeCall(registry.withdrawRecovery, (id));
        (bool done, ) = _do("withdrawRecovery", sender, address(registry), data, _none());
        vm.assertTrue(done == (pending && sender == urgentOfficer), "I-11: the urgent officer withdraws");
    }

    function _finishRecovery(Dice memory d) private {
        PartyId id = _pendingRecovery(d);
        IDelayedChanges.Recovery memory r = recovery_[id];
        _waitFor(d, r.readyAt);
        address[] memory removed = d.oneIn(8) ? new address[](1) : removedBy_[id];
        bool may = r.account != address(0) && block.timestamp >= r.readyAt && _isFree(r.account, id);
        may = may && keccak256(abi.encodePacked(removed)) == r.removedHash;
        address settlement = party_[id].settlementAccount;
        uint32 epoch = party_[id].quoteEpoch;
        bool ends;
        for (uint256 i = 0; i < removed.length; ++i) {
            ends = ends || (_partyOf(removed[i]) == id && account_[removed[i]].rights & Rights.QUOTE != 0);
        }
        bytes memory data = abi.encodeCall(registry.finishRecovery, (id, removed));
        (bool done, ) = _do("finishRecovery", _anyAccount(d), address(registry), data, _none());
        vm.assertTrue(done == may, "I-14: anyone finishes what is ready, and nobody what is not");
        if (!done) return;
        _eq(_partyOf(r.account), id, "recovered");
        vm.assertEq(account_[r.account].rights & Rights.GRANTABLE, Rights.GRANTABLE, "it administers");
        for (uint256 i = 0; i < removed.length; ++i) {
            bool gone = _partyOf(removed[i]) != id || account_[removed[i]].rights & Rights.GRANTABLE == 0;
            vm.assertTrue(gone || removed[i] == r.account, "removed");
        }
        vm.assertEq(party_[id].quoteEpoch, ends ? epoch + 1 : epoch, "I-8: a removed quote right ends quotes");
        vm.assertEq(party_[id].settlementAccount, settlement, "recovery leads no cash elsewhere");
        vm.assertEq(settlementChange_[id].account, address(0), "nor does what was announced before");
    }

    // -- settlement account

    function _announceSettlement(Dice memory d) private {
        Actor memory a = _anybody(d);
        address account = _candidate(d, a);
        uint256 deadline = block.timestamp + d.among(0, 1, 1 days, 1 hours) - (d.oneIn(8) ? 1 : 0);
        bytes32 digest = Signing.changeSettlement(address(registry), a.id, account, EVIDENCE, deadline);
        bytes memory signature = Signing.sign(d.oneIn(8) ? a.cashKey : keyOf[account], digest);
        address sender = d.oneIn(8) ? _anyAccount(d) : a.account;
        bool may = _mayAct(sender, Rights.ADMINISTER, 0) && _partyOf(sender) == a.id;
        bool free = _isFree(account, a.id) && account != party_[a.id].settlementAccount;
        bytes memory data = abi.encodeCall(registry.announceSettlementChange, (account, EVIDENCE, deadline, signature));
        (bool done, ) = _do("announceSettlement", sender, address(registry), data, _none());
        if (!done) return;
        vm.assertTrue(may, "I-11: settlement announced without authority");
        vm.assertTrue(free, "an account in use elsewhere");
        vm.assertLe(block.timestamp, deadline, "I-14: deadline");
        vm.assertEq(settlementChange_[a.id].readyAt, block.timestamp + VETO_PERIOD, "I-14: veto period");
    }

    function _vetoSettlement(Dice memory d) private {
        address sender = _vetoer(d, _pendingSettlement(d));
        PartyId id = _partyOf(sender);
        bool may = account_[sender].rights & Rights.ADMINISTER != 0 && settlementChange_[id].account != address(0);
        bytes memory data = abi.encodeCall(registry.vetoSettlementChange, ());
        (bool done, ) = _do("vetoSettlement", sender, address(registry), data, _none());
        vm.assertTrue(done == may, "I-11: any administrator vetoes, whatever the party's standing");
    }

    function _finishSettlement(Dice memory d) private {
        PartyId id = _pendingSettlement(d);
        IDelayedChanges.SettlementChange memory c = settlementChange_[id];
        _waitFor(d, c.readyAt);
        bool may = c.account != address(0) && block.timestamp >= c.readyAt && _isFree(c.account, id);
        may = may && _isActive(id, 0);
        address before = party_[id].settlementAccount;
        uint8 kept = account_[before].rights & Rights.GRANTABLE;
        bytes memory data = abi.encodeCall(registry.finishSettlementChange, (id));
        (bool done, ) = _do("finishSettlement", _anyAccount(d), address(registry), data, _none());
        vm.assertTrue(done == may, "I-14: anyone finishes what is ready, and nobody what is not");
        if (!done) return;
        vm.assertEq(party_[id].settlementAccount, c.account, "cash goes there");
        vm.assertEq(account_[c.account].rights & Rights.SETTLE, Rights.SETTLE, "it settles");
        vm.assertEq(account_[before].rights, kept, "the one before keeps its other rights alone");
    }

    // -- choosing

    /// @dev Mostly the party's own; now and then one that serves another.
    function _candidate(Dice memory d, Actor memory a) private view returns (address) {
        if (d.oneIn(8)) return _anybody(d).cash;
        uint256 pick = d.below(4);
        return
            pick == 0
                ? a.account
                : pick == 1
                    ? a.cash
                    : _spareOf(a);
    }

    /// @dev Mostly the administrator of the party.
    function _vetoer(Dice memory d, PartyId id) private view returns (address) {
        return PartyId.unwrap(id) == 0 || d.oneIn(4) ? _anyAccount(d) : _actor(id).account;
    }

    /// @dev A party with a recovery announced, if there is one.
    function _pendingRecovery(Dice memory d) private view returns (PartyId id) {
        uint256 start = d.below(everybody.length);
        for (uint256 i = 0; i < everybody.length; ++i) {
            id = everybody[(start + i) % everybody.length].id;
            if (recovery_[id].account != address(0)) return id;
        }
    }

    /// @dev A party with a change of its settlement account announced, if there is one.
    function _pendingSettlement(Dice memory d) private view returns (PartyId id) {
        uint256 start = d.below(everybody.length);
        for (uint256 i = 0; i < everybody.length; ++i) {
            id = everybody[(start + i) % everybody.length].id;
            if (settlementChange_[id].account != address(0)) return id;
        }
    }

    /// @dev To a second about the moment, mostly: a life has no time to wait for it by chance.
    function _waitFor(Dice memory d, uint256 readyAt) private {
        if (readyAt > block.timestamp && !d.oneIn(4)) vm.warp(readyAt + d.below(3) - 1);
    }

    function _isFree(address account, PartyId id) private view returns (bool) {
        PartyId other = _partyOf(account);
        return PartyId.unwrap(other) == 0 || other == id;
    }
}
