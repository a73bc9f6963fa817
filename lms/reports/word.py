"""The report as DOCX, to go on writing: real headings, lists and tables with heads; the same report gives the same bytes.

Only the worker and the command line write it, so nothing else imports this module or the library behind it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lms.reports.blocks import Block, Bullets, Chart, Heading, Paragraph, Report, Run, Runs, Table, shares
from lms.reports.press import picture

BEGINNING = (1980, 1, 1, 0, 0, 0)
DEEPEST = 3
WIDTH = 160  # mm


def docx(report: Report) -> bytes:
    """Write the report as a DOCX file."""
    document: Any = Document()
    _describe(document, report)
    document.add_heading(report.title, 0)
    document.add_paragraph(report.subtitle, style="Subtitle")
    document.add_paragraph(report.made)
    for chapter in report.chapters:
        document.add_heading(chapter.title, 1).paragraph_format.page_break_before = True
        for block in chapter.blocks:
            WRITERS[type(block)](document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer)


def _describe(document: Any, report: Report) -> None:
    about, day = document.core_properties, datetime(*report.day, tzinfo=UTC).replace(tzinfo=None)
    about.title, about.subject, about.comments, about.author = report.title, report.subtitle, report.made, ""
    about.created = about.modified = day
    about.last_modified_by, about.revision, about.language = "", 1, "en"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)


def _heading(document: Any, block: Heading) -> None:
    document.add_heading(block.text, block.level - 1)


def _paragraph(document: Any, block: Paragraph) -> None:
    paragraph = document.add_paragraph(style="Quote" if block.quote else None)
    paragraph.paragraph_format.keep_with_next = all(run.look == "em" for run in block.runs) or None  # facts stay with their text
    _write(paragraph, block.runs)


def _write(paragraph: Any, runs: Runs) -> None:
    for run in runs:
        if run.text == "\n":
            paragraph.add_run().add_break()
        elif run.href.startswith(("http://", "https://", "mailto:")):
            _link(paragraph, run)
        else:
            _look(paragraph.add_run(run.text), run.look)


def _look(written: Any, look: str) -> None:
    written.bold, written.italic = (True if look == "strong" else None), (True if look == "em" else None)
    if look == "code":
        written.font.name = "Consolas"


def _link(paragraph: Any, run: Run) -> None:
    target = paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    written = paragraph.add_run(run.text)
    written.font.underline = True
    link.append(written._r)  # noqa: SLF001 - the library has no call for links
    paragraph._p.append(link)  # noqa: SLF001 - the same


def _bullets(document: Any, block: Bullets, depth: int = 1) -> None:
    style = f"List {'Number' if block.ordered else 'Bullet'}" + (f" {min(depth, DEEPEST)}" if depth > 1 else "")
    for item in block.items:
        _write(document.add_paragraph(style=style), item.runs)
        for inner in item.inner:
            _bullets(document, inner, depth + 1)


def _table(document: Any, block: Table) -> None:
    _caption(document, block)
    _cells(document, (block.heads, *block.rows), block.numbers)
    for note in block.notes:
        document.add_paragraph().add_run(note).font.size = Pt(9)


def _caption(document: Any, block: Table | Chart) -> None:
    paragraph = document.add_paragraph(f"{block.label}: {block.title}" if block.label else block.title, style="Caption")
    paragraph.paragraph_format.keep_with_next = True


def _cells(document: Any, rows: tuple[tuple[str, ...], ...], numbers: tuple[int, ...]) -> None:
    """Write a table whose first row is repeated at the top of each page, and none of whose rows is torn apart."""
    table = document.add_table(len(rows), len(rows[0]), style="Light List Accent 1")
    table.autofit = False
    widths = [Mm(WIDTH * share / sum(shares(rows))) for share in shares(rows)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)  # noqa: SLF001 - the library has no call for heads
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - the same
    for cells, row in zip((row.cells for row in table.rows), rows, strict=True):
        for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
            cell.text, cell.width = text, widths[place]
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
            if place in numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _chart(document: Any, block: Chart) -> None:
    _caption(document, block)
    drawn = document.add_picture(io.BytesIO(picture(block)), width=Mm(WIDTH))
    drawn._inline.docPr.set("descr", block.said)  # noqa: SLF001 - the library has no call for alternative texts
    rows = tuple((bar.label, bar.text) for bar in block.bars)
    _cells(document, (block.heads, *rows), (1,))
    document.add_paragraph().add_run(block.definition).font.size = Pt(9)


WRITERS: dict[type[Block], Callable[[Any, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Table: _table,
    Chart: _chart,
}


def _timeless(buffer: io.BytesIO) -> bytes:
    """Pack the file anew with one date for all its parts, so that it does not tell when it was written."""
    packed = io.BytesIO()
    with ZipFile(buffer) as written, ZipFile(packed, "w", ZIP_DEFLATED) as timeless:
        for name in written.namelist():
            entry = ZipInfo(name, BEGINNING)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            timeless.writestr(entry, written.read(name))
    return packed.getvalue()
