"""`lms certificates`: how far issuing is, issuing here and now, writing the files out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lms.certification import commands, queries
from lms.core import audit
from lms.core.cli import example, in_app, progress, say, writable
from lms.core.db import unit_of_work
from lms.core.viewer import NOBODY, edition_by_slug


@click.group()
def certificates() -> None:
    """Look at certificates, issue what waits, write the files out."""


def _edition(slug: str) -> int:
    edition = edition_by_slug(slug)
    if edition is None:
        message = f"there is no edition {slug!r}; the slug is the word after /e/ in its address."
        raise click.BadParameter(message, param_hint="EDITION")
    return edition.id


@certificates.command(epilog=example("lms certificates status ditd-2019 --json"))
@click.argument("edition")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def status(edition: str, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Count the certificates of an edition.

    EDITION is its slug, the word after /e/ in its address. Requested ones wait for a worker, or for `lms certificates issue`.
    """
    counts = queries.counts(_edition(edition))
    say({"requested": counts.requested, "issued": counts.issued, "with_error": counts.with_error}, as_json=as_json)


@certificates.command(epilog=example("lms certificates issue"))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def issue(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Issue here and now what waits for a worker.

    A worker may do the same meanwhile: each certificate is issued once. Exits with 1 if some are left.
    """
    with progress(commands.waiting(), "Issuing", length=queries.left()) as waiting:
        issued = sum(commands.issue(certificate_id) for certificate_id in waiting)
    left = queries.left()
    say({"issued": issued, "left": left}, as_json=as_json)
    sys.exit(bool(left))


@certificates.command(epilog=example("lms certificates export ditd-2019 /tmp/certificates"))
@click.argument("edition")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def export(edition: str, folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Write the issued certificates as PDF files.

    EDITION is the slug, the word after /e/ in its address. Each file in FOLDER, which is made if need be, is named by the
    certificate's number. The audit log notes it.
    """
    edition_id = _edition(edition)
    writable(folder)
    certificate_ids = queries.issued_ids(edition_id)
    with unit_of_work():
        audit.record(NOBODY, "certificate.export", "edition", edition_id, edition_id=edition_id, count=len(certificate_ids))
    with progress(certificate_ids, "Writing") as found:
        for certificate_id in found:
            number, body = queries.document(edition_id, certificate_id)
            (folder / f"{number}.pdf").write_bytes(body)
    say({"written": len(certificate_ids), "folder": folder}, as_json=as_json)
