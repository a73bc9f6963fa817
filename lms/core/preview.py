"""Seeing an edition as others would, a learner of a given date or one of its tutors: read only, kept in the session, nobody's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from flask import request, session
from sqlalchemy import bindparam, select

from lms.core import clock
from lms.core.db import read
from lms.core.domain import Enrolment, EnrolmentState, Person, Role
from lms.core.errors import ReadOnly
from lms.core.here import notes
from lms.core.urls import SAFE_METHODS
from lms.core.viewer import EditionInfo, Viewer

KEY = "preview"
View = TypeVar("View", bound=Callable[..., Any])


class Tutor(NamedTuple):
    """Whose rights an administrator has for the while."""

    name: str
    modules: Sequence[str]
    may_export: bool


_TUTOR = (
    select(Person.name, Enrolment.modules, Enrolment.may_export)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Enrolment.id == bindparam("enrolment"), Enrolment.edition_id == bindparam("edition"))
    .where(Enrolment.role == Role.TUTOR, Enrolment.state == EnrolmentState.CONFIRMED)
)


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


def begin_as(edition: EditionInfo, enrolment_id: int) -> None:
    """Let the administrator who asks see the edition with the rights of one of its tutors, from the next request on."""
    session[KEY] = [edition.id, enrolment_id]


def end() -> None:
    """Let the staff member who asks see everything as it is again."""
    session.pop(KEY, None)


def _begun() -> Any:
    """Give what the request's edition is seen as: a moment as text, a tutor's enrolment, or `None` without a preview."""
    edition: EditionInfo | None = notes().get("edition")
    found = session.get(KEY) if edition else None
    return found[1] if edition and found and found[0] == edition.id else None


def moment() -> datetime | None:
    """Tell which moment the staff member who asks looks at in the request's edition; `None` without such a preview."""
    found = _begun()
    return clock.parse(found) if isinstance(found, str) else None


def as_tutor(viewer: Viewer) -> Viewer:
    """Give an administrator who sees the edition as one of its tutors the rights that the tutor has now, and nobody's data.

    Whoever is no administrator any more, or whose tutor is none, sees everything as it is: a preview adds no right.
    """
    here = notes()
    here.tutor = None
    enrolment_id = _begun() if viewer.is_administrator else None
    if not isinstance(enrolment_id, int):
        return viewer
    row = read(_TUTOR, enrolment=enrolment_id, edition=here.edition.id).first()
    if row is None:
        end()
        return viewer
    here.tutor = tutor = Tutor(*row)
    return replace(
        viewer,
        administrator=False,
        role=Role.TUTOR,
        modules=tuple(tutor.modules),
        may_export=tutor.may_export,
        on_record=viewer.role or "",
    )


@contextmanager
def as_learner(view: Callable[..., Any]) -> Iterator[None]:
    """Run a view, during a learner's preview as for one of that moment whom nothing is known of; in any, refuse to change anything."""
    here = notes()
    viewer: Viewer = here.viewer
    at = moment() if viewer.is_staff else None
    here.preview = at
    if (at is None and here.get("tutor") is None) or getattr(view, "ends_preview", False):
        yield
    elif request.method not in SAFE_METHODS:
        message = f"You look at this edition as {'a learner' if at else here.tutor.name} would, so nothing can be changed."
        raise ReadOnly(message, remedy="Leave the preview first, with the button at the head of the page.")
    elif at is not None and getattr(view, "previewed", False):
        here.viewer = replace(viewer, role=Role.LEARNER, administrator=False, enrolment_id=None, modules=(), may_export=False)
        with clock.at(at):
            yield
    else:
        yield
