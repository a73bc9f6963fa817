"""Rows that are written once: changing or deleting one raises, whether by the session or by a statement."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from lms.core.db import Model, Session

Lasting = TypeVar("Lasting", bound=type[Model])
_tables: set[str] = set()


class LastingError(RuntimeError):
    """A row that is written once was about to be changed or deleted."""


def lasting(model: Lasting) -> Lasting:
    """Declare that a table's rows are only ever added."""
    _tables.add(model.__tablename__)
    event.listen(model, "before_update", _refuse)
    event.listen(model, "before_delete", _refuse)
    return model


def _refuse(_mapper: object, _connection: object, row: Model) -> None:
    raise LastingError(_sentence(row.__tablename__))


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if mapper is not None and (state.is_update or state.is_delete) and mapper.class_.__tablename__ in _tables:
        raise LastingError(_sentence(mapper.class_.__tablename__))


def _sentence(table: str) -> str:
    return f"Rows of {table} are never changed or deleted."
