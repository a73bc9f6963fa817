"""Undoing what a request wrote, row by row: to delete and insert tables with all that refer to them takes twenty times as long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from tests.conftest import Rows


def undo(engine: Engine, tables: Sequence[Table], rows: Rows) -> bool:
    """Bring the rows of tables, each after those that it refers to, back as they were noted; tell whether that was possible.

    It is not where a row is gone, or where the old rows stand in each other's way, as with values that must be unique.
    """
    try:
        with engine.begin() as connection:
            new = [_new(connection, table, rows[table.name]) for table in tables]
            if any(keys is None for keys in new):
                return False
            for table in tables:
                _change_back(connection, table, rows[table.name])
            for table, keys in zip(reversed(tables), reversed(new), strict=True):
                if keys:
                    connection.execute(delete(table).where(_is_row(table)), keys)
    except IntegrityError:
        return False
    return True


def _is_row(table: Table) -> Any:
    return and_(*[column == bindparam(f"key_{column.name}") for column in table.primary_key])


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _new(connection: Connection, table: Table, noted: Sequence[Any]) -> list[dict[str, Any]] | None:
    """Give the keys of rows that were not there; `None` if one that was there is gone."""
    there = {_key(table, row) for row in connection.execute(select(*table.primary_key)).mappings()}
    before = {_key(table, row) for row in noted}
    names = [f"key_{column.name}" for column in table.primary_key]
    return [dict(zip(names, key, strict=True)) for key in there - before] if before <= there else None


def _change_back(connection: Connection, table: Table, noted: Sequence[Any]) -> None:
    keys = {column.name for column in table.primary_key}
    values = [{f"key_{name}" if name in keys else name: value for name, value in row.items()} for row in noted]
    rest = [column.name for column in table.columns if column.name not in keys]
    if values and rest:
        connection.execute(update(table).where(_is_row(table)).values({name: bindparam(name) for name in rest}), values)
