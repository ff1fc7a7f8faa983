// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IAccessManaged } from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { Day, PartyId } from "./types/Ids.sol";
import { Rights } from "./types/Roles.sol";

/// @notice The registry's books of parties and accounts: what the protocol asks of them, and the one way in which an
/// account changes. The manual is the interface, {IParticipantRegistry}.
abstract contract PartyBook is IParticipantRegistry, PartyContext, EIP712 {
    /// @dev One slot. The nonce outlives the binding, so that no signature counts twice.
    struct Binding {
        PartyId party;
        uint8 rights;
        uint32 nonce;
    }

    mapping(PartyId => Party) internal _parties;
    mapping(address => Binding) internal _bindings;

    constructor(
        address authority,
        address forwarder
    ) PartyContext(authority, forwarder) EIP712("Cascade ParticipantRegistry", "1") {}

    // -- reading

    /// @inheritdoc IParticipantRegistry
    function actor(
        address account_,
        uint8 right,
        uint16 role
    ) public view override returns (PartyId id, address settlementAccount) {
        id = _partyWithRight(account_, right);
        settlementAccount = _requireActive(id, role, BusinessDay.today());
    }

    /// @inheritdoc IParticipantRegistry
    function requireActive(
        PartyId[] calldata ids,
        uint16 role
    ) external view override returns (address[] memory settlements) {
        settlements = new address[](ids.length);
        Day today = BusinessDay.today();
        for (uint256 i = 0; i < ids.length; ++i) settlements[i] = _requireActive(ids[i], role, today);
    }

    /// @inheritdoc IParticipantRegistry
    function settlementAccountOf(PartyId id) external view override returns (address) {
        return _parties[id].settlementAccount;
    }

    /// @inheritdoc IParticipantRegistry
    function settlementAccounts(PartyId[] calldata ids) external view override returns (address[] memory settlements) {
        settlements = new address[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) settlements[i] = _parties[ids[i]].settlementAccount;
    }

    /// @inheritdoc IParticipantRegistry
    function party(PartyId id) external view override returns (Party memory) {
        return _parties[id];
    }

    /// @inheritdoc IParticipantRegistry
    function account(address account_) external view override returns (Account memory) {
        Binding storage b = _bindings[account_];
        return Account(b.party, b.rights);
    }

    /// @inheritdoc IParticipantRegistry
    function nonces(address account_) public view override returns (uint256) {
        return _bindings[account_].nonce;
    }

    // -- parties

    function _known(PartyId id) internal view returns (Party storage p) {
        p = _parties[id];
        if (p.status == Status.None) revert UnknownParty(id);
    }

    /// @dev Reads the party's one slot once: this is asked in every act.
    function _requireActive(PartyId id, uint16 role, Day today) internal view returns (address settlementAccount) {
        Party storage p = _parties[id];
        uint16 roles;
        Status status;
        Day expiry;
        (settlementAccount, roles, status, expiry) = (p.settlementAccount, p.roles, p.status, p.identityExpiry);
        if (status == Status.None) revert UnknownParty(id);
        if (status == Status.Suspended) revert PartyIsSuspended(id);
        if (expiry < today) revert IdentityExpired(id, expiry);
        if (role != 0 && roles & role == 0) revert MissingRole(id, roles, role);
    }

    function _raiseQuoteEpoch(PartyId id) internal {
        emit QuoteEpochRaised(id, ++_parties[id].quoteEpoch);
    }

    // -- accounts

    /// @dev The party for which an account has a right, in whatever state that party is.
    function _partyWithRight(address account_, uint8 right) internal view returns (PartyId id) {
        Binding storage b = _bindings[account_];
        uint8 rights;
        (id, rights) = (b.party, b.rights);
        if (rights & right == 0) revert MissingRight(account_, id, rights, right);
    }

    /// @dev The account may come to serve the party, or serves it already.
    function _checkFree(address account_, PartyId id) internal view {
        if (account_ == address(0) || _isProtocol(account_)) revert InvalidAccount(account_);
        PartyId other = _bindings[account_].party;
        if (PartyId.unwrap(other) != 0 && other != id) revert AccountBoundElsewhere(account_, other);
    }

    /// @dev One of the protocol's own contracts, told by the administration that it shares with this one. Cash paid to one
    /// would lie there for good, and nobody could act for the party.
    function _isProtocol(address account_) private view returns (bool) {
        address manager = authority();
        (bool answered, bytes memory answer) = account_.staticcall(abi.encodeCall(IAccessManaged.authority, ()));
        return account_ == manager || (answered && bytes32(answer) == bytes32(uint256(uint160(manager))));
    }

    /// @dev The account itself has said so: uses up its nonce, which the struct's hash holds.
    function _checkSigned(address account_, bytes32 structHash, uint256 deadline, bytes calldata signature) internal {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        if (!Signatures.isValid(account_, _hashTypedDataV4(structHash), signature)) revert InvalidSignature(account_);
        Binding storage b = _bindings[account_];
        emit SignatureUsed(account_, b.nonce);
        ++b.nonce;
    }

    /// @dev The one place where an account's party and rights change. Without a right it serves nobody.
    /// @return lost The rights that it had and has no more.
    function _setAccount(
        address account_,
        PartyId id,
        uint8 rights,
        bytes32 evidenceHash
    ) internal returns (uint8 lost) {
        Binding storage b = _bindings[account_];
        lost = b.rights & ~rights;
        b.party = rights == 0 ? PartyId.wrap(0) : id;
        b.rights = rights;
        emit AccountSet(account_, id, rights, evidenceHash);
    }

    /// @dev Gives rights beside those that the account has.
    function _grant(address account_, PartyId id, uint8 rights, bytes32 evidenceHash) internal {
        _setAccount(account_, id, _bindings[account_].rights | rights, evidenceHash);
    }

    /// @dev Takes every right but that of receiving the party's cash.
    function _remove(address account_, PartyId id) internal returns (uint8 lost) {
        return _setAccount(account_, id, _bindings[account_].rights & Rights.SETTLE, 0);
    }

    function _checkEvidence(bytes32 evidenceHash) internal pure {
        if (evidenceHash == 0) revert EvidenceMissing();
    }
}
