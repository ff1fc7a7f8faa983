// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ReceivableId } from "./Ids.sol";

/// @dev A receivable across all note contracts: the contract's number above 40 bits of its id there. 0 is nobody.
type Claimant is uint64;

/// @dev An invoice in its one storage slot, from the lowest bit: amount 96, used 96, sole claimant 64. 0 is one that
/// nobody claimed or credited. While a single claim is all that uses the invoice, it stands here: `sole` is whose, and its
/// part is `used`.
type InvoiceWord is uint256;

using Claimants for Claimant global;
using InvoiceWords for InvoiceWord global;

Claimant constant NOBODY = Claimant.wrap(0);

/// @notice Who claims.
library Claimants {
    /// @param number Of the note contract; 0 for one that may not claim.
    function create(uint24 number, ReceivableId receivable) internal pure returns (Claimant) {
        if (number == 0) return NOBODY;
        return Claimant.wrap((uint64(number) << 40) | ReceivableId.unwrap(receivable));
    }

    function isNobody(Claimant c) internal pure returns (bool) {
        return Claimant.unwrap(c) == 0;
    }

    function same(Claimant a, Claimant b) internal pure returns (bool) {
        return Claimant.unwrap(a) == Claimant.unwrap(b);
    }
}

/// @notice The fields of an invoice, and what follows from them.
library InvoiceWords {
    uint256 private constant USED_AT = 96;
    uint256 private constant SOLE_AT = 192;

    function create(uint96 amount_, uint96 used_, Claimant sole_) internal pure returns (InvoiceWord) {
        return
            InvoiceWord.wrap(
                uint256(amount_) | (uint256(used_) << USED_AT) | (uint256(Claimant.unwrap(sole_)) << SOLE_AT)
            );
    }

    function amount(InvoiceWord i) internal pure returns (uint96) {
        return uint96(InvoiceWord.unwrap(i));
    }

    function used(InvoiceWord i) internal pure returns (uint96) {
        return uint96(InvoiceWord.unwrap(i) >> USED_AT);
    }

    function sole(InvoiceWord i) internal pure returns (Claimant) {
        return Claimant.wrap(uint64(InvoiceWord.unwrap(i) >> SOLE_AT));
    }
}
