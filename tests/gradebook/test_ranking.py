"""The ranking as page and as file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import spreadsheet
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Role
from lms.core.listing import orders
from lms.editions.api import appoint
from lms.gradebook import ranking, rules
from lms.gradebook.ranking import Choice
from tests.core import factories
from tests.gradebook.factories import Work, class_of, close, staff
from tests.gradebook.reading import sheet, tables

SignIn = Callable[[int], FlaskClient]
COUNTRIES = ("KH", "ID", "SG")


def mixed_class(work: Work, count: int = 0) -> tuple[str, list[int]]:
    """Make an edition of learners with ties, gaps, odd names and several countries; give its slug and enrolments."""
    edition_id = factories.edition()
    people = [
        ("=HYPERLINK(1)", "KH", "woman", 90),
        ("Zoë Å", "ID", "man", 80),
        ("@sum", "ID", "woman", 80),
        ("សុខា ភី", "SG", "undisclosed", "49.96"),
        ("émile", "KH", "man", None),
        ("<b>Bold</b>", "KH", "other", 50),
        *((f"Learner {number % 7}", COUNTRIES[number % 3], ("man", "woman")[number % 2], number * 37 % 100) for number in range(count)),
    ]
    learners = []
    for name, country, gender, score in people:
        person = factories.person(name=name, country=country, gender=gender)
        sector = "private" if gender == "man" else "government"
        facts: dict[str, Any] = {"country": country, "gender": gender, "sector": sector, "institution": "-1+1"}
        learners.append(factories.enrolment(edition_id, person, **facts))
        if score is not None:
            work.give(learners[-1], **dict.fromkeys(("m1", "m2", "m3", "m4", "m5"), str(score)))  # type: ignore[arg-type]
    return factories.slug_of(edition_id), learners


def page_rows(text: str) -> list[list[str]]:
    """Give the rows of the ranking's page as the file has them."""
    rows = []
    for row in (tables(text) or [[[]]])[0][1:]:
        rank, _, tied = row[0].partition(" ")
        rows.append([rank, "tied" if tied else "", *("" if cell == "–" else cell for cell in row[1:])])
    return rows


def file_rows(response: Any) -> list[list[str]]:
    """Read a file of the ranking, and take the marks off that keep spreadsheets from calculating."""
    assert response.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))
    return [[cell.removeprefix("'") for cell in row] for row in rows]


def all_pages(browser: FlaskClient, address: str) -> list[list[str]]:
    """Read every page of a ranking by its links to the next."""
    rows = []
    while True:
        text = browser.get(address).text
        rows += page_rows(text)
        after = [part.partition('"')[0] for part in text.partition('rel="next" href="')[2:] if part]
        if not after:
            return rows
        address = after[0].replace("&amp;", "&")


CHOICES = [
    ("", 66),
    ("&country=ID", 22),
    ("&gender=woman", 32),
    ("&country=KH&gender=man", 11),
    ("&sector=private", 32),
    ("&low=50", 34),
    ("&low=49%2C96&high=80", 22),
    ("&high=0&sector=private", 2),
]


def test_page_and_file_equal_each_other(work: Work, signed_in: SignIn) -> None:
    """Row by row, cell by cell, over all pages, the file has what the page shows, whatever is chosen."""
    slug, _ = mixed_class(work, 60)
    browser = signed_in(staff(_id_of(slug)))
    for sort, (chosen, count) in product(orders(ranking.SORTS), CHOICES):
        shown = all_pages(browser, f"/e/{slug}/ranking?sort={sort}{chosen}")
        head, *rows = file_rows(browser.get(f"/e/{slug}/ranking.csv?sort={sort}{chosen}"))
        assert shown == rows, (sort, chosen)
        assert len(rows) == count, (sort, chosen)
        assert head[:7] == ["Rank", "Tied", "Name", "Country", "Sector", "Institution", "1 Module called m1"]
        assert head[-3:] == ["So far", "Final", "Passed"]
        order = [float(row[-2]) if "final" in sort else rules.name_key(row[2]) for row in rows]
        assert order == sorted(order, reverse=sort.startswith("-"))


