// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IFinancingDesk } from "./IFinancingDesk.sol";
import { NoteId, PartyId } from "../types/Ids.sol";

/// @title When a financed note was registered, and when its debtor knew
/// @notice What decides between several financiers of one claim (民法典 第768条): registered before unregistered, the
/// earlier registration before the later; among the unregistered, the one whose notice reached the debtor first; else in
/// proportion. The registry (动产融资统一登记公示系统) is outside the chain: a registrar attests what stands there, and the time
/// of the block is kept beside. It is information: it moves nothing and stops nothing.
/// @dev For notes that came into being by a sale and are still the buyer's first one; a note that came back, or was
/// reassigned by an order, has the priority of no registration of its own.
interface IAssignmentRegister {
    /// @notice One slot. Times are Unix seconds; 0 is never.
    /// @param registeredAt When the registry registered the assignment, as attested.
    /// @param recordedAt When that was attested here.
    /// @param debtorNotifiedAt When the assignee first gave notice, or the debtor acknowledged, here.
    struct Assignment {
        uint64 registeredAt;
        uint64 recordedAt;
        uint64 debtorNotifiedAt;
    }

    /// @notice The registrar's word for one note. EIP-712 `Registration(uint40 note,bytes32 registryReference,uint64
    /// registeredAt,uint64 replaces,address signer,uint256 nonce,uint256 deadline)`.
    /// @param note The buyer's note.
    /// @param registryReference Hash of the registry's number: the deal's own, unless the deal had none.
    /// @param registeredAt When the registry registered it.
    /// @param replaces The `registeredAt` that it corrects; 0 for the first. So no older word undoes a correction.
    /// @param signer An account with the act right of an active registrar.
    /// @param nonce Any number this signer has not used here.
    /// @param deadline Unix seconds; counts up to and including it.
    struct Registration {
        NoteId note;
        bytes32 registryReference;
        uint64 registeredAt;
        uint64 replaces;
        address signer;
        uint256 nonce;
        uint256 deadline;
    }

    /// @param registration The registrar's word.
    /// @param signature Its signature.
    /// @param quote The quote by which the note was bought: the chain keeps its digest, and it names the reference.
    struct Entry {
        Registration registration;
        bytes signature;
        IFinancingDesk.Quote quote;
    }

    enum Precedence {
        InProportion,
        First,
        Second
    }

    /// @dev `replaced` is the time that stood before; 0 for the first.
    event AssignmentRegistered(
        NoteId indexed note,
        bytes32 indexed registryReference,
        address indexed signer,
        uint64 registeredAt,
        uint64 replaced,
        uint256 nonce
    );
    /// @param party The assignee, or the debtor itself.
    event DebtorNotified(NoteId indexed note, PartyId indexed party, uint64 debtorNotifiedAt);

    error NothingToRecord();
    error NotBoughtNote(NoteId note);
    error QuoteOfOtherDeal(NoteId note, bytes32 digest);
    error ReferenceOfOtherDeal(NoteId note, bytes32 registryReference, bytes32 dealReference);
    error RegistrationTimeInvalid(NoteId note, uint64 registeredAt);
    error RegistrationReplaced(NoteId note, uint64 registeredAt, uint64 replaces);
    error RegistrationExpired(uint256 deadline);
    error RegistrationUsedAlready(address signer, uint256 nonce);
    error RegistrationInvalid(address signer, bytes32 digest);
    error NotAssigneeNorDebtor(NoteId note, PartyId caller);
    error DebtorNotifiedAlready(NoteId note, uint64 debtorNotifiedAt);

    /// @notice Anyone brings the registrar's words.
    /// @dev Emits {AssignmentRegistered} each. Requirements: note that came into being by a sale under just this quote; a
    /// reference, that of the deal if it had one; a time that is past; it replaces what stands; by an active registrar, in
    /// time, its nonce unused.
    function register(Entry[] calldata entries) external;

    /// @notice The assignee gives the debtor notice, or the debtor acknowledges. The first counts, and stays.
    /// @dev Emits {DebtorNotified} each. Requirements: caller has the act right of the active holder, or of the active
    /// debtor; note that came into being by a sale; no notice yet.
    function notifyDebtor(NoteId[] calldata notes) external;

    function assignmentOf(NoteId note) external view returns (Assignment memory);

    /// @return Which of two assignments of one claim comes first, by what stands here.
    function precedence(NoteId first, NoteId second) external view returns (Precedence);

    function isRegistrationNonceUsed(address signer, uint256 nonce) external view returns (bool);

    /// @return The digest that the registrar signs.
    function registrationDigest(Registration calldata registration) external view returns (bytes32);
}
