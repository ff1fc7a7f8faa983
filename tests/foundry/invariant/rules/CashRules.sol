// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { PaymentActs } from "../acts/PaymentActs.sol";
import { SwitchActs } from "../acts/SwitchActs.sol";
import { vm } from "../../base/Vm.sol";
import { NoteId, PartyId } from "../../../../contracts/types/Ids.sol";

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
            for (uint256 i = 0; i < everybody.length; ++i) sum += _moneyOf(currency).balanceOf(everybody[i].cash);
            uint256 founded = currency <= EUR ? CASH : 0;
            vm.assertEq(sum, everybody.length * (PLENTY + founded), "I-9: paid = received");
        }
    }

    /// @notice I-13: whatever others did, a willing and solvent payer can pay every note that is due to somebody.
    function invariant_I13_liveness() internal {
        for (uint40 i = 1; i <= noteCount_; ++i) {
            NoteId id = NoteId.wrap(i);
            uint16 currency = receivable_[note_[id].receivable].currency;
            if (PartyId.unwrap(_payeeOf(id)) == 0 || !_isHonest(currency)) continue;
            uint256 total = note_[id].value + _interestOn(id);
            address payee = party_[_payeeOf(id)].settlementAccount;
            IERC20 token = IERC20(address(_moneyOf(currency)));
            uint256 before = token.balanceOf(payee);
            address payer = _benefactor(currency, total);
            vm.prank(payer);
            vm.assertEq(repayment.repay(_one(id), payer, total), total, "I-13: what it costs");
            vm.assertEq(token.balanceOf(payee), before + total, "I-13: the payee has it");
        }
    }

    /// @dev Somebody of nobody's with the money, and willing.
    function _benefactor(uint16 currency, uint256 amount) private returns (address payer) {
        payer = _named("benefactor");
        vm.prank(issuerOfficer);
        _moneyOf(currency).mint(payer, amount);
        _approve(payer, _moneyOf(currency));
    }
}
