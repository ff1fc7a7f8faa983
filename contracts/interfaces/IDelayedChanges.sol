// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyId } from "../types/Ids.sol";

/// @title What changes who controls a party, or where its cash goes, only after everybody could see it coming
/// @notice Two such changes: the *recovery* of a party whose keys are lost, announced by the network operator, and a
/// new *settlement account*, announced by an administrator of the party. Each is announced, may be vetoed by any
/// administrator of the party until it is finished, and is finished by anyone once {vetoPeriod} has passed.
///
/// One change of each kind is announced per party at most: another announcement takes the place of the one before, and
/// its veto period begins anew. A change that is ready stays ready, and open to veto, until it is finished.
///
/// What recovery is for, and what not. A lost key, or all of them: recovery gives the party an administrator again. A
/// stolen key without the right to administer: an administrator removes it at once, and where none is left the operator
/// suspends the party and has recovery remove it. A stolen administrator's key can veto: the operator suspends the
/// party, which then moves nothing, and who may speak for it is for a court; see the arbiter's orders.
///
/// The operator cannot turn this against a party with an administrator that watches: recovery never touches the
/// settlement account, so cash could be led elsewhere only by two changes, one veto period after the other.
interface IDelayedChanges {
    /// @param account The account that will administer the party, with every grantable right; 0 when none is announced.
    /// @param readyAt Unix seconds; from then on it may be finished.
    /// @param evidenceHash Hash of the evidence of the account's authority.
    /// @param removedHash keccak256 over the accounts to be removed, each as one 32-byte word.
    struct Recovery {
        address account;
        uint48 readyAt;
        bytes32 evidenceHash;
        bytes32 removedHash;
    }

    /// @param account Where the party's cash will go; 0 when no change is announced.
    /// @param readyAt Unix seconds; from then on it may be finished.
    /// @param evidenceHash Hash of the evidence that the account is the party's.
    struct SettlementChange {
        address account;
        uint48 readyAt;
        bytes32 evidenceHash;
    }

    event RecoveryAnnounced(
        PartyId indexed party,
        address indexed account,
        uint48 readyAt,
        bytes32 evidenceHash,
        bytes32 removedHash
    );
    /// @dev One for each account that an announced recovery will remove, in the order in which finishing names them.
    event RecoveryRemoves(PartyId indexed party, address indexed account);
    /// @param by The administrator that vetoed.
    event RecoveryVetoed(PartyId indexed party, address indexed account, address indexed by);
    event RecoveryWithdrawn(PartyId indexed party, address indexed account);
    event RecoveryFinished(PartyId indexed party, address indexed account);
    event SettlementChangeAnnounced(
        PartyId indexed party,
        address indexed account,
        uint48 readyAt,
        bytes32 evidenceHash
    );
    /// @param by The administrator that vetoed, or the one that a recovery has put in charge.
    event SettlementChangeVetoed(PartyId indexed party, address indexed account, address indexed by);
    /// @param account Where the party's cash goes from now on.
    /// @param before Where it went until now.
    event SettlementAccountChanged(PartyId indexed party, address indexed account, address indexed before);

    /// @dev No recovery, or no change of the settlement account, is announced for the party.
    error NothingAnnounced(PartyId party);
    /// @dev The veto period ends at `readyAt`, Unix seconds.
    error ChangeNotReady(PartyId party, uint48 readyAt);
    /// @dev The accounts named at finishing hash to `found`, those announced to `announced`.
    error RemovedNotAsAnnounced(PartyId party, bytes32 announced, bytes32 found);
    error AlreadySettlementAccount(PartyId party, address account);

    // -- recovery

