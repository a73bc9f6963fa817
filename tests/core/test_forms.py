"""What forms make of what people send: tidied, bounded, and refused where it can't be shown or stored."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core.db import db, unit_of_work
from lms.core.domain import Course
from lms.core.errors import Conflict, DomainError, Invalid
from lms.core.forms import Form, email, line, paragraphs, secret, tidy
from tests.core import factories


class Everything(Form):
    """A form with a field of each kind."""

    title = line("Title", most=10)
    note = line("Note", required=False)
    body = paragraphs("Body", most=20)
    address = email("Address")
    password = secret("Password")


@pytest.fixture(scope="module")
def bare() -> Flask:
    """Give an application that knows forms, and nothing else."""
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": "x", "WTF_CSRF_ENABLED": False}
    return app


RIGHT = {"title": "T", "note": "", "body": "B", "address": "a@example.org", "password": "p"}


def errors(bare: Flask, **sent: str) -> dict[str, list[str]]:
    """Give the errors of the form for these fields, the others being right."""
    with bare.test_request_context(method="POST", data=RIGHT | sent):
        form = Everything()
        form.validate_on_submit()
        assert form.status == (422 if form.errors else 200)
        return {name: list(messages) for name, messages in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sokha  ", "Sokha"),
        ("\u00a0\u3000Sokha\n", "Sokha"),
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("សុខា", "សុខា"),
        ("ကိုကို", "ကိုကို"),
        ("", ""),
        (None, None),
    ],
)
def test_text_is_tidied(typed: str | None, kept: str | None) -> None:
    """Outer spaces go, and letters that can be written in two ways are written in one."""
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    "fine",
    ["Łukasz", "สมชาย", "សុខា\u200bពៅ", "နေ\u200cမင်း", "नमस्\u200dते", "👩\u200d🏫", "A\u00adB", "…", "a\u00a0b"],
)
def test_what_scripts_need_is_let_through(bare: Flask, fine: str) -> None:
    """Joiners, word breaks and soft hyphens are invisible and necessary."""
    assert errors(bare, title=fine, body=fine) == {}


@pytest.mark.parametrize("odd", [*"\0\x07\x1b\x7f\u0085\u202a\u202e\u2066\u2069\ue000\uffff\U000e1000"])
@pytest.mark.parametrize("field", ["title", "note", "body", "address", "password"])
def test_what_can_not_be_shown_is_refused_by_name(bare: Flask, field: str, odd: str) -> None:
    """Control characters, directional overrides, private and unassigned ones, in every kind of field."""
    assert unicodedata.category(odd) in {"Cc", "Cf", "Co", "Cn"}
    assert errors(bare, **{field: f"a{odd}b"}) == {field: [f"Please remove the invisible character U+{ord(odd):04X}."]}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\t", "\u2028", "\u2029"])
def test_several_lines_are_only_where_there_is_room(bare: Flask, newline: str) -> None:
    """A text area takes line ends, a line does not."""
    assert errors(bare, body=f"a{newline}b") == {}
    assert list(errors(bare, title=f"a{newline}b")) == ["title"]


@pytest.mark.parametrize(("field", "most"), [("title", 10), ("note", 200), ("body", 20), ("address", 254), ("password", 200)])
def test_lengths_are_counted_after_tidying(bare: Flask, field: str, most: int) -> None:
    """As many characters as the message says, outer spaces free of charge (but for passwords), not one more."""
    spaces = "" if field == "password" else "   "
    assert errors(bare, **{field: spaces + "x" * most + spaces}) == {}
    assert errors(bare, **{field: "x" * (most + 1)}) == {field: [f"Please use at most {most} characters."]}


@pytest.mark.parametrize("empty", ["", "   ", "\u3000"])
def test_what_is_needed_is_asked_for(bare: Flask, empty: str) -> None:
    """Spaces are no answer; only what is optional may be empty."""
    found = errors(bare, title=empty, note=empty, body=empty, address=empty)
    assert found == {name: ["Please fill this in."] for name in ("title", "body", "address")}


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {name: (BytesIO(b"a"), "a.txt") for name in RIGHT}},
        {"json": RIGHT},
        {"json": dict.fromkeys(RIGHT, 7)},
        {"json": [7]},
        {"data": "{", "content_type": "application/json"},
        {},
    ],
)
def test_only_what_was_typed_is_read(bare: Flask, sent: dict[str, Any]) -> None:
    """Files and JSON are no text: the fields are empty then, and say so."""
    with bare.test_request_context(method="POST", **sent):
        form = Everything()
        assert not form.validate_on_submit()
        assert form.errors.keys() == RIGHT.keys() - {"note"}


def test_a_password_is_taken_as_typed(bare: Flask) -> None:
    """Its spaces belong to it, and the page never gives it back."""
    with bare.test_request_context(method="POST", data=RIGHT | {"password": "  a b "}):
        form = Everything()
        assert form.validate_on_submit()
        assert form.password.data == "  a b "
        assert "a b" not in str(form.password())


def test_a_refusal_lands_beside_its_field_and_undoes_what_was_written(ctx: Flask) -> None:
    """A refusal that names no field of the form goes on to the page of refusals."""
    with ctx.test_request_context(method="POST", data=RIGHT):
        form = Everything()
        assert form.validate_on_submit()
        with unit_of_work(), form.refusals():
            factories.course()
            refuse(Conflict("Somebody has this title.", field="title"))
        assert (form.status, form.title.errors) == (422, ["Somebody has this title."])
        assert db.session.scalar(select(func.count(Course.id))) == 0
        for field in (None, "unknown"):
            with pytest.raises(Invalid), form.refusals():
                refuse(Invalid("Something is wrong.", field=field))


def refuse(error: DomainError) -> None:
    """Refuse, as a command would."""
    raise error
