// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The least a token needs, with its movement open to be spoiled.
abstract contract BareToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function _spend(address from, uint256 amount) internal {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
    }
}

/// @notice Takes a unit from what the payee gets.
contract FeeToken is BareToken {
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        balanceOf[to] += amount - 1;
        return true;
    }
}

/// @notice Gives the payee all, and takes a unit more from the payer.
contract SurchargeToken is BareToken {
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        balanceOf[from] -= 1;
        balanceOf[to] += amount;
        return true;
    }
}

/// @notice Says no without reverting.
contract FalseToken is BareToken {
    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}

/// @notice Says yes and moves nothing.
contract LyingToken is BareToken {
    function transferFrom(address, address, uint256) external pure returns (bool) {
        return true;
    }
}

/// @notice Moves exactly and returns nothing, as some old tokens do.
contract SilentToken is BareToken {
    function transferFrom(address from, address to, uint256 amount) external {
        _spend(from, amount);
        balanceOf[to] += amount;
    }
}

/// @notice Moves exactly, but not for one holder.
contract BlockingToken is BareToken {
    address public blocked;

    error Blocked(address holder);

    function block_(address holder) external {
        blocked = holder;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (from == blocked || to == blocked) revert Blocked(blocked);
        _spend(from, amount);
        balanceOf[to] += amount;
        return true;
    }
}

/// @notice Moves exactly, but burns all gas it is given rather than pay one holder.
contract BurningToken is BareToken {
    address public hated;

    function hate(address holder) external {
        hated = holder;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (to == hated)
            assembly {
                invalid()
            }
        _spend(from, amount);
        balanceOf[to] += amount;
        return true;
    }
}

/// @notice Moves exactly, and on the way makes any call it was told to, once.
contract ReentrantToken is BareToken {
    address public target;
    bytes public data;
    bool public called;
    bool public succeeded;

    function arm(address target_, bytes calldata data_) external {
        (target, data, called, succeeded) = (target_, data_, false, false);
    }

    function execute(address to, bytes calldata payload) external returns (bytes memory result) {
        bool ok;
        (ok, result) = to.call(payload);
        if (!ok)
            assembly {
                revert(add(result, 32), mload(result))
            }
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        _enter();
        balanceOf[to] += amount;
        return true;
    }

    function _enter() internal {
        if (target == address(0) || called) return;
        called = true;
        (succeeded, ) = target.call(data);
    }
}
