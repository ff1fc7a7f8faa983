// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { PartyContext } from "./PartyContext.sol";
import { IFinancingDesk } from "./interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { IRecourseDesk } from "./interfaces/IRecourseDesk.sol";
import { IRepaymentDesk } from "./interfaces/IRepaymentDesk.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { ExactCash } from "./libraries/ExactCash.sol";
import { Interest } from "./libraries/Interest.sol";
import { Day, NoteId, PartyId } from "./types/Ids.sol";
import { NoteFlags, ReceivableFlags } from "./types/NoteFlags.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The manual is the interface, {IRecourseDesk}.
contract RecourseDesk is IRecourseDesk, PartyContext {
    using ExactCash for IERC20;

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    IFinancingDesk public immutable financing;
    /// @inheritdoc IRecourseDesk
    mapping(NoteId => Day) public override demandDay;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_,
        IFinancingDesk financing_
    ) PartyContext(authority, forwarder) {
        registry = registry_;
        notes = notes_;
        financing = financing_;
    }

    /// @inheritdoc IRecourseDesk
    function demand(NoteId[] calldata ids) external override {
        if (ids.length == 0) revert NothingToDemand();
        (PartyId financier, ) = registry.actor(_msgSender(), Rights.ACT, 0);
        Day today = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            PartyId seller = _checkDemand(id, financier);
            demandDay[id] = today;
            emit RecourseDemanded(id, financier, seller, today);
        }
    }

    /// @inheritdoc IRecourseDesk
    function honour(
        NoteId id,
        address payer,
        uint256 maxTotal
    ) external override returns (NoteId child, uint256 total) {
        (IFinancingDesk.Sale memory sale, NoteId origin) = _sale(id);
        _checkPayer(id, sale.seller, payer);
        if (Day.unwrap(demandDay[id]) == 0) revert NotDemanded(id);
        IReceivableNotes.Due memory due = notes.due(id);
        total = _claim(sale, due);
        if (total > maxTotal) revert IRepaymentDesk.TotalExceeded(total, maxTotal);
        address payee = registry.settlementAccountOf(due.payee);
        address token;
        (child, token) = _takeBack(id, sale.seller, origin, due.principal);
        ExactCash.requireToken(token);
        emit RecourseHonoured(id, child, sale.seller, payer, payee, token, total);
        IERC20(token).pay(payer, payee, total);
    }

    /// @inheritdoc IRecourseDesk
    function claim(NoteId id) external view override returns (uint256) {
        (IFinancingDesk.Sale memory sale, ) = _sale(id);
        return _claim(sale, notes.due(id));
    }

    // -- the demand

    function _checkDemand(NoteId id, PartyId financier) private view returns (PartyId seller) {
        IReceivableNotes.Note memory n = notes.note(id);
        if (n.holder != financier) revert IReceivableNotes.NotHolder(id, n.holder, financier);
        (IFinancingDesk.Sale memory sale, ) = _sale(id);
        seller = sale.seller;
        IReceivableNotes.NoteStatus status = notes.noteStatus(id);
        bool held = status == IReceivableNotes.NoteStatus.Held || status == IReceivableNotes.NoteStatus.Pledged;
        if (!held) revert IReceivableNotes.NotHeld(id, status);
        if (notes.receivable(n.receivable).flags & ReceivableFlags.OVERDUE == 0) revert NotDeclaredOverdue(id);
        if (n.flags & NoteFlags.TENDERED != 0) revert PaymentTendered(id);
        Day day = demandDay[id];
        if (Day.unwrap(day) != 0) revert AlreadyDemanded(id, day);
    }

    function _sale(NoteId id) private view returns (IFinancingDesk.Sale memory sale, NoteId origin) {
        (sale, origin) = financing.saleOf(id);
        if (NoteId.unwrap(origin) == 0) revert SoldWithoutRecourse(id);
    }

    function _claim(
        IFinancingDesk.Sale memory sale,
        IReceivableNotes.Due memory due
    ) private view returns (uint256 total) {
        total = Interest.refundDown(
            sale.price,
            sale.amount,
            due.principal,
            sale.rateBps,
            BusinessDay.daysBetween(sale.day, BusinessDay.today())
        );
        uint256 owed = uint256(due.principal) + due.interest;
        if (total > owed) total = owed;
    }

    // -- the note, back

    /// @dev What the seller had bought with recourse itself, the note that comes back to it stands for again.
    function _takeBack(
        NoteId id,
        PartyId seller,
        NoteId origin,
        uint96 value
    ) private returns (NoteId child, address token) {
        demandDay[id] = Day.wrap(0);
        address account = registry.settlementAccountOf(seller);
        (child, token) = notes.convey(id, seller, account, value, NoteFlags.RETURNED);
        NoteId sold = notes.note(origin).parent;
        (, NoteId earlier) = financing.saleOf(sold);
        if (NoteId.unwrap(earlier) != 0) financing.carrySale(child, earlier);
    }

    /// @dev It is repayment: the standing of the seller is not asked. Nobody spends another's allowance.
    function _checkPayer(NoteId id, PartyId seller, address payer) private view {
        address caller = _msgSender();
        IParticipantRegistry.Account memory a = registry.account(caller);
        if (a.party != seller) revert NotSeller(id, seller, a.party);
        if (a.rights & Rights.ACT == 0) revert IParticipantRegistry.MissingRight(caller, a.party, a.rights, Rights.ACT);
        if (payer != caller && registry.account(payer).party != seller) {
            revert IRepaymentDesk.PayerNotAuthorised(payer, caller);
        }
    }
}
