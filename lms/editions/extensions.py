"""More time for one person or for a country: granted with a reason, read where a window decides, and to be withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from lms.core import audit, clock
from lms.core.db import db, read
from lms.core.domain import Edition, EditionState, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.events import publish
from lms.core.viewer import EditionInfo, Viewer
from lms.editions import rules
from lms.editions.events import ExtensionGranted
from lms.editions.models import Extension

MOST = 200


@dataclass(frozen=True, slots=True)
class More:
    """An exception to be granted: so many hours, why, and in which module, given by its slug; without one in all."""

    hours: int
    reason: str
    module: str | None = None


@dataclass(frozen=True, slots=True)
class MoreTime:
    """By how much a learner's module closes later, and why."""

    by: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class Learner:
    """Whom an exception is for, by the enrolment."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class LaterClosings:
    """All exceptions of an edition that hold: the longest hours by enrolment or country, and module or `None` for all."""

    hours: Mapping[tuple[int | str | None, str | None], int]

    def of(self, enrolment_id: int, country: str, module: str) -> timedelta:
        """Tell how much later than for others a module closes for a learner."""
        keys = ((whose, which) for whose in (enrolment_id, country) for which in (module, None))
        return timedelta(hours=max(self.hours.get(key, 0) for key in keys))

    def all_of(self, module: str) -> set[timedelta]:
        """Give how much later a module closes for anybody, and 0 for all others."""
        return {timedelta(0), *(timedelta(hours=more) for (_, which), more in self.hours.items() if which in {module, None})}


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """An exception as staff see it; `name` is the learner's, `country` a code, neither module nor slug means all."""

    id: int
    enrolment_id: int | None
    name: str | None
    country: str | None
    module: str | None
    hours: int
    reason: str
    granted_by: str | None
    granted_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


_APPLIES = (
    select(Extension.module, Extension.hours, Extension.reason)
    .join(Enrolment, Enrolment.edition_id == Extension.edition_id)
    .where(
        Enrolment.id == bindparam("enrolment_id"),
        Extension.withdrawn_at.is_(None),
        or_(
            Extension.enrolment_id == Enrolment.id,
            and_(Extension.enrolment_id.is_(None), Extension.country == Enrolment.country),
        ),
    )
    .order_by(Extension.hours.desc(), Extension.id)
)


def more_time(edition: EditionInfo, enrolment_id: int | None) -> Callable[[str], MoreTime | None]:
    """Tell of each module how much later than for others it closes for a learner; of several exceptions the longest holds."""
    rows = read(_APPLIES, enrolment_id=enrolment_id).all() if enrolment_id and edition.extended else ()

    def of(module: str) -> MoreTime | None:
        return next((MoreTime(timedelta(hours=hours), reason) for only, hours, reason in rows if only in {None, module}), None)

    return of


def later_closings(edition: EditionInfo) -> LaterClosings:
    """Read for all learners how much later than for others modules close."""
    hours: dict[tuple[int | str | None, str | None], int] = {}
    query = select(Extension.enrolment_id, Extension.country, Extension.module, Extension.hours)
    query = query.where(Extension.edition_id == edition.id, Extension.withdrawn_at.is_(None))
    for enrolment_id, country, module, more in db.session.execute(query) if edition.extended else ():
        key = enrolment_id or country, module
        hours[key] = max(more, hours.get(key, 0))
    return LaterClosings(hours)


def grant(edition: EditionInfo, viewer: Viewer, more: More, *, enrolment_id: int | None = None, country: str | None = None) -> int:
    """Let a module, or all, close later for one learner or for everybody of a country, and give the exception's id.

    Raise `Invalid`, naming the field, and `Forbidden` for a module that the viewer doesn't look after.
    """
    held = db.session.get_one(Edition, edition.id, with_for_update=True, populate_existing=True)
    if held.state == EditionState.CLOSED:
        message = "This edition is closed, so there is no more time to give."
        raise Conflict(message)
    _require_leading(viewer, more.module)
    _require_target(edition, enrolment_id, country)
    if not 1 <= more.hours <= rules.MOST_HOURS:
        message = f"Please give a number of hours from 1 to {rules.MOST_HOURS}."
        raise Invalid(message, field="hours")
    if not more.reason.strip():
        message = "Please say why: learners and colleagues read it."
        raise Invalid(message, field="reason")
    facts = {"enrolment_id": enrolment_id, "country": country, "module": more.module, "hours": more.hours, "reason": more.reason}
    row = Extension(edition_id=edition.id, granted_by_id=viewer.person_id, **facts)
    db.session.add(row)
    held.extended = True
    db.session.flush()
    about = audit.person_of(enrolment_id) if enrolment_id else None
    audit.record(viewer, "extension.grant", "extension", row.id, edition_id=edition.id, about=about, **facts)
    publish(ExtensionGranted(edition.id, enrolment_id, country))
    return row.id