def test_columns_that_are_chosen(work: Work, signed_in: SignIn) -> None:
    """Page, CSV and XLSX have the same columns, those that are asked for, in the order in which they are offered."""
    slug, _ = mixed_class(work)
    browser = signed_in(staff(_id_of(slug)))
    asked = "?columns=module2&columns=gender&columns=final&columns=height&sort=name"
    shown = tables(browser.get(f"/e/{slug}/ranking{asked}").text)[0]
    assert shown[0] == ["Rank", "Name", "Gender", "Module 2", "Final"]
    assert shown[1] == ["4", "<b>Bold</b>", "other", "50.0", "50.0"]
    head, *rows = file_rows(browser.get(f"/e/{slug}/ranking.csv{asked}"))
    assert head == ["Rank", "Tied", "Name", "Gender", "2 Module called m2", "Final"]
    assert rows == page_rows(browser.get(f"/e/{slug}/ranking{asked}").text)
    book = sheet(browser.get(f"/e/{slug}/ranking.xlsx{asked}").data)
    assert book[0] == head
    assert book[1] == ["4", "", "<b>Bold</b>", "other", "50", "50"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "gradebook.export").order_by(AuditEntry.id)).first()
    assert entry is not None
    assert entry.detail["what"] == "the ranking (CSV) with name, Gender, 2 Module called m2, Final"


def _id_of(slug: str) -> int:
    return db.session.scalars(select(Edition.id).where(Edition.slug == slug)).one()


def test_ties_share_a_rank(work: Work, signed_in: SignIn) -> None:
    """Who is tied has the same rank and a mark; the rank is that among all, whatever is shown."""
    slug, _ = mixed_class(work)
    browser = signed_in(staff(_id_of(slug)))
    rows = page_rows(browser.get(f"/e/{slug}/ranking").text)
    ranks = {row[2]: (row[0], row[1], row[-2], row[-1]) for row in rows}
    assert ranks == {
        "=HYPERLINK(1)": ("1", "", "90.0", "yes"),
        "Zoë Å": ("2", "tied", "80.0", "yes"),
        "@sum": ("2", "tied", "80.0", "yes"),
        "<b>Bold</b>": ("4", "", "50.0", "yes"),
        "សុខា ភី": ("5", "", "49.96", "no"),
        "émile": ("6", "", "0.0", "no"),
    }
    chosen = page_rows(browser.get(f"/e/{slug}/ranking?country=KH&sort=name").text)
    assert [(row[0], row[2]) for row in chosen] == [("4", "<b>Bold</b>"), ("1", "=HYPERLINK(1)"), ("6", "émile")]


def test_paging_back_and_forth(work: Work) -> None:
    """Pages follow each other without a gap or a repetition, in both directions, ties or not."""
    edition, learners = class_of(work, *([70] * 60 + [50] * 60 + [90] * 7))
    for sort in orders(ranking.SORTS):
        choice = Choice(sort=sort)
        first = ranking.page(edition, choice)
        second = ranking.page(edition, choice, after=first.next)
        third = ranking.page(edition, choice, after=second.next)
        assert [page.previous is None for page in (first, second, third)] == [True, False, False]
        assert [page.next is None for page in (first, second, third)] == [False, False, True]
        seen = [line.enrolment_id for page in (first, second, third) for line in page.lines]
        assert sorted(seen) == learners
        assert ranking.page(edition, choice, before=third.previous).lines == second.lines
        assert ranking.page(edition, choice, before=second.previous) == first
        assert {line.rank for line in (*first.lines, *second.lines, *third.lines)} == {1, 8, 68}


def test_nonsense_in_the_address_is_not_said(work: Work, signed_in: SignIn) -> None:
    """Unknown sorts, countries, genders, numbers and enrolments of elsewhere give the first page."""
    slug, _ = mixed_class(work)
    _, (stranger,) = class_of(work, 10)
    browser = signed_in(staff(_id_of(slug)))
    usual = page_rows(browser.get(f"/e/{slug}/ranking").text)
    for nonsense in ("sort=x", "country=XX%00", "gender=%F0%9F%98%80", "rows=7", "low=x", "high=-1", "low=1e3", "columns=x", "after=x", f"after={10**14}", f"after={stranger}", "before=-1"):  # noqa: E501 - one text or table
        assert page_rows(browser.get(f"/e/{slug}/ranking?{nonsense}").text) == usual


