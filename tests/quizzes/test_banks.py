"""What makes a bank of questions a good one: each rule on a bank that breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from lms.core.content import read_course
from lms.quizzes import banks, checks
from tests.conftest import COURSE
from tests.quizzes.factories import changed

QUIZ = "module1/quiz.toml"
FEEDBACK = 'feedback = "Look again."'


def found(folder: Path) -> list[str]:
    """List what is wrong with the first module's quiz."""
    problems = sorted(checks.check(read_course(folder)))
    return [f"{'warning: ' if p.warning else ''}{p.message}" for p in problems if p.path == folder / QUIZ]


def single(name: str, options: Sequence[str], right: int = 0, stem: str = "") -> str:
    """Write a question with one right option."""
    rows = [f'{{ text = "{text}", correct = {str(at == right).lower()}, {FEEDBACK} }}' for at, text in enumerate(options)]
    head = f'[[questions]]\nid = "{name}"\ntype = "single"\nobjective = "explain-first"\nlesson = "01-first"\n'
    return f'\n{head}stem = "{stem or name}"\noptions = [{", ".join(rows)}]\n'


def with_more(tmp_path: Path, *questions: str) -> Path:
    """Give a copy of the small course with more questions in its first bank."""
    folder = changed(tmp_path)
    with (folder / QUIZ).open("a", encoding="utf-8") as file:
        file.writelines(questions)
    return folder


@pytest.mark.parametrize(
    "text",
    ["All of the above", "None of the above.", "Both of the above", "all the above", "None of these", "All of them",
     "Any of the other options"],
)
def test_options_that_speak_of_others(tmp_path: Path, text: str) -> None:
    """Options are shuffled: nothing is above anything."""
    [problem] = found(with_more(tmp_path, single("more", ["One thing", "Another thing", text])))
    assert problem.startswith("question more: '")
    assert problem.endswith("' speaks of other options, which are shuffled")


@pytest.mark.parametrize("text", ["None of these laws is in force", "All of the keys", "Both parties sign", "The rate above 5 %"])
def test_options_that_do_not(tmp_path: Path, text: str) -> None:
    assert found(with_more(tmp_path, single("more", ["One thing", "Another thing", text]))) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["A card", "a card.", "A key"], ["question more: 'A card' and 'a card.' are the same"]),
        (["A card", "*A  card*", "A key"], ["question more: 'A card' and '*A  card*' are the same"]),
        (["5 %", "-5 %", "+5 %"], []),
        (["A < B", "A > B", "A = B"], []),
    ],
)
def test_options_that_are_the_same(tmp_path: Path, options: list[str], expected: list[str]) -> None:
    """Whatever their case, spaces and full stops."""
    assert found(with_more(tmp_path, single("more", options))) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Which is an identifier?", ["warning: question more: asks the same as q1-single, in the same words"]),
        ("which is an  IDENTIFIER", ["warning: question more: asks the same as q1-single, in the same words"]),
        ("Which two can be evidence?", []),
        ("It is issued as a", ["warning: question more: a stem that ends in 'a' or 'an' gives options away"]),
        ("It is called an …", ["warning: question more: a stem that ends in 'a' or 'an' gives options away"]),
        ("Which is plan A?", []),
    ],
)
def test_stems(tmp_path: Path, stem: str, expected: list[str]) -> None:
    """The same stem after another situation is another question."""
    assert found(with_more(tmp_path, single("more", ["One", "Two", "Six"], stem=stem))) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("questions_per_module = 7", []),
        ("questions_per_module = 8", ["warning: 7 questions, fewer than 8"]),
        ("question_types = 7", []),
        ("question_types = 8", ["warning: 7 types of question, fewer than 8"]),
        ("situations_percent = 14", []),
        ("situations_percent = 33", ["warning: 1 of 7 questions start from a situation, fewer than 33 %"]),
        ("questions_per_objective = 3", []),
        ("questions_per_objective = 4", ["warning: objective 'explain-first' has 3 questions, fewer than 4"]),
    ],
)  # fmt: skip
def test_what_the_course_asks_for(tmp_path: Path, line: str, expected: list[str]) -> None:
    folder = changed(tmp_path)
    file = folder / "course.toml"
    kept = [given for given in file.read_text("utf-8").splitlines() if given.partition(" ")[0] != line.partition(" ")[0]]
    file.write_text("\n".join([*kept, line]), "utf-8")
    assert found(folder) == expected


