"""Why staff open a person's records: tutors say it once a day for each person, it goes on record, and the person reads it."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, StopValidation

from lms.core import clock
from lms.core.audit import AuditEntry, record
from lms.core.db import db
from lms.core.forms import NEEDED, Form, line
from lms.core.urls import SAFE_METHODS
from lms.core.viewer import Viewer, current_edition, current_viewer

ONCE = timedelta(hours=24)
ADMINISTRATORS = "administer the edition"
AS_A_TUTOR = "see the edition as a tutor does"
OTHER = "something else"
PURPOSES = ("help with the course", "answer a question", "check progress and grades", OTHER)


def of(viewer: Viewer, enrolment_id: int) -> str | None:
    """Tell why somebody opens the records of an enrolment; `None` where a tutor has not said so in the last 24 hours.

    Administrators have a standing purpose, and nobody needs one for the own records.
    """
    if viewer.is_administrator or viewer.enrolment_id == enrolment_id:
        return ADMINISTRATORS
    if viewer.on_record:
        return AS_A_TUTOR
    about = AuditEntry.subject == "enrolment", AuditEntry.subject_id == enrolment_id, AuditEntry.action == "purpose.state"
    own = AuditEntry.actor_id == viewer.person_id, AuditEntry.at > clock.now() - ONCE
    detail = db.session.scalar(select(AuditEntry.detail).where(*about, *own).order_by(AuditEntry.id.desc()).limit(1))
    return str(detail["purpose"]) if detail else None


class Purpose(Form):
    """Why somebody opens a person's records."""

    purpose = RadioField(
        "Why do you open them?", [DataRequired("Please choose one.")], choices=[SelectChoice(text, text.capitalize()) for text in PURPOSES]
    )
    words = line("In a few words", most=200, required=False)

    def validate_words(self, field: object) -> None:
        """Ask for words where none of the usual purposes fits."""
        del field
        if self.purpose.data == OTHER and not self.words.data:
            raise StopValidation(NEEDED)

    @property
    def text(self) -> str:
        """Give the purpose as it goes on record."""
        return ": ".join(part for part in (self.purpose.data, self.words.data) if part and part != OTHER)


def asked(enrolment_id: int, name: str) -> ResponseReturnValue | None:
    """Ask the request's viewer why they open somebody's records, or take the answer; `None` where it is known."""
    viewer, form = current_viewer(), Purpose()
    if request.method in SAFE_METHODS and of(viewer, enrolment_id):
        return None
    if form.validate_on_submit():
        record(viewer, "purpose.state", "enrolment", enrolment_id, edition_id=current_edition().id, purpose=form.text)
        return redirect(request.path)
    return render_template("purpose.html", form=form, name=name), form.status
