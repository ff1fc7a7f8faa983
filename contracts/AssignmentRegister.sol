// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { IAssignmentRegister } from "./interfaces/IAssignmentRegister.sol";
import { IFinancingDesk } from "./interfaces/IFinancingDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { NoteId, PartyId } from "./types/Ids.sol";
import { NoteFlags } from "./types/NoteFlags.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IAssignmentRegister}.
contract AssignmentRegister is IAssignmentRegister, PartyContext, EIP712 {
    bytes32 private constant REGISTRATION_TYPEHASH = keccak256(
        "Registration(uint40 note,bytes32 registryReference,uint64 registeredAt,uint64 replaces,address signer,uint256 nonce,uint256 deadline)"
    );

    IParticipantRegistry public immutable registry;
    IReceivableNotes public immutable notes;
    IFinancingDesk public immutable financing;
    mapping(NoteId => Assignment) private _assignments;
    /// @inheritdoc IAssignmentRegister
    mapping(address signer => mapping(uint256 nonce => bool)) public override isRegistrationNonceUsed;

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_,
        IReceivableNotes notes_,
        IFinancingDesk financing_
    ) PartyContext(authority, forwarder) EIP712("Cascade AssignmentRegister", "1") {
        registry = registry_;
        notes = notes_;
        financing = financing_;
    }

    /// @inheritdoc IAssignmentRegister
    function register(Entry[] calldata entries) external override {
        if (entries.length == 0) revert NothingToRecord();
        for (uint256 i = 0; i < entries.length; ++i) {
            Registration calldata r = entries[i].registration;
            _checkDeal(r, entries[i].quote);
            _record(r);
            _useWord(r, entries[i].signature);
        }
    }

    /// @inheritdoc IAssignmentRegister
    function notifyDebtor(NoteId[] calldata ids) external override {
        if (ids.length == 0) revert NothingToRecord();
        (PartyId caller, ) = registry.actor(_msgSender(), Rights.ACT, 0);
        uint64 now_ = uint64(block.timestamp);
        for (uint256 i = 0; i < ids.length; ++i) {
            NoteId id = ids[i];
            IReceivableNotes.Note memory n = _bought(id);
            if (caller != n.holder && caller != notes.receivable(n.receivable).debtor) {
                revert NotAssigneeNorDebtor(id, caller);
            }
            Assignment storage a = _assignments[id];
            if (a.debtorNotifiedAt != 0) revert DebtorNotifiedAlready(id, a.debtorNotifiedAt);
            a.debtorNotifiedAt = now_;
            emit DebtorNotified(id, caller, now_);
        }
    }

    /// @inheritdoc IAssignmentRegister
    function assignmentOf(NoteId id) external view override returns (Assignment memory) {
        return _assignments[id];
    }

    /// @inheritdoc IAssignmentRegister
    function precedence(NoteId first, NoteId second) external view override returns (Precedence) {
        Assignment memory a = _assignments[first];
        Assignment memory b = _assignments[second];
        if (a.registeredAt != 0 || b.registeredAt != 0) return _earlier(a.registeredAt, b.registeredAt);
        return _earlier(a.debtorNotifiedAt, b.debtorNotifiedAt);
    }

    /// @inheritdoc IAssignmentRegister
    function registrationDigest(Registration calldata registration) external view override returns (bytes32) {
        return _digest(registration);
    }

    /// @dev Never is later than any time.
    function _earlier(uint64 a, uint64 b) private pure returns (Precedence) {
        if (a == b) return Precedence.InProportion;
        return b == 0 || (a != 0 && a < b) ? Precedence.First : Precedence.Second;
    }

    function _bought(NoteId id) private view returns (IReceivableNotes.Note memory n) {
        n = notes.note(id);
        uint16 ways = n.flags & (NoteFlags.FINANCED | NoteFlags.REASSIGNED | NoteFlags.RETURNED);
        if (ways != NoteFlags.FINANCED) revert NotBoughtNote(id);
    }

    /// @dev The financing desk knows what was taken of a quote by its digest, so the quote proves the deal's reference.
    function _checkDeal(Registration calldata r, IFinancingDesk.Quote calldata q) private view {
        IReceivableNotes.Note memory n = _bought(r.note);
        if (q.note != n.parent || q.financier != n.holder || !financing.wasTaken(q)) {
            revert QuoteOfOtherDeal(r.note, financing.quoteDigest(q));
        }
        bool other = q.registryReference != 0 && q.registryReference != r.registryReference;
        if (r.registryReference == 0 || other) {
            revert ReferenceOfOtherDeal(r.note, r.registryReference, q.registryReference);
        }
    }

    function _record(Registration calldata r) private {
        if (r.registeredAt == 0 || r.registeredAt > block.timestamp) {
            revert RegistrationTimeInvalid(r.note, r.registeredAt);
        }
        Assignment storage a = _assignments[r.note];
        if (a.registeredAt != r.replaces) revert RegistrationReplaced(r.note, a.registeredAt, r.replaces);
        (a.registeredAt, a.recordedAt) = (r.registeredAt, uint64(block.timestamp));
        emit AssignmentRegistered(r.note, r.registryReference, r.signer, r.registeredAt, r.replaces, r.nonce);
    }

    function _useWord(Registration calldata r, bytes calldata signature) private {
        if (block.timestamp > r.deadline) revert RegistrationExpired(r.deadline);
        if (isRegistrationNonceUsed[r.signer][r.nonce]) revert RegistrationUsedAlready(r.signer, r.nonce);
        isRegistrationNonceUsed[r.signer][r.nonce] = true;
        registry.actor(r.signer, Rights.ACT, Roles.REGISTRAR);
        bytes32 digest = _digest(r);
        if (!Signatures.isValid(r.signer, digest, signature)) revert RegistrationInvalid(r.signer, digest);
    }

    /// @dev Every member is one static word, in the order of the type: the struct's own encoding is the EIP-712 one.
    function _digest(Registration calldata r) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REGISTRATION_TYPEHASH, r)));
    }
}
