// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The rail of a currency: a deposit token on this chain, or the books of settlement banks outside it.
/// @dev A bank-rail currency stands in the tables under the address whose last three bytes are its ISO 4217 code in
/// capitals and whose others are zero (CNY: 0x0000000000000000000000000000000000434e59). No contract and no key can have it.
library BankRail {
    /// @return Whether an allowed currency is on the bank rail.
    function carries(address currency) internal pure returns (bool) {
        return uint160(currency) >> 24 == 0;
    }

    /// @return Whether the address is three capital letters.
    function isCode(address currency) internal pure returns (bool) {
        if (!carries(currency)) return false;
        for (uint256 shift = 0; shift < 24; shift += 8) {
            uint8 letter = uint8(uint160(currency) >> shift);
            if (letter < 0x41 || letter > 0x5a) return false;
        }
        return true;
    }
}
