"""A worker is killed while it imports nominees: all of them are there in the end, each once, and none before that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.applications import importing
from lms.applications.importing import Seen
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, Person, Role
from lms.core.mail import OutgoingMail
from lms.core.viewer import edition_by_id
from lms.core.work import DONE, WAITING
from tests.certification.installation import Installation, installation, kill, wait_until
from tests.core import factories

COUNT = 3000
HEADS = "E-mail,Name,Country,Sector,Institution"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    """Set an installation up."""
    with installation("embedded", tmp_path) as made:
        yield made


def _begun() -> tuple[int, int]:
    """Let the worker import a file of nominees as soon as there is one; give the edition and the file."""
    edition_id = factories.edition(by_decision=True)
    edition, viewer = edition_by_id(edition_id), factories.viewer_of(factories.enrolment(edition_id, role=Role.ADMINISTRATOR))
    body = "\n".join([HEADS, *(f"nominee{n}@example.org,Nominee {n},KH,government,Ministry" for n in range(COUNT))])
    with unit_of_work():
        file_id = importing.upload(edition, viewer, "nominees.csv", body.encode())
    with unit_of_work():
        importing.start(edition, viewer, file_id, COUNT)
    return edition_id, file_id


def _seen(edition_id: int, file_id: int) -> Seen:
    """Read how far the import is, as its page shows it."""
    db.session.rollback()
    found = importing.one(edition_id, file_id)
    assert 0 <= found.checked <= COUNT
    return found


def _reach(edition_id: int, file_id: int, checked: int) -> None:
    wait_until(lambda: _seen(edition_id, file_id).checked >= checked, f"{checked} rows are checked")


def _nominated(edition_id: int) -> tuple[int, int, int]:
    """Count the people, addresses and mails of the nominees."""
    here = Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER
    people = select(func.count(), func.count(func.distinct(Person.email))).select_from(Enrolment).join(Person).where(*here)
    mails = select(func.count(func.distinct(OutgoingMail.to))).where(OutgoingMail.kind == "applications.nominated")
    row = db.session.execute(people).one()
    return row[0], row[1], db.session.scalar(mails) or 0


def test_killed_while_it_checks_and_while_it_writes(place: Installation) -> None:
    """Who comes after it begins anew; the page never says that more are checked than there are."""
    edition_id, file_id = _begun()
    for hours, reached in ((0, 1), (3, COUNT)):  # the first rows are checked; all are, and what follows is that they are written
        worker = place.worker(hours)
        _reach(edition_id, file_id, reached)
        kill(worker)
        assert (_seen(edition_id, file_id).state, _nominated(edition_id)) == (WAITING, (0, 0, 0))
    place.worker(hours=6)
    wait_until(lambda: _seen(edition_id, file_id).state == DONE, "all are imported")
    assert (_seen(edition_id, file_id).checked, _nominated(edition_id)) == (COUNT, (COUNT,) * 3)
    assert db.session.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.kind == "applications.nominated")) == COUNT
