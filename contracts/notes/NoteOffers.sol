// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { NoteStore } from "./NoteStore.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { BusinessDay } from "../libraries/BusinessDay.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../types/NoteFlags.sol";
import { NoteWord } from "../types/NoteWord.sol";
import { OwedWord } from "../types/OwedWord.sol";

/// @notice Offers: made, taken by their receivers or by their standing consent, or given back.
abstract contract NoteOffers is NoteStore {
    /// @inheritdoc IReceivableNotes
    function accept(NoteId[] calldata ids) external override {
        PartyId caller = _actor();
        Day today_ = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            NoteWord n = _offeredTo(id, caller);
            if (today_ > n.lapseDay()) revert OfferLapsed(id, n.lapseDay());
            if (!n.isRoot() && _notes[n.parent()].has(NoteFlags.FROZEN)) revert NoteFrozen(n.parent());
            _notes[id] = n.set(NoteFlags.ACCEPTED);
            emit NoteAccepted(id);
        }
    }

    /// @inheritdoc IReceivableNotes
    function refuse(NoteId[] calldata ids) external override {
        PartyId caller = _actor();
        for (uint256 i = 0; i < ids.length; ++i) {
            _giveBack(ids[i], _offeredTo(ids[i], caller), NoteFlags.REFUSED);
        }
    }

    /// @inheritdoc IReceivableNotes
    function withdraw(NoteId[] calldata ids) external override {
        PartyId caller = _actor();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteWord n = _offered(ids[i]);
            PartyId offeror = n.isRoot() ? _owed[n.receivable()].debtor() : _notes[n.parent()].holder();
            if (offeror != caller) revert NotOfferor(ids[i], offeror, caller);
            _giveBack(ids[i], n, NoteFlags.WITHDRAWN);
        }
    }

    /// @inheritdoc IReceivableNotes
    function lapse(NoteId[] calldata ids) external override {
        Day today_ = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteWord n = _offered(ids[i]);
            if (today_ <= n.lapseDay()) revert OfferNotLapsed(ids[i], n.lapseDay());
            _giveBack(ids[i], n, NoteFlags.LAPSED);
        }
    }

    /// @inheritdoc IReceivableNotes
    function setConsent(
        PartyId offeror,
        uint16 currency,
        uint96 amount,
        Day latestDueDay,
        Day expiryDay
    ) external override {
        PartyId receiver = _actor();
        _token(currency);
        _consents[_consentKey(receiver, offeror, currency)] = Consent(amount, latestDueDay, expiryDay);
        emit ConsentSet(receiver, offeror, currency, amount, latestDueDay, expiryDay);
    }

    /// @inheritdoc IReceivableNotes
    function consent(
        PartyId receiver,
        PartyId offeror,
        uint16 currency
    ) external view override returns (Consent memory) {
        return _consents[_consentKey(receiver, offeror, currency)];
    }

    /// @dev Creates note `n`, still without flags and lapse day; a standing consent accepts it at once.
    function _offer(
        NoteId id,
        NoteWord n,
        PartyId offeror,
        address holderAccount,
        OwedWord r,
        bytes32 tradeHash
    ) internal {
        Day today_ = BusinessDay.today();
        Day dueDay = r.dueDay();
        if (_useConsent(n, offeror, r, today_)) {
            n = n.set(NoteFlags.ACCEPTED);
        } else {
            uint256 lifetimeEnd = uint256(Day.unwrap(today_)) + r.offerLifetimeDays();
            n = n.withLapseDay(lifetimeEnd < Day.unwrap(dueDay) ? Day.wrap(uint16(lifetimeEnd)) : dueDay);
        }
        _notes[id] = n;
        emit NoteOffered(id, n.parent(), n.holder(), n.receivable(), n.value(), n.tier(), n.lapseDay(), tradeHash);
        _emitCreation(id, n.parent(), holderAccount, n.value());
    }

    function _useConsent(NoteWord n, PartyId offeror, OwedWord r, Day today_) private returns (bool) {
        Consent storage c = _consents[_consentKey(n.holder(), offeror, r.currency())];
        uint96 amount = c.amount;
        if (amount < n.value() || c.latestDueDay < r.dueDay() || c.expiryDay < today_) return false;
        c.amount = amount - n.value();
        return true;
    }

    /// @dev Value of an unanswered offer goes back to where it came from; of a root, the debt is off. After the first pro
    /// rata round it stays where it is, and its offeror is paid for it: a round counts every note once.
    function _giveBack(NoteId id, NoteWord n, uint16 flag) private {
        ReceivableId id_ = n.receivable();
        OwedWord r = _owed[id_];
        if (r.round() != 0) revert RoundsBegun(id_);
        (uint96 value, NoteId parent) = (n.value(), n.parent());
        _notes[id] = n.withValue(0).set(flag);
        emit NoteReturned(id, parent, value, flag);
        _emitMoved(id, parent, value);
        if (n.isRoot()) {
            emit ReceivableCancelled(id_, value);
            _free(id_, r.set(ReceivableFlags.CANCELLED), value);
        } else {
            NoteWord p = _notes[parent];
            _notes[parent] = p.withValue(p.value() + value);
            if (p.has(NoteFlags.TENDERED)) tenderedValue[id_] += value;
        }
    }

    function _offeredTo(NoteId id, PartyId party) private view returns (NoteWord n) {
        n = _offered(id);
        if (n.holder() != party) revert NotHolder(id, n.holder(), party);
    }

    function _consentKey(PartyId receiver, PartyId offeror, uint16 currency) private pure returns (uint256) {
        return (uint256(PartyId.unwrap(receiver)) << 48) | (uint256(PartyId.unwrap(offeror)) << 16) | uint256(currency);
    }
}
