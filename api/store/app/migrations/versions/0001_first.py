"""The outbox, leases, quotes, profiles and imports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("note", sa.BigInteger(), nullable=True),
        sa.Column("receivable", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("seen_party", sa.BigInteger(), nullable=True),
        sa.Column("seen_person", sa.String(length=32), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "watch_mark",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=66), nullable=False),
        sa.Column("note", sa.BigInteger(), nullable=False),
        sa.Column("receivable", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "audit_reads",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("means", sa.String(length=12), nullable=False),
        sa.Column("credential", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "evidence",
        sa.Column("file_hash", sa.String(length=66), nullable=False),
        sa.Column("salt", sa.String(length=66), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_hash"),
    )
    op.create_table(
        "identities",
        sa.Column("identity", sa.String(length=255), nullable=False),
        sa.Column("credit_code_hash", sa.String(length=66), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("identity"),
    )

    op.create_table(
        "import_refusals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("buyer", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("buyer", "file", "item", "rule", name="one_refusal_per_item"),
    )
    op.create_table(
        "imported_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("buyer", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=66), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("seller_key", sa.String(length=255), nullable=False),
        sa.Column("seller_name", sa.Text(), nullable=False),
        sa.Column("buyer_key", sa.String(length=255), nullable=True),
        sa.Column("buyer_name", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.String(length=10), nullable=False),
        sa.Column("due_date", sa.String(length=10), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("file_hash", sa.String(length=66), nullable=False),
        sa.Column("assumed", sa.Text(), nullable=False),
        sa.Column("evidence_hash", sa.String(length=66), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("fingerprint"),
    )

    op.create_index("imported_items_by_amount", "imported_items", ["seller_key", "payable"], unique=False)
    op.create_index("imported_items_by_file", "imported_items", ["file_hash"], unique=False)
    op.create_table(
        "job_rows",
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("operation", sa.String(length=32), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", "position"),
    )
    op.create_table(
        "jobs",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("approval", sa.String(length=32), nullable=True),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("request_hash", sa.String(length=80), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("approval"),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_table(
        "operations",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("contract", sa.String(length=40), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=42), nullable=True),
        sa.Column("gas_limit", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("request_hash", sa.String(length=80), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("trace", sa.String(length=55), nullable=True),
        sa.Column("approval", sa.String(length=32), nullable=True),
        sa.Column("nonce", sa.BigInteger(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.Column("signed_outside", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("relayed_for", sa.String(length=42), nullable=True),
        sa.Column("relayed_nonce", sa.BigInteger(), nullable=True),
        sa.Column("tx_hash", sa.String(length=66), nullable=True),
        sa.Column("mined_as", sa.String(length=66), nullable=True),
        sa.Column("block", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(length=66), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("final", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("account", "nonce", name="one_operation_per_nonce"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
    )

    op.create_table(
        "profiles",
        sa.Column("credit_code_hash", sa.String(length=66), nullable=False),
        sa.Column("credit_code", sa.String(length=80), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("credit_code_hash"),
        sa.UniqueConstraint("party"),
    )
    op.create_table(
        "quote_requests",
        sa.Column("note", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("financier", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("note", "financier"),
    )
    op.create_table(
        "quotes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("note", sa.BigInteger(), nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("financier", sa.BigInteger(), nullable=False),
        sa.Column("max_amount", sa.String(length=40), nullable=False),
        sa.Column("rate_bps", sa.BigInteger(), nullable=False),
        sa.Column("recourse", sa.Boolean(), nullable=False),
        sa.Column("payer", sa.String(length=42), nullable=False),
        sa.Column("registry_reference", sa.String(length=66), nullable=False),
        sa.Column("valid_until", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("signer", sa.String(length=42), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("financier", "nonce", name="one_quote_per_nonce"),
        sa.UniqueConstraint("id"),
    )

    op.create_table(
        "operation_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("operation", sa.BigInteger(), nullable=True),
        sa.Column("party", sa.BigInteger(), nullable=True),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("tx_hash", sa.String(length=66), nullable=True),
        sa.Column("block", sa.BigInteger(), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("final", sa.Boolean(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reorganisations",
        sa.Column("event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("blocks", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "key_changes",
        sa.Column("event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "undone",
        sa.Column("event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("thing", sa.String(length=32), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event", "party", "kind", "thing"),
    )
    op.create_table(
        "replacements",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("operation", sa.BigInteger(), nullable=False),
        sa.Column("tx_hash", sa.String(length=66), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("serial"),
        sa.UniqueConstraint("tx_hash"),
    )

    op.create_table(
        "people",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("party", "issuer", "subject", name="one_person_per_subject"),
    )

    op.create_table(
        "invitations",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person"),
    )

    op.create_table(
        "person_accounts",
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("provider", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )

    op.create_table(
        "sign_in_nonces",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nonce"),
    )

    op.create_table(
        "sign_ins_begun",
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("invitation", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("attempt"),
    )

    op.create_table(
        "sender_leases",
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_index("ix_api_keys_party", "api_keys", ["party"])
    op.create_index("ix_people_party", "people", ["party"])
    op.create_index("ix_person_accounts_person", "person_accounts", ["person"])
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_index("ix_sign_in_nonces_expires_at", "sign_in_nonces", ["expires_at"])
    op.create_index("ix_sign_ins_begun_expires_at", "sign_ins_begun", ["expires_at"])
    op.create_index("ix_identities_credit_code_hash", "identities", ["credit_code_hash"])
    op.create_index("ix_imported_items_buyer", "imported_items", ["buyer"])
    op.create_index("job_rows_by_status", "job_rows", ["job", "status", "failures", "position"])
    op.create_index("jobs_by_status", "jobs", ["status", "seq"])
    op.create_table(
        "webhooks",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("every", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "webhook_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("webhook", sa.String(length=32), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("operation", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("claimed_until", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("webhook", "event", name="one_delivery_per_event"),
    )
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("delivery", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhooks_party", "webhooks", ["party"])
    op.create_index("webhook_deliveries_due", "webhook_deliveries", ["webhook", "status", "id"])
    op.create_index("webhook_deliveries_in_order", "webhook_deliveries", ["webhook", "operation"])
    op.create_index("ix_webhook_attempts_delivery", "webhook_attempts", ["delivery"])
    op.create_index("ix_replacements_operation", "replacements", ["operation"])
    op.create_index("operation_events_by_party", "operation_events", ["party", "id"])
    op.create_index("operations_by_transaction", "operations", ["tx_hash"])
    op.create_index("operations_by_request", "operations", ["request_id"])
    op.create_index("operations_by_status", "operations", ["status", "seq"])
    op.create_index("operations_by_finality", "operations", ["final", "block"])
    op.create_index("operations_by_relayed", "operations", ["relayed_for", "relayed_nonce"])
    op.create_table(
        "person_keys",
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
        sa.UniqueConstraint("person"),
    )
    op.create_table(
        "approvals",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("typed_data", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=66), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("prepared_by", sa.String(length=64), nullable=False),
        sa.Column("prepared_means", sa.String(length=12), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("request_hash", sa.String(length=80), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_table(
        "approval_rows",
        sa.Column("approval", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=42), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=66), nullable=False),
        sa.Column("operation", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("approval", "position"),
    )
    op.create_table(
        "approval_signatures",
        sa.Column("approval", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("means", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("approval", "part"),
        sa.UniqueConstraint("approval", "person", name="two_people_sign"),
        sa.UniqueConstraint("approval", "account", name="two_keys_sign"),
    )
    op.create_table(
        "approval_thresholds",
        sa.Column("party", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("party", "kind", "currency"),
    )
    op.create_table(
        "lone_acts",
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("party", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation", "currency"),
    )
    op.create_index("lone_acts_by_time", "lone_acts", ["party", "at"])
    op.create_index("approvals_by_party", "approvals", ["party", "seq"])
    op.create_index("approval_rows_by_hash", "approval_rows", ["approval", "hash"])
    op.create_index("ix_operations_approval", "operations", ["approval"])
    op.create_index("quote_requests_by_financier", "quote_requests", ["financier"])
    op.create_index("ix_quotes_note", "quotes", ["note"])
    op.create_index("ix_quotes_seller", "quotes", ["seller"])


def downgrade() -> None:
    op.drop_index("ix_operations_approval", table_name="operations")
    op.drop_index("approvals_by_party", table_name="approvals")
    op.drop_index("approval_rows_by_hash", table_name="approval_rows")
    op.drop_index("lone_acts_by_time", table_name="lone_acts")
    for table in (
        "lone_acts",
        "approval_thresholds",
        "approval_rows",
        "approval_signatures",
        "approvals",
        "person_keys",
    ):
        op.drop_table(table)
    op.drop_index("quote_requests_by_financier", table_name="quote_requests")
    op.drop_index("ix_webhook_attempts_delivery", table_name="webhook_attempts")
    op.drop_index("webhook_deliveries_in_order", table_name="webhook_deliveries")
    op.drop_index("webhook_deliveries_due", table_name="webhook_deliveries")
    op.drop_index("ix_webhooks_party", table_name="webhooks")
    op.drop_index("operation_events_by_party", table_name="operation_events")
    op.drop_index("ix_replacements_operation", table_name="replacements")
    op.drop_index("ix_quotes_seller", table_name="quotes")
    op.drop_index("ix_quotes_note", table_name="quotes")
    op.drop_index("operations_by_relayed", table_name="operations")
    op.drop_index("operations_by_finality", table_name="operations")
    op.drop_index("operations_by_status", table_name="operations")
    op.drop_index("operations_by_request", table_name="operations")
    op.drop_index("operations_by_transaction", table_name="operations")
    op.drop_index("jobs_by_status", table_name="jobs")
    op.drop_index("job_rows_by_status", table_name="job_rows")
    op.drop_index("ix_imported_items_buyer", table_name="imported_items")
    op.drop_index("ix_identities_credit_code_hash", table_name="identities")
    op.drop_index("ix_sign_ins_begun_expires_at", table_name="sign_ins_begun")
    op.drop_index("ix_sign_in_nonces_expires_at", table_name="sign_in_nonces")
    op.drop_index("ix_sessions_person", table_name="sessions")
    op.drop_index("ix_person_accounts_person", table_name="person_accounts")
    op.drop_index("ix_people_party", table_name="people")
    op.drop_index("ix_api_keys_party", table_name="api_keys")
    op.drop_table("sign_ins_begun")
    op.drop_table("sign_in_nonces")
    op.drop_table("sign_in_failures")
    op.drop_table("api_keys")
    op.drop_table("sessions")
    op.drop_table("person_accounts")
    op.drop_table("invitations")
    op.drop_table("people")
    op.drop_table("sender_leases")
    op.drop_table("webhook_attempts")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_cursor")
    op.drop_table("webhooks")
    op.drop_table("replacements")
    op.drop_table("undone")
    op.drop_table("key_changes")
    op.drop_table("reorganisations")
    op.drop_table("operation_events")

    op.drop_table("quotes")
    op.drop_table("quote_requests")
    op.drop_table("profiles")

    op.drop_table("operations")
    op.drop_table("jobs")
    op.drop_table("job_rows")

    op.drop_table("imported_items")
    op.drop_table("import_refusals")

    op.drop_table("identities")
    op.drop_table("evidence")
    op.drop_table("audit_reads")
    op.drop_table("watch_mark")
    op.drop_table("alerts")
