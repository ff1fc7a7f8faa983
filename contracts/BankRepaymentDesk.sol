// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "./PartyContext.sol";
import { BankProduct } from "./bank/BankProduct.sol";
import { IBankDesk } from "./interfaces/IBankDesk.sol";
import { IBankProduct } from "./interfaces/IBankProduct.sol";
import { IBankRepaymentDesk } from "./interfaces/IBankRepaymentDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "./interfaces/IRepaymentDesk.sol";
import { BankHash } from "./libraries/BankHash.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { Day, NoteId, PartyId, ReceivableId } from "./types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The manual is the interface, {IBankRepaymentDesk}.
contract BankRepaymentDesk is IBankRepaymentDesk, BankProduct {
    /// @dev Whole days, after the one of its release, during which the debtor cannot reserve a note again.
    uint16 private constant REST_DAYS = 1;

    IRepaymentDesk public immutable repayment;
    mapping(bytes32 reservation => mapping(NoteId => uint96)) public override reservedPrincipal;
    mapping(ReceivableId => RoundBank) private _roundBanks;
    mapping(NoteId => Day) public override restsUntil;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_,
        IBankDesk banks_,
        IRepaymentDesk repayment_
    ) PartyContext(authority, forwarder) BankProduct(registry_, notes_, banks_) {
        repayment = repayment_;
    }

    // -- whole notes

    /// @inheritdoc IBankRepaymentDesk
    function reserveRepayment(
        NoteId[] calldata ids,
        IBankDesk.Commitment calldata c
    ) external override returns (bytes32 id) {
        if (ids.length == 0) revert IReceivableNotes.EmptyBatch();
        PartyId debtor = _debtorActing();
        (IReceivableNotes.Due[] memory dues, uint256 principal, address currency) = _holdAll(ids, debtor);
        _checkOtherBank(c.bank, debtor);
        id = banks.reserve(c, BankHash.repayment(ids, debtor, principal, currency, c), _latest());
        for (uint256 i = 0; i < ids.length; ++i) {
            reservedPrincipal[id][ids[i]] = dues[i].principal;
            emit NoteReserved(id, ids[i], dues[i].payee, dues[i].principal);
        }
    }

    /// @dev Marks the notes, so that none is named twice.
    function _holdAll(
        NoteId[] calldata ids,
        PartyId debtor
    ) private returns (IReceivableNotes.Due[] memory dues, uint256 principal, address currency) {
        dues = new IReceivableNotes.Due[](ids.length);
        uint16 first;
        for (uint256 i = 0; i < ids.length; ++i) {
            dues[i] = _checkReservable(ids[i]);
            uint16 number = _checkOwed(ids[i], debtor);
            if (i == 0) first = number;
            else if (number != first) revert IReceivableNotes.MixedCurrencies(first, number);
            principal += dues[i].principal;
            _hold(ids[i]);
        }
        currency = _bankCurrency(first);
    }

    function _checkReservable(NoteId note) private view returns (IReceivableNotes.Due memory d) {
        d = notes.due(note);
        if (d.flags & NoteFlags.RESERVED != 0) {
            revert IReceivableNotes.NotDue(note, IReceivableNotes.NoteStatus.Reserved);
        }
        Day rest = restsUntil[note];
        if (BusinessDay.today() <= rest) revert NoteResting(note, rest);
    }

    /// @return The receivable's currency.
    function _checkOwed(NoteId note, PartyId debtor) private view returns (uint16) {
        ReceivableId id = notes.note(note).receivable;
        IReceivableNotes.Receivable memory r = notes.receivable(id);
        if (r.debtor != debtor) revert IRepaymentDesk.NotDebtor(id, r.debtor, debtor);
        if (r.flags & ReceivableFlags.ROUND_OPEN != 0) revert IReceivableNotes.RoundOpen(id);
        Day cutOff = Day.wrap(Day.unwrap(r.dueDay) - CUTOFF_DAYS);
        if (BusinessDay.today() < cutOff) revert BeforeCutOff(note, cutOff);
        return r.currency;
    }

    function _repay(
        IBankDesk.Attestation calldata a,
        NoteId[] memory ids
    ) private returns (address currency, IReceivableNotes.Due[] memory dues) {
        if (a.counted != 0) revert CountNotExact(ReceivableId.wrap(0), 0, a.counted);
        uint96[] memory parts = new uint96[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            parts[i] = _take(a.reservation, ids[i]);
            _free(ids[i]);
        }
        return notes.settle(ids, parts, 0, a.valueDay);
    }

    /// @inheritdoc IBankProduct
    function release(bytes32 id, NoteId note) external override onlyBankDesk {
        _take(id, note);
        Day rest = Day.wrap(Day.unwrap(BusinessDay.today()) + REST_DAYS);
        restsUntil[note] = rest;
        emit NoteReleased(id, note, rest);
        _free(note);
    }

    function _take(bytes32 id, NoteId note) private returns (uint96 principal) {
        principal = reservedPrincipal[id][note];
        if (principal == 0) revert NotReservedUnder(note, id);
        delete reservedPrincipal[id][note];
    }

    // -- rounds

    /// @inheritdoc IBankRepaymentDesk
    function reserveRound(
        ReceivableId receivable,
        IBankDesk.Commitment calldata c
    ) external override returns (bytes32 id) {
        PartyId debtor = _debtorActing();
        IReceivableNotes.Receivable memory r = notes.receivable(receivable);
        if (r.debtor != debtor) revert IRepaymentDesk.NotDebtor(receivable, r.debtor, debtor);
        if (r.flags & ReceivableFlags.ROUND_OPEN == 0) revert IReceivableNotes.RoundNotOpen(receivable);
        _checkOtherBank(c.bank, debtor);
        bytes32 structHash = BankHash.round(receivable, r.round, debtor, _bankCurrency(r.currency), c);
        id = banks.reserve(c, structHash, repayment.round(receivable).lastDay);
        _roundBanks[receivable] = RoundBank(id, r.round);
        emit RoundReserved(id, receivable, r.round);
    }

    /// @inheritdoc IBankRepaymentDesk
    function roundBank(ReceivableId receivable) external view override returns (RoundBank memory) {
        return _roundBanks[receivable];
    }

    function _isForRound(bytes32 id, NoteId note) private view returns (bool) {
        return _roundBanks[notes.note(note).receivable].reservation == id;
    }

    function _payRound(
        IBankDesk.Attestation calldata a,
        NoteId[] memory ids
    ) private returns (address currency, IReceivableNotes.Due[] memory dues) {
        ReceivableId id = notes.note(ids[0]).receivable;
        if (notes.receivable(id).round != _roundBanks[id].round) revert IReceivableNotes.RoundNotOpen(id);
        uint96 counted = repayment.round(id).counted;
        if (counted != a.counted) revert CountNotExact(id, counted, a.counted);
        return repayment.takeShares(id, ids, a.valueDay);
    }

    // -- what they share

    /// @inheritdoc IBankProduct
    function deliver(IBankDesk.Attestation calldata a) external override onlyBankDesk {
        NoteId[] memory ids = new NoteId[](a.lines.length);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = a.lines[i].note;
        (address currency, IReceivableNotes.Due[] memory dues) = _isForRound(a.reservation, ids[0])
            ? _payRound(a, ids)
            : _repay(a, ids);
        for (uint256 i = 0; i < ids.length; ++i) _checkPaid(a, a.lines[i], dues[i]);
        _checkCurrency(currency, a.currency);
    }

    /// @dev What the ledger names is what was paid, to the unit and to the party. What could not be paid out is put back, if the
    /// ledger took it: a note under an order it left where it was. What was paid on that all the same is an exception.
    function _checkPaid(
        IBankDesk.Attestation calldata a,
        IBankDesk.Line calldata l,
        IReceivableNotes.Due memory d
    ) private {
        bool frozen = d.flags & NoteFlags.FROZEN != 0;
        uint256 expected = uint256(d.principal) + d.interest;
        if (l.payee != d.payee) revert OtherPayee(l.note, d.payee, l.payee);
        if (l.amount != expected) revert AmountNotExact(l.note, expected, l.amount);
        if (frozen && !l.refused) revert IReceivableNotes.NoteFrozen(l.note);
        if (!l.refused) {
            emit PaidByBank(a.reservation, l.note, l.payee, l.amount, a.valueDay, a.paymentReference);
        } else {
            emit PayeeNotPaid(a.reservation, l.note, l.payee, l.amount, a.paymentReference);
            if (!frozen && expected != 0) notes.restore(l.note, d.principal);
        }
    }

    /// @dev A suspended or expired party may still pay, so its status is not asked.
    function _debtorActing() private view returns (PartyId debtor) {
        address caller = _msgSender();
        IParticipantRegistry.Account memory account = registry.account(caller);
        debtor = account.party;
        if (account.rights & Rights.ACT == 0) {
            revert IParticipantRegistry.MissingRight(caller, debtor, account.rights, Rights.ACT);
        }
    }

    /// @dev Nobody is paid by the word of the debtor itself.
    function _checkOtherBank(PartyId bank, PartyId debtor) private pure {
        if (bank == debtor) revert BankIsDebtor(debtor);
    }
}
