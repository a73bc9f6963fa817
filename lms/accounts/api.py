"""What other features may use of accounts."""

from __future__ import annotations

from lms.accounts.commands import (
    NewPerson,
    confirm_address,
    make_administrator,
    sign_up,
)
from lms.accounts.queries import person_by_email

__all__ = ["NewPerson", "confirm_address", "make_administrator", "person_by_email", "sign_up"]
