"""The certificate of a note as PDF: one page in both languages, with the amount written out and the address that checks it,
as a QR code too."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from api.exports.book import legal
from api.exports.documents import BOLD, PLAIN, register_fonts

Row = tuple[str, str, str]
"""A label in Chinese and in English, and what stands beside it."""

_TITLE = ("应收账款电子凭证持有证明", "Certificate of a note")
_SMALL_PRINT = (
    "本证明所载以链上记录为准。扫码或访问下列网址，可查验该凭证现时是否仍如本证明所载。本证明不是有价凭证，转让以链上记录为准。",
    "The chain's record decides. Scan the code or open the address to see whether the note is still as printed here.",
    "This paper is no instrument of payment: notes pass on the chain alone.",
)
_LABELS, _VALUES, _RIGHT = 22 * mm, 72 * mm, 188 * mm
_QR = 42 * mm


def certificate_pdf(rows: Sequence[Row], address: str) -> bytes:
    """A4, upright. Unavailable("FontMissing")."""
    register_fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, lang="zh-CN")
    page.setTitle(f"{_TITLE[0]} {_TITLE[1]}")
    page.setAuthor("Cascade")
    _, height = A4
    y = height - 30 * mm
    y = _line(page, _LABELS, y, _TITLE[0], BOLD, 20)
    y = _line(page, _LABELS, y, _TITLE[1], PLAIN, 12) - 8 * mm
    for zh, en, value in rows:
        page.line(_LABELS, y + 7 * mm, _RIGHT, y + 7 * mm)
        _line(page, _LABELS, _line(page, _LABELS, y + 1.5 * mm, zh, BOLD, 10) + 0.5 * mm, en, PLAIN, 8)
        for part in _wrapped(legal(value), PLAIN, 11, _RIGHT - _VALUES):
            y = _line(page, _VALUES, y, part, PLAIN, 11)
        y -= 8 * mm
    _qr(page, address, _LABELS, y - _QR)
    left, below = _LABELS + _QR + 6 * mm, y - 6 * mm
    for text in (*_SMALL_PRINT, address):
        for part in _wrapped(text, PLAIN, 8, _RIGHT - left):
            below = _line(page, left, below, part, PLAIN, 8)
        below -= 1.5 * mm
    page.save()
    return out.getvalue()


def _line(page: Canvas, x: float, y: float, text: str, font: str, size: int) -> float:
    """Writes a line; where the next one stands."""
    page.setFont(font, size)
    page.drawString(x, y, text)
    return y - size * 1.4


def _wrapped(text: str, font: str, size: int, width: float) -> Sequence[str]:
    """Lines that fit. Chinese has no spaces: a line may break after any letter."""
    lines = [""]
    for letter in text:
        if pdfmetrics.stringWidth(lines[-1] + letter, font, size) > width:
            lines.append("")
        lines[-1] += letter
    return lines


def _qr(page: Canvas, address: str, x: float, y: float) -> None:
    code = QrCodeWidget(address, barLevel="M")
    left, bottom, right, top = code.getBounds()
    scale: Mapping[str, float] = {"x": _QR / (right - left), "y": _QR / (top - bottom)}
    drawing = Drawing(_QR, _QR, transform=[scale["x"], 0, 0, scale["y"], 0, 0])
    drawing.add(code)
    renderPDF.draw(drawing, page, x, y)
