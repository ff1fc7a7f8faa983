// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { vm } from "../base/Vm.sol";

/// @notice What a life did and where it got: one JSON line when it ends, which scripts/setup/foundry_tests.py sums. Runs side
/// by side tell it to files of their own, by CASCADE_LIVES.
abstract contract Tally {
    struct Count {
        uint128 done;
        uint128 refused;
    }

    string private constant FILE = "build/foundry/lives.jsonl";

    string[] private _acts;
    string[] private _states;
    mapping(bytes32 act => Count) private _counts;
    mapping(bytes32 state => uint256) private _seen;
    mapping(bytes32 name => bool) private _declared;
    mapping(bytes4 => uint256) private _reasons;
    bytes4[] private _reasonsSeen;
    /// @dev Of all that was done: two lives that tell the same are one life told twice.
    bytes32 private _trace;

    /// @dev An act that every run must bring through at least once.
    function _declareAct(string memory name) internal {
        _acts.push(name);
        _declared[keccak256(bytes(name))] = true;
    }

    /// @dev A state that every run must reach.
    function _declareState(string memory name) internal {
        _states.push(name);
        _declared[keccak256(bytes(name))] = true;
    }

    function _count(string memory act, bool done) internal {
        bytes32 key = keccak256(bytes(act));
        require(_declared[key], act);
        if (done) ++_counts[key].done;
        else ++_counts[key].refused;
        _trace = keccak256(abi.encode(_trace, key, done, block.timestamp));
    }

    /// @dev The error that an act was refused with.
    function _countReason(bytes4 selector) internal {
        if (_reasons[selector]++ == 0) _reasonsSeen.push(selector);
    }

    function _see(string memory state) internal {
        bytes32 key = keccak256(bytes(state));
        require(_declared[key], state);
        ++_seen[key];
    }

    function _tellLife() internal {
        string memory acts;
        for (uint256 i = 0; i < _acts.length; ++i) {
            Count memory c = _counts[keccak256(bytes(_acts[i]))];
            string memory pair = string.concat("[", vm.toString(c.done), ",", vm.toString(c.refused), "]");
            acts = string.concat(acts, i == 0 ? "" : ",", '"', _acts[i], '":', pair);
        }
        string memory states;
        for (uint256 i = 0; i < _states.length; ++i) {
            string memory seen = vm.toString(_seen[keccak256(bytes(_states[i]))]);
            states = string.concat(states, i == 0 ? "" : ",", '"', _states[i], '":', seen);
        }
        string memory reasons;
        for (uint256 i = 0; i < _reasonsSeen.length; ++i) {
            bytes4 selector = _reasonsSeen[i];
            string memory name = vm.toString(abi.encodePacked(selector));
            string memory entry = string.concat('"', name, '":', vm.toString(_reasons[selector]));
            reasons = string.concat(reasons, i == 0 ? "" : ",", entry);
        }
        string memory life = string.concat('{"life":"', vm.toString(_trace), '","acts":{', acts, "}");
        vm.writeLine(
            vm.envOr("CASCADE_LIVES", FILE),
            string.concat(life, ',"states":{', states, '},"reasons":{', reasons, "}}")
        );
    }
}
