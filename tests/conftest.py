"""The application under test, on each database in turn, emptied after every test."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import flask_migrate
import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from lms import schema
from lms.accounts import commands as account_commands
from lms.app import create_app
from lms.core import clock, content, courses, memory
from lms.core.db import Model, db, unit_of_work
from lms.core.domain import Course, Person
from lms.settings import Settings
from tests.servers import postgres

COURSE = Path(__file__).parent / "course"
Rows = dict[str, list[dict[str, Any]]]
KINDS = ("sqlite", "postgresql")
TEST_ORIGIN = "http://localhost"
SLOW = ("site", "browser", "cli", "replay", "certification", "bench")  # folders whose files take minutes, so that none is left for the end


hypothesis.settings.load_profile("ci")  # the same examples everywhere, and none that fails where the machine is busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, or one process would work on it while the others have nothing left to do."""
    rank = {name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: rank.get(item.path.parent.name, len(SLOW)))


class Sharing(LoadFileScheduling):
    """Gives a process whole files, but of those that walk the whole site, which share what they see, all that use one database."""

    def _split_scope(self, nodeid: str) -> str:
        kind = next((kind for kind in KINDS if f"[{kind}" in nodeid), "")
        return f"tests/site on {kind}" if kind and nodeid.startswith("tests/site/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Share the tests out among the processes."""
    return Sharing(config, log)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays until the end: modules and thousands of tests."""
    gc.collect()
    gc.freeze()


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Give the address of an empty database of a kind for the length of the block."""
    if kind == "sqlite":
        folder = tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)  # noqa: S108 - memory, not a shared file
        yield f"sqlite:///{folder}/test.sqlite3"
        shutil.rmtree(folder)
    else:
        with postgres() as server:
            yield server.url.replace("postgresql://", "postgresql+psycopg://", 1)


class Browser(FlaskClient):
    """A browser without scripts; each request has an application context of its own, as in a real server."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        with self.application.app_context():
            return super().open(*args, **kwargs)


@contextmanager
def application(kind: str, data: Path) -> Iterator[Flask]:
    """Build the application with a migrated database of a kind for the length of the block; tasks run at once."""
    with database(kind) as url:
        settings = Settings(
            data=data,
            content=(COURSE,),
            database_url=url,
            secret_key="only-for-tests-only-for-tests",
            base_url=TEST_ORIGIN,
            eager_tasks=True,
            staff_second_factor=False,
        )
        app = create_app(settings)
        app.test_client_class = Browser
        app.config |= {"TESTING": True, "WTF_CSRF_ENABLED": False}
        with app.app_context():
            schema.attach(app)
            flask_migrate.upgrade()
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """Build each application when it is first asked for, and keep it: the tests of every file use both in turn."""
    with ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(application(kind, tmp_path_factory.mktemp("data"))))


@pytest.fixture(scope="session", params=KINDS)
def app(request: pytest.FixtureRequest, applications: Callable[[str], Flask]) -> Flask:
    """Give the application on each kind of database in turn."""
    return applications(str(request.param))


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """Work inside the application's context, with a database that is emptied afterwards."""
    with app.app_context():
        yield app
        db.session.remove()
        empty(db.engine)
        memory.forget()


def empty(engine: Engine) -> None:
    """Empty every table, on PostgreSQL by one message to the server: TRUNCATE would take fifty times as long for a few rows."""
    statements = [f'DELETE FROM "{table.name}"' for table in reversed(Model.metadata.sorted_tables)]  # noqa: S608 - names of our own
    with engine.begin() as connection:
        for statement in [";".join(statements)] if engine.dialect.name == "postgresql" else statements:
            connection.exec_driver_sql(statement)


def noted(engine: Engine) -> Rows:
    """Read all rows by the names of their tables, each after those that it refers to."""
    with engine.connect() as connection:
        found = {table.name: connection.execute(table.select()).mappings() for table in Model.metadata.sorted_tables}
        return {name: [dict(row) for row in rows] for name, rows in found.items()}


@pytest.fixture(scope="session")
def loaded() -> Callable[[Flask], Rows]:
    """Load the small course into an empty database once for each application, and note what that makes."""

    @cache
    def load(app: Flask) -> Rows:
        with app.app_context():
            courses.load_course(content.read_course(COURSE), app.extensions["lms"].content_parts)
            rows = noted(db.engine)
            db.session.remove()
            empty(db.engine)
        memory.forget()
        return rows

    return load


@pytest.fixture(scope="session")
def course_rows(app: Flask, loaded: Callable[[Flask], Rows]) -> Rows:
    """Give the rows of the small course, with the keys that they were given, which no other row gets."""
    return loaded(app)


@pytest.fixture
def course(ctx: Flask, course_rows: Rows) -> Course:
    """Put the small course there, as it is when it has just been loaded."""
    del ctx
    with unit_of_work():
        for name, rows in course_rows.items():
            if rows:
                db.session.connection().execute(insert(Model.metadata.tables[name]), rows)
        found = db.session.query(Course).one()
        found.loaded_at = clock.now()
    return found


@pytest.fixture
def client(ctx: Flask) -> FlaskClient:
    """Give a browser without scripts in which nobody is signed in."""
    return ctx.test_client()


@pytest.fixture
def signed_in(ctx: Flask) -> Callable[[int], FlaskClient]:
    """Make browsers in which a person, given by id, is signed in."""
    return lambda person_id: sign_in(ctx, person_id)


def sign_in(app: Flask, person_id: int) -> FlaskClient:
    """Start a session for a person as the sign-in page would, without spending time on the password."""
    with unit_of_work():
        viewer = account_commands.start(db.session.get_one(Person, person_id), "test")
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = viewer.token, True
    return client


class Statements(list[str]):
    """The SQL statements that were executed."""

    def at_most(self, count: int) -> None:
        """Fail, showing the statements, if there were more than `count`."""
        assert len(self) <= count, "\n".join([f"{len(self)} statements, at most {count} allowed", *self])


@pytest.fixture
def statements(ctx: Flask) -> Callable[[], Any]:
    """Give a context manager that records the SQL statements of a block."""
    del ctx

    @contextmanager
    def record() -> Iterator[Statements]:
        seen = Statements()

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return record
