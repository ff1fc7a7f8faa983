// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Dice } from "../Dice.sol";
import { World } from "../World.sol";
import { Actor } from "../../base/Cast.sol";
import { Signing } from "../../base/Signing.sol";
import { vm } from "../../base/Vm.sol";
import { ICreditRegister } from "../../../../contracts/interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "../../../../contracts/interfaces/IIssuanceDesk.sol";
import { Day, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { Rights, Roles } from "../../../../contracts/types/Roles.sol";

/// @notice Confirming debts, credit lines, and claims that end.
abstract contract IssueActs is World {
    struct Issue {
        Actor debtor;
        uint16 currency;
        address token;
        IIssuanceDesk.Confirmation[] items;
        ICreditRegister.Attestation word;
        PartyId attestedFor;
        address sender;
        bool may;
        bool attested;
    }

    /// @dev Nonces that no confirmation uses.
    uint256 private constant FRESH = 1 << 128;

    uint256 private _invoices;
    uint256 private _nonces;
    uint256 private _creditNotes;

    constructor() {
        _declareAct("confirm");
        _declareAct("setLine");
        _declareAct("release");
        _declareAct("credit");
    }

    function confirm(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        bool wild = d.oneIn(5);
        uint256 which = d.below(8);
        Actor memory debtor =
            wild
                ? _anybody(d)
                : which < 4
                    ? core
                    : which < 7
                        ? core2
                        : everybody[10];
        uint16 currency = uint16(
            d.oneIn(3) ? 1 + d.below(RAIL) : d.among(CNY, d.oneIn(2) ? CNY : RAIL, EUR, BLOCKABLE)
        );
        if (wild && d.oneIn(6)) currency = uint16(d.among(0, RAIL + 1, RAIL, type(uint16).max));
        IIssuanceDesk.Confirmation[] memory items = new IIssuanceDesk.Confirmation[](d.oneIn(4) ? d.below(4) : 1);
        for (uint256 i = 0; i < items.length; ++i) items[i] = _item(d, wild);
        Issue memory x;
        (x.debtor, x.currency, x.items) = (debtor, currency, items);
        _confirm(d, wild, x);
    }

    function _item(Dice memory d, bool wild) private returns (IIssuanceDesk.Confirmation memory c) {
        c.creditor = wild ? _anybody(d).id : everybody[2 + d.below(5)].id;
        c.amount = d.oneIn(3) ? d.near(FACE, MINIMUM) : uint96(MINIMUM + d.below(FACE));
        uint256 tenor = d.among(0, 1 + d.below(40), d.below(200), wild ? 364 + d.below(4) : 30);
        c.dueDay = Day.wrap(uint16(_today() + tenor));
        c.deliveryDay = Day.wrap(uint16(_today() - d.among(0, 1, 30, 70)));
        if (wild) {
            uint256 pick = d.below(8);
            if (pick == 0) c.dueDay = Day.wrap(_today() - 1);
            if (pick == 1) c.deliveryDay = _day(1);
            if (pick == 2) return c;
        }
        c.evidenceHash = keccak256(abi.encode("evidence", ++_invoices));
        c.invoices = new IIssuanceDesk.InvoiceClaim[](wild && d.oneIn(6) ? 0 : 1 + d.below(2));
        uint96 rest = c.amount;
        for (uint256 i = c.invoices.length; i > 0;) {
            uint96 wanted = --i == 0 ? rest : rest / 2;
            c.invoices[i] = _backing(d, wild, wanted);
            uint96 part = c.invoices[i].claimed;
            rest = rest > part ? rest - part : 0;
            if (i == 0 && part < wanted) c.amount -= wanted - part;
        }
        if (wild && d.oneIn(8)) c.amount ^= 1;
    }

    /// @dev A part of an invoice: of a new one, whole or not, or of one that is known, as much as is left or asked.
    function _backing(Dice memory d, bool wild, uint96 wanted) private returns (IIssuanceDesk.InvoiceClaim memory c) {
        c.claimed = wanted;
        if (invoicesSeen.length == 0 || !d.oneIn(3)) {
            c.fingerprint = keccak256(abi.encode("invoice", ++_invoices));
            c.invoiceAmount = d.oneIn(2) || wanted > type(uint96).max / 2 ? wanted : 2 * wanted;
            return c;
        }
        c.fingerprint = invoicesSeen[d.below(invoicesSeen.length)];
        c.invoiceAmount = invoiceAmount_[c.fingerprint];
        if (c.invoiceAmount == 0) c.invoiceAmount = wanted > type(uint96).max / 2 ? wanted : 2 * wanted;
        uint96 left = c.invoiceAmount - _min(c.invoiceAmount, invoiceUsed_[c.fingerprint]);
        if (!wild) c.claimed = _min(wanted, left);
        else if (d.oneIn(3)) c.invoiceAmount = d.near(c.invoiceAmount, 1);
    }

    function _min(uint96 a, uint96 b) private pure returns (uint96) {
        return a < b ? a : b;
    }

    function _confirm(Dice memory d, bool wild, Issue memory x) private {
        x.token = currencyToken_[x.currency];
        (x.word, x.attestedFor) = _word(d, wild, x);
        x.sender = wild && d.oneIn(3) ? _anyAccount(d) : x.debtor.account;
        // Who sends is the debtor: the registrar's word must be for it, whoever the act was made up for.
        PartyId debtor = _partyOf(x.sender);
        x.may = _mayAct(x.sender, Rights.ACT, Roles.CORE_ENTERPRISE) && !isPaused_;
        x.attested = _mayAct(x.word.signer, Rights.ACT, Roles.REGISTRAR) && block.timestamp <= x.word.deadline;
        x.attested = x.attested && x.attestedFor == debtor;
        uint40 before = receivableCount_;
        uint32 overdue = overdueCount_[debtor];
        bytes memory data = abi.encodeCall(issuance.confirm, (x.currency, x.items, x.word));
        (bool done, bytes memory result) = _do("confirm", x.sender, address(issuance), data, _none());
        if (!done) return;
        vm.assertTrue(x.may, "I-11: confirmed without authority");
        vm.assertTrue(x.attested, "I-11: confirmed without the registrar's word");
        vm.assertEq(overdue, 0, "a debtor declared overdue confirmed");
        vm.assertEq(ReceivableId.unwrap(abi.decode(result, (ReceivableId))), before + 1, "first id");
        vm.assertEq(receivableCount_, before + x.items.length, "one debt for each item");
        ICreditRegister.Line memory l = line_[debtor][x.token];
        vm.assertLe(l.used, l.limit, "I-5: a confirmation beyond the line");
        for (uint256 i = 0; i < x.items.length; ++i) _checkItem(debtor, x.items[i]);
    }

    function _checkItem(PartyId debtor, IIssuanceDesk.Confirmation memory c) private {
        IIssuanceDesk.Policy memory p = policy_[policyNumber_];
        vm.assertTrue(
            c.creditor != debtor && _isActive(c.creditor, Roles.SUPPLIER),
            "I-11: a creditor that may not be"
        );
        vm.assertTrue(c.amount != 0 && c.evidenceHash != 0, "a debt of nothing");
        uint256 backed;
        for (uint256 i = 0; i < c.invoices.length; ++i) {
            backed += c.invoices[i].claimed;
            _surveyInvoice(c.invoices[i].fingerprint);
            bytes32 invoice = c.invoices[i].fingerprint;
            vm.assertLe(invoiceUsed_[invoice], invoiceAmount_[invoice], "I-6: claimed beyond what was left");
            vm.assertEq(invoiceAmount_[invoice], c.invoices[i].invoiceAmount, "I-6: another amount");
        }
        vm.assertEq(backed, c.amount, "I-6: a debt that is not backed to the unit");
        vm.assertGe(Day.unwrap(c.dueDay), _today(), "I-14: due day past");
        vm.assertLe(Day.unwrap(c.dueDay), _today() + p.hardTenorDays, "I-14: tenor over policy");
        vm.assertLe(Day.unwrap(c.deliveryDay), _today(), "I-14: delivery to come");
    }

    /// @dev The registrar's word; wild: late, used, of another signer, for other terms.
    function _word(
        Dice memory d,
        bool wild,
        Issue memory x
    ) private returns (ICreditRegister.Attestation memory a, PartyId debtor) {
        (a.signer, a.nonce, a.deadline) = (registrar.account, ++_nonces, block.timestamp + d.among(0, 1, 60, 1 days));
        uint256 key = registrar.key;
        debtor = x.debtor.id;
        uint256 pick = wild ? d.below(10) : 9;
        if (pick == 0) a.deadline = block.timestamp - 1;
        if (pick == 1) a.nonce = d.below(_nonces + 1);
        if (pick == 2) a.signer = _anyAccount(d);
        if (pick == 3) key = core.key;
        if (pick == 4) debtor = _anybody(d).id;
        a.signature = Signing.sign(
            key,
            Signing.confirmation(address(credit), debtor, x.token, x.items, a.signer, a.nonce, a.deadline)
        );
    }

    function administerLines(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        Actor memory a = d.oneIn(2) ? core : _anybody(d);
        address token = currencyToken_[uint16(1 + d.below(RAIL))];
        uint96 used = line_[a.id][token].used;
        uint256 pick = d.below(8);
        uint96 limit =
            pick == 0
                ? 0
                : pick == 1
                    ? used
                    : pick == 2 && used != 0
                        ? used - 1
                        : pick == 3
                            ? used + FACE
                            : type(uint96).max / 2;
        address sender = d.oneIn(8) ? _anyAccount(d) : creditOfficer;
        bytes memory data = abi.encodeCall(credit.setLine, (a.id, token, limit));
        (bool done, ) = _do("setLine", sender, address(credit), data, _none());
        vm.assertTrue(done == (sender == creditOfficer), "I-11: lines are the credit officer's");
    }

    function release(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        if (claimsSeen.length == 0) return;
        ICreditRegister.Claim[] memory list = new ICreditRegister.Claim[](1 + d.below(2));
        for (uint256 i = 0; i < list.length; ++i) list[i] = _releasable(d);
        bool may = list.length == 1 || _key(list[0]) != _key(list[1]);
        for (uint256 i = 0; i < list.length; ++i) {
            may = may && claimed_[_key(list[i])] != 0 && _isCancelled(list[i].receivable);
        }
        bytes memory data = abi.encodeCall(credit.release, (list));
        (bool done, ) = _do("release", _anyAccount(d), address(credit), data, _none());
        vm.assertTrue(done == may, "I-6: claims of cancelled debts end, and no others");
    }

    function _releasable(Dice memory d) private view returns (ICreditRegister.Claim memory found) {
        uint256 start = d.below(claimsSeen.length);
        bool wild = d.oneIn(4);
        for (uint256 i = 0; i < claimsSeen.length; ++i) {
            found = claimsSeen[(start + i) % claimsSeen.length];
            if (wild || (claimed_[_key(found)] != 0 && _isCancelled(found.receivable))) return found;
        }
    }

    /// @dev Credit notes for invoices known and to come; now and then one again, or without the registrar's word.
    function creditInvoices(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        ICreditRegister.CreditNote[] memory list = new ICreditRegister.CreditNote[](1 + d.below(2));
        bool may = list.length == 1;
        for (uint256 i = 0; i < list.length; ++i) list[i] = _creditNote(d);
        may = may || list[0].fingerprint != list[1].fingerprint;
        for (uint256 i = 0; i < list.length; ++i) {
            may = may && list[i].amount != 0 && creditNote_[list[i].fingerprint] == 0;
        }
        ICreditRegister.Attestation memory a;
        (a.signer, a.nonce, a.deadline) = (registrar.account, FRESH | ++_nonces, block.timestamp);
        bool forged = d.oneIn(8);
        a.signature = Signing.sign(
            forged ? core.key : registrar.key,
            Signing.creditNotes(address(credit), list, a.signer, a.nonce, a.deadline)
        );
        may = may && !forged && _mayAct(a.signer, Rights.ACT, Roles.REGISTRAR);
        bytes memory data = abi.encodeCall(credit.credit, (list, a));
        (bool done, ) = _do("credit", _anyAccount(d), address(credit), data, _none());
        vm.assertTrue(done == may, "I-6: credit notes count once, under the registrar's word");
        if (done) for (uint256 i = 0; i < list.length; ++i) _surveyInvoice(list[i].invoice);
    }

    function _creditNote(Dice memory d) private returns (ICreditRegister.CreditNote memory n) {
        bool known = invoicesSeen.length != 0 && !d.oneIn(4);
        n.invoice =
            known ? invoicesSeen[d.below(invoicesSeen.length)] : keccak256(abi.encode("invoice", _invoices + 1));
        bool again = creditNotesSeen.length != 0 && d.oneIn(8);
        n.fingerprint =
            again ? creditNotesSeen[d.below(creditNotesSeen.length)] : keccak256(abi.encode(++_creditNotes));
        // so small that no number of them comes near 96 bits
        n.amount = uint96(d.oneIn(8) ? 0 : 1 + d.below(uint256(FACE) / 10));
    }

    function _isCancelled(ReceivableId id) private view returns (bool) {
        return uint256(_receivableStatusOf(id)) == 1;
    }
}
