// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights } from "../../../../contracts/types/Roles.sol";
import { vm } from "../../base/Vm.sol";

/// @notice Answering offers, and standing consent.
abstract contract OfferActs is World {
    uint256 private immutable OFFERED = _bit(IReceivableNotes.NoteStatus.Offered);
    uint256 private immutable LAPSABLE = _bit(IReceivableNotes.NoteStatus.Lapsable);

    constructor() {
        _declareAct("accept");
        _declareAct("refuse");
        _declareAct("withdraw");
        _declareAct("lapse");
        _declareAct("setConsent");
    }

    function accept(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        NoteId[] memory ids = _some(d, OFFERED);
        address sender = _answerer(d, ids);
        bool may = _mayAct(sender, Rights.ACT, 0) && _isHolderOf(sender, ids);
        for (uint256 i = 0; i < ids.length; ++i) {
            may = may && _isOpen(ids[i]) && _statusOf(ids[i]) == IReceivableNotes.NoteStatus.Offered;
            may = may && note_[note_[ids[i]].parent].flags & NoteFlags.FROZEN == 0;
        }
        bytes memory data = abi.encodeCall(notes.accept, (ids));
        (bool done, ) = _do("accept", sender, address(notes), data, _receivablesOf(ids));
        if (ids.length > 0) vm.assertTrue(done == may, "I-11, I-14: accepted by its holder while open");
    }

    function refuse(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        NoteId[] memory ids = _some(d, OFFERED | LAPSABLE);
        address sender = _answerer(d, ids);
        bool may = _mayAct(sender, Rights.ACT, 0) && _isHolderOf(sender, ids) && _areOpen(ids);
        (bool done, ) = _return("refuse", sender, abi.encodeCall(notes.refuse, (ids)), ids);
        if (ids.length > 0) vm.assertTrue(done == may, "I-11: refused by its holder while unanswered");
    }

    function withdraw(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        NoteId[] memory ids = _some(d, OFFERED | LAPSABLE);
        PartyId offeror = ids.length == 0 ? core.id : _offerorOf(ids[0]);
        bool found = PartyId.unwrap(offeror) != 0;
        address sender = d.oneIn(6) || !found ? _anyAccount(d) : _actor(offeror).account;
        bool may = _mayAct(sender, Rights.ACT, 0) && _areOpen(ids);
        for (uint256 i = 0; i < ids.length; ++i) may = may && _offerorOf(ids[i]) == _partyOf(sender);
        (bool done, ) = _return("withdraw", sender, abi.encodeCall(notes.withdraw, (ids)), ids);
        if (ids.length > 0) vm.assertTrue(done == may, "I-11: withdrawn by its offeror while unanswered");
    }

    function lapse(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        NoteId[] memory ids = _some(d, LAPSABLE);
        bool may = true;
        for (uint256 i = 0; i < ids.length; ++i) may = may && _statusOf(ids[i]) == IReceivableNotes.NoteStatus.Lapsable;
        may = may && _areOpen(ids);
        (bool done, ) = _return("lapse", _anyAccount(d), abi.encodeCall(notes.lapse, (ids)), ids);
        if (ids.length > 0) vm.assertTrue(done == may, "I-14: lapsed by anyone after its day");
    }

    /// @dev What comes back is what was offered, and it comes back to where it came from.
    function _return(
        string memory act,
        address sender,
        bytes memory data,
        NoteId[] memory ids
    ) private returns (bool done, bytes memory result) {
        uint96[] memory values = new uint96[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) values[i] = note_[ids[i]].value;
        NoteId parent = ids.length == 1 ? note_[ids[0]].parent : NoteId.wrap(0);
        uint96 before = note_[parent].value;
        (done, result) = _do(act, sender, address(notes), data, _receivablesOf(ids));
        if (!done) return (done, result);
        for (uint256 i = 0; i < ids.length; ++i) vm.assertEq(note_[ids[i]].value, 0, "I-1: value in two places");
        if (NoteId.unwrap(parent) != 0) {
            vm.assertEq(notes.note(parent).value, before + values[0], "I-1: value that did not come back");
        }
    }

    function setConsent(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        address sender = d.oneIn(6) ? _anyAccount(d) : _supplier(d).account;
        PartyId offeror = d.oneIn(3) ? core.id : _anybody(d).id;
        uint16 currency = uint16(d.oneIn(8) ? d.below(8) : 1 + d.below(CURRENCIES));
        uint96 amount = d.near(FACE, MINIMUM);
        Day latest = Day.wrap(uint16(_today() + d.among(0, 30, 100, 365)));
        Day expiry = Day.wrap(uint16(_today() + d.among(0, 1, 30, 365)) - (d.oneIn(8) ? 1 : 0));
        bool may = _mayAct(sender, Rights.ACT, 0) && currency != 0 && currency <= currencyCount_;
        bytes memory data = abi.encodeCall(notes.setConsent, (offeror, currency, amount, latest, expiry));
        (bool done, ) = _do("setConsent", sender, address(notes), data, _none());
        vm.assertTrue(done == may, "I-11: consent is the receiver's");
    }

    // -- what these have in common

    /// @dev One note, or two; seldom the same twice.
    function _some(Dice memory d, uint256 statuses) private view returns (NoteId[] memory ids) {
        bool wild = d.oneIn(8);
        ids = new NoteId[](d.oneIn(5) ? d.below(3) : 1);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = _note(d, statuses, wild);
        if (ids.length == 2 && ids[0] == ids[1] && !d.oneIn(4)) return _one(ids[0]);
    }

    function _answerer(Dice memory d, NoteId[] memory ids) private view returns (address) {
        if (ids.length == 0 || d.oneIn(6)) return _anyAccount(d);
        PartyId holder = note_[ids[0]].holder;
        return PartyId.unwrap(holder) == 0 ? _anyAccount(d) : _actor(holder).account;
    }

    function _isHolderOf(address account, NoteId[] memory ids) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) if (note_[ids[i]].holder != _partyOf(account)) return false;
        return ids.length < 2 || ids[0] != ids[1];
    }

    /// @dev Whether all may come back: unanswered, and no round has counted them.
    function _areOpen(NoteId[] memory ids) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (!_isOpen(ids[i]) || receivable_[note_[ids[i]].receivable].round != 0) return false;
        }
        return ids.length < 2 || ids[0] != ids[1];
    }

    function _isOpen(NoteId id) private view returns (bool) {
        IReceivableNotes.NoteStatus status = _statusOf(id);
        bool offered = status == IReceivableNotes.NoteStatus.Offered || status == IReceivableNotes.NoteStatus.Lapsable;
        return offered && note_[id].flags & (NoteFlags.TENDERED | NoteFlags.RESERVED) == 0;
    }

    function _receivablesOf(NoteId[] memory ids) internal view returns (ReceivableId[] memory list) {
        list = new ReceivableId[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) list[i] = note_[ids[i]].receivable;
    }
}
