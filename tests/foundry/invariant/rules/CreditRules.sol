// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { ICreditRegister } from "../../../../contracts/interfaces/ICreditRegister.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";

/// @notice Rules about lines, counts and claims, read from the chain.
abstract contract CreditRules is World {
    mapping(PartyId => mapping(uint16 => uint256)) private _owes;
    mapping(PartyId => uint256) private _overdue;
    mapping(ReceivableId => uint256) private _backed;
    mapping(bytes32 invoice => uint256) private _taken;

    /// @notice I-5: used = what the debtor has outstanding in the currency; and overdue debts are counted.
    function invariant_I05_creditLine() internal {
        for (uint40 i = 1; i <= notes.receivableCount(); ++i) {
            IReceivableNotes.Receivable memory r = notes.receivable(ReceivableId.wrap(i));
            _owes[r.debtor][r.currency] += r.outstanding;
            if (r.flags & ReceivableFlags.OVERDUE != 0) ++_overdue[r.debtor];
        }
        for (uint32 i = 1; i <= registry.partyCount(); ++i) {
            PartyId id = PartyId.wrap(i);
            vm.assertEq(credit.overdueCount(id), _overdue[id], "the overdue count is that of overdue debts");
            for (uint16 currency = 1; currency <= RAIL; ++currency) {
                ICreditRegister.Line memory l = credit.line(id, notes.currencyToken(currency));
                vm.assertEq(l.used, _owes[id][currency], "I-5: used is what is outstanding");
            }
        }
    }

    /// @notice I-6: every unit of a debt that stands is backed by a unit of an invoice that backs no other.
    function invariant_I06_oneClaim() internal {
        for (uint256 i = 0; i < claimsSeen.length; ++i) {
            ICreditRegister.Claim memory c = claimsSeen[i];
            uint96 part = credit.claimOf(c.fingerprint, c.notes, c.receivable);
            _backed[c.receivable] += part;
            _taken[c.fingerprint] += part;
        }
        for (uint40 i = 1; i <= notes.receivableCount(); ++i) {
            ReceivableId id = ReceivableId.wrap(i);
            bool cancelled = notes.isCancelled(id);
            vm.assertTrue(
                cancelled || _backed[id] == notes.receivable(id).faceValue,
                "I-6: a debt without its backing"
            );
        }
        for (uint256 i = 0; i < invoicesSeen.length; ++i) {
            (uint96 amount, uint96 used) = credit.invoice(invoicesSeen[i]);
            vm.assertLe(_taken[invoicesSeen[i]], amount, "I-6: claimed beyond the invoice");
            vm.assertLe(_taken[invoicesSeen[i]], used, "I-6: claimed and not counted");
        }
    }
}
