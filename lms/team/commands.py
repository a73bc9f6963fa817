"""Giving and taking roles, each on record and told to whom it concerns.

Nobody changes their own role: so whoever takes one away remains an administrator, and there always is one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, select

from lms.accounts.api import normal
from lms.core import audit, mail
from lms.core.db import db
from lms.core.domain import Edition, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer
from lms.editions.api import appoint
from lms.team import emails

STAFF = (Role.TUTOR, Role.ADMINISTRATOR)
IN_WORDS = {Role.TUTOR: "a tutor", Role.ADMINISTRATOR: "an administrator"}
INSTALLATION = "this learning platform"
NOBODY_HERE = "There is nobody like this on the team."


@dataclass(frozen=True, slots=True)
class Position:
    """A role, for a tutor with the modules, by their slugs, and whether lists may be taken as files; without modules for all."""

    role: Role
    modules: tuple[str, ...] = ()
    may_export: bool = False


def add(edition: EditionInfo, viewer: Viewer, email: str, position: Position) -> str:
    """Put somebody with an account on an edition's team and give the name; raise `Invalid`."""
    _hold(edition, viewer)
    person = _person(email)
    there = db.session.scalar(_enrolment(edition.id).where(Enrolment.person_id == person.id, Enrolment.role.in_(STAFF)))
    if there is not None and there.state == EnrolmentState.CONFIRMED:
        message = f"{person.name} is on the team already: you find the role in the list."
        raise Invalid(message, field="email")
    enrolment_id = _appoint(edition, person.id, position)
    _note(viewer, "team.add", edition, enrolment_id, **asdict(position))
    url = absolute_url("editions.dashboard", edition=edition.slug)
    letter = emails.appointed(person.name, IN_WORDS[position.role], _named(edition), url)
    mail.post(letter, person.email, kind="team.appointed", person_id=person.id, edition_id=edition.id)
    return person.name


def _person(email: str) -> Person:
    person = db.session.scalar(select(Person).where(Person.email == normal(email)).with_for_update())
    if person is None:
        message = "Nobody has an account with this address. Ask them to register first, then add them here."
        raise Invalid(message, field="email")
    if person.email_confirmed_at is None:
        message = "Whoever registered with this address has not confirmed it yet. Ask them to follow the link in our mail first."
        raise Invalid(message, field="email")
    return person


def _appoint(edition: EditionInfo, person_id: int, position: Position) -> int:
    return appoint(edition.id, person_id, position.role, position.modules, may_export=position.may_export)


def _position(row: Enrolment) -> Position:
    return Position(Role(row.role), tuple(row.modules), row.may_export)


def change(edition: EditionInfo, viewer: Viewer, enrolment_id: int, position: Position) -> None:
    """Change the role of somebody on the team, or what a tutor looks after and may do."""
    _hold(edition, viewer)
    row = _other(edition, viewer, enrolment_id)
    before = asdict(_position(row))
    _appoint(edition, row.person_id, position)
    _note(viewer, "team.change", edition, enrolment_id, before=before, **asdict(position))


def remove(edition: EditionInfo, viewer: Viewer, enrolment_id: int) -> None:
    """Take somebody off the team: from the next request on nothing of the edition is open to them."""
    _hold(edition, viewer)
    row = _other(edition, viewer, enrolment_id)
    row.state = EnrolmentState.WITHDRAWN
    _note(viewer, "team.remove", edition, enrolment_id, **asdict(_position(row)))
    person = row.person
    mail.post(emails.removed(person.name, _named(edition)), person.email, kind="team.removed", person_id=person.id, edition_id=edition.id)


def restore(edition: EditionInfo, viewer: Viewer, enrolment_id: int) -> None:
    """Undo that somebody was taken off the team; again changes nothing."""
    _hold(edition, viewer)
    gone = _enrolment(edition.id).where(Enrolment.id == enrolment_id, Enrolment.role.in_(STAFF))
    row = db.session.scalar(gone.where(Enrolment.state.in_([EnrolmentState.WITHDRAWN, EnrolmentState.CONFIRMED])))
    if row is None:
        raise NotFound(NOBODY_HERE)
    if row.state == EnrolmentState.WITHDRAWN:
        add(edition, viewer, row.person.email, _position(row))


