"""Slides that arrive in parts: going on, another file, lies, somebody else's, what is forgotten."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.casestudies import queries, rules, slides, uploads
from lms.casestudies.models import CaseUploadPart
from lms.casestudies.tasks import sweep
from lms.casestudies.values import Announced
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, Invalid, NotFound
from tests.workshops.factories import PDF, Shop

FILE = Announced("slides.pdf", len(PDF), "1")
HALF = len(PDF) // 2


def send(enrolment: int, start: int, part: bytes, wanted: Announced = FILE) -> int:
    with unit_of_work():
        return uploads.add(enrolment, uploads.begin(enrolment, wanted).id, start, part).received


def parts() -> int:
    return db.session.scalar(select(func.count(CaseUploadPart.id))) or 0


def test_it_goes_on_where_it_stopped(shop: Shop) -> None:
    who = shop.participant()
    assert send(who, 0, PDF[:HALF]) == HALF
    assert send(who, 0, PDF[:HALF]) == HALF
    assert send(who, HALF + 5, PDF[HALF:]) == HALF
    with pytest.raises(Conflict, match="not all here yet: "), unit_of_work():
        uploads.take(who, uploads.begin(who, FILE).id)
    assert send(who, HALF, PDF[HALF:]) == len(PDF)
    with unit_of_work():
        assert uploads.take(who, uploads.begin(who, FILE).id) == ("slides.pdf", PDF)


@pytest.mark.parametrize(
    ("wanted", "start", "part", "words"),
    [
        (Announced("a.exe", 10, ""), 0, b"MZ", "not a presentation"),
        (Announced("a.pdf", 0, ""), 0, b"", "not a presentation"),
        (Announced("a.pdf", slides.MOST_BYTES + 1, ""), 0, PDF, "larger than 10 MB"),
        (Announced("a.pdf", 100, ""), 0, b"MZ" + bytes(50), "though its name ends in .pdf"),
        (Announced("a.pptx", len(PDF), ""), 0, PDF, "though its name ends in .pptx"),
        (Announced("a.pptx", 103, ""), 0, b"PK\x03\x04" + bytes(99), "damaged or cut off"),
        (Announced("a.pdf", 10, ""), 0, PDF, "does not fit"),
        (Announced("a.pdf", 10, ""), 0, b"", "does not fit"),
        (Announced("a.pdf", 2 * rules.PART, ""), 0, b"%PDF-" + bytes(rules.PART), "does not fit"),
    ],
)
def test_files_that_are_refused(shop: Shop, wanted: Announced, start: int, part: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        send(shop.participant(), start, part, wanted)
    assert not parts()


def test_another_file_takes_its_place_and_what_is_old_is_forgotten(shop: Shop) -> None:
    who, other = shop.participant(), shop.participant()
    send(who, 0, PDF[:HALF])
    assert send(who, 0, PDF[:5], Announced("slides.pdf", len(PDF), "2")) == 5
    assert parts() == 1
    with unit_of_work():
        mine = uploads.begin(who, Announced("slides.pdf", len(PDF), "2")).id
    with pytest.raises(NotFound), unit_of_work():
        uploads.add(other, mine, 5, PDF[5:])
    with clock.at(clock.now() + timedelta(days=6)):
        sweep()
    assert parts() == 1
    with clock.at(clock.now() + timedelta(days=8)):
        sweep()
    assert (parts(), uploads.waiting(who)) == (0, None)


def test_the_pages_take_parts_and_hand_the_whole_in(shop: Shop, browse: Callable[[int | str], FlaskClient]) -> None:
    who = shop.participant()
    browser, url = browse(who), f"{shop.base}/case-study"

    def part(upload: int, start: int, body: bytes) -> Any:
        return browser.post(f"{url}/upload/part", data={"upload": upload, "start": start, "part": (io.BytesIO(body), "blob")})

    found = browser.post(f"{url}/upload", data={"name": "slides.pdf", "size": len(PDF), "stamp": "1"}).json or {}
    assert part(found["upload"], 0, b"MZ").status_code == 422
    assert part(found["upload"] + 1, 0, PDF).status_code == 404
    assert browser.post(f"{url}/upload/part", data={"upload": found["upload"], "start": 0}).status_code == 422
    part(found["upload"], 0, PDF[:HALF])
    assert "choose the same file again" in browser.get(url).text
    said = {"module": "module1", "title": "Signatures", "summary": "What we did.", "version": "0", "upload": found["upload"]}
    page = browser.post(url, data=said)
    assert (page.status_code, "not all here yet" in page.text, queries.own(who)) == (422, True, None)
    assert part(found["upload"], HALF, PDF[HALF:]).json["received"] == len(PDF)
    assert f'value="{found["upload"]}"' in browser.get(url).text
    assert browser.post(url, data=said).status_code == 302
    assert browser.get(f"{url}/slides").data == PDF
    assert uploads.waiting(who) is None
