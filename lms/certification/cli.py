"""`lms certificates`: how far issuing is, issuing here and now, writing the files out."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from lms.certification import commands, queries
from lms.certification.models import Certificate
from lms.core.cli import in_app, progress, say
from lms.core.db import db
from lms.core.viewer import edition_by_slug
from lms.core.work import due


@click.group()
def certificates() -> None:
    """Look at certificates, issue what waits, write the files out."""


def _edition(slug: str) -> int:
    edition = edition_by_slug(slug)
    if edition is None:
        message = f"there is no edition {slug!r}"
        raise click.BadParameter(message)
    return edition.id


@certificates.command()
@click.argument("edition")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def status(edition: str, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Count the certificates of EDITION (its slug)."""
    counts = queries.counts(_edition(edition))
    say({"requested": counts.requested, "issued": counts.issued, "with_error": counts.with_error}, as_json=as_json)


@certificates.command()
@in_app
def issue() -> None:
    """Issue here and now what waits for the worker."""
    with progress(due(Certificate, 100_000), "Issuing") as waiting:
        for certificate_id in waiting:
            commands.issue(certificate_id)
    left = db.session.scalars(select(Certificate.id).where(Certificate.issued_at.is_(None))).all()
    click.echo(f"{len(left)} left to issue")


@certificates.command()
@click.argument("edition")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@in_app
def export(edition: str, folder: Path) -> None:
    """Write every issued certificate of EDITION into FOLDER, named by its number."""
    edition_id = _edition(edition)
    folder.mkdir(parents=True, exist_ok=True)
    with progress(queries.issued_ids(edition_id), "Writing") as found:
        for certificate_id in found:
            number, body = queries.document(edition_id, certificate_id)
            (folder / f"{number}.pdf").write_bytes(body)
