"""A module's `quiz.toml` as values: its rules, and each question with the lines it stands on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lms.core.content import CourseSource, Problem, Toml, read_toml
from lms.quizzes.rules import Feedback, Keep, Terms

_HEAD = re.compile(r"^\s*\[\[\s*questions\s*\]\]")
QUESTION_KEYS = frozenset({"id", "objective", "lesson"})
DEFAULTS = {"attempts": 1, "keep": Keep.BEST.value, "pass": 50, "feedback": Feedback.SUBMITTED.value}


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """A question's table; it stands on the lines from `first` to before `end` of the file."""

    module: str
    file: Toml
    table: Mapping[str, Any]
    first: int
    end: int

    @property
    def slug(self) -> str:
        """The question's lasting name."""
        return str(self.table.get("id", ""))

    def digest(self) -> str:
        """Hash everything about this version of the question."""
        text = json.dumps([self.module, self.table], sort_keys=True, ensure_ascii=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def problem(self, message: str, near: str = "", *, warning: bool = False) -> Problem:
        """Report a fault on the line of the question that holds `near`, or on its first."""
        lines = self.file.text.splitlines()[self.first - 1 : self.end - 1]
        at = next((offset for offset, line in enumerate(lines) if near and near in line), 0)
        return Problem(self.file.path, self.first + at, f"question {self.slug or '?'}: {message}", warning)


@dataclass(frozen=True, slots=True)
class QuizSource:
    """A module's quiz."""

    module: str
    file: Toml
    questions: tuple[QuestionSource, ...]
    problems: tuple[Problem, ...]

    def terms(self) -> Terms:
        """Give the rules of a quiz that was checked."""
        data: dict[str, Any] = {**DEFAULTS, **self.file.data}
        return Terms(
            title=data["title"],
            draw=data["draw"],
            minutes=data.get("minutes"),
            attempts=data["attempts"],
            keep=data["keep"],
            pass_mark=Decimal(str(data["pass"])),
            feedback=data["feedback"],
        )


def read_quizzes(course: CourseSource) -> tuple[QuizSource, ...]:
    """Read the quiz of every module that has one."""
    files = ((module.slug, module.folder / "quiz.toml") for module in course.modules)
    return tuple(_read(slug, path) for slug, path in files if path.exists())


def _read(module: str, path: Path) -> QuizSource:
    file, problems = read_toml(path)
    found = file.data.get("questions", [])
    tables = [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []
    heads = [number for number, line in enumerate(file.text.splitlines(), 1) if _HEAD.match(line)]
    if len(heads) != len(tables):
        heads = [_line_of(file, table) for table in tables]
    ends = [*heads[1:], len(file.text.splitlines()) + 1]
    questions = [QuestionSource(module, file, *row) for row in zip(tables, heads, ends, strict=False)]
    return QuizSource(module, file, tuple(questions), problems)


def _line_of(file: Toml, table: Mapping[str, Any]) -> int:
    return file.line(f'"{table.get("id", "")}"')
