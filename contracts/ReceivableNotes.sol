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
    /// @dev What a receivable's acts read and change. One slot.
    struct Owed {
        PartyId debtor;
        uint96 outstanding;
        Day dueDay;
        uint16 currency;
        uint8 flags;
        uint8 tierLimit;
        uint8 graceDays;
        uint16 overdueRateBps;
        uint16 offerLifetimeDays;
    }

    /// @dev What was agreed besides. One slot, which repayment need not read.
    struct Agreed {
        uint96 faceValue;
        uint64 minChildValue;
        NoteId root;
        Day deliveryDay;
        Day confirmedDay;
    }

    /// @dev Consecutive notes that are settled together: of one receivable, and of one debtor (whose line is freed once
    /// for them all). The debtor is that of `owed`.
    struct Run {
        ReceivableId id;
        Owed owed;
        uint96 freed;
        uint96 lineFreed;
    }

    /// @dev Any fact that closes an offer, for good or ill.
    uint16 private constant ANSWERED =
        NoteFlags.ACCEPTED | NoteFlags.REFUSED | NoteFlags.WITHDRAWN | NoteFlags.LAPSED | NoteFlags.REPAID;

    IParticipantRegistry public immutable registry;
    ICreditRegister public immutable credit;

    uint40 public override noteCount;
    uint40 public override receivableCount;
    bool public override isPaused;
    uint16 private _currencyCount;
    mapping(NoteId => Note) private _notes;
    mapping(ReceivableId => Owed) private _owed;
    mapping(ReceivableId => Agreed) private _agreed;
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
            Note storage n = _offeredTo(id, caller);
            if (today_ > n.lapseDay) revert OfferLapsed(id, n.lapseDay);
            n.flags |= NoteFlags.ACCEPTED;
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
            Note storage n = _offered(ids[i]);
            PartyId offeror = NoteId.unwrap(n.parent) == 0 ? _owed[n.receivable].debtor : _notes[n.parent].holder;
            if (offeror != caller) revert NotOfferor(ids[i], offeror, caller);
            _giveBack(ids[i], n, NoteFlags.WITHDRAWN);
        }
    }

    /// @inheritdoc IReceivableNotes
    function lapse(NoteId[] calldata ids) external override {
        Day today_ = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) {
            Note storage n = _offered(ids[i]);
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
        Owed storage r = _owed[id];
        if (PartyId.unwrap(r.debtor) == 0) revert UnknownReceivable(id);
        if (r.flags & ReceivableFlags.OVERDUE != 0) revert AlreadyDeclared(id);
        Day today_ = BusinessDay.today();
        Day lastGraceDay = Day.wrap(Day.unwrap(r.dueDay) + r.graceDays);
        // An unaccepted root is owed to nobody: its debtor cannot pay it, and anyone may let it lapse.
        bool owed = r.outstanding != 0 && _notes[_agreed[id].root].flags & NoteFlags.ACCEPTED != 0;
        if (!owed || today_ <= lastGraceDay) revert NotOverdue(id, today_, lastGraceDay);
        r.flags |= ReceivableFlags.OVERDUE;
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
        (Owed memory o, Agreed memory a) = _shared(debtor, currency, conditions);
        for (uint256 i = 0; i < debts.length; ++i) {
            a.root = NoteId.wrap(++notes);
            _issue(ReceivableId.wrap(++receivables), o, a, conditions.policy, debts[i]);
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
        Note memory n = _load(id);
        _requireHeld(id, n, seller);
        Owed memory r = _loadOwed(n.receivable);
        dueDay = r.dueDay;
        token = currencyToken[r.currency];
        if (BusinessDay.today() >= dueDay) revert NotBeforeDueDay(id, dueDay);
        credit.requireNotOverdue(r.debtor);
        {
            uint64 minimum = _agreed[n.receivable].minChildValue;
            _checkPortion(id, amount, minimum);
            _notes[id].value = _remainder(id, n.value, amount, minimum);
        }
        if (buyer == r.debtor) {
            _extinguish(id, n.receivable, amount);
            _free(n.receivable, r, amount);
        } else {
            if (r.flags & ReceivableFlags.REGISTRY_REQUIRED != 0 && registryReference == 0) {
                revert RegistryReferenceMissing(id);
            }
            child = NoteId.wrap(++noteCount);
            emit NoteAssigned(child, id, buyer, n.receivable, amount, n.tier);
            (n.value, n.parent, n.holder, n.flags) = (amount, id, buyer, NoteFlags.ACCEPTED | NoteFlags.FINANCED);
            n.lapseDay = Day.wrap(0);
            _store(child, n);
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
            Note memory n = _load(id);
            _requireKnown(id, n.holder);
            if (n.receivable != run.id) {
                _endRun(run);
                Owed memory r = _loadOwed(n.receivable);
                if (r.debtor != run.owed.debtor) _endDebtor(run);
                (run.id, run.owed) = (n.receivable, r);
                if (i == 0) currency = r.currency;
                else if (r.currency != currency) revert MixedCurrencies(currency, r.currency);
            }
            Due memory d = dues[i];
            _due(d, id, n, run.owed);
            run.freed += d.principal;
            _close(_notes[id], NoteFlags.REPAID);
            emit NoteRepaid(id, n.receivable, d.payee, d.principal, d.interest);
            emit TransferValue(NoteId.unwrap(id), 0, d.principal);
        }
        _endRun(run);
        _endDebtor(run);
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
        Due memory d;
        Note memory n = _load(id);
        _requireKnown(id, n.holder);
        _due(d, id, n, _loadOwed(n.receivable));
        return d;
    }

    /// @inheritdoc IReceivableNotes
    function note(NoteId id) external view override returns (Note memory) {
        return _load(id);
    }

    /// @inheritdoc IReceivableNotes
    function noteStatus(NoteId id) external view override returns (NoteStatus) {
        return _status(id);
    }

    /// @inheritdoc IReceivableNotes
    function receivable(ReceivableId id) external view override returns (Receivable memory) {
        Owed memory o = _loadOwed(id);
        Agreed memory a = _agreed[id];
        return
            Receivable({
                debtor: o.debtor,
                faceValue: a.faceValue,
                outstanding: o.outstanding,
                dueDay: o.dueDay,
                currency: o.currency,
                root: a.root,
                tierLimit: o.tierLimit,
                graceDays: o.graceDays,
                overdueRateBps: o.overdueRateBps,
                offerLifetimeDays: o.offerLifetimeDays,
                minChildValue: a.minChildValue,
                deliveryDay: a.deliveryDay,
                confirmedDay: a.confirmedDay,
                flags: o.flags
            });
    }

    /// @inheritdoc IReceivableNotes
    function receivableStatus(ReceivableId id) external view override returns (ReceivableStatus) {
        Owed storage r = _owed[id];
        if (PartyId.unwrap(r.debtor) == 0) return ReceivableStatus.None;
        if (r.flags & ReceivableFlags.CANCELLED != 0) return ReceivableStatus.Cancelled;
        if (r.outstanding == 0) return ReceivableStatus.Settled;
        return r.flags & ReceivableFlags.OVERDUE != 0 ? ReceivableStatus.Overdue : ReceivableStatus.Outstanding;
    }

    /// @inheritdoc IReceivableNotes
    function isCancelled(ReceivableId id) external view override returns (bool) {
        return _owed[id].flags & ReceivableFlags.CANCELLED != 0;
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

    /// @dev What all debts of one confirmation have in common.
    function _shared(
        PartyId debtor,
        uint16 currency,
        Conditions calldata c
    ) private view returns (Owed memory o, Agreed memory a) {
        o.debtor = debtor;
        o.currency = currency;
        o.tierLimit = c.tierLimit;
        o.graceDays = c.graceDays;
        o.overdueRateBps = c.overdueRateBps;
        o.offerLifetimeDays = c.offerLifetimeDays;
        a.minChildValue = c.minChildValue;
        a.confirmedDay = BusinessDay.today();
    }

    /// @param o What is shared; the rest is filled in here.
    /// @param a As `o`, and the root's id.
    function _issue(ReceivableId id, Owed memory o, Agreed memory a, uint32 policy, Debt memory d) private {
        if (d.faceValue == 0) revert ZeroAmount();
        (o.outstanding, o.dueDay, o.flags) = (d.faceValue, d.dueDay, d.flags);
        (a.faceValue, a.deliveryDay) = (d.faceValue, d.deliveryDay);
        _storeOwed(id, o);
        _storeAgreed(id, a);
        Terms memory terms = Terms({
            faceValue: d.faceValue,
            currency: o.currency,
            deliveryDay: d.deliveryDay,
            dueDay: d.dueDay,
            confirmedDay: a.confirmedDay,
            policy: policy,
            flags: d.flags,
            evidenceHash: d.evidenceHash
        });
        emit ReceivableConfirmed(id, o.debtor, a.root, terms);
        Note memory n = Note(d.faceValue, NoteId.wrap(0), id, d.creditor, 1, 0, Day.wrap(0));
        _offer(a.root, n, o.debtor, d.creditorAccount, o, d.evidenceHash);
    }

    // -- passing value on

    /// @return The id of the last note there is.
    function _split(PartyId holder, Split calldata s, uint40 last) private returns (uint40) {
        NoteId id = s.note;
        Note memory n = _load(id);
        _requireHeld(id, n, holder);
        if (n.flags & NoteFlags.FINANCED != 0) revert FinancedNote(id);
        Portion[] memory portions = s.portions;
        if (portions.length == 0) revert EmptyBatch();
        Owed memory r = _loadOwed(n.receivable);
        if (BusinessDay.today() >= r.dueDay) revert NotBeforeDueDay(id, r.dueDay);
        (address[] memory accounts, uint256 total) = _receivers(portions);
        return _passOn(id, n, r, portions, accounts, total, last);
    }

    /// @dev Lowers the note by `total` and creates a child for each receiver but the debtor.
    function _passOn(
        NoteId id,
        Note memory n,
        Owed memory r,
        Portion[] memory portions,
        address[] memory accounts,
        uint256 total,
        uint40 last
    ) private returns (uint40) {
        uint64 minimum = _agreed[n.receivable].minChildValue;
        _notes[id].value = _remainder(id, n.value, total, minimum);
        uint96 extinguished;
        for (uint256 i = 0; i < portions.length; ++i) {
            Portion memory p = portions[i];
            _checkPortion(id, p.amount, minimum);
            if (p.tradeHash == 0) revert TradeHashMissing(id);
            if (p.to == n.holder) revert SelfTransfer(id, p.to);
            if (p.to == r.debtor) {
                _extinguish(id, n.receivable, p.amount);
                extinguished += p.amount;
                continue;
            }
            if (n.tier >= r.tierLimit) revert TierLimitReached(id, n.tier, r.tierLimit);
            Note memory child = Note(p.amount, id, n.receivable, p.to, n.tier + 1, 0, Day.wrap(0));
            _offer(NoteId.wrap(++last), child, n.holder, accounts[i], r, p.tradeHash);
        }
        if (extinguished != 0) _free(n.receivable, r, extinguished);
        return last;
    }

    /// @dev Creates note `n`, still without flags and lapse day; a standing consent accepts it at once.
    function _offer(
        NoteId id,
        Note memory n,
        PartyId offeror,
        address holderAccount,
        Owed memory r,
        bytes32 tradeHash
    ) private {
        Day today_ = BusinessDay.today();
        if (_useConsent(n, offeror, r, today_)) {
            n.flags = NoteFlags.ACCEPTED;
        } else {
            uint256 lifetimeEnd = uint256(Day.unwrap(today_)) + r.offerLifetimeDays;
            n.lapseDay = lifetimeEnd < Day.unwrap(r.dueDay) ? Day.wrap(uint16(lifetimeEnd)) : r.dueDay;
        }
        _store(id, n);
        emit NoteOffered(id, n.parent, n.holder, n.receivable, n.value, n.tier, n.lapseDay, tradeHash);
        _emitCreation(id, n.parent, holderAccount, n.value);
    }

    function _useConsent(Note memory n, PartyId offeror, Owed memory r, Day today_) private returns (bool) {
        Consent storage c = _consents[_consentKey(n.holder, offeror, r.currency)];
        uint96 amount = c.amount;
        if (amount < n.value || c.latestDueDay < r.dueDay || c.expiryDay < today_) return false;
        c.amount = amount - n.value;
        return true;
    }

    /// @dev Value of an unanswered offer goes back to where it came from; of a root, the debt is off.
    function _giveBack(NoteId id, Note storage n, uint16 flag) private {
        uint96 value = n.value;
        NoteId parent = n.parent;
        _close(n, flag);
        emit NoteReturned(id, parent, value, flag);
        emit TransferValue(NoteId.unwrap(id), NoteId.unwrap(parent), value);
        if (NoteId.unwrap(parent) == 0) {
            ReceivableId id_ = n.receivable;
            _owed[id_].flags |= ReceivableFlags.CANCELLED;
            emit ReceivableCancelled(id_, value);
            _free(id_, _loadOwed(id_), value);
        } else {
            _notes[parent].value += value;
        }
    }

    function _extinguish(NoteId id, ReceivableId receivable_, uint96 amount) private {
        emit ValueExtinguished(id, receivable_, amount);
        emit TransferValue(NoteId.unwrap(id), 0, amount);
    }

    // -- settling

    function _endRun(Run memory run) private {
        if (run.freed == 0) return;
        _lower(run.id, run.owed, run.freed);
        run.lineFreed += run.freed;
        run.freed = 0;
    }

    /// @dev Call it while `owed` is still a receivable of the debtor whose line is freed.
    function _endDebtor(Run memory run) private {
        if (run.lineFreed != 0) _freeLine(run.owed, run.lineFreed);
        run.lineFreed = 0;
    }

    function _free(ReceivableId id, Owed memory r, uint96 amount) private {
        _lower(id, r, amount);
        _freeLine(r, amount);
    }

    function _freeLine(Owed memory r, uint96 amount) private {
        credit.free(r.debtor, currencyToken[r.currency], amount);
    }

    /// @dev The receivable owes less, which ends an overdue that is paid. The line is the caller's to free.
    function _lower(ReceivableId id, Owed memory r, uint96 amount) private {
        r.outstanding -= amount;
        _owed[id].outstanding = r.outstanding;
        if (r.outstanding == 0 && r.flags & ReceivableFlags.OVERDUE != 0) credit.uncountOverdue(r.debtor);
    }

    function _due(Due memory d, NoteId id, Note memory n, Owed memory r) private view {
        bool accepted = n.flags & NoteFlags.ACCEPTED != 0;
        if (n.value == 0 || (!accepted && NoteId.unwrap(n.parent) == 0)) revert NotDue(id, _status(id));
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

    // Storage and memory meet in small functions: there the optimizer reads or writes the slot once.

    function _load(NoteId id) private view returns (Note memory) {
        return _notes[id];
    }

    function _store(NoteId id, Note memory n) private {
        _notes[id] = n;
    }

    function _loadOwed(ReceivableId id) private view returns (Owed memory) {
        return _owed[id];
    }

    function _storeOwed(ReceivableId id, Owed memory o) private {
        _owed[id] = o;
    }

    function _storeAgreed(ReceivableId id, Agreed memory a) private {
        _agreed[id] = a;
    }

    function _close(Note storage n, uint16 flag) private {
        n.value = 0;
        n.flags |= flag;
    }

    function _known(NoteId id) private view returns (Note storage n) {
        n = _notes[id];
        _requireKnown(id, n.holder);
    }

    function _requireKnown(NoteId id, PartyId holder) private pure {
        if (PartyId.unwrap(holder) == 0) revert UnknownNote(id);
    }

    function _offered(NoteId id) private view returns (Note storage n) {
        n = _known(id);
        if (n.flags & ANSWERED != 0) revert NotOffered(id, _status(id));
    }

    function _offeredTo(NoteId id, PartyId party) private view returns (Note storage n) {
        n = _offered(id);
        if (n.holder != party) revert NotHolder(id, n.holder, party);
    }

    function _requireHeld(NoteId id, Note memory n, PartyId party) private view {
        _requireKnown(id, n.holder);
        if (n.holder != party) revert NotHolder(id, n.holder, party);
        if (n.flags & NoteFlags.ACCEPTED == 0 || n.value == 0) revert NotHeld(id, _status(id));
    }

    function _status(NoteId id) private view returns (NoteStatus) {
        Note memory n = _load(id);
        if (PartyId.unwrap(n.holder) == 0) return NoteStatus.None;
        if (n.flags & NoteFlags.REFUSED != 0) return NoteStatus.Refused;
        if (n.flags & NoteFlags.WITHDRAWN != 0) return NoteStatus.Withdrawn;
        if (n.flags & NoteFlags.LAPSED != 0) return NoteStatus.Lapsed;
        if (n.value == 0) return n.flags & NoteFlags.REPAID != 0 ? NoteStatus.Repaid : NoteStatus.Spent;
        if (n.flags & NoteFlags.ACCEPTED != 0) return NoteStatus.Held;
        return BusinessDay.today() > n.lapseDay ? NoteStatus.Lapsable : NoteStatus.Offered;
    }

    function _checkPortion(NoteId id, uint96 amount, uint64 minimum) private pure {
        if (amount == 0) revert ZeroAmount();
        _checkMinimum(id, amount, minimum);
    }

    function _remainder(NoteId id, uint96 value, uint256 asked, uint64 minimum) private pure returns (uint96 rest) {
        if (asked > value) revert ValueExceeded(id, asked, value);
        rest = value - uint96(asked);
        if (rest != 0) _checkMinimum(id, rest, minimum);
    }

    function _checkMinimum(NoteId id, uint96 value, uint64 minimum) private pure {
        if (value < minimum) revert BelowMinimum(id, value, minimum);
    }

    /// @return accounts The receivers' settlement accounts; all are active suppliers.
    /// @return total What they get together.
    function _receivers(Portion[] memory portions) private view returns (address[] memory accounts, uint256 total) {
        PartyId[] memory parties = new PartyId[](portions.length);
        for (uint256 i = 0; i < portions.length; ++i) {
            parties[i] = portions[i].to;
            total += portions[i].amount;
        }
        accounts = registry.requireActive(parties, Roles.SUPPLIER);
    }

    function _consentKey(PartyId receiver, PartyId offeror, uint16 currency) private pure returns (uint256) {
        return (uint256(PartyId.unwrap(receiver)) << 48) | (uint256(PartyId.unwrap(offeror)) << 16) | uint256(currency);
    }

    function _noteId(uint256 tokenId) private pure returns (NoteId) {
        if (tokenId > type(uint40).max) revert UnknownNote(NoteId.wrap(0));
        return NoteId.wrap(uint40(tokenId));
    }
}
