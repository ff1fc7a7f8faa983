// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Paying } from "./Paying.sol";
import { Dice } from "../Dice.sol";
import { IBlockable } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { vm } from "../../base/Vm.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";

/// @notice Cash at maturity, before it, and late; and the declaration that there was none.
abstract contract PaymentActs is Paying {
    constructor() {
        _declareAct("repay");
        _declareAct("repay in hostile money");
        _declareAct("repay some that are blocked");
        _declareAct("declareOverdue");
    }

    function repay(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(8);
        NoteId[] memory ids = _chosen(d, wild);
        PartyId debtor = ids.length == 0 ? core.id : receivable_[note_[ids[0]].receivable].debtor;
        Actor memory a = PartyId.unwrap(debtor) == 0 ? core : _actor(debtor);
        address sender = wild ? _anyAccount(d) : a.account;
        address payer =
            wild && d.oneIn(2)
                ? _anyAccount(d)
                : wild && d.oneIn(2)
                    ? sender
                    : a.cash;
        _blockSome(d, ids);
        uint96[] memory principals = new uint96[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) principals[i] = note_[ids[i]].value;
        _repay(d, sender, _expect(sender, payer, ids, principals));
    }

    /// @dev Some notes of one debt; all of it where nothing less will do; wild: any, of any debts.
    function _chosen(Dice memory d, bool wild) private view returns (NoteId[] memory ids) {
        ReceivableId id = _receivable(d);
        bool due = d.oneIn(2);
        for (uint256 i = 0; i < 8 && !(_isOwed(id) && (!due || _isDueNow(id))); ++i) id = _receivable(d);
        if (d.oneIn(6)) id = _frozenDebt(d, id);
        bool whole = _has(id, ReceivableFlags.OVERDUE | ReceivableFlags.ROUND_UNFINISHED) && !d.oneIn(6);
        uint256 most = whole ? type(uint256).max : d.among(1, 2, 3, 12);
        ids = _payableOf(id, whole ? 0 : d.below(notesOf_[id].length), most);
        if (wild && ids.length != 0) ids[d.below(ids.length)] = NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }

    /// @dev One that an order withholds something of, of the due ones; else the one given.
    function _frozenDebt(Dice memory d, ReceivableId other) private view returns (ReceivableId) {
        NoteId note = _note(d, _bit(IReceivableNotes.NoteStatus.Frozen), false);
        ReceivableId id = note_[note].receivable;
        return note_[note].flags & NoteFlags.FROZEN != 0 && _isDueNow(id) ? id : other;
    }

    function _isDueNow(ReceivableId id) private view returns (bool) {
        return _today() >= Day.unwrap(receivable_[id].dueDay);
    }

    /// @dev The bank of blockable money blocks a payee just before it is paid.
    function _blockSome(Dice memory d, NoteId[] memory ids) private {
        if (ids.length == 0 || receivable_[note_[ids[0]].receivable].currency != BLOCKABLE || d.oneIn(2)) return;
        address payee = party_[_payeeOf(ids[d.below(ids.length)])].settlementAccount;
        if (payee != address(0)) IBlockable(currencyToken_[BLOCKABLE]).setBlocked(payee, true);
    }

    function _repay(Dice memory d, address sender, Payment memory p) private {
        uint256 most = type(uint256).max;
        if (d.oneIn(3)) most = d.oneIn(4) && p.total != 0 ? p.total - 1 : p.total;
        bool hostile = p.token == currencyToken_[SILENT] || p.token == currencyToken_[FEE];
        (bool done, bytes memory result) = _do(
            hostile
                ? "repay in hostile money"
                : p.token == currencyToken_[BLOCKABLE]
                    ? "repay some that are blocked"
                    : "repay",
            sender,
            address(repayment),
            abi.encodeCall(repayment.repay, (p.ids, p.payer, most)),
            p.named
        );
        if (!done) return;
        vm.assertLe(p.total, most, "I-9: more than the payer allowed");
        _checkPayment(p, abi.decode(result, (uint256)));
        for (uint256 i = 0; i < p.named.length; ++i) {
            ReceivableId id = p.named[i];
            vm.assertTrue(!_has(id, ReceivableFlags.ROUND_OPEN), "I-10: paid beside an open round");
            if (!_has(id, ReceivableFlags.OVERDUE | ReceivableFlags.ROUND_UNFINISHED)) continue;
            vm.assertEq(receivable_[id].outstanding, tenderedValue_[id], "I-10: some paid and some not");
        }
    }

    function declareOverdue(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        ReceivableId id = _receivable(d);
        for (uint256 i = 0; i < 8 && !_isLate(id); ++i) id = _receivable(d);
        if (d.oneIn(12)) id = ReceivableId.wrap(receivableCount_ + 1);
        bool may = _isLate(id);
        uint32 before = overdueCount_[receivable_[id].debtor];
        bytes memory data = abi.encodeCall(repayment.declareOverdue, (id));
        (bool done, ) = _do("declareOverdue", _anyAccount(d), address(repayment), data, _list(id));
        vm.assertTrue(done == may, "I-14: overdue just when grace has passed with accepted value outstanding");
        if (done) vm.assertEq(overdueCount_[receivable_[id].debtor], before + 1, "counted");
    }

    /// @notice Aims at what chance seldom brings: the debtor pays for an offer that nobody answered, and the offeror's bank
    /// refuses.
    function repayAnOffer(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        NoteId id = _blockableOffer(d);
        if (NoteId.unwrap(id) == 0) return;
        ReceivableId debt = note_[id].receivable;
        uint256 due = _start(Day.unwrap(receivable_[debt].dueDay));
        if (block.timestamp < due) {
            if (due > block.timestamp + 45 days) return;
            vm.warp(due);
        }
        address payee = party_[_payeeOf(id)].settlementAccount;
        IBlockable(currencyToken_[BLOCKABLE]).setBlocked(payee, true);
        bool whole = _has(debt, ReceivableFlags.OVERDUE | ReceivableFlags.ROUND_UNFINISHED);
        NoteId[] memory ids = new NoteId[](1);
        ids[0] = id;
        if (whole) ids = _payableOf(debt, 0, type(uint256).max);
        uint96[] memory principals = new uint96[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) principals[i] = note_[ids[i]].value;
        Actor memory a = _actor(receivable_[debt].debtor);
        _repay(d, a.account, _expect(a.account, a.cash, ids, principals));
    }

    /// @dev An offer out of an accepted note, in money that a bank can block.
    function _blockableOffer(Dice memory d) private view returns (NoteId) {
        uint40 start = uint40(d.below(noteCount_));
        for (uint40 i = 0; i < noteCount_; ++i) {
            NoteId id = NoteId.wrap(((start + i) % noteCount_) + 1);
            IReceivableNotes.Note memory n = note_[id];
            bool offered = n.value != 0 && n.flags & (NoteFlags.ACCEPTED | NoteFlags.TENDERED) == 0;
            bool ofOwed = NoteId.unwrap(n.parent) != 0 && receivable_[n.receivable].currency == BLOCKABLE;
            if (offered && ofOwed && !_has(n.receivable, ReceivableFlags.ROUND_OPEN)) return id;
        }
        return NoteId.wrap(0);
    }

    function _isLate(ReceivableId id) internal view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[id];
        bool declared = _has(id, ReceivableFlags.OVERDUE);
        bool late = _today() > uint256(Day.unwrap(r.dueDay)) + r.graceDays;
        return _isOwed(id) && !declared && late && r.outstanding > tenderedValue_[id];
    }
}
