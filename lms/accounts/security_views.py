"""Pages about how somebody signs in: password, address, second factor and devices; and the name that certificates print."""

from __future__ import annotations

import segno
from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user
from markupsafe import Markup

from lms.accounts import codes, commands, credentials, queries, second_factor, views
from lms.accounts.forms import ChangeAddress, ChangePassword, Code, ConfirmName, FirstCode, MakeCodes, PrintedName, SwitchOff
from lms.accounts.views import enter, page
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.urls import local
from lms.core.viewer import current_viewer

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint
UNKEPT = {"Cache-Control": "no-store"}


@blueprint.get("/account/security")
@permission("signed-in")
def security() -> ResponseReturnValue:
    """Show how the viewer signs in, and where."""
    viewer = current_viewer()
    person_id = viewer.person_id or 0
    return render_template("accounts/security.html", how=queries.security(person_id), sign_ins=queries.sign_ins(person_id))


@blueprint.post("/account/sign-ins/<int:sign_in>/end")
@permission("signed-in")
def end_sign_in(sign_in: int) -> ResponseReturnValue:
    """Sign one device out."""
    commands.end(current_viewer(), sign_in)
    if sign_in == current_viewer().sign_in_id:
        logout_user()
        session.clear()
    flash("That device is signed out.", "good")
    return redirect(url_for("accounts.security"))


