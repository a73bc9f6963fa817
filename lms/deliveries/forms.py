"""The form in which an address is corrected."""

from __future__ import annotations

from wtforms import Field

from lms.accounts.api import an_address
from lms.core.forms import Form, email


class Correction(Form):
    """An address that works, in the place of one that mail does not reach."""

    email = email("The right address")

    def validate_email(self, field: Field) -> None:
        """Refuse what can't be an e-mail address."""
        an_address(self, field)
