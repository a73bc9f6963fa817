"""What is written about questionnaires."""

from __future__ import annotations

from lms.core.mail import Message, compose


def reminder(name: str, title: str, minutes: int, url: str) -> Message:
    """Ask somebody who has not answered to do so."""
    return compose(
        f"Please tell us: {title}",
        f"Dear {name},",
        [
            f"we have not heard from you yet. “{title}” takes about {minutes} minutes.",
            "Your answers are anonymous. We can see that you have not answered, but never what anybody has answered.",
        ],
        ("Answer now", url),
    )
