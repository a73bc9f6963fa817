"""A large edition beside the running one: thousands of learners with grades, without their studying."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from sqlalchemy import insert, select

from bench.world import RUNNING, World, edition, enrol, register
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition
from lms.gradebook.models import GradedGroup, Standing

LARGE = "large"


def enlarge(world: World) -> None:
    """Fill the large edition, unless it is there: its learners stand where those of the running one stand, in turn."""
    if LARGE in world.people:
        return
    with world.app.app_context(), unit_of_work():
        large = edition(LARGE)
        world.people[LARGE] = register(LARGE, world.size.large)
        enrolments = enrol(large, world.people[LARGE])
        running = db.session.scalar(select(Edition.id).where(Edition.slug == RUNNING))
        db.session.execute(insert(GradedGroup), [{**row, "edition_id": large} for row in rows(GradedGroup, running)])
        standings = cycle(rows(Standing, running))
        db.session.execute(
            insert(Standing),
            [
                {**row, "edition_id": large, "enrolment_id": enrolment_id, "name_key": f"large learner {number}"}
                for number, (enrolment_id, row) in enumerate(zip(enrolments, standings, strict=False), 1)
            ],
        )


def rows(model: type[Any], edition_id: int | None) -> list[dict[str, Any]]:
    """Give the rows of an edition without their ids."""
    columns = [column for column in model.__table__.columns if column.name != "id"]
    found = db.session.execute(select(*columns).where(model.edition_id == edition_id)).mappings()
    return [dict(row) for row in found]
