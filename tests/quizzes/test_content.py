"""Quizzes in a course folder: each fault with its file and line, and loading that keeps old versions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core.content import Problem, read_course
from lms.core.db import db
from lms.core.domain import Course
from lms.quizzes import checks, papers
from lms.quizzes.models import Question, Quiz
from tests.conftest import COURSE
from tests.quizzes.factories import changed, learner, load, paper, start

LONG_KEY = """
[[questions]]
id = "long-{number}"
type = "single"
objective = "explain-first"
lesson = "01-first"
stem = "Which?"
options = [
  {{ text = "A much longer option than the others are", correct = true, feedback = "Right." }},
  {{ text = "Short", feedback = "No." }},
  {{ text = "Brief", feedback = "No." }},
]
"""

RIGHT = '{ text = "A passport number", correct = true, feedback = "Right." }'
FIRST = 'id = "q1-true"\ntype = "true-false"\nobjective = "explain-{}"'


def problems(folder: Path) -> list[Problem]:
    """List what the quizzes' part finds in a course folder."""
    return sorted(checks.check(read_course(folder)))


def line_of(folder: Path, text: str, module: str = "module1") -> int:
    """Tell on which line of a quiz a text stands."""
    lines = (folder / module / "quiz.toml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_small_course_is_in_order() -> None:
    assert problems(COURSE) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "near"),
    [
        ('title = "Quiz of module 1"', 'title = ""', "'title' is missing", "title = "),
        ("draw = 7", "draw = 8", "8 questions can't be drawn from 7", "draw = 8"),
        ("draw = 7", "draw = 0", "'draw' must be a whole number from 1 to 100", "draw = 0"),
        ("draw = 7", 'draw = "7"', "'draw' must be a whole number", 'draw = "7"'),
        ("minutes = 20", "minutes = 2.5", "'minutes' must be a whole number from 1 to 600", "minutes = "),
        ("attempts = 2", "attempts = true", "'attempts' must be a whole number", "attempts = "),
        ("pass = 50", "pass = 101", "'pass' must be a number from 0 to 100", "pass = "),
        ('keep = "best"', 'keep = "worst"', "'keep' must be one of best, last, first, average", "keep = "),
        ('feedback = "submitted"', 'feedback = "soon"', "'feedback' must be one of submitted, closed", 'feedback = "soon"'),
        ("pass = 50", "pass = 50\nfail = 20", "unknown key 'fail'", "fail = 20"),
        ('stem = "Which is', 'colour = 1\nstem = "Which is', "q1-single: unknown key 'colour'", "colour = 1"),
        (RIGHT, RIGHT.replace("correct = true, ", ""), "exactly one option", "options = ["),
        ('feedback = "Millions share it."', 'feedback = ""', "'feedback' is missing", "A nationality"),
        ('id = "q1-true"', 'id = "q1-single"', "this id is used already, in module1/quiz.toml on line 9", None),
        ('id = "q1-true"', 'id = "Q 1"', "'id' must be of small letters", 'id = "Q 1"'),
        ('objective = "explain-second"', 'objective = "fly"', "no lesson of the module has the objective 'fly'", 'objective = "fly"'),
        ('lesson = "02-second"', 'lesson = "02-third"', "the module has no lesson '02-third'", 'lesson = "02-third"'),
        ('type = "short"', 'type = "essay"', "'type' must be one of single, multiple", 'type = "essay"'),
        ("answer = 12.5", "answer = nan", "'answer' is missing or not a number", "answer = nan"),
        ('feedback = "Millions share it."', 'feedback = "[Read](03-none.md)."', "dead link: 03-none.md", "03-none.md"),
        ('feedback = "Millions share it."', 'feedback = "[x](javascript:alert)."', "dead link: javascript:alert", "javascript"),
        ('items = ["proofing"', 'items = ["use"', "'use' is there twice in 'items'", "items = "),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, message: str, near: str | None
) -> None:
    folder = changed(tmp_path, (old, new))
    found = [problem for problem in problems(folder) if message in problem.message]
    assert found, problems(folder)
    assert found[0].path == folder / "module1" / "quiz.toml"
    assert not found[0].warning
    if near is not None:
        assert found[0].line == line_of(folder, near)


def test_an_id_is_used_once_in_the_course(tmp_path: Path) -> None:
    folder = changed(tmp_path, ('id = "q2-single"', 'id = "q1-single"'), module="module2")
    found = [str(problem) for problem in problems(folder)]
    line = line_of(folder, '"q1-single"', "module2")
    where = f"{folder}/module2/quiz.toml:{line}: question q1-single"
    assert found == [f"{where}: this id is used already, in module1/quiz.toml on line 9"]


def test_links_to_lessons_and_elsewhere_are_fine(tmp_path: Path) -> None:
    text = "[One](02-second.md#the-thing), [two](../module2/01-first.md), [three](https://example.org/)."
    assert problems(changed(tmp_path, ('feedback = "Millions share it."', f'feedback = "{text}"'))) == []


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    folder = changed(tmp_path, ("draw = 7", "draw = = 7"))
    found = problems(folder)
    assert [(problem.line, problem.warning) for problem in found] == [(2, False)]
    assert "not TOML" in found[0].message


