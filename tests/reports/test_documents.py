"""Documents: the same bytes from the same snapshot and texts, made once by the worker; what is in each form."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import update

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.figures import WHY_WITHHELD, WITHHELD
from lms.core.work import GIVEN_UP, WAITING
from lms.reports import commands, composing, drawing, marking, press, word
from lms.reports.blocks import Bullets, Chart, Heading, Item, Paragraph, Report, Run, Table
from lms.reports.models import Document
from tests.core import factories
from tests.reports.conftest import Place
from tests.reports.test_checking import CONTENTS

TAKEN = datetime(2019, 11, 5, 3, tzinfo=UTC)
MARKS = """\
## Where it *began*

{{registered}} people, **many** of [them](https://example.org).

- one
    - inner
- two

1. first

> Said by somebody.

| a | b |
|---|---|
| 1 | 2 |

<script>alert(1)</script>
"""


def composed(texts: dict[str, str] | None = None) -> Report:
    """Put a report of made-up contents together."""
    return composing.compose(CONTENTS, TAKEN, "0123456789abcdef", texts or {"background": MARKS})


def test_writing_is_taken_apart() -> None:
    """Safely: raw HTML is gone, references are resolved, headings leave no level out."""
    background = composed().chapters[0]
    heading, paragraph, bullets, numbered, quote, table, *rest = background.blocks
    assert heading == Heading(3, "Where it began")
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs == (Run("188 people, "), Run("many", "strong"), Run(" of "), Run("them", href="https://example.org"), Run("."))
    inner = Bullets(ordered=False, items=(Item((Run("inner"),)),))
    assert bullets == Bullets(ordered=False, items=(Item((Run("one"),), (inner,)), Item((Run("two"),))))
    assert numbered == Bullets(ordered=True, items=(Item((Run("first"),)),))
    assert quote == Paragraph((Run("Said by somebody."),), quote=True)
    assert isinstance(table, Table)
    assert (table.heads, table.rows) == (("a", "b"), (("1", "2"),))
    assert all("script" not in str(block) for block in (*background.blocks, *rest))


ODD = ["", "\n\n", "<table></table>", "- \n- ", "#", "| a |\n|---|\n", "> " * 50 + "x", "[x](javascript:y)", "<ul><ul><li>x"]


def test_odd_writing(ctx: Flask) -> None:
    """Gives something that can be printed."""
    for text in ODD:
        report = composed({"background": text})
        assert press.pdf(report).startswith(b"%PDF")
        assert word.docx(report).startswith(b"PK")
        assert "javascript" not in str(marking.blocks(text))
    assert ctx.testing


def test_each_form_is_the_same_twice(ctx: Flask) -> None:
    """And doesn't tell when it was made."""
    for write in (drawing.page, press.pdf, word.docx):
        first = write(composed())
        with clock.at(clock.now() + timedelta(days=400)):
            assert write(composed()) == first, write
    assert ctx.testing


def test_the_pdf_is_tagged_and_reads_well(ctx: Flask) -> None:
    found = PdfReader(io.BytesIO(press.pdf(composed())))
    assert "/Marked': True" in str(found.root_object["/MarkInfo"].get_object())
    assert found.metadata is not None
    assert found.metadata.title == "A course: final report"
    text = "\n".join(page.extract_text() for page in found.pages)
    for words in ("Where it began", "188 people", "Figure 1: From registration onwards", "Results by phase and gender", "(98 / 188)"):
        assert words in text, words
    assert ctx.testing


def test_the_docx_has_headings_heads_and_alternative_texts(ctx: Flask) -> None:
    with ZipFile(io.BytesIO(word.docx(composed()))) as found:
        body = found.read("word/document.xml").decode()
        pictures = [name for name in found.namelist() if name.endswith(".png")]
    assert 'w:val="Heading1"' in body
    assert "w:tblHeader" in body
    assert 'descr="Bars: Registered 188;' in body
    assert 'w:val="ListBullet2"' in body
    assert "w:hyperlink" in body
    assert len(pictures) == body.count("<pic:pic") == 2
    assert ctx.testing


def test_the_file_stands_alone(ctx: Flask) -> None:
    page = drawing.page(composed()).decode()
    assert "<svg " in page
    assert "{{" not in page
    assert "<script" not in page
    assert page.count("<h1>") == 1
    assert ctx.testing


def test_made_once_and_taken(place: Place, admin: FlaskClient) -> None:
    """By each form's button; asking again makes nothing new, and texts that changed make another."""
    snapshot = place.snapshot()
    address = f"{place.base}snapshots/{snapshot}"
    for form in commands.FORMS:
        for _ in range(2):
            assert admin.post(f"{address}/documents", data={"form": form}).status_code == 302
    made = db.session.query(Document).all()
    assert [(row.form, row.state) for row in made] == [("html", "done"), ("pdf", "done"), ("docx", "done")]
    page = admin.get(address).text
    answer = admin.get(f"{place.base}documents/{made[1].id}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=report-{place.info.slug}.pdf"
    assert answer.data == made[1].body
    assert made[1].digest[:12] in page
    admin.post(f"{place.base}chapters/background", data={"text": "New words.", "version": "0"})
    admin.post(f"{address}/documents", data={"form": "html"})
    newest = db.session.query(Document).order_by(Document.id.desc()).first()
    assert newest is not None
    assert newest.id not in {row.id for row in made}
    assert b"New words." in (newest.body or b"")


def test_later_records_change_nothing_in_it(place: Place, admin: FlaskClient) -> None:
    snapshot = place.snapshot()
    before = commands.printed(commands.compose(snapshot, {}), "pdf")
    factories.enrolment(place.info.id, country="ID", gender="man")
    assert commands.printed(commands.compose(snapshot, {}), "pdf") == before
    assert "Numbers moved" in admin.get(f"{place.base}snapshots/{snapshot}").text


def test_a_failure_is_shown_and_can_be_tried_again(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = place.snapshot()

    def broken(_: Report) -> bytes:
        message = "no ink"
        raise RuntimeError(message)

    with monkeypatch.context() as patch:
        patch.setattr(press, "pdf", broken)
        admin.post(f"{place.base}snapshots/{snapshot}/documents", data={"form": "pdf"})
    row = db.session.query(Document).one()
    assert (row.state, row.last_error) == (WAITING, "RuntimeError: no ink")
    assert "the last try did not succeed" in admin.get(f"{place.base}snapshots/{snapshot}").text
    assert admin.get(f"{place.base}documents/{row.id}").status_code == 404
    with unit_of_work():
        db.session.execute(update(Document).values(state=GIVEN_UP))
    assert "not made: RuntimeError: no ink" in admin.get(f"{place.base}snapshots/{snapshot}").text
    admin.post(f"{place.base}snapshots/{snapshot}/documents", data={"form": "pdf"})
    db.session.expire_all()
    assert db.session.query(Document).one().state == "done"


@pytest.mark.parametrize("form", ["", "exe", "PDF", "p\x00df", "x" * 5000])
def test_other_forms_are_refused(place: Place, admin: FlaskClient, form: str) -> None:
    assert admin.post(f"{place.base}snapshots/{place.snapshot()}/documents", data={"form": form}).status_code == 422
    assert db.session.query(Document).count() == 0


def test_the_sweep_makes_what_waits(place: Place) -> None:
    snapshot = place.snapshot()
    with unit_of_work():
        db.session.add(Document(snapshot_id=snapshot, form="html", wording_ids=[], texts_digest="x"))
    assert commands.make_waiting() == 1
    assert commands.make_waiting() == 0


def test_reading_on_the_page(place: Place, admin: FlaskClient, statements: Callable[[], Any]) -> None:
    """By few statements, as all of it is in the snapshot."""
    snapshot = place.snapshot()
    with statements() as seen:
        page = admin.get(f"{place.base}snapshots/{snapshot}/report").text
    seen.at_most(3)
    assert "Registered learners by country" in page
    assert "Indonesia" in page
    assert "Results by phase and gender" in page


def test_withheld_values_are_no_bars(ctx: Flask) -> None:
    report = composed()
    charts = [block for one in report.chapters for block in one.blocks if isinstance(block, Chart)]
    assert WITHHELD in drawing.drawing(charts[1])
    assert [WHY_WITHHELD in chart.definition for chart in charts] == [place == 1 for place in range(len(charts))]
    assert ctx.testing
