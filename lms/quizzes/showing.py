"""Questions as pages show them: texts rendered, controls in the attempt's order, and what was right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from lms.core.asking import LONGEST, boxes, rows
from lms.core.marking import feedback, fits, oddity, right_answer, solution
from lms.core.questions import Answer, Choice, Judged, Matching, Numeric, Question, Short, TrueFalse
from lms.core.templating import rounded
from lms.quizzes.papers import PaperItem, Place
from lms.quizzes.wording import fingerprint, html, plain

_HINTS = {
    "multiple": "Choose all that apply.",
    "matching": "Choose the match of each.",
    "ordering": "Give each its place.",
}


class ShownBox(NamedTuple):
    """An option; `mark` says after marking whether it was 'right', 'wrong' or 'missed'."""

    value: str
    text: Markup
    chosen: bool
    mark: str | None


class ShownRow(NamedTuple):
    """A row of matching or ordering; `mark` says after marking whether a match was 'right' or 'wrong'."""

    name: str
    label: Markup
    choices: tuple[tuple[str, str], ...]
    value: str
    mark: str | None


class Marked(NamedTuple):
    """What came of a question; `state` is 'right', 'part' or 'wrong'."""

    state: str
    points: str
    said: tuple[Markup, ...]
    solution: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A question of an attempt with what was answered; what a page does not show of it is not made ready.

    `refused` says what is wrong with an answer that was sent and not stored, `was` the mark of what the page had been opened with.
    """

    item: PaperItem
    place: Place
    answer: Answer | None
    flagged: bool
    marked: Marked | None
    refused: str = ""
    was: str | None = None

    @property
    def question(self) -> Question:
        """The question itself."""
        return self.item.asked.question

    @property
    def position(self) -> int:
        """Its place in the attempt, from 1."""
        return self.item.position

    @property
    def name(self) -> str:
        """What its controls are called."""
        return f"a{self.item.position}"

    @property
    def kind(self) -> str:
        """Its kind, in the word that authors use."""
        return self.question.kind

    @property
    def situation(self) -> Markup:
        """The situation that it starts from; empty where there is none."""
        return _html(self.place, self.question.situation)

    @property
    def stem(self) -> Markup:
        """What is asked."""
        return _html(self.place, self.question.stem)

    @property
    def hint(self) -> str:
        """How to answer, where that does not go without saying."""
        return _HINTS.get(self.question.kind, "")

    @property
    def lesson(self) -> str:
        """The slug of what to reread."""
        return self.item.lesson

    @property
    def objective(self) -> str:
        """The objective that it belongs to."""
        return self.item.objective

    @property
    def boxes(self) -> tuple[ShownBox, ...]:
        """The options of a choice."""
        return tuple(_boxes(self.item, self.place, self.answer, marked=self.marked is not None))

    @property
    def rows(self) -> tuple[ShownRow, ...]:
        """The rows of matching and ordering."""
        return tuple(_rows(self.item, self.place, self.answer, marked=self.marked is not None))

    @property
    def text(self) -> str:
        """What was typed."""
        return self.answer if isinstance(self.answer, str) else ""

    @property
    def longest(self) -> int:
        """How many characters may be typed."""
        return LONGEST

    @property
    def unit(self) -> str:
        """What a number counts."""
        return plain(self.question.unit) if isinstance(self.question, Numeric) else ""

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None

    @property
    def doubt(self) -> str:
        """What is doubtful about the answer, or wrong with one that was not stored."""
        return self.refused or oddity(self.question, self.answer)

    @property
    def fingerprint(self) -> str:
        """The mark by which the page knows whether the answer or its flag changed."""
        return fingerprint(self.answer, self.flagged) if self.was is None else self.was


def show(
    item: PaperItem, place: Place, answer: Answer | None, *, flagged: bool = False, earned: Decimal | None = None
) -> ShownItem:
    """Show a question with what was answered, and with what was right once it is known what the answer earned, from 0 to 1."""
    marked = None if earned is None else _marked(item.asked.question, place, answer, earned)
    return ShownItem(item, place, answer, flagged, marked)


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
    return ShownItem(item, place, right_answer(question), flagged=False, marked=marked)


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


def _marked(question: Question, place: Place, answer: Answer | None, earned: Decimal) -> Marked:
    state = "right" if earned == 1 else "part" if earned else "wrong"
    said = tuple(_html(place, text) for text in feedback(question, answer))
    told = isinstance(question, Choice | Matching) or state == "right"
    key = () if told else tuple(_html(place, text) for text in solution(question))
    return Marked(state, points(earned), said, key)
