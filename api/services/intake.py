"""Documents in: read, refused or kept, each invoice once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from api.domain.invoices import Answer, DocumentStore, Duplicates, InvoiceItem, InvoiceReader, Refusal
from api.domain.ports import Evidence, ImportedItems

BATCH = 1000


@dataclass(slots=True)
class ImportReport:
    """What became of the items: `imported` are new, `known` were imported before, `refused` say why."""

    imported: list[InvoiceItem] = field(default_factory=list)
    known: list[InvoiceItem] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def reasons(self) -> Mapping[str, int]:
        """Refusals by rule, most frequent first."""
        counts: dict[str, int] = {}
        for refusal in self.refused:
            counts[refusal.rule] = counts.get(refusal.rule, 0) + 1
        return dict(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))


class Importing:
    """Takes documents in the name of the party that owes."""

    def __init__(self, items: ImportedItems, documents: DocumentStore, evidence: Evidence) -> None:
        self._items = items
        self._documents = documents
        self._evidence = evidence

    async def import_files(self, buyer: int, paths: Iterable[Path], reader: InvoiceReader) -> ImportReport:
        """Reads files; the originals are kept before any item of them is."""
        report = ImportReport()
        duplicates = Duplicates()
        for path in paths:
            await self.take(buyer, reader.read_files([path]), report, duplicates, await self._keep(path))
        return report

    async def import_document(self, buyer: int, name: str, data: bytes, reader: InvoiceReader) -> ImportReport:
        """The same for one document that is already in memory (an upload)."""
        await self._documents.put(data)
        report = ImportReport()
        answers = await anyio.to_thread.run_sync(lambda: list(reader.read_document(name, data)))
        await self.take(buyer, answers, report, Duplicates(), name)
        return report

    async def check_document(self, name: str, data: bytes, reader: InvoiceReader) -> ImportReport:
        """What importing a document would come to. Nothing is kept."""
        report, duplicates = ImportReport(), Duplicates()
        for answer in await anyio.to_thread.run_sync(lambda: list(reader.read_document(name, data))):
            checked = duplicates.check(answer) if isinstance(answer, InvoiceItem) else answer
            if isinstance(checked, Refusal):
                report.refused.append(checked)
            else:
                report.imported.append(checked)
        known = await self._items.by_fingerprints([i.fingerprint for i in report.imported])
        report.known = [i for i in report.imported if i.fingerprint in known]
        report.imported = [i for i in report.imported if i.fingerprint not in known]
        return report

    async def take(
        self, buyer: int, answers: Iterable[Answer], report: ImportReport, duplicates: Duplicates, name: str
    ) -> None:
        """Stores answers in batches; a document inside a run that repeats an earlier one is refused."""
        good: list[InvoiceItem] = []
        refused: list[Refusal] = []
        for answer in answers:
            if isinstance(answer, InvoiceItem):
                answer = duplicates.check(answer)
            if isinstance(answer, InvoiceItem):
                good.append(answer)
            else:
                refused.append(answer)
            if len(good) >= BATCH:
                await self._store(buyer, good, report, name)
                good = []
        await self._store(buyer, good, report, name)
        await self._items.put_refusals(buyer, refused)
        report.refused.extend(refused)

    async def _store(self, buyer: int, items: list[InvoiceItem], report: ImportReport, name: str) -> None:
        if not items:
            return
        evidence = {h: await self._evidence.evidence_hash(h, name) for h in {i.file_hash for i in items}}
        for item, new in zip(items, await self._items.put(buyer, items, evidence), strict=True):
            (report.imported if new else report.known).append(item)

    async def _keep(self, path: Path) -> str:
        file = anyio.Path(path)
        if await file.is_file():
            await self._documents.put(await file.read_bytes())
        return path.name
