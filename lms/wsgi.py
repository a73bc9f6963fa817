"""The application for a web server: `lms.wsgi:app` makes it."""

from __future__ import annotations

import gc
from functools import cache

from flask import Flask
from sqlalchemy.orm import configure_mappers

from lms.app import create_app
from lms.core import clock
from lms.settings import Settings


@cache
def app() -> Flask:
    """Build the application from the environment, once in a process and for those that are forked from it."""
    settings = Settings.from_env()
    if settings.clock_start:
        clock.start_at(clock.parse(settings.clock_start))
    made = create_app(settings)
    configure_mappers()
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again: that would hold a request up for 100 ms, and copy shared memory
    return made
