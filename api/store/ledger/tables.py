"""The tables of chain.db. Every row follows from events alone (docs/events.md says which from which); days are
business-day numbers, times Unix seconds, amounts minor units. A fact's place on the chain is four columns: …_tx,
…_block, …_log, …_time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text, literal_column

from api.store.ledger.types import TOTAL_DIGITS, Amount, Bytes

metadata = MetaData()

Id = BigInteger().with_variant(Integer, "sqlite")


def _id(name: str = "id", **options: Any) -> Column[int]:
    return Column(name, Id, primary_key=True, autoincrement=False, **options)


def _number(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _amount(name: str) -> Column[int]:
    return Column(name, Amount, nullable=False)


def _bytes(name: str, nullable: bool = False, **options: Any) -> Column[bytes]:
    return Column(name, Bytes, nullable=nullable, **options)


def _place(name: str, nullable: bool = False) -> list[Column[Any]]:
    numbers = [_number(f"{name}_{part}", nullable) for part in ("block", "log", "time")]
    return [_bytes(f"{name}_tx", nullable), *numbers]


# -- where the index stands

cursor = Table(
    "cursor",
    metadata,
    _id(),  # the only row is 1
    _number("chain_id"),
    Column("deployment", Text, nullable=False),  # identity of what is indexed: see Identity
    _number("first_block"),
    _number("block"),
    _bytes("hash"),
    _number("time"),
    _number("head"),  # the chain's last block when this was written
    _number("floor"),  # the lowest block that can be rewound to
    _number("events"),  # how many are in
    _number("reorgs"),
)

blocks = Table(
    "blocks",
    metadata,
    _id("number"),
    _bytes("hash"),
    _bytes("parent"),
    _number("time"),
    _number("events"),  # how many of ours; empty blocks are kept only within the finality window
    Index("blocks_by_time", "time", "number"),
)

undo = Table(
    "undo",
    metadata,
    Column("seq", Id, primary_key=True),
    _number("block"),
    Column("name", String(32), nullable=False),  # table
    Column("key", Text, nullable=False),  # JSON of the primary key
    Column("before", Text),  # JSON of the row before this block changed it; NULL: there was none
    Index("undo_by_block", "block"),
)

reorganisations = Table(
    "reorganisations",
    metadata,
    Column("seq", Id, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("told", Text, nullable=False),  # JSON: see undone.py
)
"""What was taken back. The chain does not know it any more: the next generation takes these rows over."""

events = Table(
    "events",
    metadata,
    _id("block"),
    _id("log"),
    _bytes("tx"),
    Column("contract", String(32), nullable=False),
    Column("name", String(48), nullable=False),
    Column("args", Text, nullable=False),  # JSON by ABI name; numbers above 48 bits as strings, bytes as 0x-hex
    _number("root_id", nullable=True),  # the root note of what it is about
    sqlite_with_rowid=False,
)
_about_a_note = events.c.root_id.isnot(None)
Index("events_by_root", events.c.root_id, events.c.block, sqlite_where=_about_a_note, postgresql_where=_about_a_note)

of_administration = events.c.contract == literal_column("'AccessManager'")
Index(
    "events_of_administration",
    *(events.c.block, events.c.log),
    sqlite_where=of_administration,
    postgresql_where=of_administration,
)

# -- who

parties = Table(
    "parties",
    metadata,
    _id(),
    _bytes("credit_code_hash"),
    _number("roles"),
    Column("suspended", Boolean, nullable=False),
    _number("identity_expiry"),
    _bytes("settlement_account"),
    _number("quote_epoch"),
    _number("overdue_count"),
    *_place("source"),
)

accounts = Table(
    "accounts",
    metadata,
    _bytes("address", primary_key=True),
    _number("party"),
    _number("rights"),  # 0: removed, or never bound
    _bytes("evidence_hash"),
    _number("nonce"),  # signatures used
    Index("accounts_by_party", "party"),
)

recoveries = Table(
    "recoveries",
    metadata,
    _id("party"),  # its last one
    _bytes("account"),
    _number("ready_at"),
    _bytes("evidence_hash"),
    _bytes("removed_hash"),
    _bytes("removed"),  # the accounts, 20 bytes each
    Column("state", String(12), nullable=False),  # announced | vetoed | withdrawn | finished
)

settlement_changes = Table(
    "settlement_changes",
    metadata,
    _id("party"),  # its last one
    _bytes("account"),
    _number("ready_at"),
    _bytes("evidence_hash"),
    Column("state", String(12), nullable=False),  # announced | vetoed | finished
)

lines = Table(
    "lines",
    metadata,
    _id("debtor"),
    _bytes("currency", primary_key=True),  # token address
    _amount("line_limit"),
    _amount("used"),
)

claims = Table(
    "claims",
    metadata,
    _bytes("fingerprint", primary_key=True),
    _bytes("notes", primary_key=True),  # the note contract: claims outlive its versions
    _id("receivable"),
    _amount("amount"),
    Column("released", Boolean, nullable=False),
    Index("claims_by_receivable", "receivable"),
)

invoices = Table(
    "invoices",
    metadata,
    _bytes("fingerprint", primary_key=True),
    _amount("amount"),  # 0: only credited so far
    _amount("claimed"),
    _amount("credited"),
)

credit_notes = Table(
    "credit_notes",
    metadata,
    _bytes("fingerprint", primary_key=True),
    _bytes("invoice"),
    _amount("amount"),
)

# -- on which terms

currencies = Table(
    "currencies",
    metadata,
    _id(),
    _bytes("token"),
    Column("code", String(16), nullable=False),
    _number("decimals"),
)

policies = Table(
    "policies",
    metadata,
    _id(),
    _number("default_tenor_days"),
    _number("hard_tenor_days"),
    _number("terms_days"),
    _number("tier_limit"),
    _number("grace_days"),
    _number("overdue_rate_bps"),
    _number("offer_lifetime_days"),
    _amount("min_child_value"),
    Column("registry_reference_required", Boolean, nullable=False),
)

wiring = Table(
    "wiring",
    metadata,
    Column("kind", String(16), primary_key=True),  # desk | writer
    _bytes("address", primary_key=True),
    Column("allowed", Boolean, nullable=False),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String(16), primary_key=True),  # paused | forwarder_off
    Column("is_on", Boolean, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    _id("receiver"),
    _id("offeror"),
    _id("currency"),
    _amount("amount"),
    _number("latest_due_day"),
    _number("expiry_day"),
)

# -- what is owed

receivables = Table(
    "receivables",
    metadata,
    _id(),
    _number("debtor"),
    _number("creditor"),
    _number("root"),
    _amount("face_value"),
    _amount("outstanding"),
    _amount("repaid"),
    _amount("extinguished"),
    _amount("cancelled"),
    _number("currency"),
    _number("delivery_day"),
    _number("due_day"),
    _number("confirmed_day"),
    _number("policy"),
    _number("tier_limit"),
    _number("grace_days"),
    _number("overdue_rate_bps"),
    _number("flags"),
    _bytes("evidence_hash"),
    _number("notes"),
    _number("deepest_tier"),
    *_place("source"),
    _number("round"),  # pro rata rounds begun
    Index("receivables_by_debtor", "debtor", "id"),
)

notes = Table(
    "notes",
    metadata,
    _id(),
    _number("parent", nullable=True),
    _number("receivable"),
    _number("root_id"),
    _number("holder"),
    _number("tier"),
    Column("origin", String(12), nullable=False),  # confirmation | split | sale | order | recourse
    _amount("face"),
    _amount("value"),
    _number("flags"),
    _number("lapse_day"),
    _bytes("trade_hash", nullable=True),
    *_place("source"),
    *_place("accepted", nullable=True),
    *_place("closed", nullable=True),
    _number("round"),  # the last pro rata round in which it had its share
    _amount("pledged"),
    _number("tender_day"),  # no interest from this day on; 0: not tendered
    Index("notes_by_root", "root_id", "id"),
    Index("notes_by_parent", "parent"),
    Index("notes_by_holder", "holder", "id"),
)

cash_legs = Table(
    "cash_legs",
    metadata,
    _id("block"),
    _id("log"),
    Column("kind", String(16), nullable=False),  # finance | repayment | recourse | loan | loan_repayment
    _number("note"),
    _number("child", nullable=True),
    _number("receivable"),
    _number("root_id"),
    _number("payer"),  # party; 0 when the paying account serves nobody
    _number("payee"),
    _bytes("payer_account", nullable=True),  # NULL: in a bank's books, as the next
    _bytes("payee_account", nullable=True),
    _bytes("token"),
    _amount("amount"),
    _amount("principal"),
    _amount("interest"),
    _amount("discount"),
    _number("rate_bps", nullable=True),
    Column("recourse", Boolean),
    _bytes("registry_reference", nullable=True),
    _bytes("tx"),
    _number("time"),
    _number("bank", nullable=True),  # the settlement bank that attested it; NULL: deposit tokens moved
    _bytes("payment_reference", nullable=True),  # the bank's own
    _bytes("quote_nonce", nullable=True),  # uint256, big-endian: of the quote under which it was paid; NULL: under none
    Index("cash_legs_by_root", "root_id"),
    Index("cash_legs_by_note", "note"),
    Index("cash_legs_by_child", "child"),
    Index("cash_legs_by_payer", "payer"),
    Index("cash_legs_by_payee", "payee"),
    sqlite_with_rowid=False,
)

cash_sums = Table(
    "cash_sums",
    metadata,
    _id("party"),
    _bytes("token", primary_key=True),
    Column("kind", String(16), primary_key=True),  # as of the legs
    _number("since"),  # the block of its first leg
    Column("paid", Amount(TOTAL_DIGITS), nullable=False),
    Column("received", Amount(TOTAL_DIGITS), nullable=False),
)
"""What each party paid and received by now."""

# -- what was. A row for each that a block changed: `until` is that block, the rest is as before it. What stood at the
#    end of block B is in the row with the least `until` above B; where there is none, in the table itself.

note_past = Table(
    "note_past",
    metadata,
    _id("note"),
    _id("until"),
    _amount("value"),
    _number("flags"),
    _amount("pledged"),
    sqlite_with_rowid=False,
)

receivable_past = Table(
    "receivable_past",
    metadata,
    _id("receivable"),
    _id("until"),
    _amount("outstanding"),
    _number("flags"),
    sqlite_with_rowid=False,
)

cash_past = Table(
    "cash_past",
    metadata,
    _id("party"),
    _bytes("token", primary_key=True),
    Column("kind", String(16), primary_key=True),
    _id("until"),
    Column("paid", Amount(TOTAL_DIGITS), nullable=False),
    Column("received", Amount(TOTAL_DIGITS), nullable=False),
    sqlite_with_rowid=False,
)

rounds = Table(
    "rounds",
    metadata,
    _id("receivable"),
    _number("number"),
    _amount("total"),
    _amount("base"),
    _amount("counted"),
    _number("last_day"),
    Column("open", Boolean, nullable=False),
    Column("finished", Boolean, nullable=False),
)

freezes = Table(
    "freezes",
    metadata,
    _id("note"),
    _number("number"),  # how often it was frozen
    _number("arbiter"),
    _bytes("order_hash"),
    _bytes("release_hash", nullable=True),  # NULL: frozen
)

reassignments = Table(
    "reassignments",
    metadata,
    _id(),
    _number("note"),
    _number("receiver"),
    _amount("amount"),
    _number("arbiter"),
    _number("freeze"),  # of the note: it falls with it
    _number("ready_at"),
    _bytes("order_hash"),
    Column("state", String(12), nullable=False),  # ordered | executed | cancelled
    _number("child", nullable=True),
    _bytes("cancel_hash", nullable=True),
    Index("reassignments_by_note", "note"),
)

loans = Table(
    "loans",
    metadata,
    _id("note"),
    _number("lender"),
    _number("holder"),
    _amount("lent"),
    _amount("principal"),  # left of it
    _amount("cap"),  # left of it
    _number("rate_bps"),
    _bytes("accrued"),  # uint144, big-endian: unpaid interest up to `since` × 3,600,000
    _number("since"),
    _amount("paid"),
    _bytes("payer_account"),
    _bytes("payee_account"),
    _bytes("token"),
    _bytes("registry_reference", nullable=True),
    Column("open", Boolean, nullable=False),
    _amount("unpaid"),
    _bytes("quote_nonce"),
    *_place("source"),
    Index("loans_by_lender", "lender", "note"),
)

loan_quotes = Table(
    "loan_quotes",
    metadata,
    _id("lender"),
    _bytes("nonce", primary_key=True),  # uint256, big-endian
    Column("cancelled", Boolean, nullable=False),  # else taken
)

sales = Table(
    "sales",
    metadata,
    _id("note"),
    _number("origin"),  # the note that the sale brought into being; another than `note` when that came back
    _number("seller"),  # who answers for the debtor
    _amount("amount"),
    _amount("price"),
    _number("rate_bps"),
    _number("day"),
    _number("demand_day"),  # 0: not demanded, or honoured
    _bytes("quote_nonce", nullable=True),
)

assignments = Table(
    "assignments",
    metadata,
    _id("note"),
    _bytes("registry_reference", nullable=True),
    _number("registered_at"),  # in the registry, as attested; 0: never, as in the next two
    _number("recorded_at"),  # when that was attested
    _number("debtor_notified_at"),
    *_place("registration", nullable=True),
    *_place("notice", nullable=True),
)

quotes = Table(
    "quotes",
    metadata,
    _id("financier"),
    _bytes("nonce", primary_key=True),  # uint256, big-endian
    _amount("taken"),
    Column("cancelled", Boolean, nullable=False),
)

# -- what waits for a settlement bank, and what it said

bank_reservations = Table(
    "bank_reservations",
    metadata,
    _bytes("id", primary_key=True),  # the digest that the bank signed
    _number("bank"),
    _bytes("product"),  # the desk that reserved
    _number("reserved_day"),
    _number("last_day"),
    Column("declined", Boolean, nullable=False),
)

bank_sales = Table(
    "bank_sales",
    metadata,
    _bytes("reservation", primary_key=True),
    _number("note"),
    _number("seller"),
    _number("financier"),
    _amount("amount"),
    _number("rate_bps"),
    Column("recourse", Boolean, nullable=False),
    _amount("price"),
    _bytes("registry_reference"),
    _bytes("quote_nonce"),  # uint256, big-endian
    Column("state", String(12), nullable=False),  # reserved | delivered | released
    Index("bank_sales_by_note", "note"),
)

bank_repayments = Table(
    "bank_repayments",
    metadata,
    _bytes("reservation", primary_key=True),
    _id("note"),
    _number("payee"),
    _amount("principal"),
    Column("state", String(12), nullable=False),  # reserved | paid | refused (by the payee's side) | released
    _number("rests_until"),  # last day on which the debtor cannot reserve the note again; 0: not released
    Index("bank_repayments_by_note", "note"),
)

bank_rounds = Table(
    "bank_rounds",
    metadata,
    _id("receivable"),
    _bytes("reservation"),  # of the bank named last
    _number("round"),
)

bank_records = Table(
    "bank_records",
    metadata,
    _id("bank"),
    _bytes("payment_reference", primary_key=True),
    _bytes("reservation"),  # as the bank named it
    Column("outcome", String(12), nullable=False),  # delivered | exception
    _bytes("digest"),
    # Of an exception, also of one that was delivered later:
    _bytes("currency", nullable=True),
    _number("value_day", nullable=True),
    Column("lines", Text),  # JSON by ABI name, amounts as strings
    _bytes("reason", nullable=True),  # the error that stood against delivery, encoded
)

totals = Table(
    "totals",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("amount", Amount(TOTAL_DIGITS), nullable=False),
)
"""Sums over the ledger, kept as events come so that reading them costs nothing."""
