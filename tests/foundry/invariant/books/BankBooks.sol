// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { DeskBooks } from "./DeskBooks.sol";
import { Vm } from "../../base/Vm.sol";
import { IBankDesk } from "../../../../contracts/interfaces/IBankDesk.sol";
import { IBankRepaymentDesk } from "../../../../contracts/interfaces/IBankRepaymentDesk.sol";
import { IBankSaleDesk } from "../../../../contracts/interfaces/IBankSaleDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";

/// @notice What the events of the desks whose cash banks carry alone tell.
abstract contract BankBooks is DeskBooks {
    struct Reference {
        PartyId bank;
        bytes32 paymentReference;
    }

    mapping(bytes32 reservation => IBankDesk.Reservation) internal wait_;
    bytes32[] internal waitsSeen;
    mapping(bytes32 reservation => IBankSaleDesk.Sale) internal sale_;
    mapping(bytes32 reservation => mapping(NoteId => uint96)) internal principalUnder_;
    mapping(bytes32 reservation => NoteId[]) internal notesUnder_;
    mapping(bytes32 reservation => ReceivableId) internal roundUnder_;
    mapping(ReceivableId => IBankRepaymentDesk.RoundBank) internal roundBank_;
    mapping(NoteId => Day) internal restsUntil_;
    mapping(PartyId bank => mapping(bytes32 paymentReference => IBankDesk.Record)) internal record_;
    Reference[] internal referencesSeen;

    /// @return Whether it is an event of the bank desk.
    function _replayBank(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IBankDesk.Reserved.selector) {
            IBankDesk.Reservation storage r = wait_[log.topics[1]];
            (r.bank, r.product) = (_bankAt(log, 2), address(uint160(uint256(log.topics[3]))));
            (r.reservedDay, r.lastDay) = abi.decode(log.data, (Day, Day));
            waitsSeen.push(log.topics[1]);
        } else if (topic == IBankDesk.ReservationDeclined.selector) {
            wait_[log.topics[1]].declined = true;
        } else if (topic == IBankDesk.PaymentDelivered.selector) {
            _record(log, IBankDesk.Outcome.Delivered);
        } else if (topic == IBankDesk.BankException.selector) {
            _record(log, IBankDesk.Outcome.Exception);
        } else {
            return false;
        }
        return true;
    }

    function _record(Vm.Log memory log, IBankDesk.Outcome outcome) private {
        PartyId bank = _bankAt(log, 1);
        // The digest comes first in either.
        record_[bank][log.topics[2]] = IBankDesk.Record(outcome, bytes31(bytes32(log.data)));
        referencesSeen.push(Reference(bank, log.topics[2]));
    }

    /// @return Whether it is an event of the desk for sales.
    function _replayBankSale(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IBankSaleDesk.SaleReserved.selector) {
            sale_[log.topics[1]] = abi.decode(log.data, (IBankSaleDesk.Sale));
        } else if (topic == IBankSaleDesk.SaleDelivered.selector || topic == IBankSaleDesk.SaleReleased.selector) {
            delete sale_[log.topics[1]];
        } else {
            return false;
        }
        return true;
    }

    /// @return Whether it is an event of the desk for repayments.
    function _replayBankRepayment(Vm.Log memory log) internal returns (bool) {
        (bytes32 topic, bytes32 id) = (log.topics[0], log.topics[1]);
        NoteId note = NoteId.wrap(uint40(uint256(log.topics[2])));
        if (topic == IBankRepaymentDesk.NoteReserved.selector) {
            principalUnder_[id][note] = abi.decode(log.data, (uint96));
            notesUnder_[id].push(note);
        } else if (topic == IBankRepaymentDesk.RoundReserved.selector) {
            ReceivableId receivable = ReceivableId.wrap(uint40(uint256(log.topics[2])));
            roundBank_[receivable] = IBankRepaymentDesk.RoundBank(id, abi.decode(log.data, (uint8)));
            roundUnder_[id] = receivable;
        } else if (
            topic == IBankRepaymentDesk.PaidByBank.selector || topic == IBankRepaymentDesk.PayeeNotPaid.selector
        ) {
            delete principalUnder_[id][note];
        } else if (topic == IBankRepaymentDesk.NoteReleased.selector) {
            delete principalUnder_[id][note];
            restsUntil_[note] = abi.decode(log.data, (Day));
        } else {
            return false;
        }
        return true;
    }

    function _bankAt(Vm.Log memory log, uint256 topic) private pure returns (PartyId) {
        return PartyId.wrap(uint32(uint256(log.topics[topic])));
    }
}
