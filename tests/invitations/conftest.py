"""An edition with a workshop, people who are invited to it, and browsers for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Role
from lms.core.mail import OutgoingMail
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.invitations import answering, placing
from lms.invitations.models import Invitation
from lms.invitations.values import GatheringInfo
from tests.core import factories

SignIn = Callable[[int], FlaskClient]
NOW = datetime(2019, 10, 14, 2, tzinfo=UTC)  # ten in the morning in Singapore
WORKSHOP = GatheringInfo(
    title="Regional workshop",
    place="Singapore, Harbour Hall",
    starts_on=date(2019, 11, 18),
    ends_on=date(2019, 11, 21),
    answer_days=10,
    freeze_on=date(2019, 11, 8),
    delete_on=date(2019, 12, 21),
    automatic=False,
)
DEADLINE = datetime(2019, 10, 24, 15, 59, 59, tzinfo=UTC)


@dataclass
class Place:
    """An edition with an administrator and a tutor, each by enrolment."""

    info: EditionInfo
    admin: int
    tutor: int

    @property
    def base(self) -> str:
        """Where its pages begin."""
        return f"/e/{self.info.slug}"

    @property
    def viewer(self) -> Viewer:
        """The administrator, as commands see who acts."""
        return factories.viewer_of(self.admin)

    def learner(self, name: str, **facts: Any) -> int:
        """Let somebody have a place in the edition, and give the enrolment."""
        return factories.enrolment(self.info.id, factories.person(name=name, printed_name=name), **facts)

    def proposed(self, name: str = "Sokha Pov", **facts: Any) -> int:
        """Let somebody be proposed."""
        enrolment = self.learner(name, **facts)
        with unit_of_work():
            placing.put_forward(self.info.id, [enrolment], self.viewer)
        return enrolment

    def invited(self, name: str = "Sokha Pov", **facts: Any) -> int:
        """Let somebody be invited."""
        enrolment = self.proposed(name, **facts)
        with unit_of_work():
            placing.invite(self.info.id, DEADLINE, self.viewer, [enrolment])
        return enrolment

    def accepted(self, name: str = "Sokha Pov", **facts: Any) -> int:
        """Let somebody have accepted."""
        enrolment = self.invited(name, **facts)
        with unit_of_work():
            answering.accept(enrolment, factories.viewer_of(enrolment))
        return enrolment


@pytest.fixture
def now() -> Iterator[None]:
    """Hold the clock, so that weekdays and deadlines can be written down."""
    with clock.at(NOW):
        yield


@pytest.fixture
def place(ctx: object, now: None) -> Place:
    """Make it; the course is over, and the workshop is in five weeks."""
    del ctx, now
    edition = factories.edition(starts_on=date(2019, 8, 26), ends_on=date(2019, 9, 30))
    admin = factories.enrolment(edition, factories.person(name="Mira Adler", printed_name="Mira Adler"), role=Role.ADMINISTRATOR)
    tutor = factories.enrolment(edition, factories.person(name="Rosa Lindqvist", printed_name="Rosa Lindqvist"), role=Role.TUTOR)
    found = Place(edition_by_id(edition), admin, tutor)
    with unit_of_work():
        placing.arrange(edition, WORKSHOP, found.viewer)
    return found


def at(days: int, hours: float = 0) -> Any:
    """Hold the clock so long after the beginning of a test."""
    return clock.at(NOW + timedelta(days=days, hours=hours))


def state_of(enrolment: int) -> str:
    """Read how far an invitation is."""
    return db.session.scalars(select(Invitation.state).where(Invitation.enrolment_id == enrolment)).one()


def mails() -> list[OutgoingMail]:
    """Give all mails, oldest first."""
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def kinds() -> list[str]:
    """Give the kinds of all mails, oldest first."""
    return [mail.kind.removeprefix("invitations.") for mail in mails()]


def acts() -> list[str]:
    """List what is on record."""
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