@blueprint.post("/account/sign-ins/end-others")
@permission("signed-in")
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign every other device out."""
    ended = commands.end_all_others(current_viewer())
    flash(f"{ended} other {'device is' if ended == 1 else 'devices are'} signed out.", "good")
    return redirect(url_for("accounts.security"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@permission("signed-in")
@limited(10, 600)
def password() -> ResponseReturnValue:
    """Change the password."""
    form = ChangePassword()
    if form.validate_on_submit():
        with form.refusals():
            credentials.change_password(current_viewer(), form.current.data or "", form.password.data or "")
            flash("Your password is changed, and every other device is signed out.", "good")
            return redirect(url_for("accounts.security"))
    return page("password", form)


@blueprint.route("/account/address", methods=["GET", "POST"])
@permission("signed-in")
@limited(10, 600)
def address() -> ResponseReturnValue:
    """Ask for another address."""
    form = ChangeAddress()
    if form.validate_on_submit():
        with form.refusals():
            credentials.ask_address(current_viewer(), form.email.data or "", form.password.data or "")
            flash("Please look into the mail of the new address: if it can be used, a link is there that works for one hour.")
            return redirect(url_for("accounts.security"))
    return page("address", form)


@blueprint.post("/account/address/keep")
@permission("signed-in")
def keep_address() -> ResponseReturnValue:
    """Do without the new address."""
    credentials.cancel_address(current_viewer())
    flash("Your address stays as it is.", "good")
    return redirect(url_for("accounts.security"))


@blueprint.route("/account/new-address/<token>", methods=["GET", "POST"])
@permission("public")
@limited(20, 60)
def new_address(token: str) -> ResponseReturnValue:
    """Confirm a new address by the button on the page that the mail links to."""
    form, email = Press(), credentials.address_of(token)
    if not form.validate_on_submit():
        return page("new_address", form, email=email)
    credentials.change_address(token, current_viewer())
    flash(f"From now on you sign in with {email}.", "good")
    return redirect(url_for("accounts.security"))


@blueprint.get("/account/second-factor")
@permission("signed-in")
def set_up_second_factor() -> ResponseReturnValue:
    """Explain the second step of signing in; once that was begun, show the secret for the app."""
    if current_viewer().second_factor:
        return redirect(url_for("accounts.security"))
    return second_factor_page(FirstCode(formdata=None))


def second_factor_page(form: FirstCode) -> ResponseReturnValue:
    """Show the secret for an app with the form for its first code, or the button that makes one."""
    secret = queries.secret_to_confirm(current_viewer().person_id or 0)
    if secret is None:
        return render_template("accounts/begin_second_factor.html", next=request.args.get("next"))
    uri = codes.provisioning_uri(secret, current_viewer().email, current_app.extensions["settings"].issuer)
    drawing = segno.make(uri, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    shown = {"qr": Markup(drawing), "secret": codes.spaced(secret), "uri": uri}  # noqa: S704 - a drawing of our own
    return render_template("accounts/second_factor.html", form=form, next=request.args.get("next"), **shown), form.status, UNKEPT


@blueprint.post("/account/second-factor")
@permission("signed-in")
@limited(20, 600)
def begin_second_factor() -> ResponseReturnValue:
    """Make the secret for an app."""
    second_factor.begin(current_viewer().person_id or 0)
    return redirect(url_for("accounts.set_up_second_factor", next=request.args.get("next")))


@blueprint.post("/account/second-factor/confirm")
@permission("signed-in")
@limited(20, 600)
def confirm_second_factor() -> ResponseReturnValue:
    """Put the second factor in force, and show the recovery codes, this once."""
    form = FirstCode()
    if form.validate_on_submit():
        with form.refusals():
            made = second_factor.confirm(current_viewer(), form.code.data or "")
            return codes_page(made, first=True)
    return second_factor_page(form)


def codes_page(made: tuple[str, ...], *, first: bool = False) -> ResponseReturnValue:
    """Show recovery codes; no store may keep the page."""
    goes_on = local(request.args.get("next"), url_for("accounts.security"))
    return render_template("accounts/recovery_codes.html", codes=made, goes_on=goes_on, first=first), UNKEPT


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
@permission("signed-in")
@limited(10, 600)
def recovery_codes() -> ResponseReturnValue:
    """Make recovery codes anew."""
    form = MakeCodes()
    if form.validate_on_submit():
        with form.refusals():
            made = second_factor.make_recovery_codes(current_viewer(), form.password.data or "")
            return codes_page(made)
    return page("make_codes", form)


@blueprint.route("/account/second-factor/off", methods=["GET", "POST"])
@permission("signed-in")
@limited(10, 3600)
def second_factor_off() -> ResponseReturnValue:
    """Do without the second factor."""
    form = SwitchOff()
    if form.validate_on_submit():
        with form.refusals():
            second_factor.switch_off(current_viewer(), form.password.data or "", form.code.data or "")
            flash("Two-step sign-in is off.", "good")
            return redirect(url_for("accounts.security"))
    return page("second_factor_off", form)


def halfway() -> int | None:
    """Give whose password was right in this browser a moment ago."""
    return queries.halfway(session.get("halfway", ""))


@blueprint.route("/account/sign-in/code", methods=["GET", "POST"])
@permission("public")
@limited(10, 3600, by=halfway)
def sign_in_code() -> ResponseReturnValue:
    """Take the second step of signing in."""
    form, token = Code(), session.get("halfway", "")
    if halfway() is None:
        flash("Please sign in from the beginning: the second step has to follow within ten minutes.")
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    if form.validate_on_submit():
        with form.refusals():
            person = second_factor.finish(token, form.code.data or "")
            enter(commands.start(person, request.user_agent.string))
            return redirect(local(request.args.get("next"), url_for("editions.home")))
    return page("sign_in_code", form)


@blueprint.route("/account/printed-name", methods=["GET", "POST"])
@permission("signed-in")
def printed_name() -> ResponseReturnValue:
    """Show the name as certificates print it, and change it."""
    person_id = current_viewer().person_id or 0
    name = queries.printed_name(person_id)
    form = PrintedName(data={"printed_name": name.text})
    if form.validate_on_submit():
        commands.change_printed_name(person_id, form.printed_name.data or "")
        return redirect(url_for("accounts.printed_name"))
    return page("printed_name", form, name=name, confirm=ConfirmName(formdata=None, data={"shown": name.text}))


@blueprint.post("/account/printed-name/confirm")
@permission("signed-in")
def confirm_printed_name() -> ResponseReturnValue:
    """Note that the name may be printed as shown."""
    form = ConfirmName()
    commands.confirm_printed_name(current_viewer(), form.shown.data or "")
    flash("Thank you. Your certificates will show this name.", "good")
    return redirect(url_for("accounts.printed_name"))
