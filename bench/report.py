"""What was measured: a line for each scenario, its targets, the table and the file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from operator import ge, le
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"
LARGE = 100


@dataclass(slots=True)
class Line:
    """The figures of a scenario; what does not apply is `None`.

    `rows` tells lines of a scenario apart that is measured with more and with less data.
    `rps` counts whole talks: pages, attempts, sign-ins. `queries` and `cpu_ms` are of a talk, too. `ratio_to_hello` is the median
    of the rounds, `ratio_low` and `ratio_high` their bounds: how far apart these are is noise. `cpu_ratio` holds the processor time of
    'hello' against it, which means more where others use the machine. `ms` is the time of one alone, `kb` what it weighs; `cold_kb`
    and `warm_kb` what a browser receives on the first and on the next visit.
    """

    scenario: str
    size: str
    rows: int | None = None
    rps: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    ratio_to_hello: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    cpu_ms: float | None = None
    cpu_ratio: float | None = None
    queries: int | None = None
    ms: float | None = None
    kb: float | None = None
    cold_requests: int | None = None
    cold_kb: float | None = None
    warm_requests: int | None = None
    warm_kb: float | None = None
    first_text_ms: float | None = None
    loaded_ms: float | None = None
    pss_mb: float | None = None
    rss_mb: float | None = None
    growth_mb: float | None = None
    generator_busy: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that a scenario must reach: at least or at most a bound."""

    figure: str
    sign: str
    bound: float
    rows: int | None = None  # where it holds for one size alone

    def met(self, line: Line) -> bool:
        """Tell whether the line reaches it."""
        value = getattr(line, self.figure)
        return value is not None and (ge if self.sign == "≥" else le)(value, self.bound)

    def __str__(self) -> str:
        """Give it as the table shows it."""
        return f"{NAMES.get(self.figure, self.figure)} {self.sign} {self.bound:g}"


NAMES = {"ratio_to_hello": "ratio", "rps": "a second", "p50_ms": "p50 ms", "cold_requests": "requests", "growth_mb": "growth MB"}
TARGETS = {
    "lesson": (
        Target("ratio_to_hello", "≥", 0.50),
        Target("rps", "≥", 60 * 34),
        Target("cold_requests", "≤", 6),
        Target("cold_kb", "≤", 60),
        Target("warm_requests", "≤", 1),
        Target("warm_kb", "≤", 12),
    ),
    "lesson_postgresql": (Target("ratio_to_hello", "≥", 0.33),),
    "lesson_slow_line": (Target("first_text_ms", "≤", 1800), Target("loaded_ms", "≤", 2500)),
    "course_page": (Target("rps", "≥", 60 * 16.5),),
    "quiz_attempt": (Target("rps", "≥", 100),),
    "forum_topic": (Target("rps", "≥", 40 * 26.6),),
    "sign_in": (Target("rps", "≥", 30),),
    "gradebook": (Target("p50_ms", "≤", 20), Target("kb", "≤", 60)),
    "gradebook_csv": (Target("p50_ms", "≤", 15),),
    "certificate": (Target("ms", "≤", 45), Target("kb", "≤", 110)),
    "replay": (Target("ms", "≤", 60_000),),
    "selection": (Target("ms", "≤", 200, 98), Target("ms", "≤", 2000, 20_000)),
    "memory": (Target("pss_mb", "≤", 90), Target("growth_mb", "≤", 2)),
}
HEADS = ("scenario", "size", "a second", "p50 ms", "p99 ms", "ratio", "cpu ms", "cpu ratio", "queries", "other", "target", "met")
OTHER = {
    "ms": "{:.0f} ms",
    "kb": "{:.1f} KB",
    "cold_requests": "first {:.0f} requests",
    "cold_kb": "{:.1f} KB",
    "warm_requests": "next {:.0f}",
    "warm_kb": "{:.1f} KB",
    "first_text_ms": "text {:.0f} ms",
    "loaded_ms": "loaded {:.0f} ms",
    "pss_mb": "{:.0f} MB",
    "rss_mb": "with all that is shared {:.0f} MB",
    "growth_mb": "{:+.1f} MB",
}


def targets_of(line: Line) -> list[Target]:
    """Give what a line must reach."""
    return [target for target in TARGETS.get(line.scenario, ()) if target.rows in {None, line.rows}]


def machine() -> dict[str, str | int]:
    """Say on what was measured, without names or paths."""
    return {
        "cores": os.process_cpu_count() if hasattr(os, "process_cpu_count") else len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def write(path: Path, lines: Sequence[Line], **facts: object) -> None:
    """Write the results for programs."""
    scenarios = [{key: value for key, value in asdict(line).items() if value is not None} for line in lines]
    for scenario, line in zip(scenarios, lines, strict=True):
        if targets := targets_of(line):
            scenario["targets"] = {str(target): target.met(line) for target in targets}
    path.write_text(json.dumps({**facts, "machine": machine(), "scenarios": scenarios}, indent=1, ensure_ascii=False) + "\n")


def table(lines: Iterable[Line]) -> str:
    """Show the results to a person; a target beyond a line's first stands on a row of its own."""
    rows: list[tuple[str, ...]] = [HEADS]
    for line in lines:
        targets = targets_of(line)
        told = [(str(target), "yes" if target.met(line) else "NO") for target in targets] or [("", "")]
        rows.append((*_cells(line), *told[0]))
        rows += [(*[""] * (len(HEADS) - 2), *extra) for extra in told[1:]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    other = ", ".join(text.format(value) for key, text in OTHER.items() if (value := getattr(line, key)) is not None)
    figures = (line.rps, line.p50_ms, line.p99_ms, line.ratio_to_hello, line.cpu_ms, line.cpu_ratio, line.queries)
    return (line.scenario, line.size, *map(_figure, figures), other)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= LARGE or isinstance(value, int) else f"{value:.2f}"
