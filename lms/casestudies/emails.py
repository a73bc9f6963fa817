"""Mails about case studies."""

from __future__ import annotations

from lms.core.mail import Message, compose


def graded(name: str, url: str) -> Message:
    """Tell a participant that the grades are released."""
    words = ["The grades of the case studies are released.", "You see yours, what each criterion says, and the comments of the assessors."]
    return compose("Your case study is graded", f"Dear {name},", words, ("See the grade", url))
