// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Actor } from "../base/Cast.sol";
import { Signing } from "../base/Signing.sol";
import { Suite } from "../base/Suite.sol";
import { vm } from "../base/Vm.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { Day, PartyId } from "../../../contracts/types/Ids.sol";
import { Rights, Roles } from "../../../contracts/types/Roles.sol";

/// @notice Who is admitted, and in which standing.
contract PartiesTest is Suite {
    bytes32 private constant REASON = keccak256("reason");

    function _admission(string memory name) private view returns (IParticipantRegistry.Admission memory) {
        return
            IParticipantRegistry.Admission({
                creditCodeHash: keccak256(bytes(name)),
                roles: Roles.SUPPLIER,
                identityExpiry: _day(0),
                settlementAccount: _named(string.concat(name, " cash")),
                administrator: _named(name),
                evidenceHash: EVIDENCE
            });
    }

    function _list(
        IParticipantRegistry.Admission memory a
    ) private pure returns (IParticipantRegistry.Admission[] memory list) {
        list = new IParticipantRegistry.Admission[](1);
        list[0] = a;
    }

    function test_admit_twoInOrder() external {
        IParticipantRegistry.Admission[] memory list = new IParticipantRegistry.Admission[](2);
        list[0] = _admission("new");
        list[1] = _admission("newer");
        list[1].administrator = list[1].settlementAccount;
        list[1].roles = Roles.ALL;
        uint32 before = registry.partyCount();
        PartyId first = PartyId.wrap(before + 1);
        PartyId second = PartyId.wrap(before + 2);

        _emits(address(registry));
        emit IParticipantRegistry.PartyAdmitted(
            first,
            list[0].creditCodeHash,
            Roles.SUPPLIER,
            _day(0),
            list[0].settlementAccount
        );
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(list[0].settlementAccount, first, Rights.SETTLE, EVIDENCE);
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(list[0].administrator, first, Rights.GRANTABLE, EVIDENCE);
        _emits(address(registry));
        emit IParticipantRegistry.PartyAdmitted(
            second,
            list[1].creditCodeHash,
            Roles.ALL,
            _day(0),
            list[1].settlementAccount
        );
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(list[1].administrator, second, Rights.GRANTABLE | Rights.SETTLE, EVIDENCE);
        _by(admissionOfficer);
        _eq(registry.admit(list), first, "first");

        _eq(registry.partyCount(), before + 2, "count");
        _eq(registry.partyOfCreditCode(list[1].creditCodeHash), second, "code");
        _same(
            abi.encode(registry.party(first)),
            abi.encode(
                IParticipantRegistry.Party(
                    list[0].settlementAccount,
                    Roles.SUPPLIER,
                    IParticipantRegistry.Status.Active,
                    _day(0),
                    0
                )
            ),
            "party"
        );
        _account(list[0].settlementAccount, first, Rights.SETTLE);
        _account(list[0].administrator, first, Rights.GRANTABLE);
        _account(list[1].administrator, second, Rights.GRANTABLE | Rights.SETTLE);
    }

    function _account(address account, PartyId id, uint8 rights) private view {
        _same(abi.encode(registry.account(account)), abi.encode(IParticipantRegistry.Account(id, rights)), "account");
    }

    function test_admit_refused() external {
        PartyId next = PartyId.wrap(registry.partyCount() + 1);
        IParticipantRegistry.Admission memory a = _admission("new");

        a.creditCodeHash = 0;
        _admitRefused(a, _error(IParticipantRegistry.CreditCodeMissing.selector));

        a.creditCodeHash = keccak256("core");
        _admitRefused(
            a,
            abi.encodeWithSelector(IParticipantRegistry.CreditCodeAlreadyAdmitted.selector, a.creditCodeHash, core.id)
        );

        a = _admission("new");
        a.roles = 0;
        _admitRefused(a, abi.encodeWithSelector(IParticipantRegistry.InvalidRoles.selector, 0));
        a.roles = Roles.ALL + 1;
        _admitRefused(a, abi.encodeWithSelector(IParticipantRegistry.InvalidRoles.selector, a.roles));

        a = _admission("new");
        a.identityExpiry = Day.wrap(_today() - 1);
        _admitRefused(a, abi.encodeWithSelector(IParticipantRegistry.IdentityExpired.selector, next, a.identityExpiry));

        a = _admission("new");
        a.administrator = tier1.account;
        _admitRefused(
            a,
            abi.encodeWithSelector(IParticipantRegistry.AccountBoundElsewhere.selector, tier1.account, tier1.id)
        );
        a.administrator = address(0);
        _admitRefused(a, abi.encodeWithSelector(IParticipantRegistry.InvalidAccount.selector, address(0)));
        a.administrator = address(registry);
        _admitRefused(a, abi.encodeWithSelector(IParticipantRegistry.InvalidAccount.selector, address(registry)));
        a = _admission("new");
        a.settlementAccount = tier1.cash;
        _admitRefused(
            a,
            abi.encodeWithSelector(IParticipantRegistry.AccountBoundElsewhere.selector, tier1.cash, tier1.id)
        );
    }

    function _admitRefused(IParticipantRegistry.Admission memory a, bytes memory reason) private {
        _refused(reason);
        _by(admissionOfficer);
        registry.admit(_list(a));
    }

    function test_suspend_endsQuotesAtOnce() external {
        _emits(address(registry));
        emit IParticipantRegistry.PartySuspended(tier1.id, REASON);
        _emits(address(registry));
        emit IParticipantRegistry.QuoteEpochRaised(tier1.id, 1);
        _by(urgentOfficer);
        registry.suspend(tier1.id, REASON);
        IParticipantRegistry.Party memory p = registry.party(tier1.id);
        _eq(uint256(p.status), uint256(IParticipantRegistry.Status.Suspended), "status");
        _eq(p.quoteEpoch, 1, "epoch");
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier1.id));
        registry.actor(tier1.account, Rights.ACT, 0);
    }

    function test_suspend_refused() external {
        PartyId unknown = PartyId.wrap(99);
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownParty.selector, unknown));
        _by(urgentOfficer);
        registry.suspend(unknown, REASON);

        _by(urgentOfficer);
        registry.suspend(tier1.id, REASON);
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyIsSuspended.selector, tier1.id));
        _by(urgentOfficer);
        registry.suspend(tier1.id, REASON);
    }

    function test_reinstate() external {
        _refused(abi.encodeWithSelector(IParticipantRegistry.PartyNotSuspended.selector, tier1.id));
        _by(admissionOfficer);
        registry.reinstate(tier1.id);

        _by(urgentOfficer);
        registry.suspend(tier1.id, REASON);
        _emits(address(registry));
        emit IParticipantRegistry.PartyReinstated(tier1.id);
        _by(admissionOfficer);
        registry.reinstate(tier1.id);
        IParticipantRegistry.Party memory p = registry.party(tier1.id);
        _eq(uint256(p.status), uint256(IParticipantRegistry.Status.Active), "status");
        _eq(p.quoteEpoch, 1, "its quotes stay ended");

        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownParty.selector, PartyId.wrap(99)));
        _by(admissionOfficer);
        registry.reinstate(PartyId.wrap(99));
    }

    function test_setRoles() external {
        _emits(address(registry));
        emit IParticipantRegistry.RolesSet(tier1.id, Roles.ALL);
        _by(admissionOfficer);
        registry.setRoles(tier1.id, Roles.ALL);
        _eq(registry.party(tier1.id).roles, Roles.ALL, "roles");

        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidRoles.selector, 0));
        _by(admissionOfficer);
        registry.setRoles(tier1.id, 0);
        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidRoles.selector, Roles.ALL + 1));
        _by(admissionOfficer);
        registry.setRoles(tier1.id, Roles.ALL + 1);
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownParty.selector, PartyId.wrap(99)));
        _by(admissionOfficer);
        registry.setRoles(PartyId.wrap(99), Roles.SUPPLIER);
    }

    function test_renewIdentity() external {
        _emits(address(registry));
        emit IParticipantRegistry.IdentityRenewed(tier1.id, _day(0));
        _by(admissionOfficer);
        registry.renewIdentity(tier1.id, _day(0));
        vm.assertEq(Day.unwrap(registry.party(tier1.id).identityExpiry), _today(), "expiry");

        Day yesterday = Day.wrap(_today() - 1);
        _refused(abi.encodeWithSelector(IParticipantRegistry.IdentityExpired.selector, tier1.id, yesterday));
        _by(admissionOfficer);
        registry.renewIdentity(tier1.id, yesterday);
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownParty.selector, PartyId.wrap(99)));
        _by(admissionOfficer);
        registry.renewIdentity(PartyId.wrap(99), _day(0));
    }

    function test_identity_holdsThroughItsLastDay() external {
        _by(admissionOfficer);
        registry.renewIdentity(tier1.id, _day(2));
        vm.warp(_start(_today() + 3) - 1);
        registry.actor(tier1.account, Rights.ACT, Roles.SUPPLIER);
        vm.warp(block.timestamp + 1);
        Day expiry = Day.wrap(_today() - 1);
        _refused(abi.encodeWithSelector(IParticipantRegistry.IdentityExpired.selector, tier1.id, expiry));
        registry.actor(tier1.account, Rights.ACT, Roles.SUPPLIER);
    }

    function test_requireActive() external {
        PartyId[] memory ids = new PartyId[](2);
        (ids[0], ids[1]) = (tier1.id, core.id);
        address[] memory accounts = registry.requireActive(ids, Roles.SUPPLIER);
        _eq(accounts.length, 2, "length");
        vm.assertEq(accounts[0], tier1.cash, "first");
        vm.assertEq(accounts[1], core.cash, "second");
        registry.requireActive(ids, 0);

        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRole.selector,
                tier1.id,
                Roles.SUPPLIER,
                Roles.CORE_ENTERPRISE
            )
        );
        registry.requireActive(ids, Roles.CORE_ENTERPRISE);
        registry.requireActive(ids, Roles.CORE_ENTERPRISE | Roles.SUPPLIER);

        ids[1] = PartyId.wrap(99);
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownParty.selector, ids[1]));
        registry.requireActive(ids, Roles.SUPPLIER);
    }

    function test_settlementAccounts_ofAnyStanding() external {
        _by(urgentOfficer);
        registry.suspend(tier1.id, REASON);
        PartyId[] memory ids = new PartyId[](2);
        (ids[0], ids[1]) = (tier1.id, PartyId.wrap(99));
        address[] memory accounts = registry.settlementAccounts(ids);
        _eq(accounts.length, 2, "length");
        vm.assertEq(accounts[0], tier1.cash, "suspended");
        vm.assertEq(accounts[1], address(0), "unknown");
    }
}

