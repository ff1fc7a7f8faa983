"""Holding two tellings of the ledger against each other, and the chain's own against the invariants. Pure comparison.

A "stated" note or receivable is what a chain getter returns (fields by ABI name); a view is what the read model says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.domain.status import FINANCED, REASSIGNED, RETURNED, note_status, receivable_status
from api.domain.views import NoteView, PartyView, ReceivableView


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not hold. `rule` is an invariant ("I-1") or "read-model"; the values are as found."""

    rule: str
    subject: str
    expected: Any
    found: Any


@dataclass(slots=True)
class Findings:
    """What was compared, how often, and the differences in the order they were met."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def check(self, rule: str, subject: str, expected: Any, found: Any) -> None:
        """Counts one comparison."""
        self.counts[rule] = self.counts.get(rule, 0) + 1
        if expected != found:
            self.differences.append(Difference(rule, subject, expected, found))

    def holds(self, rule: str) -> bool:
        """Whether nothing was found against `rule`."""
        return not any(d.rule == rule for d in self.differences)


def compare_note(findings: Findings, stated: Mapping[str, Any], view: NoteView, today: int) -> None:
    """Every stored fact of a note."""
    facts = (
        ("value", stated["value"], view.value),
        ("parent", stated["parent"], view.parent or 0),
        ("receivable", stated["receivable"], view.receivable),
        ("holder", stated["holder"], view.holder.id),
        ("tier", stated["tier"], view.tier),
        ("lapse day", stated["lapseDay"], view.lapse_day),
        ("financed", bool(stated["flags"] & FINANCED), view.financed),
        ("flags", stated["flags"], view.flags),
        ("round", stated["round"], view.round),
        ("status", note_status(stated["flags"], stated["value"], stated["lapseDay"], today), view.status),
    )
    for name, expected, found in facts:
        findings.check("read-model", f"note {view.id} {name}", expected, found)


def compare_receivable(findings: Findings, stated: Mapping[str, Any], view: ReceivableView) -> None:
    """Every stored fact of a receivable."""
    facts = (
        ("debtor", stated["debtor"], view.debtor.id),
        ("root", stated["root"], view.root),
        ("face value", stated["faceValue"], view.face_value),
        ("outstanding", stated["outstanding"], view.outstanding),
        ("currency", stated["currency"], view.currency.id),
        ("delivery day", stated["deliveryDay"], view.delivery_day),
        ("due day", stated["dueDay"], view.due_day),
        ("confirmed day", stated["confirmedDay"], view.confirmed_day),
        ("tier limit", stated["tierLimit"], view.tier_limit),
        ("grace days", stated["graceDays"], view.grace_days),
        ("overdue rate", stated["overdueRateBps"], view.overdue_rate_bps),
        ("flags", stated["flags"], view.flags),
        ("round", stated["round"], view.round),
        ("status", receivable_status(stated["flags"], stated["outstanding"]), view.status),
    )
    for name, expected, found in facts:
        findings.check("read-model", f"receivable {view.id} {name}", expected, found)


def compare_party(findings: Findings, stated: Mapping[str, Any], view: PartyView) -> None:
    """Every stored fact of a party. Status: 1 active, 2 suspended."""
    facts = (
        ("settlement account", stated["settlementAccount"].lower(), view.settlement_account.lower()),
        ("roles", stated["roles"], view.roles),
        ("status", {1: "active", 2: "suspended"}.get(stated["status"], "none"), view.status),
        ("identity expiry", stated["identityExpiry"], view.identity_expiry),
        ("quote epoch", stated["quoteEpoch"], view.quote_epoch),
    )
    for name, expected, found in facts:
        findings.check("read-model", f"party {view.id} {name}", expected, found)


def check_conservation(findings: Findings, stated: Mapping[str, Any], view: ReceivableView, notes_value: int) -> None:
    """I-1: face value = notes + repaid + extinguished + cancelled; outstanding = notes."""
    gone = view.repaid + view.extinguished + view.cancelled
    findings.check("I-1", f"receivable {view.id} face value", stated["faceValue"], notes_value + gone)
    findings.check("I-1", f"receivable {view.id} outstanding", stated["outstanding"], notes_value)


def check_lineage(findings: Findings, notes: Mapping[int, Mapping[str, Any]], tier_limits: Mapping[int, int]) -> None:
    """I-3: parents reach the root, share the receivable, and tiers rise by one a supplier hop within the limit."""
    for note_id, note in notes.items():
        subject = f"note {note_id}"
        findings.check("I-3", f"{subject} tier limit", True, note["tier"] <= tier_limits.get(note["receivable"], 0))
        if note["parent"] == 0:
            findings.check("I-3", f"{subject} root tier", 1, note["tier"])
            continue
        parent = notes.get(note["parent"])
        findings.check(
            "I-3", f"{subject} parent exists and is older", True, parent is not None and note["parent"] < note_id
        )
        if parent is not None:
            step = 0 if note["flags"] & (FINANCED | REASSIGNED | RETURNED) else 1
            findings.check("I-3", f"{subject} receivable", parent["receivable"], note["receivable"])
            findings.check("I-3", f"{subject} tier", parent["tier"] + step, note["tier"])


def batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Slices of `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
