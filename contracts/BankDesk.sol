// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Address } from "@openzeppelin/contracts/utils/Address.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { IBankDesk } from "./interfaces/IBankDesk.sol";
import { IBankProduct } from "./interfaces/IBankProduct.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { BankHash } from "./libraries/BankHash.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { Day, NoteId, PartyId } from "./types/Ids.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IBankDesk}.
contract BankDesk is IBankDesk, PartyContext, EIP712 {
    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    mapping(bytes32 id => Reservation) private _reservations;
    mapping(PartyId bank => mapping(bytes32 paymentReference => Record)) private _records;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_
    ) PartyContext(authority, forwarder) EIP712("Cascade BankDesk", "1") {
        registry = registry_;
        notes = notes_;
    }

    // -- reserving

    /// @inheritdoc IBankDesk
    function reserve(Commitment calldata c, bytes32 structHash, Day latest) external override returns (bytes32 id) {
        if (!notes.isDesk(msg.sender)) revert IReceivableNotes.NotDesk(msg.sender);
        Day today = BusinessDay.today();
        if (c.lastDay < today || c.lastDay > latest) revert LastDayInvalid(c.lastDay, today, latest);
        id = reservationDigest(structHash);
        if (_reservations[id].product != address(0)) revert ReservationExists(id);
        _reservations[id] = Reservation(msg.sender, c.bank, today, c.lastDay, false);
        emit Reserved(id, c.bank, msg.sender, today, c.lastDay);
        _checkSignature(c.bank, c.signer, c.deadline, id, c.signature);
    }

    // -- yes

    /// @inheritdoc IBankDesk
    function attest(Attestation calldata a, bytes calldata signature) external override {
        _checkForm(a);
        bytes32 digest = attestationDigest(a);
        _checkSignature(a.bank, a.signer, a.deadline, digest, signature);
        Record memory before = _records[a.bank][a.paymentReference];
        bool again = before.outcome == Outcome.Exception && before.digest == bytes31(digest);
        if (before.outcome != Outcome.None && !again) revert ReferenceUsed(a.bank, a.paymentReference);
        _records[a.bank][a.paymentReference] = Record(Outcome.Delivered, bytes31(digest));
        bytes memory reason = _deliver(a);
        if (reason.length == 0) {
            emit PaymentDelivered(a.bank, a.paymentReference, a.reservation, digest);
        } else {
            // A second try has nothing new to record: it is refused with what stands against it.
            if (again) Address.verifyCallResult(false, reason);
            _except(a, digest, reason);
        }
    }

    function _checkForm(Attestation calldata a) private view {
        if (a.paymentReference == 0) revert ReferenceMissing();
        if (a.lines.length == 0) revert IReceivableNotes.EmptyBatch();
        Day today = BusinessDay.today();
        if (a.valueDay > today) revert ValueDayInvalid(a.valueDay, Day.wrap(0), today);
    }

    /// @return What stands against delivery; nothing once delivered.
    function _deliver(Attestation calldata a) private returns (bytes memory) {
        Reservation memory r = _reservations[a.reservation];
        bytes memory refusal = _refusal(r, a);
        if (refusal.length != 0) return refusal;
        try IBankProduct(r.product).deliver(a) {
            return "";
        } catch (bytes memory reason) {
            // The bank's own figures are its to correct. No reason is want of gas: nobody makes an exception by it.
            bytes4 error_ = bytes4(reason);
            bool inexact =
                error_ == IBankProduct.AmountNotExact.selector ||
                    error_ == IBankProduct.CountNotExact.selector ||
                    error_ == IBankProduct.OtherCurrency.selector;
            if (reason.length == 0 || inexact) Address.verifyCallResult(false, reason);
            return reason;
        }
    }

    /// @return What stands against delivery before the product is asked, in the error's own encoding.
    function _refusal(Reservation memory r, Attestation calldata a) private view returns (bytes memory) {
        bytes32 id = a.reservation;
        if (r.product == address(0)) return abi.encodeWithSelector(UnknownReservation.selector, id);
        if (r.bank != a.bank) return abi.encodeWithSelector(OtherBank.selector, r.bank, a.bank);
        if (_isOver(r)) return abi.encodeWithSelector(ReservationOver.selector, id, r.lastDay);
        if (a.valueDay < r.reservedDay) {
            Day today = BusinessDay.today();
            return abi.encodeWithSelector(ValueDayInvalid.selector, a.valueDay, r.reservedDay, today);
        }
        return "";
    }

    function _except(Attestation calldata a, bytes32 digest, bytes memory reason) private {
        _records[a.bank][a.paymentReference].outcome = Outcome.Exception;
        emit BankException(a.bank, a.paymentReference, a.reservation, digest, a.currency, a.valueDay, a.lines, reason);
    }

    // -- no, and the end of the wait

    /// @inheritdoc IBankDesk
    function decline(bytes32 id, NoteId[] calldata ids) external override {
        Reservation memory r = _known(id);
        (PartyId bank, ) = registry.actor(_msgSender(), Rights.ACT, Roles.SETTLEMENT_BANK);
        if (bank != r.bank) revert OtherBank(r.bank, bank);
        if (r.declined) revert ReservationOver(id, r.lastDay);
        _reservations[id].declined = true;
        emit ReservationDeclined(id);
        _release(r, id, ids);
    }

    /// @inheritdoc IBankDesk
    function lapse(bytes32 id, NoteId[] calldata ids) external override {
        Reservation memory r = _known(id);
        if (!_isOver(r)) revert ReservationNotOver(id, r.lastDay);
        _release(r, id, ids);
    }

    function _release(Reservation memory r, bytes32 id, NoteId[] calldata ids) private {
        for (uint256 i = 0; i < ids.length; ++i) IBankProduct(r.product).release(id, ids[i]);
    }

    // -- reading

    /// @inheritdoc IBankDesk
    function reservation(bytes32 id) external view override returns (Reservation memory) {
        return _reservations[id];
    }

    /// @inheritdoc IBankDesk
    function record(PartyId bank, bytes32 paymentReference) external view override returns (Record memory) {
        return _records[bank][paymentReference];
    }

    /// @inheritdoc IBankDesk
    function attestationDigest(Attestation calldata a) public view override returns (bytes32) {
        return _hashTypedDataV4(BankHash.attestation(a));
    }

    /// @inheritdoc IBankDesk
    function reservationDigest(bytes32 structHash) public view override returns (bytes32) {
        return _hashTypedDataV4(structHash);
    }

    // -- rules that several acts share

    function _known(bytes32 id) private view returns (Reservation memory r) {
        r = _reservations[id];
        if (r.product == address(0)) revert UnknownReservation(id);
    }

    function _isOver(Reservation memory r) private view returns (bool) {
        return r.declined || BusinessDay.today() > r.lastDay;
    }

    function _checkSignature(
        PartyId bank,
        address signer,
        uint256 deadline,
        bytes32 digest,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert IParticipantRegistry.DeadlinePassed(deadline);
        (PartyId party, ) = registry.actor(signer, Rights.ACT, Roles.SETTLEMENT_BANK);
        if (party != bank) revert SignerOfOtherBank(signer, bank, party);
        if (!Signatures.isValid(signer, digest, signature)) revert BankSignatureInvalid(signer, digest);
    }
}
