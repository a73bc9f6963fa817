"""How Alembic reaches the application's database and tables."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import BigInteger

from lms.core.db import Exact, Moment, db
from lms.schema import tables_of_plugins


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write the product's own column types by their names."""
    if kind == "type" and isinstance(item, Moment | Exact):
        autogen.imports.add("from lms.core.db import Exact, Moment")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, BigInteger) and item._variant_mapping:  # noqa: SLF001 - no public reading of it
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def include_object(item: Any, _name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:  # noqa: FBT001 - Alembic passes it so
    """Leave out of our migrations the tables of installed plugins, and indexes that belong to another database than this."""
    if kind == "index" and item.info.get("only", db.engine.dialect.name) != db.engine.dialect.name:
        return False
    return kind != "table" or item.name not in {table.name for table in tables_of_plugins()}


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave out what databases derive for full-text search, named fts_…: migrations make it by hand, and no model knows it."""
    del kind, parents
    return not (name or "").startswith("fts_")


with db.engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        include_object=include_object,
        include_name=include_name,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
