// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Day, PartyId } from "../types/Ids.sol";

/// @title Who is admitted, in which roles, and who may act for whom
/// @notice A party is an admitted legal person. Notes belong to parties; accounts (keys or contract wallets) act for
/// them within their rights. Cash goes to the party's settlement account. An address serves one party at most.
interface IParticipantRegistry {
    enum Status {
        None,
        Active,
        Suspended
    }

    /// @param settlementAccount Where the party's cash goes.
    /// @param roles Bits of {Roles}.
    /// @param status Active or suspended.
    /// @param identityExpiry Last day on which the party's identity check holds.
    /// @param quoteEpoch A quote counts only under the epoch it was signed in.
    struct Party {
        address settlementAccount;
        uint16 roles;
        Status status;
        Day identityExpiry;
        uint32 quoteEpoch;
    }

    /// @param party The party that the account serves; 0 when unbound.
    /// @param rights Bits of {Rights}.
    struct Account {
        PartyId party;
        uint8 rights;
    }

    /// @param creditCodeHash Keyed hash of the unified social credit code (or foreign equivalent).
    /// @param roles Bits of {Roles}, at least one.
    /// @param identityExpiry Last day on which the identity check holds; today or later.
    /// @param settlementAccount Where its cash goes.
    /// @param administrator Its first account, with every grantable right; may be the settlement account.
    /// @param evidenceHash Hash of the evidence of the administrator's authority.
    struct Admission {
        bytes32 creditCodeHash;
        uint16 roles;
        Day identityExpiry;
        address settlementAccount;
        address administrator;
        bytes32 evidenceHash;
    }

    event PartyAdmitted(
        PartyId indexed party,
        bytes32 indexed creditCodeHash,
        uint16 roles,
        Day identityExpiry,
        address settlementAccount
    );
    event PartySuspended(PartyId indexed party, bytes32 reasonHash);
    event PartyReinstated(PartyId indexed party);
    event RolesSet(PartyId indexed party, uint16 roles);
    event IdentityRenewed(PartyId indexed party, Day identityExpiry);
    event QuoteEpochRaised(PartyId indexed party, uint32 quoteEpoch);
    /// @dev `rights` is the whole set from now on; 0 is removal.
    event AccountSet(address indexed account, PartyId indexed party, uint8 rights, bytes32 evidenceHash);

    error UnknownParty(PartyId party);
    error CreditCodeAlreadyAdmitted(bytes32 creditCodeHash, PartyId party);
    error CreditCodeMissing();
    error InvalidRoles(uint16 roles);
    error InvalidRights(uint8 rights);
    error InvalidAccount(address account);
    error AccountBoundElsewhere(address account, PartyId party);
    error IdentityExpired(PartyId party, Day identityExpiry);
    error PartyIsSuspended(PartyId party);
    error PartyNotSuspended(PartyId party);
    error MissingRole(PartyId party, uint16 roles, uint16 required);
    error MissingRight(address account, PartyId party, uint8 rights, uint8 required);
    error DeadlinePassed(uint256 deadline);
    error InvalidSignature(address signer);

    /// @notice Admits parties, in the order given; ids are consecutive.
    /// @dev Emits {PartyAdmitted}, and {AccountSet} for the settlement account and the administrator.
    /// Requirements: caller has the admission role; credit code new; roles valid; identity check not expired; accounts
    /// not bound to anyone. All or none.
    /// @return first Id of the first party admitted.
    function admit(Admission[] calldata admissions) external returns (PartyId first);

    /// @notice Stops a party from starting anything but repayment, at once, and ends its quotes.
    /// @dev Emits {PartySuspended}, {QuoteEpochRaised}. Requirements: caller has the urgent role; party active.
    function suspend(PartyId party, bytes32 reasonHash) external;

    /// @dev Emits {PartyReinstated}. Requirements: caller has the admission role; party suspended.
    function reinstate(PartyId party) external;

    /// @dev Emits {RolesSet}. Requirements: caller has the admission role; roles valid.
    function setRoles(PartyId party, uint16 roles) external;

    /// @dev Emits {IdentityRenewed}. Requirements: caller has the admission role; expiry today or later.
    function renewIdentity(PartyId party, Day identityExpiry) external;

    /// @notice Binds an account to the caller's party.
    /// @dev Emits {AccountSet}. Requirements: caller administers an active party; `account` is bound to nobody and signed
    /// EIP-712 `AddAccount(uint32 party,address account,uint8 rights,bytes32 evidenceHash,uint256 deadline)`.
    /// @param deadline Unix seconds; the signature counts up to and including it.
    function addAccount(
        address account,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Limits, widens or (rights 0) removes an account of the caller's party. Ends the party's quotes when the
    /// account loses the quote right.
    /// @dev Emits {AccountSet}, perhaps {QuoteEpochRaised}. The settlement right stays as it is.
    /// Requirements: caller administers the account's party, which is active.
    function setRights(address account, uint8 rights) external;

    /// @notice Ends every quote that the caller's party has signed.
    /// @dev Emits {QuoteEpochRaised}. Requirements: caller has the quote right of an active party.
    function raiseQuoteEpoch() external;

    /// @notice The party that `account` may act for, and where its cash goes.
    /// @dev Reverts {MissingRight}, {PartyIsSuspended}, {IdentityExpired}, {MissingRole}.
    /// @param right One bit of {Rights}.
    /// @param role Bits of {Roles}: one of them is enough; 0 asks for none.
    function actor(
        address account,
        uint8 right,
        uint16 role
    ) external view returns (PartyId party, address settlementAccount);

    /// @notice Checks that every party is active and has one of the roles; returns their settlement accounts.
    /// @dev Reverts {UnknownParty}, {PartyIsSuspended}, {IdentityExpired}, {MissingRole}.
    function requireActive(PartyId[] calldata parties, uint16 role) external view returns (address[] memory);

    /// @return The settlement account of any party, active or not. Zero for an unknown one.
    function settlementAccountOf(PartyId party) external view returns (address);

    /// @return The settlement accounts of any parties, active or not. Zero for an unknown one.
    function settlementAccounts(PartyId[] calldata parties) external view returns (address[] memory);

    function party(PartyId id) external view returns (Party memory);

    function account(address account_) external view returns (Account memory);

    function partyOfCreditCode(bytes32 creditCodeHash) external view returns (PartyId);

    function partyCount() external view returns (uint32);

    /// @return The digest that `account` signs to be added.
    function addAccountDigest(
        PartyId party_,
        address account_,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view returns (bytes32);
}
