"""What a course asks of its own lessons, glossaries and figures, and what is measured of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.core.content import read_course
from lms.modules import checks, standards
from lms.modules.verbs import LEVELS, TESTABLE
from tests.conftest import COURSE

LESSON, GLOSSARY = "module1/01-first.md", "module1/glossary.toml"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4">{}</svg>'
UNNAMED = "module1/figures/f.svg:1: warning: an SVG needs a <title> or <desc> that names it to those who can't see it"
Damage = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the small course to change."""
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def change(name: str, old: str, new: str) -> Damage:
    """Replace a text that stands in a file."""

    def damage(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return damage


def ask(line: str) -> Damage:
    """Ask for something else in [check]."""
    key = line.partition(" ")[0]

    def damage(folder: Path) -> None:
        file = folder / "course.toml"
        kept = [given for given in file.read_text("utf-8").splitlines() if given.partition(" ")[0] != key]
        file.write_text("\n".join([*kept, line]) + "\n", "utf-8")

    return damage


def draw(svg: str) -> Damage:
    """Show a drawing in the first lesson."""

    def damage(folder: Path) -> None:
        (folder / "module1/figures").mkdir()
        (folder / "module1/figures/f.svg").write_text(svg, "utf-8")
        change(LESSON, "## The thing", "![A box.](figures/f.svg)\n\n## The thing")(folder)

    return damage


def found(folder: Path) -> list[str]:
    """List what is wrong in the first lesson, its glossary and its figures."""
    problems = [str(problem).removeprefix(f"{folder}/") for problem in sorted(checks.check(read_course(folder)))]
    return [problem for problem in problems if problem.startswith(("module1/01", "module1/glossary", "module1/figures", "module1:"))]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (ask("words = [26, 26]"), []),
        (ask("words = [27, 100]"), [f"{LESSON}:9: warning: 26 words, not 27 to 100"]),
        (ask("words = [1, 25]"), [f"{LESSON}:9: warning: 26 words, not 1 to 25"]),
        (ask("words_per_minute = 5"), []),
        (ask("words_per_minute = 26"), [f"{LESSON}:3: warning: 'minutes' says 5, but 26 words at 26 a minute take 1"]),
        (ask("words_per_minute = 2"), [f"{LESSON}:3: warning: 'minutes' says 5, but 26 words at 2 a minute take 13"]),
        (ask("terms_per_module = [1, 1]"), []),
        (ask("terms_per_module = [2, 20]"), [f"{GLOSSARY}:1: warning: 1 terms, not 2 to 20"]),
        (ask("figures_per_module = 1"), ["module1:1: warning: 0 figures, fewer than 1"]),
        (draw(SVG.format("<title>A box</title>")), []),
        (draw(SVG.format("<desc>A box</desc>")), []),
        (draw(SVG.format("<g><title>Not the drawing's own</title></g>")), [UNNAMED]),
        (draw(SVG.format("<title> </title>")), [UNNAMED]),
        (draw(SVG.format("")), [UNNAMED]),
        (draw(SVG.format("<title>A box</title>\n<g>")), ["module1/figures/f.svg:2: not XML: mismatched tag: line 2, column 5"]),
        (
            draw('<svg viewBox="0 0 4 4"><title>A box</title></svg>'),
            ['module1/figures/f.svg:1: a drawing begins with <svg xmlns="http://www.w3.org/2000/svg">'],
        ),
        (change(LESSON, "[^source]: A", "[^source]: A body.\n[^source]: A"), [f"{LESSON}:27: footnote 'source' is defined twice"]),
        (change(LESSON, "person.[^source]", "person."), [f"{LESSON}:26: footnote 'source' is never used"]),
        (change(LESSON, "[^source]: A body", "A body"), [f"{LESSON}:9: footnote 'source' is not there"]),
        (change(LESSON, "- Three.\n", ""), [f"{LESSON}:20: three to five key points, as a list"]),
        (change(LESSON, "- Three.\n", "- Three.\n- Four.\n- Five.\n"), []),
        (change(LESSON, "- Three.\n", "- Three.\n- Four.\n- Five.\n- Six.\n"), [f"{LESSON}:20: three to five key points, as a list"]),
    ],
)  # fmt: skip
def test_each_rule(folder: Path, damage: Damage, expected: list[str]) -> None:
    """A warning for what the course asks of itself, an error for what readers would stumble over."""
    damage(folder)
    assert found(folder) == expected


@pytest.mark.parametrize("verb", ["Explain", "Compare", "choose", "CALCULATE", "Design"])
def test_verbs_that_can_be_tested(folder: Path, verb: str) -> None:
    change(LESSON, "Explain the", f"{verb} the")(folder)
    assert found(folder) == []


@pytest.mark.parametrize(
    "verb", ["Understand", "Know", "Be aware of", "Appreciate", "Learn", "Become familiar with", "Realise", "Think about"]
)
def test_verbs_that_cannot(folder: Path, verb: str) -> None:
    """What goes on inside a head is no objective: what shows it is."""
    change(LESSON, "Explain the", f"{verb} the")(folder)
    first = verb.split(maxsplit=1)[0].lower()
    assert found(folder) == [f"{LESSON}:6: objective 'explain-first' begins with '{first}', which can't be tested"]


def test_a_verb_has_one_level() -> None:
    """Six levels; no verb stands in two."""
    assert len(LEVELS) == 6
    assert len(TESTABLE) == sum(len(verbs.split()) for verbs in LEVELS.values())


def test_the_figures_of_a_module() -> None:
    assert standards.measure(read_course(COURSE))["module1"] == {
        "lessons": 2,
        "words": 52,
        "words_a_lesson": "26-26",
        "minutes": 11,
        "objectives": 2,
        "figures": 0,
        "terms": 1,
        "footnotes": 2,
    }
