"""What reports tell of how far learners come: the funnel's own counts, and the rates that its stages name."""

from __future__ import annotations

from collections.abc import Iterator

from lms.core.figures import Figure, Kind, Part
from lms.core.reporting import Stage, StageRate
from lms.core.viewer import edition_by_id
from lms.people import funnel
from lms.people.funnel import Funnel


def figures(edition_id: int) -> Iterator[Figure]:
    """Give a figure for each stage of the funnel, by gender, country and sector, and for each rate between two of them."""
    found = funnel.counted_now(edition_by_id(edition_id))
    counts = {stage.key: _count(found, number) for number, stage in enumerate(found.stages)}
    yield from counts.values()
    for stage in found.stages:
        yield from (_rate(stage, rate, counts[stage.key], counts[rate.of]) for rate in stage.rates if rate.of in counts)


def _count(found: Funnel, number: int) -> Figure:
    stage = found.stages[number]
    by = {name: tuple(Part(part.value, part.label, part.shares[number].count) for part in parts) for name, parts in found.parts}
    return Figure(stage.key, stage.phase, stage.label, stage.definition, found.all[number].count, by=by, words=stage.words)


def _rate(stage: Stage, rate: StageRate, reached: Figure, of: Figure) -> Figure:
    """Divide the counts of two stages, as a whole and in each row."""
    by = {
        name: tuple(
            Part(part.value, part.label, part.numerator, base.numerator) for part, base in zip(parts, of.by[name], strict=True)
        )
        for name, parts in reached.by.items()
    }
    words = f"{reached.label} of {of.label.lower()}."
    return Figure(rate.name, stage.phase, rate.label, words, reached.numerator, of.numerator, Kind.RATE, by, rate.words)
