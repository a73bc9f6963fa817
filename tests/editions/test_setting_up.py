"""Making, changing, publishing and cloning editions, and closing what was looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Edition, EditionState, Enrolment, Role
from lms.core.errors import Conflict
from lms.core.viewer import Viewer, edition_by_id
from lms.editions import closing, commands, setting_up
from lms.editions.rules import Faulty, Plan
from lms.modules.api import modules
from lms.quizzes.models import Question
from lms.quizzes.papers import place
from tests.core import factories
from tests.core.threads import at_once
from tests.editions.factories import plan, with_team

ADMIN = Viewer(administrator=True, role=Role.ADMINISTRATOR)


def draft(course: Course, made: Plan | None = None) -> int:
    """Make a draft of the small course that starts in four weeks."""
    today = clock.now().date()
    starts, opens = today + timedelta(days=28), clock.now() - timedelta(days=1)
    dates = {"starts_on": starts, "ends_on": starts + timedelta(days=34)}
    made = made or plan(**dates, registration_opens_at=opens, registration_closes_at=opens + timedelta(days=20))
    with unit_of_work():
        return setting_up.create_draft(course.slug, made, ADMIN)


def stored(edition_id: int) -> Edition:
    """Read an edition."""
    return db.session.get_one(Edition, edition_id, populate_existing=True)


def acts() -> list[str]:
    """List what is on record."""
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def missing(edition_id: int) -> list[str]:
    """List what the checklist misses."""
    return [check.label for check in setting_up.checklist(edition_by_id(edition_id)) if not check.done]


def test_a_draft_has_what_was_planned(course: Course) -> None:
    """Its own days and attempts hold for its modules and quizzes."""
    first = plan(attempts=5, schedule={"module1": (2, 4), "module2": (7, None)})
    edition_id = draft(course, first)
    assert setting_up.plan_of(stored(edition_id)) == first
    assert (stored(edition_id).state, acts()) == (EditionState.DRAFT, ["edition.create"])
    edition = edition_by_id(edition_id)
    assert [module.days(edition) for module in modules(edition)] == [(2, 4), (7, None)]
    window = place(edition, "module1").window
    assert window.opens_at.isoformat() == "2027-08-27T16:00:00+00:00"
    assert window.closes_at is not None
    assert window.closes_at.isoformat() == "2027-08-30T16:00:00+00:00"
    assert place(edition, "module1").terms.attempts == 5


def test_without_days_of_its_own_an_edition_has_those_of_the_course(course: Course) -> None:
    edition = edition_by_id(factories.edition(course.id))
    assert [module.days(edition) for module in modules(edition)] == [(0, 13), (7, 13)]


def test_a_faulty_plan_is_refused_with_all_its_faults(course: Course) -> None:
    with pytest.raises(Faulty) as refused:
        draft(course, plan(slug="?", zone="Nowhere"))
    assert [field for field, _ in refused.value.faults] == ["slug", "zone"]
    assert acts() == []


def test_an_address_is_given_once(course: Course) -> None:
    draft(course)
    with pytest.raises(Conflict) as refused:
        draft(course)
    assert refused.value.field == "slug"


def test_two_who_want_the_same_address_at_once(ctx: Flask, course: Course) -> None:
    """One gets it; there is one edition and one act on record."""
    slug = course.slug

    def make() -> bool:
        try:
            with unit_of_work():
                setting_up.create_draft(slug, plan(), ADMIN)
        except Conflict:
            return False
        return True

    assert sorted(at_once(ctx, 3, make)) == [False, False, True]
    assert acts() == ["edition.create"]


def test_a_change_counts_and_is_on_record_with_before_and_after(course: Course) -> None:
    """The same once more is no change."""
    edition_id = draft(course)
    after = replace(setting_up.plan_of(stored(edition_id)), title="Renamed")
    for version in (1, 2):
        with unit_of_work():
            setting_up.change(edition_id, after, version, ADMIN)
    assert (stored(edition_id).title, stored(edition_id).version) == ("Renamed", 2)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "edition.change")).one()
    assert entry.detail == {"changed": {"title": ["Edition of 2027", "Renamed"]}}


def test_a_page_that_is_out_of_date_changes_nothing(course: Course) -> None:
    """The refusal says what is stored where that differs."""
    edition_id = draft(course)
    before = setting_up.plan_of(stored(edition_id))
    with unit_of_work():
        setting_up.change(edition_id, replace(before, title="By the first"), 1, ADMIN)
    with pytest.raises(Conflict, match="title: By the first") as refused, unit_of_work():
        setting_up.change(edition_id, replace(before, title="By the second"), 1, ADMIN)
    assert (refused.value.field, stored(edition_id).title) == ("version", "By the first")


def test_two_who_change_at_once(ctx: Flask, course: Course) -> None:
    edition_id = draft(course)
    after = replace(setting_up.plan_of(stored(edition_id)), title="Renamed")
    db.session.rollback()

    def change() -> bool:
        try:
            with unit_of_work():
                setting_up.change(edition_id, after, 1, ADMIN)
        except Conflict:
            return False
        return True

    assert sorted(at_once(ctx, 3, change)) == [False, False, True]
    assert acts() == ["edition.create", "edition.change"]


def test_an_open_edition_keeps_its_promises(course: Course) -> None:
    edition_id = draft(course)
    with_team(edition_id)
    with unit_of_work():
        setting_up.publish(edition_id, ADMIN)
    before = setting_up.plan_of(stored(edition_id))
    with pytest.raises(Faulty), unit_of_work():
        setting_up.change(edition_id, replace(before, attempts=1), 2, ADMIN)
    with unit_of_work():
        setting_up.change(edition_id, replace(before, attempts=9, title="New"), 2, ADMIN)
    assert (stored(edition_id).attempts, stored(edition_id).title) == (9, "New")


def test_a_closed_edition_stays_as_it_is(course: Course) -> None:
    edition_id = factories.edition(course.id, state=EditionState.CLOSED)
    after = replace(setting_up.plan_of(stored(edition_id)), title="New")
    with pytest.raises(Conflict, match="closed"), unit_of_work():
        setting_up.change(edition_id, after, 1, ADMIN)


def test_publishing_takes_a_complete_checklist(course: Course) -> None:
    """The refusal names what is missing; publishing twice is refused, too."""
    edition_id = draft(course)
    assert missing(edition_id) == ["At least one tutor is on the team", "At least one administrator is on the team"]
    with pytest.raises(Conflict, match="At least one tutor"), unit_of_work():
        setting_up.publish(edition_id, ADMIN)
    assert stored(edition_id).state == EditionState.DRAFT
    with_team(edition_id)
    assert missing(edition_id) == []
    with unit_of_work():
        setting_up.publish(edition_id, ADMIN)
    assert (stored(edition_id).state, acts()) == (EditionState.OPEN, ["edition.create", "edition.publish"])
    with pytest.raises(Conflict, match="already"), unit_of_work():
        setting_up.publish(edition_id, ADMIN)


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        ({"demo": False}, "Mail can be sent"),
        ({"demo": False}, "It is said who issues the certificates"),
        ({"schedule": {"module1": [0, 99]}}, "Every module opens and closes inside the dates"),
        ({"registration_closes_at": clock.day_starts(factories.someday(-30), "UTC")}, "Registration opens and closes in time"),
        ({"ends_on": factories.someday(1)}, "The last day comes after the first"),
    ],
)
def test_what_the_checklist_finds(course: Course, facts: dict[str, object], label: str) -> None:
    """Whatever way it came about; each line says where it is mended or what to do."""
    edition_id = draft(course)
    with_team(edition_id)
    with unit_of_work():
        db.session.execute(update(Edition).where(Edition.id == edition_id).values(**facts))
    found = {check.label: check for check in setting_up.checklist(edition_by_id(edition_id))}
    assert not found[label].done
    assert found[label].url or found[label].detail


def test_a_quiz_that_can_not_be_drawn_is_missing(course: Course) -> None:
    edition_id = draft(course)
    with_team(edition_id)
    with unit_of_work():
        db.session.execute(update(Question).values(active=False))
        db.session.execute(update(Course).values(version="another"))
    assert missing(edition_id) == ["Every module's quiz can be drawn"]


def test_a_clone_has_the_rules_and_nobody(course: Course) -> None:
    first = draft(course, plan(attempts=4))
    with_team(first)
    with unit_of_work():
        second = setting_up.clone(first, "small-2028", "Next", plan().starts_on + timedelta(days=364), ADMIN)
    made = setting_up.plan_of(stored(second))
    assert (made.attempts, made.schedule, made.countries) == (4, plan().schedule, plan().countries)
    assert made.ends_on - made.starts_on == plan().ends_on - plan().starts_on
    assert made.registration_opens_at - plan().registration_opens_at == timedelta(days=364)
    assert db.session.scalars(select(Enrolment.id).where(Enrolment.edition_id == second)).all() == []
    assert stored(second).state == EditionState.DRAFT


def test_closing_is_refused_if_the_numbers_are_others_by_then(course: Course) -> None:
    """Somebody joined since: the refusal says so, and nothing is closed."""
    edition_id = factories.edition(course.id)
    factories.enrolment(edition_id)
    shown = [count.value for count in closing.dry_run(edition_by_id(edition_id))]
    factories.enrolment(edition_id)
    with pytest.raises(Conflict, match="Learners: 1 before, 2 now") as refused, unit_of_work():
        commands.close_edition(edition_id, ADMIN, shown)
    assert (refused.value.field, stored(edition_id).state) == ("shown", EditionState.OPEN)
    shown = [count.value for count in closing.dry_run(edition_by_id(edition_id))]
    with unit_of_work():
        commands.close_edition(edition_id, ADMIN, shown)
    assert stored(edition_id).state == EditionState.CLOSED


@pytest.mark.parametrize("shown", [[], [1], [0] * 30])
def test_numbers_that_no_page_has_shown_close_nothing(course: Course, shown: list[int]) -> None:
    edition_id = factories.edition(course.id)
    with pytest.raises(Conflict), unit_of_work():
        commands.close_edition(edition_id, ADMIN, shown)
