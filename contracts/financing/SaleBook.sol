// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IFinancingDesk } from "../interfaces/IFinancingDesk.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { NoteId, PartyId } from "../types/Ids.sol";

/// @notice Sales whose seller answers for the debtor, by the note that the sale brought into being. Other sales leave
/// nothing here and cost nothing here.
abstract contract SaleBook is IFinancingDesk {
    IReceivableNotes public immutable notes;
    mapping(NoteId child => Sale) private _sales;
    mapping(NoteId returned => NoteId) private _origins;

    modifier onlyDesk() {
        if (!notes.isDesk(msg.sender)) revert IReceivableNotes.NotDesk(msg.sender);
        _;
    }

    constructor(IReceivableNotes notes_) {
        notes = notes_;
    }

    /// @inheritdoc IFinancingDesk
    function recordSale(NoteId child, Sale calldata sale) external override onlyDesk {
        _recordSale(child, sale);
    }

    /// @inheritdoc IFinancingDesk
    function carrySale(NoteId returned, NoteId origin) external override onlyDesk {
        _origins[returned] = origin;
        emit SaleCarried(returned, origin);
    }

    /// @inheritdoc IFinancingDesk
    function saleOf(NoteId note) external view override returns (Sale memory sale, NoteId origin) {
        origin = _origins[note];
        if (NoteId.unwrap(origin) == 0) origin = note;
        sale = _sales[origin];
        if (PartyId.unwrap(sale.seller) == 0) origin = NoteId.wrap(0);
    }

    function _recordSale(NoteId child, Sale memory sale) internal {
        _sales[child] = sale;
        emit SaleRecorded(child, sale);
    }
}
