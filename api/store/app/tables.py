"""The tables of app.db. Whole numbers that may pass 63 bits (amounts of quotes, nonces of signatures) are text."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

_Serial = BigInteger().with_variant(Integer, "sqlite")

operations = Table(
    "operations",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("party", BigInteger, nullable=False),
    Column("account", String(42), nullable=False),
    Column("contract", String(40), nullable=False),
    Column("function", String(80), nullable=False),
    Column("args", Text, nullable=False),
    Column("at", String(42)),
    Column("gas_limit", BigInteger),
    Column("status", String(12), nullable=False),
    Column("idempotency_key", String(255), unique=True),
    Column("request_hash", String(80)),
    Column("request_id", String(64)),
    Column("trace", String(55)),
    Column("approval", String(32), index=True),
    Column("nonce", BigInteger),
    Column("raw", Text),
    Column("signed_outside", Boolean, nullable=False, server_default=text("false")),
    Column("relayed_for", String(42)),
    Column("relayed_nonce", BigInteger),
    Column("tx_hash", String(66)),
    Column("mined_as", String(66)),
    Column("block", BigInteger),
    Column("block_hash", String(66)),
    Column("gas_used", BigInteger),
    Column("error", Text),
    Column("final", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("account", "nonce", name="one_operation_per_nonce"),
)
Index("operations_by_transaction", operations.c.tx_hash)
Index("operations_by_request", operations.c.request_id)
Index("operations_by_status", operations.c.status, operations.c.seq)
Index("operations_by_finality", operations.c.final, operations.c.block)
Index("operations_by_relayed", operations.c.relayed_for, operations.c.relayed_nonce)

replacements = Table(
    "replacements",
    metadata,
    Column("serial", _Serial, primary_key=True, autoincrement=True),
    Column("operation", BigInteger, nullable=False, index=True),
    Column("tx_hash", String(66), nullable=False, unique=True),
    Column("raw", Text, nullable=False),
    Column("gas_limit", BigInteger, nullable=False),
    Column("error", Text),
    Column("created_at", BigInteger, nullable=False),
)

operation_events = Table(
    "operation_events",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("operation", BigInteger),  # this, and what follows `change`: NULL of what is no operation's
    Column("party", BigInteger),  # NULL where blocks were taken back
    Column("change", String(12), nullable=False),
    Column("status", String(12)),
    Column("tx_hash", String(66)),
    Column("block", BigInteger),
    Column("gas_used", BigInteger),
    Column("error", Text),
    Column("final", Boolean),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
Index("operation_events_by_party", operation_events.c.party, operation_events.c.id)

reorganisations = Table(
    "reorganisations",
    metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(32), nullable=False, unique=True),  # as the read model names it: told once
    Column("blocks", Text, nullable=False),  # JSON: number and hash of each
    Column("complete", Boolean, nullable=False),
)

key_changes = Table(
    "key_changes",
    metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(120), nullable=False, unique=True),  # of KeyChange: told once
    Column("told", Text, nullable=False),  # JSON
)

undone = Table(
    "undone",
    metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("party", BigInteger, primary_key=True, autoincrement=False),  # that may know of it
    Column("kind", String(12), primary_key=True),  # operation | note | receivable
    Column("thing", String(32), primary_key=True),
    Column("gone", Boolean, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("party", BigInteger, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("every", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

webhook_cursor = Table(
    "webhook_cursor",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event", BigInteger, nullable=False),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("webhook", String(32), nullable=False),
    Column("event", BigInteger, nullable=False),
    Column("operation", BigInteger),
    Column("status", String(12), nullable=False),
    Column("next_at", Float, nullable=False),
    Column("claimed_until", Float, nullable=False),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("webhook", "event", name="one_delivery_per_event"),
)
Index("webhook_deliveries_due", webhook_deliveries.c.webhook, webhook_deliveries.c.status, webhook_deliveries.c.id)
Index("webhook_deliveries_in_order", webhook_deliveries.c.webhook, webhook_deliveries.c.operation)

webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("delivery", BigInteger, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("status", Integer),
    Column("error", String(40)),
    Column("took_ms", BigInteger, nullable=False),
)

sender_leases = Table(
    "sender_leases",
    metadata,
    Column("account", String(42), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("expires_at", Float, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("party", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),
    Column("approval", String(32), unique=True),
    Column("idempotency_key", String(255), unique=True),
    Column("request_hash", String(80)),
    Column("owner", String(200)),
    Column("lease_until", Float),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
Index("jobs_by_status", jobs.c.status, jobs.c.seq)

job_rows = Table(
    "job_rows",
    metadata,
    Column("job", String(32), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item", BigInteger, nullable=False),
    Column("amount", String(40)),
    Column("status", String(12), nullable=False),
    Column("operation", String(32)),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
)
Index("job_rows_by_status", job_rows.c.job, job_rows.c.status, job_rows.c.failures, job_rows.c.position)

quotes = Table(
    "quotes",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("note", BigInteger, nullable=False, index=True),
    Column("seller", BigInteger, nullable=False, index=True),
    Column("financier", BigInteger, nullable=False),
    Column("max_amount", String(40), nullable=False),
    Column("rate_bps", BigInteger, nullable=False),
    Column("recourse", Boolean, nullable=False),
    Column("payer", String(42), nullable=False),
    Column("registry_reference", String(66), nullable=False),
    Column("valid_until", String(80), nullable=False),
    Column("nonce", String(80), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("signer", String(42), nullable=False),
    Column("signature", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("financier", "nonce", name="one_quote_per_nonce"),
)

quote_requests = Table(
    "quote_requests",
    metadata,
    Column("note", BigInteger, primary_key=True, autoincrement=False),
    Column("financier", BigInteger, primary_key=True, autoincrement=False),  # 0: every financier
    Column("seller", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("quote_requests_by_financier", "financier"),
)

audit_reads = Table(
    "audit_reads",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("party", BigInteger, nullable=False),
    Column("person", String(32)),
    Column("means", String(12), nullable=False),
    Column("credential", String(64), nullable=False),
    Column("method", String(8), nullable=False),
    Column("target", Text, nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("rule", String(24), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("block", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("parties", Text, nullable=False),  # JSON
    Column("note", BigInteger),
    Column("receivable", BigInteger),
    Column("facts", Text, nullable=False),  # JSON
    Column("seen_party", BigInteger),  # who acknowledged it; NULL: nobody
    Column("seen_person", String(32)),
    Column("seen_at", BigInteger),
    Column("remark", Text),
)

watch_mark = Table(
    "watch_mark",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # the only row is 1
    Column("block", BigInteger, nullable=False),
    Column("hash", String(66), nullable=False),
    Column("note", BigInteger, nullable=False),
    Column("receivable", BigInteger, nullable=False),
    Column("item", BigInteger, nullable=False),
)

profiles = Table(
    "profiles",
    metadata,
    Column("credit_code_hash", String(66), primary_key=True),
    Column("credit_code", String(80), nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("party", BigInteger, unique=True),
)

identities = Table(
    "identities",
    metadata,
    Column("identity", String(255), primary_key=True),
    Column("credit_code_hash", String(66), nullable=False, index=True),
    Column("position", Integer, nullable=False),
)

imported_items = Table(
    "imported_items",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("buyer", BigInteger, nullable=False, index=True),
    Column("fingerprint", String(66), nullable=False, unique=True),
    Column("file", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("seller_key", String(255), nullable=False),
    Column("seller_name", Text, nullable=False),
    Column("buyer_key", String(255)),
    Column("buyer_name", Text),
    Column("number", Text, nullable=False),
    Column("issue_date", String(10), nullable=False),
    Column("due_date", String(10)),
    Column("currency", String(3), nullable=False),
    Column("payable", BigInteger, nullable=False),
    Column("file_hash", String(66), nullable=False),
    Column("assumed", Text, nullable=False),
    Column("evidence_hash", String(66), nullable=False),
    Index("imported_items_by_amount", "seller_key", "payable"),
    Index("imported_items_by_file", "file_hash"),
)

import_refusals = Table(
    "import_refusals",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("buyer", BigInteger, nullable=False),
    Column("file", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("rule", String(60), nullable=False),
    Column("params", Text, nullable=False),
    Column("number", Text),
    UniqueConstraint("buyer", "file", "item", "rule", name="one_refusal_per_item"),
)

people = Table(
    "people",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("party", BigInteger, nullable=False, index=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", String(80), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("password_hash", Text),
    Column("totp", Text),
    Column("totp_step", BigInteger, nullable=False),
    Column("issuer", String(255)),
    Column("subject", String(255)),
    UniqueConstraint("party", "issuer", "subject", name="one_person_per_subject"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("password_hash", Text),
    Column("totp", Text),
    Column("totp_step", BigInteger),
)

person_accounts = Table(
    "person_accounts",
    metadata,
    Column("account", String(42), primary_key=True),
    Column("person", String(32), nullable=False, index=True),
)

person_keys = Table(
    "person_keys",
    metadata,
    Column("account", String(42), primary_key=True),
    Column("person", String(32), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("party", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("status", String(12), nullable=False),
    Column("typed_data", Text, nullable=False),
    Column("digest", String(66), nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("prepared_by", String(64), nullable=False),
    Column("prepared_means", String(12), nullable=False),
    Column("ended_by", String(32)),
    Column("idempotency_key", String(255), unique=True),
    Column("request_hash", String(80)),
    Column("request_id", String(64)),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
Index("approvals_by_party", approvals.c.party, approvals.c.seq)

approval_rows = Table(
    "approval_rows",
    metadata,
    Column("approval", String(32), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("token", String(42), nullable=False),
    Column("terms", Text, nullable=False),
    Column("hash", String(66), nullable=False),
    Column("operation", String(32)),
)
Index("approval_rows_by_hash", approval_rows.c.approval, approval_rows.c.hash)

approval_signatures = Table(
    "approval_signatures",
    metadata,
    Column("approval", String(32), primary_key=True),
    Column("part", String(8), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("session", String(32), nullable=False),
    Column("means", String(12), nullable=False),
    Column("account", String(42), nullable=False),
    Column("signature", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("approval", "person", name="two_people_sign"),
    UniqueConstraint("approval", "account", name="two_keys_sign"),
)

approval_thresholds = Table(
    "approval_thresholds",
    metadata,
    Column("party", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(12), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("amount", String(40), nullable=False),
)

lone_acts = Table(
    "lone_acts",
    metadata,
    Column("operation", String(32), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("party", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("amount", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("lone_acts_by_time", lone_acts.c.party, lone_acts.c.at)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False),
    Column("account", String(42)),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("provider", String(32)),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("party", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scopes", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("created_by", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("subject", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

sign_in_nonces = Table(
    "sign_in_nonces",
    metadata,
    Column("nonce", String(64), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

sign_ins_begun = Table(
    "sign_ins_begun",
    metadata,
    Column("attempt", String(64), primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("view", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("person", String(32)),
    Column("invitation", String(64)),
)

evidence = Table(
    "evidence",
    metadata,
    Column("file_hash", String(66), primary_key=True),
    Column("salt", String(66), nullable=False),
    Column("name", Text, nullable=False),
)
