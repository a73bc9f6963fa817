"""Where and when the workshop is, who is put forward for it, and who is invited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select

from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Invalid
from lms.core.mail import Message
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY, EditionInfo, Viewer, edition_by_id
from lms.invitations import answering, emails, queries, rules
from lms.invitations.models import Gathering, Invitation
from lms.invitations.moving import hold, move, step
from lms.invitations.values import Act, GatheringInfo, Standing, State

AT_ONCE = 500
DAYS = frozenset({"starts_on", "ends_on"})
TOLD = DAYS | {"title", "place"}


@dataclass(frozen=True, slots=True)
class Order:
    """The last moment to answer, and the words that go along."""

    deadline: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may be invited, by the invitation and by name and address."""

    enrolment_id: int
    person_id: int
    name: str
    email: str
    standing: Standing


def arrange(edition_id: int, wanted: GatheringInfo, by: Viewer = NOBODY) -> int:
    """Say where and when the workshop is, and tell how many guests get a mail that it has changed; who comes confirms other days anew.

    Raise `Invalid`, or `Conflict` where it was changed since `wanted.version`.
    """
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
    changed = {name for name in TOLD if row.version and getattr(row, name) != getattr(wanted, name)}
    for name, value in asdict(wanted).items():
        setattr(row, name, value)
    row.version = wanted.version + 1
    db.session.flush()
    audit.record(by, "invitations.arrange", "edition", edition_id, edition_id=edition_id)
    if changed & DAYS:
        _ask_anew(edition_id, wanted, by)
    return _tell(edition_id, wanted) if changed else 0


def _ask_anew(edition_id: int, gathering: GatheringInfo, by: Viewer) -> None:
    """Let all who come confirm the other days, and nobody answer an invitation later than is of use."""
    zone = edition_by_id(edition_id).zone
    today = clock.today(zone)
    if rules.begun(gathering, today):
        return
    last = rules.end_of_day(rules.last_deadline(gathering, today), zone)
    for row in db.session.scalars(select(Invitation).where(*_expected(edition_id)).order_by(Invitation.id)).all():
        if row.state != State.INVITED:
            answering.ask(row, rules.usual_deadline(gathering, today), by)
        elif row.answer_by is not None:
            row.answer_by = min(row.answer_by, last)
    db.session.flush()


