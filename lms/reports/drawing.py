"""Reports as pages: the same parts as a file of its own; charts as drawings of their own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import current_app
from markupsafe import Markup

from lms.reports.blocks import Chart, Report

STYLE = Path(__file__).parent / "templates/reports/report.css"
WIDTH = 640
# Fills as in the style sheet of pages, in light; type as the press has it.
LOOK = (
    "text{font:14px 'EB Garamond','Noto Serif Khmer','Noto Serif Lao','Noto Serif Thai','Noto Sans Myanmar';fill:#17212c}"
    ".v{font-weight:500}rect{fill:#0a4f87}.track{fill:#e0e5ea}"
)


def page(report: Report) -> bytes:
    """Write the report as an HTML file that needs nothing else."""
    style = Markup(f"<style>\n{_css()}\n</style>")  # noqa: S704 - our own style sheet; the page stands alone
    return current_app.jinja_env.get_template("reports/document.html").render(report=report, style=style).encode()


@cache
def _css() -> str:
    return STYLE.read_text(encoding="utf-8").strip()


def drawing(chart: Chart) -> str:
    """Draw a chart as on the page, as an SVG file of its own."""
    rows = [(bar.label, bar.value or 0, bar.text) for bar in chart.bars]
    macros = current_app.jinja_env.get_template("ui/charts.html").module
    svg = str(macros.bars(rows, "title", maximum=chart.maximum, summary=chart.said)).strip()  # type: ignore[attr-defined] # a macro
    head, _, rest = svg.partition(">")
    head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace('width="100%"', f'width="{WIDTH}"')
    return f"{head}><style>{LOOK}</style>{rest}"
