"""The migrations lead from nothing to the tables of today, and all the way back."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import inspect

from lms import schema
from lms.app import create_app
from lms.core.db import db
from lms.settings import Settings
from tests.conftest import KINDS, database


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back_again(kind: str, tmp_path: Path) -> None:
    """On either database."""
    with database(kind) as url:
        app = create_app(Settings.from_env({"LMS_DATA": str(tmp_path), "LMS_SECRET_KEY": "x" * 40, "DATABASE_URL": url}))
        with app.app_context():
            schema.attach(app)
            flask_migrate.upgrade()
            flask_migrate.check()
            flask_migrate.downgrade(revision="base")
            assert inspect(db.engine).get_table_names() == ["alembic_version"]
            db.engine.dispose()
