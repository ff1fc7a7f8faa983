// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Facts about a note that its value and the clock do not tell. Status is derived from them.
library NoteFlags {
    uint16 internal constant ACCEPTED = 1 << 0;
    uint16 internal constant REFUSED = 1 << 1;
    uint16 internal constant WITHDRAWN = 1 << 2;
    uint16 internal constant LAPSED = 1 << 3;
    /// @dev The value that was here went to the holder (or, for an open offer, to its offeror) as cash.
    uint16 internal constant REPAID = 1 << 4;
    /// @dev Came into being by a sale: passes on between financiers alone.
    uint16 internal constant FINANCED = 1 << 5;
    /// @dev Waits for a bank's word on a cash leg outside the chain: nothing of it moves until then.
    uint16 internal constant RESERVED = 1 << 6;
    /// @dev Some of its value secures a loan and does not move.
    uint16 internal constant PLEDGED = 1 << 7;
    /// @dev Under an arbiter's order, and its open offers with it: they neither move nor collect.
    uint16 internal constant FROZEN = 1 << 8;
    /// @dev Its payment was offered from the due day on and the payee's side could not take it: no interest, and no
    /// overdue, from that day. Open to nothing but payment and orders.
    uint16 internal constant TENDERED = 1 << 9;
    /// @dev Came into being by an arbiter's order.
    uint16 internal constant REASSIGNED = 1 << 10;
    /// @dev Came back to a seller that answered for the debtor.
    uint16 internal constant RETURNED = 1 << 11;
}

/// @notice Facts about a receivable.
library ReceivableFlags {
    /// @dev The first creditor refused, or the offer was withdrawn or lapsed: nothing is owed.
    uint8 internal constant CANCELLED = 1 << 0;
    /// @dev The one stored judgement: declared overdue, and counted against the debtor until settled.
    uint8 internal constant OVERDUE = 1 << 1;
    /// @dev Financing needs a registry reference.
    uint8 internal constant REGISTRY_REQUIRED = 1 << 2;
    /// @dev Tenor above the policy's default (six months).
    uint8 internal constant LONG_TENOR = 1 << 3;
    /// @dev Payment terms above the policy's limit (60 days) from delivery.
    uint8 internal constant LONG_TERMS = 1 << 4;
    /// @dev A pro rata round is being paid: all other movements of value wait.
    uint8 internal constant ROUND_OPEN = 1 << 5;
    /// @dev The last round was closed before every note had its share: the rest comes first.
    uint8 internal constant ROUND_UNFINISHED = 1 << 6;
}
