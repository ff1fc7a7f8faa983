// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "../../base/Vm.sol";
import { IIssuanceDesk } from "../../../../contracts/interfaces/IIssuanceDesk.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";

/// @notice What the events of the notes and of issuing alone tell: what there is, and where value went.
abstract contract NoteBooks {
    /// @dev What left a receivable, by the way it left.
    struct Gone {
        uint256 repaid;
        uint256 extinguished;
        uint256 cancelled;
    }

    struct ConsentKey {
        PartyId receiver;
        PartyId offeror;
        uint16 currency;
    }

    uint40 internal noteCount_;
    uint40 internal receivableCount_;
    uint16 internal currencyCount_;
    uint32 internal policyNumber_;
    bool internal isPaused_;
    mapping(NoteId => IReceivableNotes.Note) internal note_;
    mapping(ReceivableId => IReceivableNotes.Receivable) internal receivable_;
    mapping(ReceivableId => Gone) internal gone_;
    mapping(ReceivableId => NoteId[]) internal notesOf_;
    mapping(NoteId => Day) internal tenderDay_;
    mapping(ReceivableId => uint96) internal tenderedValue_;
    mapping(uint32 => IIssuanceDesk.Policy) internal policy_;
    mapping(uint16 => address) internal currencyToken_;
    mapping(address => bool) internal isDesk_;
    mapping(PartyId => mapping(PartyId => mapping(uint16 => IReceivableNotes.Consent))) internal consent_;
    ConsentKey[] internal consentsSeen;
    address[] internal desksSeen;
    /// @dev Receivables that the events of the last act were about.
    ReceivableId[] internal touched;

    /// @return Whether it is an event that creates notes or moves value.
    function _replayValue(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IReceivableNotes.NoteOffered.selector) {
            _offered(log);
        } else if (topic == IReceivableNotes.NoteAssigned.selector) {
            _assigned(log);
        } else if (topic == IReceivableNotes.NoteReturned.selector) {
            NoteId id = _noteAt(log, 1);
            NoteId parent = _noteAt(log, 2);
            (uint96 value, uint16 flag) = abi.decode(log.data, (uint96, uint16));
            note_[id].value -= value;
            note_[id].flags |= flag;
            if (NoteId.unwrap(parent) != 0) _raise(parent, value);
            touched.push(note_[id].receivable);
        } else if (topic == IReceivableNotes.ValueExtinguished.selector) {
            ReceivableId id = _receivableAt(log, 2);
            uint96 value = abi.decode(log.data, (uint96));
            _sink(_noteAt(log, 1), value);
            gone_[id].extinguished += value;
            _lower(id, value);
        } else if (topic == IReceivableNotes.NoteRepaid.selector) {
            ReceivableId id = _receivableAt(log, 2);
            (uint96 principal, ) = abi.decode(log.data, (uint96, uint128));
            NoteId note = _noteAt(log, 1);
            _sink(note, principal);
            if (note_[note].value == 0) note_[note].flags |= NoteFlags.REPAID;
            gone_[id].repaid += principal;
            _lower(id, principal);
        } else if (topic == IReceivableNotes.NoteRestored.selector) {
            ReceivableId id = _receivableAt(log, 2);
            NoteId note = _noteAt(log, 1);
            uint96 principal = abi.decode(log.data, (uint96));
            _raise(note, principal);
            note_[note].flags &= ~NoteFlags.REPAID;
            receivable_[id].outstanding += principal;
            gone_[id].repaid -= principal;
        } else {
            return false;
        }
        return true;
    }

    /// @return Whether it is an event about what is there.
    function _replayFacts(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IReceivableNotes.ReceivableConfirmed.selector) {
            _confirmed(log);
        } else if (topic == IReceivableNotes.NoteAccepted.selector) {
            IReceivableNotes.Note storage n = note_[_noteAt(log, 1)];
            n.flags |= NoteFlags.ACCEPTED;
            touched.push(n.receivable);
        } else if (topic == IReceivableNotes.ReceivableCancelled.selector) {
            ReceivableId id = _receivableAt(log, 1);
            uint96 value = abi.decode(log.data, (uint96));
            receivable_[id].flags |= ReceivableFlags.CANCELLED;
            gone_[id].cancelled += value;
            _lower(id, value);
        } else if (topic == IReceivableNotes.ConsentSet.selector) {
            ConsentKey memory key = ConsentKey(_partyAt(log, 1), _partyAt(log, 2), uint16(uint256(log.topics[3])));
            consentsSeen.push(key);
            consent_[key.receiver][key.offeror][key.currency] = abi.decode(log.data, (IReceivableNotes.Consent));
        } else {
            return topic == IReceivableNotes.Transfer.selector || topic == IReceivableNotes.TransferValue.selector;
        }
        return true;
    }

    /// @return Whether it is an event of the operator's switches.
    function _replaySwitches(Vm.Log memory log) internal returns (bool) {
        bytes32 topic = log.topics[0];
        if (topic == IReceivableNotes.CurrencyAllowed.selector) {
            ++currencyCount_;
            currencyToken_[uint16(uint256(log.topics[1]))] = address(uint160(uint256(log.topics[2])));
        } else if (topic == IReceivableNotes.DeskSet.selector) {
            address desk = address(uint160(uint256(log.topics[1])));
            desksSeen.push(desk);
            isDesk_[desk] = abi.decode(log.data, (bool));
        } else if (topic == IReceivableNotes.Paused.selector) {
            isPaused_ = abi.decode(log.data, (bool));
        } else if (topic == IIssuanceDesk.PolicySet.selector) {
            policyNumber_ = uint32(uint256(log.topics[1]));
            policy_[policyNumber_] = abi.decode(log.data, (IIssuanceDesk.Policy));
        } else {
            return false;
        }
        return true;
    }

    function _confirmed(Vm.Log memory log) private {
        ReceivableId id = _receivableAt(log, 1);
        IReceivableNotes.Terms memory t = abi.decode(log.data, (IReceivableNotes.Terms));
        IIssuanceDesk.Policy memory p = policy_[t.policy];
        IReceivableNotes.Receivable storage r = receivable_[id];
        (r.debtor, r.root) = (_partyAt(log, 2), _noteAt(log, 3));
        (r.faceValue, r.outstanding, r.dueDay, r.currency) = (t.faceValue, t.faceValue, t.dueDay, t.currency);
        (r.deliveryDay, r.confirmedDay, r.flags) = (t.deliveryDay, t.confirmedDay, t.flags);
        (r.tierLimit, r.graceDays, r.overdueRateBps) = (p.tierLimit, p.graceDays, p.overdueRateBps);
        (r.offerLifetimeDays, r.minChildValue) = (p.offerLifetimeDays, p.minChildValue);
        ++receivableCount_;
        touched.push(id);
    }

    function _offered(Vm.Log memory log) private {
        NoteId id = _noteAt(log, 1);
        IReceivableNotes.Note storage n = note_[id];
        (n.parent, n.holder) = (_noteAt(log, 2), _partyAt(log, 3));
        (n.receivable, n.value, n.tier, n.lapseDay, ) = abi.decode(
            log.data,
            (ReceivableId, uint96, uint8, Day, bytes32)
        );
        bool isRoot = NoteId.unwrap(n.parent) == 0;
        if (Day.unwrap(n.lapseDay) == 0) {
            n.flags = NoteFlags.ACCEPTED;
            PartyId offeror = isRoot ? receivable_[n.receivable].debtor : note_[n.parent].holder;
            consent_[n.holder][offeror][receivable_[n.receivable].currency].amount -= n.value;
        }
        if (!isRoot) note_[n.parent].value -= n.value;
        _created(id, n.receivable);
    }

    function _assigned(Vm.Log memory log) private {
        NoteId id = _noteAt(log, 1);
        IReceivableNotes.Note storage n = note_[id];
        (n.parent, n.holder) = (_noteAt(log, 2), _partyAt(log, 3));
        (n.receivable, n.value, n.tier, n.flags) = abi.decode(log.data, (ReceivableId, uint96, uint8, uint16));
        n.round = note_[n.parent].round;
        if (n.flags & NoteFlags.TENDERED != 0) tenderDay_[id] = tenderDay_[n.parent];
        note_[n.parent].value -= n.value;
        _created(id, n.receivable);
    }

    function _created(NoteId id, ReceivableId receivable) private {
        ++noteCount_;
        notesOf_[receivable].push(id);
        touched.push(receivable);
    }

    /// @dev Value that leaves the world from a note.
    function _sink(NoteId id, uint96 value) private {
        IReceivableNotes.Note storage n = note_[id];
        n.value -= value;
        if (n.flags & NoteFlags.TENDERED != 0) tenderedValue_[n.receivable] -= value;
    }

    /// @dev Value that comes back to a note.
    function _raise(NoteId id, uint96 value) private {
        IReceivableNotes.Note storage n = note_[id];
        n.value += value;
        if (n.flags & NoteFlags.TENDERED != 0) tenderedValue_[n.receivable] += value;
    }

    function _lower(ReceivableId id, uint96 value) private {
        receivable_[id].outstanding -= value;
        touched.push(id);
    }

    function _noteAt(Vm.Log memory log, uint256 topic) internal pure returns (NoteId) {
        return NoteId.wrap(uint40(uint256(log.topics[topic])));
    }

    function _receivableAt(Vm.Log memory log, uint256 topic) internal pure returns (ReceivableId) {
        return ReceivableId.wrap(uint40(uint256(log.topics[topic])));
    }

    function _partyAt(Vm.Log memory log, uint256 topic) internal pure returns (PartyId) {
        return PartyId.wrap(uint32(uint256(log.topics[topic])));
    }
}
