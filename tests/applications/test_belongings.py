"""What a person can take along, and what is left after an erasure."""

from __future__ import annotations

from sqlalchemy import func, select

from lms.applications import notices, privacy, tasks
from lms.applications.models import Application, Consent, Likeness
from lms.core.db import db, unit_of_work
from lms.core.viewer import NOBODY
from tests.applications.conftest import Place, state_of
from tests.core import factories


def test_an_export_has_what_was_said_and_agreed_to(place: Place) -> None:
    """Of this person alone."""
    person = factories.person_of(place.applicant("Sokha Pov", position="Head", motivation="To learn."))
    place.applicant("Ben Tan", motivation="Another reason.")
    with unit_of_work():
        notices.agree(person, notices.publish(NOBODY, "What we keep.", 0))
    found = privacy.export(person)
    assert [(said["position"], said["motivation"], said["state"]) for said in found["applications"]] == [("Head", "To learn.", "applied")]
    assert [agreed["version"] for agreed in found["consents"]] == [1]


def test_an_erasure_leaves_the_enrolment_and_nothing_that_was_said(place: Place) -> None:
    """Others keep what is theirs."""
    sokha = place.applicant("Sokha Pov", motivation="To learn.")
    other = place.applicant("Pov Sokha", motivation="Another reason.")
    tasks.sweep()
    with unit_of_work():
        version = notices.publish(NOBODY, "What we keep.", 0)
        for enrolment in (sokha, other):
            notices.agree(factories.person_of(enrolment), version)
        privacy.erase(factories.person_of(sokha))
    said = dict(db.session.execute(select(Application.enrolment_id, Application.motivation)).all())
    assert (said, state_of(sokha)) == ({sokha: "", other: "Another reason."}, "applied")
    assert db.session.scalars(select(Consent.person_id)).all() == [factories.person_of(other)]
    assert db.session.scalar(select(func.count(Likeness.id))) == 0
