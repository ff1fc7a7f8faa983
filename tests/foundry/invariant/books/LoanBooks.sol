// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { IPledgeDesk } from "../../../../contracts/interfaces/IPledgeDesk.sol";
import { Day, NoteId, PartyId } from "../../../../contracts/types/Ids.sol";

/// @notice What the events of loans alone tell; the day of a block is what the calendar says.
abstract contract LoanBooks {
    struct LoanQuoteKey {
        PartyId lender;
        uint256 nonce;
    }

    mapping(NoteId => IPledgeDesk.Loan) internal loan_;
    mapping(PartyId => mapping(uint256 => bool)) internal loanQuoteUsed_;
    LoanQuoteKey[] internal loanQuotesSeen;

    /// @return Whether it is an event of the pledge desk.
    function _replayLoan(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        NoteId id = NoteId.wrap(uint40(uint256(log.topics[1])));
        if (topic == IPledgeDesk.PledgeMade.selector) {
            _made(id, PartyId.wrap(uint32(uint256(log.topics[2]))), log.data);
        } else if (topic == IPledgeDesk.ClaimPaid.selector) {
            IPledgeDesk.Loan storage l = loan_[id];
            uint96 amount;
            (amount, l.principal, l.accrued) = abi.decode(log.data, (uint96, uint96, uint144));
            l.cap -= amount;
            l.since = _blockDay();
        } else if (topic == IPledgeDesk.PledgeReleased.selector) {
            delete loan_[id];
        } else if (topic == IPledgeDesk.LoanQuoteCancelled.selector) {
            _used(PartyId.wrap(uint32(uint256(log.topics[1]))), abi.decode(log.data, (uint256)));
        } else {
            return topic == IPledgeDesk.LoanRepaid.selector;
        }
        return true;
    }

    function _made(NoteId id, PartyId lender, bytes memory data) private {
        (, uint96 principal, uint32 rateBps, uint96 cap, , , , , uint256 nonce) = abi.decode(
            data,
            (uint96, uint96, uint32, uint96, address, address, address, bytes32, uint256)
        );
        loan_[id] = IPledgeDesk.Loan(lender, principal, cap, rateBps, 0, _blockDay());
        _used(lender, nonce);
    }

    function _used(PartyId lender, uint256 nonce) private {
        loanQuoteUsed_[lender][nonce] = true;
        loanQuotesSeen.push(LoanQuoteKey(lender, nonce));
    }

    function _blockDay() private view returns (Day) {
        return Day.wrap(uint16((block.timestamp + 28_800) / 86_400));
    }

    /// @return What the lender may ask for today: principal and interest, rounded down, at most the cap.
    function _claimOn(NoteId id) internal view returns (uint256) {
        IPledgeDesk.Loan memory l = loan_[id];
        uint256 numDays = Day.unwrap(_blockDay()) - Day.unwrap(l.since);
        uint256 owed = l.principal + (l.accrued + uint256(l.principal) * l.rateBps * numDays) / 3_600_000;
        return owed < l.cap ? owed : l.cap;
    }
}
