"""The application for a web server: `granian --interface wsgi --factory lms.wsgi:app`."""

from __future__ import annotations

from flask import Flask

from lms.app import create_app
from lms.core import clock
from lms.settings import Settings


def app() -> Flask:
    """Build the application from the environment."""
    settings = Settings.from_env()
    if settings.clock_start:
        clock.start_at(clock.parse(settings.clock_start))
    return create_app(settings)
