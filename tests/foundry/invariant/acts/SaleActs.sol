// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IFinancingDesk } from "../../../../contracts/interfaces/IFinancingDesk.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId } from "../../../../contracts/types/Ids.sol";
import { ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice Quotes, and notes sold for cash.
abstract contract SaleActs is World {
    /// @dev What a deal must move.
    struct Trade {
        address token;
        address payee;
        uint256 price;
        uint256 payerBefore;
        uint256 payeeBefore;
        uint96 valueBefore;
        uint40 notesBefore;
        uint96 takenBefore;
        bool may;
    }

    IFinancingDesk.Quote[] private _quotes;
    uint256 internal quoteNonces;

    constructor() {
        _declareAct("finance");
        _declareAct("finance by a debtor");
        _declareAct("finance in hostile money");
        _declareAct("cancelQuote");
    }

    function finance(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool again = _quotes.length != 0 && d.oneIn(4);
        IFinancingDesk.Quote memory q = again ? _quotes[d.below(_quotes.length)] : _fresh(d);
        if (!again) _quotes.push(q);
        uint96 left = q.maxAmount > taken_[q.financier][q.nonce] ? q.maxAmount - taken_[q.financier][q.nonce] : 0;
        uint96 value = note_[q.note].value;
        bool wild = d.oneIn(8);
        uint96 amount = d.near(
            left < value && !wild ? left : value,
            receivable_[note_[q.note].receivable].minChildValue
        );
        bytes memory signature = Signing.sign(keyOf[q.signer], Signing.quote(address(financing), q));
        if (wild) signature = _spoilt(d, q);
        address sender = wild && d.oneIn(3) ? _anyAccount(d) : _actor(q.seller).account;
        _take(sender, IFinancingDesk.Deal(q, signature, amount, d.oneIn(8) ? amount : 0));
    }

    /// @dev A bid for a note that may be sold; now and then not quite right.
    function _fresh(Dice memory d) private returns (IFinancingDesk.Quote memory q) {
        bool wild = d.oneIn(5);
        q.note = _sellable(d, wild);
        IReceivableNotes.Note memory n = note_[q.note];
        q.seller = PartyId.unwrap(n.holder) == 0 ? tier1.id : n.holder;
        uint256 pick = d.below(8);
        Actor memory buyer =
            wild && d.oneIn(3)
                ? _anybody(d)
                : pick == 0 && PartyId.unwrap(receivable_[n.receivable].debtor) != 0
                    ? _actor(receivable_[n.receivable].debtor)
                    : pick < 3
                        ? everybody[11]
                        : everybody[7 + (pick % 2)];
        (q.financier, q.signer, q.payer) = (buyer.id, buyer.account, buyer.cash);
        q.maxAmount = d.oneIn(2) ? n.value : d.near(n.value, MINIMUM);
        q.rateBps = uint32(d.among(0, 360, d.below(5_000), d.oneIn(6) ? type(uint32).max : 1));
        q.recourse = d.oneIn(2);
        q.registryReference = wild && d.oneIn(4) ? bytes32(0) : REGISTERED;
        q.validUntil = block.timestamp + d.among(0, 1 hours, 1 days, 60 days) - (wild && d.oneIn(6) ? 1 : 0);
        q.nonce = wild && d.oneIn(4) ? d.below(quoteNonces + 1) : ++quoteNonces;
        q.epoch = party_[q.financier].quoteEpoch;
        if (wild) _distort(d, q);
    }

    function _distort(Dice memory d, IFinancingDesk.Quote memory q) private view {
        uint256 pick = d.below(8);
        if (pick == 0) ++q.epoch;
        if (pick == 1) q.seller = _anybody(d).id;
        if (pick == 2) q.payer = _anyAccount(d);
        if (pick == 3) q.signer = _anyAccount(d);
        if (pick == 4) q.financier = _anybody(d).id;
    }

    function _sellable(Dice memory d, bool wild) private view returns (NoteId id) {
        for (uint256 i = 0; i < 6; ++i) {
            id = _note(d, _bit(IReceivableNotes.NoteStatus.Held), wild);
            if (_today() < Day.unwrap(receivable_[note_[id].receivable].dueDay)) return id;
        }
    }

    /// @dev Not the signature of this quote here: of other terms, another chain, another contract, another key.
    function _spoilt(Dice memory d, IFinancingDesk.Quote memory q) private returns (bytes memory signature) {
        uint256 pick = d.below(4);
        uint256 key = pick == 0 ? core.cashKey : keyOf[q.signer];
        uint96 amount = q.maxAmount;
        if (pick == 1) q.maxAmount = amount == 0 ? 1 : amount - 1;
        if (pick == 2) vm.chainId(99);
        signature = Signing.sign(key, Signing.quote(pick == 3 ? address(repayment) : address(financing), q));
        vm.chainId(31337);
        q.maxAmount = amount;
    }

    function _take(address sender, IFinancingDesk.Deal memory deal) private {
        IFinancingDesk.Quote memory q = deal.quote;
        Trade memory e = _expect(sender, deal);
        IFinancingDesk.Deal[] memory deals = _one(deal);
        bool hostile = e.token == currencyToken_[SILENT] || e.token == currencyToken_[FEE];
        bool byDebtor = q.financier == receivable_[note_[q.note].receivable].debtor;
        (bool done, bytes memory result) = _do(
            hostile
                ? "finance in hostile money"
                : byDebtor
                    ? "finance by a debtor"
                    : "finance",
            sender,
            address(financing),
            abi.encodeCall(financing.finance, (deals)),
            _list(note_[q.note].receivable)
        );
        if (!done) return;
        vm.assertTrue(e.may, "I-8, I-11: a quote taken against the table");
        vm.assertTrue(e.token != currencyToken_[FEE], "I-17: a fee was swallowed");
        vm.assertTrue(e.token != RAIL_CNY, "paid in tokens what is in banks' books");
        // I-7: exactly its price against exactly its amount
        vm.assertEq(IERC20(e.token).balanceOf(q.payer), e.payerBefore - e.price, "I-7: the payer paid the price");
        vm.assertEq(IERC20(e.token).balanceOf(e.payee), e.payeeBefore + e.price, "I-7: the seller got the price");
        vm.assertTrue(e.price != 0 && e.price >= deal.minPrice, "I-7: at least the seller's price");
        vm.assertEq(notes.note(q.note).value, e.valueBefore - deal.amount, "I-7: the seller gave the amount");
        NoteId child = abi.decode(result, (NoteId[]))[0];
        vm.assertEq(NoteId.unwrap(child), byDebtor ? 0 : e.notesBefore + 1, "I-7: a child, or none");
        if (!byDebtor) vm.assertEq(notes.note(child).value, deal.amount, "I-7: the buyer got the amount");
        vm.assertEq(taken_[q.financier][q.nonce], e.takenBefore + deal.amount, "I-8: taken");
        vm.assertLe(taken_[q.financier][q.nonce], q.maxAmount, "I-8: more than was offered");
    }

    function _expect(address sender, IFinancingDesk.Deal memory deal) private view returns (Trade memory e) {
        IFinancingDesk.Quote memory q = deal.quote;
        IReceivableNotes.Note memory n = note_[q.note];
        IReceivableNotes.Receivable memory r = receivable_[n.receivable];
        e.token = currencyToken_[r.currency];
        e.payee = party_[_partyOf(sender)].settlementAccount;
        e.price = _price(deal.amount, q.rateBps, Day.unwrap(r.dueDay));
        if (_isToken(e.token)) {
            (e.payerBefore, e.payeeBefore) = (IERC20(e.token).balanceOf(q.payer), IERC20(e.token).balanceOf(e.payee));
        }
        (e.valueBefore, e.notesBefore, e.takenBefore) = (n.value, noteCount_, taken_[q.financier][q.nonce]);
        bool byDebtor = q.financier == r.debtor;
        bool quoteHolds =
            block.timestamp <= q.validUntil && e.takenBefore != CANCELLED && q.epoch == party_[q.financier].quoteEpoch;
        bool buyerMay =
            _mayAct(q.signer, Rights.QUOTE, byDebtor ? Roles.CORE_ENTERPRISE | Roles.FINANCIER : Roles.FINANCIER) &&
                _partyOf(q.signer) == q.financier &&
                _partyOf(q.payer) == q.financier &&
                q.financier != q.seller;
        bool sellerMay =
            _mayAct(sender, Rights.ACT, 0) &&
                _partyOf(sender) == q.seller &&
                n.holder == q.seller &&
                _statusOf(q.note) == IReceivableNotes.NoteStatus.Held;
        bool registered = byDebtor || r.flags & ReceivableFlags.REGISTRY_REQUIRED == 0 || q.registryReference != 0;
        bool inTime = _today() < Day.unwrap(r.dueDay) && overdueCount_[r.debtor] == 0 && !isPaused_;
        uint256 rest = deal.amount <= n.value ? n.value - deal.amount : 1;
        bool sized = deal.amount != 0 && deal.amount >= r.minChildValue && (rest == 0 || rest >= r.minChildValue);
        e.may = quoteHolds && buyerMay && sellerMay && registered && inTime && sized && deal.amount <= _freeOf(q.note);
    }

    /// @dev Amount less the discount, rounded up to the unit, for the days until the due day.
    function _price(uint96 amount, uint32 rateBps, uint16 dueDay) internal view returns (uint256) {
        uint256 numDays = dueDay > _today() ? dueDay - _today() : 0;
        uint256 exact = uint256(amount) * rateBps * numDays;
        uint256 discount = exact / 3_600_000 + (exact % 3_600_000 == 0 ? 0 : 1);
        return discount < amount ? amount - discount : 0;
    }

    function cancelQuote(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        address sender = d.oneIn(6) ? _anyAccount(d) : everybody[7 + d.below(2)].account;
        uint256 nonce = d.oneIn(3) ? quoteNonces + 1 + d.below(3) : d.below(quoteNonces + 1);
        bool may = _mayAct(sender, Rights.QUOTE, 0);
        bytes memory data = abi.encodeCall(financing.cancelQuote, (nonce));
        (bool done, ) = _do("cancelQuote", sender, address(financing), data, _none());
        vm.assertTrue(done == may, "I-11: whoever may quote cancels");
    }
}
