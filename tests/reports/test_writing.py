"""The texts of a report: versions, two people at once, what the records contradict."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from lms.core.db import db
from lms.reports import composing
from lms.reports.layout import CHAPTERS
from lms.reports.models import Wording
from lms.reports.register import contents
from tests.reports.conftest import Place


def test_each_save_is_a_version(place: Place, admin: FlaskClient) -> None:
    address = f"{place.base}chapters/background"
    for version, text in enumerate(("We began.", "We began well.")):
        assert admin.post(address, data={"text": text, "version": str(version)}).status_code == 302
    assert [row.version for row in db.session.query(Wording).order_by(Wording.id)] == [1, 2]
    page = admin.get(address).text
    assert "We began well." in page
    assert "Version 2, saved" in page
    history = admin.get(f"{address}/history").text
    assert "We began.</pre>" in history
    assert "Use this version again" in history
    assert "version 2" in admin.get(place.base).text


def test_nobody_writes_over_another(place: Place, admin: FlaskClient) -> None:
    """The page keeps what was typed, shows what was saved meanwhile, and takes it once that was read."""
    address = f"{place.base}chapters/delivery"
    admin.post(address, data={"text": "Mine.", "version": "0"})
    answer = admin.post(address, data={"text": "Yours.", "version": "0"})
    assert answer.status_code == 409
    assert "another version of this text meanwhile" in answer.text
    assert ">Yours.</textarea>" in answer.text.replace("\r\n", "")
    assert "Mine.</pre>" in answer.text
    assert 'name="version" type="hidden" value="1"' in answer.text
    assert admin.post(address, data={"text": "Yours and mine.", "version": "1"}).status_code == 302


def test_saving_nothing_new_makes_no_version(place: Place, admin: FlaskClient) -> None:
    """What is suggested is no text of anybody's until it is changed; taking it away is a change."""
    address = f"{place.base}chapters/statistics"
    suggested = composing.suggested(contents(place.info.id), "statistics")
    assert escape(suggested) in admin.get(address).text
    assert admin.post(address, data={"text": suggested, "version": "0"}).status_code == 302
    assert db.session.query(Wording).count() == 0
    read = f"{place.base}snapshots/{place.snapshot()}/report"
    assert "compares women and men" in admin.get(read).text
    assert admin.post(address, data={"text": "", "version": "0"}).status_code == 302
    assert [row.text for row in db.session.query(Wording)] == [""]
    assert "compares women and men" not in admin.get(read).text
    assert suggested not in admin.get(address).text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_suggested_sentences_tell_what_there_is(place: Place, chapter: str) -> None:
    """Each has its figures, and none contradicts the records; of a workshop that was not there nothing is said."""
    held = contents(place.info.id)
    suggested = composing.suggested(held, chapter)
    assert composing.findings(held, {chapter: suggested}) == {}
    assert "workshop" not in suggested
    assert bool(suggested) == (chapter in {"background", "programme", "participants", "delivery", "statistics"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 registered", "Registered: the records have 3, not 5."),
        ("{{registred}}", "There is no figure &#39;registred&#39;. Did you mean registered"),
        ("See Figure 40.", "There is no Figure 40"),
    ],
)
def test_contradictions_are_said_where_one_writes(place: Place, admin: FlaskClient, text: str, message: str) -> None:
    """On the page, in its preview, and where the snapshot is looked at; it is saved nevertheless."""
    address = f"{place.base}chapters/background"
    admin.get(place.base)
    assert message in admin.post(f"{address}/preview", data={"text": text}).text
    admin.post(address, data={"text": text, "version": "0"})
    assert message in admin.get(address).text
    assert message in admin.get(f"{place.base}snapshots/{place.snapshot()}").text


def test_true_numbers_are_let_be(place: Place, admin: FlaskClient) -> None:
    admin.get(place.base)
    page = admin.post(f"{place.base}chapters/background/preview", data={"text": "**3 registered**, {{registered}}."}).text
    assert "<strong>3 registered</strong>, 3." in page
    assert "say otherwise" not in page


@pytest.mark.parametrize("path", ["nowhere", "nowhere/history", "back%00ground"])
def test_other_chapters_are_not_there(place: Place, admin: FlaskClient, path: str) -> None:
    assert admin.get(f"{place.base}chapters/{path}").status_code == 404


@pytest.mark.parametrize("text", ["a\x00b", "x" * 60_000, "\u202ex"])
def test_what_can_not_be_kept_is_said(place: Place, admin: FlaskClient, text: str) -> None:
    answer = admin.post(f"{place.base}chapters/delivery", data={"text": text, "version": "0"})
    assert answer.status_code == 422
    assert admin.post(f"{place.base}chapters/delivery/preview", data={"text": text}).text.startswith("<p>")
    assert db.session.query(Wording).count() == 0