/// @notice Who may act for whom.
contract AccountsTest is Suite {
    address private immutable clerk = _named("clerk");

    function _sign(Actor memory a, uint8 rights, uint256 deadline) private view returns (bytes memory) {
        bytes32 digest = Signing.addAccount(address(registry), a.id, clerk, rights, EVIDENCE, deadline);
        return Signing.sign(uint256(keccak256("clerk")), digest);
    }

    function _add(Actor memory a, uint8 rights) private {
        bytes memory signature = _sign(a, rights, block.timestamp);
        _by(a.account);
        registry.addAccount(clerk, rights, EVIDENCE, block.timestamp, signature);
    }

    function test_addAccount() external {
        for (uint8 rights = 1; rights <= Rights.GRANTABLE; ++rights) {
            uint256 here = vm.snapshotState();
            bytes memory signature = _sign(tier1, rights, block.timestamp);
            _emits(address(registry));
            emit IParticipantRegistry.AccountSet(clerk, tier1.id, rights, EVIDENCE);
            _by(tier1.account);
            registry.addAccount(clerk, rights, EVIDENCE, block.timestamp, signature);
            _same(
                abi.encode(registry.account(clerk)),
                abi.encode(IParticipantRegistry.Account(tier1.id, rights)),
                "account"
            );
            vm.revertToState(here);
        }
    }

    function test_addAccount_digestIsTheDocumentedOne() external view {
        vm.assertEq(
            registry.addAccountDigest(tier1.id, clerk, 3, EVIDENCE, 77),
            Signing.addAccount(address(registry), tier1.id, clerk, 3, EVIDENCE, 77),
            "digest"
        );
    }

    function test_addAccount_refusedForRights() external {
        uint8[3] memory wrong = [0, Rights.SETTLE, Rights.GRANTABLE + 1];
        for (uint256 i = 0; i < wrong.length; ++i) {
            bytes memory signature = _sign(tier1, wrong[i], block.timestamp);
            _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidRights.selector, wrong[i]));
            _by(tier1.account);
            registry.addAccount(clerk, wrong[i], EVIDENCE, block.timestamp, signature);
        }
    }

    function test_addAccount_deadlineCountsToItsSecond() external {
        uint256 deadline = block.timestamp + 10;
        bytes memory signature = _sign(tier1, 1, deadline);
        vm.warp(deadline + 1);
        _refused(abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, deadline));
        _by(tier1.account);
        registry.addAccount(clerk, 1, EVIDENCE, deadline, signature);
        vm.warp(deadline);
        _by(tier1.account);
        registry.addAccount(clerk, 1, EVIDENCE, deadline, signature);
    }

    function test_addAccount_refusedForSignature() external {
        bytes memory signature = _sign(tier2, 1, block.timestamp);
        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidSignature.selector, clerk));
        _by(tier1.account);
        registry.addAccount(clerk, 1, EVIDENCE, block.timestamp, signature);
    }

    function test_addAccount_refusedForBound() external {
        _add(tier1, 1);
        bytes memory signature = _sign(tier2, 1, block.timestamp);
        _refused(abi.encodeWithSelector(IParticipantRegistry.AccountBoundElsewhere.selector, clerk, tier1.id));
        _by(tier2.account);
        registry.addAccount(clerk, 1, EVIDENCE, block.timestamp, signature);
    }

    function test_addAccount_refusedForCaller() external {
        bytes memory signature = _sign(tier1, 1, block.timestamp);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                tier1.cash,
                tier1.id,
                Rights.SETTLE,
                Rights.ADMINISTER
            )
        );
        _by(tier1.cash);
        registry.addAccount(clerk, 1, EVIDENCE, block.timestamp, signature);
    }

    function test_addAccount_byContractWallet() external {
        address wallet = vm.deployCode("ContractWallet.sol:ContractWallet", abi.encode(clerk));
        bytes32 digest = Signing.addAccount(address(registry), tier1.id, wallet, 1, EVIDENCE, block.timestamp);
        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidSignature.selector, wallet));
        _by(tier1.account);
        registry.addAccount(wallet, 1, EVIDENCE, block.timestamp, Signing.sign(tier1.key, digest));
        _by(tier1.account);
        registry.addAccount(wallet, 1, EVIDENCE, block.timestamp, Signing.sign(uint256(keccak256("clerk")), digest));
        _eq(registry.account(wallet).party, tier1.id, "bound");
    }

    function test_setRights_limitsAndWidens() external {
        _add(tier1, Rights.ACT);
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(clerk, tier1.id, Rights.QUOTE, EVIDENCE);
        _by(tier1.account);
        registry.setRights(clerk, Rights.QUOTE, EVIDENCE);
        _eq(registry.account(clerk).rights, Rights.QUOTE, "rights");
        _eq(registry.party(tier1.id).quoteEpoch, 0, "no quote could have been signed");
    }

    function test_setRights_losingTheQuoteRightEndsQuotes() external {
        _add(tier1, Rights.QUOTE | Rights.ACT);
        _emits(address(registry));
        emit IParticipantRegistry.QuoteEpochRaised(tier1.id, 1);
        _by(tier1.account);
        registry.setRights(clerk, Rights.ACT, 0);
        _eq(registry.party(tier1.id).quoteEpoch, 1, "epoch");
        _by(tier1.account);
        registry.setRights(clerk, 0, 0);
        _eq(registry.party(tier1.id).quoteEpoch, 1, "it had none to lose");
        _eq(registry.account(clerk).party, PartyId.wrap(0), "unbound");
        _eq(registry.account(clerk).rights, 0, "unbound");
        _add(tier2, Rights.ACT);
    }

    function test_setRights_keepsSettlement() external {
        _emits(address(registry));
        emit IParticipantRegistry.AccountSet(tier1.cash, tier1.id, Rights.SETTLE | Rights.ACT, EVIDENCE);
        _by(tier1.account);
        registry.setRights(tier1.cash, Rights.ACT, EVIDENCE);
        _by(tier1.account);
        registry.setRights(tier1.cash, 0, 0);
        _eq(registry.account(tier1.cash).rights, Rights.SETTLE, "rights");
        _eq(registry.account(tier1.cash).party, tier1.id, "still bound");
    }

    function test_setRights_refused() external {
        _refused(abi.encodeWithSelector(IParticipantRegistry.InvalidRights.selector, Rights.SETTLE));
        _by(tier1.account);
        registry.setRights(tier1.cash, Rights.SETTLE, EVIDENCE);
        _refused(abi.encodeWithSelector(IParticipantRegistry.AccountBoundElsewhere.selector, tier2.account, tier2.id));
        _by(tier1.account);
        registry.setRights(tier2.account, 0, 0);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                stranger,
                PartyId.wrap(0),
                0,
                Rights.ADMINISTER
            )
        );
        _by(stranger);
        registry.setRights(stranger, 1, EVIDENCE);
    }

    function test_raiseQuoteEpoch() external {
        _emits(address(registry));
        emit IParticipantRegistry.QuoteEpochRaised(financier.id, 1);
        _by(financier.account);
        registry.raiseQuoteEpoch();
        _eq(registry.party(financier.id).quoteEpoch, 1, "epoch");
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.MissingRight.selector,
                financier.cash,
                financier.id,
                Rights.SETTLE,
                Rights.QUOTE
            )
        );
        _by(financier.cash);
        registry.raiseQuoteEpoch();
    }

    function test_actor() external {
        (PartyId id, address cash) = registry.actor(core.account, Rights.ACT, Roles.CORE_ENTERPRISE);
        _eq(id, core.id, "party");
        vm.assertEq(cash, core.cash, "cash");
        _refused(
            abi.encodeWithSelector(IParticipantRegistry.MissingRole.selector, tier1.id, Roles.SUPPLIER, Roles.FINANCIER)
        );
        registry.actor(tier1.account, Rights.ACT, Roles.FINANCIER);
    }
}
