"""Setting an edition up: from a course to a draft, from a draft to an open edition, or from one edition to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock
from lms.core.db import db
from lms.core.domain import Edition, EditionState, Enrolment, EnrolmentState, Role
from lms.core.errors import Conflict
from lms.core.slots import collect
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.editions import rules
from lms.editions.commands import find_course, require_free
from lms.editions.rules import Fault, Faulty, Plan
from lms.editions.values import Check, ModuleDays

MOMENTS = {"starts_on", "ends_on", "zone", "registration_opens_at", "registration_closes_at"}
COLUMNS = {*MOMENTS, "title", "pass_mark", "attempts", "demo", "by_decision"}


def create_draft(course_slug: str, plan: Plan, viewer: Viewer) -> int:
    """Make an edition of a course that only its staff see, and give its id; raise `Faulty` or `Conflict`."""
    course = find_course(course_slug)
    edition = Edition(course_id=course.id, state=EditionState.DRAFT, **_columns(plan))
    return _add(edition, plan, viewer, "edition.create", course=course_slug)


def clone(edition_id: int, slug: str, title: str, starts_on: date, viewer: Viewer) -> int:
    """Make a draft like an edition that starts on another day, without its people, and give its id."""
    source = db.session.get_one(Edition, edition_id)
    plan = rules.shifted(plan_of(source), slug, title, starts_on)
    edition = Edition(course_id=source.course_id, state=EditionState.DRAFT, **_columns(plan))
    return _add(edition, plan, viewer, "edition.clone", source=source.slug)


def _add(edition: Edition, plan: Plan, viewer: Viewer, action: str, **detail: Any) -> int:
    _require(rules.faults(plan))
    require_free(plan.slug)
    try:
        with db.session.begin_nested():
            db.session.add(edition)
    except IntegrityError as error:  # somebody took the slug at the same moment
        message = f"There is an edition {plan.slug!r} already."
        raise Conflict(message, field="slug") from error
    audit.record(viewer, action, "edition", edition.id, edition_id=edition.id, slug=plan.slug, **detail)
    return edition.id


def change(edition_id: int, plan: Plan, version: int, viewer: Viewer) -> None:
    """Change a draft, or of an open edition what takes nothing from a learner.

    Raise `Conflict`, naming `version`, if somebody changed it since that version, and `Faulty`.
    """
    edition = _held(edition_id)
    before = plan_of(edition)
    changed = rules.differences(before, plan)
    if edition.version != version:
        stored = "; ".join(f"{name.replace('_', ' ')}: {pair[0]}" for name, pair in changed.items()) or "the same as you typed"
        message = f"Somebody changed the edition since you opened this page. What is stored now and differs from yours: {stored}."
        raise Conflict(message, field="version")
    if edition.state == EditionState.CLOSED:
        message = "This edition is closed, so nothing of it can be changed."
        raise Conflict(message)
    _require(rules.faults(plan))
    if edition.state == EditionState.OPEN:
        _require(rules.taken_away(before, plan, own_attempts(edition.course_id)))
    if plan.slug != edition.slug:
        require_free(plan.slug)
    if changed:
        for name, value in _columns(plan).items():
            setattr(edition, name, value)
        edition.version += 1
        db.session.flush()
        audit.record(viewer, "edition.change", "edition", edition_id, edition_id=edition_id, changed=changed)


def publish(edition_id: int, viewer: Viewer) -> None:
    """Open a draft to the public; raise `Conflict`, with what is missing, unless its checklist is complete."""
    edition = _held(edition_id)
    if edition.state != EditionState.DRAFT:
        message = "This edition is published already."
        raise Conflict(message)
    if missing := [check.label for check in checklist(edition_by_id(edition_id)) if not check.done]:
        message = f"This edition can't be published yet. Missing: {'; '.join(missing)}."
        raise Conflict(message, remedy="The set-up page shows where each is mended.")
    edition.state, edition.version = EditionState.OPEN, edition.version + 1
    db.session.flush()
    audit.record(viewer, "edition.publish", "edition", edition_id, edition_id=edition_id)


def _held(edition_id: int) -> Edition:
    return db.session.get_one(Edition, edition_id, with_for_update=True, populate_existing=True)


def _require(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise Faulty(found)


def plan_of(edition: Edition) -> Plan:
    """Give what an edition is made of, with the days of every module of its course; those of the course where it has none."""
    own = {module.slug: (module.opens, module.closes) for module in modules_of(edition.course_id)}
    stored = {slug: (opens, closes) for slug, (opens, closes) in edition.schedule.items() if slug in own}
    facts = {name: getattr(edition, name) for name in COLUMNS}
    return Plan(slug=edition.slug, countries=tuple(edition.countries), schedule=own | stored, **facts)


def _columns(plan: Plan) -> dict[str, Any]:
    found = {name: getattr(plan, name) for name in COLUMNS}
    schedule = {slug: list(days) for slug, days in plan.schedule.items()}
    return {**found, "slug": plan.slug, "countries": list(plan.countries), "schedule": schedule}


def modules_of(course_id: int) -> list[ModuleDays]:
    """List the modules of a course with their days."""
    return collect("editions.modules", course_id)


def own_attempts(course_id: int) -> Collection[int]:
    """Give how often the quizzes of a course can be taken by its own rules."""
    return collect("editions.attempts", course_id)


def checklist(edition: EditionInfo) -> list[Check]:
    """List what must be there before an edition is published, and whether it is."""
    own = [*_dates(edition), *_schedule(edition), *_team(edition), _mail(edition)]
    return own + collect("editions.checks", edition)


def _dates(edition: EditionInfo) -> Iterable[Check]:
    change_it = path_for("editions.edit", edition=edition.slug)
    opens, closes, now = edition.registration_opens_at, edition.registration_closes_at, clock.now()
    yield Check(edition.ends_on >= edition.starts_on, "The last day comes after the first", url=f"{change_it}#ends_on")
    over = rules.day_ends(edition.ends_on, edition.zone, 0)
    sane = opens < closes and now < closes <= over
    detail = "" if sane else "it must close after it opens, not be over yet, and close before the edition ends"
    yield Check(sane, "Registration opens and closes in time", detail, f"{change_it}#registration_closes")


def _schedule(edition: EditionInfo) -> Iterable[Check]:
    found = modules_of(edition.course_id)
    change_it = path_for("editions.edit", edition=edition.slug)
    yield Check(bool(found), "The course has at least one module", "" if found else "load its content again: lms content load")
    late = rules.outside(found, edition.schedule, (edition.ends_on - edition.starts_on).days)
    detail = f"not so: {', '.join(late)}" if late else ""
    yield Check(not late, "Every module opens and closes inside the dates", detail, f"{change_it}#schedule")


def _team(edition: EditionInfo) -> Iterable[Check]:
    query = select(Enrolment.role, func.count()).where(Enrolment.edition_id == edition.id, Enrolment.state == EnrolmentState.CONFIRMED)
    counts: dict[str, int] = dict(db.session.execute(query.group_by(Enrolment.role)).all())
    where = next(iter(collect("editions.team", edition)), "")
    for role in (Role.TUTOR, Role.ADMINISTRATOR):
        yield Check(bool(counts.get(role)), f"At least one {role} is on the team", url=where)


def _mail(edition: EditionInfo) -> Check:
    done = edition.demo or bool(current_app.extensions["settings"].smtp_url)
    detail = "" if done else "set SMTP_URL in the settings, or make this a demonstration"
    return Check(done, "Mail can be sent", detail, path_for("editions.edit", edition=edition.slug) + "#demo")


