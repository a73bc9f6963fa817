"""What makes a module's questions a good bank: enough of them, of many kinds, on every objective, and no giveaways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

from lms.core.content import CourseSource, Problem
from lms.core.criteria import Criteria
from lms.core.questions import KINDS, Choice, Matching, Ordering, Question, Single, TrueFalse, parse
from lms.modules.api import ModuleText, read_modules
from lms.quizzes.sources import QUESTION_KEYS, QuestionSource, QuizSource, read_quizzes

Read = tuple[QuestionSource, Question]
ENOUGH_TO_JUDGE = 8
ENOUGH_TO_EXCLUDE = 12
FEWEST_STATEMENTS = 3
MARGIN = 0.2
ONE_SIDED = 0.8
_OTHERS = re.compile(
    r"\b(?:all|none|any|both|each|neither)(?: of)? (?:the |these |those )?(?:above|below|other (?:answers|options)|previous)\b"
    r"|\b(?:all|none) of (?:these|them|those)\b(?=[\s.!]*$)",
    re.IGNORECASE,
)
_AROUND = " .,;:!?…*_`\"'“”’"
_ARTICLE = re.compile(r"\b(?:a|an)[\s.…:_]*$", re.IGNORECASE)


def check(quiz: QuizSource, text: ModuleText, wanted: Criteria) -> Iterator[Problem]:
    """Report giveaways, doubles and gaps of a module's bank."""
    found = read(quiz)
    for source, question in found:
        yield from _giveaways(source, question)
    yield from _doubles(found)
    yield from _size(quiz, text, wanted)
    yield from _balance(quiz, [question for _, question in found])


def read(quiz: QuizSource) -> list[Read]:
    """Give the questions that could be read, each with where it stands."""
    parsed = ((source, parse(source.table, QUESTION_KEYS).question) for source in quiz.questions)
    return [(source, question) for source, question in parsed if question]


def _giveaways(source: QuestionSource, question: Question) -> Iterator[Problem]:
    for text in _choices(question):
        if match := _OTHERS.search(text):
            yield source.problem(f"{match[0]!r} speaks of other options, which are shuffled", text)
    if isinstance(question, Choice) and _ARTICLE.search(question.stem):
        yield source.problem("a stem that ends in 'a' or 'an' gives options away", "stem", warning=True)


def _choices(question: Question) -> tuple[str, ...]:
    if isinstance(question, TrueFalse):
        return ()
    if isinstance(question, Choice):
        return tuple(option.text for option in question.options)
    if isinstance(question, Matching):
        return tuple(pair.left for pair in question.pairs)
    return question.items if isinstance(question, Ordering) else ()


def _doubles(found: Sequence[Read]) -> Iterator[Problem]:
    seen: dict[Hashable, QuestionSource] = {}
    for source, question in found:
        key = (_folded(question.situation), _folded(question.stem))
        if key in seen:
            yield source.problem(f"asks the same as {seen[key].slug}, in the same words", "stem", warning=True)
        seen.setdefault(key, source)
        texts = _choices(question)
        for text, times in Counter(map(_folded, texts)).items():
            written = [given for given in texts if _folded(given) == text]
            if times > 1 and len(set(written)) > 1:
                yield source.problem(f"{written[0]!r} and {written[1]!r} are the same", written[1])


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(_AROUND)


def _size(quiz: QuizSource, text: ModuleText, wanted: Criteria) -> Iterator[Problem]:
    tables = [source.table for source in quiz.questions]
    kinds = {table.get("type") for table in tables} & set(KINDS)
    cases = sum(bool(table.get("situation")) for table in tables)
    if len(tables) < wanted.questions_per_module:
        yield quiz.file.problem(f"{len(tables)} questions, fewer than {wanted.questions_per_module}", warning=True)
    if len(kinds) < wanted.question_types:
        yield quiz.file.problem(f"{len(kinds)} types of question, fewer than {wanted.question_types}", warning=True)
    if cases * 100 < wanted.situations_percent * len(tables):
        message = f"{cases} of {len(tables)} questions start from a situation, fewer than {wanted.situations_percent} %"
        yield quiz.file.problem(message, warning=True)
    for name, count in _per_objective(quiz, text).items():
        if count < wanted.questions_per_objective:
            message = f"objective {name!r} has {count} questions, fewer than {wanted.questions_per_objective}"
            yield quiz.file.problem(message, f'"{name}"', warning=True)


