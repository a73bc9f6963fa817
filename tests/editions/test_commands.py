"""Making, joining and closing editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.mail import OutgoingMail
from lms.core.viewer import Viewer
from lms.editions import commands
from lms.editions.commands import NewEdition
from tests.core import factories
from tests.core.threads import at_once

pytestmark = pytest.mark.usefixtures("ctx")

NEW = NewEdition(
    slug="second",
    title="Second edition",
    starts_on=date(2027, 8, 26),
    ends_on=date(2027, 9, 29),
    zone="Asia/Singapore",
    countries=("KH", "LA"),
    registration_opens_at=clock.parse("2027-06-01T00:00:00+08:00"),
    registration_closes_at=clock.parse("2027-08-20T00:00:00+08:00"),
)


def create(**changes: Any) -> Edition:
    """Make an edition of a course whose pass mark is 50."""
    factories.course()
    slug = factories.slug_of(factories.edition())
    course = db.session.scalars(select(Edition).where(Edition.slug == slug)).one().course.slug
    with unit_of_work():
        edition_id = commands.create_edition(course, replace(NEW, **changes))
    return db.session.get_one(Edition, edition_id)


def test_an_edition_is_made_open_with_the_courses_pass_mark() -> None:
    edition = create()
    assert (edition.state, edition.pass_mark, edition.countries, edition.demo) == ("open", Decimal(50), ["KH", "LA"], False)
    assert create(slug="third", pass_mark=Decimal("66.5")).pass_mark == Decimal("66.5")


def test_an_edition_that_can_not_be_is_not_made() -> None:
    """No course, a name in use, an end before the start: each refused, nothing stored."""
    create()
    count = db.session.scalar(select(func.count(Edition.id)))
    course = db.session.scalars(select(Edition)).first()
    assert course
    for slug, new, kind in [
        ("nothing", replace(NEW, slug="x"), NotFound),
        (course.course.slug, NEW, Conflict),
        (course.course.slug, replace(NEW, slug="x", ends_on=date(2027, 8, 25)), Invalid),
    ]:
        with pytest.raises(kind), unit_of_work():
            commands.create_edition(slug, new)
    assert db.session.scalar(select(func.count(Edition.id))) == count


def apply(edition_id: int, person_id: int) -> int:
    """Apply for an edition."""
    with unit_of_work():
        return commands.apply(edition_id, person_id)


def test_an_application_keeps_the_facts_of_its_day() -> None:
    """Country, gender, sector and institution stay in the enrolment when the person's profile changes."""
    person_id = factories.person(country="VN", gender="man", sector="private", institution="A bank")
    enrolment_id = apply(factories.edition(), person_id)
    with unit_of_work():
        person = db.session.get_one(Person, person_id)
        person.country, person.institution = "LA", "Another bank"
    row = db.session.get_one(Enrolment, enrolment_id)
    assert (row.role, row.state, row.country, row.gender, row.sector, row.institution) == (
        Role.LEARNER, EnrolmentState.APPLIED, "VN", "man", "private", "A bank",
    )  # fmt: skip


def test_applying_twice_is_one_application(ctx: Flask) -> None:
    """One after the other and at the same moment."""
    edition_id, person_id = factories.edition(), factories.person()
    assert apply(edition_id, person_id) == apply(edition_id, person_id)
    other = factories.person()

    assert len(set(at_once(ctx, 4, lambda: apply(edition_id, other)))) == 1
    assert db.session.scalar(select(func.count(Enrolment.id)).where(Enrolment.person_id == other)) == 1


@pytest.mark.parametrize(
    "facts",
    [{"state": EditionState.CLOSED}, {"state": EditionState.DRAFT}, {"registration_closes_at": clock.now() - timedelta(days=1)}],
)
def test_outside_registration_nobody_applies(facts: dict[str, Any]) -> None:
    edition_id, person_id = factories.edition(**facts), factories.person()
    with pytest.raises(Conflict):
        apply(edition_id, person_id)
    assert db.session.scalar(select(func.count(Enrolment.id))) == 0


def test_confirming_twice_welcomes_once() -> None:
    enrolment_id = apply(factories.edition(), factories.person())
    for _ in range(2):
        with unit_of_work():
            commands.confirm(enrolment_id)
    row = db.session.get_one(Enrolment, enrolment_id, populate_existing=True)
    assert row.state == EnrolmentState.CONFIRMED
    assert row.confirmed_at is not None
    assert db.session.scalars(select(OutgoingMail.kind)).all() == ["applications.confirmed"]


def test_who_withdrew_is_not_confirmed_by_an_old_link() -> None:
    """Only an application can be confirmed."""
    enrolment_id = factories.enrolment(factories.edition(), state=EnrolmentState.WITHDRAWN)
    with unit_of_work():
        commands.confirm(enrolment_id)
        commands.confirm_all(factories.person_of(enrolment_id))
    assert db.session.get_one(Enrolment, enrolment_id, populate_existing=True).state == EnrolmentState.WITHDRAWN


def test_a_role_is_given_at_once() -> None:
    """To somebody new, and to somebody who learns already; the enrolment stays the same row."""
    edition_id, person_id = factories.edition(), factories.person()
    with unit_of_work():
        first = commands.appoint(edition_id, person_id, Role.LEARNER)
        second = commands.appoint(edition_id, person_id, Role.TUTOR)
    row = db.session.get_one(Enrolment, first, populate_existing=True)
    assert (first, row.role, row.state) == (second, Role.TUTOR, EnrolmentState.CONFIRMED)


def test_an_edition_closes_once() -> None:
    """With the act on record; the second press is refused and leaves no second entry."""
    edition_id = factories.edition()
    person_id = factories.person(administrator=True)
    viewer = Viewer(person_id=person_id, administrator=True, role=Role.ADMINISTRATOR)
    with unit_of_work():
        commands.close_edition(edition_id, viewer)
    with pytest.raises(Conflict), unit_of_work():
        commands.close_edition(edition_id, viewer)
    row = db.session.get_one(Edition, edition_id, populate_existing=True)
    assert row.state == EditionState.CLOSED
    assert row.closed_at is not None
    entries = db.session.execute(select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.role, AuditEntry.edition_id)).all()
    assert entries == [("edition.close", person_id, "administrator", edition_id)]


def test_a_draft_can_not_be_closed() -> None:
    edition_id = factories.edition(state=EditionState.DRAFT)
    with pytest.raises(Conflict), unit_of_work():
        commands.close_edition(edition_id, Viewer())


def test_two_who_close_at_once(ctx: Flask) -> None:
    """One of them closes; there is one act on record."""
    edition_id = factories.edition()

    def close() -> bool:
        try:
            with unit_of_work():
                commands.close_edition(edition_id, Viewer())
        except Conflict:
            return False
        return True

    assert sorted(at_once(ctx, 3, close)) == [False, False, True]
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 1
