"""Pages about accounts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from lms.accounts import commands, credentials, queries, second_factor, tokens
from lms.accounts import first_run as beginning
from lms.accounts.commands import NewPerson
from lms.accounts.forms import AskReset, FirstAdministrator, NewPassword, Profile, SignIn
from lms.core.domain import Sector
from lms.core.forms import Form, Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.urls import local
from lms.core.viewer import current_viewer

blueprint = Blueprint("accounts", __name__, template_folder="templates")


def page(template: str, form: Form, **context: object) -> ResponseReturnValue:
    """Show a form's page, with the status that its errors ask for."""
    return render_template(f"accounts/{template}.html", form=form, **context), form.status


@blueprint.get("/account/check-mail")
@permission("public")
def check_mail() -> ResponseReturnValue:
    """Tell whoever signed up or asked for a link to look into the mail, in the same words for all."""
    return render_template("accounts/check_mail.html")


@blueprint.route("/account/confirm/<token>", methods=["GET", "POST"])
@permission("public")
@limited(20, 60)
def confirm_address(token: str) -> ResponseReturnValue:
    """Confirm an address by the button on the page that the mail links to, and sign in."""
    person_id, email = tokens.read_confirmation(token)
    form = Press()
    if not form.validate_on_submit():
        return page("confirm", form, email=email)
    person = commands.confirm_address(person_id, email)
    if person is None:
        flash("Your address is confirmed already. Please sign in.")
        return redirect(url_for("accounts.sign_in"))
    enter(commands.start(person, request.user_agent.string))
    flash("Your address is confirmed. Welcome!", "good")
    return redirect(url_for("editions.home"))


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
@permission("public")
@limited(60, 60, field="email", field_times=5)
def sign_in() -> ResponseReturnValue:
    """Sign in."""
    form = SignIn()
    if form.validate_on_submit():
        with form.refusals():
            person = commands.check_password(form.email.data or "", form.password.data or "")
            if person.second_factor_at is not None:
                session.clear()
                session["halfway"] = second_factor.start_halfway(person.id)
                return redirect(url_for("accounts.sign_in_code", next=request.args.get("next")))
            enter(commands.start(person, request.user_agent.string))
            return redirect(local(request.args.get("next"), url_for("editions.home")))
    return page("sign_in", form)


def enter(viewer: object) -> None:
    """Begin a session for somebody who has signed in."""
    session.clear()
    session.permanent = True
    login_user(viewer)


@blueprint.post("/account/sign-out")
@permission("signed-in")
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    commands.sign_out(current_viewer())
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("editions.home"))


@blueprint.route("/account/reset", methods=["GET", "POST"])
@permission("public")
@limited(30, 60, field="email", field_times=3)
def ask_reset() -> ResponseReturnValue:
    """Ask for a link to set a new password."""
    form = AskReset()
    if form.validate_on_submit():
        commands.ask_reset(form.email.data or "")
        return redirect(url_for("accounts.check_mail"))
    return page("reset", form)


@blueprint.route("/account/new-password/<token>", methods=["GET", "POST"])
@permission("public")
@limited(20, 60)
def new_password(token: str) -> ResponseReturnValue:
    """Set a new password by the link in the mail."""
    person_id, mark = tokens.read_reset(token)
    form = NewPassword()
    if form.validate_on_submit():
        with form.refusals():
            credentials.reset_password(person_id, mark, form.password.data or "")
            flash("Your new password is set. Please sign in with it.", "good")
            return redirect(url_for("accounts.sign_in"))
    return page("new_password", form)


@blueprint.route("/account/welcome/<token>", methods=["GET", "POST"])
@permission("public")
@limited(20, 60)
def welcome(token: str) -> ResponseReturnValue:
    """Let an invited person set the first password by the link in the mail, and sign in."""
    person_id, mark = tokens.read_invitation(token)
    form = NewPassword()
    if form.validate_on_submit():
        with form.refusals():
            person = credentials.accept_invitation(person_id, mark, form.password.data or "")
            enter(commands.start(person, request.user_agent.string))
            flash("Your password is set, and you are signed in. Welcome!", "good")
            return redirect(url_for("editions.home"))
    return page("welcome", form)


@blueprint.route("/account/first/<token>", methods=["GET", "POST"])
@permission("public")
@limited(20, 60)
def first_run(token: str) -> ResponseReturnValue:
    """Let the operator make the first administrator by the address that was printed, and sign in."""
    beginning.require(token)
    form = FirstAdministrator()
    if form.validate_on_submit():
        with form.refusals():
            person = beginning.begin(token, _new_administrator(form))
            enter(commands.start(person, request.user_agent.string))
            flash("You administer this installation. Next: see in the mailbox whether mail arrives, then make an edition.", "good")
            return redirect(url_for("editions.home"))
    return page("first_run", form)


def _new_administrator(form: FirstAdministrator) -> NewPerson:
    facts = {name: form[name].data or "" for name in ("email", "password", "name", "country", "zone")}
    return NewPerson(**facts, printed_name=facts["name"], sector=Sector.INTERNATIONAL, institution="")


@blueprint.route("/account/profile", methods=["GET", "POST"])
@permission("signed-in")
def profile() -> ResponseReturnValue:
    """Show and change what a person says of themselves."""
    person_id = current_viewer().person_id or 0
    form = Profile(obj=queries.profile(person_id))
    if form.validate_on_submit():
        fields = {key: value for key, value in form.data.items() if key != "csrf_token"}
        commands.change_profile(person_id, **fields)
        flash("Saved.", "good")
        return redirect(url_for("accounts.profile"))
    return page("profile", form)
