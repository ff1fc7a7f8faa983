// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "./PartyContext.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { Interest } from "./libraries/Interest.sol";
import { Day, NoteId, PartyId, ReceivableId } from "./types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IReceivableNotes}.
contract ReceivableNotes is IReceivableNotes, PartyContext {
    /// @dev A note to create by an offer.
    struct Offer {
        NoteId id;
        NoteId parent;
        ReceivableId receivable;
        PartyId offeror;
        PartyId holder;
        address holderAccount;
        uint96 value;
        uint8 tier;
        uint16 currency;
        Day dueDay;
        uint16 offerLifetimeDays;
        bytes32 tradeHash;
    }

    /// @dev Consecutive notes of one receivable (and one debtor) that are settled together.
    struct Run {
        ReceivableId id;
        Receivable receivable;
        uint96 freed;
    }

    /// @dev Any fact that closes an offer, for good or ill.
    uint16 private constant ANSWERED =
        NoteFlags.ACCEPTED | NoteFlags.REFUSED | NoteFlags.WITHDRAWN | NoteFlags.LAPSED | NoteFlags.REPAID;

    IParticipantRegistry public immutable registry;
    ICreditRegister public immutable credit;

    uint40 public override noteCount;
    uint40 public override receivableCount;
    uint16 private _currencyCount;
    bool public override isPaused;
    mapping(NoteId => Note) private _notes;
    mapping(ReceivableId => Receivable) private _receivables;
    mapping(uint256 receiverOfferorCurrency => Consent) private _consents;
    mapping(uint16 => address) public override currencyToken;
    mapping(address => uint16) public override currencyOf;
    mapping(address => bool) public override isDesk;

    modifier onlyDesk() {
        if (!isDesk[msg.sender]) revert NotDesk(msg.sender);
        _;
    }

    modifier whenNotPaused() {
        if (isPaused) revert ProtocolPaused();
        _;
    }

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        ICreditRegister credit_
    ) PartyContext(authority, forwarder) {
        registry = registry_;
        credit = credit_;
    }

    // -- parties' acts

    /// @inheritdoc IReceivableNotes
    function accept(NoteId[] calldata ids) external override {
        PartyId caller = _actor();
        Day today_ = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            Note memory n = _offered(id);
            if (n.holder != caller) revert NotHolder(id, n.holder, caller);
            if (today_ > n.lapseDay) revert OfferLapsed(id, n.lapseDay);
            _notes[id].flags = n.flags | NoteFlags.ACCEPTED;
            emit NoteAccepted(id);
        }
    }

    /// @inheritdoc IReceivableNotes
    function refuse(NoteId[] calldata ids) external override {
        PartyId caller = _actor();
        for (uint256 i = 0; i < ids.length; ++i) {
            Note memory n = _offered(ids[i]);
            if (n.holder != caller) revert NotHolder(ids[i], n.holder, caller);
            _giveBack(ids[i], n, NoteFlags.REFUSED);
        }
    }

    /// @inheritdoc IReceivableNotes
    function withdraw(NoteId[] calldata ids) external override {
        PartyId caller = _actor();
        for (uint256 i = 0; i < ids.length; ++i) {
            Note memory n = _offered(ids[i]);
            PartyId offeror = _isRoot(n) ? _receivables[n.receivable].debtor : _notes[n.parent].holder;
            if (offeror != caller) revert NotOfferor(ids[i], offeror, caller);
            _giveBack(ids[i], n, NoteFlags.WITHDRAWN);
        }
    }

    /// @inheritdoc IReceivableNotes
    function lapse(NoteId[] calldata ids) external override {
        Day today_ = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) {
            Note memory n = _offered(ids[i]);
            if (today_ <= n.lapseDay) revert OfferNotLapsed(ids[i], n.lapseDay);
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

    /// @inheritdoc IReceivableNotes
    function declareOverdue(ReceivableId id) external override {
        Receivable memory r = _knownReceivable(id);
        if (r.flags & ReceivableFlags.OVERDUE != 0) revert AlreadyDeclared(id);
        Day today_ = BusinessDay.today();
        Day lastGraceDay = Day.wrap(Day.unwrap(r.dueDay) + r.graceDays);
        // An unaccepted root is owed to nobody: its debtor cannot pay it, and anyone may let it lapse.
        bool owed = r.outstanding != 0 && _notes[r.root].flags & NoteFlags.ACCEPTED != 0;
        if (!owed || today_ <= lastGraceDay) revert NotOverdue(id, today_, lastGraceDay);
        _receivables[id].flags = r.flags | ReceivableFlags.OVERDUE;
        emit OverdueDeclared(id, r.debtor);
        credit.countOverdue(r.debtor);
    }

    // -- desks' acts

    /// @inheritdoc IReceivableNotes
    function issue(
        PartyId debtor,
        uint16 currency,
        Conditions calldata conditions,
        Debt[] calldata debts
    ) external override onlyDesk whenNotPaused returns (ReceivableId first, address token) {
        token = _token(currency);
        uint40 receivables = receivableCount;
        uint40 notes = noteCount;
        receivableCount = receivables + uint40(debts.length);
        noteCount = notes + uint40(debts.length);
        first = ReceivableId.wrap(receivables + 1);
        for (uint256 i = 0; i < debts.length; ++i) {
            _issue(debtor, currency, conditions, debts[i], ReceivableId.wrap(++receivables), NoteId.wrap(++notes));
        }
    }

    /// @inheritdoc IReceivableNotes
    function assign(
        NoteId id,
        PartyId seller,
        PartyId buyer,
        address buyerAccount,
        uint96 amount,
        bytes32 registryReference
    ) external override onlyDesk whenNotPaused returns (NoteId child, address token, Day dueDay) {
        Note memory n = _held(id, seller);
        Receivable memory r = _load(n.receivable);
        dueDay = r.dueDay;
        token = currencyToken[r.currency];
        if (BusinessDay.today() >= dueDay) revert NotBeforeDueDay(id, dueDay);
        credit.requireNotOverdue(r.debtor);
        _checkPortion(id, amount, r.minChildValue);
        _notes[id].value = _remainder(id, n.value, amount, r.minChildValue);
        if (buyer == r.debtor) {
            _extinguish(id, n.receivable, amount);
            _free(n.receivable, r, amount);
        } else {
            if (r.flags & ReceivableFlags.REGISTRY_REQUIRED != 0 && registryReference == 0) {
                revert RegistryReferenceMissing(id);
            }
            child = NoteId.wrap(++noteCount);
            uint16 flags = NoteFlags.ACCEPTED | NoteFlags.FINANCED;
            _store(child, Note(amount, id, n.receivable, buyer, n.tier, flags, Day.wrap(0)));
            emit NoteAssigned(child, id, buyer, n.receivable, amount, n.tier);
            _emitCreation(child, id, buyerAccount, amount);
        }
    }

    /// @inheritdoc IReceivableNotes
    function settle(NoteId[] calldata ids) external override onlyDesk returns (address token, Due[] memory dues) {
        if (ids.length == 0) revert EmptyBatch();
        dues = new Due[](ids.length);
        Run memory run;
        uint16 currency;
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            Note memory n = _known(id);
            if (n.receivable != run.id) {
                _endRun(run);
                run.id = n.receivable;
                run.receivable = _load(n.receivable);
                if (i == 0) currency = run.receivable.currency;
                else if (run.receivable.currency != currency) revert MixedCurrencies(currency, run.receivable.currency);
            }
            Due memory d = _due(id, n, run.receivable);
            dues[i] = d;
            run.freed += d.principal;
            n.value = 0;
            n.flags |= NoteFlags.REPAID;
            _store(id, n);
            emit NoteRepaid(id, n.receivable, d.payee, d.principal, d.interest);
            emit TransferValue(NoteId.unwrap(id), 0, d.principal);
        }
        _endRun(run);
        token = currencyToken[currency];
    }

    // -- administration

    /// @inheritdoc IReceivableNotes
    function allowCurrency(address token) external override restricted returns (uint16 currency) {
        if (token.code.length == 0) revert InvalidToken(token);
        if (currencyOf[token] != 0) revert CurrencyAlreadyAllowed(token, currencyOf[token]);
        currency = ++_currencyCount;
        currencyToken[currency] = token;
        currencyOf[token] = currency;
        emit CurrencyAllowed(currency, token);
    }

    /// @inheritdoc IReceivableNotes
    function setDesk(address desk, bool allowed) external override restricted {
        isDesk[desk] = allowed;
        emit DeskSet(desk, allowed);
    }

    /// @inheritdoc IReceivableNotes
    function setPaused(bool paused_) external override restricted {
        isPaused = paused_;
        emit Paused(paused_);
    }

    // -- reading

    /// @inheritdoc IReceivableNotes
    function due(NoteId id) external view override returns (Due memory) {
        Note memory n = _known(id);
        return _due(id, n, _load(n.receivable));
    }

    /// @inheritdoc IReceivableNotes
    function note(NoteId id) external view override returns (Note memory) {
        return _loadNote(id);
    }

    /// @inheritdoc IReceivableNotes
    function noteStatus(NoteId id) external view override returns (NoteStatus) {
        return _status(_loadNote(id));
    }

    /// @inheritdoc IReceivableNotes
    function receivable(ReceivableId id) external view override returns (Receivable memory) {
        return _load(id);
    }

    /// @inheritdoc IReceivableNotes
    function receivableStatus(ReceivableId id) external view override returns (ReceivableStatus) {
        Receivable memory r = _load(id);
        if (r.faceValue == 0) return ReceivableStatus.None;
        if (r.flags & ReceivableFlags.CANCELLED != 0) return ReceivableStatus.Cancelled;
        if (r.outstanding == 0) return ReceivableStatus.Settled;
        return r.flags & ReceivableFlags.OVERDUE != 0 ? ReceivableStatus.Overdue : ReceivableStatus.Outstanding;
    }

    /// @inheritdoc IReceivableNotes
    function isCancelled(ReceivableId id) external view override returns (bool) {
        return _receivables[id].flags & ReceivableFlags.CANCELLED != 0;
    }

    /// @inheritdoc IReceivableNotes
    function consent(
        PartyId receiver,
        PartyId offeror,
        uint16 currency
    ) external view override returns (Consent memory) {
        return _consents[_consentKey(receiver, offeror, currency)];
    }

    /// @inheritdoc IReceivableNotes
    function today() external view override returns (Day) {
        return BusinessDay.today();
    }

    /// @inheritdoc IReceivableNotes
    function ownerOf(uint256 tokenId) external view override returns (address) {
        PartyId[] memory holder = new PartyId[](1);
        holder[0] = _known(_noteId(tokenId)).holder;
        return registry.settlementAccounts(holder)[0];
    }

    /// @inheritdoc IReceivableNotes
    function balanceOf(uint256 tokenId) external view override returns (uint256) {
        return _known(_noteId(tokenId)).value;
    }

    /// @inheritdoc IReceivableNotes
    function slotOf(uint256 tokenId) external view override returns (uint256) {
        return ReceivableId.unwrap(_known(_noteId(tokenId)).receivable);
    }

    // -- issuing

    function _issue(
        PartyId debtor,
        uint16 currency,
        Conditions calldata c,
        Debt calldata d,
        ReceivableId id,
        NoteId root
    ) private {
        if (d.faceValue == 0) revert ZeroAmount();
        Receivable memory r;
        r.debtor = debtor;
        r.faceValue = d.faceValue;
        r.outstanding = d.faceValue;
        r.dueDay = d.dueDay;
        r.currency = currency;
        r.root = root;
        r.tierLimit = c.tierLimit;
        r.graceDays = c.graceDays;
        r.overdueRateBps = c.overdueRateBps;
        r.offerLifetimeDays = c.offerLifetimeDays;
        r.minChildValue = c.minChildValue;
        r.deliveryDay = d.deliveryDay;
        r.confirmedDay = BusinessDay.today();
        r.flags = d.flags;
        _receivables[id] = r;
        emit ReceivableConfirmed(id, debtor, root, _terms(r, c.policy, d.evidenceHash));
        _offer(
            Offer({
                id: root,
                parent: NoteId.wrap(0),
                receivable: id,
                offeror: debtor,
                holder: d.creditor,
                holderAccount: d.creditorAccount,
                value: d.faceValue,
                tier: 1,
                currency: currency,
                dueDay: d.dueDay,
                offerLifetimeDays: c.offerLifetimeDays,
                tradeHash: d.evidenceHash
            })
        );
    }

    function _terms(Receivable memory r, uint32 policy, bytes32 evidenceHash) private pure returns (Terms memory) {
        return
            Terms({
                faceValue: r.faceValue,
                currency: r.currency,
                deliveryDay: r.deliveryDay,
                dueDay: r.dueDay,
                confirmedDay: r.confirmedDay,
                policy: policy,
                flags: r.flags,
                evidenceHash: evidenceHash
            });
    }

    // -- passing value on

    function _split(PartyId holder, Split calldata s, uint40 last) private returns (uint40) {
        Note memory n = _held(s.note, holder);
        if (n.flags & NoteFlags.FINANCED != 0) revert FinancedNote(s.note);
        if (s.portions.length == 0) revert EmptyBatch();
        Receivable memory r = _load(n.receivable);
        if (BusinessDay.today() >= r.dueDay) revert NotBeforeDueDay(s.note, r.dueDay);
        address[] memory accounts = registry.requireActive(_receivers(s.portions), Roles.SUPPLIER);
        _notes[s.note].value = _remainder(s.note, n.value, _sum(s.portions), r.minChildValue);

        uint96 extinguished;
        for (uint256 i = 0; i < s.portions.length; ++i) {
            Portion calldata p = s.portions[i];
            _checkPortion(s.note, p.amount, r.minChildValue);
            if (p.tradeHash == 0) revert TradeHashMissing(s.note);
            if (p.to == holder) revert SelfTransfer(s.note, holder);
            if (p.to == r.debtor) {
                _extinguish(s.note, n.receivable, p.amount);
                extinguished += p.amount;
                continue;
            }
            if (n.tier >= r.tierLimit) revert TierLimitReached(s.note, n.tier, r.tierLimit);
            _offer(
                Offer({
                    id: NoteId.wrap(++last),
                    parent: s.note,
                    receivable: n.receivable,
                    offeror: holder,
                    holder: p.to,
                    holderAccount: accounts[i],
                    value: p.amount,
                    tier: n.tier + 1,
                    currency: r.currency,
                    dueDay: r.dueDay,
                    offerLifetimeDays: r.offerLifetimeDays,
                    tradeHash: p.tradeHash
                })
            );
        }
        if (extinguished != 0) _free(n.receivable, r, extinguished);
        return last;
    }

    /// @dev Creates the note; a standing consent accepts it at once.
    function _offer(Offer memory o) private {
        Day today_ = BusinessDay.today();
        Day lapseDay;
        uint16 flags;
        if (_useConsent(o, today_)) {
            flags = NoteFlags.ACCEPTED;
        } else {
            uint256 lifetimeEnd = uint256(Day.unwrap(today_)) + o.offerLifetimeDays;
            lapseDay = lifetimeEnd < Day.unwrap(o.dueDay) ? Day.wrap(uint16(lifetimeEnd)) : o.dueDay;
        }
        _store(o.id, Note(o.value, o.parent, o.receivable, o.holder, o.tier, flags, lapseDay));
        emit NoteOffered(o.id, o.parent, o.holder, o.receivable, o.value, o.tier, lapseDay, o.tradeHash);
        _emitCreation(o.id, o.parent, o.holderAccount, o.value);
    }

    function _useConsent(Offer memory o, Day today_) private returns (bool) {
        Consent storage stored = _consents[_consentKey(o.holder, o.offeror, o.currency)];
        Consent memory c = stored;
        if (c.amount < o.value || c.latestDueDay < o.dueDay || c.expiryDay < today_) return false;
        stored.amount = c.amount - o.value;
        return true;
    }

    /// @dev Value of an unanswered offer goes back to where it came from; of a root, the debt is off.
    function _giveBack(NoteId id, Note memory n, uint16 flag) private {
        uint96 value = n.value;
        n.value = 0;
        n.flags |= flag;
        _store(id, n);
        emit NoteReturned(id, n.parent, value, flag);
        emit TransferValue(NoteId.unwrap(id), NoteId.unwrap(n.parent), value);
        if (_isRoot(n)) {
            Receivable memory r = _load(n.receivable);
            r.flags |= ReceivableFlags.CANCELLED;
            emit ReceivableCancelled(n.receivable, value);
            _free(n.receivable, r, value);
        } else {
            _notes[n.parent].value += value;
        }
    }

    function _extinguish(NoteId id, ReceivableId receivable_, uint96 amount) private {
        emit ValueExtinguished(id, receivable_, amount);
        emit TransferValue(NoteId.unwrap(id), 0, amount);
    }

    // -- settling

    function _endRun(Run memory run) private {
        if (run.freed == 0) return;
        _free(run.id, run.receivable, run.freed);
        run.freed = 0;
    }

    /// @dev The receivable owes less: stores `r` so, frees the line, and ends an overdue that is paid.
    function _free(ReceivableId id, Receivable memory r, uint96 amount) private {
        r.outstanding -= amount;
        bool ended = r.outstanding == 0 && r.flags & ReceivableFlags.OVERDUE != 0;
        _receivables[id].outstanding = r.outstanding;
        _receivables[id].flags = r.flags;
        credit.free(r.debtor, currencyToken[r.currency], amount);
        if (ended) credit.uncountOverdue(r.debtor);
    }

    function _due(NoteId id, Note memory n, Receivable memory r) private view returns (Due memory d) {
        bool accepted = n.flags & NoteFlags.ACCEPTED != 0;
        if (n.value == 0 || (!accepted && _isRoot(n))) revert NotDue(id, _status(n));
        d.payee = accepted ? n.holder : _notes[n.parent].holder;
        d.principal = n.value;
        uint256 late = BusinessDay.daysBetween(r.dueDay, BusinessDay.today());
        // Cannot wrap: 96 bits of principal, and a factor below 2,400 bps x 65,536 days / (360 x 10,000) < 44.
        if (late != 0) d.interest = uint128(Interest.overdueDown(n.value, r.overdueRateBps, late));
    }

    // -- small things

    function _emitCreation(NoteId id, NoteId parent, address account, uint96 value) private {
        emit Transfer(address(0), account, NoteId.unwrap(id));
        emit TransferValue(NoteId.unwrap(parent), NoteId.unwrap(id), value);
    }

    function _actor() private view returns (PartyId id) {
        (id, ) = registry.actor(_msgSender(), Rights.ACT, 0);
    }

    function _token(uint16 currency) private view returns (address token) {
        token = currencyToken[currency];
        if (token == address(0)) revert UnknownCurrency(currency);
    }

    function _load(ReceivableId id) private view returns (Receivable memory) {
        return _receivables[id];
    }

    function _loadNote(NoteId id) private view returns (Note memory) {
        return _notes[id];
    }

    function _store(NoteId id, Note memory n) private {
        _notes[id] = n;
    }

    function _known(NoteId id) private view returns (Note memory n) {
        n = _loadNote(id);
        if (PartyId.unwrap(n.holder) == 0) revert UnknownNote(id);
    }

    function _knownReceivable(ReceivableId id) private view returns (Receivable memory r) {
        r = _load(id);
        if (r.faceValue == 0) revert UnknownReceivable(id);
    }

    function _offered(NoteId id) private view returns (Note memory n) {
        n = _known(id);
        if (n.flags & ANSWERED != 0) revert NotOffered(id, _status(n));
    }

    function _held(NoteId id, PartyId party) private view returns (Note memory n) {
        n = _known(id);
        if (n.holder != party) revert NotHolder(id, n.holder, party);
        if (n.flags & NoteFlags.ACCEPTED == 0 || n.value == 0) revert NotHeld(id, _status(n));
    }

    function _status(Note memory n) private view returns (NoteStatus) {
        if (PartyId.unwrap(n.holder) == 0) return NoteStatus.None;
        if (n.flags & NoteFlags.REFUSED != 0) return NoteStatus.Refused;
        if (n.flags & NoteFlags.WITHDRAWN != 0) return NoteStatus.Withdrawn;
        if (n.flags & NoteFlags.LAPSED != 0) return NoteStatus.Lapsed;
        if (n.value == 0) return n.flags & NoteFlags.REPAID != 0 ? NoteStatus.Repaid : NoteStatus.Spent;
        if (n.flags & NoteFlags.ACCEPTED != 0) return NoteStatus.Held;
        return BusinessDay.today() > n.lapseDay ? NoteStatus.Lapsable : NoteStatus.Offered;
    }

    function _isRoot(Note memory n) private pure returns (bool) {
        return NoteId.unwrap(n.parent) == 0;
    }

    function _checkPortion(NoteId id, uint96 amount, uint64 minimum) private pure {
        if (amount == 0) revert ZeroAmount();
        if (amount < minimum) revert BelowMinimum(id, amount, minimum);
    }

    function _remainder(NoteId id, uint96 value, uint256 asked, uint64 minimum) private pure returns (uint96 rest) {
        if (asked > value) revert ValueExceeded(id, asked, value);
        rest = value - uint96(asked);
        if (rest != 0 && rest < minimum) revert BelowMinimum(id, rest, minimum);
    }

    function _sum(Portion[] calldata portions) private pure returns (uint256 total) {
        for (uint256 i = 0; i < portions.length; ++i) total += portions[i].amount;
    }

    function _receivers(Portion[] calldata portions) private pure returns (PartyId[] memory parties) {
        parties = new PartyId[](portions.length);
        for (uint256 i = 0; i < portions.length; ++i) parties[i] = portions[i].to;
    }

    function _consentKey(PartyId receiver, PartyId offeror, uint16 currency) private pure returns (uint256) {
        return (uint256(PartyId.unwrap(receiver)) << 48) | (uint256(PartyId.unwrap(offeror)) << 16) | uint256(currency);
    }

    function _noteId(uint256 tokenId) private pure returns (NoteId) {
        if (tokenId > type(uint40).max) revert UnknownNote(NoteId.wrap(0));
        return NoteId.wrap(uint40(tokenId));
    }
}
