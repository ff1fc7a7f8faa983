// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { FinancingDesk } from "../../../contracts/FinancingDesk.sol";
import { IParticipantRegistry } from "../../../contracts/interfaces/IParticipantRegistry.sol";
import { IReceivableNotes } from "../../../contracts/interfaces/IReceivableNotes.sol";
import { Interest } from "../../../contracts/libraries/Interest.sol";
import { Day } from "../../../contracts/types/Ids.sol";

/// @notice Interest and discount within one minor unit of the exact value, and no overflow, over the widths of the types.
/// @dev Both functions read their arguments as one product, which {check_product...} holds; so what is proved of the
/// product, over all of its 144 bits, is proved of principal, rate and days.
contract InterestProof {
    uint256 private constant BASIS = 3_600_000;

    function check_productOfTwoIsWithin128Bits(uint96 principal, uint32 rate) external pure {
        unchecked {
            assert(uint256(principal) * uint256(rate) <= type(uint128).max);
        }
    }

    function check_productOfThreeIsWithin144Bits(uint128 two, uint16 numDays) external pure {
        unchecked {
            assert(uint256(two) * uint256(numDays) <= type(uint144).max);
        }
    }

    function check_discountUp_isOfTheProduct(uint96 principal, uint32 rate, uint16 numDays) external pure {
        uint256 product;
        unchecked {
            product = uint256(principal) * rate * numDays;
        }
        assert(Interest.discountUp(principal, rate, numDays) == Interest.discountUp(product, 1, 1));
    }

    function check_overdueDown_isOfTheProduct(uint96 principal, uint32 rate, uint16 numDays) external pure {
        uint256 product;
        unchecked {
            product = uint256(principal) * rate * numDays;
        }
        assert(Interest.overdueDown(principal, rate, numDays) == Interest.overdueDown(product, 1, 1));
    }

    function check_discountUp_withinAUnit(uint144 product) external pure {
        uint256 discount = Interest.discountUp(product, 1, 1);
        unchecked {
            assert(discount * BASIS >= product);
            assert(discount * BASIS < uint256(product) + BASIS);
        }
    }

    function check_overdueDown_withinAUnit(uint144 product) external pure {
        uint256 interest = Interest.overdueDown(product, 1, 1);
        unchecked {
            assert(interest * BASIS <= product);
            assert(product < interest * BASIS + BASIS);
        }
    }

    function check_discountUp_monotonic(uint144 less, uint144 more) external pure {
        if (less <= more) assert(Interest.discountUp(less, 1, 1) <= Interest.discountUp(more, 1, 1));
    }

    function check_overdueDown_monotonic(uint144 less, uint144 more) external pure {
        if (less <= more) assert(Interest.overdueDown(less, 1, 1) <= Interest.overdueDown(more, 1, 1));
    }

    /// @dev Splitting never pays whoever chose the split: parts are discounted by at least as much as the whole, and earn
    /// at most as much overdue interest.
    function check_splittingNeverPays(uint136 a, uint136 b) external pure {
        uint256 whole = uint256(a) + b;
        assert(Interest.discountUp(a, 1, 1) + Interest.discountUp(b, 1, 1) >= Interest.discountUp(whole, 1, 1));
        assert(Interest.overdueDown(a, 1, 1) + Interest.overdueDown(b, 1, 1) <= Interest.overdueDown(whole, 1, 1));
    }
}

/// @notice A price is the amount less the discount, or nothing where the discount is all of it or more; and no discount is
/// taken for no time. That a discount is within a unit of the exact one is {InterestProof}'s.
contract PriceProof {
    FinancingDesk private desk;

    function setUp() public {
        desk = new FinancingDesk(
            address(1),
            address(2),
            IParticipantRegistry(address(3)),
            IReceivableNotes(address(4))
        );
    }

    function check_price_isTheAmountLessTheDiscount(
        uint96 amount,
        uint32 rate,
        uint16 today,
        uint16 due
    ) external view {
        uint256 price = desk.price(amount, rate, Day.wrap(today), Day.wrap(due));
        uint256 discount = Interest.discountUp(amount, rate, due > today ? due - today : 0);
        assert(price == (discount < amount ? amount - discount : 0));
    }

    function check_price_isNeverAboveTheAmount(uint96 amount, uint32 rate, uint16 today, uint16 due) external view {
        assert(desk.price(amount, rate, Day.wrap(today), Day.wrap(due)) <= amount);
    }

    function check_price_ofNoTimeOrNoRateIsTheAmount(
        uint96 amount,
        uint32 rate,
        uint16 today,
        uint16 due
    ) external view {
        if (rate == 0 || due <= today) assert(desk.price(amount, rate, Day.wrap(today), Day.wrap(due)) == amount);
    }
}
