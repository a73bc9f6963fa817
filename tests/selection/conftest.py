"""A closed edition with certified learners, and two administrators who decide who is selected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.certification.models import Certificate
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import EditionState, Enrolment, Role
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.gradebook.models import Standing
from lms.selection import commands
from lms.selection.models import SelectionPlace, SelectionRun
from lms.selection.values import Rules
from tests.core import factories

SignIn = Callable[[int], FlaskClient]


@dataclass
class Place:
    """An edition with two administrators and a tutor, each by enrolment."""

    info: EditionInfo
    admin: int
    second: int
    tutor: int

    @property
    def base(self) -> str:
        """Where its pages begin."""
        return f"/e/{self.info.slug}/selection"

    @property
    def viewer(self) -> Viewer:
        """The administrator, as commands see who acts."""
        return factories.viewer_of(self.admin)

    @property
    def other(self) -> Viewer:
        """The second administrator."""
        return factories.viewer_of(self.second)

    def candidate(self, name: str, final: float | None = 80, *, certified: bool = True, **facts: Any) -> int:
        """Let somebody have finished the course, and give the enrolment; facts are those of the enrolment."""
        enrolment = factories.enrolment(self.info.id, factories.person(name=name, printed_name=name), **facts)
        with unit_of_work():
            row = db.session.get_one(Enrolment, enrolment)
            if final is not None:
                db.session.add(_standing(row, Decimal(str(final))))
            if certified:
                db.session.add(_certificate(row))
        return enrolment

    def crowd(self, *finals: float, **facts: Any) -> list[int]:
        """Let several have finished, each of an institution of their own."""
        return [self.candidate(f"Learner {final}", final, institution=f"Office {final}", **facts) for final in finals]

    def rules(self, seats: int, **wanted: Any) -> Rules:
        """Let rules hold."""
        found = Rules(seats=seats, seed="lot", **wanted)
        with unit_of_work():
            commands.set_rules(self.info.id, self.viewer, found)
        return found

    def run(self, by: Viewer | None = None) -> int:
        """Run the selection; tasks run at once."""
        with unit_of_work():
            return commands.run(self.info.id, by or self.viewer)

    def approve(self, run_id: int, by: Viewer | None = None) -> None:
        """Let a run be approved by the second administrator."""
        with unit_of_work():
            commands.approve(run_id, by or self.other)


def _standing(row: Enrolment, final: Decimal) -> Standing:
    facts = {"country": row.country, "gender": row.gender, "sector": row.sector, "name_key": row.search_key}
    grades: dict[str, Any] = {"so_far": final, "final": final, "graded": 1, "counted": 1, "groups": [], "plan": ""}
    return Standing(enrolment_id=row.id, edition_id=row.edition_id, **facts, **grades)


def _certificate(row: Enrolment) -> Certificate:
    facts: dict[str, Any] = {"number": f"T-{row.id}", "award": {}, "state": "done", "issued_at": clock.now()}
    return Certificate(edition_id=row.edition_id, enrolment_id=row.id, kind="course", **facts)


@pytest.fixture
def place(ctx: Flask) -> Place:
    """Make it."""
    del ctx
    edition = factories.edition(state=EditionState.CLOSED)
    admin, second = (
        factories.enrolment(edition, factories.person(name=name, printed_name=name), role=Role.ADMINISTRATOR)
        for name in ("Mira Adler", "Jonas Weber")
    )
    tutor = factories.enrolment(edition, factories.person(name="Rosa Lindqvist", printed_name="Rosa Lindqvist"), role=Role.TUTOR)
    return Place(edition_by_id(edition), admin, second, tutor)


@pytest.fixture
def admin(place: Place, signed_in: SignIn) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(factories.person_of(place.admin))


@pytest.fixture
def second(place: Place, signed_in: SignIn) -> FlaskClient:
    """Give the second administrator's browser."""
    return signed_in(factories.person_of(place.second))


def the_run(run_id: int) -> SelectionRun:
    """Read a run."""
    return db.session.get_one(SelectionRun, run_id, populate_existing=True)


def listed(run_id: int, state: str = "selected") -> list[int]:
    """Give whom a run has put where, in order, by enrolment."""
    row = SelectionPlace
    query = select(row.enrolment_id).where(row.run_id == run_id, row.state == state).order_by(row.place)
    return list(db.session.scalars(query))


def acts() -> list[str]:
    """List what is on record, but looks."""
    found = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    return [action for action in found if not action.endswith((".look", ".export"))]
