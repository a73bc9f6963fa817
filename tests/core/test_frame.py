"""Pages that are drawn once for many show everybody their own."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from isal import isal_zlib
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from lms.core import clock, memory
from lms.core.domain import Course, Role
from lms.core.frame import kept_page
from lms.core.packing import HEAD, LONGEST_BLOCK, joined, loose, piece
from lms.core.viewer import NOBODY, Viewer
from tests.core import factories

Browsers = Callable[[int], FlaskClient]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TEMPLATES = {
    "kept.html": "{% extends 'base.html' %}{% block title %}T{% endblock %}{% block content %}{{ told }}{% endblock %}",
    "nosy.html": "{{ viewer.name }}{{ viewer.email }}{{ viewer.person_id }}",
    "late.html": "{{ now }}",
}
drawn: list[str] = []


def build(subject: str) -> Mapping[str, Any]:
    """Tell that a page is drawn."""
    drawn.append(subject)
    return {"told": subject}


@pytest.fixture
def site(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Add templates to those of the application."""
    assert ctx.jinja_env.loader
    monkeypatch.setattr(ctx.jinja_env, "loader", ChoiceLoader([DictLoader(TEMPLATES), ctx.jinja_env.loader]))
    drawn.clear()
    return ctx


def shown(app: Flask, viewer: Viewer, template: str = "kept.html", subject: str = "one", accept: str = "") -> bytes:
    """Give a kept page as somebody sees it."""
    with app.app_context(), app.test_request_context("/", headers={"Accept-Encoding": accept}):
        g.edition, g.viewer = None, viewer
        return kept_page(template, build, subject).get_data()


MIRA = replace(NOBODY, person_id=1, name="Mira <b>", email="mira@example.org")
SOKHA = replace(NOBODY, person_id=2, name="Sokha", email="sokha@example.org")


def test_it_is_drawn_once_and_shows_each_their_name(site: Flask) -> None:
    """Escaped; somebody who may go elsewhere, or is nobody, is shown another drawing."""
    pages = [shown(site, viewer).decode() for viewer in (MIRA, SOKHA, MIRA)]
    assert [(escape(MIRA.name) in page, SOKHA.name in page) for page in pages] == [(True, False), (False, True), (True, False)]
    assert not any("<b>" in page for page in pages)
    assert drawn == ["one"]
    shown(site, SOKHA, subject="two")
    shown(site, replace(SOKHA, administrator=True, role=Role.ADMINISTRATOR))
    assert "Sign out" not in shown(site, NOBODY).decode()
    assert drawn == ["one", "two", "one", "one"]


def test_a_drawing_knows_nothing_of_who_saw_it_first(site: Flask) -> None:
    """A template that asks is told nothing, and one that asks for the time fails."""
    assert shown(site, MIRA, "nosy.html") == shown(site, SOKHA, "nosy.html") == b"-1"
    with pytest.raises(UndefinedError):
        shown(site, MIRA, "late.html")
    assert MIRA.name == "Mira <b>"


def test_nobody_writes_a_hole_into_a_page(site: Flask) -> None:
    """What is filled in is not looked at again, and the name of a hole can't be guessed."""
    assert "deadbeef-token-" in shown(site, replace(MIRA, name="deadbeef-token-")).decode()


@pytest.mark.parametrize("viewer", [MIRA, replace(MIRA, name="é" * LONGEST_BLOCK), NOBODY])
def test_packed_it_is_the_same_page(site: Flask, viewer: Viewer) -> None:
    """Whether it was kept or not, and however much is filled in."""
    with clock.at(clock.now()):
        plain = [re.sub(rb'value="[^"]+"', b"", shown(site, viewer)) for _ in range(2)]
        packed = [re.sub(rb'value="[^"]+"', b"", gzip.decompress(shown(site, viewer, accept="gzip"))) for _ in range(2)]
    assert [*packed, plain[1]] == [plain[0]] * 3


@pytest.mark.parametrize("texts", [[], [""], ["", "x", ""], ["a" * 70_000, "ü" * 70_000, "b"]])
def test_pieces_make_one_file(texts: list[str]) -> None:
    """For every reader of gzip, whatever they are made of."""
    for make in (piece, loose):
        body = joined(map(make, texts))
        assert body.startswith(HEAD)
        assert gzip.decompress(body) == isal_zlib.decompress(body, 31) == "".join(texts).encode()


def test_pages_of_the_course_show_everybody_their_own(course: Course, signed_in: Browsers) -> None:
    """Two learners and a tutor look at one lesson, before and after the caches are emptied."""
    edition_id = factories.edition(course.id)
    people = {name: factories.person(name=name) for name in ("Anousone", "Bopha", "Chit")}
    roles = dict(zip(people, (Role.LEARNER, Role.LEARNER, Role.TUTOR), strict=True))
    for name, person_id in people.items():
        factories.enrolment(edition_id, person_id, roles[name])
    browsers = {name: signed_in(person_id) for name, person_id in people.items()}
    url = f"/e/{factories.slug_of(edition_id)}/modules/module1/first"
    for _ in range(2):
        pages = {name: browser.get(url).text for name, browser in browsers.items()}
        for name, page in pages.items():
            assert [other for other in people if other in page] == [name]
            assert ("More time" in page) == (roles[name] == Role.TUTOR)
        tokens = [set(TOKEN.findall(page)) for page in pages.values()]
        assert [len(found) for found in tokens] == [1, 1, 1]
        assert len(set.union(*tokens)) == 3
        memory.forget()


def test_what_was_said_is_shown_once_to_whom_it_was_said(course: Course, signed_in: Browsers) -> None:
    """The page after a form, not the same page of others."""
    edition_id = factories.edition(course.id)
    first, second = (signed_in(factories.person_of(factories.enrolment(edition_id))) for _ in range(2))
    url = f"/e/{factories.slug_of(edition_id)}/modules/module1"
    first.get(f"{url}/second")
    first.post(f"{url}/first/read")
    assert "is marked as read" not in second.get(f"{url}/second").text
    assert "is marked as read" in first.get(f"{url}/second").text
    assert "is marked as read" not in first.get(f"{url}/second").text
