"""What the mails about accounts say."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from lms.core.mail import Message, compose

NOT_YOU = "If this was not you, set a new password at once and tell the course team."


def confirm_address(name: str, course: str, url: str) -> Message:
    """Ask somebody to confirm the address with which they signed up."""
    return compose(
        f"Please confirm your address for {course}",
        f"Dear {name},",
        [
            f"you signed up for {course}. One step is left: confirm that this address is yours. The link works for three days.",
            "If this was not you, ignore this message: nothing more will happen.",
        ],
        ("Confirm my address", url),
    )


def already_there(name: str, course: str, url: str) -> Message:
    """Tell somebody who signs up again that there is an account already."""
    return compose(
        "You already have an account",
        f"Dear {name},",
        [
            f"somebody, probably you, signed up for {course} with this address. You already have an account:",
            "sign in, and join from the page of the edition. If you forgot your password, ask for a new one there.",
        ],
        ("Sign in", url),
    )


def new_password(name: str, url: str) -> Message:
    """Send the link with which a new password is set."""
    return compose(
        "A new password for your account",
        f"Dear {name},",
        [
            "here is the link to set a new password. It works once, for one hour.",
            "If you did not ask for it, ignore this message: your password stays as it is.",
        ],
        ("Set a new password", url),
    )


def invitation(name: str, url: str) -> Message:
    """Send an invited person the link with which the first password is set, once more."""
    return compose(
        "Set the password of your account",
        f"Dear {name},",
        [
            "an account was made for you. Set a password, and you can sign in. The link works for thirty days.",
            "If you did not ask for it, ignore this message: nothing will happen.",
        ],
        ("Set my password", url),
    )


def use_the_kept(name: str, address: str, url: str) -> Message:
    """Tell somebody which of two accounts that were merged to use."""
    return compose(
        "Your account was merged into another",
        f"Dear {name},",
        [f"this address belongs to an account that was merged into that of {address}. Please sign in with {address}."],
        ("Sign in", url),
    )


def merged(name: str, gone: str, kept: str, url: str) -> Message:
    """Tell both addresses of two accounts that one was merged into the other."""
    return compose(
        "Two accounts were merged",
        f"Dear {name},",
        [
            f"the account of {gone} was merged into that of {kept}, because both are of the same person.",
            f"From now on only {kept} can sign in, with the password of that account. All that was done with either stays.",
            "If this is wrong, answer to the course team at once.",
        ],
        ("Sign in", url),
    )


def password_changed(name: str, url: str) -> Message:
    """Tell somebody that the password was changed, and what to do if they did not do it."""
    return compose(
        "Your password was changed",
        f"Dear {name},",
        ["the password of your account was changed just now, and every other device was signed out.", NOT_YOU],
        ("Set a new password", url),
    )


def confirm_new_address(name: str, url: str) -> Message:
    """Ask somebody to confirm a new address."""
    return compose(
        "Please confirm your new address",
        f"Dear {name},",
        [
            "you want to use this address for your account. Confirm that it is yours: the link works once, for one hour.",
            "If this was not you, ignore this message: nothing will happen.",
        ],
        ("Confirm my new address", url),
    )


def address_asked(name: str, address: str, url: str) -> Message:
    """Tell the present address that another one is wanted."""
    return compose(
        "Your account is to get another address",
        f"Dear {name},",
        [
            f"you asked to use {address} for your account from now on. It changes as soon as that address is confirmed.",
            "If this was not you, somebody knows your password: set a new one at once and tell the course team.",
        ],
        ("Set a new password", url),
    )


def address_taken(name: str) -> Message:
    """Tell somebody that their address was wanted for another account."""
    return compose(
        "Somebody wanted to use your address",
        f"Dear {name},",
        [
            "somebody asked to use this address for another account. It belongs to yours, so nothing was changed.",
            "If this was you: you have two accounts. Sign in with this address, or ask the course team which one to keep.",
        ],
    )


def address_changed(name: str, address: str, url: str) -> Message:
    """Tell both addresses that the account has another one now."""
    return compose(
        "The address of your account was changed",
        f"Dear {name},",
        [f"from now on you sign in with {address}. Every other device was signed out.", "If this was not you, tell the course team."],
        ("Sign in", url),
    )


def address_corrected(name: str, address: str, url: str) -> Message:
    """Tell both addresses that an administrator put a working one in the place of one that mail did not reach."""
    return compose(
        "The address of your account was corrected",
        f"Dear {name},",
        [
            f"our mail did not reach you, so the course team corrected the address of your account. You sign in with {address} now.",
            "If this is wrong, tell the course team at once.",
        ],
        ("Sign in", url),
    )


def frozen(name: str, reason: str) -> Message:
    """Tell somebody that the account can't be used any more, and why."""
    return compose(
        "Your account is frozen",
        f"Dear {name},",
        [
            "the course team has frozen your account: you can't sign in, and others do not see your posts.",
            f"The reason: {reason}",
            "If you think that this is a mistake, write to the course team: it can be undone, and nothing is lost.",
        ],
    )


def thawed(name: str, url: str) -> Message:
    """Tell somebody that a frozen account can be used again."""
    return compose(
        "You can use your account again",
        f"Dear {name},",
        ["your account was frozen. The course team has undone this: you can sign in, and others see your posts again."],
        ("Sign in", url),
    )


def second_factor_on(name: str, url: str) -> Message:
    """Tell somebody that signing in takes a code from now on."""
    return compose(
        "Two-step sign-in is on",
        f"Dear {name},",
        ["from now on you sign in with your password and a code from your app. Keep your recovery codes in a safe place.", NOT_YOU],
        ("Look at my sign-in settings", url),
    )


def second_factor_off(name: str, url: str) -> Message:
    """Tell somebody that signing in takes no code any more."""
    return compose(
        "Two-step sign-in is off",
        f"Dear {name},",
        ["from now on your password alone is enough to sign in.", NOT_YOU],
        ("Look at my sign-in settings", url),
    )


def recovery_codes_made(name: str, url: str) -> Message:
    """Tell somebody that there are new recovery codes."""
    return compose(
        "You have new recovery codes",
        f"Dear {name},",
        ["new recovery codes were made for your account. The earlier ones do not work any more.", NOT_YOU],
        ("Look at my sign-in settings", url),
    )


def recovery_code_used(name: str, url: str) -> Message:
    """Tell somebody that a recovery code was used."""
    return compose(
        "A recovery code was used",
        f"Dear {name},",
        ["somebody, probably you, used one of the recovery codes of your account. It does not work again.", NOT_YOU],
        ("Look at my sign-in settings", url),
    )


def new_browser(name: str, device: str, at: datetime, zone: str, url: str) -> Message:
    """Tell somebody that the account was used in a browser in which it never was before."""
    local = at.astimezone(ZoneInfo(zone))
    where = f"{device}, on {local.day} {local:%B %Y} at {local:%H:%M} ({zone})"
    return compose(
        "A sign-in from a new device",
        f"Dear {name},",
        [
            f"somebody, probably you, signed in to your account with a browser that was not used for it before: {where}.",
            "From what place is not known: we do not look that up.",
            "If this was not you, sign that device out, set a new password at once and tell the course team.",
        ],
        ("Look at my devices", url),
    )
