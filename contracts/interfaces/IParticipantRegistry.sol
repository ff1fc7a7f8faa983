// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IDelayedChanges } from "./IDelayedChanges.sol";
import { Day, PartyId } from "../types/Ids.sol";

/// @title Who is admitted, in which roles, and who may act for whom
/// @notice A party is an admitted legal person. Notes belong to parties; accounts (keys or contract wallets) act for
/// them within their rights. Cash goes to the party's settlement account. An address serves one party at most.
///
/// Keys come and go and no note moves: to rotate a key, add the new account and remove the old one. A party may remove
/// its last administrator. Its other accounts then go on within their rights, nobody is left to veto, and the way back
/// is recovery ({IDelayedChanges}), as for a lost key: a registry cannot know which keys are lost, so refusing the last
/// removal would promise more than it holds.
///
/// The network operator's acts go through the AccessManager: admission and the like under a role with a delay,
/// suspension under one without. No act of a party is restricted so.
interface IParticipantRegistry is IDelayedChanges {
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
    /// @param evidenceHash Hash of the evidence of the administrator's authority, and that the settlement account is
    /// the party's.
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
    /// @dev `rights` is the whole set from now on; 0 is removal. `evidenceHash` is 0 where rights were only taken.
    event AccountSet(address indexed account, PartyId indexed party, uint8 rights, bytes32 evidenceHash);
    /// @dev An account's word to serve a party was taken: its signature under `nonce` counts no more.
    event SignatureUsed(address indexed account, uint256 nonce);

    error UnknownParty(PartyId party);
    /// @dev The legal person is admitted already, as `party`.
    error CreditCodeAlreadyAdmitted(bytes32 creditCodeHash, PartyId party);
    error CreditCodeMissing();
    /// @dev No hash of the evidence of an account's authority.
    error EvidenceMissing();
    /// @dev None, or bits that {Roles} does not have.
    error InvalidRoles(uint16 roles);
    /// @dev Bits that nobody may grant; or none, for a new account.
    error InvalidRights(uint8 rights);
    /// @dev Zero, or one of the protocol's own contracts: the registry's AccessManager, or what it administers.
    error InvalidAccount(address account);
    /// @dev The account serves `party`; 0 where it should serve the caller's and serves none.
    error AccountBoundElsewhere(address account, PartyId party);
    /// @dev The last day of the identity check, held or given, is over.
    error IdentityExpired(PartyId party, Day identityExpiry);
    error PartyIsSuspended(PartyId party);
    error PartyNotSuspended(PartyId party);
    /// @dev The party has `roles`, and none of `required`.
    error MissingRole(PartyId party, uint16 roles, uint16 required);
    /// @dev The account serves `party` (0: nobody) with `rights`, and `required` is not among them.
    error MissingRight(address account, PartyId party, uint8 rights, uint8 required);
    /// @dev The last second for a signature, Unix seconds.
    error DeadlinePassed(uint256 deadline);
    /// @dev The account did not sign just these terms, under its present nonce, for this contract on this chain.
    error InvalidSignature(address signer);

    // -- the operator's acts

    /// @notice Admits parties, in the order given; ids are consecutive.
    /// @dev Emits {PartyAdmitted}, and {AccountSet} for the settlement account and the administrator, for each.
    /// Requirements: caller has the admission role; credit code new; roles valid; identity check not expired; evidence
    /// given; accounts not bound to anyone, and none of the protocol's own contracts. All or none. Gas grows with the number of admissions.
    /// Assumption: the operator has seen each account's holder prove that it holds it; accounts do not sign here.
    /// Reverts {CreditCodeMissing}, {CreditCodeAlreadyAdmitted}, {InvalidRoles}, {IdentityExpired}, {EvidenceMissing},
    /// {InvalidAccount}, {AccountBoundElsewhere}.
    /// @return first Id of the first party admitted.
    function admit(Admission[] calldata admissions) external returns (PartyId first);

    /// @notice Stops a party from starting anything but repayment, at once, and ends its quotes. What its administrators
    /// keep is the veto ({IDelayedChanges}).
    /// @dev Emits {PartySuspended}, {QuoteEpochRaised}. Requirements: caller has the urgent role; party active.
    /// Reverts {UnknownParty}, {PartyIsSuspended}.
    /// @param reasonHash Hash of the reasons, kept off chain.
    function suspend(PartyId party, bytes32 reasonHash) external;

