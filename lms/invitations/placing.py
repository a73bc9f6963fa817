"""Where and when the workshop is, who is put forward for it, and who is invited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Invalid
from lms.core.mail import Message
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY, EditionInfo, Viewer, edition_by_id
from lms.invitations import emails, queries, rules
from lms.invitations.models import Gathering, Invitation
from lms.invitations.moving import hold, move, step
from lms.invitations.values import Act, GatheringInfo, Standing, State


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may be invited, by the invitation and by name and address."""

    enrolment_id: int
    person_id: int
    name: str
    email: str
    standing: Standing


def arrange(edition_id: int, wanted: GatheringInfo, by: Viewer = NOBODY) -> None:
    """Say where and when the workshop is; raise `Invalid`, or `Conflict` where it was changed since `wanted.version`."""
    for field, words in rules.faults(wanted):
        raise Invalid(words, field=field)
    hold(edition_id)
    row = db.session.scalar(select(Gathering).where(Gathering.edition_id == edition_id))
    if (row.version if row else 0) != wanted.version:
        message = "Somebody changed this since you opened the page. Open it again to see what is stored now."
        raise Conflict(message, field="version")
    if row is None:
        row = Gathering(edition_id=edition_id)
        db.session.add(row)
    for name, value in asdict(wanted).items():
        setattr(row, name, value)
    row.version = wanted.version + 1
    db.session.flush()
    audit.record(by, "invitations.arrange", "edition", edition_id, edition_id=edition_id)


def put_forward(edition_id: int, enrolment_ids: Iterable[int], by: Viewer = NOBODY, instead_of: int | None = None) -> tuple[int, ...]:
    """Propose learners who have no invitation yet, in the order given, and tell who they are; others are left out."""
    hold(edition_id)
    known = set(db.session.scalars(select(Invitation.enrolment_id).where(Invitation.edition_id == edition_id)))
    learners = Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED
    wanted = [number for number in dict.fromkeys(enrolment_ids) if number not in known]
    there = set(db.session.scalars(select(Enrolment.id).where(*learners, Enrolment.id.in_(wanted))))
    found = tuple(number for number in wanted if number in there)
    for number in found:
        row = Invitation(edition_id=edition_id, enrolment_id=number, instead_of_id=instead_of)
        db.session.add(row)
        db.session.flush()
        step(row, State.PROPOSED, by, "", before="")
    return found


def guests(edition_id: int, enrolment_ids: Iterable[int] | None = None) -> list[Guest]:
    """List those who are proposed, or those who are named, as an invitation needs them."""
    query = (
        select(Invitation.enrolment_id, Person.id, Person.name, Person.email, Invitation.state, Invitation.answer_by, Enrolment.state)
        .join(Enrolment, Enrolment.id == Invitation.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Invitation.edition_id == edition_id)
    )
    meant = Invitation.state == State.PROPOSED if enrolment_ids is None else Invitation.enrolment_id.in_([*enrolment_ids])
    free = queries.free(edition_id)
    return [
        Guest(enrolment, person, name, email, Standing(State(state), answer_by, place == EnrolmentState.CONFIRMED, free))
        for enrolment, person, name, email, state, answer_by, place in db.session.execute(query.where(meant).order_by(Invitation.id))
    ]


def invite(edition_id: int, deadline: datetime, by: Viewer = NOBODY, enrolment_ids: Iterable[int] | None = None, words: str = "") -> int:
    """Invite all who are proposed, or those who are named, and tell how many; whoever can't be invited is left out."""
    gathering = queries.require_gathering(edition_id)
    if deadline <= clock.now():
        message = "This moment is over. Choose a later day."
        raise Invalid(message, field="answer_by")
    hold(edition_id)
    edition, found = edition_by_id(edition_id), guests(edition_id, enrolment_ids)
    count = 0
    for guest in found:
        row = db.session.scalars(select(Invitation).where(Invitation.enrolment_id == guest.enrolment_id)).one()
        free = queries.free(edition_id) if guest.standing.state != State.PROPOSED else 0
        asked = Standing(guest.standing.state, enrolled=guest.standing.enrolled, free=free)
        if rules.obstacle(Act.INVITE, asked, clock.now()):
            continue
        row.answer_by, row.invited_at, row.asked_again_at = deadline, clock.now(), None
        move(row, Act.INVITE, by)
        audit.record(by, "invitations.invite", "enrolment", guest.enrolment_id, edition_id=edition_id, words=words)
        written = letter(edition, gathering, deadline, guest.name, words)
        mail.post(written, guest.email, kind="invitations.invited", person_id=guest.person_id, edition_id=edition_id)
        count += 1
    return count


def letter(edition: EditionInfo, gathering: GatheringInfo, deadline: datetime, name: str, words: str = "") -> Message:
    """Write the invitation that somebody would get."""
    page = absolute_url("invitations.own", edition=edition.slug)
    calendar = absolute_url("invitations.calendar", edition=edition.slug)
    return emails.invited(name, gathering, emails.moment(deadline, edition.zone), words, (page, calendar))
