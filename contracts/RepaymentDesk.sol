// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Address } from "@openzeppelin/contracts/utils/Address.sol";

import { PartyContext } from "./PartyContext.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IPledgeDesk } from "./interfaces/IPledgeDesk.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "./interfaces/IRepaymentDesk.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { ExactCash } from "./libraries/ExactCash.sol";
import { OwnCash } from "./libraries/OwnCash.sol";
import { Day, NoteId, PartyId, ReceivableId } from "./types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The manual is the interface, {IRepaymentDesk}.
contract RepaymentDesk is IRepaymentDesk, PartyContext {
    using ExactCash for IERC20;
    using SafeERC20 for IERC20;

    /// @inheritdoc IRepaymentDesk
    uint16 public constant override ROUND_DAYS = 30;

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    IPledgeDesk public immutable pledges;
    mapping(ReceivableId => Round) private _rounds;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_,
        IPledgeDesk pledges_
    ) PartyContext(authority, forwarder) {
        registry = registry_;
        notes = notes_;
        pledges = pledges_;
    }

    // -- whole notes

    /// @inheritdoc IRepaymentDesk
    function repay(NoteId[] calldata ids, address payer, uint256 maxTotal) external override returns (uint256 total) {
        OwnCash.check(registry, payer, _msgSender());
        (address token, IReceivableNotes.Due[] memory dues) = notes.settle(
            ids,
            new uint96[](0),
            0,
            BusinessDay.today()
        );
        total = _payOut(ids, dues, token, payer, maxTotal);
    }

    // -- rounds

    /// @inheritdoc IRepaymentDesk
    function openRound(ReceivableId id, uint96 total) external override {
        IReceivableNotes.Receivable memory r = _requireRoundable(id);
        if (_isUnfinished(id, r)) revert RoundUnfinished(id, r.round);
        if (total == 0 || total > r.outstanding) revert RoundTotalInvalid(id, total, r.outstanding);
        _openRound(id, r.round + 1, Round(total, r.outstanding, 0, _lastDay()));
    }

    /// @inheritdoc IRepaymentDesk
    function resumeRound(ReceivableId id) external override {
        IReceivableNotes.Receivable memory r = _requireRoundable(id);
        if (!_isUnfinished(id, r)) revert NoUnfinishedRound(id);
        Round memory round_ = _rounds[id];
        round_.lastDay = _lastDay();
        _openRound(id, r.round, round_);
    }

    /// @inheritdoc IRepaymentDesk
    function payRound(
        ReceivableId id,
        NoteId[] calldata ids,
        address payer,
        uint256 maxTotal
    ) external override returns (uint256 total) {
        OwnCash.check(registry, payer, _msgSender());
        (address token, IReceivableNotes.Due[] memory dues) = _takeShares(id, ids, BusinessDay.today());
        total = _payOut(ids, dues, token, payer, maxTotal);
    }

    /// @inheritdoc IRepaymentDesk
    function takeShares(
        ReceivableId id,
        NoteId[] calldata ids,
        Day asOf
    ) external override returns (address token, IReceivableNotes.Due[] memory dues) {
        if (!notes.isDesk(msg.sender)) revert IReceivableNotes.NotDesk(msg.sender);
        return _takeShares(id, ids, asOf);
    }

    /// @inheritdoc IRepaymentDesk
    function closeRound(ReceivableId id) external override {
        Round memory round_ = _rounds[id];
        uint8 number = _openRoundOf(id);
        if (BusinessDay.today() <= round_.lastDay) revert RoundNotOver(id, round_.lastDay);
        _closeRound(id, number, round_.counted, false);
    }

    /// @inheritdoc IRepaymentDesk
    function round(ReceivableId id) external view override returns (Round memory) {
        return _rounds[id];
    }

    function _openRound(ReceivableId id, uint8 number, Round memory round_) private {
        _rounds[id] = round_;
        emit RoundOpened(id, number, round_.total, round_.base, round_.lastDay);
        notes.setRound(id, number, true, false);
    }

    function _closeRound(ReceivableId id, uint8 number, uint96 counted, bool finished) private {
        emit RoundClosed(id, counted, finished);
        notes.setRound(id, number, false, finished);
    }

    function _takeShares(
        ReceivableId id,
        NoteId[] calldata ids,
        Day asOf
    ) private returns (address token, IReceivableNotes.Due[] memory dues) {
        uint8 number = _openRoundOf(id);
        Round memory round_ = _rounds[id];
        (uint96[] memory shares, uint96 counted) = _shares(id, ids, round_);
        _rounds[id].counted = counted;
        emit RoundCounted(id, counted);
        (token, dues) = notes.settle(ids, shares, number, asOf);
        if (counted == round_.base) _closeRound(id, number, counted, true);
    }

    /// @dev A share is ⌊C·P/O⌋ less the previous such figure; both factors of the product are at most 96 bits.
    function _shares(
        ReceivableId id,
        NoteId[] calldata ids,
        Round memory round_
    ) private view returns (uint96[] memory shares, uint96 counted) {
        shares = new uint96[](ids.length);
        counted = round_.counted;
        uint256 given = (uint256(counted) * round_.total) / round_.base;
        for (uint256 i = 0; i < ids.length; ++i) {
            IReceivableNotes.Note memory n = notes.note(ids[i]);
            if (n.receivable != id) revert OtherReceivable(ids[i], n.receivable);
            counted += n.value;
            uint256 upTo = (uint256(counted) * round_.total) / round_.base;
            shares[i] = uint96(upTo - given);
            given = upTo;
        }
    }

    function _openRoundOf(ReceivableId id) private view returns (uint8) {
        IReceivableNotes.Receivable memory r = notes.receivable(id);
        if (r.flags & ReceivableFlags.ROUND_OPEN == 0) revert IReceivableNotes.RoundNotOpen(id);
        return r.round;
    }

    /// @dev Once all that is left was tendered, nobody is left to come first, and the round could not be counted out.
    function _isUnfinished(ReceivableId id, IReceivableNotes.Receivable memory r) private view returns (bool) {
        return r.flags & ReceivableFlags.ROUND_UNFINISHED != 0 && r.outstanding != notes.tenderedValue(id);
    }

    function _requireRoundable(ReceivableId id) private view returns (IReceivableNotes.Receivable memory r) {
        r = _requireDebtor(id);
        if (BusinessDay.today() < r.dueDay) revert RoundBeforeDueDay(id, r.dueDay);
        if (r.flags & ReceivableFlags.ROUND_OPEN != 0) revert IReceivableNotes.RoundOpen(id);
        if (!_isOwed(r)) revert NothingOwed(id);
    }

    function _lastDay() private view returns (Day) {
        return Day.wrap(Day.unwrap(BusinessDay.today()) + ROUND_DAYS);
    }

    // -- overdue

    /// @inheritdoc IRepaymentDesk
    function declareOverdue(ReceivableId id) external override {
        IReceivableNotes.Receivable memory r = _known(id);
        if (r.flags & ReceivableFlags.OVERDUE != 0) revert AlreadyDeclared(id);
        Day today = BusinessDay.today();
        Day lastGraceDay = Day.wrap(Day.unwrap(r.dueDay) + r.graceDays);
        bool owed = r.outstanding > notes.tenderedValue(id) && _isOwed(r);
        if (!owed || today <= lastGraceDay) revert NotOverdue(id, today, lastGraceDay);
        notes.setOverdue(id);
    }

    /// @dev An unaccepted root is owed to nobody: its debtor cannot pay it, and anyone may let it lapse.
    function _isOwed(IReceivableNotes.Receivable memory r) private view returns (bool) {
        return r.outstanding != 0 && notes.note(r.root).flags & NoteFlags.ACCEPTED != 0;
    }

    function _known(ReceivableId id) private view returns (IReceivableNotes.Receivable memory r) {
        r = notes.receivable(id);
        if (PartyId.unwrap(r.debtor) == 0) revert IReceivableNotes.UnknownReceivable(id);
    }

    // -- cash

    /// @dev All state is written before the token is called; what a payee's side refuses is put back.
    function _payOut(
        NoteId[] calldata ids,
        IReceivableNotes.Due[] memory dues,
        address token,
        address payer,
        uint256 maxTotal
    ) private returns (uint256 total) {
        ExactCash.requireToken(token);
        uint256 before = IERC20(token).balanceOf(payer);
        uint256 unpaid;
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 amount = uint256(dues[i].principal) + dues[i].interest;
            if (amount == 0) continue;
            if (_payNote(ids[i], dues[i], token, payer, amount)) total += amount;
            else unpaid += amount;
        }
        if (unpaid != 0) _requirePayerAble(token, payer, unpaid);
        if (total > maxTotal) revert TotalExceeded(total, maxTotal);
        IERC20(token).checkPaid(payer, before, total);
    }

    /// @dev What a payee's side refuses is put back; what an order withholds, the ledger has not taken.
    function _payNote(
        NoteId id,
        IReceivableNotes.Due memory due,
        address token,
        address payer,
        uint256 amount
    ) private returns (bool) {
        if (due.flags & NoteFlags.FROZEN != 0) return false;
        address payee = registry.settlementAccountOf(due.payee);
        address refusing =
            due.flags & NoteFlags.PLEDGED == 0
                ? _payLeg(id, token, payer, payee, amount)
                : _payLegs(id, token, payer, payee, amount);
        if (refusing == address(0)) return true;
        emit PaymentRefused(id, payer, refusing, token, amount);
        notes.restore(id, due.principal);
        return false;
    }

    /// @return refusing The payee whose side refused; zero when it is paid.
    function _payLeg(
        NoteId id,
        address token,
        address payer,
        address payee,
        uint256 amount
    ) private returns (address refusing) {
        if (!IERC20(token).tryPay(payer, payee, amount)) return payee;
        emit Paid(id, payer, payee, token, amount);
    }

    /// @dev Both legs of a pledged note, or none.
    function _payLegs(
        NoteId id,
        address token,
        address payer,
        address holderAccount,
        uint256 amount
    ) private returns (address refusing) {
        try this.payPledged(id, token, payer, holderAccount, amount) {
            return address(0);
        } catch (bytes memory reason) {
            if (bytes4(reason) != PayeeRefused.selector) Address.verifyCallResult(false, reason);
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                refusing := mload(add(reason, 36))
            }
        }
    }

    /// @inheritdoc IRepaymentDesk
    function payPledged(
        NoteId id,
        address token,
        address payer,
        address holderAccount,
        uint256 amount
    ) external override {
        if (msg.sender != address(this)) revert PayerNotAuthorised(payer, msg.sender);
        (PartyId lender, uint256 first) = pledges.collect(id, amount);
        address refusing;
        if (first != 0) refusing = _payLeg(id, token, payer, registry.settlementAccountOf(lender), first);
        if (refusing == address(0) && first != amount) {
            refusing = _payLeg(id, token, payer, holderAccount, amount - first);
        }
        if (refusing != address(0)) revert PayeeRefused(refusing);
    }

    /// @dev Some of it was not paid: payments failed, or an order withholds them. That was the payees' side just when the
    /// payer, having paid the others, could pay all of it to itself; else the token's own words of what the payer lacks
    /// are the error.
    function _requirePayerAble(address token, address payer, uint256 amount) private {
        try this.probe(token, payer, amount) {
            revert PayerAble();
        } catch (bytes memory reason) {
            if (bytes4(reason) != PayerAble.selector) Address.verifyCallResult(false, reason);
        }
    }

    /// @inheritdoc IRepaymentDesk
    function probe(address token, address payer, uint256 amount) external override {
        if (msg.sender != address(this)) revert PayerNotAuthorised(payer, msg.sender);
        IERC20(token).safeTransferFrom(payer, payer, amount);
        revert PayerAble();
    }

    // -- who may

    /// @dev As {OwnCash}: also when suspended or expired.
    function _requireDebtor(ReceivableId id) private view returns (IReceivableNotes.Receivable memory r) {
        r = _known(id);
        IParticipantRegistry.Account memory a = registry.account(_msgSender());
        if (a.party != r.debtor || a.rights & Rights.ACT == 0) revert NotDebtor(id, r.debtor, a.party);
    }
}
