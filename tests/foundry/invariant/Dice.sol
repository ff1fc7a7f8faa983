// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Choices drawn from one number, so that an act is one number long and can be replayed.
struct Dice {
    uint256 state;
}

using { below, oneIn, among, near } for Dice global;

/// @return A number from 0 to `bound` - 1.
function below(Dice memory d, uint256 bound) pure returns (uint256) {
    d.state = uint256(keccak256(abi.encode(d.state)));
    return bound == 0 ? 0 : d.state % bound;
}

/// @return Once in so many times.
function oneIn(Dice memory d, uint256 times) pure returns (bool) {
    return below(d, times) == 0;
}

/// @return One of four.
function among(Dice memory d, uint256 a, uint256 b, uint256 c, uint256 e) pure returns (uint256) {
    uint256 pick = below(d, 4);
    return
        pick == 0
            ? a
            : pick == 1
                ? b
                : pick == 2
                    ? c
                    : e;
}

/// @notice An amount about `value`: mostly one that could be taken from it, often at an edge, sometimes nonsense.
/// @param minimum The least child there may be.
function near(Dice memory d, uint96 value, uint64 minimum) pure returns (uint96) {
    uint256 pick = below(d, 24);
    if (pick < 6) return value;
    if (pick < 9) return value / 2;
    if (pick < 12) return uint96(below(d, uint256(value) + 1));
    if (pick < 14) return minimum;
    if (pick < 16) return value > minimum ? value - minimum : value;
    if (pick == 16) return value > minimum ? value - minimum + 1 : 1;
    if (pick == 17) return value == type(uint96).max ? value : value + 1;
    if (pick == 18) return minimum == 0 ? 0 : minimum - 1;
    if (pick == 19) return 0;
    if (pick == 20) return 1;
    if (pick == 21) return type(uint96).max;
    if (pick == 22) return type(uint96).max - 1;
    return value / 3;
}
