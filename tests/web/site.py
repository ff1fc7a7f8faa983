"""Serves the built page and a book over HTTP as the API does: same paths, same shapes, same security policy."""

from __future__ import annotations

import dataclasses
import json
import mimetypes
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from api.domain.calendar import date_of_day, instant
from tests.web.book import YUAN, Book

DIST = Path(__file__).resolve().parents[2] / "api/web/dist"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
AMOUNTS = {
    "face_value",
    "outstanding",
    "repaid",
    "extinguished",
    "cancelled",
    "value",
    "face",
    "amount",
    "principal",
    "interest",
    "discount",
    "limit",
    "used",
    "claimed",
    "left",
    "excess",
    "min_child_value",
}
ROLES = ("core_enterprise", "supplier", "financier", "auditor", "registrar", "arbiter", "settlement_bank")
LOCAL = {
    "party": 0,
    "person": None,
    "name": None,
    "roles": [],
    "scopes": [],
    "means": "local",
    "account": None,
    "provider": None,
}
FLAGS = ("cancelled", "overdue", "registry_required", "long_tenor", "long_terms")


def as_json(view: Any) -> Any:
    """A view as the API writes it."""
    if dataclasses.is_dataclass(view) and not isinstance(view, type):
        fields = {f.name: getattr(view, f.name) for f in dataclasses.fields(view)}
        return dict(_field(name, value) for name, value in fields.items())
    if isinstance(view, tuple | list):
        return [as_json(item) for item in view]
    return view


def _field(name: str, value: Any) -> tuple[str, Any]:
    if name in AMOUNTS:
        return name, str(value)
    if name.endswith("_day"):
        return f"{name[:-4]}_date", date_of_day(value).isoformat() if value else None
    if name == "time":
        return name, instant(value)
    if name in ("roles", "flags"):
        names = ROLES if name == "roles" else FLAGS
        return name, [each for bit, each in enumerate(names) if value >> bit & 1]
    return "invoices" if name == "backing" else name, as_json(value)


