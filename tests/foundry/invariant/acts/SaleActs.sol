// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { CashSigning } from "../../base/CashSigning.sol";
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
        uint256 allowedBefore;
        bool may;
    }

    IFinancingDesk.Quote[] internal _quotes;
    uint256 internal quoteNonces;

    constructor() {
        _declareAct("finance");
        _declareAct("finance by a debtor");
        _declareAct("finance in hostile money");
        _declareAct("finance by permit");
        _declareAct("finance by authorization");
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
        IFinancingDesk.Deal memory deal = IFinancingDesk.Deal(q, signature, amount, d.oneIn(8) ? amount : 0);
        _take(sender, deal, _funding(d, deal));
    }

    /// @dev How the payer releases the cash; now and then not for this deal, or in other terms.
    function _funding(
        Dice memory d,
        IFinancingDesk.Deal memory deal
    ) private returns (IFinancingDesk.Funding memory f) {
        uint256 pick = d.below(4);
        if (pick < 2) return f;
        uint16 currency = receivable_[note_[deal.quote.note].receivable].currency;
        address token = currencyToken_[currency];
        bool signs = currency == CNY || currency == EUR || currency == BLOCKABLE;
        f.kind = pick == 2 ? IFinancingDesk.FundingKind.Permit : IFinancingDesk.FundingKind.Authorization;
        f.deadline = block.timestamp + d.below(3);
        f.signature = new bytes(65);
        if (!signs && !d.oneIn(4)) f.kind = IFinancingDesk.FundingKind.Allowance;
        if (!signs) return f;
        if (pick == 2) _signPermit(d, deal.quote, token, f);
        else _signAuthorization(d, deal, token, f);
    }

    /// @dev For all that the payer has, so that other sales are not short of allowance. Somebody may send it first.
    function _signPermit(
        Dice memory d,
        IFinancingDesk.Quote memory q,
        address token,
        IFinancingDesk.Funding memory f
    ) private {
        f.value = type(uint256).max;
        bytes32 digest = CashSigning.permit(token, q.payer, address(financing), f.value, f.deadline);
        uint256 key = d.oneIn(6) ? core.cashKey : keyOf[q.payer];
        f.signature = Signing.sign(key, digest);
        if (!d.oneIn(3)) return;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        vm.prank(stranger);
        try IERC20Permit(token).permit(q.payer, address(financing), f.value, f.deadline, v, r, s) {} catch {}
        vm.getRecordedLogs();
    }

    function _signAuthorization(
        Dice memory d,
        IFinancingDesk.Deal memory deal,
        address token,
        IFinancingDesk.Funding memory f
    ) private view {
        IFinancingDesk.Quote memory q = deal.quote;
        uint16 dueDay = Day.unwrap(receivable_[note_[q.note].receivable].dueDay);
        f.value = _price(deal.amount, q.rateBps, dueDay) + (d.oneIn(12) ? 1 : 0);
        CashSigning.Authorization memory a = CashSigning.Authorization(
            q.payer,
            d.oneIn(12) ? address(repayment) : address(financing),
            f.value,
            0,
            f.deadline,
            financing.fundingNonce(q, d.oneIn(12) ? deal.amount ^ 1 : deal.amount)
        );
        f.signature = Signing.sign(keyOf[q.payer], CashSigning.receiving(token, a));
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

    /// @dev Held, in time, and of a debtor that is not overdue, if there is one; now and then in money that is odd.
    function _sellable(Dice memory d, bool wild) private view returns (NoteId some) {
        uint40 start = uint40(d.below(noteCount_));
        bool odd = d.oneIn(5);
        for (uint40 i = 0; !wild && i < noteCount_; ++i) {
            NoteId id = NoteId.wrap(((start + i) % noteCount_) + 1);
            IReceivableNotes.Receivable memory r = receivable_[note_[id].receivable];
            bool token = _isToken(currencyToken_[r.currency]);
            bool inTime = _today() < Day.unwrap(r.dueDay) && overdueCount_[r.debtor] == 0;
            if (!token || !inTime || _statusOf(id) != IReceivableNotes.NoteStatus.Held) continue;
            some = id;
            if (!odd || r.currency == SILENT) return id;
        }
        if (NoteId.unwrap(some) == 0) return _note(d, _bit(IReceivableNotes.NoteStatus.Held), wild);
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

    function _take(address sender, IFinancingDesk.Deal memory deal, IFinancingDesk.Funding memory funding) private {
        IFinancingDesk.Quote memory q = deal.quote;
        Trade memory e = _expect(sender, deal);
        IFinancingDesk.Deal[] memory deals = _one(deal);
        bool hostile = e.token == currencyToken_[SILENT] || e.token == currencyToken_[FEE];
        bool byDebtor = q.financier == receivable_[note_[q.note].receivable].debtor;
        (bool done, bytes memory result) = _do(
            hostile ? "finance in hostile money" : _nameOf(byDebtor, funding.kind),
            sender,
            address(financing),
            _asked(deals, funding),
            _list(note_[q.note].receivable)
        );
        if (!done) return;
        vm.assertTrue(e.may, "I-8, I-11: a quote taken against the table");
        vm.assertTrue(e.token != currencyToken_[FEE], "I-17: a fee was swallowed");
        vm.assertTrue(e.token != RAIL_CNY, "paid in tokens what is in banks' books");
        // I-7: exactly its price against exactly its amount
        vm.assertEq(IERC20(e.token).balanceOf(q.payer), e.payerBefore - e.price, "I-7: the payer paid the price");
        vm.assertEq(IERC20(e.token).balanceOf(e.payee), e.payeeBefore + e.price, "I-7: the seller got the price");
        _checkFunding(e, q.payer, funding);
        vm.assertTrue(e.price != 0 && e.price >= deal.minPrice, "I-7: at least the seller's price");
        vm.assertEq(notes.note(q.note).value, e.valueBefore - deal.amount, "I-7: the seller gave the amount");
        NoteId child = abi.decode(result, (NoteId[]))[0];
        vm.assertEq(NoteId.unwrap(child), byDebtor ? 0 : e.notesBefore + 1, "I-7: a child, or none");
        if (!byDebtor) vm.assertEq(notes.note(child).value, deal.amount, "I-7: the buyer got the amount");
        vm.assertEq(taken_[q.financier][q.nonce], e.takenBefore + deal.amount, "I-8: taken");
        vm.assertLe(taken_[q.financier][q.nonce], q.maxAmount, "I-8: more than was offered");
    }

    function _nameOf(bool byDebtor, IFinancingDesk.FundingKind kind) private pure returns (string memory) {
        if (kind == IFinancingDesk.FundingKind.Permit) return "finance by permit";
        if (kind == IFinancingDesk.FundingKind.Authorization) return "finance by authorization";
        return byDebtor ? "finance by a debtor" : "finance";
    }

    function _asked(
        IFinancingDesk.Deal[] memory deals,
        IFinancingDesk.Funding memory funding
    ) private view returns (bytes memory) {
        if (funding.kind == IFinancingDesk.FundingKind.Allowance) return abi.encodeCall(financing.finance, (deals));
        IFinancingDesk.Funding[] memory fundings = new IFinancingDesk.Funding[](1);
        fundings[0] = funding;
        return abi.encodeCall(financing.financeFunded, (deals, fundings));
    }

    /// @dev An authorization pays just its price, in time, and leaves what else the payer allows as it was.
    function _checkFunding(Trade memory e, address payer, IFinancingDesk.Funding memory f) private view {
        if (f.kind != IFinancingDesk.FundingKind.Authorization) return;
        vm.assertEq(f.value, e.price, "I-7: authorized something else");
        vm.assertTrue(block.timestamp < f.deadline, "I-14: an authorization that is over");
        uint256 allowed = IERC20(e.token).allowance(payer, address(financing));
        vm.assertEq(allowed, e.allowedBefore, "an authorization took of the allowance");
    }

    function _expect(address sender, IFinancingDesk.Deal memory deal) private view returns (Trade memory e) {
        IFinancingDesk.Quote memory q = deal.quote;
        IReceivableNotes.Note memory n = note_[q.note];
        IReceivableNotes.Receivable memory r = receivable_[n.receivable];
        e.token = currencyToken_[r.currency];
        e.payee = party_[_partyOf(sender)].settlementAccount;
        e.price = _price(deal.amount, q.rateBps, Day.unwrap(r.dueDay));
        if (_isToken(e.token)) {
            e.allowedBefore = IERC20(e.token).allowance(q.payer, address(financing));
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
            _mayAct(sender, Rights.ACT, 0) && _partyOf(sender) == q.seller && n.holder == q.seller && _isHeld(q.note);
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
