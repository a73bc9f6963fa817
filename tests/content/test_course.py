"""The course that comes with the platform: free of errors, and up to what it asks of itself."""

from __future__ import annotations

from pathlib import Path

from lms.core.content import check, coverage, read_course
from lms.core.plugins import Registry, discover

CONTENT = Path(__file__).parents[2] / "content"
PARTS = Registry(discover()).content_parts


def test_the_course_is_in_order() -> None:
    """Neither errors nor warnings: those of `[check]` in its course.toml are the syllabus's own."""
    assert [str(problem) for problem in check(read_course(CONTENT), PARTS)] == []


def test_it_asks_what_the_syllabus_asks() -> None:
    """Loosening the course's own criteria is not a way to meet them."""
    wanted = read_course(CONTENT).criteria
    assert wanted.words == (900, 1600)
    assert wanted.terms_per_module == (10, 20)
    assert wanted.figures_per_module >= 2
    assert wanted.questions_per_module >= 30
    assert wanted.questions_per_objective >= 3
    assert wanted.question_types == 7
    assert wanted.situations_percent >= 33


def test_every_module_is_measured() -> None:
    """Five modules of six lessons or so, each with a bank whose keys don't give themselves away."""
    found = coverage(read_course(CONTENT), PARTS)
    assert list(found) == [f"module{number}" for number in range(1, 6)]
    for figures in found.values():
        assert 5 <= figures["lessons"] <= 7
        assert all(figures["by_type"].values())
        assert sum(figures["by_type"].values()) == figures["questions"]
        assert figures["key_is_the_longest"] <= figures["by_chance"] + 0.2
