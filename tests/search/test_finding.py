"""Who finds what, in which order, on both databases alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Course
from lms.core.viewer import edition_by_id
from lms.forums import commands as forums
from lms.forums.models import Post
from lms.search import commands, queries
from lms.search.rules import parse
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place
from tests.search.conftest import Finds


def test_closed_modules_are_for_staff(course: Course, finds: Finds) -> None:
    """Neither their lessons and terms nor their forums; announcements are open at once."""
    place = factories.place(course, starts_on=core.someday(-1))
    for forum in ("module1", "module2", "announcements"):
        factories.topic(place, place.tutor, forum, title=f"Zenithal {forum}")
    modules = {who: {row.module.slug if row.module else "" for row in finds(who, "zenithal", where=place)} for who in ("learner", "tutor")}
    assert modules == {"learner": {"", "module1"}, "tutor": {"", "module1", "module2"}}
    for who, slugs in (("learner", {"module1"}), ("tutor", {"module1", "module2"})):
        found = finds(who, "identifier", where=place)
        assert {row.module.slug for row in found if row.module} == slugs


def test_other_editions_are_never_found(course: Course, finds: Finds) -> None:
    """Not even by administrators; the course's texts belong to all its editions, other courses' do not."""
    other = factories.place(course)
    factories.topic(other, other.learner, title="Elsewhere")
    assert finds("admin", "elsewhere", where=other)
    assert not finds("admin", "elsewhere")
    assert len(finds("learner", "identifier")) == len(finds("learner", "identifier", where=other)) > 0
    stranger = core.edition()
    viewer = core.viewer_of(core.enrolment(stranger))
    assert not queries.search(edition_by_id(stranger), viewer, parse("identifier")).total


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Nguyễn Thị Mai từ Đà Nẵng", "nguyen mai DA NANG"),
        ("Nguyen Thi Mai", "Nguyễn Thị Mai"),
        ("cafe\u0301 society", "CAFÉ"),
        ("บัตรประจำตัวประชาชนของฉัน", "ประชาชน"),
        ("ບັດປະຈຳຕົວ", "ປະຈຳ"),
        ("នេះជាអត្តសញ្ញាណប័ណ្ណ", "សញ្ញាណ"),
        ("នេះ\u200bជា\u200bអត្តសញ្ញាណ", "ជាអត្ត"),
        ("နိုင်ငံသားစိစစ်ရေး", "စိစစ်"),
        ("数字身份证明", "身份"),
        ("தமிழ் அடையாளம்", "அடையாளம்"),
        ("Registries of births", "registry birth"),
        ("The registry", "registries"),
        ("interoperability", "interop"),
        ("He said “one stop shop” there", '"stop shop"'),
        ("call it e-KYC", "kyc"),
        ("it costs 12.50 USD", "12.50"),
        ("at https://example.org/page?x=1", "example.org"),
    ],
)
def test_it_is_found(place: Place, finds: Finds, text: str, asked: str) -> None:
    factories.topic(place, place.learner, title="T", body=text)
    assert len(finds("other", asked, "post")) == 1


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("one shop stop", '"stop shop"'),
        ("interoperability", '"interop"'),
        ("some words", "some other words"),
        ("interop first, then more", "inter first"),
        ("บัตรประชาชน", "ชนบัตร"),
        ("bold **text**", "strong"),
    ],
)
def test_it_is_not_found(place: Place, finds: Finds, text: str, asked: str) -> None:
    factories.topic(place, place.learner, title="T", body=text)
    assert not finds("other", asked, "post")


def test_titles_come_first(place: Place, finds: Finds) -> None:
    """However often a text says it."""
    factories.topic(place, place.learner, title="Zenithal matters", body="Something else. " * 30)
    factories.topic(place, place.learner, title="Other", body="zenithal " * 40)
    factories.topic(place, place.learner, title="Once", body="Long words before. " * 20 + "Then zenithal.")
    assert [row.title for row in finds("other", "zenith")] == ["Zenithal matters", "Other", "Once"]


def test_recent_posts_come_before_old_ones(place: Place, finds: Finds) -> None:
    """If they fit as well."""
    ids = [factories.topic(place, place.learner, title=f"T{n}", body="A zenithal text.").post_id for n in range(3)]
    with unit_of_work():
        for number, days in ((0, 3), (1, 60), (2, 20)):
            db.session.execute(update(Post).where(Post.id == ids[number]).values(created_at=clock.now() - timedelta(days=days)))
        commands.replace("forums", ids)
    assert [row.title for row in finds("other", "zenithal")] == ["T0", "T2", "T1"]


def test_a_page_costs_two_statements_however_much_there_is(place: Place, finds: Finds, statements: Callable[[], Any]) -> None:
    finds("other", "identifier")
    with unit_of_work():
        for number in range(45):
            forums.start_topic(place.edition, place.learner, "module1", f"Identifier {number}", "Text")
    edition, viewer = edition_by_id(place.edition), place.viewer("other")
    with statements() as seen:
        results = queries.search(edition, viewer, parse("identifier"), "", 2)
    seen.at_most(2)
    assert len(results.found) == 20
    assert results.counts["post"] == 45
