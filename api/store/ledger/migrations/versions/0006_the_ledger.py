"""The ledger"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.ledger.types import Amount, Bytes

revision = "0006"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("address", Bytes(), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("rights", sa.BigInteger(), nullable=False),
        sa.Column("evidence_hash", Bytes(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_index("accounts_by_party", "accounts", ["party"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("registry_reference", Bytes(), nullable=True),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("debtor_notified_at", sa.BigInteger(), nullable=False),
        sa.Column("registration_tx", Bytes(), nullable=True),
        sa.Column("registration_block", sa.BigInteger(), nullable=True),
        sa.Column("registration_log", sa.BigInteger(), nullable=True),
        sa.Column("registration_time", sa.BigInteger(), nullable=True),
        sa.Column("notice_tx", Bytes(), nullable=True),
        sa.Column("notice_block", sa.BigInteger(), nullable=True),
        sa.Column("notice_log", sa.BigInteger(), nullable=True),
        sa.Column("notice_time", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("note"),
    )
    op.create_table(
        "bank_records",
        sa.Column("bank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("payment_reference", Bytes(), nullable=False),
        sa.Column("reservation", Bytes(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("digest", Bytes(), nullable=False),
        sa.Column("currency", Bytes(), nullable=True),
        sa.Column("value_day", sa.BigInteger(), nullable=True),
        sa.Column("lines", sa.Text(), nullable=True),
        sa.Column("reason", Bytes(), nullable=True),
        sa.PrimaryKeyConstraint("bank", "payment_reference"),
    )
    op.create_table(
        "bank_repayments",
        sa.Column("reservation", Bytes(), nullable=False),
        sa.Column("note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("payee", sa.BigInteger(), nullable=False),
        sa.Column("principal", Amount(30), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("rests_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reservation", "note"),
    )
    op.create_index("bank_repayments_by_note", "bank_repayments", ["note"], unique=False)

    op.create_table(
        "bank_reservations",
        sa.Column("id", Bytes(), nullable=False),
        sa.Column("bank", sa.BigInteger(), nullable=False),
        sa.Column("product", Bytes(), nullable=False),
        sa.Column("reserved_day", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "bank_rounds",
        sa.Column(
            "receivable", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("reservation", Bytes(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("receivable"),
    )
    op.create_table(
        "bank_sales",
        sa.Column("reservation", Bytes(), nullable=False),
        sa.Column("note", sa.BigInteger(), nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("financier", sa.BigInteger(), nullable=False),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("rate_bps", sa.BigInteger(), nullable=False),
        sa.Column("recourse", sa.Boolean(), nullable=False),
        sa.Column("price", Amount(30), nullable=False),
        sa.Column("registry_reference", Bytes(), nullable=False),
        sa.Column("quote_nonce", Bytes(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("reservation"),
    )
    op.create_index("bank_sales_by_note", "bank_sales", ["note"], unique=False)

    op.create_table(
        "blocks",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("hash", Bytes(), nullable=False),
        sa.Column("parent", Bytes(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("blocks_by_time", "blocks", ["time", "number"], unique=False)
    op.create_table(
        "cash_legs",
        sa.Column("block", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("log", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.BigInteger(), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=True),
        sa.Column("receivable", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.BigInteger(), nullable=False),
        sa.Column("payer_account", Bytes(), nullable=True),
        sa.Column("payee_account", Bytes(), nullable=True),
        sa.Column("token", Bytes(), nullable=False),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("principal", Amount(30), nullable=False),
        sa.Column("interest", Amount(30), nullable=False),
        sa.Column("discount", Amount(30), nullable=False),
        sa.Column("rate_bps", sa.BigInteger(), nullable=True),
        sa.Column("recourse", sa.Boolean(), nullable=True),
        sa.Column("registry_reference", Bytes(), nullable=True),
        sa.Column("tx", Bytes(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("bank", sa.BigInteger(), nullable=True),
        sa.Column("payment_reference", Bytes(), nullable=True),
        sa.Column("quote_nonce", Bytes(), nullable=True),
        sa.PrimaryKeyConstraint("block", "log"),
        sqlite_with_rowid=False,
    )
    op.create_index("cash_legs_by_child", "cash_legs", ["child"], unique=False)
    op.create_index("cash_legs_by_note", "cash_legs", ["note"], unique=False)
    op.create_index("cash_legs_by_payee", "cash_legs", ["payee"], unique=False)
    op.create_index("cash_legs_by_payer", "cash_legs", ["payer"], unique=False)
    op.create_index("cash_legs_by_root", "cash_legs", ["root_id"], unique=False)

    op.create_table(
        "cash_sums",
        sa.Column("party", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token", Bytes(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("paid", Amount(42), nullable=False),
        sa.Column("received", Amount(42), nullable=False),
        sa.PrimaryKeyConstraint("party", "token", "kind"),
    )
    op.create_table(
        "note_past",
        sa.Column("note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("value", Amount(30), nullable=False),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.Column("pledged", Amount(30), nullable=False),
        sa.PrimaryKeyConstraint("note", "until"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receivable_past",
        sa.Column(
            "receivable", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("outstanding", Amount(30), nullable=False),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("receivable", "until"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cash_past",
        sa.Column("party", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token", Bytes(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("paid", Amount(42), nullable=False),
        sa.Column("received", Amount(42), nullable=False),
        sa.PrimaryKeyConstraint("party", "token", "kind", "until"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "claims",
        sa.Column("fingerprint", Bytes(), nullable=False),
        sa.Column("notes", Bytes(), nullable=False),
        sa.Column(
            "receivable", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "notes", "receivable"),
    )
    op.create_index("claims_by_receivable", "claims", ["receivable"], unique=False)

    op.create_table(
        "consents",
        sa.Column(
            "receiver", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("offeror", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "currency", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("latest_due_day", sa.BigInteger(), nullable=False),
        sa.Column("expiry_day", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("receiver", "offeror", "currency"),
    )
    op.create_table(
        "credit_notes",
        sa.Column("fingerprint", Bytes(), nullable=False),
        sa.Column("invoice", Bytes(), nullable=False),
        sa.Column("amount", Amount(30), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_table(
        "currencies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token", Bytes(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("decimals", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cursor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment", sa.Text(), nullable=False),
        sa.Column("first_block", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("hash", Bytes(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("reorgs", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "events",
        sa.Column("block", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("log", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("tx", Bytes(), nullable=False),
        sa.Column("contract", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("block", "log"),
        sqlite_with_rowid=False,
    )
    about_a_note = sa.text("root_id IS NOT NULL")
    op.create_index(
        *("events_by_root", "events", ["root_id", "block"]),
        unique=False,
        sqlite_where=about_a_note,
        postgresql_where=about_a_note,
    )

    administration = sa.text("contract = 'AccessManager'")
    op.create_index(
        *("events_of_administration", "events", ["block", "log"]),
        unique=False,
        sqlite_where=administration,
        postgresql_where=administration,
    )

    op.create_table(
        "freezes",
        sa.Column("note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("arbiter", sa.BigInteger(), nullable=False),
        sa.Column("order_hash", Bytes(), nullable=False),
        sa.Column("release_hash", Bytes(), nullable=True),
        sa.PrimaryKeyConstraint("note"),
    )
    op.create_table(
        "invoices",
        sa.Column("fingerprint", Bytes(), nullable=False),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("claimed", Amount(30), nullable=False),
        sa.Column("credited", Amount(30), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_table(
        "lines",
        sa.Column("debtor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("currency", Bytes(), nullable=False),
        sa.Column("line_limit", Amount(30), nullable=False),
        sa.Column("used", Amount(30), nullable=False),
        sa.PrimaryKeyConstraint("debtor", "currency"),
    )
    op.create_table(
        "loan_quotes",
        sa.Column("lender", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("nonce", Bytes(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "nonce"),
    )
    op.create_table(
        "loans",
        sa.Column("note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("lender", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=False),
        sa.Column("lent", Amount(30), nullable=False),
        sa.Column("principal", Amount(30), nullable=False),
        sa.Column("cap", Amount(30), nullable=False),
        sa.Column("rate_bps", sa.BigInteger(), nullable=False),
        sa.Column("accrued", Bytes(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("paid", Amount(30), nullable=False),
        sa.Column("payer_account", Bytes(), nullable=False),
        sa.Column("payee_account", Bytes(), nullable=False),
        sa.Column("token", Bytes(), nullable=False),
        sa.Column("registry_reference", Bytes(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("unpaid", Amount(30), nullable=False),
        sa.Column("quote_nonce", Bytes(), nullable=False),
        sa.Column("source_tx", Bytes(), nullable=False),
        sa.Column("source_block", sa.BigInteger(), nullable=False),
        sa.Column("source_log", sa.BigInteger(), nullable=False),
        sa.Column("source_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("note"),
    )
    op.create_index("loans_by_lender", "loans", ["lender", "note"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("parent", sa.BigInteger(), nullable=True),
        sa.Column("receivable", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("face", Amount(30), nullable=False),
        sa.Column("value", Amount(30), nullable=False),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.Column("lapse_day", sa.BigInteger(), nullable=False),
        sa.Column("trade_hash", Bytes(), nullable=True),
        sa.Column("source_tx", Bytes(), nullable=False),
        sa.Column("source_block", sa.BigInteger(), nullable=False),
        sa.Column("source_log", sa.BigInteger(), nullable=False),
        sa.Column("source_time", sa.BigInteger(), nullable=False),
        sa.Column("accepted_tx", Bytes(), nullable=True),
        sa.Column("accepted_block", sa.BigInteger(), nullable=True),
        sa.Column("accepted_log", sa.BigInteger(), nullable=True),
        sa.Column("accepted_time", sa.BigInteger(), nullable=True),
        sa.Column("closed_tx", Bytes(), nullable=True),
        sa.Column("closed_block", sa.BigInteger(), nullable=True),
        sa.Column("closed_log", sa.BigInteger(), nullable=True),
        sa.Column("closed_time", sa.BigInteger(), nullable=True),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("pledged", Amount(30), nullable=False),
        sa.Column("tender_day", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notes_by_holder", "notes", ["holder", "id"], unique=False)
    op.create_index("notes_by_parent", "notes", ["parent"], unique=False)
    op.create_index("notes_by_root", "notes", ["root_id", "id"], unique=False)

    op.create_table(
        "parties",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("credit_code_hash", Bytes(), nullable=False),
        sa.Column("roles", sa.BigInteger(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("identity_expiry", sa.BigInteger(), nullable=False),
        sa.Column("settlement_account", Bytes(), nullable=False),
        sa.Column("quote_epoch", sa.BigInteger(), nullable=False),
        sa.Column("overdue_count", sa.BigInteger(), nullable=False),
        sa.Column("source_tx", Bytes(), nullable=False),
        sa.Column("source_block", sa.BigInteger(), nullable=False),
        sa.Column("source_log", sa.BigInteger(), nullable=False),
        sa.Column("source_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "policies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("default_tenor_days", sa.BigInteger(), nullable=False),
        sa.Column("hard_tenor_days", sa.BigInteger(), nullable=False),
        sa.Column("terms_days", sa.BigInteger(), nullable=False),
        sa.Column("tier_limit", sa.BigInteger(), nullable=False),
        sa.Column("grace_days", sa.BigInteger(), nullable=False),
        sa.Column("overdue_rate_bps", sa.BigInteger(), nullable=False),
        sa.Column("offer_lifetime_days", sa.BigInteger(), nullable=False),
        sa.Column("min_child_value", Amount(30), nullable=False),
        sa.Column("registry_reference_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "quotes",
        sa.Column(
            "financier", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("nonce", Bytes(), nullable=False),
        sa.Column("taken", Amount(30), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("financier", "nonce"),
    )
    op.create_table(
        "reassignments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("note", sa.BigInteger(), nullable=False),
        sa.Column("receiver", sa.BigInteger(), nullable=False),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("arbiter", sa.BigInteger(), nullable=False),
        sa.Column("freeze", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("order_hash", Bytes(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=True),
        sa.Column("cancel_hash", Bytes(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reassignments_by_note", "reassignments", ["note"], unique=False)

    op.create_table(
        "receivables",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("debtor", sa.BigInteger(), nullable=False),
        sa.Column("creditor", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.BigInteger(), nullable=False),
        sa.Column("face_value", Amount(30), nullable=False),
        sa.Column("outstanding", Amount(30), nullable=False),
        sa.Column("repaid", Amount(30), nullable=False),
        sa.Column("extinguished", Amount(30), nullable=False),
        sa.Column("cancelled", Amount(30), nullable=False),
        sa.Column("currency", sa.BigInteger(), nullable=False),
        sa.Column("delivery_day", sa.BigInteger(), nullable=False),
        sa.Column("due_day", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_day", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.BigInteger(), nullable=False),
        sa.Column("tier_limit", sa.BigInteger(), nullable=False),
        sa.Column("grace_days", sa.BigInteger(), nullable=False),
        sa.Column("overdue_rate_bps", sa.BigInteger(), nullable=False),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.Column("evidence_hash", Bytes(), nullable=False),
        sa.Column("notes", sa.BigInteger(), nullable=False),
        sa.Column("deepest_tier", sa.BigInteger(), nullable=False),
        sa.Column("source_tx", Bytes(), nullable=False),
        sa.Column("source_block", sa.BigInteger(), nullable=False),
        sa.Column("source_log", sa.BigInteger(), nullable=False),
        sa.Column("source_time", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("receivables_by_debtor", "receivables", ["debtor", "id"], unique=False)

    op.create_table(
        "recoveries",
        sa.Column("party", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account", Bytes(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("evidence_hash", Bytes(), nullable=False),
        sa.Column("removed_hash", Bytes(), nullable=False),
        sa.Column("removed", Bytes(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("party"),
    )
    op.create_table(
        "reorganisations",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "rounds",
        sa.Column(
            "receivable", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("total", Amount(30), nullable=False),
        sa.Column("base", Amount(30), nullable=False),
        sa.Column("counted", Amount(30), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("receivable"),
    )
    op.create_table(
        "sales",
        sa.Column("note", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("origin", sa.BigInteger(), nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("amount", Amount(30), nullable=False),
        sa.Column("price", Amount(30), nullable=False),
        sa.Column("rate_bps", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("demand_day", sa.BigInteger(), nullable=False),
        sa.Column("quote_nonce", Bytes(), nullable=True),
        sa.PrimaryKeyConstraint("note"),
    )
    op.create_table(
        "settlement_changes",
        sa.Column("party", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account", Bytes(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("evidence_hash", Bytes(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("party"),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "totals",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("amount", Amount(42), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "undo",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("undo_by_block", "undo", ["block"], unique=False)

    op.create_table(
        "wiring",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("address", Bytes(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "address"),
    )
