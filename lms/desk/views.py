"""Pages for administrators: the mailbox, and the record of acts of the installation and of an edition."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.audit import record
from lms.core.db import db, unit_of_work
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.listing import file, number, text
from lms.core.mail import post
from lms.core.permissions import permission
from lms.core.urls import absolute_url
from lms.core.viewer import current_edition, current_viewer
from lms.desk import acts, emails, queries

blueprint = Blueprint("desk", __name__, template_folder="templates")


@blueprint.get("/desk/mail")
@permission("site-administrator")
def mailbox() -> ResponseReturnValue:
    """List the mails that the platform wrote."""
    search = text("q")
    return render_template(
        "desk/mailbox.html",
        page=queries.mails(number("before"), search),
        search=search,
        counts=queries.mail_counts(),
        kept=queries.keeps_mail(),
    )


@blueprint.get("/desk/mail/<int:mail_id>")
@permission("site-administrator")
def mail(mail_id: int) -> ResponseReturnValue:
    """Show a mail, where mail is kept instead of sent."""
    return render_template("desk/mail.html", mail=queries.mail(mail_id))


@blueprint.route("/desk/mail/test", methods=["GET", "POST"])
@permission("site-administrator")
@limited(10, 600)
def test_mail() -> ResponseReturnValue:
    """Send a mail to whoever asks, and show how it fares."""
    viewer, form = current_viewer(), Press()
    if form.validate_on_submit():
        letter = emails.test(viewer.name, absolute_url("desk.mailbox"))
        post(letter, viewer.email, kind=emails.TEST, person_id=viewer.person_id)
        return redirect(url_for("desk.test_mail"))
    return render_template("desk/test.html", tested=queries.newest_test(viewer.person_id), kept=queries.keeps_mail())


@blueprint.get("/desk/audit")
@permission("site-administrator")
def audit() -> ResponseReturnValue:
    """List what was done in the whole installation."""
    return _acts(None, current_viewer().zone, "desk.audit")


@blueprint.get("/desk/audit.csv")
@permission("site-administrator")
def audit_file() -> ResponseReturnValue:
    """Send the same as CSV."""
    return _file(None, current_viewer().zone)


@blueprint.get("/e/<edition>/audit")
@permission("administrator")
def edition_audit() -> ResponseReturnValue:
    """List what was done in an edition."""
    return _acts(current_edition().id, current_edition().zone, "desk.edition_audit")


@blueprint.get("/e/<edition>/audit.csv")
@permission("administrator")
def edition_audit_file() -> ResponseReturnValue:
    """Send the same as CSV."""
    return _file(current_edition().id, current_edition().zone)


def _acts(edition_id: int | None, zone: str, here: str) -> str:
    kinds: Mapping[str, str] = current_app.extensions["lms"].acts
    choice, everywhere = acts.chosen(kinds), edition_id is None
    page = acts.page(edition_id, zone, choice, number("before"))
    return render_template(
        "desk/audit.html",
        before=page.before,
        rows=[acts.cells(act, zone, everywhere=everywhere) for act in page.acts],
        heads=acts.heads(everywhere=everywhere),
        choice=choice,
        kinds=sorted(kinds.items(), key=lambda kind: kind[1]),
        zone=zone,
        here=here,
    )


def _file(edition_id: int | None, zone: str) -> ResponseReturnValue:
    """Send all acts of a choice but this one: that it is taken is on record, too."""
    choice, everywhere = acts.chosen(current_app.extensions["lms"].acts), edition_id is None
    subject = ("edition", edition_id) if edition_id else ("audit log", None)
    with unit_of_work():
        entry = record(current_viewer(), "audit.export", *subject, edition_id=edition_id, filter=choice.filters)
        db.session.flush()
        found = acts.every_act(edition_id, zone, choice, but=entry.id)
    table = chain([acts.heads(everywhere=everywhere)], (acts.cells(act, zone, everywhere=everywhere) for act in found))
    return file(table, "Audit log", "csv")
