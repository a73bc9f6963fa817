"""What reports tell of recommendations: the final list, counted from the list itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lms.core.figures import Annex, Figure, Part, Phase
from lms.recommendations.queries import recommendations
from lms.recommendations.rules import LEVELS


def figures(edition_id: int) -> Iterator[Figure]:
    """Count the final list by level, once there is one."""
    if found := recommendations(edition_id):
        counts = Counter(line.level for line in found)
        by = {"level": tuple(Part(level.value, label, counts[level]) for level, label in LEVELS.items())}
        words = "Recommendations in the final list, counted from it."
        spoken = ("recommendations", "recommendation")
        yield Figure("recommendations", Phase.WORKSHOP, "Recommendations", words, len(found), by=by, words=spoken)


def annexes(edition_id: int) -> Iterator[Annex]:
    """Give the final list, by level."""
    if found := recommendations(edition_id):
        rows = tuple((str(line.number or ""), LEVELS[line.level], line.text) for line in found)
        yield Annex("recommendations", "Recommendations", ("No.", "Level", "Recommendation"), rows)
