// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IAssignmentRegister } from "../../../contracts/interfaces/IAssignmentRegister.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { NoteId, PartyId } from "../../../contracts/types/Ids.sol";
import { Roles } from "../../../contracts/types/Roles.sol";

/// @notice When what was bought was registered, and when its debtor knew.
contract AssignmentTest is Suite {
    NoteId private root;
    NoteId private bought;
    IFinancingDesk.Quote private bid;
    IAssignmentRegister.Registration private word;

    function setUp() public override {
        super.setUp();
        (, root) = _found();
        bid = _quote(financier, tier1, root);
        bought = _take(1_000);
        word = IAssignmentRegister.Registration(
            bought,
            REGISTERED,
            uint64(block.timestamp - 60),
            0,
            registrar.account,
            1,
            block.timestamp + 10
        );
    }

    function _take(uint96 amount) private returns (NoteId) {
        IFinancingDesk.Deal[] memory deals = _one(_deal(financier, bid, amount));
        vm.prank(tier1.account);
        return financing.finance(deals)[0];
    }

    function _entry() private view returns (IAssignmentRegister.Entry[] memory entries) {
        bytes memory signature = Signing.sign(registrar.key, Signing.registration(address(assignments), word));
        entries = new IAssignmentRegister.Entry[](1);
        entries[0] = IAssignmentRegister.Entry(word, signature, bid);
    }

    function _register() private {
        assignments.register(_entry());
    }

    function _registerRefused(bytes memory reason) private {
        IAssignmentRegister.Entry[] memory entries = _entry();
        _refused(reason);
        assignments.register(entries);
    }

    function _isAssigned(NoteId id, uint256 registeredAt, uint256 recordedAt, uint256 notifiedAt) private view {
        IAssignmentRegister.Assignment memory a = assignments.assignmentOf(id);
        _eq(a.registeredAt, registeredAt, "registered");
        _eq(a.recordedAt, recordedAt, "recorded");
        _eq(a.debtorNotifiedAt, notifiedAt, "notified");
    }

    // -- registration

    function test_register_withTheBlocksTimeBeside() external {
        vm.assertEq(
            assignments.registrationDigest(word),
            Signing.registration(address(assignments), word),
            "the documented digest"
        );
        _emits(address(assignments));
        emit IAssignmentRegister.AssignmentRegistered(bought, REGISTERED, registrar.account, word.registeredAt, 0, 1);
        _register();
        _isAssigned(bought, word.registeredAt, block.timestamp, 0);
        vm.assertTrue(assignments.isRegistrationNonceUsed(registrar.account, 1), "nonce");
        (word.replaces, word.nonce) = (word.registeredAt, 2);
        word.registeredAt -= 5;
        vm.warp(block.timestamp + 5);
        _register();
        _isAssigned(bought, word.registeredAt, block.timestamp, 0);
    }

    function test_register_nothing() external {
        _refused(_error(IAssignmentRegister.NothingToRecord.selector));
        assignments.register(new IAssignmentRegister.Entry[](0));
    }

    function test_register_ofThatDealAlone() external {
        word.note = root;
        _registerRefused(abi.encodeWithSelector(IAssignmentRegister.NotBoughtNote.selector, root));
        word.note = bought;
        bid.maxAmount -= 1;
        _wrongQuote();
        bid.maxAmount += 1;
        bid.note = bought;
        _wrongQuote();
        bid.note = root;
        bid.financier = financier2.id;
        _wrongQuote();
    }

    function _wrongQuote() private {
        bytes32 digest = financing.quoteDigest(bid);
        _registerRefused(abi.encodeWithSelector(IAssignmentRegister.QuoteOfOtherDeal.selector, bought, digest));
    }

    function test_register_underTheDealsReference() external {
        word.registryReference = TRADE;
        _registerRefused(
            abi.encodeWithSelector(IAssignmentRegister.ReferenceOfOtherDeal.selector, bought, TRADE, REGISTERED)
        );
        word.registryReference = 0;
        _registerRefused(
            abi.encodeWithSelector(IAssignmentRegister.ReferenceOfOtherDeal.selector, bought, bytes32(0), REGISTERED)
        );
    }

    /// @dev A policy may ask for no reference: then the registrar tells it.
    function test_register_aReferenceThatTheDealHadNot() external {
        IIssuanceDesk.Policy memory lenient = _policy();
        lenient.registryReferenceRequired = false;
        vm.prank(policyOfficer);
        issuance.setPolicy(lenient);
        (, root) = _found();
        bid = _quote(financier, tier1, root);
        (bid.registryReference, bid.nonce) = (0, 2);
        (word.note, word.registryReference) = (_take(1_000), TRADE);
        _register();
        _isAssigned(word.note, word.registeredAt, block.timestamp, 0);
        word.nonce = 2;
        (word.replaces, word.registryReference) = (word.registeredAt, 0);
        _registerRefused(
            abi.encodeWithSelector(IAssignmentRegister.ReferenceOfOtherDeal.selector, word.note, bytes32(0), bytes32(0))
        );
    }

    function test_register_aTimeThatIsPast() external {
        word.registeredAt = 0;
        _registerRefused(abi.encodeWithSelector(IAssignmentRegister.RegistrationTimeInvalid.selector, bought, 0));
        word.registeredAt = uint64(block.timestamp + 1);
        _registerRefused(
            abi.encodeWithSelector(IAssignmentRegister.RegistrationTimeInvalid.selector, bought, word.registeredAt)
        );
        word.registeredAt = uint64(block.timestamp);
        _register();
        word.nonce = 2;
        _registerRefused(
            abi.encodeWithSelector(IAssignmentRegister.RegistrationReplaced.selector, bought, word.registeredAt, 0)
        );
    }

    function test_register_onceInTimeByARegistrar() external {
        vm.warp(word.deadline + 1);
        _registerRefused(abi.encodeWithSelector(IAssignmentRegister.RegistrationExpired.selector, word.deadline));
        vm.warp(word.deadline);
        IAssignmentRegister.Entry[] memory entries = _entry();
        entries[0].signature = Signing.sign(financier.key, Signing.registration(address(assignments), word));
        _refused(
            abi.encodeWithSelector(
                IAssignmentRegister.RegistrationInvalid.selector,
                registrar.account,
                assignments.registrationDigest(word)
            )
        );
        assignments.register(entries);
        _register();
        word.replaces = word.registeredAt;
        _registerRefused(
            abi.encodeWithSelector(IAssignmentRegister.RegistrationUsedAlready.selector, registrar.account, 1)
        );
        word.signer = financier.account;
        _registerRefused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                financier.id,
                Roles.FINANCIER,
                Roles.REGISTRAR
            )
        );
    }

    // -- notice

    function _notify(address caller, NoteId id) private {
        vm.prank(caller);
        assignments.notifyDebtor(_one(id));
    }

    function test_notify_byAssigneeOrDebtorTheFirstCounts() external {
        _emits(address(assignments));
        emit IAssignmentRegister.DebtorNotified(bought, financier.id, uint64(block.timestamp));
        _notify(financier.account, bought);
        _isAssigned(bought, 0, 0, block.timestamp);
        _refused(
            abi.encodeWithSelector(IAssignmentRegister.DebtorNotifiedAlready.selector, bought, uint64(block.timestamp))
        );
        _notify(core.account, bought);
        NoteId other = _take(2_000);
        _notify(core.account, other);
        NoteId third = _take(3_000);
        _refused(abi.encodeWithSelector(IAssignmentRegister.NotAssigneeNorDebtor.selector, third, tier1.id));
        _notify(tier1.account, third);
        _refused(abi.encodeWithSelector(IAssignmentRegister.NotBoughtNote.selector, root));
        _notify(tier1.account, root);
        _refused(_error(IAssignmentRegister.NothingToRecord.selector));
        vm.prank(core.account);
        assignments.notifyDebtor(new NoteId[](0));
    }

    function _precedence(NoteId a, NoteId b, IAssignmentRegister.Precedence expected) private view {
        _eq(uint256(assignments.precedence(a, b)), uint256(expected), "precedence");
    }

    /// @dev Registered first, the earlier of them first; then notice, the earlier first; else in proportion.
    function test_precedence() external {
        NoteId second = _take(2_000);
        _precedence(bought, second, IAssignmentRegister.Precedence.InProportion);
        _notify(core.account, second);
        _precedence(bought, second, IAssignmentRegister.Precedence.Second);
        _precedence(second, bought, IAssignmentRegister.Precedence.First);
        vm.warp(block.timestamp + 1);
        _notify(core.account, bought);
        _precedence(second, bought, IAssignmentRegister.Precedence.First);
        _precedence(bought, second, IAssignmentRegister.Precedence.Second);
        _register();
        _precedence(bought, second, IAssignmentRegister.Precedence.First);
        _precedence(second, bought, IAssignmentRegister.Precedence.Second);
        (word.note, word.nonce) = (second, 2);
        word.registeredAt -= 1;
        _register();
        _precedence(second, bought, IAssignmentRegister.Precedence.First);
        _precedence(bought, second, IAssignmentRegister.Precedence.Second);
        (word.nonce, word.replaces) = (3, word.registeredAt);
        word.registeredAt += 1;
        _register();
        _precedence(second, bought, IAssignmentRegister.Precedence.InProportion);
    }
}
