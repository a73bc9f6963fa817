"""Deciding about applications, one or many: what would happen, and doing it if that still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from lms.applications import emails, rules
from lms.applications.choice import Choice, conditions
from lms.applications.lists import KNOWN
from lms.applications.models import Application
from lms.applications.values import Candidate, Decision
from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Edition, EditionState, Enrolment, EnrolmentState, Person
from lms.core.errors import Conflict
from lms.core.mail import Message
from lms.core.reporting import Deed, done
from lms.core.slots import collect
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer
from lms.editions.api import confirm

KINDS = {decision: f"applications.{decision}" for decision in Decision}
ON_RECORD = {
    Decision.CONFIRM: "application.confirm",
    Decision.WAITLIST: "application.wait-list",
    Decision.REJECT: "application.reject",
    Decision.REOPEN: "application.reopen",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which applications are meant: some by their enrolments, or all that a choice shows."""

    ids: tuple[int, ...] = ()
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A decision and the words that go along with it."""

    decision: Decision
    words: str = ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a decision would do: who is ready for it, who is left out and why.

    There may be others who match and were not looked at; `more` says that some of them are ready, too, and have to wait for a next time.
    """

    ready: tuple[Candidate, ...]
    skipped: tuple[tuple[Candidate, str], ...] = field(default=())
    more: bool = False
    others: bool = False

    def mark(self, order: Order) -> str:
        """Give what tells whether it still holds, and still is what was shown."""
        return rules.mark(self.ready, [candidate for candidate, _ in self.skipped], order.decision, order.words)


def studied(enrolment_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    """Ask whether anybody has done something in an edition that counts as taking part, whichever feature tells it."""
    deeds: list[Deed] = collect("people.deeds")
    return or_(false(), *(done(deed.enrolment_id == enrolment_id) for deed in deeds))


def prospect(edition_id: int, selection: Selection, decision: Decision) -> Prospect:
    """Tell what a decision about a selection would do, at most so many at once: those whom it can be about first, as they arrived."""
    apt = case((and_(Enrolment.state.in_(rules.FROM[decision]), KNOWN), 0), else_=1)
    query = _candidates(edition_id, selection).order_by(apt, Enrolment.created_at, Enrolment.id).limit(rules.AT_ONCE + 1)
    found = [Candidate(*row) for row in db.session.execute(query)]
    judged = [(candidate, rules.obstacle(decision, candidate)) for candidate in found]
    looked, beyond = judged[: rules.AT_ONCE], judged[rules.AT_ONCE :]
    ready = tuple(candidate for candidate, why in looked if not why)
    skipped = tuple((candidate, why) for candidate, why in looked if why)
    return Prospect(ready, skipped, more=any(not why for _, why in beyond), others=bool(beyond))


def _candidates(edition_id: int, selection: Selection) -> Select[*tuple[Any, ...]]:
    decider = aliased(Person)
    columns = (Enrolment.id, Person.id, Person.name, Person.email, Enrolment.state, func.coalesce(Application.version, 0), KNOWN)
    query: Select[*tuple[Any, ...]] = (
        select(*columns, studied(Enrolment.id), func.coalesce(decider.name, ""), Application.decided_at)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Application, Application.enrolment_id == Enrolment.id)
        .outerjoin(decider, decider.id == Application.decided_by_id)
    )
    return query.where(*_meant(edition_id, selection))


def _meant(edition_id: int, selection: Selection) -> Sequence[ColumnElement[bool]]:
    own = conditions(edition_id, selection.choice or Choice())
    return [*own] if selection.choice else [*own, Enrolment.id.in_(selection.ids)]


def letter(edition: EditionInfo, order: Order, name: str) -> Message:
    """Write the mail that somebody would get."""
    page = "editions.dashboard" if order.decision == Decision.CONFIRM else "applications.own"
    return emails.decided(order.decision, name, named(edition), order.words, absolute_url(page, edition=edition.slug))


def named(edition: EditionInfo) -> str:
    """Call an edition as mails do."""
    return f"{edition.short_title}, {edition.title}"


def decide(edition: EditionInfo, viewer: Viewer, selection: Selection, order: Order, shown: str) -> Prospect:
    """Decide about all of a selection that are ready for it, and tell what was done; raise `Conflict` if that is not what was `shown`."""
    # Shared, so that the edition isn't closed meanwhile; before the enrolments, as closing takes them in this order.
    state = db.session.scalar(select(Edition.state).where(Edition.id == edition.id).with_for_update(read=True))
    if state == EditionState.CLOSED:
        message = "This edition is closed, so there is nothing to decide any more."
        raise Conflict(message)
    held = select(Enrolment.id).where(*_meant(edition.id, selection)).order_by(Enrolment.id).with_for_update()
    db.session.execute(held).all()
    found = prospect(edition.id, selection, order.decision)
    if found.mark(order) != shown:
        message = "Something changed since you looked: this is how it stands now. Nothing was decided yet."
        raise Conflict(message, field="shown")
    for candidate in found.ready:
        _decide_one(edition, viewer, candidate, order)
    return found


def _decide_one(edition: EditionInfo, viewer: Viewer, candidate: Candidate, order: Order) -> None:
    row = application_of(candidate.id)
    row.words, row.version, row.changed_at = order.words, row.version + 1, clock.now()
    row.decided_at, row.decided_by_id = (None, None) if order.decision == Decision.REOPEN else (clock.now(), viewer.person_id)
    enrolment = db.session.get_one(Enrolment, candidate.id, populate_existing=True)
    after = rules.BECOMES[order.decision]
    detail: dict[str, Any] = {"before": candidate.state, "after": after, "words": order.words}
    audit.record(viewer, ON_RECORD[order.decision], "enrolment", candidate.id, edition_id=edition.id, **detail)
    if order.decision == Decision.CONFIRM:
        enrolment.state = EnrolmentState.APPLIED
        db.session.flush()
        confirm(candidate.id)  # what listens writes the mail, as it does for those who are admitted at once
        db.session.refresh(enrolment)
        return
    enrolment.state = after
    if order.decision == Decision.REOPEN:
        enrolment.confirmed_at = None
    message = letter(edition, order, candidate.name)
    mail.post(message, candidate.email, kind=KINDS[order.decision], person_id=candidate.person_id, edition_id=edition.id)


def application_of(enrolment_id: int) -> Application:
    """Find what was said for an enrolment, or begin it: whoever was put down without an application has none."""
    row = db.session.scalar(select(Application).where(Application.enrolment_id == enrolment_id).execution_options(populate_existing=True))
    if row is None:
        row = Application(enrolment_id=enrolment_id, version=0, compared_at=clock.now())
        db.session.add(row)
        db.session.flush()
    return row

