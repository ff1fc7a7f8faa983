// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { PaymentActs } from "./PaymentActs.sol";
import { Dice } from "../Dice.sol";
import { Actor } from "../../base/Cast.sol";
import { vm } from "../../base/Vm.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights } from "../../../../contracts/types/Roles.sol";

/// @notice Who bought with recourse turns to the seller, who pays and has the note back.
abstract contract RecourseActs is PaymentActs {
    /// @dev What honouring must move.
    struct Return {
        NoteId note;
        PartyId seller;
        address token;
        address payer;
        address payee;
        uint256 total;
        uint256 payerBefore;
        uint256 payeeBefore;
        uint96 value;
        bool may;
    }

    constructor() {
        _declareAct("demand");
        _declareAct("honour");
    }

    function demand(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(5);
        NoteId id = _soldWithRecourse(d, wild);
        bool sold = NoteId.unwrap(origin_[id]) != 0;
        if (!sold && !d.oneIn(8)) return;
        if (sold && !wild) _default(note_[id].receivable);
        IReceivableNotes.Note memory n = note_[id];
        address sender = wild || PartyId.unwrap(n.holder) == 0 ? _anyAccount(d) : _actor(n.holder).account;
        NoteId[] memory ids = new NoteId[](1);
        ids[0] = id;
        bool may =
            _mayAct(sender, Rights.ACT, 0) &&
                _partyOf(sender) == n.holder &&
                sold &&
                _isHeld(id) &&
                _has(n.receivable, ReceivableFlags.OVERDUE) &&
                n.flags & NoteFlags.TENDERED == 0 &&
                Day.unwrap(demandDay_[id]) == 0;
        (bool done, ) = _do("demand", sender, address(recourse), abi.encodeCall(recourse.demand, (ids)), _none());
        vm.assertTrue(done == may, "I-11: demanded by its holder, of a sale with recourse, when overdue");
        if (done) vm.assertEq(Day.unwrap(demandDay_[id]), _today(), "the day of the demand");
    }

    /// @dev Sold so and not paid; of a debt that is overdue, if there is one.
    function _soldWithRecourse(Dice memory d, bool wild) private view returns (NoteId some) {
        uint40 start = uint40(d.below(noteCount_));
        for (uint40 i = 0; !wild && i < noteCount_; ++i) {
            NoteId id = NoteId.wrap(((start + i) % noteCount_) + 1);
            IReceivableNotes.Note memory n = note_[id];
            bool tendered = n.flags & NoteFlags.TENDERED != 0;
            if (NoteId.unwrap(origin_[id]) == 0 || n.value == 0 || tendered) continue;
            if (_has(n.receivable, ReceivableFlags.OVERDUE) && Day.unwrap(demandDay_[id]) == 0) return id;
            some = id;
        }
        if (NoteId.unwrap(some) == 0) return NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }

    /// @dev Time passes until the debt is late, if that is not far, and somebody says so.
    function _default(ReceivableId id) private {
        IReceivableNotes.Receivable memory r = receivable_[id];
        if (Day.unwrap(r.dueDay) == 0) return;
        uint256 over = _start(Day.unwrap(r.dueDay)) + (uint256(r.graceDays) + 1) * 1 days;
        if (block.timestamp < over && over < block.timestamp + 45 days) vm.warp(over);
        if (!_isLate(id)) return;
        bytes memory data = abi.encodeCall(repayment.declareOverdue, (id));
        _do("declareOverdue", stranger, address(repayment), data, _list(id));
    }

    function honour(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        Return memory e;
        e.note = _demanded(d, wild);
        if (Day.unwrap(demandDay_[e.note]) == 0 && !d.oneIn(8)) return;
        if (receivable_[note_[e.note].receivable].currency == FEE) return;
        e.seller = undertaking_[origin_[e.note]].seller;
        Actor memory a = PartyId.unwrap(e.seller) == 0 ? tier1 : _actor(e.seller);
        address sender = wild && d.oneIn(2) ? _anyAccount(d) : a.account;
        e.payer = wild && d.oneIn(2) ? _anyAccount(d) : a.cash;
        _expect(e, sender);
        uint256 most = d.oneIn(4) && e.total != 0 ? e.total - d.below(2) : type(uint256).max;
        (bool done, bytes memory result) = _do(
            "honour",
            sender,
            address(recourse),
            abi.encodeCall(recourse.honour, (e.note, e.payer, most)),
            _list(note_[e.note].receivable)
        );
        vm.assertTrue(done == (e.may && e.total <= most), "I-11: honoured by its seller, once demanded");
        if (done) _check(e, result);
    }

    function _demanded(Dice memory d, bool wild) private view returns (NoteId) {
        uint40 start = uint40(d.below(noteCount_));
        for (uint40 i = 0; !wild && i < noteCount_; ++i) {
            NoteId id = NoteId.wrap(((start + i) % noteCount_) + 1);
            if (Day.unwrap(demandDay_[id]) != 0 && note_[id].value != 0) return id;
        }
        return NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }

    function _expect(Return memory e, address sender) private view {
        IReceivableNotes.Note memory n = note_[e.note];
        e.value = n.value;
        e.token = currencyToken_[receivable_[n.receivable].currency];
        e.payee = party_[n.holder].settlementAccount;
        if (!_isToken(e.token) || PartyId.unwrap(e.seller) == 0) return;
        e.total = _claimOf(e.note);
        (e.payerBefore, e.payeeBefore) = (IERC20(e.token).balanceOf(e.payer), IERC20(e.token).balanceOf(e.payee));
        IParticipantRegistry.Account memory caller = account_[sender];
        bool theirs = caller.party == e.seller && caller.rights & Rights.ACT != 0;
        bool own = e.payer == sender || account_[e.payer].party == e.seller;
        bool free = _isHeld(e.note) && _freeOf(e.note) == e.value;
        bool open = Day.unwrap(demandDay_[e.note]) != 0 && !_has(n.receivable, ReceivableFlags.ROUND_OPEN);
        bool flows = !_isBlocked(e.token, e.payer) && !_isBlocked(e.token, e.payee) && _canSpend(e);
        e.may = theirs && own && free && open && flows && e.value != 0;
    }

    function _canSpend(Return memory e) private view returns (bool) {
        bool allowed = IERC20(e.token).allowance(e.payer, address(recourse)) >= e.total;
        return allowed && e.payerBefore >= e.total && (e.payer != e.payee || e.total == 0);
    }

    /// @dev The price of what is left with interest, rounded down; at most what the debtor owes.
    function _claimOf(NoteId id) private view returns (uint256) {
        IFinancingDesk.Sale memory sale = undertaking_[origin_[id]];
        uint256 value = note_[id].value;
        uint256 owed = value + _interestOn(id, value);
        uint256 held = _today() - Day.unwrap(sale.day);
        uint256 refund = (sale.price * value * (3_600_000 + sale.rateBps * held)) / (uint256(sale.amount) * 3_600_000);
        return refund < owed ? refund : owed;
    }

    function _check(Return memory e, bytes memory result) private view {
        (NoteId child, uint256 total) = abi.decode(result, (NoteId, uint256));
        vm.assertEq(total, e.total, "I-9: the price of what is left, with interest");
        vm.assertEq(IERC20(e.token).balanceOf(e.payer), e.payerBefore - e.total, "I-9: the seller paid it");
        vm.assertEq(IERC20(e.token).balanceOf(e.payee), e.payeeBefore + e.total, "I-9: the buyer got it");
        vm.assertEq(notes.note(e.note).value, 0, "I-7: the buyer gave all of it back");
        vm.assertEq(notes.note(child).value, e.value, "I-7: the seller has it");
        vm.assertEq(PartyId.unwrap(notes.note(child).holder), PartyId.unwrap(e.seller), "the seller's");
        NoteId sold = notes.note(origin_[e.note]).parent;
        vm.assertEq(NoteId.unwrap(origin_[child]), NoteId.unwrap(origin_[sold]), "the sale before holds again");
    }
}
