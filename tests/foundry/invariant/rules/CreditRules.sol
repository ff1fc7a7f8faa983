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
            for (uint16 currency = 1; currency <= CURRENCIES; ++currency) {
                ICreditRegister.Line memory l = credit.line(id, notes.currencyToken(currency));
                vm.assertEq(l.used, _owes[id][currency], "I-5: used is what is outstanding");
            }
        }
    }

    /// @notice I-6: a fingerprint stands under one receivable at most that is not cancelled.
    function invariant_I06_oneClaim() internal {
        for (uint256 i = 0; i < fingerprintsSeen.length; ++i) {
            ICreditRegister.Claim memory c = credit.claimOf(fingerprintsSeen[i]);
            bytes32 latest = keccak256(abi.encode(claim_[fingerprintsSeen[i]]));
            vm.assertEq(keccak256(abi.encode(c)), latest, "I-6: the claim that was made");
            bool free = c.notes == address(0);
            vm.assertTrue(free || uint256(notes.receivableStatus(c.receivable)) != 0, "I-6: a claim of nothing");
        }
    }
}
