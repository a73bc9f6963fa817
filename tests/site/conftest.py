"""The small world, made once for each database, and as it was made at the beginning of each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.core import clock, content, courses, memory
from lms.core.db import db
from lms.core.domain import Course
from tests.conftest import COURSE, empty
from tests.site.pages import Visit, visit
from tests.site.world import World, build


@pytest.fixture(scope="session")
def made(app: Flask) -> World:
    """Make the world."""
    with app.app_context():
        courses.load_course(content.read_course(COURSE), app.extensions["lms"].content_parts)
        world = build(app, db.session.query(Course).one())
        db.session.remove()
        empty(db.engine)
    return world


@pytest.fixture
def world(made: World) -> Iterator[World]:
    """Give the world as it was made, and let no time pass in it."""
    memory.forget()
    made.restore()
    with clock.at(made.moment):
        yield made
    made.settle(refused=False)
    unseen = made.changed()
    with made.app.app_context():
        empty(db.engine)
    memory.forget()
    assert not unseen, f"{unseen} were written by statements that the world does not notice"


@pytest.fixture(scope="session")
def looked(made: World) -> list[Visit]:
    """Keep what was seen on the way through all pages."""
    del made
    return []


@pytest.fixture
def visited(world: World, looked: list[Visit]) -> Visit:
    """Give what there is to see for each role."""
    if not looked:
        looked.append(visit(world))
        world.restore()
    return looked[0]
