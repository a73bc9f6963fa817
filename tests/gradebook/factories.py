"""A feature whose activities count, to test with: it knows scores by enrolment and tells of changes as any feature does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lms.core.db import unit_of_work
from lms.core.domain import Role
from lms.core.events import publish
from lms.core.progress import Activity, ActivityChanged
from lms.core.viewer import NOBODY, EditionInfo, edition_by_id
from lms.editions.api import close_edition
from tests.core import factories

MODULES = ("m1", "m2", "m3", "m4", "m5")


@dataclass
class Work:
    """Counting work: one piece a module, each with a weight, and the scores that learners have."""

    weights: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(MODULES, Decimal(1)))
    scores: dict[int, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    opens_at: dict[str, datetime] = field(default_factory=dict)
    due_at: dict[str, datetime] = field(default_factory=dict)

    def activities(self, enrolment_id: int) -> Iterator[Activity]:
        """Report the work as a feature does, with something that doesn't count among it."""
        yield Activity(feature="lessons", key="l1", title="A lesson", group="m1", group_title="1 Module", done=True)
        for module, weight in self.weights.items():
            score = self.scores[enrolment_id].get(module)
            yield Activity(
                feature="work",
                key=module,
                title=f"Test of {module}",
                group=module,
                group_title=f"{module[1:]} Module called {module}",
                group_url=f"/modules/{module}",
                done=score is not None,
                counts=True,
                score=score,
                weight=weight,
                url=f"/tests/{module}",
                opens_at=self.opens_at.get(module),
                due_at=self.due_at.get(module),
                detail="2 of 3 attempts, the best one counts" if score is not None else "",
            )

    def give(self, enrolment_id: int, *, why: str = "Attempt 1 was handed in.", actor_id: int | None = None, **scores: float | str) -> None:
        """Give scores to a learner and tell about it."""
        with unit_of_work():
            self.scores[enrolment_id] |= {module: Decimal(str(score)) for module, score in scores.items()}
            publish(ActivityChanged(enrolment_id, actor_id, why))

    def take(self, enrolment_id: int, module: str, why: str = "The attempt was annulled.") -> None:
        """Take a score away."""
        with unit_of_work():
            del self.scores[enrolment_id][module]
            publish(ActivityChanged(enrolment_id, None, why))


def class_of(work: Work, *finals: float | str, **facts: object) -> tuple[EditionInfo, list[int]]:
    """Make an edition with a learner for each final average, reached by the same score in each module."""
    edition_id = factories.edition(None, **facts)
    learners = [factories.enrolment(edition_id) for _ in finals]
    for learner, final in zip(learners, finals, strict=True):
        work.give(learner, **dict.fromkeys(work.weights, str(final)))  # type: ignore[arg-type]
    return edition_by_id(edition_id), learners


def close(edition_id: int) -> None:
    """Close an edition."""
    with unit_of_work():
        close_edition(edition_id, NOBODY)


def staff(edition_id: int, role: Role = Role.ADMINISTRATOR) -> int:
    """Give an edition somebody of the staff, by the person's id."""
    return factories.person_of(factories.enrolment(edition_id, role=role))
