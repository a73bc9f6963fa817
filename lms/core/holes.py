"""Holes in a drawing that is kept for many: places for what differs by who asks and when."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from markupsafe import Markup

from lms.core.here import notes

_SECRET = secrets.token_hex(16)  # new in each process, so that nobody can write a hole into a page
_HOLE = re.compile(f"{_SECRET}-([a-z]+)-")


def hole(name: str) -> Markup:
    """Give what stands in a drawing where `name` belongs."""
    return Markup("{}-{}-").format(_SECRET, name)


def parts(text: str) -> list[str]:
    """Take a drawing apart: what stands before, the name of a hole, what stands behind, and so on."""
    return _HOLE.split(text)


def filled(text: str, fill: Callable[[str], str]) -> Markup:
    """Fill the holes of a drawing by their names."""
    return Markup(_HOLE.sub(lambda match: fill(match[1]), text))  # noqa: S704 - a drawing, and what fits into it


@contextmanager
def drawing() -> Iterator[None]:
    """Leave holes inside the block."""
    outside = is_drawing()
    here = notes()
    here.leaves_holes = True
    try:
        yield
    finally:
        here.leaves_holes = outside


def is_drawing() -> bool:
    """Tell whether what is drawn now is kept for many."""
    return bool(notes().get("leaves_holes"))
