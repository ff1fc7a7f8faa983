// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ICreditRegister } from "./ICreditRegister.sol";
import { Day, PartyId, ReceivableId } from "../types/Ids.sol";

/// @title A core enterprise confirms what it owes
/// @notice Confirmation is the debtor's irrevocable undertaking to pay on the due day. Policy is kept here, and copied
/// into each receivable when it is confirmed: later policy changes nothing of it.
interface IIssuanceDesk {
    /// @param defaultTenorDays Above it a tenor is flagged.
    /// @param hardTenorDays Above it a tenor is refused.
    /// @param termsDays Above it, from delivery, payment terms are flagged.
    /// @param tierLimit Deepest tier.
    /// @param graceDays Days after the due day before overdue may be declared.
    /// @param overdueRateBps Annual rate on late principal, basis points.
    /// @param offerLifetimeDays How long an offer stays open.
    /// @param minChildValue Least value of a child or a non-zero remainder, minor units.
    /// @param registryReferenceRequired Financing needs a registry reference.
    struct Policy {
        uint16 defaultTenorDays;
        uint16 hardTenorDays;
        uint16 termsDays;
        uint8 tierLimit;
        uint8 graceDays;
        uint16 overdueRateBps;
        uint16 offerLifetimeDays;
        uint64 minChildValue;
        bool registryReferenceRequired;
    }

    /// @param fingerprint The invoice's keyed fingerprint.
    /// @param invoiceAmount What the invoice is for in all, minor units of the receivable's currency.
    /// @param claimed How much of it backs this receivable; positive, and no more than is left of it.
    struct InvoiceClaim {
        bytes32 fingerprint;
        uint96 invoiceAmount;
        uint96 claimed;
    }

    /// @param creditor The first creditor, an active supplier.
    /// @param amount Face value, minor units.
    /// @param deliveryDay When the goods were delivered; today or before.
    /// @param dueDay When the debtor pays; today or later, already a business day.
    /// @param evidenceHash Salted hash of the evidence kept off chain.
    /// @param invoices What backs it, at least one; what they give together is `amount`, to the unit.
    struct Confirmation {
        PartyId creditor;
        uint96 amount;
        Day deliveryDay;
        Day dueDay;
        bytes32 evidenceHash;
        InvoiceClaim[] invoices;
    }

    event PolicySet(uint32 indexed policy, Policy terms);

    error NothingToConfirm();
    error DueDayPast(Day dueDay, Day today);
    error DeliveryAfterToday(Day deliveryDay, Day today);
    error TenorOverPolicy(uint256 tenorDays, uint256 hardTenorDays);
    error CreditorIsDebtor(PartyId party);
    error EvidenceMissing();
    error CurrencyAlreadyAllowed(address token, uint16 currency);
    error InvalidToken(address token);
    error PolicyOutOfBounds(string parameter, uint256 value, uint256 bound);

    /// @notice The debtor confirms what it owes to its suppliers.
    /// @dev Emits what {IReceivableNotes.issue} and {ICreditRegister.open} emit. All or none. Gas grows with the items.
    /// Requirements: caller has the act right of an active core enterprise; not paused; each creditor an active supplier
    /// other than the debtor; amounts positive; evidence; delivery not in the future; due day not past and tenor within
    /// policy; each amount backed by invoices to the unit, none beyond what is left of it; within the credit line; debtor not declared overdue; a valid attestation of the
    /// registrar for just these terms. Tenor above policy's default, and terms above its limit from delivery, are flagged.
    /// @return first Id of the first receivable; the others follow in the order of the items.
    function confirm(
        uint16 currency,
        Confirmation[] calldata items,
        ICreditRegister.Attestation calldata attestation
    ) external returns (ReceivableId first);

    /// @dev Emits {PolicySet}. For receivables confirmed from then on. Requirements: caller has the policy role; hard caps.
    function setPolicy(Policy calldata terms) external;

    /// @notice Debts may be confirmed in this currency from now on.
    /// @dev Emits {IReceivableNotes.CurrencyAllowed}. Requirements: caller has the policy role; not yet allowed.
    /// @param token A deposit token, or a code on the bank rail (see {BankRail}).
    /// @return currency Its index in the table of currencies, from 1.
    function allowCurrency(address token) external returns (uint16 currency);

    /// @return The currency's index; 0 when it is not allowed.
    function currencyOf(address token) external view returns (uint16);

    /// @return How many currencies there are.
    function currencyCount() external view returns (uint16);

    /// @return number How many policies there have been.
    /// @return terms The present one.
    function policy() external view returns (uint32 number, Policy memory terms);
}
