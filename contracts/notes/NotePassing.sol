// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { NoteOffers } from "./NoteOffers.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../types/NoteFlags.sol";
import { NoteWord, NoteWords } from "../types/NoteWord.sol";
import { OwedWord, OwedWords } from "../types/OwedWord.sol";
import { Roles } from "../types/Roles.sol";

/// @notice How notes come into being: by confirmation, by a split, by a sale, by an order or a recourse.
abstract contract NotePassing is NoteOffers {
    // -- by confirmation

    /// @inheritdoc IReceivableNotes
    function issue(
        PartyId debtor,
        Conditions calldata conditions,
        Debt[] calldata debts
    ) external override onlyDesk whenNotPaused returns (ReceivableId first, address token) {
        token = _token(conditions.currency);
        uint40 receivables = receivableCount;
        uint40 notes = noteCount;
        receivableCount = receivables + uint40(debts.length);
        noteCount = notes + uint40(debts.length);
        first = ReceivableId.wrap(receivables + 1);
        OwedWord shared = OwedWords.create(
            debtor,
            conditions.currency,
            conditions.tierLimit,
            conditions.graceDays,
            conditions.overdueRateBps,
            conditions.offerLifetimeDays
        );
        for (uint256 i = 0; i < debts.length; ++i) {
            _issue(ReceivableId.wrap(++receivables), NoteId.wrap(++notes), shared, conditions.minChildValue, debts[i]);
        }
    }

    /// @param shared What all debts of the confirmation have in common.
    function _issue(ReceivableId id, NoteId root, OwedWord shared, uint64 minimum, Debt memory d) private {
        Terms memory t = d.terms;
        if (t.faceValue == 0) revert ZeroAmount();
        OwedWord r = shared.withDebt(t.faceValue, t.dueDay, t.flags);
        _owed[id] = r;
        _agree(id, Agreed(t.faceValue, minimum, root, t.deliveryDay, t.confirmedDay));
        emit ReceivableConfirmed(id, r.debtor(), root, t);
        NoteWord n = NoteWords.create(t.faceValue, NoteId.wrap(0), id, d.creditor, 1);
        _offer(root, n, r.debtor(), d.creditorAccount, r, t.evidenceHash);
    }

    /// @dev From memory and by itself: so the slot is written once, not field by field.
    function _agree(ReceivableId id, Agreed memory agreed) private {
        _agreed[id] = agreed;
    }

    // -- by a split

    /// @inheritdoc IReceivableNotes
    function split(Split[] calldata splits) external override whenNotPaused returns (NoteId first) {
        if (splits.length == 0) revert EmptyBatch();
        PartyId holder = _actor();
        uint40 before = noteCount;
        uint40 last = before;
        for (uint256 i = 0; i < splits.length; ++i) last = _split(holder, splits[i], last);
        if (last != before) {
            noteCount = last;
            first = NoteId.wrap(before + 1);
        }
    }

    /// @return The id of the last note there is.
    function _split(PartyId holder, Split calldata s, uint40 last) private returns (uint40) {
        NoteId id = s.note;
        NoteWord n = _movable(id, holder);
        if (n.has(NoteFlags.FINANCED)) revert FinancedNote(id);
        if (s.portions.length == 0) revert EmptyBatch();
        OwedWord r = _owed[n.receivable()];
        _requireTransferable(id, r.dueDay());
        (address[] memory accounts, uint256 total) = _receivers(s.portions);
        return _passOn(id, n, r, s.portions, accounts, total, last);
    }

    /// @dev Lowers the note by `total` and creates a child for each receiver but the debtor.
    function _passOn(
        NoteId id,
        NoteWord n,
        OwedWord r,
        Portion[] calldata portions,
        address[] memory accounts,
        uint256 total,
        uint40 last
    ) private returns (uint40) {
        uint64 minimum = _agreed[n.receivable()].minChildValue;
        _notes[id] = n.withValue(_remainder(id, n, total, minimum));
        uint96 extinguished;
        for (uint256 i = 0; i < accounts.length; ++i) {
            Portion calldata p = portions[i];
            _checkPortion(id, p.amount, minimum);
            if (p.tradeHash == 0) revert TradeHashMissing(id);
            if (p.to == n.holder()) revert SelfTransfer(id, p.to);
            if (p.to == r.debtor()) {
                _extinguish(id, n.receivable(), p.amount);
                extinguished += p.amount;
            } else {
                _offerChild(NoteId.wrap(++last), id, n, r, p, accounts[i]);
            }
        }
        if (extinguished != 0) _free(n.receivable(), r, extinguished);
        return last;
    }

    function _offerChild(NoteId child, NoteId id, NoteWord n, OwedWord r, Portion calldata p, address account) private {
        uint8 tier = n.tier();
        if (tier >= r.tierLimit()) revert TierLimitReached(id, tier, r.tierLimit());
        NoteWord c = NoteWords.create(p.amount, id, n.receivable(), p.to, tier + 1);
        _offer(child, c, n.holder(), account, r, p.tradeHash);
    }

    /// @return accounts The receivers' settlement accounts; all are active suppliers.
    /// @return total What they get together.
    function _receivers(Portion[] calldata portions) private view returns (address[] memory accounts, uint256 total) {
        PartyId[] memory parties = new PartyId[](portions.length);
        for (uint256 i = 0; i < portions.length; ++i) {
            parties[i] = portions[i].to;
            total += portions[i].amount;
        }
        accounts = registry.requireActive(parties, Roles.SUPPLIER);
    }

    // -- by a sale, an order or a recourse

    /// @inheritdoc IReceivableNotes
    function assign(
        NoteId id,
        PartyId seller,
        PartyId buyer,
        address buyerAccount,
        uint96 amount,
        bytes32 registryReference
    ) external override onlyDesk whenNotPaused returns (NoteId child, address token, Day dueDay) {
        NoteWord n = _movable(id, seller);
        OwedWord r = _owed[n.receivable()];
        _requireSaleable(id, r, buyer, registryReference);
        child = _deliver(id, n, r, _sold(id, n, amount), buyer, buyerAccount, NoteFlags.FINANCED);
        (token, dueDay) = (currencyToken[r.currency()], r.dueDay());
    }

    function _requireSaleable(NoteId id, OwedWord r, PartyId buyer, bytes32 registryReference) private view {
        _requireTransferable(id, r.dueDay());
        credit.requireNotOverdue(r.debtor());
        bool registered = registryReference != 0 || !r.has(ReceivableFlags.REGISTRY_REQUIRED);
        if (!registered && buyer != r.debtor()) revert RegistryReferenceMissing(id);
    }

    /// @return What a sale leaves.
    function _sold(NoteId id, NoteWord n, uint96 amount) private view returns (uint96) {
        uint64 minimum = _agreed[n.receivable()].minChildValue;
        _checkPortion(id, amount, minimum);
        return _remainder(id, n, amount, minimum);
    }

    /// @inheritdoc IReceivableNotes
    function convey(
        NoteId id,
        PartyId to,
        address toAccount,
        uint96 amount,
        uint16 flag
    ) external override onlyDesk returns (NoteId child, address token) {
        NoteWord n = _known(id);
        if (to == n.holder()) revert SelfTransfer(id, to);
        if (amount == 0) revert ZeroAmount();
        uint96 rest;
        if (flag == NoteFlags.REASSIGNED) {
            rest = _seized(id, n, amount);
        } else {
            _requireMovable(id, n);
            rest = _remainder(id, n, amount, 0);
        }
        OwedWord r = _owed[n.receivable()];
        _requireNoRound(n.receivable(), r);
        child = _deliver(id, n, r, rest, to, toAccount, flag | (n.flags() & (NoteFlags.FINANCED | NoteFlags.TENDERED)));
        token = currencyToken[r.currency()];
    }

    /// @return rest What an order leaves. It outranks a pledge: what it takes secures nothing any more.
    function _seized(NoteId id, NoteWord n, uint96 amount) private returns (uint96 rest) {
        if (!n.has(NoteFlags.FROZEN)) revert NoteNotFrozen(id);
        _requireWithin(id, amount, n.value());
        rest = n.value() - amount;
        if (n.has(NoteFlags.PLEDGED) && pledgedValue[id] > rest) _setPledged(id, rest);
    }

    /// @dev Lowers the note to `rest`; what leaves it becomes an accepted child of its tier, with its place in rounds and
    /// its day of tender. What reaches the debtor is extinguished.
    function _deliver(
        NoteId id,
        NoteWord n,
        OwedWord r,
        uint96 rest,
        PartyId to,
        address toAccount,
        uint16 flags
    ) private returns (NoteId) {
        uint96 amount = n.value() - rest;
        _notes[id] = n.withValue(rest);
        if (to == r.debtor()) {
            if (n.has(NoteFlags.TENDERED)) tenderedValue[n.receivable()] -= amount;
            _extinguish(id, n.receivable(), amount);
            _free(n.receivable(), r, amount);
            return NoteId.wrap(0);
        }
        NoteWord child = NoteWords.create(amount, id, n.receivable(), to, n.tier());
        return _bear(child.set(flags | NoteFlags.ACCEPTED).withRound(n.round()), toAccount);
    }

    function _bear(NoteWord n, address account) private returns (NoteId id) {
        id = NoteId.wrap(++noteCount);
        NoteId parent = n.parent();
        _notes[id] = n;
        if (n.has(NoteFlags.TENDERED)) tenderDay[id] = tenderDay[parent];
        emit NoteAssigned(id, parent, n.holder(), n.receivable(), n.value(), n.tier(), n.flags());
        _emitCreation(id, parent, account, n.value());
    }
}
