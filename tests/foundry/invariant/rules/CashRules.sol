// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PaymentActs } from "../acts/PaymentActs.sol";
import { SwitchActs } from "../acts/SwitchActs.sol";
import { IMoney } from "../../base/Network.sol";
import { vm } from "../../base/Vm.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";

/// @notice Rules about cash, read from the tokens' balances.
abstract contract CashRules is PaymentActs, SwitchActs {
    /// @notice I-2: no contract of the protocol gains or loses money, whoever's strays there.
    function invariant_I02_noCustody() internal {
        address[] memory all = _contracts();
        for (uint256 i = 0; i < all.length; ++i) {
            for (uint16 currency = 1; currency <= CURRENCIES; ++currency) {
                uint256 stray = currency == CNY ? strayed[all[i]] : 0;
                vm.assertEq(_moneyOf(currency).balanceOf(all[i]), stray, "I-2: custody");
            }
        }
    }

    /// @notice I-9: no act makes or burns money: all that was paid was received.
    function invariant_I09_paidIsReceived() internal {
        for (uint16 currency = 1; currency <= CURRENCIES; ++currency) {
            if (!_isHonest(currency)) continue;
            uint256 sum;
            for (uint256 i = 0; i < everybody.length; ++i) {
                sum += _moneyOf(currency).balanceOf(everybody[i].cash);
                sum += _moneyOf(currency).balanceOf(everybody[i].account);
                sum += _moneyOf(currency).balanceOf(_spareOf(everybody[i]));
            }
            uint256 founded = currency <= EUR ? CASH : 0;
            vm.assertEq(sum, everybody.length * (PLENTY + founded), "I-9: paid = received");
        }
    }

    /// @notice I-13: whatever others did, a willing and solvent payer can pay all of every debt that is owed, but for what
    /// an order withholds or a payee's own bank refuses: that is tendered.
    function invariant_I13_liveness() internal {
        for (uint40 i = 1; i <= receivableCount_; ++i) {
            ReceivableId id = ReceivableId.wrap(i);
            if (_isOwed(id) && _isHonest(receivable_[id].currency)) _payAll(id);
        }
    }

    function _payAll(ReceivableId id) private {
        IMoney token = _moneyOf(receivable_[id].currency);
        address payer = _benefactor(token);
        bool inRound = _has(id, ReceivableFlags.ROUND_OPEN);
        NoteId[] memory ids = _payableOf(id, 0, type(uint256).max);
        if (ids.length == 0) return;
        if (inRound) {
            vm.prank(payer);
            repayment.payRound(id, ids, payer, type(uint256).max);
            ids = _leftOf(id);
            if (ids.length == 0) return;
        }
        uint256[] memory before = _balances(token, ids);
        vm.prank(payer);
        repayment.repay(ids, payer, type(uint256).max);
        for (uint256 i = 0; i < ids.length; ++i) {
            address payee = party_[_payeeOf(ids[i])].settlementAccount;
            // A lender comes before the payee, and may need all.
            PartyId lender = loan_[ids[i]].lender;
            bool isLoaned = PartyId.unwrap(lender) != 0;
            bool lenderRefuses = isLoaned && _isBlocked(address(token), party_[lender].settlementAccount);
            bool stays = _isWithheld(ids[i]) || _isBlocked(address(token), payee) || lenderRefuses;
            vm.assertTrue(stays || notes.note(ids[i]).value == 0, "I-13: a note that cannot be paid");
            bool hasMore = token.balanceOf(payee) > before[i];
            vm.assertTrue(stays || isLoaned || hasMore, "I-13: a payee without its cash");
        }
        bool overdue = notes.receivable(id).flags & ReceivableFlags.OVERDUE != 0;
        vm.assertFalse(overdue, "I-13: paid or tendered, and overdue");
    }

    /// @dev Notes with value after a round, read from the chain: the books are behind.
    function _leftOf(ReceivableId id) private view returns (NoteId[] memory ids) {
        NoteId[] storage list = notesOf_[id];
        NoteId[] memory found = new NoteId[](list.length);
        uint256 count;
        for (uint256 i = 0; i < list.length; ++i) {
            IReceivableNotes.Note memory n = notes.note(list[i]);
            if (n.value != 0 && n.flags & NoteFlags.RESERVED == 0) found[count++] = list[i];
        }
        ids = new NoteId[](count);
        for (uint256 i = 0; i < count; ++i) ids[i] = found[i];
    }

    function _balances(IMoney token, NoteId[] memory ids) private view returns (uint256[] memory balances) {
        balances = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            balances[i] = token.balanceOf(party_[_payeeOf(ids[i])].settlementAccount);
        }
    }

    /// @dev Somebody of nobody's with the money, and willing.
    function _benefactor(IMoney token) private returns (address payer) {
        payer = _named("benefactor");
        vm.prank(issuerOfficer);
        token.mint(payer, PLENTY);
        _approve(payer, token);
    }
}
