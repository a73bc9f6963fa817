"""Forms about roles."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired

from lms.core.domain import Role
from lms.core.forms import Form, email, ticks

ROLES = [
    SelectChoice(Role.TUTOR.value, "Tutor: looks after forums and learners"),
    SelectChoice(Role.ADMINISTRATOR.value, "Administrator: decides about everything in the edition"),
]


class Position(Form):
    """A role on the team."""

    role = RadioField("Role", [DataRequired("Please choose one.")], choices=ROLES, default=Role.TUTOR.value)
    modules = ticks("Modules that a tutor looks after", hint="None ticked means all of them.")
    may_export = BooleanField(
        "A tutor may take lists as files", description="As CSV and XLSX, with what the pages show to tutors. Administrators always may."
    )

    def offer(self, modules: Iterable[tuple[str, str]]) -> None:
        """Offer the modules of the course: (slug, title)."""
        self.modules.choices = [SelectChoice(*pair) for pair in modules]


class Appointment(Position):
    """Somebody who joins the team."""

    email = email("E-mail address of an account")


class NewAdministrator(Form):
    """Somebody who is to administer the installation."""

    email = email("E-mail address of an account")
