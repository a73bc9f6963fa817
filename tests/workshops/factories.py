"""A workshop of four days in Singapore, with people who come to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from lms.casestudies.api import Assessment, Text, grade, hand_in, release
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Role
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.invitations.api import GatheringInfo, accept, arrange, invite, put_forward
from lms.workshops import days
from lms.workshops.attendance import record
from lms.workshops.rules import How, State
from lms.workshops.values import Entry, HalfDayInfo, Noted
from tests.core import factories
from tests.workshops.papers import pdf

BEFORE = datetime(2019, 10, 14, 2, tzinfo=UTC)
MORNING = datetime(2019, 10, 29, 1, 3, tzinfo=UTC)  # three minutes past nine in Singapore, on the first day
AFTER = datetime(2019, 11, 1, 10, tzinfo=UTC)
FIRST, LAST = date(2019, 10, 29), date(2019, 11, 1)
DAYS = tuple(FIRST + timedelta(days=number) for number in range(4))
GATHERING = GatheringInfo("Regional workshop", "Harbour Hall", FIRST, LAST, 10, date(2019, 10, 20), date(2019, 12, 1), automatic=False)
PDF = pdf()
_numbers = count(1)


@dataclass
class Shop:
    """An edition with a workshop, its administrators and its tutor, each by enrolment."""

    info: EditionInfo
    admin: int
    other_admin: int
    tutor: int
    second_tutor: int
    halves: tuple[HalfDayInfo, ...] = ()

    @property
    def edition(self) -> int:
        """The edition."""
        return self.info.id

    @property
    def base(self) -> str:
        """Where its pages begin."""
        return f"/e/{self.info.slug}"

    def viewer(self, who: str) -> Viewer:
        """Give somebody of the staff as commands see who acts."""
        return factories.viewer_of(getattr(self, who))

    def participant(self, name: str = "", **facts: Any) -> int:
        """Let somebody have accepted to come, and give the enrolment."""
        name = name or f"Participant {next(_numbers)}"
        enrolment = factories.enrolment(self.edition, factories.person(name=name, printed_name=name), **facts)
        with clock.at(BEFORE), unit_of_work():
            put_forward(self.edition, [enrolment], self.viewer("admin"))
            invite(self.edition, BEFORE + timedelta(days=10), self.viewer("admin"), [enrolment])
            accept(enrolment, factories.viewer_of(enrolment))
        return enrolment

    def half(self, number: int) -> HalfDayInfo:
        """Give a half-day, counted from 0."""
        return self.halves[number]

    def mark(self, half: int, enrolment: int, state: State = State.PRESENT, how: How = How.LIST, **more: Any) -> Noted:
        """Mark somebody in a half-day."""
        by = more.pop("by", "tutor")
        with unit_of_work():
            return record(Entry(self.half(half).id, enrolment, state, how, **more), self.viewer(by))

    def attends(self, enrolment: int, *halves: int) -> None:
        """Let somebody be there, all the time or in some half-days."""
        for half in halves or range(len(self.halves)):
            self.mark(half, enrolment)

    def study(self, enrolment: int, module: str = "module1", title: str = "Digital signatures at the border") -> int:
        """Let somebody hand a case study in."""
        with unit_of_work():
            return hand_in(self.edition, enrolment, Text(module, title, "What we did, and what came of it."))

    def graded(self, enrolment: int, *levels: int) -> int:
        """Let somebody have a case study with a released grade."""
        study = self.study(enrolment)
        with unit_of_work():
            grade(study, self.viewer("tutor"), Assessment(levels or (4, 4, 4, 4), "Good.", final=True))
            release(self.edition, self.viewer("admin"))
        return study


def shop(course: Course) -> Shop:
    """Store it; its half-days are laid out."""
    edition = factories.edition(course.id, starts_on=date(2019, 8, 26), ends_on=date(2019, 9, 27))
    places = {"admin": "Mira Adler", "other_admin": "Anan Suk", "tutor": "Rosa Lindqvist", "second_tutor": "Tom Okafor"}
    roles = {"admin": Role.ADMINISTRATOR, "other_admin": Role.ADMINISTRATOR}
    staff = {
        key: factories.enrolment(
            edition, factories.person(name=name, printed_name=name, institution=f"Institute {key}"), role=roles.get(key, Role.TUTOR)
        )
        for key, name in places.items()
    }
    place = Shop(edition_by_id(edition), staff["admin"], staff["other_admin"], staff["tutor"], staff["second_tutor"])
    with clock.at(BEFORE), unit_of_work():
        arrange(edition, GATHERING, place.viewer("admin"))
        place.halves = days.set_up(edition, DAYS, place.viewer("admin"))
    return place


def acts() -> list[str]:
    """List what is on record."""
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