@pytest.mark.parametrize(
    "text",
    ["title = 1\nquestions = 5", "questions = [1, 2]", "[questions]\nid = 1", "[[questions]]\noptions = 3"],
)
def test_wrong_types_are_faults(tmp_path: Path, text: str) -> None:
    folder = changed(tmp_path)
    (folder / "module1" / "quiz.toml").write_text(text, "utf-8")
    assert [problem for problem in problems(folder) if not problem.warning]


def test_tables_in_a_list_are_found_by_their_id(tmp_path: Path) -> None:
    folder = changed(tmp_path)
    rows = '[{id = "a", type = "x"},\n{id = "b", type = "y"}]'
    (folder / "module1" / "quiz.toml").write_text(f'title = "T"\ndraw = 1\nquestions = {rows}', "utf-8")
    wrong = [
        (problem.line, problem.message[:11]) for problem in problems(folder) if "'type'" in problem.message
    ]
    assert wrong == [(3, "question a:"), (4, "question b:")]


def test_warnings(tmp_path: Path) -> None:
    """A thin objective, a draw that can't cover all, keys that give themselves away, a module without a quiz."""
    folder = changed(tmp_path, ("draw = 7", "draw = 1"))
    quiz = folder / "module1" / "quiz.toml"
    old, new = FIRST.format("first"), FIRST.format("second")
    body = quiz.read_text("utf-8").replace(old, new)
    quiz.write_text(body, "utf-8")
    (folder / "module2" / "quiz.toml").unlink()
    found = problems(folder)
    assert all(problem.warning for problem in found)
    messages = "\n".join(problem.message for problem in found)
    assert "objective 'explain-first' has 2 questions, fewer than 3" in messages
    assert "a draw of 1 can't cover all 2 objectives" in messages
    assert "the module has no quiz.toml" in messages
    quiz.write_text(body + "".join(LONG_KEY.format(number=number) for number in range(8)), "utf-8")
    messages = "\n".join(problem.message for problem in problems(folder))
    assert "the right option is the longest in 9 of 9 single choices" in messages
    assert "the right option is number 1 in 9 of 9 single choices" in messages


def test_statements_that_are_all_true(tmp_path: Path) -> None:
    folder = changed(tmp_path)
    quiz = folder / "module1" / "quiz.toml"
    text = quiz.read_text("utf-8")
    statement = text[
        text.index('[[questions]]\nid = "q1-true"') : text.index('[[questions]]\nid = "q1-numeric"')
    ]
    quiz.write_text(text + "".join(statement.replace("q1-true", f"q1-true-{n}") for n in range(2)), "utf-8")
    assert "3 of 3 statements are true" in [problem.message for problem in problems(folder)]


def versions(slug: str) -> list[tuple[str, bool]]:
    """List the stored versions of a question (stem, still drawn)."""
    rows = db.session.scalars(select(Question).where(Question.slug == slug).order_by(Question.id))
    return [(row.body["stem"], row.active) for row in rows]


def test_a_changed_question_is_a_new_version(ctx: Flask, tmp_path: Path) -> None:
    """An attempt keeps the version it drew; new attempts get the new one; an old text that comes back is reused."""
    del ctx
    load(changed(tmp_path))
    one = learner(db.session.query(Course).one().id)
    attempt = start(one)
    before = {item.slug: item.asked.question.stem for item in paper(attempt)}
    load(changed(tmp_path, ("Which is an identifier?", "Which one identifies?")))
    papers.forget()
    assert versions("q1-single") == [("Which is an identifier?", False), ("Which one identifies?", True)]
    assert {item.slug: item.asked.question.stem for item in paper(attempt)} == before
    assert before["q1-single"] == "Which is an identifier?"
    stems = {item.slug: item.asked.question.stem for item in paper(start(one.another()))}
    assert stems["q1-single"] == "Which one identifies?"
    load(changed(tmp_path, ("Which one identifies?", "Which is an identifier?")))
    assert versions("q1-single") == [("Which is an identifier?", True), ("Which one identifies?", False)]


def test_loading_again_changes_nothing(ctx: Flask, tmp_path: Path) -> None:
    """Another lesson changed: the questions stay the rows they are."""
    del ctx
    load(changed(tmp_path))
    rows = select(Question.id, Question.digest, Question.active).order_by(Question.id)
    before = db.session.execute(rows).all()
    lesson = tmp_path / "course" / "module1" / "01-first.md"
    lesson.write_text(lesson.read_text("utf-8").replace("- One.", "- The first."), "utf-8")
    assert load(tmp_path / "course").loaded
    assert db.session.execute(rows).all() == before


def test_questions_and_quizzes_that_go(ctx: Flask, tmp_path: Path) -> None:
    """A question that is taken out is drawn no more; a quiz that is taken out is gone from the course."""
    del ctx
    folder = changed(tmp_path)
    load(folder)
    quiz = folder / "module1" / "quiz.toml"
    text = quiz.read_text("utf-8")
    quiz.write_text(
        text[: text.index('[[questions]]\nid = "q1-ordering"')].replace("draw = 7", "draw = 6"), "utf-8"
    )
    (folder / "module2" / "quiz.toml").unlink()
    assert load(folder).loaded
    active = Counter(db.session.scalars(select(Question.kind).where(Question.active)))
    assert active == Counter(["single", "multiple", "true-false", "numeric", "short", "matching"])
    rows = db.session.execute(select(Quiz.module, Quiz.draw, Quiz.active).order_by(Quiz.module)).all()
    assert [tuple(row) for row in rows] == [("module1", 6, True), ("module2", 7, False)]