    /// @notice Announces an account that shall administer a party, and the accounts that shall be removed with it: the
    /// way back for a party all of whose keys are lost, whatever its status.
    /// @dev Emits {SignatureUsed}, {RecoveryAnnounced}, {RecoveryRemoves} for each account to be removed.
    /// Requirements: caller has the admission role (its own delay comes first); party known; evidence given; `account`
    /// bound to nobody else, and has signed EIP-712 `RecoverParty(uint32 party,address account,address[] removed,
    /// bytes32 evidenceHash,uint256 nonce,uint256 deadline)` under its nonce ({IParticipantRegistry-nonces}).
    /// Reverts {UnknownParty}, {EvidenceMissing}, {InvalidAccount}, {AccountBoundElsewhere}, {DeadlinePassed},
    /// {InvalidSignature}.
    /// @param account A new account, or one that the party has already.
    /// @param removed Accounts to lose every grantable right when this is finished: lost keys, so that finding one is
    /// worth nothing, and stolen ones. A settlement account among them goes on receiving cash.
    /// @param evidenceHash Hash of the evidence of the account's authority.
    /// @param deadline Unix seconds; the signature counts up to and including it.
    function announceRecovery(
        PartyId party,
        address account,
        address[] calldata removed,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ends an announced recovery of the caller's party.
    /// @dev Emits {RecoveryVetoed}. Requirements: caller administers the party, *suspended and expired ones too*: a veto
    /// starts nothing, and a suspension must not open the way for a recovery. Reverts {MissingRight}, {NothingAnnounced}.
    function vetoRecovery() external;

    /// @notice Ends an announced recovery at once: it was announced by mistake, or by somebody who should not have.
    /// @dev Emits {RecoveryWithdrawn}. Requirements: caller has the urgent role. Reverts {NothingAnnounced}.
    function withdrawRecovery(PartyId party) external;

    /// @notice Puts the announced account in charge of the party, and removes those announced for it; open to anyone.
    /// An announced change of the settlement account ends: nobody knows whose word it was. Ends the party's quotes when
    /// an account that is removed had the quote right.
    /// @dev Emits {AccountSet} for each account removed and for the one recovered, {RecoveryFinished}; perhaps
    /// {QuoteEpochRaised}, {SettlementChangeVetoed}. The party may be suspended or expired, and stays so: recovery is
    /// part of mending it.
    /// Requirements: announced, and {vetoPeriod} over; `removed` as announced; account still bound to nobody else.
    /// Accounts of `removed` that do not serve the party (any more) are passed over. Gas grows with `removed` alone.
    /// Reverts {NothingAnnounced}, {ChangeNotReady}, {RemovedNotAsAnnounced}, {AccountBoundElsewhere}.
    /// @param removed The accounts announced, in order (see {RecoveryRemoves}).
    function finishRecovery(PartyId party, address[] calldata removed) external;

    // -- settlement account

    /// @notice Announces another settlement account for the caller's party. Cash goes to the present one until then.
    /// @dev Emits {SignatureUsed}, {SettlementChangeAnnounced}. Requirements: caller administers an active party; evidence given;
    /// `account` bound to nobody else (so it is nobody else's settlement account) and not the present one; it has signed
    /// EIP-712 `ChangeSettlement(uint32 party,address account,bytes32 evidenceHash,uint256 nonce,uint256 deadline)`
    /// under its nonce. Assumption: it can receive the tokens of every allowed currency.
    /// Reverts {MissingRight}, {PartyIsSuspended}, {IdentityExpired}, {EvidenceMissing}, {AlreadySettlementAccount},
    /// {InvalidAccount}, {AccountBoundElsewhere}, {DeadlinePassed}, {InvalidSignature}.
    /// @param deadline Unix seconds; the signature counts up to and including it.
    function announceSettlementChange(
        address account,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ends an announced change of the settlement account of the caller's party.
    /// @dev Emits {SettlementChangeVetoed}. Requirements: caller administers the party, suspended and expired ones too.
    /// Reverts {MissingRight}, {NothingAnnounced}.
    function vetoSettlementChange() external;

    /// @notice Leads the party's cash to the announced account from now on; open to anyone. The account before loses the
    /// settlement right, and serves the party no more when it had no other.
    /// @dev Emits {AccountSet} for both accounts, {SettlementAccountChanged}. Requirements: announced, and {vetoPeriod}
    /// over; account still bound to nobody else; party active: while it is suspended or expired its cash stays where it
    /// goes, and the change waits. Reverts {NothingAnnounced}, {ChangeNotReady}, {AccountBoundElsewhere},
    /// {PartyIsSuspended}, {IdentityExpired}.
    function finishSettlementChange(PartyId party) external;

    // -- reading

    /// @return Seconds from an announcement to when it may be finished. A constant, longer than any public holiday, so
    /// that a working day is always among them.
    function vetoPeriod() external pure returns (uint48);

    /// @return The recovery that is announced for a party; all zero when there is none.
    function recovery(PartyId party) external view returns (Recovery memory);

    /// @return The change of settlement account that is announced for a party; all zero when there is none.
    function settlementChange(PartyId party) external view returns (SettlementChange memory);

    /// @return The digest that `account` signs, under its present nonce, to take over a party.
    function recoveryDigest(
        PartyId party,
        address account,
        address[] calldata removed,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view returns (bytes32);

    /// @return The digest that `account` signs, under its present nonce, to become a party's settlement account.
    function settlementChangeDigest(
        PartyId party,
        address account,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view returns (bytes32);
}
