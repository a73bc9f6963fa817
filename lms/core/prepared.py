"""Statements that were built once, run on the driver itself: SQLAlchemy compiles each once, and its work at each run is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, NoReturn, TypeVarTuple

from sqlalchemy import Connection, Engine, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase, TypedReturnsRows
from sqlalchemy.types import TypeEngine

Columns = TypeVarTuple("Columns")
MOST_LENGTHS = 64
UNCHANGING = frozenset({bool, int, Decimal, date, datetime})
Processor = Callable[[Any], Any]
Statement = TypedReturnsRows[*tuple[Any, ...]] | Update


class Rows(list[tuple[*Columns]], Generic[*Columns]):
    """What a SELECT found, as plain tuples."""

    def all(self) -> list[tuple[*Columns]]:
        """Give every row."""
        return self

    def first(self) -> tuple[*Columns] | None:
        """Give the first row; `None` if there is none."""
        return self[0] if self else None

    def one(self) -> tuple[*Columns]:
        """Give the only row; raise as SQLAlchemy does where there is none, or more."""
        if len(self) == 1:
            return self[0]
        message = f"{len(self)} rows were found where one was expected"
        raise MultipleResultsFound(message) if self else NoResultFound(message)

    def scalar(self) -> Any:
        """Give the first value of the first row; `None` if there is none."""
        row: Sequence[Any] | None = self.first()
        return row[0] if row else None

    def scalar_one(self) -> Any:
        """Give the first value of the only row."""
        row: Sequence[Any] = self.one()
        return row[0]


class Reader:
    """A connection that reads without transactions: the pool's own, without what SQLAlchemy's keep account of."""

    def __init__(self, engine: Engine, readings: list[Reading] | None = None) -> None:
        """Take it from the engine's pool when it is needed; note in `readings` what it reads."""
        self.readings = readings
        self.dialect, self.dispatch = engine.dialect, engine.dispatch
        self._engine = engine
        self._taken: PoolProxiedConnection | None = None

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection."""
        if self._taken is None:
            self._taken = self._engine.raw_connection()
            if self.dialect.name == "postgresql":
                self.dialect.set_isolation_level(self._driver, "AUTOCOMMIT")
        return self._taken

    @property
    def _driver(self) -> Any:
        return self.connection.dbapi_connection

    def failed(self, error: Any, sql: str, parameters: Any, cursor: Any) -> NoReturn:
        """Raise SQLAlchemy's error for the driver's; a lost connection is taken anew the next time."""
        lost = self.dialect.is_disconnect(error, self._driver, cursor)
        if lost:
            self.connection.invalidate(error)
            self._taken = None
        raise DBAPIError.instance(
            sql, parameters, error, self.dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=self.dialect
        ) from error

    def close(self) -> None:
        """Give it back to the pool as it was."""
        if self._taken is not None:
            if self.dialect.name == "postgresql":
                self.dialect.reset_isolation_level(self._driver)
            self._taken.close()
            self._taken = None


@dataclass(frozen=True, slots=True)
class Bind:
    """A parameter of the SQL: its name there, the value that it takes, or which of a list of values, and how that goes in."""

    name: str
    key: str
    at: int | None
    processor: Processor | None

    def value(self, values: Mapping[str, Any]) -> Any:
        """Give what the driver takes."""
        value = values[self.key] if self.at is None else tuple(values[self.key])[self.at]
        return self.processor(value) if self.processor else value


class Prepared:
    """A statement in the words of a database, for lists of a given length."""

    def __init__(self, compiled: SQLCompiler, values: Mapping[str, Any]) -> None:
        """Render it for values like these."""
        dialect = compiled.dialect
        state = compiled.construct_expanded_state(values)
        kinds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
        listed = {name: (key, at) for key, names in state.parameter_expansion.items() for at, name in enumerate(names)}
        binds = [Bind(name, key, at, kinds[key]) for name in state.parameters for key, at in [listed.get(name, (name, None))]]
        self.sql, self._order = state.statement, state.positiontup
        self._binds = [bind for bind in binds if bind.key in values]
        self._constant = {
            bind.name: Bind(bind.name, bind.name, None, bind.processor).value(state.parameters) for bind in binds if bind.key not in values
        }

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """Give what the driver takes for values."""
        bound = {**self._constant, **{bind.name: bind.value(values) for bind in self._binds}}
        return bound if self._order is None else tuple([bound[name] for name in self._order])


class Compiled:
    """A statement that was compiled for a database."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        """Compile it."""
        self._compiled: SQLCompiler = statement.compile(dialect=dialect)
        self._types = [column.type for column in statement.selected_columns] if isinstance(statement, SelectBase) else []
        self._lists = tuple(name for name, bind in self._compiled.binds.items() if bind.expanding)
        self._prepared: dict[tuple[int, ...], Prepared] = {}
        self._results: list[tuple[int, Processor]] | None = None

    def prepared(self, values: Mapping[str, Any]) -> Prepared:
        """Give its SQL for lists as long as these."""
        lengths = tuple([len(values[name]) for name in self._lists if name in values])
        found = self._prepared.get(lengths)
        if found is None:
            if len(self._prepared) >= MOST_LENGTHS:
                self._prepared.clear()
            found = self._prepared[lengths] = Prepared(self._compiled, values)
        return found

    def rows(self, found: list[tuple[Any, ...]], description: Sequence[Sequence[Any]]) -> Any:
        """Give rows with the values that their columns' types make of the driver's."""
        if self._results is None:
            self._results = list(self._processors(description))
        if not self._results:
            return Rows(found)
        lists = [list(row) for row in found]
        for at, processor in self._results:
            for row in lists:
                row[at] = processor(row[at])
        return Rows(map(tuple, lists))

    def _processors(self, description: Sequence[Sequence[Any]]) -> list[tuple[int, Processor]]:
        dialect = self._compiled.dialect
        kinds = zip(self._types, description, strict=True)
        found = [(kind, kind.dialect_impl(dialect).result_processor(dialect, about[1])) for kind, about in kinds]
        return [(at, _keeping(kind, processor)) for at, (kind, processor) in enumerate(found) if processor]


def _keeping(kind: TypeEngine[Any], processor: Processor) -> Processor:
    """Let a column's values be read once: the dates of an edition come with every request. What can be changed is never shared."""
    return lru_cache(maxsize=128)(processor) if kind.python_type in UNCHANGING else processor


