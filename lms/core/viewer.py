"""Who asks, and for which edition: two plain values, read with one query a request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_login import UserMixin
from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, exists, null, select, update
from sqlalchemy.orm import InstrumentedAttribute

from lms.core import clock
from lms.core.db import change, read, unit_of_work
from lms.core.domain import (
    Course,
    Edition,
    EditionState,
    Enrolment,
    EnrolmentState,
    Person,
    Role,
    SignIn,
)
from lms.core.here import notes
from lms.core.memory import kept


@dataclass(frozen=True, slots=True, eq=False)
class EditionInfo:
    """What pages need of the edition that their address names; it is the same value as long as its row is the same."""

    id: int
    course_id: int
    slug: str
    title: str
    starts_on: date
    ends_on: date
    zone: str
    pass_mark: Decimal
    state: str
    registration_opens_at: datetime
    registration_closes_at: datetime
    short_title: str
    course_title: str
    course_version: str
    summary: str
    demo: bool
    attempts: int | None
    version: int
    extended: bool
    by_decision: bool
    schedule: Mapping[str, tuple[int, int | None]]

    @property
    def is_draft(self) -> bool:
        """Whether it is being set up, and seen by its staff alone."""
        return self.state == EditionState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether learners can still do something in it."""
        return self.state == EditionState.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether its grades are frozen."""
        return self.state == EditionState.CLOSED

    def starts_at(self) -> datetime:
        """Tell when the first day begins in the edition's zone."""
        return clock.day_starts(self.starts_on, self.zone)


@dataclass(frozen=True, slots=True, eq=False)
class Viewer(UserMixin):
    """The person who asks, or nobody; `role` and `enrolment_id` are those in the request's edition.

    Acts of who sees the edition as a tutor does go on record with the role `on_record`, which is their own.
    """

    person_id: int | None = None
    name: str = ""
    email: str = ""
    zone: str = "UTC"
    administrator: bool = False
    enrolment_id: int | None = None
    role: str | None = None
    token: str = ""
    sign_in_id: int | None = None
    seen_at: datetime | None = None
    here_at: datetime | None = None
    second_factor: bool = False
    modules: tuple[str, ...] = ()
    may_export: bool = False
    on_record: str = ""

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.person_id is None

    @property
    def is_staff(self) -> bool:
        """Whether this is a tutor or an administrator here."""
        return self.role in {Role.TUTOR, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        """Whether this is an administrator of the edition or of the installation."""
        return self.role == Role.ADMINISTRATOR or self.administrator

    def anybody(self) -> Viewer:
        """Give somebody in the same role of whom nothing else is known."""
        return Viewer(
            person_id=self.person_id and -1,
            zone=self.zone,
            administrator=self.administrator,
            enrolment_id=self.enrolment_id and -1,
            role=self.role,
            modules=self.modules,
            may_export=self.may_export,
        )

    def leads(self, module: str) -> bool:
        """Tell whether staff here look after a module, given by its slug; a tutor may be limited to some."""
        return self.is_staff and (not self.modules or module in self.modules)

    def get_id(self) -> str:
        """Give Flask-Login the token of this sign-in, not the person's number."""
        return self.token


NOBODY = Viewer()
SEEN = timedelta(minutes=5)

_EDITION: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    Edition.id,
    Edition.course_id,
    Edition.slug,
    Edition.title,
    Edition.starts_on,
    Edition.ends_on,
    Edition.zone,
    Edition.pass_mark,
    Edition.state,
    Edition.registration_opens_at,
    Edition.registration_closes_at,
    Course.short_title,
    Course.title,
    Course.version,
    Course.summary,
    Edition.demo,
    Edition.attempts,
    Edition.version,
    Edition.extended,
    Edition.by_decision,
    cast(Edition.schedule, Text),
)


_SIGNED_IN: tuple[InstrumentedAttribute[Any], ...] = (
    Person.id,
    Person.name,
    Person.email,
    Person.zone,
    Person.administrator,
    SignIn.id,
    SignIn.seen_at,
    Person.second_factor_at,
)
_ENROLLED: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    Enrolment.id,
    Enrolment.role,
    cast(Enrolment.modules, Text),
    Enrolment.may_export,
    Enrolment.seen_at,
)
_VALID = and_(SignIn.token_hash == bindparam("token"), SignIn.expires_at > bindparam("now"))
_BY_SLUG = select(*_EDITION).join(Course).where(Edition.slug == bindparam("slug"))
_BY_ID = select(*_EDITION).join(Course).where(Edition.id == bindparam("id"))
_BY_ENROLMENT = select(*_EDITION).join(Course).join(Enrolment, Enrolment.edition_id == Edition.id).where(Enrolment.id == bindparam("id"))
_REAL_EDITION = select(exists().where(~Edition.demo))
_ENROLMENT = and_(
    Enrolment.person_id == Person.id,
    Enrolment.edition_id == Edition.id,
    Enrolment.state == EnrolmentState.CONFIRMED,
)
_ARRIVAL = (
    select(*_EDITION, *_SIGNED_IN, *_ENROLLED)
    .select_from(Edition)
    .join(Course)
    .outerjoin(SignIn, _VALID)
    .outerjoin(Person, Person.id == SignIn.person_id)
    .outerjoin(Enrolment, _ENROLMENT)
    .where(Edition.slug == bindparam("slug"))
)
_USED = update(SignIn).where(SignIn.id == bindparam("sign_in_id")).values(seen_at=bindparam("now"))
_HERE = update(Enrolment).where(Enrolment.id == bindparam("enrolment_id")).values(seen_at=bindparam("now"))
_OUTSIDE = select(*_SIGNED_IN, *(null() for _ in _ENROLLED)).select_from(SignIn).join(Person, Person.id == SignIn.person_id).where(_VALID)


