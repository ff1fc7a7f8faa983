// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { World } from "../World.sol";
import { vm } from "../../base/Vm.sol";
import { IReceivableNotes } from "../../../../contracts/interfaces/IReceivableNotes.sol";
import { NoteId, PartyId, ReceivableId } from "../../../../contracts/types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../../../../contracts/types/NoteFlags.sol";

/// @notice Rules about value and lineage, read from the chain.
abstract contract ValueRules is World {
    /// @notice I-1: face value = the notes' values + repaid + extinguished + cancelled.
    function invariant_I01_conservation() internal {
        for (uint40 i = 1; i <= notes.receivableCount(); ++i) {
            ReceivableId id = ReceivableId.wrap(i);
            IReceivableNotes.Receivable memory r = notes.receivable(id);
            NoteId[] storage list = notesOf_[id];
            uint256 sum;
            for (uint256 j = 0; j < list.length; ++j) sum += notes.note(list[j]).value;
            Gone memory gone = gone_[id];
            vm.assertEq(sum, r.outstanding, "I-1: outstanding is the sum of the notes");
            uint256 all = sum + gone.repaid + gone.extinguished + gone.cancelled;
            vm.assertEq(all, r.faceValue, "I-1: face value is all there is and was");
            bool cancelled = r.flags & ReceivableFlags.CANCELLED != 0;
            vm.assertTrue(gone.cancelled == 0 ? !cancelled : cancelled && sum == 0, "I-1: cancelled as a whole");
        }
    }

    /// @notice I-3: every note reaches its root; one receivable; a tier more by each supplier hop, within the limit.
    function invariant_I03_lineage() internal {
        for (uint40 i = 1; i <= notes.noteCount(); ++i) {
            IReceivableNotes.Note memory n = notes.note(NoteId.wrap(i));
            IReceivableNotes.Receivable memory r = notes.receivable(n.receivable);
            if (NoteId.unwrap(n.parent) == 0) {
                vm.assertTrue(NoteId.unwrap(r.root) == i && n.tier == 1, "I-3: a root of its receivable");
                continue;
            }
            // A parent is older than its child, so whoever follows parents arrives.
            vm.assertTrue(NoteId.unwrap(n.parent) < i, "I-3: a parent younger than its child");
            IReceivableNotes.Note memory parent = notes.note(n.parent);
            vm.assertTrue(parent.receivable == n.receivable, "I-3: a parent of another debt");
            // Sold, given by an order, or come back: none of these is a supplier hop.
            bool sold = n.flags & (NoteFlags.FINANCED | NoteFlags.REASSIGNED | NoteFlags.RETURNED) != 0;
            vm.assertEq(n.tier, sold ? parent.tier : parent.tier + 1, "I-3: a tier more by each supplier hop");
            vm.assertLe(n.tier, r.tierLimit, "I-3: a tier beyond the limit");
            vm.assertTrue(sold || parent.flags & NoteFlags.FINANCED == 0, "I-3: a bought note was split");
        }
    }

    /// @notice I-4: holder, parent, receivable and tier never change.
    function invariant_I04_holderForLife() internal {
        for (uint40 i = 1; i <= notes.noteCount(); ++i) {
            NoteId id = NoteId.wrap(i);
            vm.assertEq(_identity(id), birth[id], "I-4: a note changed what it is");
            PartyId holder = notes.note(id).holder;
            vm.assertEq(notes.ownerOf(i), registry.party(holder).settlementAccount, "I-4: owner");
        }
    }

    /// @notice Status is what facts and clock give, on every note and debt.
    function invariant_statusIsDerived() internal {
        for (uint40 i = 0; i <= notes.noteCount() + 1; ++i) {
            NoteId id = NoteId.wrap(i);
            vm.assertEq(uint256(notes.noteStatus(id)), uint256(_statusOf(id)), "status of a note");
        }
        for (uint40 i = 0; i <= notes.receivableCount() + 1; ++i) {
            ReceivableId id = ReceivableId.wrap(i);
            vm.assertEq(uint256(notes.receivableStatus(id)), uint256(_receivableStatusOf(id)), "status of a debt");
            vm.assertTrue(
                notes.isCancelled(id) == (_receivableStatusOf(id) == IReceivableNotes.ReceivableStatus.Cancelled),
                "cancelled"
            );
        }
    }
}
