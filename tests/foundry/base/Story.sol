// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor, Cast } from "./Cast.sol";
import { Signing } from "./Signing.sol";
import { vm } from "./Vm.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";

/// @notice Acts as they usually go, for tests that are about what comes after.
abstract contract Story is Cast {
    uint256 private _attested;
    uint256 private _invoices;

    // -- confirming

    function _item(Actor memory creditor, uint96 amount) internal returns (IIssuanceDesk.Confirmation memory c) {
        c.creditor = creditor.id;
        (c.amount, c.deliveryDay, c.dueDay, c.evidenceHash) = (amount, _day(0), _day(TENOR), EVIDENCE);
        c.invoices = _one(_part(keccak256(abi.encode("invoice", ++_invoices)), amount, amount));
    }

    function _part(
        bytes32 fingerprint,
        uint96 invoiceAmount,
        uint96 claimed
    ) internal pure returns (IIssuanceDesk.InvoiceClaim memory) {
        return IIssuanceDesk.InvoiceClaim(fingerprint, invoiceAmount, claimed);
    }

    function _attest(
        Actor memory debtor,
        address token,
        IIssuanceDesk.Confirmation[] memory items
    ) internal returns (ICreditRegister.Attestation memory a) {
        (a.signer, a.nonce, a.deadline) = (registrar.account, ++_attested, block.timestamp + 1 hours);
        a.signature = Signing.sign(
            registrar.key,
            Signing.confirmation(address(credit), debtor.id, token, items, a.signer, a.nonce, a.deadline)
        );
    }

    function _attest(
        ICreditRegister.CreditNote[] memory items
    ) internal returns (ICreditRegister.Attestation memory a) {
        (a.signer, a.nonce, a.deadline) = (registrar.account, ++_attested, block.timestamp + 1 hours);
        a.signature = Signing.sign(
            registrar.key,
            Signing.creditNotes(address(credit), items, a.signer, a.nonce, a.deadline)
        );
    }

    function _confirm(
        Actor memory debtor,
        uint16 currency,
        IIssuanceDesk.Confirmation[] memory items
    ) internal returns (ReceivableId) {
        ICreditRegister.Attestation memory a = _attest(debtor, notes.currencyToken(currency), items);
        vm.prank(debtor.account);
        return issuance.confirm(currency, items, a);
    }

    function _confirm(Actor memory debtor, Actor memory creditor, uint96 amount) internal returns (ReceivableId) {
        return _confirm(debtor, CNY, _one(_item(creditor, amount)));
    }

    function _confirmUntil(
        Actor memory debtor,
        Actor memory creditor,
        uint96 amount,
        Day dueDay
    ) internal returns (ReceivableId) {
        IIssuanceDesk.Confirmation memory c = _item(creditor, amount);
        c.dueDay = dueDay;
        return _confirm(debtor, CNY, _one(c));
    }

    /// @dev A debt of the core enterprise to tier 1, accepted.
    function _found() internal returns (ReceivableId id, NoteId root) {
        id = _confirm(core, tier1, FACE);
        root = notes.receivable(id).root;
        _accept(tier1, root);
    }

    // -- offers and passing on

    function _accept(Actor memory receiver, NoteId note) internal {
        vm.prank(receiver.account);
        notes.accept(_one(note));
    }

    function _split(Actor memory holder, NoteId note, Actor memory receiver, uint96 amount) internal returns (NoteId) {
        vm.prank(holder.account);
        return notes.split(_one(IReceivableNotes.Split(note, _one(_portion(receiver, amount)))));
    }

    /// @dev Passed on and accepted.
    function _pass(
        Actor memory holder,
        NoteId note,
        Actor memory receiver,
        uint96 amount
    ) internal returns (NoteId id) {
        id = _split(holder, note, receiver, amount);
        _accept(receiver, id);
    }

    function _portion(Actor memory to, uint96 amount) internal pure returns (IReceivableNotes.Portion memory) {
        return IReceivableNotes.Portion(to.id, amount, TRADE);
    }

    // -- selling

    function _quote(
        Actor memory buyer,
        Actor memory seller,
        NoteId note
    ) internal view returns (IFinancingDesk.Quote memory) {
        return
            IFinancingDesk.Quote({
                note: note,
                seller: seller.id,
                financier: buyer.id,
                maxAmount: FACE,
                rateBps: 360,
                recourse: false,
                payer: buyer.cash,
                registryReference: REGISTERED,
                validUntil: block.timestamp + 1 days,
                nonce: 1,
                epoch: registry.party(buyer.id).quoteEpoch,
                signer: buyer.account
            });
    }

    function _deal(
        Actor memory buyer,
        IFinancingDesk.Quote memory q,
        uint96 amount
    ) internal view returns (IFinancingDesk.Deal memory) {
        return IFinancingDesk.Deal(q, Signing.sign(buyer.key, Signing.quote(address(financing), q)), amount, 1);
    }

    function _finance(
        Actor memory buyer,
        Actor memory seller,
        NoteId note,
        uint96 amount,
        uint256 nonce
    ) internal returns (NoteId) {
        IFinancingDesk.Quote memory q = _quote(buyer, seller, note);
        q.nonce = nonce;
        IFinancingDesk.Deal[] memory deals = _one(_deal(buyer, q, amount));
        vm.prank(seller.account);
        return financing.finance(deals)[0];
    }

    // -- paying

    function _repay(Actor memory payer, NoteId[] memory ids) internal returns (uint256) {
        vm.prank(payer.account);
        return repayment.repay(ids, payer.cash, type(uint256).max);
    }

    // -- arrays of one and two

    function _one(NoteId a) internal pure returns (NoteId[] memory list) {
        list = new NoteId[](1);
        list[0] = a;
    }

    function _two(NoteId a, NoteId b) internal pure returns (NoteId[] memory list) {
        list = new NoteId[](2);
        (list[0], list[1]) = (a, b);
    }

    function _one(PartyId a) internal pure returns (PartyId[] memory list) {
        list = new PartyId[](1);
        list[0] = a;
    }

    function _one(bytes32 a) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = a;
    }

    function _one(
        IIssuanceDesk.Confirmation memory a
    ) internal pure returns (IIssuanceDesk.Confirmation[] memory list) {
        list = new IIssuanceDesk.Confirmation[](1);
        list[0] = a;
    }

    function _one(
        IIssuanceDesk.InvoiceClaim memory a
    ) internal pure returns (IIssuanceDesk.InvoiceClaim[] memory list) {
        list = new IIssuanceDesk.InvoiceClaim[](1);
        list[0] = a;
    }

    function _one(ICreditRegister.Claim memory a) internal pure returns (ICreditRegister.Claim[] memory list) {
        list = new ICreditRegister.Claim[](1);
        list[0] = a;
    }

    function _one(
        ICreditRegister.CreditNote memory a
    ) internal pure returns (ICreditRegister.CreditNote[] memory list) {
        list = new ICreditRegister.CreditNote[](1);
        list[0] = a;
    }

    function _one(IReceivableNotes.Split memory a) internal pure returns (IReceivableNotes.Split[] memory list) {
        list = new IReceivableNotes.Split[](1);
        list[0] = a;
    }

    function _one(IReceivableNotes.Portion memory a) internal pure returns (IReceivableNotes.Portion[] memory list) {
        list = new IReceivableNotes.Portion[](1);
        list[0] = a;
    }

    function _two(
        IReceivableNotes.Portion memory a,
        IReceivableNotes.Portion memory b
    ) internal pure returns (IReceivableNotes.Portion[] memory list) {
        list = new IReceivableNotes.Portion[](2);
        (list[0], list[1]) = (a, b);
    }

    function _one(IFinancingDesk.Deal memory a) internal pure returns (IFinancingDesk.Deal[] memory list) {
        list = new IFinancingDesk.Deal[](1);
        list[0] = a;
    }

    /// @dev Day arithmetic on typed days.
    function _plus(Day day, uint16 more) internal pure returns (Day) {
        return Day.wrap(Day.unwrap(day) + more);
    }
}
