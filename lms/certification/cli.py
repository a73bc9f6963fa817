"""`lms certificates`: how far issuing is, issuing here and now, keys, verifying, writing the files out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

from certificates import DocumentError, KeysError
from lms.certification import issuing, queries, signing
from lms.core import audit
from lms.core.cli import example, in_app, progress, say, writable
from lms.core.db import unit_of_work
from lms.core.viewer import NOBODY, edition_by_slug


@click.group()
def certificates() -> None:
    """Certificates: issue, verify, make keys."""


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
    with _keys_at_hand():
        signing.keep_published()
    with progress(issuing.waiting(), "Issuing", length=queries.left()) as waiting:
        issued = sum(issuing.issue(certificate_id) for certificate_id in waiting)
    issuing.make_lists()
    left = queries.left()
    say({"issued": issued, "left": left}, as_json=as_json)
    for reason, count in queries.troubles():
        click.echo(f"{count} waiting: {reason}", err=True)
    sys.exit(bool(left))


@certificates.command(epilog=example("LMS_ISSUER='Regional Centre' LMS_BASE_URL=https://learn.example.org lms certificates keys --new"))
@click.option("--new", is_flag=True, help="Make a new key of the issuer's own, which signs from now on.")
@click.option("--days", type=click.IntRange(1, 7305), default=signing.FIVE_YEARS, show_default=True, help="How long a new key signs.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def keys(new: bool, days: int, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """List the keys that sign certificates, or make one.

    They lie in LMS_DATA/keys and are published by the platform. A new key takes the issuer's name from LMS_ISSUER and the address from
    LMS_BASE_URL; those before go on verifying. Until there is one, a development key signs, and certificates are specimens.
    """
    settings = current_app.extensions["settings"]
    if new and not settings.names_issuer:
        message = "Say who issues first: set LMS_ISSUER, and LMS_BASE_URL to the address that people use."
        raise click.UsageError(message)
    with _keys_at_hand():
        if new:
            _make_key(days)
        signing.keep_published()
    if new and not settings.secure:
        click.echo("Programs look for keys by HTTPS alone: set LMS_BASE_URL to the https address before certificates are issued.", err=True)
    found = signing.published()
    if as_json:
        say({"keys": signing.described()}, as_json=True)
    for key in [] if as_json else found:
        use = "signs" if key["signs"] else "verifies"
        click.echo(f"{key['id']}  {use:8}  until {key['until'][:10]}  {key['issuer']}{'  DEVELOPMENT' * key['development']}")


def _make_key(days: int) -> None:
    made = signing.make_own(days)
    with unit_of_work():
        audit.record(NOBODY, "certificate.key", "key", None, key=made)


@contextmanager
def _keys_at_hand() -> Iterator[None]:
    """Tell in a sentence what is wrong with the keys."""
    try:
        yield
    except (KeysError, OSError) as error:
        raise click.ClickException(str(error)) from error


@certificates.command(epilog=example("lms certificates verify certificate.pdf"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def verify(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Say what holds of FILE, a PDF or a credential.

    Its signatures are checked by the published keys, its status by the status lists of this platform. Exits with 1 if something does
    not hold or can't be told.
    """
    lists = {issuing.list_url(number): body for number, body in queries.status_lists().items()}
    try:
        report = signing.press().check(file.read_bytes(), signing.text(signing.KEYS), lists)
    except DocumentError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        say({"outcome": str(report.outcome), "checks": {check.about: str(check.outcome) for check in report.checks}}, as_json=True)
    for check in [] if as_json else report.checks:
        click.echo(f"{check.outcome:8} {check.about}: {check.said}")
    sys.exit(report.outcome != "holds")


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