SHORT, LONG = ["Tree", "Bush", "Grass"], ["A much longer tree", "Bush", "Grass"]


@pytest.mark.parametrize(
    ("long", "short", "warned"),
    [(0, 9, False), (4, 5, False), (5, 4, True), (9, 0, True)],
)
def test_the_longest_option(tmp_path: Path, long: int, short: int, warned: bool) -> None:
    """With the small course's own: of ten with three options, up to five may be; chance gives three, and a margin of a fifth."""
    rows = [*([LONG] * long), *([["Tree", "Grass", "Bushes"]] * short)]
    more = [single(f"more-{at}", options, right=0 if options is LONG else at % 2) for at, options in enumerate(rows)]
    problems = found(with_more(tmp_path, *more))
    message = f"warning: the right option is the longest in {long + 1} of 10 single choices"
    assert (message in problems) is warned


@pytest.mark.parametrize(("uneven", "warned"), [(10, False), (11, True)])
def test_a_longest_option_that_is_never_right(tmp_path: Path, uneven: int, warned: bool) -> None:
    """It can be struck out by anybody who notices; options of like length tell nothing. The small course has one of its own."""
    folder = changed(tmp_path, ("A passport number", "A number"))
    rows = [*([["Tree", "Grass", "Bushes"]] * uneven), *([["Tree", "Bush", "Moss"]] * 5)]
    more = "".join(single(f"more-{at}", options, right=at % 2) for at, options in enumerate(rows))
    (folder / QUIZ).write_text((folder / QUIZ).read_text("utf-8") + more, "utf-8")
    message = f"warning: the right option is never the longest in {uneven + 1} single choices"
    assert (message in found(folder)) is warned


@pytest.mark.parametrize(("places", "warned"), [([0, 1, 2] * 3, False), ([1] * 9, True), ([1] * 5 + [0] * 4, False)])
def test_the_place_of_the_key(tmp_path: Path, places: list[int], warned: bool) -> None:
    more = [single(f"more-{at}", ["Tree", "Bush", "Moss"], right=place) for at, place in enumerate(places)]
    problems = found(with_more(tmp_path, *more))
    assert any(problem.startswith("warning: the right option is number 2 in") for problem in problems) is warned


def test_the_figures_of_a_bank(tmp_path: Path) -> None:
    """Questions by type, the share of cases, the thinnest objective, and whether keys give themselves away."""
    folder = with_more(tmp_path, single("more", ["One", "Two", "Sixty"], right=1))
    assert banks.measure(read_course(folder))["module1"] == {
        "questions": 8,
        "by_type": {"single": 2, "multiple": 1, "true-false": 1, "numeric": 1, "short": 1, "matching": 1, "ordering": 1},
        "from_situations": 0.125,
        "fewest_questions_an_objective": 4,
        "key_is_the_longest": 0.5,
        "by_chance": 0.333,
        "key_by_position": "1 1",
    }


def test_a_bank_of_faults_is_measured_too(tmp_path: Path) -> None:
    """What can't be read doesn't count."""
    folder = changed(tmp_path)
    (folder / QUIZ).write_text('title = "T"\n[[questions]]\ntype = "none"\n', "utf-8")
    measured = banks.measure(read_course(folder))["module1"]
    assert (measured["questions"], measured["from_situations"], measured["by_chance"]) == (0, None, None)
    assert banks.measure(read_course(COURSE))["module2"]["questions"] == 7
