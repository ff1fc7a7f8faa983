"""The one place for numbers and names that the contract tests share. Amounts in minor units, days whole, rates in bps."""

from __future__ import annotations

from eth_utils import to_checksum_address

from tests.reference.notes import Policy

ZERO_ADDRESS = "0x" + "00" * 20
ZERO_HASH = b"\x00" * 32
# Currencies on the bank rail, as they stand in the table of currencies: ISO 4217 codes.
CNY, USD = (to_checksum_address(code.rjust(20, b"\0")) for code in (b"CNY", b"USD"))

FACE = 1_000_000_00
LINE = 50_000_000_00
CASH = 200_000_000_00
TENOR = 90
LIFETIME = 10
GRACE = 3
MINIMUM = 100

POLICY = Policy(
    default_tenor_days=183,
    hard_tenor_days=365,
    terms_days=60,
    tier_limit=4,
    grace_days=GRACE,
    overdue_rate_bps=1_825,
    offer_lifetime_days=LIFETIME,
    min_child_value=MINIMUM,
    registry_required=True,
)

# Administrative roles of the AccessManager, and what each may call. 0 is its administrator.
ADMIN_ROLES: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {
    "admission": (
        1,
        (
            ("ParticipantRegistry", "admit"),
            ("ParticipantRegistry", "reinstate"),
            ("ParticipantRegistry", "setRoles"),
            ("ParticipantRegistry", "renewIdentity"),
            ("ParticipantRegistry", "announceRecovery"),
        ),
    ),
    "urgent": (
        2,
        (
            ("ParticipantRegistry", "suspend"),
            ("ParticipantRegistry", "withdrawRecovery"),
            ("ReceivableNotes", "setPaused"),
            ("Forwarder", "setOff"),
        ),
    ),
    "credit": (3, (("CreditRegister", "setLine"),)),
    "wiring": (4, (("CreditRegister", "setWriter"), ("ReceivableNotes", "setDesk"))),
    "policy": (5, (("IssuanceDesk", "setPolicy"), ("IssuanceDesk", "allowCurrency"))),
    "issuer": (6, (("DepositToken", "mint"),)),
}

# The contracts of the product, in the order in which they are deployed.
PRODUCT = (
    "AccessManager",
    "Forwarder",
    "ParticipantRegistry",
    "CreditRegister",
    "ReceivableNotes",
    "IssuanceDesk",
    "FinancingDesk",
    "OrderDesk",
    "PledgeDesk",
    "RepaymentDesk",
    "BankDesk",
    "BankSaleDesk",
    "BankRepaymentDesk",
    "RecourseDesk",
    "AssignmentRegister",
    "DepositToken",
)
