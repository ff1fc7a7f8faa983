// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { Day, PartyId } from "../../../../contracts/types/Ids.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice The operator's acts on parties, and parties' acts on their own accounts.
abstract contract PartyActs is World {
    /// @dev Parties admitted on the way, beside the cast.
    uint256 private _admitted;

    constructor() {
        _declareAct("admit");
        _declareAct("suspend");
        _declareAct("reinstate");
        _declareAct("setRoles");
        _declareAct("renewIdentity");
        _declareAct("addAccount");
        _declareAct("setRights");
        _declareAct("raiseQuoteEpoch");
    }

    function operate(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        uint256 pick = d.below(8);
        if (pick == 0) _admitSome(d);
        else if (pick == 1) _suspendOrReinstate(d);
        else if (pick == 2) _setRoles(d);
        else if (pick == 3) _renew(d);
        else _reinstateAll();
    }

    function keepAccounts(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        uint256 pick = d.below(8);
        if (pick == 0) _raiseEpoch(d);
        else if (pick < 4) _setRights(d);
        else _addAccount(d);
    }

    function _admitSome(Dice memory d) private {
        IParticipantRegistry.Admission[] memory list = new IParticipantRegistry.Admission[](d.below(3));
        for (uint256 i = 0; i < list.length; ++i) {
            bytes32 name = keccak256(abi.encode("admitted", d.oneIn(6) ? _admitted : ++_admitted));
            list[i] = IParticipantRegistry.Admission({
                creditCodeHash: d.oneIn(12) ? bytes32(0) : name,
                roles: uint16(d.among(Roles.SUPPLIER, Roles.AUDITOR, 1 + d.below(Roles.ALL), d.below(200))),
                identityExpiry: Day.wrap(uint16(uint256(_today()) + d.among(0, 1, 400, 0)) - (d.oneIn(8) ? 1 : 0)),
                settlementAccount: vm.addr(uint256(name)),
                administrator: d.oneIn(3) ? vm.addr(uint256(name)) : vm.addr(uint256(keccak256(abi.encode(name)))),
                evidenceHash: EVIDENCE
            });
        }
        address sender = d.oneIn(8) ? _anyAccount(d) : admissionOfficer;
        uint32 before = partyCount_;
        (bool done, bytes memory result) = _do(
            "admit",
            sender,
            address(registry),
            abi.encodeCall(registry.admit, (list)),
            _none()
        );
        if (!done) return;
        vm.assertEq(sender, admissionOfficer, "I-11: admitted by another");
        vm.assertEq(PartyId.unwrap(abi.decode(result, (PartyId))), before + 1, "first id");
        vm.assertEq(partyCount_, before + list.length, "all were admitted");
    }

    function _suspendOrReinstate(Dice memory d) private {
        PartyId id = PartyId.wrap(uint32(d.below(uint256(partyCount_) + 2)));
        bool suspends = d.oneIn(2);
        address right = suspends ? urgentOfficer : admissionOfficer;
        address sender = d.oneIn(8) ? _anyAccount(d) : right;
        IParticipantRegistry.Status before = party_[id].status;
        uint32 epoch = party_[id].quoteEpoch;
        (bool done, ) = _do(
            suspends ? "suspend" : "reinstate",
            sender,
            address(registry),
            suspends ? abi.encodeCall(registry.suspend, (id, EVIDENCE)) : abi.encodeCall(registry.reinstate, (id)),
            _none()
        );
        if (!done) return;
        vm.assertEq(sender, right, "I-11: standing set by another");
        if (suspends) {
            vm.assertEq(uint256(before), uint256(IParticipantRegistry.Status.Active), "suspended from active");
            vm.assertEq(party_[id].quoteEpoch, epoch + 1, "I-8: a suspension ends quotes");
        } else {
            vm.assertEq(uint256(before), uint256(IParticipantRegistry.Status.Suspended), "reinstated from suspended");
        }
    }

    /// @dev Most of a life is lived by parties in good standing.
    function _reinstateAll() private {
        for (uint256 i = 0; i < everybody.length; ++i) {
            PartyId id = everybody[i].id;
            if (party_[id].status == IParticipantRegistry.Status.Suspended) {
                bytes memory data = abi.encodeCall(registry.reinstate, (id));
                _do("reinstate", admissionOfficer, address(registry), data, _none());
            }
            if (Day.unwrap(party_[id].identityExpiry) < _today()) {
                bytes memory data = abi.encodeCall(registry.renewIdentity, (id, _day(1_000)));
                _do("renewIdentity", admissionOfficer, address(registry), data, _none());
            }
            uint16 role = _roleOf(i);
            if (party_[id].roles != role) {
                bytes memory data = abi.encodeCall(registry.setRoles, (id, role));
                _do("setRoles", admissionOfficer, address(registry), data, _none());
            }
        }
    }

    /// @dev What the n-th of everybody was admitted as.
    function _roleOf(uint256 index) private pure returns (uint16) {
        if (index < 2 || index == 10) return Roles.CORE_ENTERPRISE | Roles.SUPPLIER;
        if (index < 7) return Roles.SUPPLIER;
        if (index == 9) return Roles.REGISTRAR;
        return index == 12 ? Roles.ARBITER : Roles.FINANCIER;
    }

    function _setRoles(Dice memory d) private {
        Actor memory a = _anybody(d);
        uint16 roles = uint16(d.among(Roles.ALL, d.below(200), Roles.SUPPLIER, Roles.FINANCIER | Roles.SUPPLIER));
        address sender = d.oneIn(8) ? _anyAccount(d) : admissionOfficer;
        bytes memory data = abi.encodeCall(registry.setRoles, (a.id, roles));
        (bool done, ) = _do("setRoles", sender, address(registry), data, _none());
        if (!done) return;
        vm.assertEq(sender, admissionOfficer, "I-11: roles set by another");
        vm.assertTrue(roles != 0 && roles <= Roles.ALL, "roles that are none");
    }

    function _renew(Dice memory d) private {
        Actor memory a = _anybody(d);
        Day expiry = Day.wrap(uint16(uint256(_today()) + d.among(0, 1, 30, 1_000)) - (d.oneIn(6) ? 1 : 0));
        address sender = d.oneIn(8) ? _anyAccount(d) : admissionOfficer;
        bytes memory data = abi.encodeCall(registry.renewIdentity, (a.id, expiry));
        (bool done, ) = _do("renewIdentity", sender, address(registry), data, _none());
        if (!done) return;
        vm.assertEq(sender, admissionOfficer, "I-11: identity renewed by another");
        vm.assertGe(Day.unwrap(expiry), _today(), "renewed to a day past");
    }

    function _addAccount(Dice memory d) private {
        Actor memory a = _anybody(d);
        uint256 key = uint256(keccak256(abi.encode("clerk", d.below(40))));
        address clerk = vm.addr(key);
        keyOf[clerk] = key;
        uint8 rights = uint8(d.oneIn(6) ? d.below(20) : 1 + d.below(7));
        uint256 deadline = block.timestamp + d.among(0, 1, 1 days, 1 hours) - (d.oneIn(8) ? 1 : 0);
        bytes32 digest = Signing.addAccount(address(registry), a.id, clerk, rights, EVIDENCE, deadline);
        bytes memory signature = Signing.sign(d.oneIn(8) ? a.key : key, digest);
        address sender = d.oneIn(8) ? _anyAccount(d) : a.account;
        bool may = _mayAct(sender, Rights.ADMINISTER, 0) && _partyOf(sender) == a.id;
        bool free = PartyId.unwrap(_partyOf(clerk)) == 0;
        (bool done, ) = _do(
            "addAccount",
            sender,
            address(registry),
            abi.encodeCall(registry.addAccount, (clerk, rights, EVIDENCE, deadline, signature)),
            _none()
        );
        if (!done) return;
        vm.assertTrue(may, "I-11: account added without authority");
        vm.assertTrue(free, "an account that served another");
        vm.assertLe(block.timestamp, deadline, "I-14: deadline");
        vm.assertTrue(rights != 0 && rights <= Rights.GRANTABLE, "rights that are none");
    }

    function _setRights(Dice memory d) private {
        address account = accountsSeen[d.below(accountsSeen.length)];
        PartyId id = _partyOf(account);
        Actor memory a = PartyId.unwrap(id) == 0 || PartyId.unwrap(id) > everybody.length ? _anybody(d) : _actor(id);
        // An administrator that shuts itself out ends its party's life: seldom.
        if (account == a.account && !d.oneIn(30)) account = a.cash;
        address sender = d.oneIn(8) ? _anyAccount(d) : a.account;
        uint8 rights = uint8(d.oneIn(6) ? d.below(20) : d.below(8));
        bool may = _mayAct(sender, Rights.ADMINISTER, 0) && _partyOf(sender) == _partyOf(account);
        uint8 before = account_[account].rights;
        id = _partyOf(account);
        uint32 epoch = party_[id].quoteEpoch;
        bytes32 evidence = d.oneIn(3) ? bytes32(0) : EVIDENCE;
        bytes memory data = abi.encodeCall(registry.setRights, (account, rights, evidence));
        (bool done, ) = _do("setRights", sender, address(registry), data, _none());
        if (!done) return;
        vm.assertTrue(may, "I-11: rights set without authority");
        vm.assertTrue(evidence != 0 || rights & ~before == 0, "a right without evidence");
        vm.assertEq(account_[account].rights & Rights.SETTLE, before & Rights.SETTLE, "settlement stays");
        if (before & ~rights & Rights.QUOTE != 0) ++epoch;
        vm.assertEq(party_[id].quoteEpoch, epoch, "I-8: a lost quote right ends quotes");
    }

    function _raiseEpoch(Dice memory d) private {
        address sender = _anyAccount(d);
        bool may = _mayAct(sender, Rights.QUOTE, 0);
        bytes memory data = abi.encodeCall(registry.raiseQuoteEpoch, ());
        (bool done, ) = _do("raiseQuoteEpoch", sender, address(registry), data, _none());
        vm.assertTrue(done == may, "I-11: the epoch is raised by whoever may quote");
    }
}
