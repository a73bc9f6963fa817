"""What pages and other features read of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core.db import db
from lms.core.work import due as due_work
from lms.selection import rules
from lms.selection.models import SelectionApproval, SelectionPlace, SelectionRun
from lms.selection.problem import Candidate
from lms.selection.succession import following
from lms.selection.values import Facts, Mark, State, rules_from


@dataclass(frozen=True, slots=True)
class Approved:
    """The list that stands, by enrolments: the selected and the reserves, each best first."""

    run_id: int
    selected: tuple[int, ...]
    reserves: tuple[int, ...]


def approved(edition_id: int) -> Approved | None:
    """Give the list that a second administrator has approved; `None` as long as there is none."""
    run_id = db.session.scalar(select(SelectionApproval.run_id).where(SelectionApproval.edition_id == edition_id))
    if run_id is None:
        return None
    query = select(SelectionPlace.enrolment_id, SelectionPlace.state).where(SelectionPlace.run_id == run_id)
    rows = db.session.execute(query.where(SelectionPlace.state != State.OUT).order_by(SelectionPlace.place)).all()
    selected, reserves = (tuple(row.enrolment_id for row in rows if row.state == state) for state in (State.SELECTED, State.RESERVE))
    return Approved(run_id, selected, reserves)


def next_reserve(edition_id: int, held: tuple[int, ...], tried: tuple[int, ...]) -> int | None:
    """Give the next reserve who keeps the quotas, if the enrolments `held` have a seat and those `tried` don't come; `None` if nobody."""
    found = approved(edition_id)
    if found is None:
        return None
    run = db.session.get_one(SelectionRun, found.run_id)
    wanted, marks = rules_from(run.rules), [Mark(**mark) for mark in run.marks]
    people = _people(found.run_id)
    quotas = rules.quotas(wanted, [facts for facts, _ in people.values()], marks)
    seated, gone = set(held), {*held, *tried}
    members = [_candidate(*people[number]) for number in held if number in people]
    left = [_candidate(*people[number]) for number in found.reserves if number not in gone]
    return following(wanted.seats - (len(seated) - len(members)), quotas, members, left)


def _people(run_id: int) -> dict[int, tuple[Facts, int]]:
    row = SelectionPlace
    query = select(row.enrolment_id, row.country, row.gender, row.sector, row.institution, row.score).where(row.run_id == run_id)
    return {r[0]: (Facts(*r[:5], values={}), r[5]) for r in db.session.execute(query)}


def _candidate(facts: Facts, score: int) -> Candidate:
    return Candidate(facts.id, score, 0, rules.groups_of(facts))


def due() -> Sequence[int]:
    """List the runs that wait to be carried out."""
    return due_work(SelectionRun)