@dataclass(frozen=True, slots=True)
class Reading:
    """A SELECT that was run, with its values and the driver's rows."""

    compiled: Compiled
    values: Mapping[str, Any]
    found: list[tuple[Any, ...]]


@lru_cache(maxsize=256)
def _compiled(statement: Statement, dialect: Dialect) -> Compiled:
    return Compiled(statement, dialect)


def select(connection: Connection | Reader, statement: TypedReturnsRows[*Columns], values: Mapping[str, Any]) -> Rows[*Columns]:
    """Run a SELECT of columns."""
    compiled = _compiled(statement, connection.dialect)
    cursor = _execute(connection, compiled, values)
    found = cursor.fetchall()
    rows: Rows[*Columns] = compiled.rows(found, cursor.description)
    cursor.close()
    if isinstance(connection, Reader) and connection.readings is not None:
        connection.readings.append(Reading(compiled, values, found))
    return rows


def is_as_read(reader: Reader, reading: Reading, now: datetime) -> bool:
    """Tell whether a SELECT that was run before finds the same rows; a value called `now` is the moment."""
    values = {**reading.values, "now": now} if "now" in reading.values else reading.values
    cursor = _execute(reader, reading.compiled, values)
    found = cursor.fetchall()
    cursor.close()
    return bool(found == reading.found)


def change(connection: Connection, statement: Update, values: Mapping[str, Any]) -> int:
    """Run an UPDATE, and tell how many rows it changed."""
    cursor = _execute(connection, _compiled(statement, connection.dialect), values)
    count = int(cursor.rowcount)
    cursor.close()
    return count


def _execute(connection: Connection | Reader, compiled: Compiled, values: Mapping[str, Any]) -> Any:
    """Run a statement as SQLAlchemy does: who listens to statements hears of it, and an error is one of SQLAlchemy's."""
    prepared = compiled.prepared(values)
    sql, parameters = prepared.sql, prepared.parameters(values)
    cursor = connection.connection.cursor()
    connection.dispatch.before_cursor_execute(connection, cursor, sql, parameters, None, False)  # noqa: FBT003 - what listeners take
    try:
        cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        if isinstance(connection, Reader):
            connection.failed(error, sql, parameters, cursor)
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # noqa: SLF001 - it also renews lost connections
    return cursor