def test_formulas_are_only_text() -> None:
    """What a spreadsheet would calculate gets a mark before it; numbers stay numbers."""
    row = ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "a=b", "", None, -1, Decimal("-82.5")]
    text = "".join(spreadsheet.written([row]))
    assert text == "\ufeff'=1+1,'+1,'-1,'@a,'\tx,\"'\rx\",a=b,,,-1,-82.5\r\n"


def test_each_export_is_recorded(work: Work, signed_in: SignIn) -> None:
    """An audit row says who took the file, which choice, and of how many; so for the workbook."""
    slug, _ = mixed_class(work)
    browser = signed_in(staff(_id_of(slug)))
    response = browser.get(f"/e/{slug}/ranking.csv?country=KH")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"attachment; filename=ranking-{slug}-" in response.headers["Content-Disposition"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "gradebook.export")).one()
    columns = [*(f"{n} Module called m{n}" for n in range(1, 6)), "So far", "Final", "Passed"]
    what = f"the ranking (CSV) with name, {', '.join(['Country', 'Sector', 'Institution', *columns])}"
    assert entry.detail == {"what": what, "people": 3, "filter": {"country": "KH"}}
    book = browser.get(f"/e/{slug}/ranking.xlsx?country=KH")
    assert (book.status_code, book.data[:2]) == (200, b"PK")
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "gradebook.export")) == 2


def test_learners_of_every_way_are_ranked(work: Work, signed_in: SignIn) -> None:
    """Who was enrolled past the confirmation appears at once, who is a learner no more disappears; not after closing."""
    edition, (one, two) = class_of(work, 60, 70)
    late = factories.enrolment(edition.id)
    browser = signed_in(staff(edition.id))
    address = f"/e/{edition.slug}/ranking"
    assert len(page_rows(browser.get(address).text)) == 3
    _promote(edition.id, two)
    assert [row[-2] for row in page_rows(browser.get(address).text)] == ["60.0", "0.0"]
    close(edition.id)
    _promote(edition.id, one)
    factories.enrolment(edition.id)
    assert [row[-2] for row in page_rows(browser.get(address).text)] == ["60.0", "0.0"]
    assert late


def _promote(edition_id: int, enrolment_id: int) -> None:
    person_id = factories.person_of(enrolment_id)
    with unit_of_work():
        appoint(edition_id, person_id, Role.TUTOR)


def test_nobody_to_rank(work: Work, signed_in: SignIn) -> None:
    """Empty lists say so, and what to do."""
    edition_id = factories.edition()
    browser = signed_in(staff(edition_id))
    address = f"/e/{factories.slug_of(edition_id)}/ranking"
    assert "There are no learners yet" in browser.get(address).text
    assert "No learner is like that" in browser.get(f"{address}?country=SG").text
    assert len(file_rows(browser.get(f"{address}.csv"))) == 1
    assert work.weights


ASKED = ("", "?rows=200", "?sort=name&country=KH", "?sort=final&gender=man", "?sector=private&low=20&high=80")


def test_few_queries_however_many_learners(work: Work, signed_in: SignIn, statements: Callable[[], Any]) -> None:
    """The number of statements doesn't grow with the number of learners, whatever is asked for."""
    counts: dict[str, list[int]] = {asked: [] for asked in ASKED}
    for count in (0, 120):
        slug, _ = mixed_class(work, count)
        browser = signed_in(staff(_id_of(slug)))
        for asked in ASKED:
            browser.get(f"/e/{slug}/ranking{asked}")
            with statements() as seen:
                assert browser.get(f"/e/{slug}/ranking{asked}").status_code == 200
            counts[asked].append(len(seen))
            seen.at_most(8)
    assert all(few == many for few, many in counts.values()), counts


def test_a_page_of_188_is_light(work: Work, signed_in: SignIn) -> None:
    """The whole of a usual edition on one page is small on the wire; so is the file."""
    slug, _ = mixed_class(work, 182)
    browser = signed_in(staff(_id_of(slug)))
    for path, most in (("ranking?rows=200", 60_000), ("ranking.csv", 60_000)):
        response = browser.get(f"/e/{slug}/{path}", headers={"Accept-Encoding": "gzip"})
        assert len(response.data) <= most
    assert len(page_rows(browser.get(f"/e/{slug}/ranking?rows=200").text)) == 188
