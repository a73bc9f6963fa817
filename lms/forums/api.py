"""What other features may use of forums: commands that know no request, to be called in a unit of work."""

from __future__ import annotations

from lms.forums.commands import (
    Posted,
    answer_prompt,
    edit_post,
    mark_all_read,
    mark_read,
    reply,
    start_topic,
    withdraw,
)
from lms.forums.moderation import dismiss, flag, hide, lock, move, pin, restore, unlock
from lms.forums.rules import ANNOUNCEMENTS, CATEGORIES

__all__ = [
    "ANNOUNCEMENTS",
    "CATEGORIES",
    "Posted",
    "answer_prompt",
    "dismiss",
    "edit_post",
    "flag",
    "hide",
    "lock",
    "mark_all_read",
    "mark_read",
    "move",
    "pin",
    "reply",
    "restore",
    "start_topic",
    "unlock",
    "withdraw",
]
