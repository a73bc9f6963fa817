"""The application for a web server: `lms.wsgi:app` makes it."""

from __future__ import annotations

import gc
import os
from functools import cache, partial

from flask import Flask
from sqlalchemy.orm import configure_mappers

from lms.app import create_app
from lms.core import clock, pulse
from lms.settings import Settings


@cache
def app() -> Flask:
    """Build the application from the environment, once in a process and for those that are forked from it."""
    settings = Settings.from_env()
    if settings.clock_start:
        clock.start_at(clock.parse(settings.clock_start))
    made = create_app(settings)
    configure_mappers()
    if not settings.clock_start:  # by another clock a start would look like the end of a gap
        os.register_at_fork(after_in_child=partial(pulse.watch, made))  # it is the forked processes that serve
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again: that would hold a request up for 100 ms, and copy shared memory
    return made
