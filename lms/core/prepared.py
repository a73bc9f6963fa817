"""Statements that were built once, run on the driver itself: SQLAlchemy compiles each once, and its work at each run is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, NoReturn, TypeVarTuple

from sqlalchemy import Connection, Engine, Insert, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.sql.selectable import SelectBase, TypedReturnsRows
from sqlalchemy.types import TypeEngine

Columns = TypeVarTuple("Columns")
MOST_LENGTHS = 64
UNCHANGING = frozenset({bool, int, Decimal, date, datetime})
Processor = Callable[[Any], Any]
Taker = Callable[[Mapping[str, Any]], Any]
Sent = tuple[int, list[bytes | None]]
Statement = TypedReturnsRows[*tuple[Any, ...]] | Insert | Update


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
                self._driver.autocommit = True
        return self._taken

    @property
    def _driver(self) -> Any:
        return self.connection.dbapi_connection

    def has_lost(self, error: Any, cursor: Any) -> bool:
        """Tell whether an error says that the connection is lost; the next time there will be a new one then."""
        lost = self.dialect.is_disconnect(error, self._driver, cursor)
        if lost:
            self._engine.pool._invalidate(self.connection, error)  # noqa: SLF001 - as SQLAlchemy's: the others are as old
            self._taken = None
        return lost

    def failed(self, error: Any, sql: str, parameters: Any, cursor: Any) -> NoReturn:
        """Raise SQLAlchemy's error for the driver's."""
        lost = self.has_lost(error, cursor)
        raise DBAPIError.instance(
            sql, parameters, error, self.dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=self.dialect
        ) from error

    def close(self) -> None:
        """Give it back to the pool as it was."""
        if self._taken is not None:
            if self.dialect.name == "postgresql":
                self._driver.autocommit = False
            self._taken.close()
            self._taken = None


def _taker(key: str, at: int | None, processor: Processor | None) -> Taker:
    """Give what takes a parameter out of named values: a value, or which of a list of values, as the driver wants it."""
    if at is not None:
        return lambda values: processor(tuple(values[key])[at]) if processor else tuple(values[key])[at]
    return (lambda values: processor(values[key])) if processor else itemgetter(key)


class Prepared:
    """A statement in the words of a database, for lists of a given length."""

    def __init__(self, compiled: SQLCompiler, values: Mapping[str, Any]) -> None:
        """Render it for values like these."""
        dialect = compiled.dialect
        state = compiled.construct_expanded_state(values)
        kinds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
        listed = {name: (key, at) for key, names in state.parameter_expansion.items() for at, name in enumerate(names)}
        constants = {**state.parameters, **_defaults(compiled)}

        def taker(name: str) -> Taker:
            key, at = listed.get(name, (name, None))
            if key in values:
                return _taker(key, at, kinds[key])
            constant = _taker(name, None, kinds[key])(constants)
            return lambda _: constant

        self.sql = state.statement
        self._names = None if state.positiontup is not None else tuple(state.parameters)
        self._takers = [taker(name) for name in (state.parameters if state.positiontup is None else state.positiontup)]

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """Give what the driver takes for values."""
        taken = tuple([take(values) for take in self._takers])
        return taken if self._names is None else dict(zip(self._names, taken, strict=True))


def _defaults(compiled: SQLCompiler) -> dict[str, Any]:
    """Give the columns that take a constant where a statement has no value for them."""
    return {column.key: column.default.arg for column in compiled.prefetch if isinstance(column.default, ScalarElementColumnDefault)}


class Compiled:
    """A statement that was compiled for a database."""

    def __init__(self, statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> None:
        """Compile it; an INSERT is of the columns named."""
        own: dict[str, Any] = {"column_keys": names, "for_executemany": True} if isinstance(statement, Insert) else {}
        self._compiled: SQLCompiler = statement.compile(dialect=dialect, **own)
        if len(_defaults(self._compiled)) < len(self._compiled.prefetch):
            message = f"Only SQLAlchemy makes values for columns anew each time, and {self._compiled} leaves some to it."
            raise ValueError(message)
        returned = statement.exported_columns if isinstance(statement, SelectBase | Insert) else ()
        self._types = [column.type for column in returned]
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
    """A SELECT that was run, with its values and what was found: the driver's rows, or what PostgreSQL sent."""

    compiled: Compiled
    values: Mapping[str, Any]
    found: object


@lru_cache(maxsize=256)
def _compiled(statement: Statement, dialect: Dialect, names: tuple[str, ...] = ()) -> Compiled:
    return Compiled(statement, dialect, names)


def select(connection: Connection | Reader, statement: TypedReturnsRows[*Columns], values: Mapping[str, Any]) -> Rows[*Columns]:
    """Run a SELECT of columns, or an INSERT that gives some back."""
    compiled = _compiled(statement, connection.dialect, tuple(values) if isinstance(statement, Insert) else ())
    cursor = run(connection, compiled.prepared(values), values)
    found = cursor.fetchall()
    rows: Rows[*Columns] = compiled.rows(found, cursor.description)
    if isinstance(connection, Reader) and connection.readings is not None:
        result = getattr(cursor, "pgresult", None)
        connection.readings.append(Reading(compiled, values, sent(result) if result else found))
    cursor.close()
    return rows


def change(connection: Connection, statement: Update, values: Mapping[str, Any]) -> int:
    """Run an UPDATE, and tell how many rows it changed."""
    cursor = run(connection, _compiled(statement, connection.dialect).prepared(values), values)
    count = int(cursor.rowcount)
    cursor.close()
    return count


def change_all(connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an INSERT or UPDATE for each of several rows, which all name the same values."""
    names = tuple(rows[0]) if isinstance(statement, Insert) else ()
    prepared = _compiled(statement, connection.dialect, names).prepared(rows[0])
    _execute(connection, prepared.sql, [prepared.parameters(row) for row in rows], many=True).close()


def sent(result: Any) -> Sent:
    """Give the values in a result of PostgreSQL as the server sent them."""
    return result.ntuples, [result.get_value(row, column) for row in range(result.ntuples) for column in range(result.nfields)]


def run(connection: Connection | Reader, prepared: Prepared, values: Mapping[str, Any]) -> Any:
    """Run a statement and give its cursor."""
    return _execute(connection, prepared.sql, prepared.parameters(values))


def _execute(connection: Connection | Reader, sql: str, parameters: Any, *, many: bool = False, again: bool = True) -> Any:
    """Run a statement as SQLAlchemy does: who listens to statements hears of it, and an error is one of SQLAlchemy's.

    What only reads, without a transaction, is read again by a new connection if the old one is lost, as when the server restarted.
    """
    cursor: Any = None
    try:
        cursor = connection.connection.cursor()
        connection.dispatch.before_cursor_execute(connection, cursor, sql, parameters, None, many)
        (cursor.executemany if many else cursor.execute)(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        if isinstance(connection, Reader):
            if again and connection.has_lost(error, cursor):
                return _execute(connection, sql, parameters, again=False)
            connection.failed(error, sql, parameters, cursor)
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # noqa: SLF001 - it also renews lost connections
    return cursor