def _per_objective(quiz: QuizSource, text: ModuleText) -> dict[str, int]:
    covered = Counter(source.table.get("objective") for source in quiz.questions)
    return {name: covered[name] for name in objectives(text)}


def objectives(text: ModuleText) -> tuple[str, ...]:
    """Name the objectives of a module."""
    return tuple(str(item.get("id")) for lesson in text.lessons for item in lesson.objectives)


def _balance(quiz: QuizSource, found: Sequence[Question]) -> Iterator[Problem]:
    singles = [question for question in found if isinstance(question, Single)]
    truths = [question.options[0].correct for question in found if isinstance(question, TrueFalse)]
    if len(singles) >= ENOUGH_TO_JUDGE:
        limit = (_chance(singles) + MARGIN) * len(singles)
        longest = sum(map(_key_is_longest, singles))
        if longest > limit:
            message = f"the right option is the longest in {longest} of {len(singles)} single choices"
            yield quiz.file.problem(message, warning=True)
        if len(uneven := [question for question in singles if _one_is_longest(question)]) >= ENOUGH_TO_EXCLUDE and not longest:
            yield quiz.file.problem(f"the right option is never the longest in {len(uneven)} single choices", warning=True)
        place, times = Counter(map(_position, singles)).most_common(1)[0]
        if times > limit:
            message = f"the right option is number {place} in {times} of {len(singles)} single choices"
            yield quiz.file.problem(message, warning=True)
    if len(truths) >= FEWEST_STATEMENTS and not 1 - ONE_SIDED <= sum(truths) / len(truths) <= ONE_SIDED:
        yield quiz.file.problem(f"{sum(truths)} of {len(truths)} statements are true", warning=True)


def _chance(singles: Sequence[Choice]) -> float:
    """Tell how often the right option would be the longest, or in one place, if it were left to chance."""
    return sum(1 / len(question.options) for question in singles) / len(singles)


def _key_is_longest(question: Choice) -> bool:
    right = next(len(option.text) for option in question.options if option.correct)
    return all(len(option.text) < right for option in question.options if not option.correct)


def _one_is_longest(question: Choice) -> bool:
    *_, second, first = sorted(len(option.text) for option in question.options)
    return first > second


def _position(question: Choice) -> int:
    return 1 + next(at for at, option in enumerate(question.options) if option.correct)


def measure(course: CourseSource) -> Mapping[str, Mapping[str, Any]]:
    """Measure the bank of each module that has one."""
    texts = {text.source.slug: text for text in read_modules(course)}
    return {quiz.module: _measured(quiz, texts[quiz.module]) for quiz in read_quizzes(course)}


def _measured(quiz: QuizSource, text: ModuleText) -> dict[str, Any]:
    found = [question for _, question in read(quiz)]
    kinds = Counter(question.kind for question in found)
    singles = [question for question in found if isinstance(question, Single)]
    places = Counter(map(_position, singles))
    return {
        "questions": len(found),
        "by_type": {kind: kinds[kind] for kind in KINDS},
        "from_situations": _share(found, lambda question: bool(question.situation)),
        "fewest_questions_an_objective": min(_per_objective(quiz, text).values(), default=0),
        "key_is_the_longest": _share(singles, _key_is_longest),
        "by_chance": round(_chance(singles), 3) if singles else None,
        "key_by_position": " ".join(str(places[place]) for place in range(1, max(places, default=0) + 1)),
    }


def _share(found: Sequence[Any], holds: Callable[[Any], bool]) -> float | None:
    return round(sum(map(holds, found)) / len(found), 3) if found else None
