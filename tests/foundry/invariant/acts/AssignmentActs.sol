// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { SaleActs } from "./SaleActs.sol";
import { Dice } from "../Dice.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IAssignmentRegister } from "../../../../contracts/interfaces/IAssignmentRegister.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteId, PartyId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice What was bought is registered, and its debtor told.
abstract contract AssignmentActs is SaleActs {
    uint256 private _words;

    constructor() {
        _declareAct("register");
        _declareAct("notifyDebtor");
    }

    function register(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        if (_quotes.length == 0) return;
        IAssignmentRegister.Entry[] memory entries = new IAssignmentRegister.Entry[](1);
        IAssignmentRegister.Registration memory word;
        (word.note, entries[0].quote) = _boughtBy(d);
        bool wild = d.oneIn(4);
        word.registryReference = wild && d.oneIn(3) ? bytes32(0) : REGISTERED;
        word.registeredAt = uint64(block.timestamp - d.below(3) + (wild && d.oneIn(3) ? 3 : 0));
        word.replaces = assignment_[word.note].registeredAt + (wild && d.oneIn(3) ? 1 : 0);
        word.signer = wild && d.oneIn(3) ? _anyAccount(d) : registrar.account;
        word.nonce = wild && d.oneIn(2) ? _words : ++_words;
        word.deadline = block.timestamp + d.below(2) - (wild && d.oneIn(3) ? 1 : 0);
        entries[0].registration = word;
        bytes32 digest = Signing.registration(address(assignments), word);
        entries[0].signature = Signing.sign(wild && d.oneIn(3) ? core.key : keyOf[word.signer], digest);
        IAssignmentRegister.Assignment memory before = assignment_[word.note];
        bool may =
            word.registeredAt <= block.timestamp &&
                word.replaces == before.registeredAt &&
                word.registryReference != 0 &&
                block.timestamp <= word.deadline &&
                _mayAct(word.signer, Rights.ACT, Roles.REGISTRAR) &&
                _isBought(word.note) &&
                note_[word.note].parent == entries[0].quote.note &&
                note_[word.note].holder == entries[0].quote.financier;
        bytes memory data = abi.encodeCall(assignments.register, (entries));
        (bool done, ) = _do("register", _anyAccount(d), address(assignments), data, _none());
        if (!done) return;
        vm.assertTrue(may, "I-11: registered by a registrar, in time, of just this deal");
        vm.assertEq(assignment_[word.note].registeredAt, word.registeredAt, "registered");
        vm.assertEq(assignment_[word.note].debtorNotifiedAt, before.debtorNotifiedAt, "notice as before");
    }

    /// @dev A quote that was taken, and a note that came of it; of the last when none was.
    function _boughtBy(Dice memory d) private view returns (NoteId, IFinancingDesk.Quote memory q) {
        uint256 start = d.below(_quotes.length);
        for (uint256 i = 0; i < _quotes.length; ++i) {
            q = _quotes[(start + i) % _quotes.length];
            if (taken_[q.financier][q.nonce] == 0) continue;
            NoteId[] storage list = notesOf_[note_[q.note].receivable];
            for (uint256 j = 0; j < list.length; ++j) {
                bool theirs = note_[list[j]].parent == q.note && note_[list[j]].holder == q.financier;
                if (theirs && _isBought(list[j])) return (list[j], q);
            }
        }
        return (NoteId.wrap(uint40(1 + d.below(noteCount_))), q);
    }

    function _isBought(NoteId id) private view returns (bool) {
        uint16 ways = NoteFlags.FINANCED | NoteFlags.REASSIGNED | NoteFlags.RETURNED;
        return note_[id].flags & ways == NoteFlags.FINANCED;
    }

    function notifyDebtor(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(4);
        NoteId id = _someBought(d, wild);
        IReceivableNotes.Note memory n = note_[id];
        PartyId debtor = receivable_[n.receivable].debtor;
        bool known = PartyId.unwrap(n.holder) != 0;
        address sender = wild || !known ? _anyAccount(d) : _actor(d.oneIn(2) ? debtor : n.holder).account;
        bool may =
            _mayAct(sender, Rights.ACT, 0) &&
                _isBought(id) &&
                (_partyOf(sender) == n.holder || _partyOf(sender) == debtor) &&
                assignment_[id].debtorNotifiedAt == 0;
        NoteId[] memory ids = new NoteId[](1);
        ids[0] = id;
        bytes memory data = abi.encodeCall(assignments.notifyDebtor, (ids));
        (bool done, ) = _do("notifyDebtor", sender, address(assignments), data, _none());
        vm.assertTrue(done == may, "I-11: notified once, by assignee or debtor");
        if (done) vm.assertEq(assignment_[id].debtorNotifiedAt, block.timestamp, "notified");
    }

    function _someBought(Dice memory d, bool wild) private view returns (NoteId) {
        uint40 start = uint40(d.below(noteCount_));
        for (uint40 i = 0; !wild && i < noteCount_; ++i) {
            NoteId id = NoteId.wrap(((start + i) % noteCount_) + 1);
            if (_isBought(id)) return id;
        }
        return NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }
}
