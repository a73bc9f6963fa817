"""Who is told what of an approved selection: a mail to whoever is not selected, and a page that says why, to each their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms.core import mail
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, edition_by_id
from lms.selection import emails, looking, queries, rules
from lms.selection.looking import Line
from lms.selection.models import SelectionApproval, SelectionPlace
from lms.selection.values import Criterion, Rules, State

LETTERS = {State.OUT: emails.not_selected, State.RESERVE: emails.reserve}


def tell(edition_id: int, run_id: int) -> None:
    """Write to everybody whom an approved run has not selected."""
    edition = edition_by_id(edition_id)
    row = SelectionPlace
    query = select(row.state, Person.id, Person.name, Person.email).join(Enrolment, Enrolment.id == row.enrolment_id)
    query = query.join(Person, Person.id == Enrolment.person_id).where(row.run_id == run_id, row.state.in_(LETTERS))
    mail.post_many([_letter(edition, *found) for found in db.session.execute(query.order_by(row.place))])


def _letter(edition: EditionInfo, state: str, person_id: int, name: str, email: str) -> dict[str, Any]:
    url = absolute_url("selection.why", edition=edition.slug)
    letter = LETTERS[State(state)](name, edition.course_title, url)
    facts = {"to": email, "person_id": person_id, "edition_id": edition.id, "kind": f"selection.{State(state).name.lower()}"}
    return {**facts, "subject": letter.subject, "text": letter.text, "html": letter.html}


def state_of(edition_id: int, enrolment_id: int) -> str | None:
    """Tell what the approved run has made of somebody; `None` for whoever was no candidate, and as long as no run is approved."""
    query = select(SelectionPlace.state).join(SelectionApproval, SelectionApproval.run_id == SelectionPlace.run_id)
    return db.session.scalar(query.where(SelectionApproval.edition_id == edition_id, SelectionPlace.enrolment_id == enrolment_id))


@dataclass(frozen=True, slots=True)
class Value:
    """What somebody was worth by a criterion."""

    criterion: Criterion
    value: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Why:
    """What an approved selection made of one person, and why."""

    line: Line
    rules: Rules
    values: tuple[Value, ...]
    quotas: tuple[str, ...]
    by_name: bool
    draw: str


def why(edition_id: int, enrolment_id: int) -> Why:
    """Read one's own result; raise `NotFound` for whoever was no candidate, or before anything is decided."""
    found = queries.approved(edition_id)
    line = looking.line(found.run_id, enrolment_id) if found else None
    if found is None or line is None:
        message = "There is no decision about a workshop place of yours."
        raise NotFound(message)
    result = looking.result(found.run_id)
    return Why(
        line=line,
        rules=result.rules,
        values=tuple(_values(result.rules, line)),
        quotas=result.general,
        by_name=enrolment_id in result.named,
        draw=rules.ticket(result.rules.seed, enrolment_id),
    )


def _values(wanted: Rules, line: Line) -> Iterator[Value]:
    for criterion in wanted.criteria:
        if criterion.weight:
            text = line.values.get(criterion.key)
            value = None if text is None else Decimal(text)
            yield Value(criterion, value, rules.points(rules.score({criterion.key: value or Decimal()}, [criterion])))
