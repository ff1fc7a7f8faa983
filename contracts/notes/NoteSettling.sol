// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { NoteStore } from "./NoteStore.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { BusinessDay } from "../libraries/BusinessDay.sol";
import { Interest } from "../libraries/Interest.sol";
import { Day, NoteId, ReceivableId } from "../types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../types/NoteFlags.sol";
import { NoteWord } from "../types/NoteWord.sol";
import { OwedWord } from "../types/OwedWord.sol";

/// @notice How notes leave the world: paid whole, by shares of a round, or tendered; and the declaration that they were not.
abstract contract NoteSettling is NoteStore {
    /// @dev Consecutive notes that are settled together: of one receivable, and of one debtor (whose line is freed once
    /// for them all). The debtor is that of `owed`.
    struct Run {
        ReceivableId id;
        OwedWord owed;
        uint96 freed;
        uint96 lineFreed;
        uint8 round;
        Day asOf;
        bool inFull;
    }

    /// @dev All there is of a note. No value is as large: a face value of 2^96 - 1 minor units is beyond any ledger, and
    /// would be taken whole likewise.
    uint96 private constant WHOLE = type(uint96).max;
    uint8 private constant IN_FULL = ReceivableFlags.OVERDUE | ReceivableFlags.ROUND_UNFINISHED;

    // -- payment

    /// @inheritdoc IReceivableNotes
    function settle(
        NoteId[] calldata ids,
        uint96[] calldata parts,
        uint8 round,
        Day asOf
    ) external override onlyDesk returns (address token, Due[] memory dues) {
        if (ids.length == 0) revert EmptyBatch();
        dues = new Due[](ids.length);
        Run memory run;
        (run.round, run.asOf) = (round, asOf);
        for (uint256 i = 0; i < ids.length; ++i) {
            _settle(run, dues[i], ids[i], parts.length == 0 ? WHOLE : parts[i]);
        }
        _endRun(run);
        _endDebtor(run);
        if (run.inFull) _requireInFull(ids);
        token = currencyToken[run.owed.currency()];
    }

    /// @dev Takes what is due out of the note, or tenders it when an order keeps it from its payee.
    function _settle(Run memory run, Due memory d, NoteId id, uint96 part) private {
        NoteWord n = _known(id);
        if (n.receivable() != run.id) _beginRun(run, n.receivable());
        _due(d, id, n, run.owed, part == WHOLE ? n.value() : part, run.asOf);
        if (n.has(NoteFlags.RESERVED)) revert NotDue(id, NoteStatus.Reserved);
        if (run.round != 0) {
            if (n.round() == run.round) revert SharedAlready(id, run.round);
            n = n.withRound(run.round);
            emit NoteInRound(id, run.round);
        }
        _notes[id] =
            d.flags & NoteFlags.FROZEN != 0 ? _tender(id, n, run.owed.dueDay(), run.asOf) : _pay(run, d, id, n);
    }

    function _pay(Run memory run, Due memory d, NoteId id, NoteWord n) private returns (NoteWord) {
        uint96 principal = d.principal;
        n = n.withValue(n.value() - principal);
        if (n.value() == 0) n = n.set(NoteFlags.REPAID);
        if (n.has(NoteFlags.TENDERED)) tenderedValue[run.id] -= principal;
        run.freed += principal;
        emit NoteRepaid(id, run.id, d.payee, principal, d.interest);
        _emitMoved(id, NoteId.wrap(0), principal);
        return n;
    }

    function _beginRun(Run memory run, ReceivableId next) private {
        _endRun(run);
        OwedWord r = _owed[next];
        uint16 currency = run.owed.exists() ? run.owed.currency() : r.currency();
        if (r.currency() != currency) revert MixedCurrencies(currency, r.currency());
        if (r.debtor() != run.owed.debtor()) _endDebtor(run);
        if (run.round == 0) _requireNoRound(next, r);
        else if (r.round() != run.round || !r.has(ReceivableFlags.ROUND_OPEN)) revert RoundNotOpen(next);
        if (run.round == 0 && r.has(IN_FULL)) run.inFull = true;
        (run.id, run.owed) = (next, r);
    }

    function _endRun(Run memory run) private {
        OwedWord r = run.owed;
        if (run.freed == 0 && !r.has(ReceivableFlags.OVERDUE)) return;
        run.owed = _lower(run.id, r, run.freed);
        run.lineFreed += run.freed;
        run.freed = 0;
    }

    /// @dev Once overdue, or with a round left unfinished, paying some holders and not others is for rounds alone.
    function _requireInFull(NoteId[] calldata ids) private view {
        for (uint256 i = 0; i < ids.length; ++i) {
            ReceivableId id = _notes[ids[i]].receivable();
            OwedWord r = _owed[id];
            uint96 left = r.outstanding() - tenderedValue[id];
            if (left != 0 && r.has(IN_FULL)) revert PaidInPart(id, left);
        }
    }

    /// @dev Call it while `owed` is still a receivable of the debtor whose line is freed.
    function _endDebtor(Run memory run) private {
        if (run.lineFreed != 0) _freeLine(run.owed, run.lineFreed);
        run.lineFreed = 0;
    }

    function _due(Due memory d, NoteId id, NoteWord n, OwedWord r, uint96 part, Day asOf) private view {
        bool accepted = n.has(NoteFlags.ACCEPTED);
        if (n.value() == 0 || (!accepted && n.isRoot())) revert NotDue(id, _status(id));
        _requireWithin(id, part, n.value());
        (d.payee, d.flags, d.principal) = (n.holder(), n.flags(), part);
        if (!accepted) {
            NoteWord offeror = _notes[n.parent()];
            d.payee = offeror.holder();
            d.flags |= offeror.flags() & NoteFlags.FROZEN;
        }
        uint256 late = BusinessDay.daysBetween(r.dueDay(), n.has(NoteFlags.TENDERED) ? tenderDay[id] : asOf);
        // Cannot wrap: 96 bits of principal, and a factor below 2,400 bps x 65,536 days / (360 x 10,000) < 44.
        if (late != 0) d.interest = uint128(Interest.overdueDown(part, r.overdueRateBps(), late));
    }

    /// @inheritdoc IReceivableNotes
    function due(NoteId id) external view override returns (Due memory d) {
        NoteWord n = _known(id);
        _due(d, id, n, _owed[n.receivable()], n.value(), BusinessDay.today());
    }

    // -- tender

    /// @inheritdoc IReceivableNotes
    function restore(NoteId id, uint96 principal) external override onlyDesk {
        NoteWord n = _known(id);
        ReceivableId receivable_ = n.receivable();
        OwedWord r = _owed[receivable_];
        n = n.withValue(n.value() + principal).clear(NoteFlags.REPAID);
        emit NoteRestored(id, receivable_, principal);
        _emitMoved(NoteId.wrap(0), id, principal);
        if (n.has(NoteFlags.TENDERED)) tenderedValue[receivable_] += principal;
        _notes[id] = _tender(id, n, r.dueDay(), BusinessDay.today());
        _lower(receivable_, r.withOutstanding(r.outstanding() + principal), 0);
        credit.restore(r.debtor(), currencyToken[r.currency()], principal);
    }

    /// @dev Before the due day there is neither interest nor overdue to stop, and the note stays free to move.
    function _tender(NoteId id, NoteWord n, Day dueDay, Day asOf) private returns (NoteWord) {
        if (asOf < dueDay || n.has(NoteFlags.TENDERED)) return n;
        tenderDay[id] = asOf;
        tenderedValue[n.receivable()] += n.value();
        emit NoteTendered(id, n.receivable(), n.value(), asOf);
        return n.set(NoteFlags.TENDERED);
    }

    // -- the receivable as a whole

    /// @inheritdoc IReceivableNotes
    function setOverdue(ReceivableId id) external override onlyDesk {
        OwedWord r = _owed[id];
        _owed[id] = r.set(ReceivableFlags.OVERDUE);
        emit OverdueDeclared(id, r.debtor());
        credit.countOverdue(r.debtor());
    }

    /// @inheritdoc IReceivableNotes
    function setRound(ReceivableId id, uint8 round, bool open, bool finished) external override onlyDesk {
        OwedWord r = _owed[id].clear(ReceivableFlags.ROUND_OPEN | ReceivableFlags.ROUND_UNFINISHED).withRound(round);
        if (open) r = r.set(ReceivableFlags.ROUND_OPEN);
        else if (!finished) r = r.set(ReceivableFlags.ROUND_UNFINISHED);
        _owed[id] = r;
        emit RoundMarked(id, round, r.flags());
    }
}
