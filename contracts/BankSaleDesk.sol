// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Address } from "@openzeppelin/contracts/utils/Address.sol";

import { PartyContext } from "./PartyContext.sol";
import { BankProduct } from "./bank/BankProduct.sol";
import { IBankDesk } from "./interfaces/IBankDesk.sol";
import { IBankProduct } from "./interfaces/IBankProduct.sol";
import { IBankSaleDesk } from "./interfaces/IBankSaleDesk.sol";
import { IFinancingDesk } from "./interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BankHash } from "./libraries/BankHash.sol";
import { Day, NoteId, PartyId, ReceivableId } from "./types/Ids.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The manual is the interface, {IBankSaleDesk}.
contract BankSaleDesk is IBankSaleDesk, BankProduct {
    IFinancingDesk public immutable financing;
    mapping(bytes32 reservation => Sale) private _sales;

    modifier onlyItself() {
        if (msg.sender != address(this)) revert OnlyItself(msg.sender);
        _;
    }

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_,
        IBankDesk banks_,
        IFinancingDesk financing_
    ) PartyContext(authority, forwarder) BankProduct(registry_, notes_, banks_) {
        financing = financing_;
    }

    /// @inheritdoc IBankSaleDesk
    function reserveSale(
        IFinancingDesk.Deal calldata deal,
        IBankDesk.Commitment calldata c
    ) external override returns (bytes32 id) {
        (PartyId seller, ) = registry.actor(_msgSender(), Rights.ACT, 0);
        (uint96 price, bytes32 quote) = financing.agree(deal, seller);
        Sale memory s = _sale(deal, price);
        IReceivableNotes.Receivable memory r = notes.receivable(notes.note(s.note).receivable);
        if (PartyId.unwrap(r.debtor) == 0) revert IReceivableNotes.UnknownNote(s.note);
        id = banks.reserve(c, BankHash.sale(s, quote, _bankCurrency(r.currency), c), _lastSaleDay(r.dueDay));
        _sales[id] = s;
        emit SaleReserved(id, s.note, s.financier, s);
        _requireDeliverable(id);
        _hold(s.note);
    }

    /// @inheritdoc IBankProduct
    function deliver(IBankDesk.Attestation calldata a) external override onlyBankDesk {
        bytes32 id = a.reservation;
        Sale memory s = _sales[id];
        IBankDesk.Line calldata l = a.lines[0];
        // The wait may be for this note and the payment for another as well.
        NoteId last = a.lines[a.lines.length - 1].note;
        if (l.note != s.note || a.lines.length != 1) revert NotReservedUnder(last, id);
        if (l.payee != s.seller) revert OtherPayee(s.note, s.seller, l.payee);
        uint256 received = l.refused ? 0 : l.amount;
        if (received != s.price) revert AmountNotExact(s.note, s.price, received);
        if (a.counted != 0) revert CountNotExact(ReceivableId.wrap(0), 0, a.counted);
        delete _sales[id];
        _free(s.note);
        (NoteId child, address currency) = _assign(s);
        _checkCurrency(currency, a.currency);
        if (s.recourse && NoteId.unwrap(child) != 0) _undertake(child, s, a.valueDay);
        emit SaleDelivered(id, s.note, child, a.paymentReference);
    }

    /// @inheritdoc IBankProduct
    function release(bytes32 id, NoteId note) external override onlyBankDesk {
        Sale memory s = _sales[id];
        if (s.note != note) revert NotReservedUnder(note, id);
        delete _sales[id];
        emit SaleReleased(id, note);
        financing.giveBack(s.financier, s.quoteNonce, s.amount);
        _free(note);
    }

    /// @inheritdoc IBankSaleDesk
    function rehearse(bytes32 id) external override onlyItself {
        _assign(_sales[id]);
        revert Rehearsed();
    }

    /// @inheritdoc IBankSaleDesk
    function sale(bytes32 id) external view override returns (Sale memory) {
        return _sales[id];
    }

    function _sale(IFinancingDesk.Deal calldata deal, uint96 price) private pure returns (Sale memory s) {
        IFinancingDesk.Quote calldata q = deal.quote;
        (s.note, s.seller, s.financier, s.amount) = (q.note, q.seller, q.financier, deal.amount);
        (s.rateBps, s.recourse, s.price) = (q.rateBps, q.recourse, price);
        (s.registryReference, s.quoteNonce) = (q.registryReference, q.nonce);
    }

    function _lastSaleDay(Day dueDay) private view returns (Day) {
        Day latest = _latest();
        Day beforeCutOff = Day.wrap(Day.unwrap(dueDay) - CUTOFF_DAYS - 1);
        return beforeCutOff < latest ? beforeCutOff : latest;
    }

    /// @dev The ledger's own rules are asked, not repeated. The call never succeeds.
    function _requireDeliverable(bytes32 id) private {
        // solhint-disable-next-line avoid-low-level-calls
        (, bytes memory reason) = address(this).call(abi.encodeCall(this.rehearse, (id)));
        if (bytes4(reason) != Rehearsed.selector) Address.verifyCallResult(false, reason);
    }

    /// @dev The seller answers from the day that it had the cash. What the debtor bought is extinguished. The rate was
    /// checked with the quote.
    function _undertake(NoteId child, Sale memory s, Day paidOn) private {
        financing.recordSale(child, IFinancingDesk.Sale(s.seller, s.amount, s.price, uint16(s.rateBps), paidOn));
    }

    function _assign(Sale memory s) private returns (NoteId child, address currency) {
        address account = registry.settlementAccountOf(s.financier);
        (child, currency, ) = notes.assign(s.note, s.seller, s.financier, account, s.amount, s.registryReference);
    }
}
