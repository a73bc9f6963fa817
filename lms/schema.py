"""Migrations of the database; apart from the application, so that web processes don't carry Alembic along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Table

from lms.core.db import Model, db

FOLDER = Path(__file__).parent / "migrations"


def attach(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations of this application are, and commands how to bring the database up to date."""
    flask_migrate.Migrate(app, db, directory=str(FOLDER), render_as_batch=True)
    app.extensions["upgrade"] = upgrade


def upgrade() -> None:
    """Bring the database to the newest version, and create those tables of installed plugins that are not there yet."""
    flask_migrate.upgrade()
    Model.metadata.create_all(db.engine, tables=list(tables_of_plugins()))


def versions() -> tuple[str, str]:
    """Tell the version of the database, empty for one without tables, and the newest there is."""
    newest = ScriptDirectory(str(FOLDER)).get_current_head() or ""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or "", newest


def tables_of_plugins() -> Iterator[Table]:
    """Find the tables that are not this distribution's own: its migrations say nothing of them."""
    for mapper in Model.registry.mappers:
        if isinstance(mapper.local_table, Table) and not mapper.class_.__module__.startswith("lms."):
            yield mapper.local_table
