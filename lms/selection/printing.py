"""The dossier on paper: tagged and accessible, names in any script; the same dossier gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from typst import Compiler, Fonts

from certificates.coverage import FONTS

DESIGNS = Path(__file__).parent / "designs"
_lock = Lock()


def pdf(data: Mapping[str, Any], day: date) -> bytes:
    """Print a dossier on A4 (PDF/UA-1)."""
    inputs = {"dossier": json.dumps(data, ensure_ascii=False)}
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    design = str(DESIGNS / "dossier.typ")
    with _lock:
        made = _compiler().compile(input=design, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=midnight)
    if not isinstance(made, bytes):
        message = "the typesetter returned no document"
        raise TypeError(message)
    return made


@cache
def _compiler() -> Compiler:
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return Compiler(root=str(DESIGNS), font_paths=fonts, ignore_system_fonts=True)
