"""What other features may use of accounts."""

from __future__ import annotations

from lms.accounts.commands import (
    NewPerson,
    add_invited,
    confirm_address,
    invitation_url,
    make_administrator,
    normal,
    sign_up,
)
from lms.accounts.events import AccountFrozen, AccountThawed
from lms.accounts.forms import CHOOSE, CHOOSE_ONE, SECTORS, SignUp, an_address, printable
from lms.accounts.merging import retire
from lms.accounts.oversight import correct_address, freeze, overseen, thaw
from lms.accounts.queries import PrintedName, person_by_email, printed_name, unconfirmed_names

__all__ = [
    "CHOOSE",
    "CHOOSE_ONE",
    "SECTORS",
    "AccountFrozen",
    "AccountThawed",
    "NewPerson",
    "PrintedName",
    "SignUp",
    "add_invited",
    "an_address",
    "confirm_address",
    "correct_address",
    "freeze",
    "invitation_url",
    "make_administrator",
    "normal",
    "overseen",
    "person_by_email",
    "printable",
    "printed_name",
    "retire",
    "sign_up",
    "thaw",
    "unconfirmed_names",
]