def hash_token(token: str) -> str:
    """Give what is stored of a secret token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def arrive(slug: str, token: str) -> tuple[EditionInfo, Viewer] | None:
    """Read an edition and who is signed in there, in one go; `None` where there is none, or a draft that is not the viewer's to see."""
    row: Sequence[Any] | None = read(_ARRIVAL, slug=slug, token=hash_token(token), now=clock.now()).first()
    if row is None:
        return None
    edition, found = _edition(tuple(row[: len(_EDITION)])), tuple(row[len(_EDITION) :])
    viewer = NOBODY if found[0] is None else _viewer(found, token)
    return None if edition.is_draft and not viewer.is_staff else (edition, viewer)


@kept(128)
def _edition(row: tuple[Any, ...]) -> EditionInfo:
    """Make the value of an edition's row; it stays the same one until something changes."""
    schedule = {slug: (opens, closes) for slug, (opens, closes) in json.loads(row[-1]).items()}
    return EditionInfo(*(*row[:-1], MappingProxyType(schedule)))


def edition_by_slug(slug: str) -> EditionInfo | None:
    """Read an edition with its course's titles."""
    row: Sequence[Any] | None = read(_BY_SLUG, slug=slug).first()
    return _edition(row) if row else None


def edition_by_id(edition_id: int) -> EditionInfo:
    """Read the edition that a row refers to."""
    row: Sequence[Any] = read(_BY_ID, id=edition_id).one()
    return _edition(row)


def edition_of(enrolment_id: int) -> EditionInfo:
    """Give the edition that an enrolment is in; that of the request is known already."""
    if notes().get("edition") and current_viewer().enrolment_id == enrolment_id:
        return current_edition()
    row: Sequence[Any] = read(_BY_ENROLMENT, id=enrolment_id).one()
    return _edition(row)


def load_viewer(token: str) -> Viewer | None:
    """Give who is signed in with this token; `None` if nobody is.

    In an edition that was read when the request arrived; elsewhere nobody has a role.
    """
    if notes().get("edition"):
        arrived: Viewer = notes().arrived
        return arrived if arrived.token == token else None
    row: Sequence[Any] | None = read(_OUTSIDE, token=hash_token(token), now=clock.now()).first()
    return _viewer(row, token) if row else None


@kept(1024)
def _viewer(row: tuple[Any, ...], token: str) -> Viewer:
    """Make the value of a person's row; it stays the same one until something changes."""
    person_id, name, email, zone, administrator, sign_in_id, seen_at, second_factor_at, *enrolled = row
    enrolment_id, role, modules, may_export, here_at = enrolled
    limited = role == Role.TUTOR and not administrator
    return Viewer(
        person_id=person_id,
        name=name,
        email=email,
        zone=zone,
        administrator=administrator,
        enrolment_id=enrolment_id,
        role=Role.ADMINISTRATOR if administrator else role,
        token=token,
        sign_in_id=sign_in_id,
        seen_at=seen_at,
        here_at=here_at,
        second_factor=second_factor_at is not None,
        modules=tuple(json.loads(modules or "null") or ()) if limited else (),
        may_export=limited and bool(may_export),
    )


def note_seen(viewer: Viewer) -> None:
    """Write down that a sign-in, and the edition, is in use, unless that was done a moment ago."""
    now = clock.now()
    due = [statement for seen_at, statement in ((viewer.seen_at, _USED), (viewer.here_at, _HERE)) if seen_at and now - seen_at > SEEN]
    if due:
        with unit_of_work():
            for statement in due:
                change(statement, sign_in_id=viewer.sign_in_id, enrolment_id=viewer.enrolment_id, now=now)


def must_set_up_second_factor(viewer: Viewer) -> bool:
    """Tell whether somebody has staff's powers here and no second factor yet; a demo does without.

    Outside editions the installation's administrators need it as soon as there is an edition that is not a demo.
    """
    if viewer.second_factor or not (viewer.is_staff or viewer.administrator):
        return False
    edition: EditionInfo | None = notes().get("edition")
    return not edition.demo if edition else bool(read(_REAL_EDITION).scalar())


def current_viewer() -> Viewer:
    """Give the request's viewer; `NOBODY` outside a signed-in request."""
    viewer: Viewer = notes().get("viewer", NOBODY)
    return viewer


def current_edition() -> EditionInfo:
    """Give the edition that the request's address names."""
    edition: EditionInfo = notes().edition
    return edition


def current_enrolment_id() -> int:
    """Give the viewer's enrolment in the request's edition; the permission has made sure that there is one."""
    enrolment_id = current_viewer().enrolment_id
    if enrolment_id is None:
        message = "This view needs a permission that asks for an enrolment."
        raise RuntimeError(message)
    return enrolment_id
