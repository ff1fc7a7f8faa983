// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Paying } from "./Paying.sol";
import { Dice } from "../Dice.sol";
import { Actor } from "../../base/Cast.sol";
import { vm } from "../../base/Vm.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights } from "../../../../contracts/types/Roles.sol";

/// @notice Pro rata rounds: opened by the debtor, carried on by anyone, closed by their last share or by time (I-10).
abstract contract RoundActs is Paying {
    /// @dev What the shares of the last round came to, whether their payees could take them or not.
    mapping(ReceivableId => uint256) private _shared;

    constructor() {
        _declareAct("openRound");
        _declareAct("resumeRound");
        _declareAct("payRound");
        _declareAct("closeRound");
        _declareState("round finished");
    }

    function openRound(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        _openRound(d, d.oneIn(6), _late(d));
    }

    function _openRound(Dice memory d, bool wild, ReceivableId id) internal {
        IReceivableNotes.Receivable memory r = receivable_[id];
        bool unfinished = _isUnfinished(id);
        bool resume = wild ? d.oneIn(2) : unfinished;
        uint96 total = d.near(r.outstanding, 1);
        address sender = wild ? _anyAccount(d) : _actor(r.debtor).account;
        bool may =
            _mayOpen(sender, r.debtor) &&
                _isOwed(id) &&
                !_has(id, ReceivableFlags.ROUND_OPEN) &&
                _today() >= Day.unwrap(r.dueDay) &&
                (resume ? unfinished : !unfinished && total != 0 && total <= r.outstanding && r.round < 255);
        (bool done, ) = _do(
            resume ? "resumeRound" : "openRound",
            sender,
            address(repayment),
            resume ? abi.encodeCall(repayment.resumeRound, (id)) : abi.encodeCall(repayment.openRound, (id, total)),
            _list(id)
        );
        vm.assertTrue(done == may, "I-10, I-11: a round is opened by its debtor, when it may be");
        if (!done) return;
        IRepaymentDesk.Round memory round = round_[id];
        vm.assertEq(Day.unwrap(round.lastDay), _today() + repayment.ROUND_DAYS(), "I-14: last day");
        vm.assertTrue(_has(id, ReceivableFlags.ROUND_OPEN), "open");
        if (resume) return;
        _shared[id] = 0;
        vm.assertTrue(round.total == total && round.base == r.outstanding && round.counted == 0, "I-10: P, O and C");
    }

    function _mayOpen(address sender, PartyId debtor) private view returns (bool) {
        IParticipantRegistry.Account memory a = account_[sender];
        return a.party == debtor && PartyId.unwrap(debtor) != 0 && a.rights & Rights.ACT != 0;
    }

    /// @dev Mostly one that is due and owed, and rather one whose round was left unfinished.
    function _late(Dice memory d) private view returns (ReceivableId id) {
        for (uint256 i = 0; i < 10; ++i) {
            id = _receivable(d);
            if (_isOwed(id) && _isUnfinished(id)) return id;
        }
        for (uint256 i = 0; i < 10; ++i) {
            id = _receivable(d);
            if (_isOwed(id) && _today() >= Day.unwrap(receivable_[id].dueDay)) return id;
        }
    }

    function payRound(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(8);
        ReceivableId id = _receivable(d);
        for (uint256 i = 0; i < 12 && !_isOpenInTokens(id); ++i) id = _receivable(d);
        if (!_isOpenInTokens(id) && !d.oneIn(4)) return;
        NoteId[] memory ids = _payableOf(id, d.below(notesOf_[id].length), d.among(1, 2, 4, 100));
        if (wild && ids.length != 0) ids[d.below(ids.length)] = NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
        Actor memory a = d.oneIn(4) ? _anybody(d) : _actor(receivable_[id].debtor);
        address sender = wild ? _anyAccount(d) : a.account;
        Payment memory p = _expect(sender, a.cash, ids, _shares(id, ids));
        bool open = _has(id, ReceivableFlags.ROUND_OPEN);
        uint96[] memory values = new uint96[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) values[i] = note_[ids[i]].value;
        bytes memory data = abi.encodeCall(repayment.payRound, (id, ids, a.cash, type(uint256).max));
        (bool done, bytes memory result) = _do("payRound", sender, address(repayment), data, _list(id));
        if (!done) return;
        vm.assertTrue(open, "I-10: a share of a round that is not open");
        _checkPayment(p, abi.decode(result, (uint256)));
        _checkShares(id, p.principals, values);
    }

    function _isOpenInTokens(ReceivableId id) private view returns (bool) {
        return _has(id, ReceivableFlags.ROUND_OPEN) && receivable_[id].currency != RAIL;
    }

    /// @dev floor(C * P / O) less the previous such figure, C being the value counted so far.
    function _shares(ReceivableId id, NoteId[] memory ids) internal view returns (uint96[] memory shares) {
        IRepaymentDesk.Round memory r = round_[id];
        shares = new uint96[](ids.length);
        uint256 counted = r.counted;
        for (uint256 i = 0; i < ids.length && r.base != 0; ++i) {
            uint256 before = (counted * r.total) / r.base;
            counted += note_[ids[i]].value;
            shares[i] = uint96((counted * r.total) / r.base - before);
        }
    }

    /// @dev Each note's share is its part of the total to within a unit; all shares together are the total.
    function _checkShares(ReceivableId id, uint96[] memory shares, uint96[] memory values) internal {
        IRepaymentDesk.Round memory r = round_[id];
        for (uint256 i = 0; i < shares.length; ++i) {
            (uint256 got, uint256 due) = (uint256(shares[i]) * r.base, uint256(values[i]) * r.total);
            vm.assertTrue(got < due + r.base && due < got + r.base, "I-10: more than a unit off");
            _shared[id] += shares[i];
        }
        bool finished = r.counted == r.base;
        vm.assertTrue(finished != _has(id, ReceivableFlags.ROUND_OPEN), "I-10: the last share closes the round");
        if (!finished) return;
        vm.assertEq(_shared[id], r.total, "I-10: the shares are the total");
        vm.assertFalse(_has(id, ReceivableFlags.ROUND_UNFINISHED), "I-10: finished");
        _see("round finished");
    }

    function closeRound(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        ReceivableId id = _receivable(d);
        for (uint256 i = 0; i < 12 && !_has(id, ReceivableFlags.ROUND_OPEN); ++i) id = _receivable(d);
        bool open = _has(id, ReceivableFlags.ROUND_OPEN);
        if (!open && !d.oneIn(6)) return;
        if (open && d.oneIn(2)) vm.warp(_start(Day.unwrap(round_[id].lastDay) + 1) + d.below(2) - 1);
        if (block.timestamp < clock) vm.warp(clock);
        bool may = open && _today() > Day.unwrap(round_[id].lastDay);
        bytes memory data = abi.encodeCall(repayment.closeRound, (id));
        (bool done, ) = _do("closeRound", _anyAccount(d), address(repayment), data, _list(id));
        vm.assertTrue(done == may, "I-14: closed by anyone after its last day");
        if (done) vm.assertTrue(_has(id, ReceivableFlags.ROUND_UNFINISHED), "I-10: unfinished");
    }
}
