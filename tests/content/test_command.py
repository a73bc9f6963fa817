"""`lms content check`: what it prints, as text and as data, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.library import content
from tests.conftest import COURSE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the small course to change."""
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def run(*arguments: object) -> Result:
    """Check, as the command line would."""
    return CliRunner().invoke(content, ["check", *map(str, arguments)])


def test_a_course_in_order() -> None:
    """It prints a column a module and a line a figure, then the counts."""
    result = run(COURSE)
    assert result.exit_code == 0
    lines = {line[:30].strip(): line[30:].split() for line in result.output.splitlines()}
    assert lines["lessons"] == ["2", "2"]
    assert lines["by type: single"] == ["1", "1"]
    assert lines["from situations"] == ["14%", "14%"]
    assert result.output.endswith("\n1 course(s), 2 modules: 0 errors, 0 warnings\n")


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_warnings(folder: Path, strict: tuple[str, ...], code: int) -> None:
    """They are printed, and count only where that is asked for."""
    file = folder / "course.toml"
    file.write_text(file.read_text("utf-8").replace("questions_per_module = 7", "questions_per_module = 8"), "utf-8")
    result = run(folder, *strict)
    assert result.exit_code == code
    assert f"{folder}/module1/quiz.toml:1: warning: 7 questions, fewer than 8" in result.output
    assert "0 errors, 2 warnings" in result.output


def test_errors(folder: Path) -> None:
    (folder / "module1/module.toml").unlink()
    result = run(folder)
    assert result.exit_code == 1
    assert f"{folder}/module1/module.toml:1: the file is missing" in result.output


def test_a_wrong_criterion_is_an_error(folder: Path) -> None:
    """With its line, whatever else the course asks for."""
    with (folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write("question_types = 'many'\n")
    line = len((folder / "course.toml").read_text("utf-8").splitlines())
    result = run(folder)
    assert result.exit_code == 1
    assert f"{folder}/course.toml:{line}: 'question_types' must be a whole number" in result.output


def test_as_data(folder: Path) -> None:
    """The same as JSON: every problem, and every figure of every module."""
    (folder / "module2/quiz.toml").unlink()
    result = run(folder, "--json")
    data = json.loads(result.output)
    assert result.exit_code == 0
    assert data["problems"] == [
        {"file": str(folder / "module2"), "line": 1, "message": "the module has no quiz.toml", "warning": True}
    ]
    covered = data["coverage"][str(folder)]
    assert covered["module1"]["by_type"]["single"] == 1
    assert covered["module1"]["words"] == 52
    assert "questions" not in covered["module2"]
    assert run(folder).output.splitlines()[-5].split()[-1] == "–"
