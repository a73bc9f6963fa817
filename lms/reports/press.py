"""The press of reports: a report as a tagged, accessible PDF, and its charts as pictures; the same report gives the same bytes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from lms.core import press
from lms.reports.blocks import Block, Chart, Report, Table, shares
from lms.reports.drawing import drawing

DESIGNS = Path(__file__).parent / "designs"


def pdf(report: Report) -> bytes:
    """Print the report on A4; dates are those of the report."""
    chapters = [{"title": one.title, "blocks": [_block(block) for block in one.blocks]} for one in report.chapters]
    return press.pdf(DESIGNS / "report.typ", {**asdict(report), "chapters": chapters}, date(*report.day))


def picture(chart: Chart) -> bytes:
    """Draw a chart as PNG."""
    return press.picture(DESIGNS / "chart.typ", {"svg": drawing(chart)})


def _block(block: Block) -> dict[str, Any]:
    data = asdict(block)
    if isinstance(block, Table):
        data["shares"] = shares((block.heads, *block.rows))
    if isinstance(block, Chart):
        data |= {"svg": drawing(block), "rows": [[bar.label, bar.text] for bar in block.bars]}
    return data
