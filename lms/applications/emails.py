"""What the mails about applications say: one for each change of state."""

from __future__ import annotations

from collections.abc import Sequence

from lms.applications.values import Decision
from lms.core.mail import Message, compose

LOOK = "Look at my application"


def received(name: str, edition: str, url: str) -> Message:
    """Say that an application has arrived."""
    return _letter(
        f"We have your application for {edition}",
        name,
        [f"your application for {edition} is here. You can change it until it is decided; then you get another mail."],
        (LOOK, url),
    )


def received_late(name: str, edition: str, url: str) -> Message:
    """Say that an application came too late for a place and is on the wait-list."""
    return _letter(
        f"You are on the wait-list of {edition}",
        name,
        [f"registration for {edition} is over, so your application is on the wait-list. If a place becomes free, you get a mail."],
        (LOOK, url),
    )


def confirmed(name: str, edition: str, url: str, words: str = "") -> Message:
    """Welcome somebody who may study from now on."""
    text = [f"your place in {edition} is confirmed. Your dashboard shows the next step at any time.", *_paragraphs(words)]
    return _letter(f"Welcome to {edition}", name, text, ("Open my dashboard", url))


def rejected(name: str, edition: str, words: str, url: str) -> Message:
    """Say that there is no place for somebody, and why."""
    text = [f"thank you for your application for {edition}. We can't offer you a place this time.", *_paragraphs(words)]
    return _letter(f"Your application for {edition}", name, text, (LOOK, url))


def waitlisted(name: str, edition: str, words: str, url: str) -> Message:
    """Say that somebody is on the wait-list."""
    text = [f"your application for {edition} is on the wait-list. If a place becomes free, you get a mail.", *_paragraphs(words)]
    return _letter(f"You are on the wait-list of {edition}", name, text, (LOOK, url))


def reopened(name: str, edition: str, words: str, url: str) -> Message:
    """Say that an application is open again."""
    text = [
        f"your application for {edition} is open again, and will be decided anew. You can change it until then.",
        *_paragraphs(words),
    ]
    return _letter(f"Your application for {edition} is open again", name, text, (LOOK, url))


def withdrawn(name: str, edition: str, url: str) -> Message:
    """Say that an application was withdrawn."""
    text = [f"you withdrew your application for {edition}. You can apply again as long as registration is open."]
    return _letter(f"You withdrew your application for {edition}", name, text, (f"About {edition}", url))


def decided(decision: Decision, name: str, edition: str, words: str, url: str) -> Message:
    """Write the mail that goes along with a decision."""
    if decision == Decision.CONFIRM:
        return confirmed(name, edition, url, words)
    writes = {Decision.REJECT: rejected, Decision.WAITLIST: waitlisted, Decision.REOPEN: reopened}
    return writes[decision](name, edition, words, url)


def nominated(name: str, edition: str, url: str, *, new: bool) -> Message:
    """Tell somebody who was nominated what to do."""
    todo = (
        "Please set a password, which works for thirty days, then read what the application says of you, and complete it."
        if new
        else "Please sign in, read what the application says of you, and complete it."
    )
    text = [f"you were nominated for {edition}, and an application was made for you. {todo}"]
    text.append("If you don't want to take part, withdraw it there.")
    return _letter(f"You were nominated for {edition}", name, text, ("Set my password" if new else LOOK, url))


def _letter(subject: str, name: str, text: Sequence[str], action: tuple[str, str]) -> Message:
    return compose(subject, f"Dear {name},", text, action)


def _paragraphs(words: str) -> list[str]:
    return [part.strip() for part in words.split("\n\n") if part.strip()]
