"""A workshop that is held today, in a place where it is noon: its first half-day is open, the second opens in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from lms.casestudies.api import Text, hand_in
from lms.core import clock
from lms.core.db import unit_of_work
from lms.invitations.api import GatheringInfo, accept, arrange, invite, put_forward
from lms.workshops import days
from lms.workshops.attendance import record
from lms.workshops.rules import How, Part, State
from lms.workshops.values import Entry
from tests.browser.cast import Cast, Member, cast
from tests.browser.live import Site
from tests.core import factories

NOON = 12


@dataclass(frozen=True, slots=True)
class Gathering:
    """An edition with a workshop, and its half-days by id."""

    edition: Cast
    admin: Member
    tutor: Member
    morning: int
    afternoon: int
    zone: str

    @property
    def address(self) -> str:
        """Where the edition begins."""
        return self.edition.address

    def comes(self, name: str, **facts: Any) -> Member:
        """Let somebody have accepted to come."""
        who = self.edition.learner(name, **facts)
        with self.edition.site.app.app_context():
            self._accept([who.enrolment])
        return who

    def come(self, genders: Sequence[str]) -> list[int]:
        """Let some people have accepted to come, by enrolment."""
        with self.edition.site.app.app_context():
            found = [factories.enrolment(self.edition.edition, factories.person(gender=gender), gender=gender) for gender in genders]
            self._accept(found)
        return found

    def _accept(self, enrolments: Sequence[int]) -> None:
        by = factories.viewer_of(self.admin.enrolment)
        with clock.at(clock.now() - timedelta(days=2)), unit_of_work():
            put_forward(self.edition.edition, enrolments, by)
            invite(self.edition.edition, clock.now() + timedelta(days=1), by, enrolments)
            for enrolment in enrolments:
                accept(enrolment, factories.viewer_of(enrolment))

    def mark(self, enrolments: Sequence[int], state: State = State.PRESENT) -> None:
        """Let the desk have put some people down for the morning."""
        with self.edition.site.app.app_context(), unit_of_work():
            for enrolment in enrolments:
                record(Entry(self.morning, enrolment, state, How.LIST), factories.viewer_of(self.tutor.enrolment))

    def code(self, half_day: int) -> str:
        """Give what the desk shows."""
        with self.edition.site.app.app_context():
            return days.code_of(half_day)

    def study(self, who: Member, title: str) -> int:
        """Let somebody have handed a case study in."""
        with self.edition.site.app.app_context(), unit_of_work():
            return hand_in(self.edition.edition, who.enrolment, Text("module1", title, "What we did, and what came of it."))


def gathering(site: Site) -> Gathering:
    """Hold it."""
    now = clock.now()
    hours = NOON - now.hour  # zones named Etc/GMT count the other way round
    zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    edition = cast(site, zone=zone)
    admin, tutor = edition.administrator("Mira Adler"), edition.tutor("Rosa Lindqvist")
    with site.app.app_context():
        by, today = factories.viewer_of(admin.enrolment), now.date()
        yesterday, later = today - timedelta(days=1), today + timedelta(days=30)
        place = GatheringInfo("Regional workshop", "Harbour Hall", today, today, 20, yesterday, later, automatic=False)
        soon = [now + timedelta(hours=hours, minutes=minutes) for minutes in (3, 6)]
        first, second = (time(moment.hour, moment.minute) for moment in soon)
        with clock.at(now - timedelta(days=3)), unit_of_work():
            arrange(edition.edition, place, by)
            halves = days.set_up(edition.edition, [today], by, {Part.MORNING: (time(9), first), Part.AFTERNOON: (second, time(18))})
    return Gathering(edition, admin, tutor, halves[0].id, halves[1].id, zone)
