"""What the story is played on: the shipped sample, or a real payables ledger with what it lacks assumed and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from api.domain.calendar import date_of_day
from api.domain.invoices import Answer, Assumption, InvoiceItem, Refusal, shift_dates
from api.domain.ledgers import ColumnMap, LedgerOptions
from api.domain.party_identity import AliasTable, PartyIdentity
from api.intake.reader import Reader
from scripts.story.cast import Cast, ledger_cast, load_story, sample_cast
from scripts.story.rules import DrawnRules, Rules, SampleRules

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
DUE_DAYS = (30, 180)
"""Days ahead between which the due dates of a ledger without any are assumed to fall."""


@dataclass(frozen=True, slots=True)
class Source:
    """Documents, read and moved to the chain's present, and the cast and rules that go with them."""

    answers: Sequence[Answer]
    files: Sequence[Path]
    cast: Cast
    rules: Rules
    currency: str
    shift_days: int

    @property
    def items(self) -> list[InvoiceItem]:
        return [a for a in self.answers if isinstance(a, InvoiceItem)]


def sample_source(key: bytes, today: int, folder: Path = SAMPLES) -> Source:
    """The sample that the project ships."""
    story = load_story(folder / "story.json")
    cast = sample_cast(story)
    files = [folder / story["ledger"], *(folder / "invoices" / name for name in story["invoices"])]
    core = cast.role("core")
    options = LedgerOptions(buyer=PartyIdentity(core.identities[0], core.name_zh))
    aliases = AliasTable.of(role.identities for role in cast.roles if role.identities)
    shift = (date_of_day(today) - date.fromisoformat(story["reference_day"])).days
    answers = [_moved(a, shift) for a in Reader(key, aliases, options).read_files(files)]
    return Source(answers, files, cast, SampleRules(story), story["currency"], shift)


def ledger_source(key: bytes, today: int, ledger: Path, rows: int | None, columns: ColumnMap) -> Source:
    """The first `rows` documents of a ledger, in order of first appearance (None: all), with due dates assumed."""
    options = LedgerOptions(columns=columns, let_pass_without_due_column=True)
    answers = _first_documents(list(Reader(key, ledger=options).read_files([ledger])), rows)
    items = [a for a in answers if isinstance(a, InvoiceItem)]
    newest = max((i.issue_date for i in items), default=date_of_day(today))
    shift = (date_of_day(today) - newest).days
    assumption = Assumption(*DUE_DAYS, counted_from=newest)
    moved = [_moved(_with_due_date(a, assumption), shift) for a in answers]
    currency = items[0].currency if items else ""
    return Source(moved, [ledger], ledger_cast(items), DrawnRules(), currency, shift)


def _first_documents(answers: Sequence[Answer], rows: int | None) -> list[Answer]:
    """Answers about the first `rows` documents; refusals of lines that belong to no document stay out of the count."""
    if rows is None:
        return list(answers)
    taken: list[Answer] = []
    numbers: set[str] = set()
    for answer in answers:
        if answer.number is None:
            continue
        if answer.number not in numbers and len(numbers) == rows:
            break
        numbers.add(answer.number)
        taken.append(answer)
    return taken


def _with_due_date(answer: Answer, assumption: Assumption) -> Answer:
    if isinstance(answer, Refusal) or answer.due_date is not None:
        return answer
    due = assumption.due_date(answer.issue_date, answer.fingerprint)
    return replace(answer, due_date=due, assumed=(*answer.assumed, "due_date"))


def _moved(answer: Answer, days: int) -> Answer:
    return answer if isinstance(answer, Refusal) else shift_dates(answer, days)