    /// @notice Lets a suspended party act again. Quotes from before stay ended.
    /// @dev Emits {PartyReinstated}. Requirements: caller has the admission role; party suspended.
    /// Reverts {UnknownParty}, {PartyNotSuspended}.
    function reinstate(PartyId party) external;

    /// @notice Replaces the party's roles. What it holds or owes already stays.
    /// @dev Emits {RolesSet}. Requirements: caller has the admission role; roles valid.
    /// Reverts {InvalidRoles}, {UnknownParty}.
    /// @param roles Bits of {Roles}, at least one: the whole set from now on.
    function setRoles(PartyId party, uint16 roles) external;

    /// @notice Records a new identity check. A party whose check has expired starts nothing but repayment.
    /// @dev Emits {IdentityRenewed}. Requirements: caller has the admission role; expiry today or later.
    /// Reverts {UnknownParty}, {IdentityExpired}.
    /// @param identityExpiry Last day on which the identity check holds; may be earlier than before.
    function renewIdentity(PartyId party, Day identityExpiry) external;

    // -- a party's own acts

    /// @notice Binds an account to the caller's party.
    /// @dev Emits {SignatureUsed}, {AccountSet}. Requirements: caller administers an active party; some right, grantable ones alone;
    /// evidence given; `account` is bound to nobody (not to this party either) and signed EIP-712
    /// `AddAccount(uint32 party,address account,uint8 rights,bytes32 evidenceHash,uint256 nonce,uint256 deadline)` under
    /// its nonce, by key or by ERC-1271. Reverts {MissingRight}, {PartyIsSuspended}, {IdentityExpired}, {InvalidRights},
    /// {EvidenceMissing}, {InvalidAccount}, {AccountBoundElsewhere}, {DeadlinePassed}, {InvalidSignature}.
    /// @param rights Bits of {Rights}, grantable ones, at least one.
    /// @param evidenceHash Hash of the evidence of the account's authority.
    /// @param deadline Unix seconds; the signature counts up to and including it.
    function addAccount(
        address account,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Limits, widens or (rights 0) removes an account of the caller's party, the caller's own and the last
    /// administrator's too. Ends the party's quotes when the account loses the quote right.
    /// @dev Emits {AccountSet}, perhaps {QuoteEpochRaised}. The settlement right stays as it is: see
    /// {IDelayedChanges-announceSettlementChange}. A removed account may serve another party.
    /// Requirements: caller administers the account's party, which is active; grantable rights alone; evidence given when
    /// a right is added. Reverts {MissingRight}, {PartyIsSuspended}, {IdentityExpired}, {InvalidRights},
    /// {AccountBoundElsewhere}, {EvidenceMissing}.
    /// @param rights Bits of {Rights}, grantable ones: the whole set from now on.
    /// @param evidenceHash Hash of the evidence of the account's authority for them. It may be 0 when rights are only
    /// taken: what was shown for those that stay goes on.
    function setRights(address account, uint8 rights, bytes32 evidenceHash) external;

    /// @notice Ends every quote that the caller's party has signed.
    /// @dev Emits {QuoteEpochRaised}. Requirements: caller has the quote right of an active party.
    /// Reverts {MissingRight}, {PartyIsSuspended}, {IdentityExpired}.
    function raiseQuoteEpoch() external;

    // -- what other contracts ask

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
    /// @param role Bits of {Roles}: one of them is enough; 0 asks for none.
    function requireActive(PartyId[] calldata parties, uint16 role) external view returns (address[] memory);

    // -- reading

    /// @return The settlement account of any party, active or not. Zero for an unknown one.
    function settlementAccountOf(PartyId party) external view returns (address);

    /// @return The settlement accounts of any parties, active or not. Zero for an unknown one.
    function settlementAccounts(PartyId[] calldata parties) external view returns (address[] memory);

    /// @return The party's facts; all zero for an unknown one.
    function party(PartyId id) external view returns (Party memory);

    /// @return Whom an account serves, with which rights; all zero for an unbound one.
    function account(address account_) external view returns (Account memory);

    /// @return How many signatures of the account were used here: the nonce that its next one must hold. It stays when
    /// the account is removed.
    function nonces(address account_) external view returns (uint256);

    /// @return The party that was admitted with a credit code; 0 when none was.
    function partyOfCreditCode(bytes32 creditCodeHash) external view returns (PartyId);

    /// @return How many parties were admitted: the highest id.
    function partyCount() external view returns (uint32);

    /// @return The digest that `account` signs, under its present nonce, to be added.
    function addAccountDigest(
        PartyId party_,
        address account_,
        uint8 rights,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view returns (bytes32);
}
