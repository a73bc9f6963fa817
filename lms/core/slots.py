"""Named places on pages that other features fill; the page that hosts a slot says what it takes."""

from __future__ import annotations

from typing import Any

from lms.core.here import application


def collect(name: str, *args: Any) -> list[Any]:
    """Gather what the plugins put into a slot, in the order of the plugins."""
    return [item for fill in application().extensions["lms"].slots[name] for item in fill(*args)]
