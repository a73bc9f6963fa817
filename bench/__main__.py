"""`python -m bench`: measure the platform, show a table, write `bench/results.json`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bench.report import RESULTS, Line, table, write
from bench.run import QUICK, Pace, Run
from bench.scenarios import SCENARIOS
from lms.core import clock

SLOW = {"replay"}
LONGEST = 600  # seconds; it takes half of that, on a busy machine, too


def main() -> int:
    """Run what was asked for."""
    parser = _parser()
    options = parser.parse_args()
    names = options.only.split(",") if options.only else [n for n in SCENARIOS if not (options.quick and n in SLOW)]
    if unknown := [name for name in names if name not in SCENARIOS]:
        parser.error(f"unknown scenario: {', '.join(unknown)}")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(LONGEST)
    load, lines = round(os.getloadavg()[0], 1), dict[tuple[str, int | None], Line]()
    with ExitStack() as stack:
        run = Run(QUICK if options.quick else Pace(), stack)
        stack.callback(lambda: print(table(lines.values())))  # also when a scenario fails
        for name in names:
            begin = time.monotonic()
            print(f"{name} …", end=" ", file=sys.stderr, flush=True)
            for line in SCENARIOS[name](run):
                key = line.scenario, line.rows
                lines[key] = _joined(lines.get(key), line)
            print(f"{time.monotonic() - begin:.0f} s", file=sys.stderr)
    write(options.json, list(lines.values()), date=options.date, quick=options.quick, load_before=load)
    return 0


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End in order: what was started is ended, what was measured is shown."""
    sys.exit(f"stopped: {signal.strsignal(number)}")


def _joined(known: Line | None, line: Line) -> Line:
    """Put the figures of two lines of one scenario together."""
    for field in fields(line) if known else ():
        if getattr(known, field.name) is not None:
            setattr(line, field.name, getattr(known, field.name))
    return line


def _parser() -> argparse.ArgumentParser:
    about = "\n".join(f"  {name:<14}{scenario.__doc__}" for name, scenario in SCENARIOS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the platform on this machine: servers, data and load are made here and taken away again.",
        epilog=f"scenarios:\n{about}\n\nHow it measures stands in docs/performance.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="NAMES", help="some scenarios, separated by commas")
    parser.add_argument("--quick", action="store_true", help="under a minute: short rounds, little data, no replay")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE", help="where the results go (bench/results.json)")
    today = clock.now().date().isoformat()
    parser.add_argument("--date", default=today, help="the date that the results bear (today)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
