"""The database: typed tables, one transaction a request, and the only commit."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, ClassVar, TypeVarTuple

import psycopg
from flask import has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Date,
    DateTime,
    Engine,
    Insert,
    Integer,
    MetaData,
    Text,
    Update,
    event,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeDecorator, TypeEngine

from lms.core import prepared
from lms.core.here import notes
from lms.core.prepared import Reader, Rows

SCALE = Decimal(10) ** 6
WAIT_SECONDS, LOOK_SECONDS = 10, 0.0003
Values = Mapping[str, Any]
Columns = TypeVarTuple("Columns")


class Written(sqlite.DATETIME):
    """A moment as SQLite keeps it, written by Python itself: SQLAlchemy puts it together from its parts."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        """Give what writes a moment."""
        del dialect
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")


_WRITTEN = Written()  # type: ignore[no-untyped-call]


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return dialect.type_descriptor(_WRITTEN if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC for the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an aware moment in UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """An exact decimal of six places, kept as a whole number of millionths: it sorts and sums alike everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn a decimal into millionths."""
        del dialect
        return None if value is None else int((value * SCALE).to_integral_value(ROUND_HALF_EVEN))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Give the decimal back."""
        del dialect
        return None if value is None else Decimal(value) / SCALE


class Model(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        date: Date,
        Decimal: Exact,
        str: Text,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Row(Model):
    """A table with a whole-number key of its own."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


class Unit:
    """A unit of work under way: its transaction, begun when something asks for it, and what waits for its commit.

    The session, made only where it is used, joins the transaction and controls it fully: ending the session's part ends it all.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.jobs: list[Callable[[], None]] = []
        self.abandoned = False
        self._taken: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The unit's connection, in its transaction."""
        return self.begin()

    def begin(self, **options: Any) -> Connection:
        """Give the connection in its transaction, which has these execution options if it begins only now."""
        if self._taken is None:
            self._taken = db.engine.connect()
        if not self._taken.in_transaction():
            if options:
                self._taken.execution_options(**options)
            self._taken.begin()
        return self._taken

    def keep(self) -> None:
        """Commit what the session wrote, and what was written without it."""
        session = db.session if db.session.registry.has() else None
        for part in (session, self._taken):
            if part is not None:
                part.commit()

    def roll_back(self) -> None:
        """Undo everything so far."""
        if db.session.registry.has():
            db.session.rollback()
        if self._taken is not None:
            self._taken.rollback()

    def close(self) -> None:
        """Give the connection back."""
        if self._taken is not None:
            self._taken.close()


class Session(FlaskSession):
    """Reads without a transaction, and refuses to write outside a unit of work."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Choose the connection of the unit of work under way; without one, the reading side of the engine."""
        if unit := current_unit():
            return unit.connection
        engine = super().get_bind(*args, **kwargs)
        return reading_side(engine) if isinstance(engine, Engine) else engine


@lru_cache(maxsize=16)
def reading_side(engine: Engine) -> Engine:
    """Give the same engine without transactions; one per engine, because a session keeps a connection for each."""
    mode = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(lms_reading=True, **mode)


db = SQLAlchemy(metadata=Model.metadata, session_options={"class_": Session, "join_transaction_mode": "control_fully"})


def current_unit() -> Unit | None:
    """Give the unit of work under way."""
    unit: Unit | None = notes().get("unit")
    return unit


@event.listens_for(Session, "before_flush")
def _writes_need_a_unit(*_: object) -> None:
    _writing()


def _writing() -> Unit:
    """Give the unit of work under way; raise where there is none, and so nothing that would commit."""
    unit = current_unit()
    if unit is None:
        message = "A row was about to be written outside a unit of work."
        raise RuntimeError(message)
    return unit


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for setting in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={WAIT_SECONDS * 1000}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: object, _: object) -> None:
    """Let no query be compiled: that takes half a second where its cost is overrated, and none here is worth it."""
    if isinstance(connection, psycopg.Connection):
        before, connection.autocommit = connection.autocommit, True
        connection.execute("SET jit = off")
        connection.autocommit = before


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and not connection.get_execution_options().get("lms_reading"):
        driver: Any = connection.connection.dbapi_connection
        try:
            take_turn(driver)
        except sqlite3.Error as error:
            connection._handle_dbapi_exception(error, "BEGIN IMMEDIATE", (), None, None)  # noqa: SLF001 - makes it one of SQLAlchemy's


