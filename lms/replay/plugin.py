"""Replaying past editions with invented people, and the demo edition."""

from __future__ import annotations

from lms.core.plugins import Plugin
from lms.replay.commands import demo, replay

plugin = Plugin(
    name="replay",
    requires=(
        "accounts",
        "editions",
        "modules",
        "quizzes",
        "forums",
        "gradebook",
        "certification",
        "selection",
        "invitations",
        "workshops",
        "casestudies",
        "questionnaires",
        "reports",
    ),
    commands=(replay, demo),
)
