"""What the staff of small and of large editions wait for: the list of people, the ranking, the search, an import."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

from bench.large import LARGE, enlarge
from bench.report import Line
from bench.run import Run
from bench.single import desk
from bench.world import RUNNING, edition
from lms.applications.importing import one, start, upload
from lms.applications.importing import run as work_off
from lms.core.db import unit_of_work
from lms.core.viewer import Viewer, edition_by_id

WORDS = "register tax"


def people(run: Run) -> Iterator[Line]:
    """Measure the list of people, and finding one by a part of the name, in a small and a large edition."""
    yield from _both(run, "people", "people/")
    yield from _both(run, "people_search", f"people/?q={quote('learner 17')}")


def ranking(run: Run) -> Iterator[Line]:
    """Measure the ranking by average in a small and a large edition."""
    yield from _both(run, "ranking", "ranking")


def search(run: Run) -> Iterator[Line]:
    """Measure the search over lessons, glossary and forums in a small and a large edition."""
    yield from _both(run, "search", f"search?q={quote(WORDS)}")


def _both(run: Run, name: str, path: str) -> Iterator[Line]:
    sizes = run.pace.size
    enlarge(run.site.world)
    for slug, rows in ((RUNNING, sizes.learners), (LARGE, sizes.large)):
        line = desk(run, name, f"{rows:,} learners", f"/e/{slug}/{path}")
        line.rows = rows
        yield line


def importing(run: Run) -> Iterator[Line]:
    """Import a file of nominees, from the dry run to the last account and mail."""
    world = run.site.world
    for rows in (run.pace.size.learners, run.pace.size.large):
        viewer = Viewer(person_id=world.administrator, administrator=True)
        with world.app.app_context():
            with unit_of_work():
                edition_id = edition(f"import{rows}")
            spent = _import(edition_id, viewer, rows)
        yield Line("import", f"{rows:,} people", rows=rows, ms=round(1000 * spent), rps=round(rows / spent, 1))


def _import(edition_id: int, viewer: Viewer, rows: int) -> float:
    info, table = edition_by_id(edition_id), _table(edition_id, rows)
    begin = time.perf_counter()
    with unit_of_work():
        file_id = upload(info, viewer, "nominees.csv", table)
    with unit_of_work():
        start(info, viewer, file_id, rows)
    work_off(file_id)
    spent = time.perf_counter() - begin
    done = one(edition_id, file_id)
    if done.done_at is None:
        message = f"the import did not end: {done.state}, {done.faults[:3]}"
        raise RuntimeError(message)
    return spent


def _table(edition_id: int, rows: int) -> bytes:
    lines = ["E-mail,Name,Country,Sector,Institution,Position,Motivation"]
    lines += [
        f"nominee{edition_id}.{number}@example.org,Nominee Number {number},Cambodia,government,Ministry of Trade,Officer,To learn"
        for number in range(rows)
    ]
    return "\n".join(lines).encode()
