"""The press: designs of features set as PDF or as pictures; the same data give the same bytes.

What a design is set with is in its `sys.inputs.data`, as JSON. The fonts are those of certificates, so that names come out in any script;
a mark stands for what none of them can draw, such as a picture in a name: no document fails for that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from typst import Compiler, Fonts, TypstError

from certificates.coverage import FONTS, drawable

SHARPNESS = 192.0
MISSING = "?"
NOT_DRAWN = "could not be displayed"
_lock = Lock()


def pdf(design: Path, data: Any, day: date) -> bytes:
    """Set a design as a tagged, accessible PDF (PDF/UA-1) that is dated this day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return _set(design, data, format="pdf", pdf_standards=["ua-1"], timestamp=midnight)


def picture(design: Path, data: Any) -> bytes:
    """Set a design as PNG."""
    return _set(design, data, format="png", ppi=SHARPNESS)


def _set(design: Path, data: Any, **options: Any) -> bytes:
    text = json.dumps(data, ensure_ascii=False, default=str)
    try:
        return _made(design, text, options)
    except TypstError as error:
        if NOT_DRAWN not in str(error):
            raise
    return _made(design, _drawn(text), options)


def _made(design: Path, text: str, options: Mapping[str, Any]) -> bytes:
    with _lock:
        made = _compiler(design.parent).compile(input=str(design), sys_inputs={"data": text}, **options)
    if not isinstance(made, bytes):
        message = "the typesetter returned no document"
        raise TypeError(message)
    return made


def _drawn(text: str) -> str:
    """Put a mark in the place of each character that our fonts don't have."""
    lost = {ord(character) for character in set(text) if not character.isspace()} - drawable()
    return text.translate(dict.fromkeys(lost, MISSING))


@cache
def _compiler(folder: Path) -> Compiler:
    return Compiler(root=str(folder), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> Fonts:
    return Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
