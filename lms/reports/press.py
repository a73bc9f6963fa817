"""The press: a report as a tagged, accessible PDF, and its charts as pictures; the same report gives the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from typst import Compiler, Fonts

from certificates.coverage import FONTS
from lms.reports.blocks import Block, Chart, Report, Table, shares
from lms.reports.drawing import drawing

DESIGNS = Path(__file__).parent / "designs"
SHARPNESS = 192.0
_lock = Lock()


def pdf(report: Report) -> bytes:
    """Print the report on A4 (PDF/UA-1); dates are those of the report."""
    chapters = [{"title": one.title, "blocks": [_block(block) for block in one.blocks]} for one in report.chapters]
    data = {**asdict(report), "chapters": chapters}
    inputs = {"report": json.dumps(data, ensure_ascii=False, default=str)}
    midnight = datetime(*report.day, tzinfo=UTC)
    return _set("report.typ", inputs, format="pdf", pdf_standards=["ua-1"], timestamp=midnight)


def picture(chart: Chart) -> bytes:
    """Draw a chart as PNG."""
    return _set("chart.typ", {"svg": drawing(chart)}, format="png", ppi=SHARPNESS)


def _block(block: Block) -> dict[str, Any]:
    data = asdict(block)
    if isinstance(block, Table):
        data["shares"] = shares((block.heads, *block.rows))
    if isinstance(block, Chart):
        data |= {"svg": drawing(block), "rows": [[bar.label, bar.text] for bar in block.bars]}
    return data


def _set(design: str, inputs: dict[str, str], **options: Any) -> bytes:
    with _lock:
        made = _compiler().compile(input=str(DESIGNS / design), sys_inputs=inputs, **options)
    if not isinstance(made, bytes):
        message = "the typesetter returned no document"
        raise TypeError(message)
    return made


@cache
def _compiler() -> Compiler:
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return Compiler(root=str(DESIGNS), font_paths=fonts, ignore_system_fonts=True)
