"""The index follows what people write and what authors load, in the same transaction, and can be made anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select, text, update

from lms.core import content, courses
from lms.core.cli import Invocation
from lms.core.db import db, unit_of_work
from lms.core.documents import plain
from lms.core.tasks import run
from lms.forums import commands as forums
from lms.forums import moderation
from lms.forums.models import Post
from lms.forums.privacy import erase
from lms.search import cli, commands
from lms.search.models import SearchDocument
from tests.conftest import COURSE
from tests.forums import factories
from tests.forums.factories import Place
from tests.search.conftest import Finds


def _titles(found: list[Any]) -> set[str]:
    return {row.title for row in found}


def test_a_post_is_found_as_soon_as_it_is_written(place: Place, finds: Finds) -> None:
    """By its title, by its text, by a reply's text; a reply is not found by its topic's title."""
    topic = factories.topic(place, place.learner, title="Borderless trade", body="About **customs** codes.")
    assert _titles(finds("other", "borderless")) == _titles(finds("other", "customs codes")) == {"Borderless trade"}
    factories.reply(place, place.tutor, topic.topic_id, "See the tariff schedule.")
    assert [row.address["anchor"] for row in finds("other", "tariff")] == [f"p{topic.post_id + 1}"]
    assert len(finds("other", "borderless")) == 1


def test_what_is_rolled_back_is_not_found(place: Place, finds: Finds) -> None:
    with unit_of_work() as unit:
        forums.start_topic(place.edition, place.learner, "module1", "Vanishing", "Text")
        unit.abandoned = True
    assert not finds("admin", "vanishing")


def test_an_edit_is_followed(place: Place, finds: Finds) -> None:
    """The old words are gone, the new ones are found, and the topic's other posts show its new title."""
    topic = factories.topic(place, place.learner, title="Oldish", body="Antique words.")
    factories.reply(place, place.other, topic.topic_id, "A reply about tariffs.")
    with unit_of_work():
        forums.edit_post(place.edition, place.learner, topic.post_id, 1, "Modern words.", "Newish")
    assert not finds("other", "oldish")
    assert not finds("other", "antique")
    assert _titles(finds("other", "modern")) == _titles(finds("other", "tariffs")) == {"Newish"}


def test_hidden_posts_are_for_their_authors_and_staff(place: Place, finds: Finds) -> None:
    topic = factories.topic(place, place.learner).topic_id
    post = factories.reply(place, place.other, topic, "Insulting words.")
    with unit_of_work():
        moderation.hide(place.edition, post.post_id, place.viewer("tutor"), "No")
    found = {who: len(finds(who, "insulting")) for who in ("learner", "other", "tutor", "admin")}
    assert found == {"learner": 0, "other": 1, "tutor": 1, "admin": 1}
    with unit_of_work():
        moderation.restore(place.edition, post.post_id, place.viewer("tutor"))
    assert finds("learner", "insulting")


def test_a_hidden_topic_takes_its_posts_along(place: Place, finds: Finds) -> None:
    """Who started it still sees it and the visible posts in it; who answered does not, as on its page."""
    topic = factories.topic(place, place.learner, title="Secretive", body="Opening.")
    factories.reply(place, place.other, topic.topic_id, "Replying quietly.")
    with unit_of_work():
        moderation.hide(place.edition, topic.post_id, place.viewer("tutor"), "No")
    found = {who: (len(finds(who, "secretive")), len(finds(who, "replying"))) for who in ("learner", "other", "tutor")}
    assert found == {"learner": (1, 1), "other": (0, 0), "tutor": (1, 1)}


def test_withdrawn_posts_come_back(place: Place, finds: Finds) -> None:
    posted = factories.topic(place, place.learner, body="Ephemeral.")
    with unit_of_work():
        forums.withdraw(place.edition, place.learner, posted.post_id)
    assert (len(finds("other", "ephemeral")), len(finds("learner", "ephemeral"))) == (0, 1)
    with unit_of_work():
        forums.put_back(place.edition, place.learner, posted.post_id)
    assert finds("other", "ephemeral")


def test_a_moved_topic_is_found_where_it_is(place: Place, finds: Finds) -> None:
    posted = factories.topic(place, place.learner, body="Wandering.")
    with unit_of_work():
        moderation.move(place.edition, posted.topic_id, place.viewer("tutor"), "announcements")
    (found,) = finds("other", "wandering")
    assert (found.module, found.address["values"]["forum"]) == (None, "announcements")


