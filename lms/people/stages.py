"""How far the learners of an edition come, step by step, as features define it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import and_, false, or_

from lms.core.domain import Enrolment, EnrolmentState, Role
from lms.core.reporting import STEPS, Deed, Stage, done
from lms.core.slots import collect
from lms.core.viewer import EditionInfo

LEARNERS = and_(Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED)
KEYS = ("registered", "active")


def stages(edition: EditionInfo) -> tuple[Stage, ...]:
    """List the steps in order; whoever has reached one is registered."""
    deeds: list[Deed] = collect("people.deeds")
    words = ", ".join(deed.label for deed in deeds)
    took_part = [done(deed.enrolment_id == Enrolment.id) for deed in deeds]
    reported: list[Stage] = sorted(collect("people.stages", edition), key=_place)
    return (
        Stage(KEYS[0], "Registered", "Learners whose place in the edition is confirmed.", LEARNERS, words=("registered", "registrations")),
        Stage(KEYS[1], "Active", f"Registered, and did at least one of these: {words}.", and_(LEARNERS, or_(false(), *took_part))),
        *(replace(stage, reached=and_(LEARNERS, stage.reached)) for stage in reported),
    )


def _place(stage: Stage) -> int:
    """Put the usual stages in their order, and others after them."""
    return STEPS.index(stage.key) if stage.key in STEPS else len(STEPS)
