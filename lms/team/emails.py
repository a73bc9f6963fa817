"""What the mails about roles say."""

from __future__ import annotations

from lms.core.mail import Message, compose


def appointed(name: str, role: str, where: str, url: str) -> Message:
    """Tell somebody about a new role."""
    return compose(
        f"You are {role} of {where} now",
        f"Dear {name},",
        [f"you are {role} of {where} from now on. You may be asked to set up a second step for signing in first: it takes two minutes."],
        ("Open it", url),
    )


def removed(name: str, where: str) -> Message:
    """Tell somebody that a role is over."""
    return compose(
        f"You are not on the team of {where} any more",
        f"Dear {name},",
        [f"your role in {where} has ended. Thank you for what you did there. Your account and what you wrote stay."],
    )
