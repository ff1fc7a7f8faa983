// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { IParticipantRegistry } from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";
import { Rights } from "../../../../contracts/types/Roles.sol";

/// @notice What a payment must move, reckoned before it, and whether it did (I-9).
abstract contract Paying is World {
    /// @dev What an account gets. The lender of a pledged note comes before its holder: leg 2i, then leg 2i + 1 of note i.
    struct Leg {
        address payee;
        uint256 amount;
        uint256 balanceAfter;
    }

    struct Payment {
        address token;
        address payer;
        NoteId[] ids;
        uint96[] principals;
        uint256[] amounts;
        Leg[] legs;
        uint96[] valuesAfter;
        bool[] stays;
        uint256 payerBefore;
        uint256 total;
        bool due;
        bool may;
        ReceivableId[] named;
    }

    /// @param principals What is meant for each note. An order, or a payee that is blocked, keeps it where it is.
    function _expect(
        address sender,
        address payer,
        NoteId[] memory ids,
        uint96[] memory principals
    ) internal view returns (Payment memory p) {
        (p.payer, p.ids, p.principals) = (payer, ids, principals);
        p.token = ids.length == 0 ? address(cny) : currencyToken_[receivable_[note_[ids[0]].receivable].currency];
        if (_isToken(p.token)) p.payerBefore = IERC20(p.token).balanceOf(payer);
        p.may = _mayPay(sender, payer);
        p.named = new ReceivableId[](ids.length);
        (p.amounts, p.legs) = (new uint256[](ids.length), new Leg[](2 * ids.length));
        (p.valuesAfter, p.stays) = (new uint96[](ids.length), new bool[](ids.length));
        for (uint256 i = 0; i < ids.length; ++i) _expectNote(p, i);
        p.due = _isDue(ids);
        if (_isToken(p.token)) _expectBalances(p);
    }

    function _expectNote(Payment memory p, uint256 i) private view {
        NoteId id = p.ids[i];
        p.named[i] = note_[id].receivable;
        uint256 amount = p.principals[i] + _interestOn(id, p.principals[i]);
        Leg[2] memory legs = _legsOf(id, amount);
        p.stays[i] = _staysPut(id, p.token, legs);
        p.valuesAfter[i] = note_[id].value - (p.stays[i] ? 0 : p.principals[i]);
        if (p.stays[i]) (legs[0].amount, legs[1].amount) = (0, 0);
        (p.legs[2 * i], p.legs[2 * i + 1]) = (legs[0], legs[1]);
        p.amounts[i] = legs[0].amount + legs[1].amount;
        p.total += p.amounts[i];
    }

    /// @dev The lender's claim first, the rest to whom the note is due.
    function _legsOf(NoteId id, uint256 amount) internal view returns (Leg[2] memory legs) {
        PartyId lender = loan_[id].lender;
        uint256 claimed = PartyId.unwrap(lender) == 0 ? 0 : _claimOn(id);
        uint256 first = amount < claimed ? amount : claimed;
        legs[0] = Leg(party_[lender].settlementAccount, first, 0);
        legs[1] = Leg(party_[_payeeOf(id)].settlementAccount, amount - first, 0);
    }

    /// @dev An order keeps the note where it is, or either payee's side refuses its leg.
    function _staysPut(NoteId id, address token, Leg[2] memory legs) internal view returns (bool) {
        bool refused;
        for (uint256 i = 0; i < 2; ++i) {
            refused = refused || (legs[i].amount != 0 && _isBlocked(token, legs[i].payee));
        }
        return refused || _isWithheld(id);
    }

    function _expectBalances(Payment memory p) private view {
        for (uint256 i = 0; i < p.legs.length; ++i) {
            p.legs[i].balanceAfter = IERC20(p.token).balanceOf(p.legs[i].payee);
            for (uint256 j = 0; j < p.legs.length; ++j) {
                if (p.legs[j].payee == p.legs[i].payee) p.legs[i].balanceAfter += p.legs[j].amount;
            }
        }
    }

    /// @dev Each is due to somebody and not reserved, none is paid twice, and all are of one currency. What an order
    /// withholds may be named as often as one likes: nothing of it moves.
    function _isDue(NoteId[] memory ids) private view returns (bool due) {
        due = ids.length != 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            due = due && PartyId.unwrap(_payeeOf(ids[i])) != 0 && note_[ids[i]].flags & NoteFlags.RESERVED == 0;
            for (uint256 j = 0; j < i; ++j) {
                uint16 currency = receivable_[note_[ids[j]].receivable].currency;
                bool twice = ids[j] == ids[i] && !_isWithheld(ids[i]);
                due = due && !twice && currency == receivable_[note_[ids[i]].receivable].currency;
            }
        }
    }

    /// @notice After a payment that went through: everybody has what was due, to the unit.
    function _checkPayment(Payment memory p, uint256 paid) internal view {
        vm.assertTrue(p.may, "I-11: paid from an account that was not its own");
        vm.assertTrue(p.due, "I-9: paid what was due to nobody");
        vm.assertTrue(p.token != currencyToken_[FEE] || p.total == 0, "I-17: a fee was swallowed");
        vm.assertTrue(p.token != RAIL_CNY, "paid in tokens what is in banks' books");
        vm.assertEq(paid, p.total, "I-9: principal and interest");
        vm.assertEq(IERC20(p.token).balanceOf(p.payer), p.payerBefore - p.total, "I-9: the payer paid it");
        for (uint256 i = 0; i < p.ids.length; ++i) {
            IReceivableNotes.Note memory n = notes.note(p.ids[i]);
            for (uint256 j = 2 * i; j < 2 * i + 2; ++j) {
                uint256 balance = IERC20(p.token).balanceOf(p.legs[j].payee);
                // Who pays for others may be named itself, with a note that an order withholds.
                if (p.legs[j].payee == p.payer) balance += p.total;
                vm.assertEq(balance, p.legs[j].balanceAfter, "I-9: a payee got its due, the lender first");
            }
            vm.assertEq(n.value, p.valuesAfter[i], "I-9: the note gave what was paid");
            bool late = _today() >= Day.unwrap(receivable_[n.receivable].dueDay);
            // A share of nothing has nothing to refuse.
            bool offered = _isWithheld(p.ids[i]) || p.principals[i] != 0;
            if (p.stays[i] && late && offered)
                vm.assertTrue(n.flags & NoteFlags.TENDERED != 0, "refused and not tendered");
        }
    }

    /// @dev Itself, or an account of its own party that it acts for: in any standing.
    function _mayPay(address sender, address payer) internal view returns (bool) {
        IParticipantRegistry.Account memory a = account_[sender];
        bool own = PartyId.unwrap(a.party) != 0 && account_[payer].party == a.party && a.rights & Rights.ACT != 0;
        return sender == payer || own;
    }

    /// @dev Accepted, in part at least, and not all paid.
    function _isOwed(ReceivableId id) internal view returns (bool) {
        IReceivableNotes.Receivable memory r = receivable_[id];
        return r.outstanding != 0 && note_[r.root].flags & NoteFlags.ACCEPTED != 0;
    }

    function _has(ReceivableId id, uint8 flags) internal view returns (bool) {
        return receivable_[id].flags & flags != 0;
    }

    /// @dev Notes of a debt that a payment could be for: not yet in `round` when one is open.
    function _payableOf(ReceivableId id, uint256 start, uint256 most) internal view returns (NoteId[] memory ids) {
        NoteId[] storage list = notesOf_[id];
        NoteId[] memory found = new NoteId[](list.length);
        uint256 count;
        bool inRound = _has(id, ReceivableFlags.ROUND_OPEN);
        for (uint256 i = 0; i < list.length && count < most; ++i) {
            NoteId note = list[(start + i) % list.length];
            bool had = inRound && note_[note].round == receivable_[id].round;
            bool reserved = note_[note].flags & NoteFlags.RESERVED != 0;
            if (PartyId.unwrap(_payeeOf(note)) != 0 && !had && !reserved) found[count++] = note;
        }
        ids = new NoteId[](count);
        for (uint256 i = 0; i < count; ++i) ids[i] = found[i];
    }
}
