"""What happened, told to whoever listens, inside the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app

Handler = Callable[[Any], None]
Handlers = Mapping[type, tuple[Handler, ...]]


def publish(event: object) -> None:
    """Call every handler that a plugin connected to the event's class, in the order of the plugins."""
    handlers: Handlers = current_app.extensions["lms"].handlers
    for handler in handlers.get(type(event), ()):
        handler(event)
