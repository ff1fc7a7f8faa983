// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BankReserveActs } from "./BankReserveActs.sol";
import { Dice } from "../Dice.sol";
import { BankSigning } from "../../base/BankSigning.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IBankDesk } from "../../../../contracts/interfaces/IBankDesk.sol";
import { IBankSaleDesk } from "../../../../contracts/interfaces/IBankSaleDesk.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice What settlement banks answer: paid, no, or nothing.
abstract contract BankAnswerActs is BankReserveActs {
    /// @dev What a bank's word must move, reckoned before it.
    struct Answer {
        IBankSaleDesk.Sale sale;
        ReceivableId round;
        NoteId[] ids;
        uint96[] principals;
        uint96[] values;
        PartyId[] payees;
        bytes32 digest;
        bytes32 facts;
        IBankDesk.Record before;
        uint40 notesBefore;
        bool may;
        bool inTime;
    }

    /// @dev Encoded: storage takes no lists of structs as they are.
    bytes[] private _attested;
    uint256 private _payments;

    constructor() {
        _declareAct("attest");
        _declareAct("decline");
        _declareAct("lapse a reservation");
        _declareState("sale delivered");
        _declareState("repayment delivered");
        _declareState("share delivered");
        _declareState("line refused");
        _declareState("bank exception");
        _declareState("exception delivered later");
    }

    // -- yes

    function attest(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool again = _attested.length != 0 && d.oneIn(4);
        IBankDesk.Attestation memory a =
            again
                ? abi.decode(_attested[d.below(_attested.length)], (IBankDesk.Attestation))
                : _paymentOf(d, _waiting(d));
        if (a.lines.length == 0) return;
        if (!again && d.oneIn(5)) _spoil(d, a);
        // What was delivered is seldom told again, what was not often.
        bool kept = d.oneIn(4);
        bool pausing = !isPaused_ && d.oneIn(2);
        if (pausing) _do("setPaused", urgentOfficer, address(notes), abi.encodeCall(notes.setPaused, (true)), _none());
        _attest(d, a, kept && !again);
        if (!pausing) return;
        _do("setPaused", urgentOfficer, address(notes), abi.encodeCall(notes.setPaused, (false)), _none());
        if (!d.oneIn(3)) _attest(d, a, false);
    }

    function _attest(Dice memory d, IBankDesk.Attestation memory a, bool kept) private {
        uint256 key = d.oneIn(24) ? core.key : keyOf[a.signer];
        Answer memory x = _answer(a);
        bytes memory data = abi.encodeCall(banks.attest, (a, Signing.sign(key, x.digest)));
        (bool done, ) = _do("attest", _anyAccount(d), address(banks), data, _debtsOf(x.ids));
        if (!done) return;
        vm.assertTrue(x.may, "I-11: believed without authority");
        IBankDesk.Record memory r = record_[a.bank][a.paymentReference];
        vm.assertEq(bytes32(r.digest), bytes32(bytes31(x.digest)), "a reference stands for one attestation");
        if (r.outcome == IBankDesk.Outcome.Exception) {
            vm.assertEq(_factsOf(x.ids), x.facts, "an exception moves nothing");
            _attested.push(abi.encode(a));
            return _see("bank exception");
        }
        if (kept) _attested.push(abi.encode(a));
        vm.assertTrue(x.inTime, "I-14: delivered too late, or to another's reservation");
        vm.assertEq(a.currency, RAIL_CNY, "in another currency");
        if (x.before.outcome == IBankDesk.Outcome.Exception) _see("exception delivered later");
        if (x.sale.amount != 0) _checkSold(a, x);
        else _checkRepaid(a, x);
    }

    function _answer(IBankDesk.Attestation memory a) private view returns (Answer memory x) {
        x.digest = BankSigning.attestation(address(banks), a);
        x.before = record_[a.bank][a.paymentReference];
        bool again = x.before.outcome == IBankDesk.Outcome.Exception && x.before.digest == bytes31(x.digest);
        bool signed = _mayAct(a.signer, Rights.ACT, Roles.SETTLEMENT_BANK) && _partyOf(a.signer) == a.bank;
        bool told = a.paymentReference != 0 && Day.unwrap(a.valueDay) <= _today() && block.timestamp <= a.deadline;
        x.may = signed && told && (again || x.before.outcome == IBankDesk.Outcome.None);
        IBankDesk.Reservation memory w = wait_[a.reservation];
        bool open = w.bank == a.bank && !w.declined && _today() <= Day.unwrap(w.lastDay);
        x.inTime = open && Day.unwrap(a.valueDay) >= Day.unwrap(w.reservedDay);
        x.sale = sale_[a.reservation];
        x.ids = new NoteId[](a.lines.length);
        for (uint256 i = 0; i < x.ids.length; ++i) x.ids[i] = a.lines[i].note;
        x.facts = _factsOf(x.ids);
        x.notesBefore = noteCount_;
        ReceivableId round = roundUnder_[a.reservation];
        if (roundBank_[round].reservation == a.reservation) x.round = round;
        x.principals = _principals(a.reservation, x.round, x.ids);
        (x.values, x.payees) = (new uint96[](x.ids.length), new PartyId[](x.ids.length));
        for (uint256 i = 0; i < x.ids.length; ++i) {
            x.values[i] = note_[x.ids[i]].value;
            x.payees[i] = _payeeOf(x.ids[i]);
        }
    }

    function _principals(
        bytes32 wait,
        ReceivableId round,
        NoteId[] memory ids
    ) private view returns (uint96[] memory principals) {
        if (ReceivableId.unwrap(round) != 0) return _shares(round, ids);
        principals = new uint96[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) principals[i] = principalUnder_[wait][ids[i]];
    }

    function _factsOf(NoteId[] memory ids) private view returns (bytes32 facts) {
        for (uint256 i = 0; i < ids.length; ++i) {
            ReceivableId debt = notes.note(ids[i]).receivable;
            facts = keccak256(abi.encode(facts, notes.note(ids[i]), notes.receivable(debt), repayment.round(debt)));
        }
    }

    /// @dev I-7: exactly the price, to the seller, against exactly the amount.
    function _checkSold(IBankDesk.Attestation memory a, Answer memory x) private {
        IBankSaleDesk.Sale memory s = x.sale;
        IBankDesk.Line memory l = a.lines[0];
        vm.assertTrue(a.lines.length == 1 && l.note == s.note && l.payee == s.seller && !l.refused, "I-7: the seller");
        vm.assertEq(l.amount, s.price, "I-7: just the price");
        vm.assertEq(notes.note(s.note).value, x.values[0] - s.amount, "I-7: the seller gave the amount");
        bool byDebtor = s.financier == receivable_[note_[s.note].receivable].debtor;
        vm.assertEq(noteCount_, byDebtor ? x.notesBefore : x.notesBefore + 1, "I-7: a child, or none");
        if (!byDebtor) {
            IReceivableNotes.Note memory child = notes.note(NoteId.wrap(noteCount_));
            vm.assertTrue(child.value == s.amount && child.holder == s.financier, "I-7: the buyer got the amount");
        }
        vm.assertTrue(note_[s.note].flags & NoteFlags.RESERVED == 0, "free again");
        _see("sale delivered");
    }

    /// @dev I-9: to whom it was due, with the interest due to the day it was paid on.
    function _checkRepaid(IBankDesk.Attestation memory a, Answer memory x) private {
        for (uint256 i = 0; i < x.ids.length; ++i) {
            IBankDesk.Line memory l = a.lines[i];
            vm.assertTrue(l.payee == x.payees[i], "I-9: the payee");
            vm.assertTrue(ReceivableId.unwrap(x.round) != 0 || x.principals[i] != 0, "I-9: paid what did not wait");
            uint96 gone = l.refused ? 0 : x.principals[i];
            vm.assertEq(notes.note(l.note).value, x.values[i] - gone, "I-9: the note gave what was paid");
            // The day it was paid on, not the day on which it is told.
            bool late = Day.unwrap(a.valueDay) >= Day.unwrap(receivable_[note_[l.note].receivable].dueDay);
            bool tendered = notes.note(l.note).flags & NoteFlags.TENDERED != 0;
            if (l.refused && late && l.amount != 0) vm.assertTrue(tendered, "refused and not tendered");
            if (l.refused) _see("line refused");
        }
        if (ReceivableId.unwrap(x.round) == 0) return _see("repayment delivered");
        vm.assertEq(a.counted + _sum(x.values), round_[x.round].counted, "I-10: counted");
        _checkShares(x.round, x.principals, x.values);
        _see("share delivered");
    }

    function _sum(uint96[] memory values) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < values.length; ++i) sum += values[i];
    }

    /// @dev A reservation under which something waits, if there is one.
    function _waiting(Dice memory d) private view returns (bytes32 id) {
        if (waitsSeen.length == 0) return id;
        uint256 start = d.below(waitsSeen.length);
        for (uint256 i = 0; i < waitsSeen.length && i < 40; ++i) {
            id = waitsSeen[(start + i) % waitsSeen.length];
            ReceivableId round = roundUnder_[id];
            bool inRound = roundBank_[round].reservation == id && _has(round, ReceivableFlags.ROUND_OPEN);
            if (sale_[id].amount != 0 || _left(id).length != 0 || inRound) return id;
        }
    }

    /// @dev Notes whose repayment waits under a reservation.
    function _left(bytes32 id) private view returns (NoteId[] memory ids) {
        NoteId[] storage list = notesUnder_[id];
        NoteId[] memory found = new NoteId[](list.length);
        uint256 count;
        for (uint256 i = 0; i < list.length; ++i) if (principalUnder_[id][list[i]] != 0) found[count++] = list[i];
        ids = new NoteId[](count);
        for (uint256 i = 0; i < count; ++i) ids[i] = found[i];
    }

    /// @dev Just what is asked for under it; now and then some that could not be paid out.
    function _paymentOf(Dice memory d, bytes32 id) private returns (IBankDesk.Attestation memory a) {
        IBankDesk.Reservation memory w = wait_[id];
        if (w.product == address(0)) return a;
        a = _payment(_actor(w.bank), id, new IBankDesk.Line[](0));
        a.paymentReference = keccak256(abi.encode("payment of a life", ++_payments));
        a.deadline = block.timestamp + d.among(0, 1 hours, 1 days, 20 days);
        a.valueDay = Day.wrap(uint16(_today() - (Day.unwrap(w.reservedDay) < _today() ? d.below(2) : 0)));
        IBankSaleDesk.Sale memory s = sale_[id];
        if (s.amount != 0) {
            a.lines = _one(_line(s.note, s.seller, s.price));
            return a;
        }
        ReceivableId round = roundUnder_[id];
        NoteId[] memory ids =
            ReceivableId.unwrap(round) == 0
                ? _left(id)
                : _payableOf(round, d.below(notesOf_[round].length), d.among(1, 2, 4, 100));
        uint96[] memory principals = _principals(id, round, ids);
        if (ReceivableId.unwrap(round) != 0) a.counted = round_[round].counted;
        a.lines = new IBankDesk.Line[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 amount = principals[i] + _interestOn(ids[i], principals[i], Day.unwrap(a.valueDay));
            bool offered = note_[ids[i]].flags & NoteFlags.ACCEPTED == 0;
            a.lines[i] = IBankDesk.Line(ids[i], _payeeOf(ids[i]), uint128(amount), d.oneIn(offered ? 2 : 6));
        }
    }

    function _spoil(Dice memory d, IBankDesk.Attestation memory a) private view {
        IBankDesk.Line memory l = a.lines[d.below(a.lines.length)];
        uint256 pick = d.below(13);
        if (pick == 0) ++l.amount;
        if (pick == 1) l.amount = l.amount == 0 ? 1 : l.amount - 1;
        if (pick == 2) l.payee = _anybody(d).id;
        if (pick == 3) l.note = NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
        if (pick == 4) ++a.counted;
        if (pick == 5) a.currency = address(cny);
        if (pick == 6) a.valueDay = _day(uint16(d.below(2)) * 2);
        if (pick == 7) a.valueDay = Day.wrap(_today() - 20);
        if (pick == 8) a.bank = d.oneIn(2) ? bank.id : bank2.id;
        if (pick == 9) a.signer = _anyAccount(d);
        if (pick == 10) a.deadline = block.timestamp - 1;
        if (pick == 11) a.reservation = waitsSeen[d.below(waitsSeen.length)];
        if (pick == 12 && referencesSeen.length != 0) {
            a.paymentReference = referencesSeen[d.below(referencesSeen.length)].paymentReference;
        }
    }

    // -- no, and nothing

    function decline(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bytes32 id = _waiting(d);
        IBankDesk.Reservation memory w = wait_[id];
        if (w.product == address(0)) return;
        address sender = d.oneIn(4) ? _anyAccount(d) : _actor(w.bank).account;
        NoteId[] memory ids = _waitingUnder(d, id);
        bool may =
            _mayAct(sender, Rights.ACT, Roles.SETTLEMENT_BANK) &&
                _partyOf(sender) == w.bank &&
                !w.declined &&
                _isWaiting(id, ids);
        ReceivableId[] memory debts = _debtsOf(ids);
        (bool done, ) = _do("decline", sender, address(banks), abi.encodeCall(banks.decline, (id, ids)), debts);
        vm.assertTrue(done == may, "I-11: the bank of the reservation declines");
        if (done) _checkReleased(id, ids);
    }

    function lapseReservation(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bytes32 id = _waiting(d);
        IBankDesk.Reservation memory w = wait_[id];
        if (w.product == address(0)) return;
        if (d.oneIn(2)) vm.warp(_start(Day.unwrap(w.lastDay) + 1) + d.below(2) - 1);
        if (block.timestamp < clock) vm.warp(clock);
        NoteId[] memory ids = _waitingUnder(d, id);
        bool may = (w.declined || _today() > Day.unwrap(w.lastDay)) && _isWaiting(id, ids);
        bytes memory data = abi.encodeCall(banks.lapse, (id, ids));
        (bool done, ) = _do("lapse a reservation", _anyAccount(d), address(banks), data, _debtsOf(ids));
        vm.assertTrue(done == may, "I-13, I-14: anyone ends a wait after its last day");
        if (done) _checkReleased(id, ids);
    }

    function _waitingUnder(Dice memory d, bytes32 id) private view returns (NoteId[] memory ids) {
        ids = sale_[id].amount != 0 ? _one(sale_[id].note) : _left(id);
        if (ids.length != 0 && d.oneIn(8)) ids[d.below(ids.length)] = NoteId.wrap(uint40(d.below(noteCount_) + 1));
    }

    function _isWaiting(bytes32 id, NoteId[] memory ids) private view returns (bool waits) {
        waits = true;
        for (uint256 i = 0; i < ids.length; ++i) {
            bool sold = sale_[id].amount != 0 && sale_[id].note == ids[i];
            waits = waits && (sold || principalUnder_[id][ids[i]] != 0);
            for (uint256 j = 0; j < i; ++j) waits = waits && ids[j] != ids[i];
        }
    }

    function _checkReleased(bytes32 id, NoteId[] memory ids) private view {
        for (uint256 i = 0; i < ids.length; ++i) {
            vm.assertTrue(note_[ids[i]].flags & NoteFlags.RESERVED == 0, "free again");
            bool rests = wait_[id].product == address(bankRepayments);
            if (rests) vm.assertEq(Day.unwrap(restsUntil_[ids[i]]), _today() + 1, "I-13: rests for a whole day");
        }
    }
}
