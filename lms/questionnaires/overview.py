"""Satisfaction over all questionnaires of a kind, as its page and its file show it: each rate with what it was drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.core.spreadsheet import Value
from lms.questionnaires import queries, rules
from lms.questionnaires.figures import KINDS
from lms.questionnaires.results import percent
from lms.questionnaires.rules import Answered
from lms.questionnaires.values import Info, Rate, Response

HEADS = {"module": "By module", "day": "By day", "aspect": "By aspect", "gender": "Women and men"}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rates of one way to tell answers apart, drawn from so many questionnaires."""

    label: str
    rates: tuple[Rate, ...]
    drawn_from: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the questionnaires of one kind tell together; `left_out` are those that may not be shown, or not yet."""

    label: str
    used: int
    response: Response
    whole: Rate | None
    breakdowns: tuple[Breakdown, ...]
    left_out: tuple[Info, ...]


def summaries(found: Sequence[Info], modules: Mapping[str, str]) -> list[Summary]:
    """Put together what some questionnaires tell; `modules` are titles by slug."""
    counts, told = queries.responses(found), queries.told(found)
    given = []
    for template, (_, _, label, ways) in KINDS.items():
        used = [one for one in found if one.template == template]
        over = [(one, answers) for one, answers in told if one.template == template]
        if used:
            response = Response(sum(counts[one.id].answered for one in used), sum(counts[one.id].asked for one in used))
            breakdowns = tuple(_breakdown(over, way, modules) for way in ways if over)
            left_out = tuple(one for one in used if one not in [shown for shown, _ in over])
            given.append(Summary(label, len(used), response, next(iter(rules.totals(over)), None), breakdowns, left_out))
    return given


def _breakdown(over: Sequence[Answered], way: str, modules: Mapping[str, str]) -> Breakdown:
    telling = [(one, answers) for one, answers in over if way != "gender" or rules.by_group(one.items, answers)]
    rates = (Rate(rate.key, _label(rate, way, modules), rate.given, rate.possible, rate.people) for rate in rules.totals(telling, way))
    return Breakdown(HEADS[way], tuple(rates), len(telling))


def _label(rate: Rate, way: str, modules: Mapping[str, str]) -> str:
    return modules.get(rate.key, rate.label or "No module in particular") if way == "module" else rate.label


def table(found: Sequence[Summary]) -> Iterator[Sequence[Value]]:
    """Give the rows of the file: what the page shows, and nothing else."""
    yield "Questionnaires", "Breakdown", "Part", "Answers", "Points given", "Points possible", "Satisfaction"
    for summary in found:
        if summary.whole:
            yield summary.label, "All", "", *_numbers(summary.whole)
        for breakdown in summary.breakdowns:
            yield from ((summary.label, breakdown.label, rate.label, *_numbers(rate)) for rate in breakdown.rates)


def _numbers(rate: Rate) -> tuple[Value, ...]:
    return rate.people, rate.given, rate.possible, percent(rate.share)
