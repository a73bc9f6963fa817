"""What the mail about an outage says."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from lms.core.mail import Message, compose
from lms.outages.values import Part

AGAIN = "The attempt that was cut short is not among those you have used, so you can take another. Its score counts only to your good."


def made_good(name: str, edition: tuple[str, str], reason: str, parts: Sequence[Part], url: str) -> Message:
    """Tell a learner what makes up for an outage; an edition is given by its title and zone."""
    title, zone = edition
    opening = f"because of an outage you have more time in {title}. {reason}"
    return compose(f"More time in {title}", f"Hello {name},", [opening, *(_told(part, zone) for part in parts)], ("Open my dashboard", url))


def _told(part: Part, zone: str) -> str:
    sentences = []
    if part.closes_at:
        at = part.closes_at.astimezone(ZoneInfo(zone))
        sentences.append(f"It is open for you until {at.day} {at:%B %Y, %H:%M} ({zone}).")
    if part.going_on:
        sentences.append("Your attempt that is under way gets the time that it lost.")
    elif part.attempt_id is not None:
        sentences.append(AGAIN)
    return f"{part.quiz}: {' '.join(sentences)}"
