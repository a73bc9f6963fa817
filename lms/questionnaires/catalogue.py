"""The templates that come with the platform, and the audiences that features offer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Select, select

from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Role
from lms.core.errors import Invalid
from lms.core.slots import collect
from lms.questionnaires.rules import item_of
from lms.questionnaires.values import Audience, Template

LEARNERS = "learners"
SLOT = "questionnaires.audiences"
DAY = "day"


@cache
def templates() -> Mapping[str, Template]:
    """Give all templates by name."""
    found = tomllib.loads((Path(__file__).parent / "templates.toml").read_text(encoding="utf-8"))
    return {
        name: Template(name, facts["title"], facts["minutes"], tuple(item_of(item) for item in facts["items"]), facts.get("about", ""))
        for name, facts in found.items()
    }


def audiences(edition_id: int) -> dict[str, Audience]:
    """Give who can be asked in an edition: all its learners, and whom other features name."""
    found = [Audience(LEARNERS, "All learners", lambda: _learners(edition_id)), *collect(SLOT, edition_id)]
    return {audience.name: audience for audience in found}


def _learners(edition_id: int) -> tuple[int, ...]:
    return tuple(db.session.scalars(_learning(edition_id).order_by(Enrolment.id)))


def _learning(edition_id: int) -> Select[int]:
    query = select(Enrolment.id).where(Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER)
    return query.where(Enrolment.state == EnrolmentState.CONFIRMED)


def members(edition_id: int, audience: str) -> tuple[int, ...]:
    """List whom an audience names; nobody where the feature that offered it is gone."""
    found = audiences(edition_id).get(audience)
    return found.members() if found else ()


def includes(edition_id: int, audience: str, enrolment_id: int) -> bool:
    """Tell whether an audience has somebody in it; of all learners, without listing them."""
    if audience == LEARNERS:
        return db.session.scalar(_learning(edition_id).where(Enrolment.id == enrolment_id)) is not None
    return enrolment_id in members(edition_id, audience)


def require(edition_id: int, template: str, audience: str, day: int | None) -> tuple[Template, str]:
    """Give a template and whom it asks: where nobody is named, those it concerns; raise `Invalid`, naming the field, for what can't be."""
    if (found := templates().get(template)) is None:
        message = "There is no such template."
        raise Invalid(message, field="template")
    offered = audiences(edition_id)
    if audience and audience not in offered:
        message = "There is no such audience."
        raise Invalid(message, field="audience")
    about = {one.about: one.name for one in offered.values() if one.about}
    if found.about != DAY:
        return found, audience or about.get(found.about, LEARNERS)
    return found, _of_day(about, audience, day)


def _of_day(about: Mapping[str, str], audience: str, day: int | None) -> str:
    """Ask about a day those alone who were there; where no feature knows who was, those who are named."""
    days = [name for name in about if name.startswith(DAY)]
    wanted = about.get(f"{DAY} {day}")
    if days and wanted is None:
        message = f"Please say which day of the workshop it is about, from 1 to {len(days)}."
        raise Invalid(message, field="day")
    if wanted and audience not in {"", wanted}:
        message = "Only those who were there can tell how a day was. Please choose “Those it concerns”."
        raise Invalid(message, field="audience")
    return wanted or audience or LEARNERS
