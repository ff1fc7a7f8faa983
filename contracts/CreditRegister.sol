// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { InvoiceBook } from "./credit/InvoiceBook.sol";
import { ICreditRegister } from "./interfaces/ICreditRegister.sol";
import { IIssuanceDesk } from "./interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { AttestationHash } from "./libraries/AttestationHash.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { PartyId, ReceivableId } from "./types/Ids.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {ICreditRegister}.
contract CreditRegister is InvoiceBook, PartyContext, EIP712 {
    IParticipantRegistry public immutable registry;
    mapping(PartyId => mapping(address currency => Line)) private _lines;
    mapping(PartyId => uint32) public override overdueCount;
    mapping(address signer => mapping(uint256 word => uint256 bits)) private _usedNonces;
    mapping(address => Writer) private _writers;

    modifier onlyWriter() {
        _writer();
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
    function setWriter(address writer, address notes) external override restricted {
        if (notes == address(0)) delete _writers[writer];
        else _writers[writer] = Writer(notes, _number(notes));
        emit WriterSet(writer, notes);
    }

    // -- note contracts

    /// @inheritdoc ICreditRegister
    function open(
        PartyId debtor,
        address currency,
        IIssuanceDesk.Confirmation[] calldata items,
        Attestation calldata attestation,
        ReceivableId first
    ) external override {
        Writer memory writer = _writer();
        requireNotOverdue(debtor);
        uint256 total;
        for (uint256 i = 0; i < items.length; ++i) {
            ReceivableId receivable = ReceivableId.wrap(ReceivableId.unwrap(first) + uint40(i));
            uint256 backed = _claim(writer, receivable, items[i].invoices);
            if (backed != items[i].amount) revert ClaimsNotExact(backed, items[i].amount);
            total += backed;
        }
        _draw(debtor, currency, total);
        _useAttestation(
            attestation,
            confirmationDigest(debtor, currency, items, attestation.signer, attestation.nonce, attestation.deadline)
        );
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
    function credit(CreditNote[] calldata items, Attestation calldata attestation) external override {
        for (uint256 i = 0; i < items.length; ++i) _credit(items[i]);
        _useAttestation(attestation, creditDigest(items, attestation.signer, attestation.nonce, attestation.deadline));
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
    function notesOf(address writer) external view override returns (address) {
        return _writers[writer].notes;
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
        return _hashTypedDataV4(AttestationHash.confirmations(debtor, currency, items, signer, nonce, deadline));
    }

    /// @inheritdoc ICreditRegister
    function creditDigest(
        CreditNote[] calldata items,
        address signer,
        uint256 nonce,
        uint256 deadline
    ) public view override returns (bytes32) {
        return _hashTypedDataV4(AttestationHash.creditNotes(items, signer, nonce, deadline));
    }

    // -- internals

    function _writer() private view returns (Writer memory writer) {
        writer = _writers[msg.sender];
        if (writer.number == 0) revert NotWriter(msg.sender);
    }

    function _draw(PartyId debtor, address currency, uint256 amount) private {
        Line storage l = _lines[debtor][currency];
        uint256 used = l.used + amount;
        if (used > l.limit) revert OverLine(debtor, currency, amount, l.limit > l.used ? l.limit - l.used : 0);
        l.used = uint96(used);
        emit LineUsed(debtor, currency, uint96(used));
    }

    /// @dev Effects before the call to a registrar's contract wallet, if it is one.
    function _useAttestation(Attestation calldata a, bytes32 digest) private {
        if (block.timestamp > a.deadline) revert AttestationExpired(a.deadline);
        registry.actor(a.signer, Rights.ACT, Roles.REGISTRAR);
        uint256 bit = 1 << (a.nonce & 0xff);
        mapping(uint256 word => uint256 bits) storage used = _usedNonces[a.signer];
        if (used[a.nonce >> 8] & bit != 0) revert AttestationUsedAlready(a.signer, a.nonce);
        used[a.nonce >> 8] |= bit;
        emit AttestationUsed(a.signer, a.nonce, digest);
        if (!Signatures.isValid(a.signer, digest, a.signature)) revert AttestationInvalid(a.signer, digest);
    }
}
