"""The mail that brings a note of the staff to a learner."""

from __future__ import annotations

from lms.core.mail import Message, compose


def note(name: str, author: str, edition: str, text: str, url: str) -> Message:
    """Write it: the note as it was typed, who it is from, and the way to the course."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    return compose(
        f"A note from {author} about {edition}",
        f"Dear {name},",
        [*paragraphs, f"{author}, {edition}"],
        ("Go to the course", url),
    )
