// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "../PartyContext.sol";
import { ICreditRegister } from "../interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "../interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { BusinessDay } from "../libraries/BusinessDay.sol";
import { Day, NoteId, PartyId, ReceivableId } from "../types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "../types/NoteFlags.sol";
import { NoteWord } from "../types/NoteWord.sol";
import { OwedWord } from "../types/OwedWord.sol";
import { Rights } from "../types/Roles.sol";

/// @notice What is stored of receivables and notes, what follows from it, and the few ways in which it is read and written.
abstract contract NoteStore is IReceivableNotes, PartyContext {
    /// @dev What was agreed of a receivable besides {OwedWord}. One slot, which repayment need not read.
    struct Agreed {
        uint96 faceValue;
        uint64 minChildValue;
        NoteId root;
        Day deliveryDay;
        Day confirmedDay;
    }

    /// @dev Any fact that closes an offer, for good or ill, or for as long as it stands.
    uint16 private constant NOT_OPEN =
        NoteFlags.ACCEPTED |
            NoteFlags.REFUSED |
            NoteFlags.WITHDRAWN |
            NoteFlags.LAPSED |
            NoteFlags.REPAID |
            NoteFlags.RESERVED |
            NoteFlags.TENDERED;

    IParticipantRegistry internal immutable registry;
    ICreditRegister internal immutable credit;

    uint40 public override noteCount;
    uint40 public override receivableCount;
    bool public override isPaused;
    mapping(NoteId => NoteWord) internal _notes;
    mapping(ReceivableId => OwedWord) internal _owed;
    mapping(ReceivableId => Agreed) internal _agreed;
    mapping(uint256 receiverOfferorCurrency => Consent) internal _consents;
    mapping(uint16 => address) public override currencyToken;
    mapping(address => bool) public override isDesk;
    mapping(NoteId => uint96) public override pledgedValue;
    mapping(NoteId => Day) public override tenderDay;
    mapping(ReceivableId => uint96) public override tenderedValue;

    modifier onlyDesk() {
        _checkDesk();
        _;
    }

    modifier whenNotPaused() {
        _checkNotPaused();
        _;
    }

    constructor(IParticipantRegistry registry_, ICreditRegister credit_) {
        registry = registry_;
        credit = credit_;
    }

    // -- who acts, in what

    function _checkDesk() private view {
        if (!isDesk[msg.sender]) revert NotDesk(msg.sender);
    }

    function _checkNotPaused() private view {
        if (isPaused) revert ProtocolPaused();
    }

    function _actor() internal view returns (PartyId id) {
        (id, ) = registry.actor(_msgSender(), Rights.ACT, 0);
    }

    function _token(uint16 currency) internal view returns (address token) {
        token = currencyToken[currency];
        if (token == address(0)) revert UnknownCurrency(currency);
    }

    // -- rules that several acts share

    function _known(NoteId id) internal view returns (NoteWord n) {
        n = _notes[id];
        if (!n.exists()) revert UnknownNote(id);
    }

    /// @dev Held, and neither reserved nor frozen. What is pledged of it does not move either, see {_remainder}.
    function _movable(NoteId id, PartyId party) internal view returns (NoteWord n) {
        n = _known(id);
        if (n.holder() != party) revert NotHolder(id, n.holder(), party);
        _requireMovable(id, n);
    }

    function _requireMovable(NoteId id, NoteWord n) internal view {
        uint16 marks = n.flags() & (NoteFlags.ACCEPTED | NoteFlags.RESERVED | NoteFlags.FROZEN);
        if (marks != NoteFlags.ACCEPTED || n.value() == 0) revert NotHeld(id, _status(id));
    }

    function _offered(NoteId id) internal view returns (NoteWord n) {
        n = _known(id);
        if (n.has(NOT_OPEN)) revert NotOffered(id, _status(id));
    }

    function _checkPortion(NoteId id, uint96 amount, uint64 minimum) internal pure {
        if (amount == 0) revert ZeroAmount();
        _checkMinimum(id, amount, minimum);
    }

    /// @return rest What stays when `asked` leaves the note: at least what is pledged, and nothing or the minimum.
    function _remainder(NoteId id, NoteWord n, uint256 asked, uint64 minimum) internal view returns (uint96 rest) {
        uint96 value = n.value();
        uint96 free = n.has(NoteFlags.PLEDGED) ? value - pledgedValue[id] : value;
        _requireWithin(id, asked, free);
        rest = value - uint96(asked);
        if (rest != 0) _checkMinimum(id, rest, minimum);
    }

    function _requireWithin(NoteId id, uint256 asked, uint96 available) internal pure {
        if (asked > available) revert ValueExceeded(id, asked, available);
    }

    function _checkMinimum(NoteId id, uint96 value, uint64 minimum) private pure {
        if (value < minimum) revert BelowMinimum(id, value, minimum);
    }

    function _requireNoRound(ReceivableId id, OwedWord r) internal pure {
        if (r.has(ReceivableFlags.ROUND_OPEN)) revert RoundOpen(id);
    }

    function _requireTransferable(NoteId id, Day dueDay) internal view {
        if (BusinessDay.today() >= dueDay) revert NotBeforeDueDay(id, dueDay);
    }

    /// @dev The order of the lines is the ranking: an order before a bank's reservation before a pledge.
    function _status(NoteId id) internal view returns (NoteStatus) {
        NoteWord n = _notes[id];
        if (!n.exists()) return NoteStatus.None;
        if (n.has(NoteFlags.REFUSED)) return NoteStatus.Refused;
        if (n.has(NoteFlags.WITHDRAWN)) return NoteStatus.Withdrawn;
        if (n.has(NoteFlags.LAPSED)) return NoteStatus.Lapsed;
        if (n.has(NoteFlags.FROZEN)) return NoteStatus.Frozen;
        if (n.value() == 0) return n.has(NoteFlags.REPAID) ? NoteStatus.Repaid : NoteStatus.Spent;
        if (n.has(NoteFlags.RESERVED)) return NoteStatus.Reserved;
        if (n.has(NoteFlags.PLEDGED)) return NoteStatus.Pledged;
        if (n.has(NoteFlags.ACCEPTED)) return NoteStatus.Held;
        return BusinessDay.today() > n.lapseDay() ? NoteStatus.Lapsable : NoteStatus.Offered;
    }

    function _setPledged(NoteId id, uint96 amount) internal {
        pledgedValue[id] = amount;
        emit NotePledged(id, amount);
    }

    // -- what is owed falls

    /// @dev The receivable owes less, which ends an overdue that is paid or tendered. The line is the caller's to free.
    /// @return The receivable as stored.
    function _lower(ReceivableId id, OwedWord r, uint96 amount) internal returns (OwedWord) {
        r = r.withOutstanding(r.outstanding() - amount);
        if (r.has(ReceivableFlags.OVERDUE) && r.outstanding() == tenderedValue[id]) {
            r = r.clear(ReceivableFlags.OVERDUE);
            emit OverdueEnded(id, r.debtor());
            credit.uncountOverdue(r.debtor());
        }
        _owed[id] = r;
        return r;
    }

    function _free(ReceivableId id, OwedWord r, uint96 amount) internal {
        _lower(id, r, amount);
        _freeLine(r, amount);
    }

    function _freeLine(OwedWord r, uint96 amount) internal {
        credit.free(r.debtor(), currencyToken[r.currency()], amount);
    }

    function _extinguish(NoteId id, ReceivableId receivable_, uint96 amount) internal {
        emit ValueExtinguished(id, receivable_, amount);
        _emitMoved(id, NoteId.wrap(0), amount);
    }

    function _emitCreation(NoteId id, NoteId parent, address account, uint96 value) internal {
        emit Transfer(address(0), account, NoteId.unwrap(id));
        _emitMoved(parent, id, value);
    }

    function _emitMoved(NoteId from, NoteId to, uint96 value) internal {
        emit TransferValue(NoteId.unwrap(from), NoteId.unwrap(to), value);
    }
}
