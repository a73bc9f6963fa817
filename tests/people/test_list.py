"""The list of people: search, filters, order, pages, files, and what tutors may see of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.applications.models import Application
from lms.core import clock
from lms.core.audit import AuditEntry, Sighting
from lms.core.db import db, unit_of_work
from lms.core.domain import EnrolmentState
from lms.gradebook.api import Standing
from lms.people import lists
from lms.people.choice import SORTS, Choice
from tests.core import factories
from tests.gradebook.reading import sheet
from tests.people.conftest import Place, SignIn

ROW = re.compile(r'<th scope="row"><a href="[^"]*"><bdi>([^<]*)')


def names(page: Any) -> list[str]:
    """Give who is listed, in order."""
    assert page.status_code == 200
    return ROW.findall(page.text)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen", ["Nguyễn Thị Mai"]),
        ("NGUYỄN mai", ["Nguyễn Thị Mai"]),
        ("mai, nguy", ["Nguyễn Thị Mai"]),
        ("poev sok", ["សុខា ពៅ"]),
        ("សុខា", ["សុខា ពៅ"]),
        ("jose", ["María-José dela Cruz"]),
        ("maria jose cruz", ["María-José dela Cruz"]),
        ("mai cruz", []),
        ("%", []),
        ("_", []),
        ("mai@", ["Nguyễn Thị Mai"]),
        ("MAI@example.org", ["Nguyễn Thị Mai"]),
        ("\0mai", ["Nguyễn Thị Mai"]),
    ],
)
def test_search(place: Place, admin: FlaskClient, typed: str, found: list[str]) -> None:
    """Finds a name in any spelling, and an address; every word has to be there."""
    place.learner("Nguyễn Thị Mai", email="mai@example.org")
    place.learner("សុខា ពៅ", printed_name="Sokha Poev")
    place.learner("María-José dela Cruz")
    assert names(admin.get(f"{place.base}/people/", query_string={"q": typed})) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"role": "tutor"}, ["Rosa Lindqvist"]),
        ({"country": "SG"}, ["Ben"]),
        ({"gender": "man"}, ["Ben"]),
        ({"sector": "private"}, ["Ben"]),
        ({"state": "withdrawn"}, ["Cai"]),
        ({"activity": "recent", "role": "learner"}, ["Ana"]),
        ({"activity": "away", "role": "learner"}, ["Ben", "Cai"]),
        ({"stage": "registered"}, ["Ana", "Ben"]),
        ({"stage": "passing"}, ["Ben"]),
        ({"country": "SG", "gender": "woman"}, []),
        ({"country": "nowhere", "role": "king", "sort": "size"}, ["Ana", "Ben", "Cai", "Mira Adler", "Rosa Lindqvist"]),
    ],
)
def test_filters(place: Place, admin: FlaskClient, asked: dict[str, str], found: list[str]) -> None:
    """Each narrows the list; what makes no sense counts as not said."""
    place.learner("Ana", seen_at=clock.now())
    ben = place.learner("Ben", country="SG", gender="man", sector="private")
    place.learner("Cai", state=EnrolmentState.WITHDRAWN)
    admin.get(f"{place.base}/people/")
    with unit_of_work():
        db.session.execute(update(Standing).where(Standing.enrolment_id == ben).values(final=Decimal(50)))
    assert names(admin.get(f"{place.base}/people/", query_string=asked)) == found


def test_tutors_see_names_and_progress(place: Place, tutor: FlaskClient) -> None:
    """No private facts, by whatever they ask; nobody without a place; and they take no files."""
    place.learner("Ana", email="ana@example.org", country="SG", institution="Port Authority")
    place.learner("Cai", state=EnrolmentState.APPLIED)
    asked = {"columns": ["email", "country", "gender", "institution", "seen"], "country": "KH", "q": "ana@example.org"}
    page = tutor.get(f"{place.base}/people/", query_string=asked)
    assert "ana@example.org</bdi>" not in page.text
    assert names(tutor.get(f"{place.base}/people/", query_string={**asked, "q": ""})) == ["Ana", "Mira Adler", "Rosa Lindqvist"]
    assert "Port Authority" not in tutor.get(f"{place.base}/people/", query_string={"columns": ["institution", "email"]}).text
    for file in ("people.csv", "people.xlsx", "funnel"):
        assert tutor.get(f"{place.base}/{file}").status_code == 403


def test_learners_see_no_list(place: Place, signed_in: SignIn) -> None:
    browser = signed_in(factories.person_of(place.learner()))
    for page in ("people/", f"people/{place.tutor}", "people.csv", "at-risk", "today", "funnel"):
        assert browser.get(f"{place.base}/{page}").status_code == 403


@pytest.mark.parametrize("sort", [sign + key for key in SORTS for sign in ("", "-")])
def test_pages_show_everybody_once(place: Place, admin: FlaskClient, sort: str) -> None:
    """In the same order from either end, also where many are alike."""
    for number in range(7):
        place.learner(f"Person {number % 3}", seen_at=clock.now() - timedelta(days=number % 2))
    admin.get(f"{place.base}/people/")
    choice = Choice(sort=sort, rows=2)
    everybody = [line.id for lines in lists.every_batch(place.info, choice, private=True) for line in lines]
    assert len(everybody) == len(set(everybody)) == (7 if sort.endswith("average") else 9)
    forth, page = [], lists.page(place.info, choice, private=True)
    while True:
        forth += [line.id for line in page.lines]
        if page.next is None:
            break
        page = lists.page(place.info, choice, private=True, after=page.next)
    back = [line.id for line in page.lines]
    while page.previous is not None:
        page = lists.page(place.info, choice, private=True, before=page.previous)
        back = [line.id for line in page.lines] + back
    assert forth == back == everybody


def test_the_position_is_a_column(place: Place, admin: FlaskClient, tutor: FlaskClient, statements: Callable[[], Any]) -> None:
    """Told by the applications in one query for all, for administrators alone; who applied without one has a dash on the page."""
    ben = place.learner("Ben")
    with unit_of_work():
        db.session.add(Application(enrolment_id=ben, position="=Director"))
    place.learner("Cai")
    asked = {"columns": ["position", "email"], "role": "learner"}
    admin.get(f"{place.base}/people/")
    with statements() as seen:
        page = admin.get(f"{place.base}/people/", query_string=asked).text
    seen.at_most(7)
    assert ("<bdi>=Director</bdi>" in page, page.count("<td>–</td>")) == (True, 1)
    rows = list(csv.reader(io.StringIO(admin.get(f"{place.base}/people.csv", query_string=asked).data.decode("utf-8-sig"))))
    assert [(row[0], row[2]) for row in rows] == [("Name", "Position"), ("Ben", "'=Director"), ("Cai", "")]
    assert "Director" not in tutor.get(f"{place.base}/people/", query_string=asked).text


def test_files_equal_the_page(place: Place, admin: FlaskClient) -> None:
    """The same people, order and columns; no text is a formula; UTF-8 with its mark."""
    place.learner("=HYPERLINK(1)", country="SG", institution="+1")
    place.learner("Đào Ánh", country="SG")
    place.learner("Elsewhere")
    asked = {"country": "SG", "sort": "-name", "columns": ["institution", "country", "role"]}
    page = admin.get(f"{place.base}/people/", query_string=asked)
    assert names(page) == ["=HYPERLINK(1)", "Đào Ánh"]
    file = admin.get(f"{place.base}/people.csv", query_string=asked)
    assert file.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    heads = ["Name", "Role", "Country", "Institution"]
    assert rows == [
        heads,
        ["'=HYPERLINK(1)", "learner", "Singapore", "'+1"],
        ["Đào Ánh", "learner", "Singapore", "Ministry of Trade"],
    ]
    book = admin.get(f"{place.base}/people.xlsx", query_string=asked)
    assert sheet(book.data) == [
        heads,
        ["=HYPERLINK(1)", "learner", "Singapore", "+1"],
        ["Đào Ánh", "learner", "Singapore", "Ministry of Trade"],
    ]
    assert re.findall(r"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?([^<]*)", page.text) == heads


def test_who_is_in_a_file_can_read_it(place: Place, admin: FlaskClient, signed_in: SignIn) -> None:
    """One act on record names filter and number; each person in it, and no other, finds it."""
    mai, sokha = place.learner("Mai", country="VN"), place.learner("Sokha", country="KH")
    assert admin.get(f"{place.base}/people.xlsx?country=KH&role=learner").status_code == 200
    act = db.session.scalars(select(AuditEntry)).one()
    assert (act.action, act.detail["people"], act.detail["filter"]) == ("people.export", 1, {"country": "KH", "role": "learner"})
    assert "a list of people (XLSX)" in signed_in(factories.person_of(sokha)).get("/account/privacy").text
    assert "Nobody has looked" in signed_in(factories.person_of(mai)).get("/account/privacy").text


def test_an_empty_list_says_how_to_go_on(place: Place, admin: FlaskClient) -> None:
    page = admin.get(f"{place.base}/people/?q=nobody")
    assert "Nobody is like that" in page.text
    assert "Show everybody" in page.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [("mai@", ["Mai"]), ("MAI@ex", ["Mai"]), ("@mti.gov.kh", ["Sokha"]), ("@gov.kh", []), ("ai@", []), ("mai@\U0010ffff", [])],
)
def test_addresses(place: Place, admin: FlaskClient, typed: str, found: list[str]) -> None:
    """By their beginning, or from the @ on by their end."""
    place.learner("Mai", email="mai@example.org")
    place.learner("Sokha", email="sokha@mti.gov.kh")
    assert names(admin.get(f"{place.base}/people/", query_string={"q": typed})) == found


def test_nobody_is_named_without_an_act(place: Place, admin: FlaskClient) -> None:
    """The list itself is no record of a person; a file is."""
    place.learner()
    admin.get(f"{place.base}/people/")
    assert db.session.scalar(select(func.count(Sighting.id))) == 0
