// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "./interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "./interfaces/IReceivableNotes.sol";
import { ConfirmationHash } from "./libraries/ConfirmationHash.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { PartyId, ReceivableId } from "./types/Ids.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {ICreditRegister}.
contract CreditRegister is ICreditRegister, PartyContext, EIP712 {
    IParticipantRegistry public immutable registry;
    mapping(PartyId => mapping(address currency => Line)) private _lines;
    mapping(bytes32 fingerprint => Claim) private _claims;
    mapping(PartyId => uint32) public override overdueCount;
    mapping(address signer => mapping(uint256 word => uint256 bits)) private _usedNonces;
    mapping(address => bool) public override isWriter;

    modifier onlyWriter() {
        if (!isWriter[msg.sender]) revert NotWriter(msg.sender);
        _;
    }

    constructor(
        address authority,
        address forwarder,
        IParticipantRegistry registry_
    ) PartyContext(authority, forwarder) EIP712("Cascade CreditRegister", "1") {
        registry = registry_;
    }

    // -- administration

    /// @inheritdoc ICreditRegister
    function setLine(PartyId debtor, address currency, uint96 limit) external override restricted {
        _lines[debtor][currency].limit = limit;
        emit LineSet(debtor, currency, limit);
    }

    /// @inheritdoc ICreditRegister
    function setWriter(address notes, bool allowed) external override restricted {
        isWriter[notes] = allowed;
        emit WriterSet(notes, allowed);
    }

    // -- note contracts

    /// @inheritdoc ICreditRegister
    function open(
        address notes,
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        Attestation calldata attestation,
        ReceivableId first
    ) external override onlyWriter {
        requireNotOverdue(debtor);
        uint256 total;
        for (uint256 i = 0; i < items.length; ++i) {
            _claim(notes, items[i].fingerprints, ReceivableId.wrap(ReceivableId.unwrap(first) + uint40(i)));
            total += items[i].amount;
        }
        _draw(debtor, currency, total);
        _useAttestation(debtor, currency, items, attestation);
    }

    /// @inheritdoc ICreditRegister
    function free(PartyId debtor, address currency, uint96 amount) external override onlyWriter {
        Line storage l = _lines[debtor][currency];
        uint96 used = l.used - amount;
        l.used = used;
        emit LineUsed(debtor, currency, used);
    }

    /// @inheritdoc ICreditRegister
    function restore(PartyId debtor, address currency, uint96 amount) external override onlyWriter {
        Line storage l = _lines[debtor][currency];
        uint96 used = l.used + amount;
        l.used = used;
        emit LineUsed(debtor, currency, used);
    }

    /// @inheritdoc ICreditRegister
    function countOverdue(PartyId debtor) external override onlyWriter {
        emit OverdueCounted(debtor, ++overdueCount[debtor]);
    }

    /// @inheritdoc ICreditRegister
    function uncountOverdue(PartyId debtor) external override onlyWriter {
        emit OverdueCounted(debtor, --overdueCount[debtor]);
    }

    // -- anyone

    /// @inheritdoc ICreditRegister
    function release(bytes32[] calldata fingerprints) external override {
        for (uint256 i = 0; i < fingerprints.length; ++i) {
            bytes32 fingerprint = fingerprints[i];
            Claim memory c = _claims[fingerprint];
            if (c.notes == address(0)) revert NotClaimed(fingerprint);
            if (!IReceivableNotes(c.notes).isCancelled(c.receivable)) revert ReceivableNotCancelled(c.receivable);
            delete _claims[fingerprint];
            emit FingerprintReleased(fingerprint, c.notes, c.receivable);
        }
    }

    // -- reading

    /// @inheritdoc ICreditRegister
    function requireNotOverdue(PartyId debtor) public view override {
        uint32 count = overdueCount[debtor];
        if (count != 0) revert DebtorOverdue(debtor, count);
    }

    /// @inheritdoc ICreditRegister
    function line(PartyId debtor, address currency) external view override returns (Line memory) {
        return _lines[debtor][currency];
    }

    /// @inheritdoc ICreditRegister
    function claimOf(bytes32 fingerprint) external view override returns (Claim memory) {
        return _claims[fingerprint];
    }

    /// @inheritdoc ICreditRegister
    function isAttestationNonceUsed(address signer, uint256 nonce) external view override returns (bool) {
        return _usedNonces[signer][nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    /// @inheritdoc ICreditRegister
    function confirmationDigest(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) public view override returns (bytes32) {
        return _hashTypedDataV4(ConfirmationHash.batch(debtor, currency, items, signer, nonce, deadline));
    }

    // -- internals

    function _claim(address notes, bytes32[] calldata fingerprints, ReceivableId receivable) private {
        if (fingerprints.length == 0) revert FingerprintMissing();
        for (uint256 i = 0; i < fingerprints.length; ++i) {
            bytes32 fingerprint = fingerprints[i];
            Claim storage c = _claims[fingerprint];
            if (c.notes != address(0)) revert AlreadyClaimed(fingerprint, c.notes, c.receivable);
            (c.notes, c.receivable) = (notes, receivable);
            emit FingerprintClaimed(fingerprint, notes, receivable);
        }
    }

    function _draw(PartyId debtor, address currency, uint256 amount) private {
        Line storage l = _lines[debtor][currency];
        uint256 used = l.used + amount;
        if (used > l.limit) revert OverLine(debtor, currency, amount, l.limit > l.used ? l.limit - l.used : 0);
        l.used = uint96(used);
        emit LineUsed(debtor, currency, uint96(used));
    }

    /// @dev Effects before the call to a registrar's contract wallet, if it is one.
    function _useAttestation(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        Attestation calldata a
    ) private {
        if (block.timestamp > a.deadline) revert AttestationExpired(a.deadline);
        registry.actor(a.signer, Rights.ACT, Roles.REGISTRAR);
        uint256 bit = 1 << (a.nonce & 0xff);
        mapping(uint256 word => uint256 bits) storage used = _usedNonces[a.signer];
        if (used[a.nonce >> 8] & bit != 0) revert AttestationUsedAlready(a.signer, a.nonce);
        used[a.nonce >> 8] |= bit;
        bytes32 digest = confirmationDigest(debtor, currency, items, a.signer, a.nonce, a.deadline);
        emit AttestationUsed(a.signer, a.nonce, digest);
        if (!Signatures.isValid(a.signer, digest, a.signature)) revert AttestationInvalid(a.signer, digest);
    }
}