class Site:
    """What is served, and what a test may turn: the book, whether the index is stale, which paths fail."""

    def __init__(self, book: Book, featured: int | None = 4) -> None:
        self.book = book
        self.featured = featured
        self.stale = False
        self.demo = True
        self.failing: set[str] = set()
        self.asked: list[str] = []
        self.base = ""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """The HTTP status and the body of a GET."""
        if path in self.failing:
            return 503, _problem(503, "The index is being rebuilt", "索引正在重建")
        parts = path.strip("/").split("/")
        try:
            return 200, self._found(parts, query)
        except LookupError:
            return 404, _problem(404, "There is no such thing on the ledger", "账本上没有这个对象")

    def _found(self, parts: list[str], query: dict[str, str]) -> Any:
        book = self.book
        match parts:
            case ["status"]:
                return self._status()
            case ["auth", "me"]:
                return LOCAL
            case ["key-changes"]:
                return {"items": [], "next": None}
            case ["search"]:
                return {"results": list(self._search(query.get("q", "")))[:10]}
            case ["notes", number, "trace"]:
                return as_json(book.trace(int(number)))
            case ["receivables", number, "fund-flow"]:
                return as_json(book.fund_flow(int(number)))
            case ["parties", number, "position"]:
                return self._position(int(number))
            case ["notes" | "receivables" | "parties" as kind, number]:
                return as_json(getattr(book, kind)[int(number)])
            case ["notes" | "receivables" | "parties" as kind]:
                return self._page(kind, query)
        raise LookupError(parts)

    def _status(self) -> dict[str, Any]:
        book, lag = self.book, 7 if self.stale else 0
        legs = book.legs()
        time = max((note.source.time for note in book.notes.values()), default=0)
        financed = [leg for leg in legs if leg.kind == "finance"]
        return {
            "index": {
                "chain_id": 1337,
                "block": book.block,
                "block_hash": f"0x{book.block:064x}",
                "block_time": instant(time),
                "head": book.block + lag,
                "lag": lag,
                "reorgs": 0,
                "stale": self.stale,
            },
            "demo": self.demo,
            "today": date_of_day(book.day).isoformat(),
            "featured_note": self.featured,
            "totals": {
                "receivables": len(book.receivables),
                "notes": len(book.notes),
                "max_tier": max((note.tier for note in book.notes.values()), default=0),
                "refused": sum(note.status == "refused" for note in book.notes.values()),
                "sums": [
                    {
                        "currency": as_json(YUAN),
                        "financed": str(sum(leg.principal for leg in financed)),
                        "cash_paid": str(sum(leg.amount for leg in financed)),
                        "repaid": str(sum(r.repaid for r in book.receivables.values())),
                        "outstanding": str(sum(r.outstanding for r in book.receivables.values())),
                    }
                ],
            },
            "currencies": [as_json(YUAN)],
        }

    def _position(self, party: int) -> dict[str, Any]:
        book = self.book
        owed = [r for r in book.receivables.values() if r.debtor.id == party and r.outstanding]
        debts = [
            {"receivable": r["id"], **{k: r[k] for k in ("creditor", "currency", "due_date", "outstanding", "status")}}
            for r in as_json(owed)
        ]
        figures = {"held": "0", "pledged": "0", "owed": str(sum(r.outstanding for r in owed)), "overdue": "0"}
        return {
            "moment": {"block": book.block, "date": date_of_day(book.day).isoformat()},
            "sums": [{"currency": as_json(YUAN), **figures, "paid": "0", "received": "0"}] if owed else [],
            "notes": [],
            "debts": debts,
        }

    def _search(self, text: str) -> Iterator[dict[str, Any]]:
        book = self.book
        if text.isdecimal():
            number = int(text)
            if number in book.notes:
                yield _hit("note", number, f"凭证 {number}", f"Note {number}")
            if number in book.receivables:
                yield _hit("receivable", number, f"应收账款 {number}", f"Receivable {number}")
            return
        for party in book.parties.values():
            if text.lower() in party.name_en.lower() or text in party.name_zh:
                yield _hit("party", party.id, party.name_zh, party.name_en)

    def _page(self, kind: str, query: dict[str, str]) -> dict[str, Any]:
        rows = [row for row in as_json(list(getattr(self.book, kind).values())) if _wanted(row, query)]
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 100))
        end = start + limit
        return {"items": rows[start:end], "next": str(end) if end < len(rows) else None}


def _wanted(row: dict[str, Any], query: dict[str, str]) -> bool:
    for name, value in query.items():
        if name in ("cursor", "limit"):
            continue
        here = row["roles"] if name == "role" else row[name]
        named = here["id"] if isinstance(here, dict) else here
        if value not in (named if isinstance(named, list) else [str(named)]):
            return False
    return True


def _hit(kind: str, number: int, zh: str, en: str) -> dict[str, Any]:
    return {"kind": kind, "id": number, "label_zh": zh, "label_en": en}


def _problem(status: int, en: str, zh: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": en, "status": status, "detail": "", "title_zh": zh, "detail_zh": ""}


@contextmanager
def serve(site: Site) -> Iterable[Site]:
    """The site on a free port of this machine while the context lasts; `site.base` is its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            file = DIST / ("index.html" if url.path == "/" else url.path.lstrip("/"))
            if url.path == "/" or (url.path.startswith("/assets/") and file.is_file()):
                self._send(200, mimetypes.guess_type(file.name)[0] or "text/plain", file.read_bytes())
                return
            site.asked.append(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            status, body = site.answer(url.path, query)
            kind = "application/json" if status == 200 else "application/problem+json"
            self._send(status, kind, json.dumps(body).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            with suppress(ConnectionError):  # the page asks no more for what it no longer shows
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
