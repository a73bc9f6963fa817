"""Migrations of the database; apart from the application, so that web processes don't carry Alembic along."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
from flask import Flask

from lms.core.db import db

FOLDER = Path(__file__).parent / "migrations"


def attach(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations of this application are, and let features' commands bring the tables up to date."""
    flask_migrate.Migrate(app, db, directory=str(FOLDER), render_as_batch=True)
    app.extensions["upgrade"] = flask_migrate.upgrade
