// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BankSigning } from "./BankSigning.sol";
import { Actor } from "./Cast.sol";
import { Signing } from "./Signing.sol";
import { Suite } from "./Suite.sol";
import { vm } from "./Vm.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { IBankSaleDesk } from "../../../contracts/interfaces/IBankSaleDesk.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../contracts/types/Ids.sol";
import { Roles } from "../../../contracts/types/Roles.sol";

/// @notice Settlement banks, a currency in their books, and what they sign.
abstract contract BankStory is Suite {
    address internal constant RAIL_CNY = address(uint160(0x434e59));

    Actor internal bank;
    Actor internal bank2;
    uint16 internal rail;
    uint256 private _words;

    /// @dev The one is a bank alone, the other owes debts too.
    function _gatherBanks() internal {
        bank = _admit("bank", Roles.SETTLEMENT_BANK);
        bank2 = _admit("bank2", Roles.SETTLEMENT_BANK | Roles.CORE_ENTERPRISE);
        rail = _allow(RAIL_CNY);
        _setLine(core, RAIL_CNY);
        _setLine(core2, RAIL_CNY);
        _setLine(bank2, RAIL_CNY);
    }

    /// @dev A debt in the banks' currency, accepted.
    function _foundOnRail(Actor memory debtor, Actor memory creditor) internal returns (ReceivableId id, NoteId root) {
        return _foundOnRail(debtor, creditor, TENOR);
    }

    function _foundOnRail(
        Actor memory debtor,
        Actor memory creditor,
        uint16 tenor
    ) internal returns (ReceivableId id, NoteId root) {
        IIssuanceDesk.Confirmation memory c = _item(creditor, FACE);
        c.dueDay = _day(tenor);
        id = _confirm(debtor, rail, _one(c));
        root = notes.receivable(id).root;
        _accept(creditor, root);
    }

    /// @dev Not signed yet.
    function _commitment(Actor memory by, uint16 daysAhead) internal returns (IBankDesk.Commitment memory c) {
        (c.bank, c.signer, c.lastDay) = (by.id, by.account, _day(daysAhead));
        (c.nonce, c.deadline) = (++_words, block.timestamp + 1 hours);
    }

    function _bankQuote(
        Actor memory buyer,
        Actor memory seller,
        NoteId note
    ) internal returns (IFinancingDesk.Quote memory q) {
        q = _quote(buyer, seller, note);
        (q.payer, q.nonce) = (address(0), 1_000 + ++_words);
    }

    function _saleOf(
        IFinancingDesk.Quote memory q,
        uint96 amount,
        uint96 price
    ) internal pure returns (IBankSaleDesk.Sale memory s) {
        (s.note, s.seller, s.financier, s.amount) = (q.note, q.seller, q.financier, amount);
        (s.rateBps, s.recourse, s.price) = (q.rateBps, q.recourse, price);
        (s.registryReference, s.quoteNonce) = (q.registryReference, q.nonce);
    }

    /// @dev Signs the word for a sale; returns the reservation that it makes.
    function _signSale(
        uint256 key,
        IBankSaleDesk.Sale memory s,
        IFinancingDesk.Quote memory q,
        IBankDesk.Commitment memory c
    ) internal view returns (bytes32 id) {
        id = BankSigning.sale(address(banks), s, RAIL_CNY, Signing.quote(address(financing), q), c);
        c.signature = Signing.sign(key, id);
    }

    function _signRepayment(
        uint256 key,
        NoteId[] memory ids,
        PartyId debtor,
        uint256 principal,
        IBankDesk.Commitment memory c
    ) internal view returns (bytes32 id) {
        id = BankSigning.repayment(address(banks), ids, debtor, principal, RAIL_CNY, c);
        c.signature = Signing.sign(key, id);
    }

    function _signRound(
        uint256 key,
        ReceivableId receivable,
        uint8 number,
        PartyId debtor,
        IBankDesk.Commitment memory c
    ) internal view returns (bytes32 id) {
        id = BankSigning.round(address(banks), receivable, number, debtor, RAIL_CNY, c);
        c.signature = Signing.sign(key, id);
    }

    /// @dev What a bank paid today, under a reference of its own.
    function _payment(
        Actor memory by,
        bytes32 reservation,
        IBankDesk.Line[] memory lines
    ) internal returns (IBankDesk.Attestation memory a) {
        (a.bank, a.reservation, a.currency, a.valueDay) = (by.id, reservation, RAIL_CNY, _day(0));
        (a.paymentReference, a.lines) = (keccak256(abi.encode("payment", ++_words)), lines);
        (a.signer, a.deadline) = (by.account, block.timestamp + 1 hours);
    }

    function _attestBy(uint256 key, IBankDesk.Attestation memory a) internal {
        bytes memory signature = Signing.sign(key, BankSigning.attestation(address(banks), a));
        vm.prank(stranger);
        banks.attest(a, signature);
    }

    function _line(NoteId note, PartyId payee, uint128 amount) internal pure returns (IBankDesk.Line memory) {
        return IBankDesk.Line(note, payee, amount, false);
    }

    function _one(IBankDesk.Line memory a) internal pure returns (IBankDesk.Line[] memory list) {
        list = new IBankDesk.Line[](1);
        list[0] = a;
    }

    function _two(
        IBankDesk.Line memory a,
        IBankDesk.Line memory b
    ) internal pure returns (IBankDesk.Line[] memory list) {
        list = new IBankDesk.Line[](2);
        (list[0], list[1]) = (a, b);
    }
}
