"""What the mails about certificates say."""

from __future__ import annotations

from lms.core.mail import Message, compose


def issued(name: str, course: str, number: str, url: str) -> Message:
    """Tell somebody that the certificate is ready."""
    return compose(
        f"Your certificate: {course}",
        f"Dear {name},",
        [
            f"congratulations: you have completed {course}. Your certificate has the number {number}.",
            "You can download it at any time, and anybody to whom you give the number can check it.",
        ],
        ("Open my certificate", url),
    )
