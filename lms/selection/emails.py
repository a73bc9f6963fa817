"""What the mails about a selection say."""

from __future__ import annotations

from lms.core.mail import Message, compose


def not_selected(name: str, course: str, url: str) -> Message:
    """Tell somebody that others were selected, and where it stands why."""
    return compose(
        f"The workshop of {course}",
        f"Dear {name},",
        [
            f"thank you for completing {course}. There were more of you than seats at the workshop, and you are not selected.",
            "A page that only you can see says how people were selected, what counted and what was missing. Your certificate stays yours.",
        ],
        ("Why", url),
    )


def reserve(name: str, course: str, url: str) -> Message:
    """Tell somebody that they are a reserve."""
    return compose(
        f"The workshop of {course}: you are a reserve",
        f"Dear {name},",
        [
            f"thank you for completing {course}. There were more of you than seats at the workshop. You are on the list of reserves.",
            "If somebody can't come, you may be invited: then another mail follows. A page that only you can see says how it was decided.",
        ],
        ("How it was decided", url),
    )
