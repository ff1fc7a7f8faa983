// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { AccessManager } from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { vm } from "./Vm.sol";
import { IAssignmentRegister } from "../../../contracts/interfaces/IAssignmentRegister.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { IBankRepaymentDesk } from "../../../contracts/interfaces/IBankRepaymentDesk.sol";
import { IBankSaleDesk } from "../../../contracts/interfaces/IBankSaleDesk.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IDelayedChanges } from "../../../contracts/interfaces/IDelayedChanges.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IIssuanceDesk } from "../../../contracts/interfaces/IIssuanceDesk.sol";
import { IOrderDesk } from "../../../contracts/interfaces/IOrderDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IPledgeDesk } from "../../../contracts/interfaces/IPledgeDesk.sol";
import { IRecourseDesk } from "../../../contracts/interfaces/IRecourseDesk.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";

/// @dev The forwarder's own switch.
interface ISwitch {
    function setOff(bool off) external;
    function isOff() external view returns (bool);
}

/// @dev What tests ask of test money, honest or hostile.
interface IMoney is IERC20 {
    function mint(address to, uint256 amount) external;
    function burn(uint256 amount) external;
}

/// @notice The whole network as api/chain/deploy_plan.py wires it, with one account for each administrative role and the
/// roles' functions assigned. Contracts come from compiled artifacts, so a test depends on interfaces alone and a changed
/// contract is compiled by itself.
abstract contract Network {
    uint64 internal constant ADMISSION = 1;
    uint64 internal constant URGENT = 2;
    uint64 internal constant CREDIT = 3;
    uint64 internal constant POLICY = 4;
    uint64 internal constant WIRING = 5;
    uint64 internal constant TOKEN_ISSUER = 6;

    address internal immutable operator = address(this);
    address internal immutable admissionOfficer = _named("admission officer");
    address internal immutable urgentOfficer = _named("urgent officer");
    address internal immutable creditOfficer = _named("credit officer");
    address internal immutable policyOfficer = _named("policy officer");
    address internal immutable wiringOfficer = _named("wiring officer");
    address internal immutable issuerOfficer = _named("token issuer");

    AccessManager internal authority;
    ERC2771Forwarder internal forwarder;
    IParticipantRegistry internal registry;
    ICreditRegister internal credit;
    IReceivableNotes internal notes;
    IIssuanceDesk internal issuance;
    IFinancingDesk internal financing;
    IOrderDesk internal orders;
    IPledgeDesk internal pledges;
    IRepaymentDesk internal repayment;
    IBankDesk internal banks;
    IBankSaleDesk internal bankSales;
    IBankRepaymentDesk internal bankRepayments;
    IRecourseDesk internal recourse;
    IAssignmentRegister internal assignments;
    IMoney internal cny;
    IMoney internal eur;

    uint16 internal constant CNY = 1;
    uint16 internal constant EUR = 2;

    function _deploy() internal {
        authority = AccessManager(vm.deployCode("AccessManager.sol:AccessManager", abi.encode(operator)));
        forwarder = ERC2771Forwarder(vm.deployCode("Forwarder.sol:Forwarder", abi.encode(authority)));
        registry = IParticipantRegistry(_create("ParticipantRegistry", ""));
        credit = ICreditRegister(_create("CreditRegister", abi.encode(registry)));
        notes = IReceivableNotes(_create("ReceivableNotes", abi.encode(registry, credit)));
        issuance = IIssuanceDesk(_create("IssuanceDesk", abi.encode(registry, credit, notes)));
        financing = IFinancingDesk(_create("FinancingDesk", abi.encode(registry, notes)));
        orders = IOrderDesk(_create("OrderDesk", abi.encode(registry, notes)));
        pledges = IPledgeDesk(_create("PledgeDesk", abi.encode(registry, credit, notes)));
        repayment = IRepaymentDesk(_create("RepaymentDesk", abi.encode(registry, notes, pledges)));
        banks = IBankDesk(_create("BankDesk", abi.encode(registry, notes)));
        bankSales = IBankSaleDesk(_create("BankSaleDesk", abi.encode(registry, notes, banks, financing)));
        bankRepayments = IBankRepaymentDesk(
            _create("BankRepaymentDesk", abi.encode(registry, notes, banks, repayment))
        );
        recourse = IRecourseDesk(_create("RecourseDesk", abi.encode(registry, notes, financing)));
        assignments = IAssignmentRegister(_create("AssignmentRegister", abi.encode(registry, notes, financing)));
        cny = _token("Deposit CNY", "dCNY");
        eur = _token("Deposit EUR", "dEUR");
        _assignFunctions();
        _wire();
    }

    /// @dev A product contract: authority and forwarder come first everywhere.
    function _create(string memory name, bytes memory arguments) private returns (address made) {
        bytes memory common = abi.encode(authority, forwarder);
        made = vm.deployCode(string.concat(name, ".sol:", name), bytes.concat(common, arguments));
        vm.label(made, name);
    }

    function _token(string memory name, string memory symbol) private returns (IMoney token) {
        token = IMoney(vm.deployCode("DepositToken.sol:DepositToken", abi.encode(name, symbol, uint8(2), authority)));
        _assign(address(token), IMoney.mint.selector, TOKEN_ISSUER);
    }

    function _assignFunctions() private {
        _assign(address(registry), IParticipantRegistry.admit.selector, ADMISSION);
        _assign(address(registry), IParticipantRegistry.reinstate.selector, ADMISSION);
        _assign(address(registry), IParticipantRegistry.setRoles.selector, ADMISSION);
        _assign(address(registry), IParticipantRegistry.renewIdentity.selector, ADMISSION);
        _assign(address(registry), IDelayedChanges.announceRecovery.selector, ADMISSION);
        _assign(address(registry), IParticipantRegistry.suspend.selector, URGENT);
        _assign(address(registry), IDelayedChanges.withdrawRecovery.selector, URGENT);
        _assign(address(notes), IReceivableNotes.setPaused.selector, URGENT);
        _assign(address(forwarder), ISwitch.setOff.selector, URGENT);
        _assign(address(credit), ICreditRegister.setLine.selector, CREDIT);
        _assign(address(issuance), IIssuanceDesk.setPolicy.selector, POLICY);
        _assign(address(issuance), IIssuanceDesk.allowCurrency.selector, POLICY);
        _assign(address(credit), ICreditRegister.setWriter.selector, WIRING);
        _assign(address(notes), IReceivableNotes.setDesk.selector, WIRING);
        _grant(ADMISSION, admissionOfficer);
        _grant(URGENT, urgentOfficer);
        _grant(CREDIT, creditOfficer);
        _grant(POLICY, policyOfficer);
        _grant(WIRING, wiringOfficer);
        _grant(TOKEN_ISSUER, issuerOfficer);
    }

    function _wire() private {
        _setWriter(address(issuance));
        _setWriter(address(notes));
        _setDesk(address(issuance));
        _setDesk(address(financing));
        _setDesk(address(orders));
        _setDesk(address(pledges));
        _setDesk(address(repayment));
        _setDesk(address(bankSales));
        _setDesk(address(bankRepayments));
        _setDesk(address(recourse));
        _allow(address(cny));
        _allow(address(eur));
    }

    function _setWriter(address writer) internal {
        vm.prank(wiringOfficer);
        credit.setWriter(writer, address(notes));
    }

    function _setDesk(address desk) internal {
        vm.prank(wiringOfficer);
        notes.setDesk(desk, true);
    }

    function _allow(address token) internal returns (uint16) {
        vm.prank(policyOfficer);
        return issuance.allowCurrency(token);
    }

    function _assign(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        authority.setTargetFunctionRole(target, selectors, role);
    }

    function _grant(uint64 role, address holder) private {
        authority.grantRole(role, holder, 0);
    }

    /// @dev An address of its own for a name.
    function _named(string memory name) internal pure returns (address) {
        return vm.addr(uint256(keccak256(bytes(name))));
    }
}
