// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBankDesk } from "./IBankDesk.sol";
import { NoteId, PartyId, ReceivableId } from "../types/Ids.sol";

/// @title A desk whose cash a settlement bank carries
/// @notice It reserves through {IBankDesk.reserve}, and then is told to deliver or to release.
interface IBankProduct {
    error NotBankDesk(address caller);
    error NotOnBankRail(address currency);
    error NotReservedUnder(NoteId note, bytes32 reservation);
    error OtherPayee(NoteId note, PartyId expected, PartyId payee);
    error OtherCurrency(address expected, address currency);
    error AmountNotExact(NoteId note, uint256 expected, uint256 attested);
    error CountNotExact(ReceivableId receivable, uint256 expected, uint256 attested);

    /// @notice Delivers what the bank attests to have paid for, all or nothing.
    /// @dev Emits what the product says. Reverts {OtherCurrency}, {AmountNotExact} and {CountNotExact} where the bank's own figures are wrong; any other
    /// refusal becomes an exception. Requirements: caller is the bank desk, which answers for the bank, the reservation
    /// being its own and open, and the value day.
    function deliver(IBankDesk.Attestation calldata attestation) external;

    /// @notice Ends a note's wait without a payment.
    /// @dev Emits what the product says. Requirements: caller is the bank desk; note reserved under it.
    function release(bytes32 reservation, NoteId note) external;

    /// @return Days before the due day at which sales end and repayments begin.
    function CUTOFF_DAYS() external view returns (uint16);

    /// @return Days for which a note can be reserved at most.
    function RESERVATION_DAYS() external view returns (uint16);
}
