"""Seeing the course as a learner of a given date would: read only, kept in the session, nobody's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import request, session

from lms.core import clock
from lms.core.domain import Role
from lms.core.errors import Conflict
from lms.core.here import notes
from lms.core.urls import SAFE_METHODS
from lms.core.viewer import EditionInfo, Viewer

KEY = "preview"
View = TypeVar("View", bound=Callable[..., Any])


def previewed(view: View) -> View:
    """State that a page can be seen as a learner of a given date: it writes nothing for somebody without an enrolment."""
    view.previewed = True  # type: ignore[attr-defined]
    return view


def ends_preview(view: View) -> View:
    """State that a view works during a preview although it changes something: it leads out."""
    view.ends_preview = True  # type: ignore[attr-defined]
    return view


def begin(edition: EditionInfo, day: date) -> None:
    """Let the staff member who asks see the edition as on a day, from the next request on.

    It is noon in the edition's zone: what opens on that day is open, what ends with it is not over.
    """
    session[KEY] = [edition.id, datetime.combine(day, time(12), ZoneInfo(edition.zone)).isoformat()]


def end() -> None:
    """Let the staff member who asks see everything as it is again."""
    session.pop(KEY, None)


def moment() -> datetime | None:
    """Tell which moment the staff member who asks looks at in the request's edition; `None` without a preview."""
    edition: EditionInfo | None = notes().get("edition")
    found = session.get(KEY) if edition else None
    if edition is None or not found or found[0] != edition.id:
        return None
    return clock.parse(found[1])


@contextmanager
def as_learner(view: Callable[..., Any]) -> Iterator[None]:
    """Run a view, during a preview as for a learner of that moment whom nothing is known of; refuse to change anything."""
    here = notes()
    viewer: Viewer = here.viewer
    at = moment() if viewer.is_staff else None
    here.preview = at
    if at is None or getattr(view, "ends_preview", False):
        yield
    elif request.method not in SAFE_METHODS:
        message = "You look at this edition as a learner would, so nothing can be changed."
        raise Conflict(message, remedy="Leave the preview first, with the button at the head of the page.")
    elif getattr(view, "previewed", False):
        here.viewer = replace(viewer, role=Role.LEARNER, administrator=False, enrolment_id=None, modules=())
        with clock.at(at):
            yield
    else:
        yield
