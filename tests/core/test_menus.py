"""The menus of those with many places, and fields that need no word about being optional."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader
from wtforms import RadioField

from lms.core.forms import Form

TEMPLATES = Path(__file__).parents[2] / "lms/core/templates"


def drawn(count: int, current: int | None = None) -> str:
    """Draw the menus of somebody of the staff who has so many places, being on one of them."""
    loaded: Any = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    desk = [SimpleNamespace(label=f"Place {n}", href=f"/{n}", icon="", current=n == current, badge=None) for n in range(count)]
    return str(loaded.get_template("ui/menus.html").module.menus("Mira", "M", "token", [], desk, []))


@pytest.mark.parametrize(("count", "before"), [(1, 1), (5, 5), (6, 4), (11, 4)])
def test_many_places_are_grouped(count: int, before: int) -> None:
    """So that they stand in one row; each is there once, without a script."""
    html = drawn(count)
    assert [html.count(f">Place {n}</a>") for n in range(count)] == [1] * count
    row, _, more = html.partition('<details class="menu more">')
    assert (row.count("Place "), more.count("Place ")) == (before, count - before)


def test_the_group_says_that_one_is_in_it() -> None:
    """The summary is marked where the current place is folded away."""
    assert '<summary aria-current="true">More' in drawn(8, current=6)
    assert '<summary aria-current="true">More' not in drawn(8, current=1)


EITHER: Any = ["a", "b"]


class Chosen(Form):
    """A group of radios with and without something that goes without saying."""

    usual = RadioField("Usual", choices=EITHER, default="a")
    free = RadioField("Free", choices=EITHER)


def test_what_is_chosen_already_is_not_called_optional(ctx: Flask) -> None:
    """Nobody can leave it out."""
    with ctx.test_request_context():
        form = Chosen(formdata=None)
        macros: Any = ctx.jinja_env.get_template("ui/forms.html").module
        assert "optional" not in macros.field(form.usual)
        assert "optional" in macros.field(form.free)
