// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { PartyBook } from "./PartyBook.sol";
import { IDelayedChanges } from "./interfaces/IDelayedChanges.sol";
import { BusinessDay } from "./libraries/BusinessDay.sol";
import { PartyId } from "./types/Ids.sol";
import { Rights } from "./types/Roles.sol";

/// @notice Recovery of a party and change of its settlement account: announced, open to veto, finished by anyone. The
/// manual is the interface, {IDelayedChanges}.
abstract contract DelayedChanges is PartyBook {
    bytes32 private constant RECOVERY_TYPEHASH = keccak256(
        "RecoverParty(uint32 party,address account,address[] removed,bytes32 evidenceHash,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SETTLEMENT_TYPEHASH = keccak256(
        "ChangeSettlement(uint32 party,address account,bytes32 evidenceHash,uint256 nonce,uint256 deadline)"
    );

    mapping(PartyId => Recovery) private _recoveries;
    mapping(PartyId => SettlementChange) private _settlementChanges;

    // -- recovery

    /// @inheritdoc IDelayedChanges
    function announceRecovery(
        PartyId id,
        address account_,
        address[] calldata removed,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external override restricted {
        _known(id);
        _checkEvidence(evidenceHash);
        _checkFree(account_, id);
        bytes32 removedHash = _hashOf(removed);
        _checkSigned(account_, _recoveryHash(id, account_, removedHash, evidenceHash, deadline), deadline, signature);
        uint48 readyAt = _readyAt();
        _recoveries[id] = Recovery(account_, readyAt, evidenceHash, removedHash);
        emit RecoveryAnnounced(id, account_, readyAt, evidenceHash, removedHash);
        for (uint256 i = 0; i < removed.length; ++i) emit RecoveryRemoves(id, removed[i]);
    }

    /// @inheritdoc IDelayedChanges
    function vetoRecovery() external override {
        address by = _msgSender();
        PartyId id = _partyWithRight(by, Rights.ADMINISTER);
        emit RecoveryVetoed(id, _endRecovery(id), by);
    }

    /// @inheritdoc IDelayedChanges
    function withdrawRecovery(PartyId id) external override restricted {
        emit RecoveryWithdrawn(id, _endRecovery(id));
    }

    /// @inheritdoc IDelayedChanges
    function finishRecovery(PartyId id, address[] calldata removed) external override {
        Recovery memory r = _recoveries[id];
        _checkReady(id, r.account, r.readyAt);
        bytes32 removedHash = _hashOf(removed);
        if (removedHash != r.removedHash) revert RemovedNotAsAnnounced(id, r.removedHash, removedHash);
        _checkFree(r.account, id);
        delete _recoveries[id];
        uint8 lost;
        for (uint256 i = 0; i < removed.length; ++i) {
            if (_bindings[removed[i]].party == id) lost |= _remove(removed[i], id);
        }
        if (lost & Rights.QUOTE != 0) _raiseQuoteEpoch(id);
        _grant(r.account, id, Rights.GRANTABLE, r.evidenceHash);
        address heading = _settlementChanges[id].account;
        if (heading != address(0)) {
            delete _settlementChanges[id];
            emit SettlementChangeVetoed(id, heading, r.account);
        }
        emit RecoveryFinished(id, r.account);
    }

    // -- settlement account

    /// @inheritdoc IDelayedChanges
    function announceSettlementChange(
        address account_,
        bytes32 evidenceHash,
        uint256 deadline,
        bytes calldata signature
    ) external override {
        (PartyId id, address present) = actor(_msgSender(), Rights.ADMINISTER, 0);
        _checkEvidence(evidenceHash);
        if (account_ == present) revert AlreadySettlementAccount(id, account_);
        _checkFree(account_, id);
        _checkSigned(account_, _settlementHash(id, account_, evidenceHash, deadline), deadline, signature);
        uint48 readyAt = _readyAt();
        _settlementChanges[id] = SettlementChange(account_, readyAt, evidenceHash);
        emit SettlementChangeAnnounced(id, account_, readyAt, evidenceHash);
    }

    /// @inheritdoc IDelayedChanges
    function vetoSettlementChange() external override {
        address by = _msgSender();
        PartyId id = _partyWithRight(by, Rights.ADMINISTER);
        address account_ = _settlementChanges[id].account;
        if (account_ == address(0)) revert NothingAnnounced(id);
        delete _settlementChanges[id];
        emit SettlementChangeVetoed(id, account_, by);
    }

    /// @inheritdoc IDelayedChanges
    function finishSettlementChange(PartyId id) external override {
        SettlementChange memory c = _settlementChanges[id];
        _checkReady(id, c.account, c.readyAt);
        _checkFree(c.account, id);
        address before = _requireActive(id, 0, BusinessDay.today());
        delete _settlementChanges[id];
        _parties[id].settlementAccount = c.account;
        _setAccount(before, id, _bindings[before].rights & ~Rights.SETTLE, 0);
        _grant(c.account, id, Rights.SETTLE, c.evidenceHash);
        emit SettlementAccountChanged(id, c.account, before);
    }

    // -- reading

    /// @inheritdoc IDelayedChanges
    function vetoPeriod() public pure override returns (uint48) {
        return 10 days;
    }

    /// @inheritdoc IDelayedChanges
    function recovery(PartyId id) external view override returns (Recovery memory) {
        return _recoveries[id];
    }

    /// @inheritdoc IDelayedChanges
    function settlementChange(PartyId id) external view override returns (SettlementChange memory) {
        return _settlementChanges[id];
    }

    /// @inheritdoc IDelayedChanges
    function recoveryDigest(
        PartyId id,
        address account_,
        address[] calldata removed,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view override returns (bytes32) {
        return _hashTypedDataV4(_recoveryHash(id, account_, _hashOf(removed), evidenceHash, deadline));
    }

    /// @inheritdoc IDelayedChanges
    function settlementChangeDigest(
        PartyId id,
        address account_,
        bytes32 evidenceHash,
        uint256 deadline
    ) external view override returns (bytes32) {
        return _hashTypedDataV4(_settlementHash(id, account_, evidenceHash, deadline));
    }

    // -- internals

    function _endRecovery(PartyId id) private returns (address account_) {
        account_ = _recoveries[id].account;
        if (account_ == address(0)) revert NothingAnnounced(id);
        delete _recoveries[id];
    }

    function _checkReady(PartyId id, address account_, uint48 readyAt) private view {
        if (account_ == address(0)) revert NothingAnnounced(id);
        if (block.timestamp < readyAt) revert ChangeNotReady(id, readyAt);
    }

    function _readyAt() private view returns (uint48) {
        return uint48(block.timestamp) + vetoPeriod();
    }

    function _recoveryHash(
        PartyId id,
        address account_,
        bytes32 removedHash,
        bytes32 evidenceHash,
        uint256 deadline
    ) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(RECOVERY_TYPEHASH, id, account_, removedHash, evidenceHash, nonces(account_), deadline)
            );
    }

    function _settlementHash(
        PartyId id,
        address account_,
        bytes32 evidenceHash,
        uint256 deadline
    ) private view returns (bytes32) {
        return keccak256(abi.encode(SETTLEMENT_TYPEHASH, id, account_, evidenceHash, nonces(account_), deadline));
    }

    /// @dev As EIP-712 hashes an array: elements of an array are padded to words when packed.
    function _hashOf(address[] calldata accounts) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(accounts));
    }
}