def take_turn(driver: sqlite3.Connection) -> None:
    """Begin to write in an SQLite database as soon as whoever writes now has ended.

    Left to itself, SQLite looks again after 1, 2, 5, 10 … ms. Raise its error where the turn does not come in time.
    """
    until = time.monotonic() + WAIT_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _began(driver, until):
            time.sleep(LOOK_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000:.0f}")


def _began(driver: sqlite3.Connection, until: float) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
            raise
        return False
    return True


@contextmanager
def unit_of_work() -> Iterator[Unit]:
    """Commit on leaving, roll back on an error; an inner unit joins the outer one."""
    if outer := current_unit():
        yield outer
        return
    if db.session.registry.has():
        db.session.rollback()
    here = notes()
    here.pop("remembered", None)
    here.readings = None
    unit = here.unit = Unit()
    try:
        yield unit
        if unit.abandoned:
            unit.roll_back()
        else:
            unit.keep()
    except BaseException:
        unit.roll_back()
        raise
    finally:
        del here.unit
        unit.close()
    if not unit.abandoned:
        for job in unit.jobs:
            job()


def abandon() -> None:
    """Undo what the current unit of work wrote so far, and let it commit nothing."""
    if unit := current_unit():
        unit.abandoned = True
        unit.roll_back()


def after_commit(job: Callable[[], None]) -> None:
    """Put a job aside that runs once the current unit of work is committed."""
    _writing().jobs.append(job)


def hold_still() -> None:
    """See the same rows until the end of the unit of work, if it asked for none so far; on SQLite every transaction does."""
    _writing().begin(**({"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}))


def read(statement: TypedReturnsRows[*Columns], **values: object) -> Rows[*Columns]:
    """Run a SELECT of columns that was built once, with values for its parameters.

    Building a statement takes ten times as long as running it, so what pages read at each request stands ready in its module.
    Outside a unit of work it needs no session either: a connection without transactions serves the whole request.
    """
    if unit := current_unit():
        if db.session.registry.has():
            db.session.flush()
        return prepared.select(unit.connection, statement, values)
    here = notes()
    if "reader" not in here:
        here.reader = Reader(db.engine, here.get("readings"))
    return prepared.select(here.reader, statement, values)


def change(statement: Update, **values: object) -> int:
    """Run an UPDATE that was built once in the current unit of work, and tell how many rows it changed."""
    return prepared.change(_writing().connection, statement, values)


def change_all(statement: Insert | Update, rows: Sequence[Values]) -> None:
    """Run a statement on tables that was built once for each of several rows, in the current unit of work."""
    prepared.change_all(_writing().connection, statement, rows)


def put(model: type[Model], key: Values, values: Values, *, keep: bool = False, give: tuple[str, ...] = ()) -> Rows[*tuple[Any, ...]]:
    """Insert a row, or update the one with this unique `key` but to `keep` its values, and give columns of what is there then.

    The statement is built once for columns like these.
    """
    connection, changed = _writing().connection, tuple(key)[-1:] if keep else tuple(values)
    statement, row = _putting(model, tuple(key), changed, give, connection.dialect.name), {**key, **values}
    if give:
        return prepared.select(connection, statement, row)
    prepared.change_all(connection, statement, [row])
    return Rows()


@lru_cache(maxsize=256)
def _putting(model: type[Model], key: tuple[str, ...], changed: tuple[str, ...], give: tuple[str, ...], dialect: str) -> Any:
    insert, table = sqlite_insert if dialect == "sqlite" else postgresql_insert, model.metadata.tables[model.__tablename__]
    statement = insert(table)
    statement = statement.on_conflict_do_update(index_elements=key, set_={name: statement.excluded[name] for name in changed})
    return statement.returning(*[table.c[name] for name in give]) if give else statement


def remembered() -> dict[Any, Any]:
    """Give what the page that is being made has read so far, for what is asked for twice; whatever may write begins anew."""
    if not has_request_context() or current_unit():
        return {}
    found: dict[Any, Any] = notes().setdefault("remembered", {})
    return found


def close_reader(_: BaseException | None = None) -> None:
    """Give the connection that `read` used back at the end of a request."""
    if reader := notes().pop("reader", None):
        reader.close()


def upsert(model: type[Model], key: dict[str, Any], values: dict[str, Any], update: dict[str, Any] | None = None) -> Insert:
    """Build 'insert, or update the row with this unique `key`' for either database; `update` defaults to `values`."""
    insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    statement = insert(model.metadata.tables[model.__tablename__]).values(**key, **values)
    return statement.on_conflict_do_update(index_elements=list(key), set_=values if update is None else update)
