// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "../PartyContext.sol";
import { IBankDesk } from "../interfaces/IBankDesk.sol";
import { IBankProduct } from "../interfaces/IBankProduct.sol";
import { IParticipantRegistry } from "../interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../interfaces/IReceivableNotes.sol";
import { BankRail } from "../libraries/BankRail.sol";
import { BusinessDay } from "../libraries/BusinessDay.sol";
import { Day, NoteId } from "../types/Ids.sol";
import { NoteFlags } from "../types/NoteFlags.sol";

/// @notice What the desks share whose cash a settlement bank carries.
abstract contract BankProduct is IBankProduct, PartyContext {
    /// @inheritdoc IBankProduct
    uint16 public constant override CUTOFF_DAYS = 3;
    /// @inheritdoc IBankProduct
    /// @dev The longest public holidays, when banks settle nothing between enterprises, are eight days.
    uint16 public constant override RESERVATION_DAYS = 10;

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    IBankDesk public immutable banks;

    modifier onlyBankDesk() {
        if (msg.sender != address(banks)) revert NotBankDesk(msg.sender);
        _;
    }

    constructor(IParticipantRegistry registry_, IReceivableNotes notes_, IBankDesk banks_) {
        registry = registry_;
        notes = notes_;
        banks = banks_;
    }

    function _bankCurrency(uint16 currency) internal view returns (address code) {
        code = notes.currencyToken(currency);
        if (!BankRail.isCode(code)) revert NotOnBankRail(code);
    }

    function _latest() internal view returns (Day) {
        return Day.wrap(Day.unwrap(BusinessDay.today()) + RESERVATION_DAYS);
    }

    function _hold(NoteId note) internal {
        notes.setMark(note, NoteFlags.RESERVED, true);
    }

    function _free(NoteId note) internal {
        notes.setMark(note, NoteFlags.RESERVED, false);
    }

    function _checkCurrency(address expected, address attested) internal pure {
        if (attested != expected) revert OtherCurrency(expected, attested);
    }
}
