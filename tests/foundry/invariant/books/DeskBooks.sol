// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IRepaymentDesk } from "../../../../contracts/interfaces/IRepaymentDesk.sol";
import { Day, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";

/// @notice What the events of the desks that carry cash alone tell.
abstract contract DeskBooks {
    struct QuoteKey {
        PartyId financier;
        uint256 nonce;
    }

    uint96 internal constant CANCELLED = type(uint96).max;

    mapping(PartyId => mapping(uint256 => uint96)) internal taken_;
    QuoteKey[] internal quotesSeen;
    /// @dev Cash that a repayment told of, by the account that got it.
    mapping(address token => mapping(address payee => uint256)) internal paidTo_;
    mapping(ReceivableId => IRepaymentDesk.Round) internal round_;
    mapping(ReceivableId => uint8) internal roundNumber_;

    /// @return Whether it is an event of a desk.
    function _replayDesk(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IFinancingDesk.NoteFinanced.selector) {
            PartyId financier = PartyId.wrap(uint32(uint256(log.topics[3])));
            (, uint96 amount, , , , , , , , uint256 nonce) = abi.decode(
                log.data,
                (PartyId, uint96, uint96, uint32, bool, address, address, address, bytes32, uint256)
            );
            taken_[financier][nonce] += amount;
            quotesSeen.push(QuoteKey(financier, nonce));
        } else if (topic == IFinancingDesk.QuoteCancelled.selector) {
            PartyId financier = PartyId.wrap(uint32(uint256(log.topics[1])));
            uint256 nonce = abi.decode(log.data, (uint256));
            taken_[financier][nonce] = CANCELLED;
            quotesSeen.push(QuoteKey(financier, nonce));
        } else if (topic == IFinancingDesk.QuoteAgreed.selector || topic == IFinancingDesk.QuoteGivenBack.selector) {
            PartyId financier = PartyId.wrap(uint32(uint256(log.topics[1])));
            (uint256 nonce, uint96 amount) = abi.decode(log.data, (uint256, uint96));
            bool agreed = topic == IFinancingDesk.QuoteAgreed.selector;
            uint96 taken = taken_[financier][nonce];
            // What was cancelled stays so.
            if (taken != CANCELLED) taken_[financier][nonce] = agreed ? taken + amount : taken - amount;
            quotesSeen.push(QuoteKey(financier, nonce));
        } else if (topic == IRepaymentDesk.Paid.selector) {
            (address token, uint256 amount) = abi.decode(log.data, (address, uint256));
            paidTo_[token][address(uint160(uint256(log.topics[3])))] += amount;
        } else {
            return topic == IRepaymentDesk.PaymentRefused.selector || _replayRound(log);
        }
        return true;
    }

    function _replayRound(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        ReceivableId id = ReceivableId.wrap(uint40(uint256(log.topics[1])));
        IRepaymentDesk.Round storage r = round_[id];
        if (topic == IRepaymentDesk.RoundOpened.selector) {
            uint8 number;
            (number, r.total, r.base, r.lastDay) = abi.decode(log.data, (uint8, uint96, uint96, Day));
            // One that is taken up again goes on where it was.
            if (number != roundNumber_[id]) (r.counted, roundNumber_[id]) = (0, number);
        } else if (topic == IRepaymentDesk.RoundCounted.selector) {
            r.counted = abi.decode(log.data, (uint96));
        } else {
            return topic == IRepaymentDesk.RoundClosed.selector;
        }
        return true;
    }
}
