"""Web server, workers and broker are killed at random moments: in the end there is one certificate and one mail for everybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import SystemRandom

import pytest
from sqlalchemy import func, select

from lms.certification import issuing, signing
from lms.certification.models import Certificate, CertificateDocument
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState
from lms.core.mail import OutgoingMail
from lms.core.tasks import enqueue
from lms.gradebook.api import Standing
from lms.gradebook.ledger import plan_of
from tests.certification.installation import Installation, installation, kill, kill_one_child, wait_until
from tests.core import factories

COUNT = 200
random = SystemRandom()


@pytest.fixture(params=["embedded", "servers"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """Set an installation up."""
    with installation(str(request.param), tmp_path) as made:
        yield made


def _edition() -> int:
    """Store an edition in which everybody passes."""
    edition_id = factories.edition()
    enrolments = [factories.enrolment(edition_id) for _ in range(COUNT)]
    facts = {"edition_id": edition_id, "country": "KH", "gender": "woman", "sector": "government", "plan": plan_of([])}
    score = {"so_far": Decimal("86.5"), "final": Decimal("86.5"), "graded": 1, "counted": 1, "groups": []}
    with unit_of_work():
        db.session.add_all(Standing(enrolment_id=one, name_key=f"{one:08}", **facts, **score) for one in enrolments)
    return edition_id


def _count(*rule: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(*rule)) or 0  # type: ignore[arg-type]


def _issued() -> int:
    return _count(CertificateDocument.id > 0)


def _requested() -> int:
    return _count(Certificate.id > 0)


def _closed(edition_id: int) -> bool:
    return _count(Edition.id == edition_id, Edition.state == EditionState.CLOSED) == 1


def _close(place: Installation, edition_id: int) -> None:
    """Close the edition while the web server is killed over it: each time all or nothing is requested."""
    somebody = place.visitor(factories.person(administrator=True))
    slug = factories.slug_of(edition_id)
    web = place.web()
    closing = threading.Thread(target=somebody.closes, args=(slug,))
    closing.start()
    time.sleep(random.uniform(0, 0.3))
    kill(web)
    closing.join()
    assert _requested() == (COUNT if _closed(edition_id) else 0)
    if not _closed(edition_id):
        place.web()
        assert somebody.closes(slug)
    assert (_requested(), _issued()) == (COUNT, 0)


def _nudge(task: str) -> None:
    with unit_of_work():
        enqueue(task)


def _reach(more: int) -> None:
    wanted = min(COUNT, _issued() + random.randint(1, more))
    wait_until(lambda: _issued() >= wanted, f"{wanted} certificates")


def test_killed_at_random_moments(place: Installation) -> None:
    """Nothing is lost and nothing is done twice, whoever dies: the rows are the queue."""
    signing.make_own(signing.FIVE_YEARS)
    edition_id = _edition()
    place.broker.kill()
    _close(place, edition_id)  # there is no broker for any nudge
    place.broker.start()
    first, second = place.worker(), place.worker()
    _reach(20)
    kill_one_child(first)
    _reach(20)
    place.broker.kill()
    _reach(5)  # what a worker had begun goes on
    kill(first)
    place.broker.start()
    third = place.worker(hours=3)  # an hour later, and more: what the dead had claimed is due again
    _reach(30)
    assert second.poll() is None  # it looked for its broker until there was one again
    kill(second)
    _nudge("certification.sweep")  # what it took along comes at the next sweep, and the test does not wait for its time
    wait_until(lambda: _issued() == COUNT, f"{COUNT} certificates")
    assert third.poll() is None
    sent = OutgoingMail.kind == "certification.issued"
    _nudge("mail.sweep")
    wait_until(lambda: _count(sent, OutgoingMail.state == "done") == COUNT, f"{COUNT} mails")
    documents = select(func.count(func.distinct(CertificateDocument.certificate_id)))
    people = select(func.count(func.distinct(OutgoingMail.person_id))).where(sent)
    assert (db.session.scalar(documents), db.session.scalar(people)) == (COUNT, COUNT)
    assert (_issued(), _requested(), _count(sent)) == (COUNT, COUNT, COUNT)
    assert not any(issuing.issue(certificate_id) for certificate_id in db.session.scalars(select(Certificate.id)).all())
