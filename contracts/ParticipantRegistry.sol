// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { DelayedChanges } from "./DelayedChanges.sol";
import { PartyBook } from "./PartyBook.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { Day, PartyId } from "./types/Ids.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IParticipantRegistry}.
contract ParticipantRegistry is DelayedChanges {
    bytes32 private constant ADD_ACCOUNT_TYPEHASH = keccak256(
        "AddAccount(uint32 party,address account,uint8 rights,bytes32 evidenceHash,uint256 nonce,uint256 deadline)"
    );

    uint32 public override partyCount;
    mapping(bytes32 => PartyId) public override partyOfCreditCode;

    constructor(address authority, address forwarder) PartyBook(authority, forwarder) {}

    // -- administration

    /// @inheritdoc IParticipantRegistry
    function admit(Admission[] calldata admissions) external override restricted returns (PartyId first) {
        uint32 count = partyCount;
        first = PartyId.wrap(count + 1);
        for (uint256 i = 0; i < admissions.length; ++i) _admit(PartyId.wrap(++count), admissions[i]);
        partyCount = count;
    }

    /// @inheritdoc IParticipantRegistry
    function suspend(PartyId id, bytes32 reasonHash) external override restricted {
        Party storage p = _known(id);
        if (p.status == Status.Suspended) revert PartyIsSuspended(id);
        p.status = Status.Suspended;
        emit PartySuspended(id, reasonHash);
        _raiseQuoteEpoch(id);
    }

    /// @inheritdoc IParticipantRegistry
    function reinstate(PartyId id) external override restricted {
        Party storage p = _known(id);
        if (p.status != Status.Suspended) revert PartyNotSuspended(id);
        p.status = Status.Active;
        emit PartyReinstated(id);
    }

    /// @inheritdoc IParticipantRegistry
    function setRoles(PartyId id, uint16 roles) external override restricted {
        _checkRoles(roles);
        _known(id).roles = roles;
        emit RolesSet(id, roles);
    }

    /// @inheritdoc IParticipantRegistry
    function renewIdentity(PartyId id, Day identityExpiry) external override restricted {
        Party storage p = _known(id);
        if (identityExpiry < BusinessDay.today()) revert IdentityExpired(id, identityExpiry);
        p.identityExpiry = identityExpiry;
        emit IdentityRenewed(id, identityExpiry);
    }

    // -- parties' own accounts

    /// @inheritdoc IParticipantRegistry
    function addAccount(
        address account_,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external override {
        (PartyId id, ) = actor(_msgSender(), Rights.ADMINISTER, 0);
        _checkRights(rights);
        if (rights == 0) revert InvalidRights(rights);
        _checkEvidence(evidenceHash);
        _checkUnbound(account_);
        _checkSigned(account_, _addAccountHash(id, account_, rights, evidenceHash, deadline), deadline, signature);
        _setAccount(account_, id, rights, evidenceHash);
    }

    /// @inheritdoc IParticipantRegistry
    function setRights(address account_, uint8 rights, bytes32 evidenceHash) external override {
        (PartyId id, ) = actor(_msgSender(), Rights.ADMINISTER, 0);
        _checkRights(rights);
        Binding storage b = _bindings[account_];
        if (b.party != id) revert AccountBoundElsewhere(account_, b.party);
        if (rights & ~b.rights != 0) _checkEvidence(evidenceHash);
        uint8 lost = _setAccount(account_, id, rights | (b.rights & Rights.SETTLE), evidenceHash);
        if (lost & Rights.QUOTE != 0) _raiseQuoteEpoch(id);
    }

    /// @inheritdoc IParticipantRegistry
    function raiseQuoteEpoch() external override {
        (PartyId id, ) = actor(_msgSender(), Rights.QUOTE, 0);
        _raiseQuoteEpoch(id);
    }

    /// @inheritdoc IParticipantRegistry
    function addAccountDigest(
        PartyId id,
        address account_,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view override returns (bytes32) {
        return _hashTypedDataV4(_addAccountHash(id, account_, rights, evidenceHash, deadline));
    }

    // -- internals

    function _admit(PartyId id, Admission calldata a) private {
        if (a.creditCodeHash == 0) revert CreditCodeMissing();
        PartyId other = partyOfCreditCode[a.creditCodeHash];
        if (PartyId.unwrap(other) != 0) revert CreditCodeAlreadyAdmitted(a.creditCodeHash, other);
        _checkRoles(a.roles);
        if (a.identityExpiry < BusinessDay.today()) revert IdentityExpired(id, a.identityExpiry);
        _checkEvidence(a.evidenceHash);
        _checkUnbound(a.settlementAccount);
        _checkUnbound(a.administrator);
        partyOfCreditCode[a.creditCodeHash] = id;
        _parties[id] = Party(a.settlementAccount, a.roles, Status.Active, a.identityExpiry, 0);
        emit PartyAdmitted(id, a.creditCodeHash, a.roles, a.identityExpiry, a.settlementAccount);
        if (a.settlementAccount == a.administrator) {
            _setAccount(a.administrator, id, Rights.GRANTABLE | Rights.SETTLE, a.evidenceHash);
        } else {
            _setAccount(a.settlementAccount, id, Rights.SETTLE, a.evidenceHash);
            _setAccount(a.administrator, id, Rights.GRANTABLE, a.evidenceHash);
        }
    }

    /// @dev An account serves one party at most, and is added to it once.
    function _checkUnbound(address account_) private view {
        _checkFree(account_, PartyId.wrap(0));
    }

    function _addAccountHash(
        PartyId id,
        address account_,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline
    ) private view returns (bytes32) {
        return
            keccak256(abi.encode(ADD_ACCOUNT_TYPEHASH, id, account_, rights, evidenceHash, nonces(account_), deadline));
    }

    function _checkRoles(uint16 roles) private pure {
        if (roles == 0 || roles & ~Roles.ALL != 0) revert InvalidRoles(roles);
    }

    function _checkRights(uint8 rights) private pure {
        if (rights & ~Rights.GRANTABLE != 0) revert InvalidRights(rights);
    }
}
