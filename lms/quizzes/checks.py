"""What can be wrong with quizzes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lms.core.content import SLUG, CourseSource, Problem
from lms.core.criteria import Criteria
from lms.core.questions import parse
from lms.modules.api import ModuleText, read_modules
from lms.quizzes import banks
from lms.quizzes.rules import Feedback, Keep
from lms.quizzes.sources import QUESTION_KEYS, QuestionSource, QuizSource, read_quizzes
from lms.quizzes.wording import dead_links

QUIZ_KEYS = {"title", "draw", "minutes", "attempts", "keep", "pass", "feedback", "questions"}
MOST = {"draw": 100, "minutes": 600, "attempts": 100, "pass": 100}


def check(course: CourseSource) -> Iterator[Problem]:
    """Report every fault of the course's quizzes."""
    texts = {text.source.slug: text for text in read_modules(course)}
    quizzes = read_quizzes(course)
    for module in course.modules:
        if module.slug not in {quiz.module for quiz in quizzes}:
            yield Problem(module.folder, 1, "the module has no quiz.toml", warning=True)
    for quiz in quizzes:
        yield from quiz.problems
        if quiz.file.data:
            yield from _quiz(quiz, texts, course.criteria)
    yield from _twice(quizzes)


def _quiz(quiz: QuizSource, texts: Mapping[str, ModuleText], wanted: Criteria) -> Iterator[Problem]:
    yield from _rules(quiz)
    text = texts[quiz.module]
    objectives = banks.objectives(text)
    lessons = {lesson.path.stem for lesson in text.lessons}
    files = {f"{slug}/{lesson.path.name}" for slug, other in texts.items() for lesson in other.lessons}
    parsed = [(source, parse(source.table, QUESTION_KEYS)) for source in quiz.questions]
    for source, result in parsed:
        yield from (source.problem(fault.message, fault.near) for fault in result.faults)
        yield from _place(source, objectives, lessons)
        yield from (
            source.problem(f"dead link: {link}", link)
            for link in dead_links(source.table, quiz.module, files)
        )
    yield from _drawing(quiz, objectives)
    yield from banks.check(quiz, text, wanted)


def _rules(quiz: QuizSource) -> Iterator[Problem]:
    file, data = quiz.file, quiz.file.data
    yield from file.unknown_keys(data, QUIZ_KEYS)
    yield from file.missing(data, {"title": str, "draw": int, "questions": list})
    for key, most in MOST.items():
        value, low = data.get(key, 1), 0 if key == "pass" else 1
        kinds = int | float if key == "pass" else int
        if not isinstance(value, kinds) or isinstance(value, bool) or not low <= value <= most:
            yield file.problem(
                f"{key!r} must be a {'' if key == 'pass' else 'whole '}number from {low} to {most}", key
            )
    for key, choices in {"keep": [*Keep], "feedback": [*Feedback]}.items():
        if data.get(key, choices[0]) not in choices:
            yield file.problem(f"{key!r} must be one of {', '.join(choices)}", key)
    questions = data.get("questions")
    if isinstance(questions, list) and not all(isinstance(table, dict) for table in questions):
        yield file.problem("'questions' must be tables: [[questions]]", "questions")


def _place(source: QuestionSource, objectives: tuple[str, ...], lessons: set[str]) -> Iterator[Problem]:
    table = source.table
    if not isinstance(table.get("id"), str) or not SLUG.fullmatch(source.slug):
        yield source.problem("'id' must be of small letters, digits and hyphens", "id")
    if table.get("objective") not in objectives:
        yield source.problem(
            f"no lesson of the module has the objective {table.get('objective')!r}", "objective"
        )
    if table.get("lesson") not in lessons:
        yield source.problem(f"the module has no lesson {table.get('lesson')!r}", "lesson")


def _twice(quizzes: tuple[QuizSource, ...]) -> Iterator[Problem]:
    seen: dict[str, QuestionSource] = {}
    for source in (source for quiz in quizzes for source in quiz.questions):
        if source.slug in seen:
            other = seen[source.slug]
            yield source.problem(
                f"this id is used already, in {other.module}/quiz.toml on line {other.first}", "id"
            )
        seen.setdefault(source.slug, source)


def _drawing(quiz: QuizSource, objectives: tuple[str, ...]) -> Iterator[Problem]:
    count: Any = quiz.file.data.get("draw")
    if isinstance(count, int) and count > len(quiz.questions):
        yield quiz.file.problem(f"{count} questions can't be drawn from {len(quiz.questions)}", "draw")
    elif isinstance(count, int) and 0 < count < len(objectives):
        yield quiz.file.problem(
            f"a draw of {count} can't cover all {len(objectives)} objectives", "draw", warning=True
        )
