"""The register of figures as it is now: what every feature puts into it."""

from __future__ import annotations

from lms.core.figures import Figure
from lms.core.slots import collect
from lms.core.viewer import edition_by_id
from lms.reports import rules
from lms.reports.rules import Contents


def figures(edition_id: int) -> tuple[Figure, ...]:
    """Give the register of an edition's figures, computed now."""
    return rules.register(collect("reports.figures", edition_id))


def contents(edition_id: int) -> Contents:
    """Gather everything that a snapshot holds."""
    edition = edition_by_id(edition_id)
    facts = {
        "title": edition.title,
        "course": edition.course_title,
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "zone": edition.zone,
        "state": edition.state,
    }
    return Contents(facts, figures(edition_id), tuple(collect("reports.annexes", edition_id)))
