"""What the forums say of themselves: to authors of courses, and about the data of a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.core.content import CourseSource, ModuleSource, Toml
from lms.core.db import unit_of_work
from lms.forums import checks, commands, moderation, privacy, queries
from lms.forums.rules import RESERVED
from tests.forums import factories
from tests.forums.factories import Place


@pytest.mark.parametrize("slug", sorted(RESERVED))
def test_names_that_modules_can_not_have(slug: str) -> None:
    """A module can't take an address of the forums' own; the problem names file and line."""
    meta = Toml(Path("course.toml"), {"modules": [slug]}, f'id = "c"\nmodules = ["{slug}"]\n')
    module = ModuleSource(slug, 1, Path(slug), meta)
    (problem,) = checks.check(CourseSource(Path(), meta, (module,)))
    assert (problem.path, problem.line, problem.warning) == (Path("course.toml"), 2, False)
    assert slug in problem.message


def test_names_that_modules_can_have() -> None:
    """Any other name is fine."""
    meta = Toml(Path("course.toml"), {"modules": ["module1"]}, "")
    assert not list(checks.check(CourseSource(Path(), meta, (ModuleSource("module1", 1, Path(), meta),))))


def test_what_is_held_of_a_person(place: Place) -> None:
    """A person gets everything they wrote and reported, and nothing of others."""
    mine = factories.topic(place, place.learner, title="Mine", body="one")
    factories.reply(place, place.other, mine.topic_id, "Not mine.")
    theirs = factories.topic(place, place.other, body="Not mine either.")
    with unit_of_work():
        commands.edit_post(place.edition, place.learner, mine.post_id, 1, "two")
        moderation.flag(place.edition, place.learner, theirs.post_id, "wrong", "My note.")
    data = privacy.export(place.person("learner"))
    assert [post["body"] for post in data["posts"]] == ["two"]
    assert [version["body"] for version in data["earlier_versions"]] == ["one"]
    assert [report["note"] for report in data["reports"]] == ["My note."]
    assert [read["topic_id"] for read in data["read"]] == [mine.topic_id]
    assert "Not mine" not in str(data)


def test_erasing_a_person(place: Place) -> None:
    """Texts, titles, versions, notes and marks go; the places stay, and others' posts are as they were."""
    mine = factories.topic(place, place.learner, title="Mine", body="one")
    answer = factories.reply(place, place.other, mine.topic_id, "An answer.")
    with unit_of_work():
        moderation.flag(place.edition, place.learner, answer.post_id, "wrong", "My note.")
    with unit_of_work():
        privacy.erase(place.person("learner"))
    data = privacy.export(place.person("learner"))
    assert [(post["body"], post["title"]) for post in data["posts"]] == [(privacy.ERASED, "Removed")]
    assert data["earlier_versions"] == data["read"] == []
    assert data["reports"][0]["note"] == ""
    assert factories.post_row(answer.post_id).body == "An answer."
    assert queries.topics(place.edition, "module1", place.viewer("other")).topics[0].posts == 2
