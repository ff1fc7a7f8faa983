// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { RoundActs } from "./RoundActs.sol";
import { SaleActs } from "./SaleActs.sol";
import { Dice } from "../Dice.sol";
import { BankSigning } from "../../base/BankSigning.sol";
import { Actor } from "../../base/Cast.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IBankDesk } from "../../../../contracts/interfaces/IBankDesk.sol";
import { IBankSaleDesk } from "../../../../contracts/interfaces/IBankSaleDesk.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice Notes, and rounds, that begin to wait for a settlement bank.
abstract contract BankReserveActs is SaleActs, RoundActs {
    uint16 private constant CUTOFF = 3;
    uint16 private constant LONGEST = 10;

    uint256 private _given;

    constructor() {
        _declareAct("reserveSale");
        _declareAct("reserveRepayment");
        _declareAct("reserveRound");
    }

    // -- sales

    /// @dev What a seller takes, and whether it may.
    struct Offer {
        IFinancingDesk.Quote quote;
        IBankSaleDesk.Sale sale;
        IBankDesk.Commitment word;
        bytes32 id;
        address sender;
        uint96 takenBefore;
        bool may;
    }

    function reserveSale(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        Offer memory x;
        x.quote = _bid(d, wild);
        x.sale = _dealFor(d, x.quote);
        x.word = _word(d, wild);
        x.id = _signSale(_keyFor(d, wild, x.word), x.sale, x.quote, x.word);
        x.sender = wild && d.oneIn(3) ? _anyAccount(d) : _actor(x.quote.seller).account;
        x.takenBefore = taken_[x.quote.financier][x.quote.nonce];
        x.may = _mayReserve(x.sender, x.sale, x.quote, x.word);
        _take(x);
    }

    function _dealFor(Dice memory d, IFinancingDesk.Quote memory q) private view returns (IBankSaleDesk.Sale memory) {
        IReceivableNotes.Receivable memory r = receivable_[note_[q.note].receivable];
        uint96 amount = d.near(q.maxAmount, r.minChildValue);
        return _saleOf(q, amount, uint96(_price(amount, q.rateBps, Day.unwrap(r.dueDay))));
    }

    function _take(Offer memory x) private {
        IFinancingDesk.Quote memory q = x.quote;
        bytes memory signature = Signing.sign(keyOf[q.signer], Signing.quote(address(financing), q));
        IFinancingDesk.Deal memory deal = IFinancingDesk.Deal(q, signature, x.sale.amount, 1);
        bytes memory data = abi.encodeCall(bankSales.reserveSale, (deal, x.word));
        ReceivableId[] memory named = _list(note_[q.note].receivable);
        (bool done, bytes memory result) = _do("reserveSale", x.sender, address(bankSales), data, named);
        if (!done) return;
        vm.assertTrue(x.may, "I-8, I-11, I-13: reserved against the table");
        vm.assertEq(abi.decode(result, (bytes32)), x.id, "the id is the digest that the bank signed");
        vm.assertEq(abi.encode(sale_[x.id]), abi.encode(x.sale), "just the deal that was signed");
        vm.assertEq(taken_[q.financier][q.nonce], x.takenBefore + x.sale.amount, "I-8: taken");
        vm.assertLe(taken_[q.financier][q.nonce], q.maxAmount, "I-8: more than was offered");
        vm.assertTrue(_statusOf(q.note) == IReceivableNotes.NoteStatus.Reserved, "reserved");
    }

    /// @dev A bid that a bank will pay; now and then not quite right.
    function _bid(Dice memory d, bool wild) private returns (IFinancingDesk.Quote memory q) {
        for (uint256 i = 0; i < 6; ++i) {
            q.note = _onRail(d, _bit(IReceivableNotes.NoteStatus.Held), wild);
            if (_today() + CUTOFF < Day.unwrap(receivable_[note_[q.note].receivable].dueDay)) break;
        }
        IReceivableNotes.Note memory n = note_[q.note];
        q.seller = PartyId.unwrap(n.holder) == 0 ? tier1.id : n.holder;
        PartyId debtor = receivable_[n.receivable].debtor;
        Actor memory buyer =
            d.oneIn(8) && PartyId.unwrap(debtor) != 0
                ? _actor(debtor)
                : d.oneIn(4)
                    ? everybody[11]
                    : everybody[7 + d.below(2)];
        (q.financier, q.signer) = (buyer.id, buyer.account);
        (q.maxAmount, q.rateBps, q.recourse) = (n.value, uint32(d.among(0, 360, d.below(5_000), 1)), d.oneIn(2));
        (q.registryReference, q.validUntil) = (REGISTERED, block.timestamp + d.among(0, 1 hours, 1 days, 60 days));
        (q.nonce, q.epoch) = (++quoteNonces, party_[q.financier].quoteEpoch);
        if (!wild) return q;
        uint256 pick = d.below(8);
        if (pick == 0) q.payer = buyer.cash;
        if (pick == 1) ++q.epoch;
        if (pick == 2) q.registryReference = 0;
        if (pick == 3) q.validUntil = block.timestamp - 1;
        if (pick == 4) q.seller = _anybody(d).id;
    }

    function _mayReserve(
        address sender,
        IBankSaleDesk.Sale memory s,
        IFinancingDesk.Quote memory q,
        IBankDesk.Commitment memory c
    ) private view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[note_[s.note].receivable];
        bool byDebtor = s.financier == r.debtor;
        uint16 buyers = byDebtor ? Roles.CORE_ENTERPRISE | Roles.FINANCIER : Roles.FINANCIER;
        if (!_mayAct(sender, Rights.ACT, 0) || _partyOf(sender) != s.seller) return false;
        if (note_[s.note].holder != s.seller || _statusOf(s.note) != IReceivableNotes.NoteStatus.Held) return false;
        if (!_mayAct(q.signer, Rights.QUOTE, buyers) || _partyOf(q.signer) != s.financier) return false;
        if (q.payer != address(0) || q.epoch != party_[s.financier].quoteEpoch || s.financier == s.seller) return false;
        if (block.timestamp > q.validUntil || s.price == 0) return false;
        if (!byDebtor && r.flags & ReceivableFlags.REGISTRY_REQUIRED != 0 && s.registryReference == 0) return false;
        if (isPaused_ || overdueCount_[r.debtor] != 0 || r.currency != RAIL) return false;
        uint256 rest = note_[s.note].value >= s.amount ? note_[s.note].value - s.amount : 1;
        if (s.amount < r.minChildValue || (rest != 0 && rest < r.minChildValue)) return false;
        return _isWord(c, LONGEST) && Day.unwrap(c.lastDay) + CUTOFF < Day.unwrap(r.dueDay);
    }

    // -- repayments

    function reserveRepayment(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        NoteId[] memory ids = _payableSome(d, wild);
        PartyId debtor = ids.length == 0 ? core.id : receivable_[note_[ids[0]].receivable].debtor;
        if (PartyId.unwrap(debtor) == 0) debtor = core.id;
        uint256 principal;
        for (uint256 i = 0; i < ids.length; ++i) principal += note_[ids[i]].value;
        IBankDesk.Commitment memory c = _word(d, wild);
        bytes32 id = _signRepayment(_keyFor(d, wild, c), ids, debtor, principal, c);
        address sender = wild && d.oneIn(3) ? _anyAccount(d) : _actor(debtor).account;
        bool may = _mayPayBy(sender, debtor, c) && _isWord(c, LONGEST) && ids.length != 0;
        for (uint256 i = 0; i < ids.length; ++i) may = may && _isReservable(ids[i], debtor);
        (bool done, bytes memory result) = _do(
            "reserveRepayment",
            sender,
            address(bankRepayments),
            abi.encodeCall(bankRepayments.reserveRepayment, (ids, c)),
            _debtsOf(ids)
        );
        if (!done) return;
        vm.assertTrue(may, "I-11, I-13: reserved against the table");
        vm.assertEq(abi.decode(result, (bytes32)), id, "the id is the digest that the bank signed");
        for (uint256 i = 0; i < ids.length; ++i) {
            vm.assertEq(principalUnder_[id][ids[i]], note_[ids[i]].value, "for what it is worth");
            vm.assertTrue(note_[ids[i]].flags & NoteFlags.RESERVED != 0, "reserved");
        }
    }

    /// @dev Notes of one debt on the rail that are near their due day; wild: one that may be anything.
    function _payableSome(Dice memory d, bool wild) private returns (NoteId[] memory ids) {
        ReceivableId id = _debtOnRail(d, wild ? type(uint16).max : _today() + CUTOFF);
        if (!d.oneIn(4)) _waitUntil(d, Day.unwrap(receivable_[id].dueDay) - uint16(d.below(CUTOFF + 1)));
        ids = _payableOf(id, d.below(notesOf_[id].length), d.among(1, 2, 3, 12));
        if (wild && ids.length != 0) ids[d.below(ids.length)] = NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }

    function _isReservable(NoteId note, PartyId debtor) private view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[note_[note].receivable];
        bool due = PartyId.unwrap(_payeeOf(note)) != 0 && note_[note].flags & NoteFlags.RESERVED == 0;
        bool inTime = _today() + CUTOFF >= Day.unwrap(r.dueDay) && _today() > Day.unwrap(restsUntil_[note]);
        return due && inTime && r.debtor == debtor && r.currency == RAIL && r.flags & ReceivableFlags.ROUND_OPEN == 0;
    }

    // -- rounds

    function reserveRound(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        ReceivableId id = _debtOnRail(d, _today());
        if (d.oneIn(3)) _waitUntil(d, Day.unwrap(receivable_[id].dueDay));
        if (!wild && !_has(id, ReceivableFlags.ROUND_OPEN)) _openRound(d, false, id);
        IReceivableNotes.Receivable memory r = receivable_[id];
        IBankDesk.Commitment memory c = _word(d, wild);
        bytes32 digest = _signRound(_keyFor(d, wild, c), id, r.round, r.debtor, c);
        address sender = wild && d.oneIn(3) ? _anyAccount(d) : _actor(r.debtor).account;
        uint16 last = Day.unwrap(round_[id].lastDay);
        bool may =
            _mayPayBy(sender, r.debtor, c) &&
                r.flags & ReceivableFlags.ROUND_OPEN != 0 &&
                r.currency == RAIL &&
                last >= _today() &&
                _isWord(c, last - _today());
        bytes memory data = abi.encodeCall(bankRepayments.reserveRound, (id, c));
        (bool done, bytes memory result) = _do("reserveRound", sender, address(bankRepayments), data, _list(id));
        if (!done) return;
        vm.assertTrue(may, "I-11: reserved against the table");
        vm.assertEq(abi.decode(result, (bytes32)), digest, "the id is the digest that the bank signed");
        vm.assertEq(roundBank_[id].reservation, digest, "the bank named last");
    }

    // -- what they share

    /// @dev To where a day begins, a second before it or after, if that is not too far.
    function _waitUntil(Dice memory d, uint16 day) private {
        uint256 moment = _start(day) + d.among(0, 0, 1, 2) - (d.oneIn(4) ? 1 : 0);
        if (moment > block.timestamp && day <= _today() + 20) vm.warp(moment);
    }

    /// @dev A bank's word; wild: of somebody else, for too long, too late.
    function _word(Dice memory d, bool wild) private returns (IBankDesk.Commitment memory c) {
        Actor memory by = everybody[12 + d.below(2)];
        (c.bank, c.signer, c.nonce) = (by.id, by.account, ++_given);
        c.lastDay = _day(uint16(d.among(0, 1, 1 + d.below(10), 10)));
        c.deadline = block.timestamp + d.among(0, 1, 60, 1 days);
        if (!wild) return c;
        uint256 pick = d.below(8);
        if (pick == 0) c.bank = _anybody(d).id;
        if (pick == 1) c.signer = _anyAccount(d);
        if (pick == 2) c.lastDay = _day(uint16(11 + d.below(30)));
        if (pick == 3) c.lastDay = Day.wrap(_today() - 1);
        if (pick == 4) c.deadline = block.timestamp - 1;
        if (pick == 5) c.nonce = d.below(_given + 1);
    }

    function _keyFor(Dice memory d, bool wild, IBankDesk.Commitment memory c) private view returns (uint256) {
        return wild && d.oneIn(8) ? core.key : keyOf[c.signer];
    }

    function _isWord(IBankDesk.Commitment memory c, uint16 longest) private view returns (bool) {
        bool signed = _mayAct(c.signer, Rights.ACT, Roles.SETTLEMENT_BANK) && _partyOf(c.signer) == c.bank;
        bool days_ = Day.unwrap(c.lastDay) >= _today() && Day.unwrap(c.lastDay) <= _today() + longest;
        return signed && days_ && block.timestamp <= c.deadline;
    }

    /// @dev The debtor in any standing, by another bank than itself.
    function _mayPayBy(address sender, PartyId debtor, IBankDesk.Commitment memory c) private view returns (bool) {
        IParticipantRegistry.Account memory a = account_[sender];
        return a.party == debtor && a.rights & Rights.ACT != 0 && c.bank != debtor;
    }

    /// @dev As {_note}, in the banks' currency.
    function _onRail(Dice memory d, uint256 statuses, bool wild) internal view returns (NoteId id) {
        uint40 start = uint40(d.below(noteCount_));
        for (uint40 i = 0; i < noteCount_; ++i) {
            id = NoteId.wrap(((start + i) % noteCount_) + 1);
            bool fits = wild || (1 << uint256(_statusOf(id))) & statuses != 0;
            if (fits && receivable_[note_[id].receivable].currency == RAIL) return id;
        }
        return NoteId.wrap(uint40(d.below(uint256(noteCount_) + 2)));
    }

    /// @dev Mostly one that is owed in the banks' currency, and rather one that is due by a day, with an open offer.
    function _debtOnRail(Dice memory d, uint16 by) internal view returns (ReceivableId found) {
        uint40 start = uint40(d.below(receivableCount_));
        found = _receivable(d);
        for (uint40 i = 0; i < receivableCount_; ++i) {
            ReceivableId id = ReceivableId.wrap(((start + i) % receivableCount_) + 1);
            if (receivable_[id].currency != RAIL || !_isOwed(id)) continue;
            bool early = Day.unwrap(receivable_[id].dueDay) > by;
            if (!early && _hasOffer(id)) return id;
            if (!early || receivable_[found].currency != RAIL) found = id;
        }
    }

    function _hasOffer(ReceivableId id) private view returns (bool) {
        NoteId[] storage list = notesOf_[id];
        for (uint256 i = 0; i < list.length; ++i) {
            bool answered = note_[list[i]].flags & NoteFlags.ACCEPTED != 0;
            if (!answered && note_[list[i]].value != 0) return true;
        }
        return false;
    }
}
