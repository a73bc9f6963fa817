"""How Alembic reaches the application's database and tables."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import BigInteger

from lms.core.db import Exact, Moment, db


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write the product's own column types by their names."""
    if kind == "type" and isinstance(item, Moment | Exact):
        autogen.imports.add("from lms.core.db import Exact, Moment")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, BigInteger) and item._variant_mapping:  # noqa: SLF001 - no public reading of it
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


with db.engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
