"""Accounts: sign-up to an edition, sign-in in one or two steps, password and address, devices, the profile."""

from __future__ import annotations

from lms.accounts import cards, tasks
from lms.accounts.cli import account
from lms.accounts.permissions import visitor
from lms.accounts.privacy import personal_data
from lms.accounts.security_views import blueprint
from lms.core.plugins import NavItem, Plugin, Sweep

plugin = Plugin(
    name="accounts",
    requires=("editions",),
    blueprint=blueprint,
    acts={
        "account.second_factor_on": "Switched two-step sign-in on",
        "account.second_factor_off": "Switched two-step sign-in off",
        "account.recovery_code": "Signed in with a recovery code",
        "account.recovery_codes": "Made new recovery codes",
        "account.end_sign_in": "Signed a device out",
        "account.end_other_sign_ins": "Signed all other devices out",
        "account.confirm_printed_name": "Confirmed the printed name",
        "account.make_administrator": "Made an account of an administrator",
        "account.password": "Changed the password",
        "account.ask_address": "Asked for another address",
        "account.address": "Changed the address",
        "account.keep_address": "Kept the address",
        "account.freeze": "Froze an account",
        "account.thaw": "Let a frozen account be used again",
        "account.correct_address": "Corrected an address",
    },
    rules={"accounts.visitor": visitor},
    nav=(
        NavItem("Sign in", "accounts.sign_in", "accounts.visitor", icon="log-in", place="account"),
        NavItem("Profile", "accounts.profile", "signed-in", icon="user", order=10, place="account"),
        NavItem("Security", "accounts.security", "signed-in", icon="shield-check", order=20, place="account"),
        NavItem("Sign out", "accounts.sign_out", "signed-in", icon="log-out", order=99, place="account"),
    ),
    slots={"editions.dashboard": cards.dashboard, "editions.home": cards.home},
    personal_data=personal_data,
    sweeps=(Sweep(tasks.SWEEP, 3600.0),),
    commands=(account,),
)
