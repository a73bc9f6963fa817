"""What the mails about certificates say."""

from __future__ import annotations

from lms.core.mail import Message, compose

DEEDS = {"course": "you have completed {course}", "workshop": "you have taken full part in the workshop of {course}"}


def issued(name: str, kind: str, course: str, number: str, url: str) -> Message:
    """Tell somebody that the certificate is ready."""
    return compose(
        f"Your certificate: {course}",
        f"Dear {name},",
        [
            f"congratulations: {DEEDS[kind].format(course=course)}. Your certificate has the number {number}.",
            "You can download it at any time, and anybody to whom you give the number can check it.",
        ],
        ("Open my certificate", url),
    )