def test_what_is_erased_is_not_found(place: Place, finds: Finds) -> None:
    """Not the person's texts, and not the titles that others' replies showed."""
    topic = factories.topic(place, place.learner, title="Confidential", body="Personal.")
    factories.reply(place, place.other, topic.topic_id, "Answering.")
    with unit_of_work():
        erase(place.person("learner"))
    assert not finds("admin", "confidential")
    assert not finds("admin", "personal")
    assert _titles(finds("admin", "answering")) == {"Removed"}
    assert not db.session.scalar(select(SearchDocument.id).where(SearchDocument.title == "Confidential"))


def test_content_is_found_and_followed(finds: Finds, tmp_path: Path, ctx: Flask) -> None:
    """After a lesson is gone and a term renamed, the old words are found no more."""
    assert {row.kind for row in finds("learner", "identifier")} >= {"term", "lesson"}
    folder = tmp_path / "course"
    shutil.copytree(COURSE, folder)
    glossary = folder / "module1" / "glossary.toml"
    glossary.write_text(glossary.read_text().replace('term = "', 'term = "Xenolith '))
    lesson = folder / "module1" / "01-first.md"
    lesson.write_text(lesson.read_text() + "\nZygomorphic endings.\n")
    assert not finds("learner", "xenolith")
    assert courses.load_course(content.read_course(folder), ctx.extensions["lms"].content_parts).loaded
    assert [row.kind for row in finds("learner", "xenolith")] == ["term"]
    assert [row.kind for row in finds("learner", "zygomorphic")] == ["lesson"]
    assert courses.load_course(content.read_course(COURSE), ctx.extensions["lms"].content_parts).loaded
    assert not finds("learner", "xenolith")
    assert not finds("learner", "zygomorphic")


def test_plain_text_knows_its_headings() -> None:
    html = """<h2 id="a">One &amp; two</h2><p>Some <b>bold</b>\n text.<a href="#x">↩</a></p><ul><li>x</li><li>y</li></ul>"""
    found = plain(f'{html}<h3 id="b">Three</h3><p></p>')
    assert found.text == "One & two\nSome bold text.\nx\ny\nThree"
    assert [(anchor, found.text[at : at + 5]) for at, anchor in found.places] == [("a", "One &"), ("b", "Three")]
    assert plain("").text == ""


def test_the_sweep_heals(place: Place, finds: Finds) -> None:
    """It indexes what is missing, what other rules had indexed, and takes out what no feature has any more."""
    factories.topic(place, place.learner, body="Lostandfound.")
    assert not commands.outdated()
    with unit_of_work():
        db.session.execute(delete(SearchDocument))
    assert not finds("other", "lostandfound")
    run("search.sweep")
    assert finds("other", "lostandfound")
    assert finds("other", "identifier")
    with unit_of_work():
        db.session.execute(update(SearchDocument).values(version=0, body_terms=""))
    run("search.sweep")
    assert finds("other", "lostandfound")
    with unit_of_work():
        db.session.execute(delete(Post))
    run("search.sweep")
    assert not finds("admin", "lostandfound")
    assert not commands.outdated()


def test_rebuilding(place: Place, finds: Finds, ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command goes through everything in batches, shows progress on standard error, and says how much it was."""
    topic = factories.topic(place, place.learner).topic_id
    for number in range(7):
        factories.reply(place, place.other, topic, f"Reply {number} here.")
    with unit_of_work():
        db.session.execute(update(Post).where(Post.opening.is_(False)).values(body="Unnoticed."))
    monkeypatch.setattr(commands, "BATCH", 3)
    done = CliRunner().invoke(cli.search, ["rebuild", "--json"], obj=Invocation(lambda: ctx))
    assert done.exit_code == 0
    assert done.stdout == '{"indexed": 9}\n'
    assert "Indexing" in done.stderr
    db.session.rollback()
    assert len(finds("tutor", "unnoticed")) == 7


def test_what_the_database_derives_is_right(place: Place) -> None:
    """SQLite compares its table with ours itself; PostgreSQL computes the column."""
    topic = factories.topic(place, place.learner, body="Checked.")
    with unit_of_work():
        forums.edit_post(place.edition, place.learner, topic.post_id, 1, "Double-checked.")
    with unit_of_work():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("INSERT INTO fts_documents(fts_documents, rank) VALUES ('integrity-check', 1)"))
        else:
            count = "SELECT count(*) FROM search_documents WHERE fts_terms @@ 'check'::tsquery OR fts_terms @@ 'checked'::tsquery"
            assert db.session.scalar(text(count)) == 1


def test_writing_costs_three_statements_more(place: Place, statements: Callable[[], Any]) -> None:
    """A post is read, taken out of the index and put in; on PostgreSQL writers wait for each other before that."""
    topic = factories.topic(place, place.learner).topic_id
    with statements() as seen, unit_of_work():
        commands.replace("forums", [factories.reply(place, place.other, topic).post_id])
    seen.at_most(5 + 2 * 4)
