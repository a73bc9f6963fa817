"""Named places on pages that other features fill; the page that hosts a slot says what it takes."""

from __future__ import annotations

from typing import Any

from flask import current_app


def collect(name: str, *args: Any) -> list[Any]:
    """Gather what the plugins put into a slot, in the order of the plugins."""
    return [item for fill in current_app.extensions["lms"].slots[name] for item in fill(*args)]