def preview(edition: EditionInfo, viewer: Viewer, enrolment_id: int) -> None:
    """Put on record that an administrator is to see the edition as one of its tutors does; raise `NotFound` for who is none."""
    _hold(edition, viewer)
    tutor = _enrolment(edition.id).where(Enrolment.id == enrolment_id, Enrolment.role == Role.TUTOR)
    row = db.session.scalar(tutor.where(Enrolment.state == EnrolmentState.CONFIRMED))
    if row is None:
        message = "There is no such tutor: somebody may have changed the role."
        raise NotFound(message)
    _note(viewer, "team.preview", edition, enrolment_id, **asdict(_position(row)))


def _hold(edition: EditionInfo, viewer: Viewer) -> None:
    """Let one change of a team come after the other, and only by those who are administrators at that moment."""
    db.session.execute(select(Edition.id).where(Edition.id == edition.id).with_for_update())
    own = _enrolment(edition.id).where(Enrolment.person_id == viewer.person_id, Enrolment.state == EnrolmentState.CONFIRMED)
    role = db.session.scalar(own.with_only_columns(Enrolment.role))
    if role != Role.ADMINISTRATOR and not db.session.scalar(select(Person.administrator).where(Person.id == viewer.person_id)):
        message = "You are not an administrator of this edition any more."
        raise Forbidden(message)


def _other(edition: EditionInfo, viewer: Viewer, enrolment_id: int) -> Enrolment:
    query = _enrolment(edition.id).where(Enrolment.id == enrolment_id, Enrolment.role.in_(STAFF))
    row = db.session.scalar(query.where(Enrolment.state == EnrolmentState.CONFIRMED))
    if row is None:
        raise NotFound(NOBODY_HERE)
    if row.person_id == viewer.person_id:
        message = "This is your own role: another administrator changes it, so that there always is one."
        raise Conflict(message)
    return row


def _enrolment(edition_id: int) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.edition_id == edition_id).execution_options(populate_existing=True)


def _named(edition: EditionInfo) -> str:
    return f"{edition.short_title}, {edition.title}"


def _note(viewer: Viewer, action: str, edition: EditionInfo, enrolment_id: int, **detail: Any) -> None:
    audit.record(viewer, action, "enrolment", enrolment_id, edition_id=edition.id, **detail)


def add_administrator(viewer: Viewer, email: str) -> str:
    """Let somebody with an account administer the installation, and give the name; raise `Invalid`."""
    _hold_installation(viewer)
    person = _person(email)
    if person.administrator:
        message = f"{person.name} is an administrator already."
        raise Invalid(message, field="email")
    person.administrator = True
    audit.record(viewer, "team.add_administrator", "person", person.id)
    letter = emails.appointed(person.name, IN_WORDS[Role.ADMINISTRATOR], INSTALLATION, absolute_url("editions.home"))
    mail.post(letter, person.email, kind="team.appointed", person_id=person.id)
    return person.name


def remove_administrator(viewer: Viewer, person_id: int) -> str:
    """Let somebody administer the installation no longer, and give the address; raise `Conflict` for oneself."""
    _hold_installation(viewer)
    person = db.session.get(Person, person_id)
    if person is None or not person.administrator:
        message = "There is no such administrator."
        raise NotFound(message)
    if person.id == viewer.person_id:
        message = "This is your own role: another administrator takes it away, so that there always is one."
        raise Conflict(message)
    person.administrator = False
    audit.record(viewer, "team.remove_administrator", "person", person.id)
    mail.post(emails.removed(person.name, INSTALLATION), person.email, kind="team.removed", person_id=person.id)
    return person.email


def _hold_installation(viewer: Viewer) -> None:
    """Do the same for the installation, by holding the rows of all its administrators."""
    held = select(Person.id).where(Person.administrator).order_by(Person.id).with_for_update()
    if viewer.person_id not in db.session.scalars(held).all():
        message = "You are not an administrator of this installation any more."
        raise Forbidden(message)
