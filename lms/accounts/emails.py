"""What the mails about accounts say."""

from __future__ import annotations

from lms.core.mail import Message, compose


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


def welcome(name: str, edition: str, url: str) -> Message:
    """Welcome somebody who may study from now on."""
    return compose(
        f"Welcome to {edition}",
        f"Dear {name},",
        [f"your place in {edition} is confirmed. Your dashboard shows the next step at any time."],
        ("Open my dashboard", url),
    )
