"""Pages of applicants: registering, one's own application, the privacy notice; and what stands on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.applications import applying, looking, notices
from lms.applications.forms import Change, Joining, NoticeForm, Registration, answers
from lms.applications.looking import Own
from lms.core import markdown
from lms.core.domain import EnrolmentState
from lms.core.errors import NotFound
from lms.core.forms import Press, whole
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.urls import local, path_for
from lms.core.viewer import EditionInfo, Viewer, current_edition, current_viewer
from lms.editions.api import Check, begins_as, countries_of

blueprint = Blueprint("applications", __name__, template_folder="templates")


@blueprint.route("/e/<edition>/register", methods=["GET", "POST"])
@permission("public")
@limited(60, 60, field="email", field_times=5)
def register() -> ResponseReturnValue:
    """Apply for a place, with an account or by making one; late, where that is possible, for the wait-list."""
    edition, viewer = current_edition(), current_viewer()
    begins, notice = begins_as(edition), notices.current()
    if viewer.is_authenticated and (there := _where_to(edition, viewer)):
        return redirect(there)
    if begins is None:
        return render_template("applications/closed.html"), 409 if request.method == "POST" else 200
    form = _joining(edition, viewer) if viewer.is_authenticated else Registration()
    form.offer(countries_of(edition.id))
    form.ask_consent(notice.version if notice else None)
    if form.validate_on_submit() and (there := _apply(form)):
        return redirect(there)
    form.ask_again(notice.version if notice else None)
    return render_template("applications/register.html", form=form, notice=notice, late=begins == EnrolmentState.WAITLISTED), form.status


def _where_to(edition: EditionInfo, viewer: Viewer) -> str:
    """Give the page of whoever has a place or an application already."""
    if viewer.enrolment_id is not None:
        return url_for("editions.dashboard")
    mine = looking.own(edition.id, viewer.person_id or 0)
    return url_for("applications.own") if mine and mine.state != EnrolmentState.WITHDRAWN else ""


def _joining(edition: EditionInfo, viewer: Viewer) -> Joining:
    mine = looking.own(edition.id, viewer.person_id or 0)
    return Joining(obj=mine or looking.facts(viewer.person_id or 0))


def _apply(form: Registration | Joining) -> str:
    """Do it and give the page to go on to; nothing if it was refused."""
    edition, there = current_edition(), ""
    with form.refusals():
        if isinstance(form, Registration):
            applying.register(edition, form.person(edition.zone), answers(form), form.agreed)
            there = url_for("accounts.check_mail")
        else:
            applying.join(edition, current_viewer(), answers(form), form.agreed)
            there = url_for("applications.own") if edition.by_decision else url_for("editions.dashboard")
    return there


@blueprint.route("/e/<edition>/application", methods=["GET", "POST"])
@permission("signed-in")
def own() -> ResponseReturnValue:
    """Show a person's own application and how it stands; change it until it is decided."""
    edition, viewer = current_edition(), current_viewer()
    mine = _own(edition, viewer)
    form = Change(obj=mine)
    form.offer(countries_of(edition.id))
    if form.validate_on_submit():
        with form.refusals():
            applying.edit(edition, viewer, answers(form), whole(form.version.data))
            flash("Saved.", "good")
            return redirect(url_for("applications.own"))
    form.version.data = str(mine.version)  # who has read what changed may send the same again
    owed = notices.owed(viewer.person_id or 0)
    return render_template("applications/own.html", mine=mine, form=form, owed=owed, may_withdraw=_may_withdraw(mine)), form.status


def _own(edition: EditionInfo, viewer: Viewer) -> Own:
    mine = looking.own(edition.id, viewer.person_id or 0)
    if mine is None:
        message = "You have not applied for this edition."
        raise NotFound(message, remedy="The page of the edition says whether you can.")
    return mine


def _may_withdraw(mine: Own) -> bool:
    return applying.may_withdraw(current_edition(), mine.state)


@blueprint.post("/e/<edition>/application/withdraw")
@permission("signed-in")
def withdraw() -> ResponseReturnValue:
    """Withdraw one's own application."""
    applying.withdraw(current_edition(), current_viewer())
    flash("Your application is withdrawn, and a mail says so. You can apply again as long as registration is open.", "good")
    return redirect(url_for("applications.own"))


@blueprint.get("/privacy-notice")
@permission("public")
def notice() -> ResponseReturnValue:
    """Show the privacy notice that holds now, and which of its versions a person agreed to."""
    found, person = notices.current(), current_viewer().person_id
    agreed = notices.last_consent(person) if person else None
    return _notice(found, agreed)


@blueprint.get("/privacy-notice/<int(max=2147483647):version>")
@permission("public")
def notice_version(version: int) -> ResponseReturnValue:
    """Show a version of the privacy notice."""
    return _notice(notices.one(version), None)


def _notice(found: notices.Notice | None, agreed: tuple[int, object] | None) -> str:
    text = markdown.page(found.text) if found else ""
    return render_template("applications/notice.html", notice=found, text=text, versions=notices.versions(), agreed=agreed, form=Press())


@blueprint.post("/privacy-notice/agree")
@permission("signed-in")
def agree() -> ResponseReturnValue:
    """Agree to the version of the notice that was shown."""
    notices.agree(current_viewer().person_id or 0, whole(request.form.get("version")))
    flash("Thank you. Your consent is noted.", "good")
    return redirect(local(request.form.get("next"), url_for("applications.notice")))


@blueprint.route("/privacy-notice/change", methods=["GET", "POST"])
@permission("site-administrator")
def change_notice() -> ResponseReturnValue:
    """Publish a new version of the notice."""
    held = notices.current()
    form = NoticeForm(data={"text": held.text if held else "", "before": str(held.version if held else 0)})
    if form.validate_on_submit():
        with form.refusals():
            notices.publish(current_viewer(), form.text.data or "", whole(form.before.data))
            flash("The new version holds from now on. Learners and applicants are asked to agree to it.", "good")
            return redirect(url_for("applications.notice"))
    form.before.data = str(held.version if held else 0)  # who has read what holds now may send the same again
    return render_template("applications/change_notice.html", form=form, notice=held), form.status


def entry(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Offer whoever has no place the way to one, on the page about the edition."""
    mine = looking.own(edition.id, viewer.person_id) if viewer.person_id else None
    applied = mine is not None and mine.state != EnrolmentState.WITHDRAWN
    begins = begins_as(edition)
    if applied or begins:
        page = render_template("applications/entry.html", applied=applied, late=begins == EnrolmentState.WAITLISTED)
        yield Markup(page)  # noqa: S704 - rendered with escapes


def at_home(viewer: Viewer) -> Iterator[Markup]:
    """Show a person's applications that wait on the first page."""
    if viewer.person_id and (found := looking.pending(viewer.person_id)):
        yield Markup(render_template("applications/home.html", pending=found))  # noqa: S704 - rendered with escapes


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Ask a learner to agree to the privacy notice, as long as the version that holds now is not agreed to."""
    if viewer.person_id and (owed := notices.owed(viewer.person_id)):
        here = path_for("editions.dashboard", edition=edition.slug)
        yield Markup(render_template("applications/notice_card.html", version=owed, here=here))  # noqa: S704 - rendered with escapes


def checks(edition: EditionInfo) -> Iterator[Check]:
    """Ask for a privacy notice before an edition is published; a demonstration does without."""
    there = edition.demo or notices.current_version() is not None
    detail = "" if there else "an administrator of the installation writes it"
    yield Check(there, "There is a privacy notice", detail, path_for("applications.notice"))
