"""What certification puts on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import current_app, render_template
from markupsafe import Markup

from lms.accounts.api import unconfirmed_names
from lms.certification import queries, signing
from lms.core import clock
from lms.core.errors import Conflict
from lms.core.viewer import EditionInfo, Viewer
from lms.editions.api import Check, Count
from lms.gradebook.api import passing

SOON = timedelta(days=30)
MOST_NAMED = 200


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show a learner that there is a certificate."""
    if edition.is_closed and (found := queries.of_enrolment(viewer.enrolment_id)):
        yield Markup(render_template("certification/card.html", certificate=found))  # noqa: S704 - a template's output


def outlook(edition: EditionInfo) -> Iterator[Count]:
    """Count, for the dry run of the closing, those who would get a certificate with a name that they have not confirmed."""
    yield Count("Printed names unconfirmed", len(_unconfirmed(edition)))


def closing(edition: EditionInfo) -> Iterator[Markup]:
    """Name those whose certificate would have a name that they have not confirmed."""
    missing = _unconfirmed(edition)
    names = queries.printed_names(sorted(missing)[:MOST_NAMED])
    if names:
        yield Markup(render_template("certification/closing.html", names=names, count=len(missing)))  # noqa: S704 - a template's output


def _unconfirmed(edition: EditionInfo) -> set[int]:
    earned = {standing.enrolment_id for standing in passing(edition)}
    return earned & unconfirmed_names(edition.id)


def checks(edition: EditionInfo) -> Iterator[Check]:
    """Tell whether it is said who issues the certificates, and whether they are signed by a key of the issuer's own."""
    done = edition.demo or current_app.extensions["settings"].names_issuer
    yield Check(done, "It is said who issues the certificates", "" if done else "set LMS_ISSUER in the settings, and start again")
    signed = edition.demo or signing.has_own()
    remedy = "" if signed else "run `lms certificates keys --new`; until then they are specimens"
    yield Check(signed, "Certificates are signed by the issuer's own key", remedy)


def health() -> str:
    """Say for `lms doctor` what signs and until when; raise `Conflict` where something has to be done."""
    key, now = signing.current(), clock.now()
    if key is None:
        return "no key yet: the worker makes a development key when it starts"
    if reasons := queries.troubles():
        message = f"{reasons[0][1]} certificates wait: {reasons[0][0]}"
        raise Conflict(message)
    if lists := queries.unsigned_lists():
        message = f"{len(lists)} status lists are not signed, and do not tell what was revoked since: {lists[0]}"
        raise Conflict(message)
    if key.development:
        return "a development key: certificates are specimens until `lms certificates keys --new` makes the issuer's own"
    if key.until < now + SOON:
        message = f"key {key.id} {'expires' if key.until > now else 'expired'} on {key.until:%Y-%m-%d}: run `lms certificates keys --new`"
        raise Conflict(message)
    return f"key {key.id} signs until {key.until:%Y-%m-%d}"


def staff(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show the staff how far issuing is."""
    del viewer
    if edition.is_closed:
        yield Markup(render_template("certification/staff.html", counts=queries.counts(edition.id)))  # noqa: S704 - a template's output
