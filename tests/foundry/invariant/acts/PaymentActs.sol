// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { vm } from "../../base/Vm.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { Rights } from "../../../../contracts/types/Roles.sol";

/// @notice Cash at maturity, before it, and late.
abstract contract PaymentActs is World {
    uint256 private immutable DUE =
        _bit(IReceivableNotes.NoteStatus.Held) |
            _bit(IReceivableNotes.NoteStatus.Offered) |
            _bit(IReceivableNotes.NoteStatus.Lapsable);

    /// @dev What a payment must move.
    struct Payment {
        address token;
        uint256 total;
        bool due;
        bool may;
        uint256 payerBefore;
        address[] payees;
        uint256[] payeesAfter;
        ReceivableId[] named;
    }

    constructor() {
        _declareAct("repay");
        _declareAct("repay in hostile money");
        _declareAct("declareOverdue");
    }

    function repay(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(8);
        NoteId[] memory ids = _payable(d, wild);
        IReceivableNotes.Receivable memory r = receivable_[
            ids.length == 0 ? ReceivableId.wrap(1) : note_[ids[0]].receivable
        ];
        Actor memory debtor = PartyId.unwrap(r.debtor) == 0 ? core : _actor(r.debtor);
        address sender = wild ? _anyAccount(d) : debtor.account;
        address payer =
            wild && d.oneIn(2)
                ? _anyAccount(d)
                : wild && d.oneIn(2)
                    ? sender
                    : debtor.cash;
        _pay(d, sender, payer, ids);
    }

    /// @dev Some notes of one debt, or of any debts.
    function _payable(Dice memory d, bool wild) private view returns (NoteId[] memory ids) {
        NoteId first = _note(d, DUE, wild);
        NoteId[] storage list = notesOf_[note_[first].receivable];
        uint256 most = d.among(1, 1, 3, 12);
        NoteId[] memory found = new NoteId[](most);
        uint256 count;
        uint256 start = d.below(list.length);
        for (uint256 i = 0; i < list.length && count < most; ++i) {
            NoteId id = list[(start + i) % list.length];
            if (PartyId.unwrap(_payeeOf(id)) != 0) found[count++] = id;
        }
        if (wild && most > 1) {
            (found[0], count) = (first, count == 0 ? 1 : count);
            found[count - 1] = _note(d, DUE, d.oneIn(2));
        }
        ids = new NoteId[](count);
        for (uint256 i = 0; i < count; ++i) ids[i] = found[i];
    }

    function _pay(Dice memory d, address sender, address payer, NoteId[] memory ids) private {
        Payment memory e = _expect(sender, payer, ids);
        uint256 most =
            d.oneIn(10) && e.total != 0
                ? e.total - 1
                : d.oneIn(3)
                    ? e.total
                    : type(uint256).max;
        (bool done, bytes memory result) = _do(
            e.token == currencyToken_[SILENT] || e.token == currencyToken_[FEE] ? "repay in hostile money" : "repay",
            sender,
            address(repayment),
            abi.encodeCall(repayment.repay, (ids, payer, most)),
            e.named
        );
        if (!done) return;
        vm.assertTrue(e.may, "I-11: paid from an account that was not its own");
        vm.assertTrue(e.due, "I-9: paid what was due to nobody");
        vm.assertTrue(e.token != currencyToken_[FEE], "I-17: a fee was swallowed");
        vm.assertLe(e.total, most, "I-9: more than the payer allowed");
        vm.assertEq(abi.decode(result, (uint256)), e.total, "I-9: principal and interest");
        _checkCash(e, payer);
    }

    /// @dev A payer that is a payee too would have paid itself, which no token measures: it is refused.
    function _checkCash(Payment memory e, address payer) private view {
        vm.assertEq(IERC20(e.token).balanceOf(payer), e.payerBefore - e.total, "I-9: the payer paid it");
        for (uint256 i = 0; i < e.payees.length; ++i) {
            vm.assertEq(
                IERC20(e.token).balanceOf(e.payees[i]),
                e.payeesAfter[i],
                "I-9: each payee got what it was due"
            );
        }
    }

    function _expect(address sender, address payer, NoteId[] memory ids) private view returns (Payment memory e) {
        (e.total, e.due) = _dueOf(ids);
        e.token = ids.length == 0 ? address(cny) : currencyToken_[receivable_[note_[ids[0]].receivable].currency];
        if (e.token != address(0)) e.payerBefore = IERC20(e.token).balanceOf(payer);
        e.payees = _payees(ids);
        e.payeesAfter = _received(e.token, ids);
        e.may = _mayPay(sender, payer);
        e.named = new ReceivableId[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) e.named[i] = note_[ids[i]].receivable;
    }

    /// @return total Principal and interest of all.
    /// @return due Whether each is due to somebody, none is named twice, and all are of one currency.
    function _dueOf(NoteId[] memory ids) private view returns (uint256 total, bool due) {
        due = ids.length != 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            total += note_[ids[i]].value + _interestOn(ids[i]);
            due = due && PartyId.unwrap(_payeeOf(ids[i])) != 0;
            for (uint256 j = 0; j < i; ++j) {
                uint16 currency = receivable_[note_[ids[j]].receivable].currency;
                due = due && ids[j] != ids[i] && currency == receivable_[note_[ids[i]].receivable].currency;
            }
        }
    }

    function _payees(NoteId[] memory ids) private view returns (address[] memory accounts) {
        accounts = new address[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) accounts[i] = party_[_payeeOf(ids[i])].settlementAccount;
    }

    /// @return balances What each payee will have, all its notes together.
    function _received(address token, NoteId[] memory ids) private view returns (uint256[] memory balances) {
        address[] memory payees = _payees(ids);
        balances = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length && token != address(0); ++i) {
            balances[i] = IERC20(token).balanceOf(payees[i]);
            for (uint256 j = 0; j < ids.length; ++j) {
                if (payees[j] == payees[i]) balances[i] += note_[ids[j]].value + _interestOn(ids[j]);
            }
        }
    }

    /// @dev Itself, or an account of its own party that it acts for: in any standing.
    function _mayPay(address sender, address payer) internal view returns (bool) {
        IParticipantRegistry.Account memory a = account_[sender];
        bool own = PartyId.unwrap(a.party) != 0 && account_[payer].party == a.party && a.rights & Rights.ACT != 0;
        return sender == payer || own;
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

    function _isLate(ReceivableId id) private view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[id];
        return
            _receivableStatusOf(id) == IReceivableNotes.ReceivableStatus.Outstanding &&
            note_[r.root].flags & 1 != 0 &&
            _today() > uint256(Day.unwrap(r.dueDay)) + r.graceDays;
    }
}
