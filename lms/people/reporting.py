"""What reports tell of how far learners come: the funnel's own counts, and the rates that its stages name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.core.domain import Gender
from lms.core.figures import Figure, Kind, Part
from lms.core.reporting import Stage, StageRate
from lms.core.viewer import edition_by_id
from lms.people import funnel
from lms.people.funnel import Funnel

ACROSS = {Gender.WOMAN: "country_women", Gender.MAN: "country_men"}


def figures(edition_id: int) -> Iterator[Figure]:
    """Give a figure for each stage of the funnel, by gender, country and sector, and for each rate between two of them."""
    found, across = funnel.counted_now(edition_by_id(edition_id), tuple(ACROSS))
    steps = enumerate(zip(found.stages, found.all, strict=True))
    counts = {stage.key: _count(stage, _breakdowns(found, across, number), share.count) for number, (stage, share) in steps}
    yield from counts.values()
    for stage in found.stages:
        yield from (_rate(stage, rate, counts[stage.key], counts[rate.of]) for rate in stage.rates if rate.of in counts)


def _count(stage: Stage, by: Mapping[str, tuple[Part, ...]], count: int) -> Figure:
    return Figure(stage.key, stage.phase, stage.label, stage.definition, count, by=by, words=stage.words)


def _breakdowns(found: Funnel, across: Mapping[str, Funnel], number: int) -> dict[str, tuple[Part, ...]]:
    """Give the rows of a stage by each fact, and by country those of women and of men alone."""
    by = {name: _parts(found, name, number) for name, _ in found.parts}
    return by | {name: _parts(across[gender], "country", number) for gender, name in ACROSS.items()}


def _parts(found: Funnel, name: str, number: int) -> tuple[Part, ...]:
    return tuple(Part(part.value, part.label, part.shares[number].count) for part in dict(found.parts)[name])


def _rate(stage: Stage, rate: StageRate, reached: Figure, of: Figure) -> Figure:
    """Divide the counts of two stages, as a whole and in each row."""
    by = {name: tuple(map(_ratio, parts, of.by[name])) for name, parts in reached.by.items()}
    words = f"{reached.label} of {of.label.lower()}."
    return Figure(rate.name, stage.phase, rate.label, words, reached.numerator, of.numerator, Kind.RATE, by, rate.words)


def _ratio(part: Part, whole: Part) -> Part:
    return Part(part.value, part.label, part.numerator, whole.numerator)
