"""`lms report`: the report of an edition as files."""

from __future__ import annotations

from pathlib import Path

import click

from lms.core.cli import example, in_app, say, writable
from lms.core.db import unit_of_work
from lms.core.errors import NotFound
from lms.core.viewer import NOBODY, EditionInfo, edition_by_slug
from lms.gradebook.api import ensure_settled
from lms.reports import commands, queries, writing


@click.command(epilog=example("lms report ditd-2019 --out /tmp/report", "lms report ditd-2019 --snapshot 3 --out /tmp/report --json"))
@click.argument("edition")
@click.option("--snapshot", type=click.IntRange(1, 2**53), help="Number of a snapshot; without it one is taken now.")
@click.option("--out", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def report(edition: str, snapshot: int | None, folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Write the report of an edition as HTML, PDF and DOCX.

    EDITION is its slug, the word after /e/ in its address. The same snapshot and texts give the same bytes.
    """
    found = _edition(edition)
    edition_id = found.id
    writable(folder)
    snapshot_id = _taken(found) if snapshot is None else _known(edition_id, snapshot)
    texts = {key: text.text for key, text in writing.texts(edition_id).items()}
    made = commands.compose(snapshot_id, texts)
    files = [folder / f"report-{edition}.{form}" for form in commands.FORMS]
    for file, form in zip(files, commands.FORMS, strict=True):
        file.write_bytes(commands.printed(made, form))
    say({"snapshot": snapshot_id, "files": [str(file) for file in files]}, as_json=as_json)


def _edition(slug: str) -> EditionInfo:
    found = edition_by_slug(slug)
    if found is None:
        message = f"there is no edition {slug!r}; the slug is the word after /e/ in its address."
        raise click.BadParameter(message, param_hint="EDITION")
    return found


def _taken(edition: EditionInfo) -> int:
    ensure_settled(edition)
    with unit_of_work():
        return commands.take_snapshot(edition.id, NOBODY)


def _known(edition_id: int, snapshot_id: int) -> int:
    try:
        return queries.snapshot(edition_id, snapshot_id).id
    except NotFound as error:
        raise click.BadParameter(error.message, param_hint="--snapshot") from error
