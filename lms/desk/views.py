"""Pages for the installation's administrators."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.core.permissions import permission
from lms.desk import queries

blueprint = Blueprint("desk", __name__, template_folder="templates", url_prefix="/desk")


def before() -> int | None:
    """Read from which id a list goes on; anything that is no number begins at the top."""
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None  # noqa: PLR2004 - the number explains itself here


def searched(name: str) -> str:
    """Read what is searched for, without what can't be in a text."""
    return request.args.get(name, "").replace("\0", "")[:100].strip()


@blueprint.get("/mail")
@permission("site-administrator")
def mailbox() -> ResponseReturnValue:
    """List the mails that the platform wrote."""
    search = searched("q")
    return render_template(
        "desk/mailbox.html",
        page=queries.mails(before(), search),
        search=search,
        counts=queries.mail_counts(),
        kept=queries.keeps_mail(),
    )


@blueprint.get("/mail/<int:mail_id>")
@permission("site-administrator")
def mail(mail_id: int) -> ResponseReturnValue:
    """Show a mail, where mail is kept instead of sent."""
    return render_template("desk/mail.html", mail=queries.mail(mail_id))


@blueprint.get("/audit")
@permission("site-administrator")
def audit() -> ResponseReturnValue:
    """List what staff did."""
    action = searched("action")
    return render_template("desk/audit.html", page=queries.acts(before(), action), action=action)
