// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { hevm, svm } from "./Arbitrary.sol";
import { AssignmentRegister } from "../../../contracts/AssignmentRegister.sol";
import { BankDesk } from "../../../contracts/BankDesk.sol";
import { BankRepaymentDesk } from "../../../contracts/BankRepaymentDesk.sol";
import { BankSaleDesk } from "../../../contracts/BankSaleDesk.sol";
import { CreditRegister } from "../../../contracts/CreditRegister.sol";
import { FinancingDesk } from "../../../contracts/FinancingDesk.sol";
import { IssuanceDesk } from "../../../contracts/IssuanceDesk.sol";
import { OrderDesk } from "../../../contracts/OrderDesk.sol";
import { PledgeDesk } from "../../../contracts/PledgeDesk.sol";
import { RecourseDesk } from "../../../contracts/RecourseDesk.sol";
import { ReceivableNotes } from "../../../contracts/ReceivableNotes.sol";
import { IBankDesk } from "../../../contracts/interfaces/IBankDesk.sol";
import { ICreditRegister } from "../../../contracts/interfaces/ICreditRegister.sol";
import { IFinancingDesk } from "../../../contracts/interfaces/IFinancingDesk.sol";
import { IOrderDesk } from "../../../contracts/interfaces/IOrderDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { IRepaymentDesk } from "../../../contracts/interfaces/IRepaymentDesk.sol";
import { PartyId } from "../../../contracts/types/Ids.sol";

address constant FORWARDER = address(0xf0);

/// @dev A registry for which nobody acts.
contract NobodysRegistry {
    error Refused();

    function actor(address, uint8, uint16) external pure returns (PartyId, address) {
        revert Refused();
    }

    function requireActive(PartyId[] calldata, uint16) external pure returns (address[] memory) {
        revert Refused();
    }
}

/// @dev An AccessManager that gives nobody leave.
contract NobodysManager {
    function canCall(address, address, bytes4) external pure returns (bool, uint32) {
        return (false, 0);
    }
}

/// @notice I-11: whoever acts for no party, has no administrative role and is no desk can bring no act through: whatever the
/// state of the contract, whatever the function, whatever its arguments. Left out are acts that are everybody's by the
/// protocol, which are named.
/// @dev Bounds: each array of the arguments has one element, each byte string 65 bytes.
contract AuthorityProof {
    uint256 private constant WRITERS_AT = 10;

    ReceivableNotes private notes;
    CreditRegister private credit;
    IssuanceDesk private issuance;
    FinancingDesk private financing;
    OrderDesk private orders;
    PledgeDesk private pledges;
    BankDesk private banks;
    BankSaleDesk private bankSales;
    BankRepaymentDesk private bankRepayments;
    RecourseDesk private recourse;
    AssignmentRegister private assignments;
    address private manager;

    function setUp() public {
        IParticipantRegistry registry = IParticipantRegistry(address(new NobodysRegistry()));
        manager = address(new NobodysManager());
        credit = new CreditRegister(manager, FORWARDER, registry);
        notes = new ReceivableNotes(manager, FORWARDER, registry, ICreditRegister(address(credit)));
        IReceivableNotes ledger = IReceivableNotes(address(notes));
        issuance = new IssuanceDesk(manager, FORWARDER, registry, ICreditRegister(address(credit)), ledger);
        financing = new FinancingDesk(manager, FORWARDER, registry, ledger);
        orders = new OrderDesk(manager, FORWARDER, registry, ledger);
        pledges = new PledgeDesk(manager, FORWARDER, registry, ICreditRegister(address(credit)), ledger);
        _makeMore(registry, ledger);
        address[11] memory all = [
            address(notes),
            address(credit),
            address(issuance),
            address(financing),
            address(orders),
            address(pledges),
            address(banks),
            address(bankSales),
            address(bankRepayments),
            address(recourse),
            address(assignments)
        ];
        for (uint256 i = 0; i < all.length; ++i) svm.enableSymbolicStorage(all[i]);
    }

    function _makeMore(IParticipantRegistry registry, IReceivableNotes ledger) private {
        IFinancingDesk sales = IFinancingDesk(address(financing));
        banks = new BankDesk(manager, FORWARDER, registry, ledger);
        IBankDesk bank = IBankDesk(address(banks));
        bankSales = new BankSaleDesk(manager, FORWARDER, registry, ledger, bank, sales);
        bankRepayments = new BankRepaymentDesk(manager, FORWARDER, registry, ledger, bank, IRepaymentDesk(address(5)));
        recourse = new RecourseDesk(manager, FORWARDER, registry, ledger, sales);
        assignments = new AssignmentRegister(manager, FORWARDER, registry, ledger, sales);
    }

    function check_notes(address caller) external {
        hevm.assume(!notes.isDesk(caller));
        _bringsNothingThrough("ReceivableNotes", address(notes), caller, IReceivableNotes.lapse.selector);
    }

    function check_creditRegister(address caller) external {
        // No writer: neither a note contract to write for nor its number. At the slot where the register has it: were it
        // another, this would be refuted.
        hevm.assume(hevm.load(address(credit), keccak256(abi.encode(caller, WRITERS_AT))) == 0);
        _bringsNothingThrough("CreditRegister", address(credit), caller, ICreditRegister.release.selector);
    }

    function check_issuanceDesk(address caller) external {
        _bringsNothingThrough("IssuanceDesk", address(issuance), caller, 0);
    }

    function check_financingDesk(address caller) external {
        hevm.assume(!notes.isDesk(caller));
        _bringsNothingThrough("FinancingDesk", address(financing), caller, 0);
    }

    function check_orderDesk(address caller) external {
        _bringsNothingThrough("OrderDesk", address(orders), caller, IOrderDesk.executeReassignment.selector);
    }

    function check_pledgeDesk(address caller) external {
        hevm.assume(!notes.isDesk(caller));
        _bringsNothingThrough("PledgeDesk", address(pledges), caller, 0);
    }

    function check_bankDesk(address caller) external {
        hevm.assume(!notes.isDesk(caller));
        _bringsNothingThrough("BankDesk", address(banks), caller, IBankDesk.lapse.selector);
    }

    function check_bankSaleDesk(address caller) external {
        hevm.assume(caller != address(banks));
        _bringsNothingThrough("BankSaleDesk", address(bankSales), caller, 0);
    }

    function check_bankRepaymentDesk(address caller) external {
        hevm.assume(caller != address(banks));
        _bringsNothingThrough("BankRepaymentDesk", address(bankRepayments), caller, 0);
    }

    function check_recourseDesk(address caller) external {
        _bringsNothingThrough("RecourseDesk", address(recourse), caller, 0);
    }

    function check_assignmentRegister(address caller) external {
        _bringsNothingThrough("AssignmentRegister", address(assignments), caller, 0);
    }

    function _bringsNothingThrough(string memory name, address target, address caller, bytes4 open) private {
        hevm.warp(svm.createUint(40, "time"));
        // The forwarder speaks for whoever signed the request; the manager may be exchanged by itself.
        hevm.assume(caller != FORWARDER && caller != manager);
        // What a contract calls of itself is its own affair.
        hevm.assume(caller != target);
        bytes memory data = svm.createCalldata(name);
        hevm.assume(bytes4(data) != open);
        hevm.prank(caller);
        (bool done, ) = target.call(data);
        assert(!done);
    }
}
