"""Answers that are sent again: who asks for a page once more gets the same bytes if it would be made from the same rows.

A page that says so (`may_be_kept`) follows from the request with its cookies, the rows that were read for it, and the minute. When it is
asked for again, those rows are read again and nothing else is done: who may see the page, and what it shows, followed from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from lms.core import clock
from lms.core.again import are_as_read
from lms.core.db import db
from lms.core.here import asked, notes
from lms.core.memory import Shelf
from lms.core.prepared import Reader, Reading

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST = 512
READINGS, KEEP = "lms.readings", "lms.keep"
ASKED = ("PATH_INFO", "HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "wsgi.url_scheme")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what it followed from."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    readings: tuple[Reading, ...]
    minute: datetime


_answers: Shelf[tuple[Any, ...], Answer] = Shelf(MOST)


def watch() -> None:
    """Begin to note what is read for the request, if its answer can be kept."""
    notes().readings = asked().environ.get(READINGS)


def may_be_kept() -> None:
    """State that the answer follows from what was read by `db.read`; it is not kept where something was written or read otherwise."""
    if notes().get("readings") is not None and not db.session.registry.has():
        asked().environ[KEEP] = True


class Answers:
    """What stands between the server and the application."""

    def __init__(self, app: Flask) -> None:
        """Stand before an application."""
        self._app, self._inner = app, app.wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or "HTTP_COOKIE" not in environ:
            return self._inner(environ, start_response)
        question = (self._app, *[environ.get(name) for name in ASKED])
        found = _answers.get(question)
        if found is not None and self._holds(found):
            start_response(found.status, found.headers)
            return [found.body]
        return self._ask(question, environ, start_response)

    @cached_property
    def _engine(self) -> Engine:
        with self._app.app_context():
            return db.engine

    def _holds(self, found: Answer) -> bool:
        if clock.minute() != found.minute:
            return False
        reader = Reader(self._engine)
        try:
            return are_as_read(reader, found.readings, clock.now())
        except DBAPIError:
            return False  # whoever makes the answer meets the same error, and says so
        finally:
            reader.close()

    def _ask(self, question: tuple[Any, ...], environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        minute, readings = clock.minute(), environ.setdefault(READINGS, [])
        begun: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            begun[:] = [status, headers]
            return start_response(status, headers, *error)

        made = self._inner(environ, begin)
        if KEEP not in environ or not _is_for_again(*begun):
            return made
        body = b"".join(made)
        if close := getattr(made, "close", None):
            close()
        _answers.put(question, Answer(begun[0], begun[1], body, tuple(readings), minute))
        return [body]


def _is_for_again(status: str, headers: list[tuple[str, str]]) -> bool:
    return status.startswith("200") and all(name != "Set-Cookie" for name, _ in headers)
