"""What the mails about certificates say."""

from __future__ import annotations

from lms.core.mail import Message, compose

DEEDS = {"course": "you have completed {course}", "workshop": "you have taken full part in the workshop of {course}"}


def issued(name: str, kind: str, course: str, number: str, url: str, replaced: str = "") -> Message:  # noqa: PLR0913, PLR0917 - what it says
    """Tell somebody that the certificate is ready, or a new version of it."""
    if replaced:
        first = f"there is a new version of your certificate for {course}. Its number is {number}."
        last = f"The one before, {replaced}, is not valid any more: whoever verifies it is told that there is a newer one."
    else:
        first = f"congratulations: {DEEDS[kind].format(course=course)}. Your certificate has the number {number}."
        last = "You can download it at any time, and anybody to whom you give the number can check it."
    return compose(f"Your certificate: {course}", f"Dear {name},", [first, last], ("Open my certificate", url))


def revoked(name: str, course: str, number: str, reason: str, url: str) -> Message:
    """Tell somebody that the certificate counts no more, and why."""
    texts = [
        f"your certificate {number} for {course} was revoked. Whoever verifies it reads this reason:",
        reason,
        "If you think that this is a mistake, please answer this mail.",
    ]
    return compose(f"Your certificate was revoked: {course}", f"Dear {name},", texts, ("Open my certificate", url))


def restored(name: str, course: str, number: str, url: str) -> Message:
    """Tell somebody that the certificate counts again."""
    text = f"your certificate {number} for {course} is valid again. Whoever verifies it is told so."
    return compose(f"Your certificate is valid again: {course}", f"Dear {name},", [text], ("Open my certificate", url))
