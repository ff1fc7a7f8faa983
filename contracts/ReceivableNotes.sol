// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyContext } from "./PartyContext.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
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
    function setCurrency(uint16 currency, address token) external override onlyDesk {
        currencyToken[currency] = token;
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
