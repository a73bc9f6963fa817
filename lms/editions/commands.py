"""Making, joining and closing editions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock
from lms.core.db import db
from lms.core.domain import (
    Course,
    Edition,
    EditionState,
    Enrolment,
    EnrolmentState,
    Person,
    Role,
)
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.events import publish
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.editions import closing, rules
from lms.editions.events import EditionClosed, EditionClosing, EnrolmentApplied, EnrolmentConfirmed

WAITING = (EnrolmentState.APPLIED, EnrolmentState.WAITLISTED)


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What an edition is made of; `countries` are ISO 3166 codes, `pass_mark` a percentage or the course's own."""

    slug: str
    title: str
    starts_on: date
    ends_on: date
    zone: str
    countries: tuple[str, ...]
    registration_opens_at: datetime
    registration_closes_at: datetime
    pass_mark: Decimal | None = None
    demo: bool = False


def create_edition(course_slug: str, new: NewEdition) -> int:
    """Make an open edition of a course and give its id; raise `NotFound` or `Conflict`."""
    course = find_course(course_slug)
    require_free(new.slug)
    if new.ends_on < new.starts_on:
        message = "The edition would end before it starts."
        raise Invalid(message, field="ends_on")
    edition = Edition(
        course_id=course.id,
        slug=new.slug,
        title=new.title,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        zone=new.zone,
        pass_mark=course.pass_mark if new.pass_mark is None else new.pass_mark,
        countries=list(new.countries),
        registration_opens_at=new.registration_opens_at,
        registration_closes_at=new.registration_closes_at,
        state=EditionState.OPEN,
        demo=new.demo,
    )
    db.session.add(edition)
    db.session.flush()
    return edition.id


def find_course(slug: str) -> Course:
    """Find a course by its slug; raise `NotFound`."""
    course = db.session.scalar(select(Course).where(Course.slug == slug))
    if course is None:
        message = f"There is no course {slug!r}."
        raise NotFound(message)
    return course


def require_free(slug: str) -> None:
    """Raise `Conflict` if there is an edition of this slug."""
    if db.session.scalar(select(Edition.id).where(Edition.slug == slug)):
        message = f"There is an edition {slug!r} already."
        raise Conflict(message, field="slug")


def apply(edition_id: int, person_id: int) -> int:
    """Put a person's name down for an edition, or on its wait-list; asking again changes nothing, but for a learner who withdrew."""
    edition = db.session.get_one(Edition, edition_id)
    existing = db.session.scalar(_enrolment(edition_id, person_id))
    if existing is not None and not (existing.state == EnrolmentState.WITHDRAWN and existing.role == Role.LEARNER):
        return existing.id
    state = begins_as(edition)
    if state is None:
        message = "Registration for this edition is not open."
        raise Conflict(message)
    if existing is None:
        return _enrol(edition_id, person_id, Role.LEARNER, state).id
    existing.state = state
    db.session.flush()
    return existing.id


def begins_as(edition: Edition | EditionInfo) -> EnrolmentState | None:
    """Tell in what state somebody comes who registers now; `None` while nobody can."""
    opens, closes, now = edition.registration_opens_at, edition.registration_closes_at, clock.now()
    if rules.may_register(edition.state, opens, closes, now):
        return EnrolmentState.APPLIED
    late = edition.by_decision and rules.may_wait(edition.state, closes, rules.day_ends(edition.ends_on, edition.zone, 0), now)
    return EnrolmentState.WAITLISTED if late else None


def confirm(enrolment_id: int) -> None:
    """Let somebody who wants a place study; doing it again changes nothing."""
    changed = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.state.in_(WAITING))
        .values(state=EnrolmentState.CONFIRMED, confirmed_at=clock.now())
        .returning(Enrolment.id)
    ).first()
    if changed:
        publish(EnrolmentConfirmed(enrolment_id))


def confirm_all(person_id: int) -> None:
    """Do what follows for all that a person applied for: the address is known to be theirs."""
    query = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.state.in_(WAITING))
    for enrolment_id in db.session.scalars(query).all():
        admit(enrolment_id)


def admit(enrolment_id: int) -> None:
    """Let somebody who wants a place study at once, or wait where administrators decide."""
    query = select(Edition.by_decision).join(Enrolment, Enrolment.edition_id == Edition.id).where(Enrolment.id == enrolment_id)
    if db.session.scalar(query):
        publish(EnrolmentApplied(enrolment_id))
    else:
        confirm(enrolment_id)


def appoint(edition_id: int, person_id: int, role: Role, modules: Iterable[str] = (), *, may_export: bool = False) -> int:
    """Give a person a role in an edition at once, and its enrolment's id.

    Tutors may be limited to modules, given by their slugs, and be allowed to take lists as files.
    """
    enrolment = db.session.scalar(_enrolment(edition_id, person_id)) or _enrol(edition_id, person_id, role)
    enrolment.role, enrolment.state = role, EnrolmentState.CONFIRMED
    enrolment.modules = list(modules) if role == Role.TUTOR else []
    enrolment.may_export = may_export and role == Role.TUTOR
    enrolment.confirmed_at = enrolment.confirmed_at or clock.now()
    db.session.flush()
    return enrolment.id


def close_edition(edition_id: int, viewer: Viewer, shown: Sequence[int] | None = None) -> None:
    """End an edition: freeze its grades and let others draw the consequences; raise `Conflict` if it is closed.

    `shown` are the numbers of the dry run that the person who closes has seen; where they are given, they must still hold.
    """
    edition = db.session.get_one(Edition, edition_id, with_for_update=True, populate_existing=True)
    if edition.state != EditionState.OPEN:
        message = "This edition is closed already."
        raise Conflict(message)
    if shown is not None and (changes := closing.changes(shown, closing.dry_run(edition_by_id(edition_id)))):
        message = f"Something changed since you opened the page: {'; '.join(changes)}."
        raise Conflict(message, field="shown")
    publish(EditionClosing(edition_id, viewer.person_id))
    edition.state, edition.closed_at, edition.version = EditionState.CLOSED, clock.now(), edition.version + 1
    db.session.flush()
    audit.record(viewer, "edition.close", "edition", edition_id, edition_id=edition_id)
    publish(EditionClosed(edition_id, viewer.person_id))


def _enrolment(edition_id: int, person_id: int) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.edition_id == edition_id, Enrolment.person_id == person_id)


def _enrol(edition_id: int, person_id: int, role: Role, state: EnrolmentState = EnrolmentState.APPLIED) -> Enrolment:
    person = db.session.get_one(Person, person_id)
    enrolment = Enrolment(
        edition_id=edition_id,
        person_id=person_id,
        role=role,
        state=state,
        country=person.country,
        gender=person.gender,
        sector=person.sector,
        institution=person.institution,
    )
    try:
        with db.session.begin_nested():
            db.session.add(enrolment)
    except IntegrityError:  # somebody pressed twice at the same moment
        return db.session.scalars(_enrolment(edition_id, person_id)).one()
    return enrolment
