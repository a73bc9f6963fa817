"""What can be wrong with quizzes, and what is suspicious about a whole bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lms.core.content import SLUG, CourseSource, Problem
from lms.core.questions import Choice, Parsed, Single, TrueFalse, parse
from lms.modules.api import ModuleText, read_modules
from lms.quizzes.rules import Feedback, Keep
from lms.quizzes.sources import QUESTION_KEYS, QuestionSource, QuizSource, read_quizzes
from lms.quizzes.wording import dead_links

QUIZ_KEYS = {"title", "draw", "minutes", "attempts", "keep", "pass", "feedback", "questions"}
LEAST_PER_OBJECTIVE = 3
ENOUGH_TO_JUDGE = 8
FAR_OFF = 0.45
ONE_SIDED = 0.8
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
            yield from _quiz(quiz, texts[quiz.module], texts)
    yield from _twice(quizzes)


def _quiz(quiz: QuizSource, text: ModuleText, texts: Mapping[str, ModuleText]) -> Iterator[Problem]:
    yield from _rules(quiz)
    objectives = tuple(str(item.get("id")) for lesson in text.lessons for item in lesson.objectives)
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
    yield from _balance(quiz, [result for _, result in parsed])


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
    covered = Counter(source.table.get("objective") for source in quiz.questions)
    for name in objectives:
        if covered[name] < LEAST_PER_OBJECTIVE:
            message = f"objective {name!r} has {covered[name]} questions, fewer than {LEAST_PER_OBJECTIVE}"
            yield quiz.file.problem(message, f'"{name}"', warning=True)
    if isinstance(count, int) and count > len(quiz.questions):
        yield quiz.file.problem(f"{count} questions can't be drawn from {len(quiz.questions)}", "draw")
    elif isinstance(count, int) and 0 < count < len(objectives):
        yield quiz.file.problem(
            f"a draw of {count} can't cover all {len(objectives)} objectives", "draw", warning=True
        )


def _balance(quiz: QuizSource, parsed: list[Parsed]) -> Iterator[Problem]:
    found = [result.question for result in parsed]
    singles = [question for question in found if isinstance(question, Single)]
    truths = [question.options[0].correct for question in found if isinstance(question, TrueFalse)]
    if len(singles) >= ENOUGH_TO_JUDGE:
        longest = sum(map(_key_is_longest, singles))
        if longest > FAR_OFF * len(singles):
            yield quiz.file.problem(
                f"the right option is the longest in {longest} of {len(singles)} single choices", warning=True
            )
        place, times = Counter(map(_position, singles)).most_common(1)[0]
        if times > FAR_OFF * len(singles):
            yield quiz.file.problem(
                f"the right option is number {place} in {times} of {len(singles)} single choices",
                warning=True,
            )
    if len(truths) >= LEAST_PER_OBJECTIVE and not 1 - ONE_SIDED <= sum(truths) / len(truths) <= ONE_SIDED:
        yield quiz.file.problem(f"{sum(truths)} of {len(truths)} statements are true", warning=True)


def _key_is_longest(question: Choice) -> bool:
    right = next(len(option.text) for option in question.options if option.correct)
    return all(len(option.text) < right for option in question.options if not option.correct)


def _position(question: Choice) -> int:
    return 1 + next(at for at, option in enumerate(question.options) if option.correct)
