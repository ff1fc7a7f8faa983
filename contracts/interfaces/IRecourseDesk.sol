// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, NoteId, PartyId } from "../types/Ids.sol";

/// @title Recourse against the seller of a sale whose debtor did not pay
/// @notice Where a quote said so, the seller answers for the debtor. Once the receivable is declared overdue the financier
/// demands; the seller pays what it was paid with interest, and the note comes back to it in the same act. A seller that
/// had bought with recourse itself then stands against its own seller likewise, link by link.
/// @dev Assumptions about tokens as in {IFinancingDesk}. Works while paused. The sale is kept by {IFinancingDesk.saleOf}
/// and belongs to the party that bought: it goes with no sale, order or pledge of the note. On the bank rail a sale with
/// recourse is kept and demanded too, as evidence; {honour} takes deposit tokens alone and refuses with
/// {ExactCash.OnBankRail}: no bank's word is asked for here.
interface IRecourseDesk {
    /// @param day The day of the demand.
    event RecourseDemanded(NoteId indexed note, PartyId indexed financier, PartyId indexed seller, Day day);
    /// @dev One cash leg, and the note back. `child` is the seller's.
    event RecourseHonoured(
        NoteId indexed note,
        NoteId indexed child,
        PartyId indexed seller,
        address payer,
        address payee,
        address token,
        uint256 amount
    );

    error NothingToDemand();
    error SoldWithoutRecourse(NoteId note);
    error NotDeclaredOverdue(NoteId note);
    error PaymentTendered(NoteId note);
    error AlreadyDemanded(NoteId note, Day day);
    error NotDemanded(NoteId note);
    error NotSeller(NoteId note, PartyId seller, PartyId caller);

    /// @notice The financier demands of its sellers what its notes are short of.
    /// @dev Emits {RecourseDemanded} each. Requirements: caller has the act right of the active holder of every note; sold
    /// with recourse; receivable declared overdue; note with value, neither frozen nor reserved, and not tendered (the
    /// debtor has then offered payment); not demanded yet.
    function demand(NoteId[] calldata notes) external;

    /// @notice The seller pays the {claim} to the financier's settlement account, and the note's whole value comes back to it.
    /// @dev Emits {RecourseHonoured}; {IReceivableNotes.NoteAssigned} and what goes with it; where the seller had bought
    /// with recourse itself, {IFinancingDesk.SaleCarried}. Requirements: caller has the act right of the seller (also when
    /// suspended or expired); demanded; `payer` is the caller or another account of the seller's, and has approved this
    /// desk; claim at most `maxTotal`; all that {IReceivableNotes.convey} asks (so: no round open, nothing of it frozen,
    /// reserved or pledged); a deposit token; cash exact.
    /// @param maxTotal Most it pays, minor units.
    /// @return child The seller's note.
    /// @return total What it paid, minor units.
    function honour(NoteId note, address payer, uint256 maxTotal) external returns (NoteId child, uint256 total);

    /// @notice What the seller owes for the note today: the price paid for what is left of it, with simple interest at the
    /// quote's rate, ACT/360, from the day of the sale; at most what the debtor owes for it ({IReceivableNotes.due}).
    /// @dev Rounded down, once: it was the buyer who sold on in part. Reverts {SoldWithoutRecourse}, and
    /// {IReceivableNotes.NotDue} when nothing is left.
    /// @return Minor units.
    function claim(NoteId note) external view returns (uint256);

    /// @return The day on which the holder demanded; 0 for none, or when it was honoured.
    function demandDay(NoteId note) external view returns (Day);
}
