// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import { Dice } from "../Dice.sol";
import { IBlockable, World } from "../World.sol";
import { IMoney } from "../../base/Network.sol";
import { vm } from "../../base/Vm.sol";
import { IIssuanceDesk } from "../../../../contracts/interfaces/IIssuanceDesk.sol";

/// @notice The operator's switches: pause, policy, wiring, currencies; and money that strays into the contracts.
abstract contract SwitchActs is World {
    constructor() {
        _declareAct("setPaused");
        _declareAct("setPolicy");
        _declareAct("setDesk");
        _declareAct("setWriter");
        _declareAct("allowCurrency");
        _declareAct("stray money");
        _declareAct("block an account");
    }

    function administer(uint256 seed) external lived {
        Dice memory d = Dice(seed);
        uint256 pick = isPaused_ && !d.oneIn(4) ? 11 : d.below(14);
        if (pick < 2) _setPolicy(d);
        else if (pick == 2) _wire(d);
        else if (pick == 3) _allowSome(d);
        else if (pick == 4) _stray(d);
        else if (pick < 10) _block(d);
        else _pause(d);
    }

    /// @dev A pause is seldom and short: everything waits for its end.
    function _pause(Dice memory d) private {
        bool paused = !isPaused_ && d.oneIn(8);
        address sender = d.oneIn(8) ? _anyAccount(d) : urgentOfficer;
        bytes memory data = abi.encodeCall(notes.setPaused, (paused));
        (bool done, ) = _do("setPaused", sender, address(notes), data, _none());
        vm.assertTrue(done == (sender == urgentOfficer), "I-11: the pause is the urgent officer's");
    }

    function _setPolicy(Dice memory d) private {
        IIssuanceDesk.Policy memory p = _policy();
        p.tierLimit = uint8(d.among(4, 4, 16, d.below(18)));
        p.graceDays = uint8(d.among(3, 0, 30, d.below(32)));
        p.offerLifetimeDays = uint16(d.among(10, 1, 90, d.below(92)));
        p.minChildValue = uint64(d.among(100, 1, 10_000, d.below(2)));
        p.overdueRateBps = uint16(d.among(1_825, 0, 2_400, d.below(2_402)));
        p.hardTenorDays = uint16(d.among(365, 365, 200, d.below(367)));
        p.registryReferenceRequired = !d.oneIn(3);
        address sender = d.oneIn(8) ? _anyAccount(d) : policyOfficer;
        uint32 before = policyNumber_;
        bytes memory data = abi.encodeCall(issuance.setPolicy, (p));
        (bool done, ) = _do("setPolicy", sender, address(issuance), data, _none());
        if (!done) return;
        vm.assertEq(sender, policyOfficer, "I-11: policy set by another");
        vm.assertEq(policyNumber_, before + 1, "policies are numbered");
        bool capped = p.tierLimit <= 16 && p.graceDays <= 30 && p.offerLifetimeDays <= 90 && p.overdueRateBps <= 2_400;
        vm.assertTrue(capped && p.hardTenorDays <= 365, "beyond the hard caps");
        bool positive = p.tierLimit != 0 && p.offerLifetimeDays != 0 && p.minChildValue != 0 && p.hardTenorDays != 0;
        vm.assertTrue(positive && p.defaultTenorDays <= p.hardTenorDays, "a policy of nothing");
    }

    /// @dev Contracts of no consequence come and go.
    function _wire(Dice memory d) private {
        address some = vm.addr(1 + d.below(5));
        bool allowed = d.oneIn(2);
        address sender = d.oneIn(4) ? _anyAccount(d) : wiringOfficer;
        bool desk = d.oneIn(2);
        (bool done, ) = _do(
            desk ? "setDesk" : "setWriter",
            sender,
            desk ? address(notes) : address(credit),
            desk
                ? abi.encodeCall(notes.setDesk, (some, allowed))
                : abi.encodeCall(credit.setWriter, (some, allowed ? address(notes) : address(0))),
            _none()
        );
        vm.assertTrue(done == (sender == wiringOfficer), "I-11: wiring is the wiring officer's");
    }

    function _allowSome(Dice memory d) private {
        uint256 pick = d.below(3);
        address token =
            pick == 0
                ? address(cny)
                : pick == 1
                    ? stranger
                    : _newToken();
        address sender = d.oneIn(6) ? _anyAccount(d) : policyOfficer;
        bytes memory data = abi.encodeCall(issuance.allowCurrency, (token));
        (bool done, ) = _do("allowCurrency", sender, address(issuance), data, _none());
        if (done) vm.assertTrue(sender == policyOfficer && pick == 2, "I-11: a currency that may not be");
    }

    function _newToken() private returns (address token) {
        token = vm.deployCode("HostileTokens.sol:SilentToken", "");
        vm.getRecordedLogs();
    }

    /// @dev I-2: it is seen, and changes nothing.
    function _stray(Dice memory d) private {
        address[] memory all = _contracts();
        address target = all[d.below(all.length)];
        vm.prank(issuerOfficer);
        cny.mint(target, 1 + d.below(1_000));
        strayed[target] = IERC20(address(cny)).balanceOf(target);
        vm.getRecordedLogs();
        _count("stray money", true);
    }

    /// @dev A bank blocks an account of its own money, or lets it go.
    function _block(Dice memory d) private {
        IBlockable token = IBlockable(currencyToken_[BLOCKABLE]);
        address account = _anybody(d).cash;
        token.setBlocked(account, !token.blocked(account));
        _count("block an account", true);
    }

    /// @dev What strangers' money each contract holds.
    mapping(address target => uint256) internal strayed;

    function _contracts() internal view returns (address[] memory all) {
        all = new address[](14);
        (all[0], all[1], all[2], all[3]) = (address(registry), address(credit), address(notes), address(issuance));
        (all[4], all[5], all[6]) = (address(financing), address(repayment), address(forwarder));
        (all[7], all[8], all[9]) = (address(banks), address(bankSales), address(bankRepayments));
        (all[10], all[11], all[12]) = (address(orders), address(pledges), address(recourse));
        all[13] = address(assignments);
    }

    function _moneyOf(uint16 currency) internal view returns (IMoney) {
        return IMoney(currencyToken_[currency]);
    }
}
