// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { PartyContext } from "./PartyContext.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "./interfaces/IRepaymentDesk.sol";
import { ExactCash } from "./libraries/ExactCash.sol";
import { NoteId, PartyId } from "./types/Ids.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The manual is the interface, {IRepaymentDesk}.
contract RepaymentDesk is IRepaymentDesk, PartyContext {
    using ExactCash for IERC20;

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) {
        registry = registry_;
        notes = notes_;
    }

    /// @inheritdoc IRepaymentDesk
    function repay(NoteId[] calldata ids, address payer, uint256 maxTotal) external override returns (uint256 total) {
        _checkPayer(payer);
        (address token, IReceivableNotes.Due[] memory dues) = notes.settle(ids);
        address[] memory payees = registry.settlementAccounts(_payees(dues));
        uint256 before = IERC20(token).balanceOf(payer);
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 amount = uint256(dues[i].principal) + dues[i].interest;
            address payee = payees[i];
            total += amount;
            emit Paid(ids[i], payer, payee, token, amount);
            IERC20(token).pay(payer, payee, amount);
        }
        if (total > maxTotal) revert TotalExceeded(total, maxTotal);
        IERC20(token).checkPaid(payer, before, total);
    }

    /// @dev Nobody spends another's allowance: the caller pays itself, or acts for the party whose account pays.
    /// A suspended or expired party may still pay, so its status is not asked.
    function _checkPayer(address payer) private view {
        address caller = _msgSender();
        if (payer == caller) return;
        IParticipantRegistry.Account memory a = registry.account(caller);
        bool own = PartyId.unwrap(a.party) != 0 && registry.account(payer).party == a.party;
        if (!own || a.rights & Rights.ACT == 0) revert PayerNotAuthorised(payer, caller);
    }

    function _payees(IReceivableNotes.Due[] memory dues) private pure returns (PartyId[] memory parties) {
        parties = new PartyId[](dues.length);
        for (uint256 i = 0; i < dues.length; ++i) parties[i] = dues[i].payee;
    }
}
