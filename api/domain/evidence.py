"""What the numbers in the evidence of errors are, by name: business days, moments, or amounts of minor units."""

from __future__ import annotations

DAYS = frozenset(
    {
        *("dueDay", "today", "deliveryDay", "lapseDay", "lastGraceDay", "lastDay", "identityExpiry"),
        *("cutOffDay", "day", "restsUntil", "valueDay", "earliest", "latest"),
    }
)
TIMES = frozenset(
    {
        *("deadline", "readyAt", "validUntil", "validAfter", "validBefore"),
        *("debtorNotifiedAt", "registeredAt", "replaces"),
    }
)
AMOUNTS = frozenset(
    {
        *(
            "asked",
            "available",
            "value",
            "minimum",
            "price",
            "minPrice",
            "total",
            "maxTotal",
            "expected",
            "attested",
            "measured",
            "left",
            "outstanding",
        ),
        *("balance", "needed", "allowance"),
        *("principal", "cap", "pledgedValue"),
        *("amount", "claimed", "most", "attestedBefore", "attestedNow"),
    }
)
