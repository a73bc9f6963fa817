"""Certificates of before there were versions and credentials come along when the database is brought up to date, and go back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, Table, func, insert, select

from lms.certification import commands, issuing, queries, signing
from lms.certification.models import Certificate, CertificateDocument, StatusList
from lms.certification.rules import Status
from lms.core import clock
from lms.core.db import close_reader, db, unit_of_work
from lms.core.viewer import edition_by_id
from tests.core import factories

BEFORE = "b3e8f17a9d24"
OLD = ("DITD-0000-0000-0001", "DITD-0000-0000-0002")


@pytest.fixture
def leave_as_it_was(ctx: Flask) -> Iterator[None]:
    """Have the newest tables again, whatever happens."""
    del ctx
    yield
    _go(None)


def _go(version: str | None) -> None:
    """Take the database to a version, the newest if none is named."""
    db.session.remove()
    close_reader()
    db.engine.dispose()
    flask_migrate.upgrade() if version is None else flask_migrate.downgrade(revision=version)
    db.engine.dispose()


def _award(number: str) -> dict[str, object]:
    days = {"issued_on": "2019-09-28", "started_on": "2019-08-26", "completed_on": "2019-09-27"}
    texts = {"course_title": "A course", "edition_title": "First edition", "issuer_name": "Nobody", "recipient": "Ana Lim"}
    return {"number": number, "kind": "course", "verify_url": f"http://localhost/verify/{number}", "development": False, **days, **texts}


def _store_old(edition_id: int, enrolments: Sequence[int]) -> None:
    """Store an issued certificate and one that waits, as tables of before had them."""
    now, metadata = clock.now(), MetaData()
    with db.engine.begin() as connection:
        table, documents = (Table(name, metadata, autoload_with=connection) for name in ("certificates", "certificate_documents"))
        for enrolment_id, number, state in zip(enrolments, OLD, ("done", "waiting"), strict=True):
            facts = {"edition_id": edition_id, "enrolment_id": enrolment_id, "kind": "course", "number": number, "award": _award(number)}
            work = {"state": state, "tries": 1, "due_at": now, "last_error": "", "requested_at": now}
            done = {"issued_at": now, "digest": "d"} if state == "done" else {"issued_at": None, "digest": ""}
            (certificate_id,) = connection.execute(insert(table).values(**facts, **work, **done).returning(table.c.id)).one()
            if state == "done":
                connection.execute(insert(documents).values(certificate_id=certificate_id, body=b"%PDF old"))


@pytest.mark.usefixtures("leave_as_it_was")
def test_certificates_of_before_come_along_and_go_back(own_key: str, client: FlaskClient) -> None:
    """They are valid, can be revoked, replaced and issued; going back keeps the first version of each, with its document."""
    assert own_key
    edition_id = factories.edition()
    staff = factories.viewer_of(factories.enrolment(edition_id))
    issued, waiting = [factories.enrolment(edition_id) for _ in OLD]
    _go(BEFORE)
    _store_old(edition_id, (issued, waiting))
    _go(None)
    old = queries.by_number(OLD[0])
    assert old is not None
    assert (old.status, old.version, old.enrolment_id, queries.credential_of(old.id)) == (Status.VALID, 1, issued, "")
    assert (queries.document(edition_id, old.id), queries.status_lists()) == ((OLD[0], b"%PDF old"), {})
    assert "This certificate is valid" in client.get(f"/verify/{OLD[0]}").text
    edition = edition_by_id(edition_id)
    with unit_of_work():
        commands.revoke(edition, old.id, staff, "A trial.")
    with unit_of_work():
        commands.restore(edition, old.id, staff)
    with unit_of_work():
        commands.reissue(edition, old.id, staff)
    issuing.issue_waiting()
    assert [found.status for found in queries.story(edition_id, old.id).versions] == [Status.SUPERSEDED, Status.VALID]
    second = queries.of_enrolment(waiting)
    assert second is not None
    assert (second.number, second.status) == (OLD[1], Status.VALID)
    _go(BEFORE)
    with db.engine.begin() as connection:
        table, documents = (Table(name, MetaData(), autoload_with=connection) for name in ("certificates", "certificate_documents"))
        kept = connection.execute(select(table.c.number, table.c.state).order_by(table.c.number)).all()
        assert [tuple(row) for row in kept] == [(OLD[0], "done"), (OLD[1], "done")]
        assert connection.execute(select(documents.c.body).order_by(documents.c.certificate_id)).scalars().first() == b"%PDF old"
        assert "credential" not in documents.c
    _go(None)
    assert db.session.scalar(select(func.count(StatusList.id))) == 0
    assert db.session.scalar(select(func.count(CertificateDocument.id)).join(Certificate)) == len(OLD)
    assert signing.text(signing.KEYS) == ""
