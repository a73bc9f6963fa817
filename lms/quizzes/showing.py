"""Questions as pages show them: texts rendered, controls in the attempt's order, and what was right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from lms.core.asking import LONGEST, boxes, rows
from lms.core.marking import credit, feedback, fits, oddity, right_answer, solution
from lms.core.questions import Answer, Choice, Judged, Matching, Numeric, Question, Short, TrueFalse
from lms.core.templating import rounded
from lms.quizzes.papers import PaperItem, Place
from lms.quizzes.rules import as_decimal
from lms.quizzes.wording import fingerprint, html, plain

_HINTS = {
    "multiple": "Choose all that apply.",
    "matching": "Choose the match of each.",
    "ordering": "Give each its place.",
}


@dataclass(frozen=True, slots=True)
class ShownBox:
    """An option; `mark` says after marking whether it was 'right', 'wrong' or 'missed'."""

    value: str
    text: Markup
    chosen: bool
    mark: str | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of matching or ordering; `mark` says after marking whether a match was 'right' or 'wrong'."""

    name: str
    label: Markup
    choices: tuple[tuple[str, str], ...]
    value: str
    mark: str | None


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of a question; `state` is 'right', 'part' or 'wrong'."""

    state: str
    points: str
    said: tuple[Markup, ...]
    solution: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A question of an attempt."""

    position: int
    name: str
    kind: str
    situation: Markup
    stem: Markup
    hint: str
    lesson: str
    objective: str
    boxes: tuple[ShownBox, ...]
    rows: tuple[ShownRow, ...]
    text: str
    unit: str
    longest: int
    answered: bool
    doubt: str
    flagged: bool
    fingerprint: str
    marked: Marked | None


def show(
    item: PaperItem, place: Place, answer: Answer | None, *, flagged: bool = False, marked: bool = False
) -> ShownItem:
    """Show a question with what was answered, `marked` also with what was right."""
    question, name = item.asked.question, f"a{item.position}"
    return ShownItem(
        position=item.position,
        name=name,
        kind=question.kind,
        situation=_html(place, question.situation),
        stem=_html(place, question.stem),
        hint=_HINTS.get(question.kind, ""),
        lesson=item.lesson,
        objective=item.objective,
        boxes=tuple(_boxes(item, place, answer, marked=marked)),
        rows=tuple(_rows(item, place, answer, marked=marked)),
        text=answer if isinstance(answer, str) else "",
        unit=plain(question.unit) if isinstance(question, Numeric) else "",
        longest=LONGEST,
        answered=answer is not None,
        doubt=oddity(question, answer),
        flagged=flagged,
        fingerprint=fingerprint(answer, flagged),
        marked=_marked(question, place, answer) if marked else None,
    )


def show_key(item: PaperItem, place: Place) -> ShownItem:
    """Show a question with all that is accepted and all that is said of answers."""
    question = item.asked.question
    key = (
        question.answers
        if isinstance(question, Short)
        else ()
        if isinstance(question, Choice | Matching)
        else solution(question)
    )
    marked = Marked(
        "",
        "",
        tuple(_html(place, text) for text in _sayings(question)),
        tuple(_html(place, text) for text in key),
    )
    return replace(show(item, place, right_answer(question), marked=True), marked=marked)


def _sayings(question: Question) -> tuple[str, ...]:
    match question:
        case Choice(options=options):
            return tuple(f"{option.text}: {option.feedback}" for option in options)
        case Judged():
            return (f"When right: {question.feedback_right}", f"Otherwise: {question.feedback_wrong}")
    return feedback(question, None)


def points(value: Decimal, most: int = 1) -> str:
    """Write what was earned as points, to two places at most."""
    text = f"{rounded(value, 2):f}"
    return f"{text.rstrip('0').rstrip('.')} of {most} point{'' if most == 1 else 's'}"


def _html(place: Place, text: str) -> Markup:
    return html(text, place.edition.slug, place.module.slug)


def _boxes(item: PaperItem, place: Place, answer: Answer | None, *, marked: bool) -> Iterator[ShownBox]:
    question = item.asked.question
    if not isinstance(question, Choice):
        return
    for box in boxes(item.asked, answer):
        correct = question.options[box.number].correct
        mark = {(True, True): "right", (True, False): "wrong", (False, True): "missed"}.get(
            (box.chosen, correct)
        )
        text = Markup(box.text) if isinstance(question, TrueFalse) else _html(place, box.text)  # noqa: S704 - our own words
        yield ShownBox(box.value, text, box.chosen, mark if marked else None)


def _rows(item: PaperItem, place: Place, answer: Answer | None, *, marked: bool) -> Iterator[ShownRow]:
    question = item.asked.question
    for row in rows(item.asked, f"a{item.position}", answer):
        choices, mark = row.choices, None
        if isinstance(question, Matching):
            choices = tuple((value, plain(text)) for value, text in choices)
            mark = "right" if fits(question, row.number, answer or []) else "wrong"
        yield ShownRow(row.name, _html(place, row.label), choices, row.value, mark if marked else None)


def _marked(question: Question, place: Place, answer: Answer | None) -> Marked:
    earned = credit(question, answer)
    state = "right" if earned == 1 else "part" if earned else "wrong"
    said = tuple(_html(place, text) for text in feedback(question, answer))
    told = isinstance(question, Choice | Matching) or state == "right"
    key = () if told else tuple(_html(place, text) for text in solution(question))
    return Marked(state, points(as_decimal(earned)), said, key)
