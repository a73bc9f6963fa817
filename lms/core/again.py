"""Whether rows are as they were read: asked again by the shortest way that each database offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import ExecStatus

from lms.core import prepared
from lms.core.prepared import Prepared, Reader, Reading

_names: WeakKeyDictionary[psycopg.Connection, dict[str, bytes]] = WeakKeyDictionary()


def are_as_read(reader: Reader, readings: Iterable[Reading], now: datetime) -> bool:
    """Tell whether SELECTs that were run before find the same rows; a value called `now` is the moment."""
    return all(_found(reader, reading, _values(reading, now)) == reading.found for reading in readings)


def _values(reading: Reading, now: datetime) -> Mapping[str, Any]:
    return {**reading.values, "now": now} if "now" in reading.values else reading.values


def _found(reader: Reader, reading: Reading, values: Mapping[str, Any]) -> object:
    statement = reading.compiled.prepared(values)
    driver: Any = reader.connection.dbapi_connection
    if isinstance(driver, psycopg.Connection):
        reader.dispatch.before_cursor_execute(reader, None, statement.sql, values, None, False)  # noqa: FBT003 - as SQLAlchemy calls it
        try:
            return _sent_by_postgresql(driver, statement, values)
        except psycopg.Error as error:
            reader.failed(error, statement.sql, None, None)
    cursor = prepared.run(reader, statement, values)
    found = cursor.fetchall()
    cursor.close()
    return found


def _sent_by_postgresql(driver: psycopg.Connection, statement: Prepared, values: Mapping[str, Any]) -> prepared.Sent:
    """Give what the server sends, as it sends it: the driver's own way takes three times as long, mostly to make values of texts."""
    known = _names.setdefault(driver, {})
    name = known.get(statement.sql)
    taken: Any = statement.parameters(values)
    if name is None:
        name = b"lms_%d" % len(known)
        numbered = statement.sql % {key: f"${number}" for number, key in enumerate(taken, 1)}
        if driver.pgconn.prepare(name, numbered.encode()).status != ExecStatus.COMMAND_OK:
            _fail(driver)
        known[statement.sql] = name
    written: list[Any] = [_written(value) for value in taken.values()]
    result = driver.pgconn.exec_prepared(name, written)
    if result.status != ExecStatus.TUPLES_OK:
        _fail(driver)
    return prepared.sent(result)


def _fail(driver: psycopg.Connection) -> NoReturn:
    raise psycopg.OperationalError(driver.pgconn.error_message.decode(errors="replace"))


def _written(value: object) -> bytes | None:
    """Write a value as the server reads it; the statement says of what type it is."""
    match value:
        case None:
            return None
        case bool():
            return b"t" if value else b"f"
        case str():
            return value.encode()
        case int() | Decimal():
            return str(value).encode()
        case date():
            return value.isoformat().encode()
    message = f"{value!r} can't be asked for again"
    raise psycopg.ProgrammingError(message)
