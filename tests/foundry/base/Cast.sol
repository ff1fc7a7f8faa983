// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Network, IMoney } from "./Network.sol";
import { vm } from "./Vm.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { Day, PartyId } from "../../../contracts/types/Ids.sol";
import { Roles } from "../../../contracts/types/Roles.sol";

/// @param id The party.
/// @param account Its administrator's account, with every grantable right.
/// @param key That account's key.
/// @param cash Its settlement account.
/// @param cashKey That account's key.
struct Actor {
    PartyId id;
    address account;
    uint256 key;
    address cash;
    uint256 cashKey;
}

/// @notice The parties, by role, admitted and with money, lines and a policy; and the business calendar.
abstract contract Cast is Network {
    uint96 internal constant FACE = 1_000_000_00;
    uint96 internal constant LINE = 50_000_000_00;
    uint256 internal constant CASH = 200_000_000_00;
    uint16 internal constant TENOR = 90;
    uint16 internal constant LIFETIME = 10;
    uint8 internal constant GRACE = 3;
    uint64 internal constant MINIMUM = 100;
    uint8 internal constant TIERS = 4;
    uint16 internal constant OVERDUE_RATE = 1_825;
    bytes32 internal constant EVIDENCE = keccak256("evidence");
    bytes32 internal constant TRADE = keccak256("trade");
    bytes32 internal constant REGISTERED = keccak256("movable-property registry");

    Actor internal core;
    Actor internal core2;
    Actor internal tier1;
    Actor internal tier2;
    Actor internal tier3;
    Actor internal tier4;
    Actor internal tier5;
    Actor internal financier;
    Actor internal financier2;
    Actor internal registrar;
    address internal immutable stranger = _named("stranger");

    /// @dev Everybody there is, with the policy of these tests.
    function _gather() internal {
        core = _admit("core", Roles.CORE_ENTERPRISE | Roles.SUPPLIER);
        core2 = _admit("core2", Roles.CORE_ENTERPRISE | Roles.SUPPLIER);
        tier1 = _admit("tier1", Roles.SUPPLIER);
        tier2 = _admit("tier2", Roles.SUPPLIER);
        tier3 = _admit("tier3", Roles.SUPPLIER);
        tier4 = _admit("tier4", Roles.SUPPLIER);
        tier5 = _admit("tier5", Roles.SUPPLIER);
        financier = _admit("financier", Roles.FINANCIER);
        financier2 = _admit("financier2", Roles.FINANCIER);
        registrar = _admit("registrar", Roles.REGISTRAR);
        vm.prank(policyOfficer);
        issuance.setPolicy(_policy());
        _setLine(core, address(cny));
        _setLine(core, address(eur));
        _setLine(core2, address(cny));
        _setLine(core2, address(eur));
    }

    function _admit(string memory name, uint16 roles) internal returns (Actor memory a) {
        a.key = uint256(keccak256(bytes(name)));
        a.account = vm.addr(a.key);
        a.cashKey = uint256(keccak256(bytes(string.concat(name, " cash"))));
        a.cash = vm.addr(a.cashKey);
        vm.label(a.account, name);
        vm.label(a.cash, string.concat(name, " cash"));
        IParticipantRegistry.Admission[] memory admissions = new IParticipantRegistry.Admission[](1);
        admissions[0] = IParticipantRegistry.Admission({
            creditCodeHash: keccak256(bytes(name)),
            roles: roles,
            identityExpiry: _day(1_000),
            settlementAccount: a.cash,
            administrator: a.account,
            evidenceHash: EVIDENCE
        });
        vm.prank(admissionOfficer);
        a.id = registry.admit(admissions);
        _give(a.cash, cny);
        _give(a.cash, eur);
    }

    /// @dev Money, and leave for the desks to move it.
    function _give(address account, IMoney token) internal {
        vm.prank(issuerOfficer);
        token.mint(account, CASH);
        _approve(account, token);
    }

    function _approve(address account, IMoney token) internal {
        vm.prank(account);
        token.approve(address(financing), type(uint256).max);
        vm.prank(account);
        token.approve(address(repayment), type(uint256).max);
        vm.prank(account);
        token.approve(address(recourse), type(uint256).max);
        vm.prank(account);
        token.approve(address(pledges), type(uint256).max);
    }

    function _setLine(Actor memory debtor, address token) internal {
        vm.prank(creditOfficer);
        credit.setLine(debtor.id, token, LINE);
    }

    function _policy() internal pure returns (IIssuanceDesk.Policy memory) {
        return
            IIssuanceDesk.Policy({
                defaultTenorDays: 183,
                hardTenorDays: 365,
                termsDays: 60,
                tierLimit: TIERS,
                graceDays: GRACE,
                overdueRateBps: OVERDUE_RATE,
                offerLifetimeDays: LIFETIME,
                minChildValue: MINIMUM,
                registryReferenceRequired: true
            });
    }

    // -- the calendar

    /// @dev Today, reckoned here.
    function _today() internal view returns (uint16) {
        return uint16((block.timestamp + 28_800) / 86_400);
    }

    /// @dev So many days from today.
    function _day(uint16 daysAhead) internal view returns (Day) {
        return Day.wrap(_today() + daysAhead);
    }

    /// @dev The first second of a business day.
    function _start(uint16 day) internal pure returns (uint256) {
        return uint256(day) * 86_400 - 28_800;
    }
}
