"""What administrators decide in a selection: rules, runs, and the approval of one by a second of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, insert, select

from lms.core import audit, clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.events import publish
from lms.core.tasks import enqueue
from lms.core.viewer import Viewer
from lms.core.work import DONE, WAITING, claim, failed
from lms.selection import candidates, freshness, rules, solving, telling
from lms.selection.events import SelectionApproved
from lms.selection.models import SelectionApproval, SelectionDossier, SelectionPlace, SelectionRules, SelectionRun
from lms.selection.problem import Outcome, Problem
from lms.selection.values import Facts, Mark, Rules, State

RUN = "selection.run"
DOSSIER = "selection.dossier"
TRIES = 4
log = logging.getLogger(__name__)


def set_rules(edition_id: int, by: Viewer, wanted: Rules, before: int | None = None) -> int:
    """Let other rules hold from now on, and give their version; raise `Conflict` unless version `before` is the one that held, if given."""
    for field, words in rules.faults(wanted):
        raise Invalid(words, field=field)
    require_open(edition_id)
    version = db.session.scalar(select(func.max(SelectionRules.version)).where(SelectionRules.edition_id == edition_id)) or 0
    if before is not None and before != version:
        message = "Somebody else has changed the rules since you opened this page."
        raise Conflict(message, field="before", remedy="Look at what holds now and change it again.")
    db.session.add(SelectionRules(edition_id=edition_id, version=version + 1, body=wanted.as_json(), by_id=by.person_id))
    audit.record(by, "selection.rules", "edition", edition_id, edition_id=edition_id, version=version + 1)
    db.session.flush()
    return version + 1


def require_open(edition_id: int) -> None:
    """Hold the edition, so that two can't decide at once; raise `Conflict` once a run is approved."""
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update())
    if db.session.scalar(select(SelectionApproval.id).where(SelectionApproval.edition_id == edition_id)):
        message = "A run of this edition is approved, so the selection stands as it is."
        raise Conflict(message)


def run(edition_id: int, by: Viewer) -> int:
    """Ask for a run by the rules that hold now, which the worker carries out; give its id."""
    require_open(edition_id)
    if candidates.current(edition_id) is None:
        message = "There are no rules yet."
        raise Conflict(message, remedy="Say how many seats there are, and by what they are given.")
    number = db.session.scalar(select(func.max(SelectionRun.number)).where(SelectionRun.edition_id == edition_id)) or 0
    row = SelectionRun(edition_id=edition_id, number=number + 1, by_id=by.person_id)
    db.session.add(row)
    db.session.flush()
    audit.record(by, "selection.run", "run", row.id, edition_id=edition_id, number=row.number)
    enqueue(RUN, row.id)
    return row.id


def carry_out(run_id: int) -> bool:
    """Select, explain, and keep both; `False` if that is done or under way, or fails and is tried again later."""
    if not claim(SelectionRun, run_id):
        return False
    try:
        row = db.session.get_one(SelectionRun, run_id, populate_existing=True)
        found = candidates.current(row.edition_id)
        wanted, held = (found[1] if found else Rules(0)), candidates.marks(row.edition_id)
        stamp = freshness.stamp(row.edition_id, wanted)
        people = candidates.facts(row.edition_id, wanted)
        problem = candidates.asked(row.edition_id, wanted, held, people)
        outcome = solving.solve(problem)
    except (solving.SolvingError, OSError, TimeoutError) as error:
        log.warning("selection run %s not carried out: %s", run_id, error)
        failed(SelectionRun, run_id, error, tries=TRIES)
        return False
    with unit_of_work():
        return _keep(run_id, _Basis(wanted, held, people, stamp), problem, outcome)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a run is made of, and the stamp of it."""

    rules: Rules
    marks: Sequence[Mark]
    people: Sequence[Facts]
    stamp: str


def _keep(run_id: int, basis: _Basis, problem: Problem, outcome: Outcome) -> bool:
    row = db.session.get_one(SelectionRun, run_id, with_for_update=True, populate_existing=True)
    if row.state != WAITING:
        return False
    row.rules, row.marks = basis.rules.as_json(), [asdict(mark) for mark in basis.marks]
    row.stamp, row.fingerprint = basis.stamp, rules.fingerprint(basis.rules, basis.marks, basis.people)
    row.candidates, row.feasible = len(basis.people), outcome.conflict is None
    bounds = [{"key": quota.key, "low": quota.low, "high": quota.high} for quota in problem.quotas]
    row.outcome = {**asdict(outcome), "selected": [], "reserves": [], "missing": None, "drawn": [], "quotas": bounds}
    row.state, row.done_at, row.last_error = DONE, clock.now(), ""
    if places := _places(run_id, basis.people, problem, outcome):
        db.session.execute(insert(SelectionPlace), places)
    return True


def _places(run_id: int, people: Sequence[Facts], problem: Problem, outcome: Outcome) -> list[Mapping[str, object]]:
    """Give the rows of all candidates, in the order of the list, then the reserves, then the others by score."""
    worth = {candidate.id: candidate for candidate in problem.candidates}
    states = {**dict.fromkeys(outcome.reserves, State.RESERVE), **dict.fromkeys(outcome.selected, State.SELECTED)}
    order = list(State)

    def key(facts: Facts) -> tuple[int, int, int]:
        candidate = worth[facts.id]
        return order.index(states.get(facts.id, State.OUT)), -candidate.score, candidate.draw

    missing, drawn = outcome.missing or {}, set(outcome.drawn)
    return [
        {
            "run_id": run_id,
            "enrolment_id": facts.id,
            "state": states.get(facts.id, State.OUT),
            "place": place,
            "score": worth[facts.id].score,
            "missing": missing.get(facts.id),
            "drawn": facts.id in drawn,
            "country": facts.country,
            "gender": facts.gender,
            "sector": facts.sector,
            "institution": facts.institution,
            "values": {name: str(value) for name, value in facts.values.items()},
        }
        for place, facts in enumerate(sorted(people, key=key), 1)
    ]


def number_of(run_id: int) -> int:
    """Give the number that a run has in its edition."""
    return db.session.scalars(select(SelectionRun.number).where(SelectionRun.id == run_id)).one()


def approve(run_id: int, by: Viewer) -> None:
    """Let the list of a run stand; raise `Forbidden` for one's own, `Conflict` where another stands or the data have changed since."""
    row = db.session.get(SelectionRun, run_id)
    if row is None:
        message = "There is no such run."
        raise NotFound(message)
    require_open(row.edition_id)
    db.session.refresh(row, with_for_update=True)
    if row.state != DONE or not row.feasible:
        message = "This run has no list that could be approved."
        raise Conflict(message)
    if refusal := rules.approve_refusal(row.by_id, by.person_id):
        raise Forbidden(refusal)
    if freshness.stale(row.id):
        message = "The data have changed since this run."
        raise Conflict(message, remedy="Run the selection again, look at what is different, and let that be approved.")
    db.session.add(SelectionApproval(edition_id=row.edition_id, run_id=row.id, by_id=by.person_id))
    audit.record(by, "selection.approve", "run", row.id, edition_id=row.edition_id, number=row.number, fingerprint=row.fingerprint)
    dossier = SelectionDossier(run_id=row.id)
    db.session.add(dossier)
    db.session.flush()
    telling.tell(row.edition_id, row.id)
    enqueue(DOSSIER, dossier.id)
    publish(SelectionApproved(row.edition_id, row.id))
