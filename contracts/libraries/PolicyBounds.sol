// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IIssuanceDesk } from "../interfaces/IIssuanceDesk.sol";

/// @notice The hard caps of policy: no operator goes beyond them.
library PolicyBounds {
    /// @dev 银发〔2025〕77号: never above one year.
    uint16 internal constant MAX_TENOR_DAYS = 365;
    uint16 internal constant MAX_TERMS_DAYS = 365;
    uint8 internal constant MAX_TIER_LIMIT = 16;
    uint8 internal constant MAX_GRACE_DAYS = 30;
    uint16 internal constant MAX_OVERDUE_RATE_BPS = 2_400;
    uint16 internal constant MAX_OFFER_LIFETIME_DAYS = 90;

    function check(IIssuanceDesk.Policy calldata p) internal pure {
        _atMost("hardTenorDays", p.hardTenorDays, MAX_TENOR_DAYS);
        _atMost("defaultTenorDays", p.defaultTenorDays, p.hardTenorDays);
        _atMost("termsDays", p.termsDays, MAX_TERMS_DAYS);
        _atMost("tierLimit", p.tierLimit, MAX_TIER_LIMIT);
        _atMost("graceDays", p.graceDays, MAX_GRACE_DAYS);
        _atMost("overdueRateBps", p.overdueRateBps, MAX_OVERDUE_RATE_BPS);
        _atMost("offerLifetimeDays", p.offerLifetimeDays, MAX_OFFER_LIFETIME_DAYS);
        _atLeastOne("hardTenorDays", p.hardTenorDays);
        _atLeastOne("tierLimit", p.tierLimit);
        _atLeastOne("offerLifetimeDays", p.offerLifetimeDays);
        _atLeastOne("minChildValue", p.minChildValue);
    }

    function _atMost(string memory parameter, uint256 value, uint256 bound) private pure {
        if (value > bound) revert IIssuanceDesk.PolicyOutOfBounds(parameter, value, bound);
    }

    function _atLeastOne(string memory parameter, uint256 value) private pure {
        if (value == 0) revert IIssuanceDesk.PolicyOutOfBounds(parameter, 0, 1);
    }
}
