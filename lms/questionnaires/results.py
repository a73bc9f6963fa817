"""What came of a questionnaire, as its page and its file show it: nothing that fewer than five said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.core.spreadsheet import Value
from lms.questionnaires import rules
from lms.questionnaires.reading import sheets
from lms.questionnaires.values import Info, Item, Kind, Rate, Sheet


@dataclass(frozen=True, slots=True)
class Spread:
    """How often each answer to a question was given, in the order of the answers; none where too few answered."""

    label: str
    people: int
    counts: tuple[tuple[str, int], ...] | None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The spreads of a matrix, by its rows; `scale` are the answers from the least to the most points."""

    label: str
    scale: tuple[str, ...]
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote; `quotable` says that the author agreed to be quoted."""

    sheet: str
    key: str
    question: str
    text: str
    quotable: bool
    tag: str


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that may be shown; `shown` is false where fewer than five answered."""

    people: int
    shown: bool
    whole: Rate | None
    grids: tuple[Grid, ...]
    spreads: tuple[Spread, ...]
    groups: tuple[Rate, ...]
    comments: tuple[Comment, ...]


def results(found: Info, tag: str = "") -> Results:
    """Put together what a questionnaire that is over tells."""
    answers = sheets(found.id) if found.sealed else []
    if not rules.publishable(len(answers)):
        return Results(len(answers), False, None, (), (), (), ())  # noqa: FBT003 - the field says it
    whole = rules.rate("", found.title, found.items, answers)
    return Results(
        len(answers),
        True,  # noqa: FBT003 - the field says it
        whole if whole.possible else None,
        tuple(Grid(item.label, item.scale, tuple(_spreads([item], answers))) for item in found.items if item.kind == Kind.MATRIX),
        tuple(_spreads([item for item in found.items if item.kind in {Kind.CHOICE, Kind.NUMBER}], answers)),
        tuple(rules.by_group(found.items, answers)) if whole.possible else (),
        tuple(comment for comment in comments(found.items, answers) if tag in {"", comment.tag}),
    )


def _spreads(items: Sequence[Item], answers: Sequence[Sheet]) -> Iterator[Spread]:
    for key, item, label in rules.questions(items):
        given = Counter(sheet.given[key] for sheet in answers if key in sheet.given)
        people = given.total()
        if not rules.publishable(people):
            yield Spread(label, people, None)
            continue
        rate = rules.rate(key, label, items, answers, key) if item.kind == Kind.MATRIX else None
        yield Spread(label, people, tuple(_counts(item, given)), rate)


def _counts(item: Item, given: Counter[int | str]) -> Iterator[tuple[str, int]]:
    if item.kind == Kind.MATRIX:
        yield from ((text, given[points]) for points, text in enumerate(item.scale, 1))
    elif item.kind == Kind.CHOICE:
        yield from ((option.label, given[option.key]) for option in item.options)
    else:
        yield from ((str(number), given[number]) for number in sorted(given, key=int))


def comments(items: Sequence[Item], answers: Sequence[Sheet]) -> Iterator[Comment]:
    """Go through what was written."""
    for key, item, label in rules.questions(items):
        if item.kind == Kind.TEXT:
            for sheet in answers:
                if text := sheet.given.get(key):
                    yield Comment(sheet.id, key, label, str(text), sheet.quotable, sheet.tags.get(key, ""))


def percent(share: Fraction | None) -> str:
    """Write a share in per cent with two places."""
    return "–" if share is None else f"{float(share) * 100:.2f} %"


def table(found: Results) -> Iterator[Sequence[Value]]:
    """Give the rows of the file: what the page shows, and nothing else."""
    yield "Question", "Answer", "People", "Points given", "Points possible"
    for spread in (*(spread for grid in found.grids for spread in grid.spreads), *found.spreads):
        if spread.counts is None:
            yield spread.label, "not shown, fewer than five", None, None, None
            continue
        yield from ((spread.label, label, count, None, None) for label, count in spread.counts)
        if spread.rate:
            yield spread.label, "satisfaction", spread.people, spread.rate.given, spread.rate.possible
    for rate in ((found.whole,) if found.whole else ()) + found.groups:
        yield "All rows together", rate.label, rate.people, rate.given, rate.possible
    for comment in found.comments:
        yield comment.question, comment.text, None, None, None
