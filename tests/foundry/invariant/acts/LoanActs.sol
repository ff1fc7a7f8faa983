// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { Paying } from "./Paying.sol";
import { Dice } from "../Dice.sol";
import { Actor } from "../../base/Cast.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { IPledgeDesk } from "../../../../contracts/interfaces/IPledgeDesk.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice Loans against a pledge: taken at a lender's quote, paid back, released.
abstract contract LoanActs is Paying {
    /// @dev Who pays whom, and what they had.
    struct Cash {
        address token;
        address payer;
        address payee;
        uint256 payerBefore;
        uint256 payeeBefore;
        uint256 most; // what the desk may draw
    }

    IPledgeDesk.LoanQuote[] private _quotes;
    uint256 private _nonces;

    constructor() {
        _declareAct("pledge");
        _declareAct("repayLoan");
        _declareAct("releasePledge");
        _declareAct("cancel a loan quote");
        _declareState("pledge released by payment");
        _declareState("pledge in part");
    }

    // -- taking one

    function pledge(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        bool again = _quotes.length != 0 && d.oneIn(6);
        IPledgeDesk.LoanQuote memory q = again ? _quotes[d.below(_quotes.length)] : _fresh(d, wild);
        if (!again) _quotes.push(q);
        bytes memory signature = Signing.sign(
            wild && d.oneIn(4) ? core.cashKey : keyOf[q.signer],
            Signing.loanQuote(address(pledges), q)
        );
        bool signed = keccak256(signature) == _signatureOf(q);
        address sender = wild && d.oneIn(3) ? _anyAccount(d) : _actor(q.holder).account;
        bool may = signed && _lenderMay(q) && _holderMay(sender, q) && _sized(q) && !loanQuoteUsed_[q.lender][q.nonce];
        _take(sender, q, signature, may);
    }

    function _signatureOf(IPledgeDesk.LoanQuote memory q) private view returns (bytes32) {
        return keccak256(Signing.sign(keyOf[q.signer], Signing.loanQuote(address(pledges), q)));
    }

    function _fresh(Dice memory d, bool wild) private returns (IPledgeDesk.LoanQuote memory q) {
        for (uint256 i = 0; i < 6; ++i) {
            q.note = _note(d, _bit(IReceivableNotes.NoteStatus.Held), wild);
            if (_today() < Day.unwrap(receivable_[note_[q.note].receivable].dueDay)) break;
        }
        IReceivableNotes.Note memory n = note_[q.note];
        q.holder = PartyId.unwrap(n.holder) == 0 || (wild && d.oneIn(4)) ? tier1.id : n.holder;
        Actor memory lender = wild && d.oneIn(3) ? _anybody(d) : everybody[d.oneIn(4) ? 11 : 7 + d.below(2)];
        (q.lender, q.signer, q.payer) = (lender.id, lender.account, lender.cash);
        if (wild && d.oneIn(4)) q.signer = _anyAccount(d);
        if (wild && d.oneIn(4)) q.payer = _anyAccount(d);
        q.pledgedValue = d.oneIn(3) ? n.value : d.near(n.value, 1);
        q.cap = d.oneIn(2) ? q.pledgedValue : d.near(q.pledgedValue, 1);
        q.principal = d.near(q.cap, 1);
        q.rateBps = uint32(d.among(0, 360, d.below(5_000), d.oneIn(6) ? type(uint32).max : 1));
        q.registryReference = wild && d.oneIn(4) ? bytes32(0) : REGISTERED;
        q.validUntil = block.timestamp + d.among(0, 1 hours, 1 days, 60 days) - (wild && d.oneIn(6) ? 1 : 0);
        q.nonce = wild && d.oneIn(4) ? d.below(_nonces + 1) : ++_nonces;
        q.epoch = party_[q.lender].quoteEpoch + (wild && d.oneIn(6) ? 1 : 0);
    }

    function _take(address sender, IPledgeDesk.LoanQuote memory q, bytes memory signature, bool may) private {
        Cash memory c = _cash(note_[q.note].receivable, q.payer, party_[q.holder].settlementAccount);
        (bool done, ) = _do(
            _isHostile(c.token) ? "finance in hostile money" : "pledge",
            sender,
            address(pledges),
            abi.encodeCall(pledges.pledge, (q, signature)),
            _list(note_[q.note].receivable)
        );
        vm.assertTrue(done == (may && _canMove(c, q.principal)), "I-8, I-11: a loan just as the table has it");
        if (!done) return;
        _checkMoved(c, q.principal);
        vm.assertEq(pledgedValue_[q.note], q.pledgedValue, "I-7: the pledged value");
        if (q.pledgedValue < note_[q.note].value) _see("pledge in part");
    }

    function _cash(ReceivableId id, address payer, address payee) private view returns (Cash memory c) {
        c.token = currencyToken_[receivable_[id].currency];
        (c.payer, c.payee) = (payer, payee);
        if (!_isToken(c.token)) return c;
        (c.payerBefore, c.payeeBefore) = (IERC20(c.token).balanceOf(payer), IERC20(c.token).balanceOf(payee));
        uint256 allowed = IERC20(c.token).allowance(payer, address(pledges));
        c.most = allowed < c.payerBefore ? allowed : c.payerBefore;
    }

    function _canMove(Cash memory c, uint256 amount) private view returns (bool) {
        if (!_isToken(c.token) || c.most < amount) return false;
        return !(_isBlocked(c.token, c.payer) || _isBlocked(c.token, c.payee) || c.token == currencyToken_[FEE]);
    }

    function _checkMoved(Cash memory c, uint256 amount) private view {
        vm.assertEq(IERC20(c.token).balanceOf(c.payer), c.payerBefore - amount, "I-7, I-9: the payer paid it");
        vm.assertEq(IERC20(c.token).balanceOf(c.payee), c.payeeBefore + amount, "I-7, I-9: the payee got it");
    }

    function _isHostile(address token) private view returns (bool) {
        return token == currencyToken_[SILENT] || token == currencyToken_[FEE];
    }

    function _lenderMay(IPledgeDesk.LoanQuote memory q) private view returns (bool) {
        return
            _mayAct(q.signer, Rights.QUOTE, Roles.FINANCIER) &&
            _partyOf(q.signer) == q.lender &&
            _partyOf(q.payer) == q.lender &&
            q.lender != q.holder &&
            q.lender != receivable_[note_[q.note].receivable].debtor &&
            block.timestamp <= q.validUntil &&
            q.epoch == party_[q.lender].quoteEpoch;
    }

    function _holderMay(address sender, IPledgeDesk.LoanQuote memory q) private view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[note_[q.note].receivable];
        return
            _mayAct(sender, Rights.ACT, 0) &&
            _partyOf(sender) == q.holder &&
            note_[q.note].holder == q.holder &&
            _statusOf(q.note) == IReceivableNotes.NoteStatus.Held &&
            _today() < Day.unwrap(r.dueDay) &&
            overdueCount_[r.debtor] == 0 &&
            !isPaused_ &&
            (r.flags & ReceivableFlags.REGISTRY_REQUIRED == 0 || q.registryReference != 0);
    }

    function _sized(IPledgeDesk.LoanQuote memory q) private view returns (bool) {
        return
            q.principal != 0 &&
            q.principal <= q.cap &&
            q.cap <= q.pledgedValue &&
            q.pledgedValue <= note_[q.note].value;
    }

    function cancelLoanQuote(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        address sender = d.oneIn(6) ? _anyAccount(d) : everybody[7 + d.below(2)].account;
        uint256 nonce = d.oneIn(3) ? _nonces + 1 + d.below(3) : d.below(_nonces + 1);
        bool may = _mayAct(sender, Rights.QUOTE, 0);
        bytes memory data = abi.encodeCall(pledges.cancelQuote, (nonce));
        (bool done, ) = _do("cancel a loan quote", sender, address(pledges), data, _none());
        vm.assertTrue(done == may, "I-11: whoever may quote cancels");
    }

    // -- ending one

    function repayLoan(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(6);
        NoteId id = _note(d, _bit(IReceivableNotes.NoteStatus.Pledged), wild);
        Actor memory a = wild || PartyId.unwrap(note_[id].holder) == 0 ? _anybody(d) : _actor(note_[id].holder);
        address payee = party_[loan_[id].lender].settlementAccount;
        if (a.cash == payee) return;
        uint96 amount = d.oneIn(3) ? type(uint96).max : d.near(uint96(_claimOn(id)), 1);
        _payBack(wild ? _anyAccount(d) : a.account, id, amount, _cash(note_[id].receivable, a.cash, payee));
    }

    function _payBack(address sender, NoteId id, uint96 amount, Cash memory c) private {
        uint256 claimed = _claimOn(id);
        uint256 paid = amount < claimed ? amount : claimed;
        bool may = _mayPay(sender, c.payer) && amount != 0 && _isPledged(id) && (paid == 0 || _canMove(c, paid));
        (bool done, bytes memory result) = _do(
            _isHostile(c.token) ? "repay in hostile money" : "repayLoan",
            sender,
            address(pledges),
            abi.encodeCall(pledges.repayLoan, (id, amount, c.payer)),
            _list(note_[id].receivable)
        );
        vm.assertTrue(done == may, "I-9, I-11: a loan is paid back while it is owed");
        if (!done) return;
        vm.assertEq(abi.decode(result, (uint96)), paid, "I-9: at most the claim");
        _checkMoved(c, paid);
        bool over = PartyId.unwrap(loan_[id].lender) == 0;
        vm.assertTrue(over == (paid == claimed), "a claim that is paid ends the pledge");
        if (!over) return;
        _see("pledge released by payment");
        vm.assertEq(pledgedValue_[id], 0, "released");
    }

    /// @dev With a loan that no order keeps from changing.
    function _isPledged(NoteId id) private view returns (bool) {
        return PartyId.unwrap(loan_[id].lender) != 0 && note_[id].flags & NoteFlags.FROZEN == 0;
    }

    function releasePledge(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        NoteId id = _note(d, _bit(IReceivableNotes.NoteStatus.Pledged), d.oneIn(6));
        PartyId lender = loan_[id].lender;
        address sender = PartyId.unwrap(lender) == 0 || d.oneIn(6) ? _anyAccount(d) : _actor(lender).account;
        bool may = _isPledged(id) && _mayAct(sender, Rights.ACT, 0) && _partyOf(sender) == lender;
        bytes memory data = abi.encodeCall(pledges.releasePledge, (id));
        ReceivableId[] memory named = _list(note_[id].receivable);
        (bool done, ) = _do("releasePledge", sender, address(pledges), data, named);
        vm.assertTrue(done == may, "I-11: the lender alone waives a pledge");
        if (done) vm.assertEq(pledgedValue_[id], 0, "released");
    }
}
