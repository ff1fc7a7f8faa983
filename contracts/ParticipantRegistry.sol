// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import { PartyContext } from "./PartyContext.sol";
import { IParticipantRegistry } from "./interfaces/IParticipantRegistry.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { Day, PartyId } from "./types/Ids.sol";
import { Rights, Roles } from "./types/Roles.sol";

/// @notice The manual is the interface, {IParticipantRegistry}.
contract ParticipantRegistry is IParticipantRegistry, PartyContext, EIP712 {
    bytes32 private constant ADD_ACCOUNT_TYPEHASH = keccak256(
        "AddAccount(uint32 party,address account,uint8 rights,bytes32 evidenceHash,uint256 deadline)"
    );

    uint32 public override partyCount;
    mapping(PartyId => Party) private _parties;
    mapping(address => Account) private _accounts;
    mapping(bytes32 => PartyId) public override partyOfCreditCode;

    constructor(
        address authority,
        address forwarder
    ) PartyContext(authority, forwarder) EIP712("Cascade ParticipantRegistry", "1") {}

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
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        bytes32 digest = addAccountDigest(id, account_, rights, evidenceHash, deadline);
        if (!Signatures.isValid(account_, digest, signature)) revert InvalidSignature(account_);
        _bind(account_, id, rights, evidenceHash);
    }

    /// @inheritdoc IParticipantRegistry
    function setRights(address account_, uint8 rights) external override {
        (PartyId id, ) = actor(_msgSender(), Rights.ADMINISTER, 0);
        _checkRights(rights);
        Account storage a = _accounts[account_];
        if (a.party != id) revert AccountBoundElsewhere(account_, a.party);
        uint8 before = a.rights;
        uint8 now_ = rights | (before & Rights.SETTLE);
        if (now_ == 0) delete _accounts[account_];
        else a.rights = now_;
        emit AccountSet(account_, id, now_, 0);
        if (before & ~now_ & Rights.QUOTE != 0) _raiseQuoteEpoch(id);
    }

    /// @inheritdoc IParticipantRegistry
    function raiseQuoteEpoch() external override {
        (PartyId id, ) = actor(_msgSender(), Rights.QUOTE, 0);
        _raiseQuoteEpoch(id);
    }

    // -- reading

    /// @inheritdoc IParticipantRegistry
    function actor(
        address account_,
        uint8 right,
        uint16 role
    ) public view override returns (PartyId id, address settlementAccount) {
        Account storage a = _accounts[account_];
        uint8 rights;
        (id, rights) = (a.party, a.rights);
        if (rights & right == 0) revert MissingRight(account_, id, rights, right);
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
        return _accounts[account_];
    }

    /// @inheritdoc IParticipantRegistry
    function addAccountDigest(
        PartyId id,
        address account_,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline
    ) public view override returns (bytes32) {
        return
            _hashTypedDataV4(keccak256(abi.encode(ADD_ACCOUNT_TYPEHASH, id, account_, rights, evidenceHash, deadline)));
    }

    // -- internals

    function _admit(PartyId id, Admission calldata a) private {
        if (a.creditCodeHash == 0) revert CreditCodeMissing();
        PartyId other = partyOfCreditCode[a.creditCodeHash];
        if (PartyId.unwrap(other) != 0) revert CreditCodeAlreadyAdmitted(a.creditCodeHash, other);
        _checkRoles(a.roles);
        if (a.identityExpiry < BusinessDay.today()) revert IdentityExpired(id, a.identityExpiry);
        partyOfCreditCode[a.creditCodeHash] = id;
        _parties[id] = Party(a.settlementAccount, a.roles, Status.Active, a.identityExpiry, 0);
        emit PartyAdmitted(id, a.creditCodeHash, a.roles, a.identityExpiry, a.settlementAccount);
        if (a.settlementAccount == a.administrator) {
            _bind(a.administrator, id, Rights.GRANTABLE | Rights.SETTLE, a.evidenceHash);
        } else {
            _bind(a.settlementAccount, id, Rights.SETTLE, a.evidenceHash);
            _bind(a.administrator, id, Rights.GRANTABLE, a.evidenceHash);
        }
    }

    function _bind(address account_, PartyId id, uint8 rights, bytes32 evidenceHash) private {
        if (account_ == address(0) || account_ == address(this)) revert InvalidAccount(account_);
        Account storage a = _accounts[account_];
        if (PartyId.unwrap(a.party) != 0) revert AccountBoundElsewhere(account_, a.party);
        _accounts[account_] = Account(id, rights);
        emit AccountSet(account_, id, rights, evidenceHash);
    }

    function _raiseQuoteEpoch(PartyId id) private {
        emit QuoteEpochRaised(id, ++_parties[id].quoteEpoch);
    }

    function _known(PartyId id) private view returns (Party storage p) {
        p = _parties[id];
        if (p.status == Status.None) revert UnknownParty(id);
    }

    function _requireActive(PartyId id, uint16 role, Day today) private view returns (address) {
        Party storage p = _parties[id];
        Status status = p.status;
        if (status == Status.None) revert UnknownParty(id);
        if (status == Status.Suspended) revert PartyIsSuspended(id);
        if (p.identityExpiry < today) revert IdentityExpired(id, p.identityExpiry);
        if (role != 0 && p.roles & role == 0) revert MissingRole(id, p.roles, role);
        return p.settlementAccount;
    }

    function _checkRoles(uint16 roles) private pure {
        if (roles == 0 || roles & ~Roles.ALL != 0) revert InvalidRoles(roles);
    }

    function _checkRights(uint8 rights) private pure {
        if (rights & ~Rights.GRANTABLE != 0) revert InvalidRights(rights);
    }
}
