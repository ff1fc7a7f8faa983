"""Reports as HTML and PDF.

HTML by Jinja2, which escapes all text; without script, and with its style inside, so that the file stands alone. PDF by
reportlab: pure Python, and it embeds of a TrueType font just the letters that are used. The font is Noto Sans SC (OFL), which
has Latin and Chinese letters; PDF's own Chinese fonts are not embedded, and printed elsewhere with whatever is there.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, Paragraph, Spacer, TableStyle

from api.domain.errors import Unavailable
from api.exports.book import Book, Money, Rate, Sheet, Words, legal, shown
from api.exports.tables import wide

_FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
PLAIN, BOLD = "NotoSansSC", "NotoSansSC-Bold"
_NUMBER = (int, Money, Rate)
_NOTHING = Words("无", "none")
_PAGE_OF = Words("第 {page} 页", "page {page}")

_PAGE = """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 14px/1.5 "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif; margin: 2rem; color: #1b1f24; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p { margin: .2rem 0; color: #57606a; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } th, td { padding: .3rem .7rem; text-align: left; }
th { border-bottom: 2px solid #57606a; white-space: nowrap; } td { border-bottom: 1px solid #d0d7de; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { body { margin: 0; } thead { display: table-header-group; } tr { break-inside: avoid; } }
</style>
</head>
<body>
<h1>{{ title }}</h1>
{% for line in head %}<p>{{ line }}</p>
{% endfor %}
{% for sheet in sheets %}
<h2>{{ sheet.title }}</h2>
{% if sheet.rows %}<div class="wide"><table>
<thead><tr>{% for c in sheet.columns %}<th scope="col">{{ c }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in sheet.rows %}<tr>{% for text, number in row %}<td{{ numeric if number }}>{{ text }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table></div>{% else %}<p>{{ nothing }}</p>{% endif %}
{% endfor %}
</body>
</html>
"""
STYLE_HASH = b64encode(sha256(_PAGE.partition("<style>")[2].partition("</style>")[0].encode()).digest()).decode()
"""SHA-256 of the style, for the Content-Security-Policy under which the page is served."""
_TEMPLATE = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)


def as_html(book: Book, language: str) -> bytes:
    """One page that stands alone."""
    sheets = [
        {
            "title": sheet.title(language),
            "columns": [column.title(language) for column in sheet.columns],
            "rows": [[(shown(cell, language), isinstance(cell, _NUMBER)) for cell in row] for row in sheet.rows],
        }
        for sheet in book.sheets
    ]
    page = _TEMPLATE.render(
        language="zh-CN" if language == "zh" else "en",
        title=book.title(language),
        head=[legal(line(language)) for line in book.head],
        sheets=sheets,
        nothing=_NOTHING(language),
        numeric=Markup(' class="n"'),
    )
    return page.encode()


@cache
def register_fonts() -> None:
    """Unavailable("FontMissing") where the npm packages are not installed."""
    for name, file in ((PLAIN, "400Regular/NotoSansSC_400Regular.ttf"), (BOLD, "700Bold/NotoSansSC_700Bold.ttf")):
        if not (_FONTS / file).is_file():
            raise Unavailable("FontMissing", file=str(_FONTS / file))
        pdfmetrics.registerFont(TTFont(name, _FONTS / file))


def as_pdf(book: Book, language: str) -> bytes:
    """A4 across, headings on every page of a table."""
    register_fonts()
    out = io.BytesIO()
    width, height = landscape(A4)
    margin = 12 * mm
    title = book.title(language)

    def footer(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(PLAIN, 7)
        canvas.drawString(margin, 7 * mm, title)
        canvas.drawRightString(width - margin, 7 * mm, _PAGE_OF(language).format(page=document.page))

    document = BaseDocTemplate(out, pagesize=(width, height), title=title, author="Cascade", lang=language)
    frame = Frame(margin, margin, width - 2 * margin, height - 2 * margin, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=footer)])
    story: list[Flowable] = [Paragraph(escape(title), _style(BOLD, 15))]
    story += [Paragraph(escape(legal(line(language))), _style(PLAIN, 9)) for line in book.head]
    for sheet in book.sheets:
        story += [Spacer(0, 5 * mm), Paragraph(escape(sheet.title(language)), _style(BOLD, 11)), Spacer(0, 1.5 * mm)]
        story.append(
            _table(sheet, language, width - 2 * margin)
            if sheet.rows
            else Paragraph(_NOTHING(language), _style(PLAIN, 9))
        )
    document.build(story)
    return out.getvalue()


@cache
def _style(font: str, size: int, *, right: bool = False) -> ParagraphStyle:
    """Chinese has no spaces: lines may break between any two letters."""
    return ParagraphStyle(
        f"{font}-{size}-{right}",
        fontName=font,
        fontSize=size,
        leading=size * 1.4,
        wordWrap="CJK",
        alignment=2 if right else 0,
    )


def _table(sheet: Sheet, language: str, width: float) -> LongTable:
    head = [Paragraph(escape(column.title(language)), _style(BOLD, 7)) for column in sheet.columns]
    rows = [
        [Paragraph(escape(shown(cell, language)), _style(PLAIN, 7, right=isinstance(cell, _NUMBER))) for cell in row]
        for row in sheet.rows
    ]
    table = LongTable([head, *rows], colWidths=_widths(sheet, language, width), repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.grey),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return table


def _widths(sheet: Sheet, language: str, width: float) -> Sequence[float]:
    """In proportion to what stands in the columns, so that none is starved."""
    wanted = [min(26, max(6, *map(wide, some))) for some in _texts(sheet, language)]
    letter = 4.8
    if sum(wanted) * letter > width:
        return [width * want / sum(wanted) for want in wanted]
    return [want * letter + 6 for want in wanted]


def _texts(sheet: Sheet, language: str) -> Iterator[list[str]]:
    """Of each column, as far as its width is judged by them."""
    for place, column in enumerate(sheet.columns):
        yield [column.title(language), *(shown(row[place], language) for row in sheet.rows[:200])]
