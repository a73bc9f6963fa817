"""What other features may use of accounts."""

from __future__ import annotations

from lms.accounts.commands import (
    NewPerson,
    confirm_address,
    make_administrator,
    normal,
    sign_up,
)
from lms.accounts.forms import an_address
from lms.accounts.events import AccountFrozen, AccountThawed
from lms.accounts.oversight import correct_address, freeze, thaw
from lms.accounts.queries import PrintedName, person_by_email, printed_name, unconfirmed_names

__all__ = [
    "AccountFrozen",
    "AccountThawed",
    "correct_address",
    "freeze",
    "thaw",
    "NewPerson",
    "PrintedName",
    "an_address",
    "confirm_address",
    "make_administrator",
    "normal",
    "person_by_email",
    "printed_name",
    "sign_up",
    "unconfirmed_names",
]