def _require_leading(viewer: Viewer, module: str | None) -> None:
    if not (viewer.leads(module) if module else viewer.is_staff and not viewer.modules):
        message = "You look after some modules only, so you give more time in those."
        raise Forbidden(message)


def _require_target(edition: EditionInfo, enrolment_id: int | None, country: str | None) -> None:
    if (enrolment_id is None) == (not country):
        message = "Please choose either one learner or a country."
        raise Invalid(message, field="learner")
    query = _learners(edition.id).with_only_columns(Enrolment.id).limit(1)
    query = query.where(Enrolment.id == enrolment_id) if enrolment_id else query.where(Enrolment.country == country)
    if db.session.scalar(query) is None:
        message = "There is no such learner in this edition." if enrolment_id else "Nobody of this country learns in this edition."
        raise Invalid(message, field="learner" if enrolment_id else "country")


def withdraw(edition: EditionInfo, viewer: Viewer, extension_id: int) -> None:
    """Take an exception back; an attempt that is under way keeps its time. Raise `NotFound` or `Conflict`."""
    query = select(Extension).where(Extension.id == extension_id, Extension.edition_id == edition.id)
    row = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        message = "There is no such exception in this edition."
        raise NotFound(message)
    _require_leading(viewer, row.module)
    if row.withdrawn_at is not None:
        message = "This exception is withdrawn already."
        raise Conflict(message)
    row.withdrawn_at, row.withdrawn_by_id = clock.now(), viewer.person_id
    db.session.flush()
    about = audit.person_of(row.enrolment_id) if row.enrolment_id else None
    facts = {"hours": row.hours, "reason": row.reason}
    audit.record(viewer, "extension.withdraw", "extension", row.id, edition_id=edition.id, about=about, **facts)


def listing(edition_id: int) -> Sequence[ExtensionLine]:
    """List the newest exceptions of an edition, newest first."""
    granted, withdrawn = aliased(Person), aliased(Person)
    query = (
        select(
            Extension.id,
            Extension.enrolment_id,
            Person.name,
            Extension.country,
            Extension.module,
            Extension.hours,
            Extension.reason,
            granted.name,
            Extension.granted_at,
            withdrawn.name,
            Extension.withdrawn_at,
        )
        .outerjoin(Enrolment, Enrolment.id == Extension.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(granted, granted.id == Extension.granted_by_id)
        .outerjoin(withdrawn, withdrawn.id == Extension.withdrawn_by_id)
        .where(Extension.edition_id == edition_id)
    )
    rows: Sequence[Any] = db.session.execute(query.order_by(Extension.id.desc()).limit(MOST)).all()
    return [ExtensionLine(*row) for row in rows]


def learner(edition_id: int, enrolment_id: int | None) -> Learner:
    """Find a learner of an edition by the enrolment; raise `NotFound`."""
    query = _learners(edition_id).with_only_columns(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id)
    row: Any = db.session.execute(query.where(Enrolment.id == enrolment_id)).first()
    if row is None:
        message = "There is no such learner in this edition."
        raise NotFound(message)
    return Learner(*row)


def find_learner(edition_id: int, email: str) -> int:
    """Find a learner of an edition by the e-mail address, and give the enrolment's id; raise `Invalid`."""
    found = db.session.scalar(_learners(edition_id).with_only_columns(Enrolment.id).join(Person).where(Person.email == email.lower()))
    if found is None:
        message = "No learner of this edition has this address."
        raise Invalid(message, field="learner")
    return found


def countries_there(edition_id: int) -> list[str]:
    """List the countries, by their codes, that learners of an edition are of."""
    return list(db.session.scalars(_learners(edition_id).with_only_columns(Enrolment.country).distinct()))


def _learners(edition_id: int) -> Select[Enrolment]:
    state = and_(Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED)
    return select(Enrolment).where(Enrolment.edition_id == edition_id, state)
