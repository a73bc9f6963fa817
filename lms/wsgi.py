"""The application for a web server: `granian --interface wsgi --factory lms.wsgi:app`."""

from __future__ import annotations

import gc

from flask import Flask

from lms.app import create_app
from lms.core import clock
from lms.settings import Settings


def app() -> Flask:
    """Build the application from the environment."""
    settings = Settings.from_env()
    if settings.clock_start:
        clock.start_at(clock.parse(settings.clock_start))
    made = create_app(settings)
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again: a full collection would hold a request up for 100 ms
    return made