def _expected(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return Invitation.edition_id == edition_id, Invitation.state.in_(sorted(rules.EXPECTED))


def _tell(edition_id: int, gathering: GatheringInfo) -> int:
    """Mail to all who are invited or come that the workshop is elsewhere or at other days."""
    numbers = db.session.scalars(select(Invitation.enrolment_id).where(*_expected(edition_id)))
    found = [one for one in guests(edition_id, numbers, most=None) if one.standing.enrolled]
    edition = edition_by_id(edition_id)
    page = absolute_url("invitations.own", edition=edition.slug)
    for one in found:
        letter = emails.changed(one.name, gathering, _request(one.standing, edition.zone), page)
        mail.post(letter, one.email, kind="invitations.changed", person_id=one.person_id, edition_id=edition_id)
    return len(found)


def _request(standing: Standing, zone: str) -> str:
    """Say what somebody is asked for, and until when."""
    if standing.confirm_by:
        return f"Please confirm by {emails.moment(standing.confirm_by, zone)} that you come on these days."
    if standing.state == State.INVITED and standing.answer_by:
        return f"Please accept or decline by {emails.moment(standing.answer_by, zone)}."
    return ""


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


def guests(edition_id: int, enrolment_ids: Iterable[int] | None = None, most: int | None = AT_ONCE) -> list[Guest]:
    """List those who are proposed, or those who are named, as an invitation needs them; so many at most."""
    row = Invitation
    query = (
        select(row.enrolment_id, Person.id, Person.name, Person.email, row.state, row.answer_by, row.confirm_by, Enrolment.state)
        .join(Enrolment, Enrolment.id == Invitation.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Invitation.edition_id == edition_id)
    )
    meant = Invitation.state == State.PROPOSED if enrolment_ids is None else Invitation.enrolment_id.in_([*enrolment_ids])
    rows = db.session.execute(query.where(meant).order_by(Invitation.id).limit(most))
    return [
        Guest(enrolment, person, name, email, Standing(State(state), answer_by, place == EnrolmentState.CONFIRMED, confirm_by=confirm_by))
        for enrolment, person, name, email, state, answer_by, confirm_by, place in rows
    ]


@dataclass(frozen=True, slots=True)
class Prospect:
    """Whom an invitation would go to, and who would be left out for what reason."""

    ready: tuple[Guest, ...]
    skipped: tuple[tuple[Guest, str], ...]

    def mark(self, deadline: datetime, words: str) -> str:
        """Give what tells whether it still holds, and still is what was shown."""
        said = [f"{guest.enrolment_id}.{guest.standing.state}" for guest in (*self.ready, *(guest for guest, _ in self.skipped))]
        return hashlib.sha256("|".join([*said, deadline.isoformat(), words]).encode()).hexdigest()[:32]


def prospect(edition_id: int, enrolment_ids: Iterable[int] | None = None) -> Prospect:
    """Tell what inviting all who are proposed, or those who are named, would do; at most so many at once."""
    free, ready, skipped = queries.free(edition_id), list[Guest](), list[tuple[Guest, str]]()
    for guest in guests(edition_id, enrolment_ids):
        seated = guest.standing.state == State.PROPOSED
        if why := rules.obstacle(Act.INVITE, replace(guest.standing, free=free), clock.now()):
            skipped.append((guest, why))
        else:
            ready.append(guest)
            free -= 0 if seated else 1
    return Prospect(tuple(ready), tuple(skipped))


def invite(edition_id: int, deadline: datetime, by: Viewer = NOBODY, enrolment_ids: Iterable[int] | None = None, words: str = "") -> int:
    """Invite all who are proposed, or those who are named, and tell how many; whoever can't be invited is left out."""
    hold(edition_id)
    return _send(edition_id, prospect(edition_id, enrolment_ids), Order(deadline, words), by)


def invite_shown(edition_id: int, order: Order, shown: str, by: Viewer, enrolment_ids: Iterable[int] | None) -> int:
    """Invite as `invite` does; raise `Conflict`, naming `shown`, where that is not what was shown."""
    hold(edition_id)
    found = prospect(edition_id, enrolment_ids)
    if found.mark(order.deadline, order.words) != shown:
        message = "Something changed since you looked: this is how it stands now. You have invited nobody yet."
        raise Conflict(message, field="shown")
    return _send(edition_id, found, order, by)


def _send(edition_id: int, found: Prospect, order: Order, by: Viewer) -> int:
    gathering = queries.require_gathering(edition_id)
    require_time(order.deadline)
    edition = edition_by_id(edition_id)
    for guest in found.ready:
        row = db.session.scalars(select(Invitation).where(Invitation.enrolment_id == guest.enrolment_id)).one()
        row.answer_by, row.invited_at, row.asked_again_at = order.deadline, clock.now(), None
        move(row, Act.INVITE, by)
        written = letter(edition, gathering, order, guest.name)
        mail.post(written, guest.email, kind="invitations.invited", person_id=guest.person_id, edition_id=edition_id)
    return len(found.ready)


def require_time(deadline: datetime) -> None:
    """Raise `Invalid` for a last moment that is over."""
    if deadline <= clock.now():
        message = "This moment is over. Choose a later day."
        raise Invalid(message, field="answer_by")


def letter(edition: EditionInfo, gathering: GatheringInfo, order: Order, name: str) -> Message:
    """Write the invitation that somebody would get."""
    page = absolute_url("invitations.own", edition=edition.slug)
    calendar = absolute_url("invitations.calendar", edition=edition.slug)
    return emails.invited(name, gathering, emails.moment(order.deadline, edition.zone), order.words, (page, calendar))
