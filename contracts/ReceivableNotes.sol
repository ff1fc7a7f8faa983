// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "./PartyContext.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BankRail } from "./libraries/BankRail.sol";
import { NoteMarks } from "./notes/NoteMarks.sol";
import { NotePassing } from "./notes/NotePassing.sol";
import { NoteReading } from "./notes/NoteReading.sol";
import { NoteSettling } from "./notes/NoteSettling.sol";
import { NoteStore } from "./notes/NoteStore.sol";

/// @notice The manual is the interface, {IReceivableNotes}. Its chapters are in notes/.
contract ReceivableNotes is NotePassing, NoteMarks, NoteSettling, NoteReading {
    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        ICreditRegister credit_
    ) PartyContext(authority, forwarder) NoteStore(registry_, credit_) {}

    /// @inheritdoc IReceivableNotes
    function allowCurrency(address token) external override restricted returns (uint16 currency) {
        if (token.code.length == 0 && !BankRail.isCode(token)) revert InvalidToken(token);
        if (_currencyOf[token] != 0) revert CurrencyAlreadyAllowed(token, _currencyOf[token]);
        currency = ++_currencyCount;
        currencyToken[currency] = token;
        _currencyOf[token] = currency;
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
}
