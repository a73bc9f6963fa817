"""What applicants do: register, apply, change what they said, withdraw; and the mails that answer."""

from __future__ import annotations

from sqlalchemy import Select, select

from lms.accounts.api import NewPerson, sign_up
from lms.applications import emails, notices, rules
from lms.applications.deciding import application_of, named
from lms.applications.models import Application
from lms.applications.values import Answers
from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Edition, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, NotFound
from lms.core.tasks import enqueue
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.editions.api import admit, apply, enrolment_of

COMPARE = "applications.compare"
FACTS = ("country", "sector", "institution")


def register(edition: EditionInfo, new: NewPerson, answers: Answers, agreed: int | None) -> None:
    """Make an account that applies for an edition; who has one already is told by mail alone."""
    _require_current(agreed)
    person_id = sign_up(edition.id, new)
    if person_id is not None:
        _write(enrolment_of(edition.id, person_id), answers, Viewer(person_id=person_id), edition)
        _agree(person_id, agreed)


def join(edition: EditionInfo, viewer: Viewer, answers: Answers, agreed: int | None) -> None:
    """Apply with the account that is signed in, for the first time or again after withdrawing; raise `Conflict`."""
    _require_current(agreed)
    person = db.session.get_one(Person, viewer.person_id, with_for_update=True, populate_existing=True)
    before = db.session.scalar(_own(edition.id, person.id).with_only_columns(Enrolment.state))
    if before not in {None, EnrolmentState.WITHDRAWN}:
        message = "You have applied for this edition already."
        raise Conflict(message)
    for name in FACTS:
        setattr(person, name, getattr(answers, name))
    enrolment_id = apply(edition.id, person.id)
    if db.session.scalar(select(Enrolment.role).where(Enrolment.id == enrolment_id)) != Role.LEARNER:
        message = "You were on the team of this edition, so its administrators have to let you learn here."
        raise Conflict(message)
    _write(enrolment_id, answers, viewer, edition)
    _agree(person.id, agreed)
    admit(enrolment_id)


def _require_current(agreed: int | None) -> None:
    if notices.current_version() != agreed:
        message = "The privacy notice has changed since you opened this page. Please read it and agree again."
        raise Conflict(message, field="agree")


def _agree(person_id: int, version: int | None) -> None:
    if version is not None:
        notices.agree(person_id, version)


def _write(enrolment_id: int, answers: Answers, viewer: Viewer, edition: EditionInfo) -> None:
    row = application_of(enrolment_id)
    row.decided_at, row.decided_by_id, row.words, row.compared_at = None, None, "", None
    _put(row, db.session.get_one(Enrolment, enrolment_id), answers)
    audit.record(viewer, "application.submit", "enrolment", enrolment_id, edition_id=edition.id)
    enqueue(COMPARE, enrolment_id)


def _put(row: Application, enrolment: Enrolment, answers: Answers) -> None:
    row.position, row.motivation = answers.position, answers.motivation
    row.version, row.changed_at = row.version + 1, clock.now()
    for name in FACTS:
        setattr(enrolment, name, getattr(answers, name))


def edit(edition: EditionInfo, viewer: Viewer, answers: Answers, version: int) -> None:
    """Change one's own application; raise `Conflict`, naming `version`, for a page that is out of date."""
    enrolment = _held(edition.id, viewer.person_id or 0)
    row = application_of(enrolment.id)
    if not rules.may_edit(enrolment.state, row.decided_at):
        message = "Your application is decided by now, so it can't be changed any more."
        raise Conflict(message)
    if row.version != version:
        message = "Your application was changed since you opened this page, in another window perhaps. What is stored stands above."
        raise Conflict(message, field="version")
    _put(row, enrolment, answers)
    audit.record(viewer, "application.edit", "enrolment", enrolment.id, edition_id=edition.id)


def withdraw(edition: EditionInfo, viewer: Viewer) -> None:
    """Withdraw one's own application; raise `Conflict` where that is too late."""
    enrolment = _held(edition.id, viewer.person_id or 0)
    if enrolment.state == EnrolmentState.WITHDRAWN:
        return
    if not may_withdraw(edition, enrolment.state):
        message = "This can't be withdrawn any more. Please write to the course team."
        raise Conflict(message)
    row = application_of(enrolment.id)
    row.version, row.changed_at = row.version + 1, clock.now()
    audit.record(viewer, "application.withdraw", "enrolment", enrolment.id, edition_id=edition.id, before=enrolment.state)
    enrolment.state, enrolment.confirmed_at = EnrolmentState.WITHDRAWN, None
    title, url = named(edition), absolute_url("editions.about", edition=edition.slug)
    letter = emails.withdrawn(viewer.name, title, url)
    mail.post(letter, viewer.email, kind="applications.withdrawn", person_id=viewer.person_id, edition_id=edition.id)


def may_withdraw(edition: EditionInfo, state: str) -> bool:
    """Tell whether an application in this state can be withdrawn now."""
    return rules.may_withdraw(state, begun=edition.starts_at() <= clock.now())


def _own(edition_id: int, person_id: int) -> Select[Enrolment]:
    query = select(Enrolment).where(Enrolment.edition_id == edition_id, Enrolment.person_id == person_id)
    return query.execution_options(populate_existing=True)


def _held(edition_id: int, person_id: int) -> Enrolment:
    # Shared and first, as closing an edition and deciding take them in this order.
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update(read=True))
    found = db.session.scalar(_own(edition_id, person_id).where(Enrolment.role == Role.LEARNER).with_for_update())
    if found is None:
        message = "You have not applied for this edition."
        raise NotFound(message)
    return found


def acknowledge(enrolment_id: int) -> None:
    """Mail to somebody whose address is known now that the application is here, or on the wait-list."""
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    edition, person = edition_by_id(enrolment.edition_id), enrolment.person
    write = emails.received_late if enrolment.state == EnrolmentState.WAITLISTED else emails.received
    letter = write(person.name, named(edition), absolute_url("applications.own", edition=edition.slug))
    mail.post(letter, person.email, kind="applications.received", person_id=person.id, edition_id=edition.id)


def welcome(enrolment_id: int) -> None:
    """Mail a welcome to somebody who may study from now on, with the words of whoever decided."""
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    edition, person = edition_by_id(enrolment.edition_id), enrolment.person
    words = db.session.scalar(select(Application.words).where(Application.enrolment_id == enrolment_id)) or ""
    url = absolute_url("editions.dashboard", edition=edition.slug)
    letter = emails.confirmed(person.name, named(edition), url, words)
    mail.post(letter, person.email, kind="applications.confirmed", person_id=person.id, edition_id=edition.id)
