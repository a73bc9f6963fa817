"""The mail by which an administrator sees whether mail arrives."""

from __future__ import annotations

from lms.core.mail import Message, compose

TEST = "desk.test"


def test(name: str, url: str) -> Message:
    """Write it."""
    words = "you asked for this mail on the page Mailbox. It has arrived, so mail works."
    return compose("Mail works", f"Dear {name},", [words], ("Open the mailbox", url))
