"""Forums: announcements and one forum a module, with moderation."""

from __future__ import annotations

from lms.accounts.api import AccountFrozen, AccountThawed
from lms.core.content import ContentPart
from lms.core.plugins import NavItem, Plugin
from lms.forums import checks, freezing, permissions, queries, reporting, slot_views
from lms.forums.desk_views import blueprint
from lms.forums.documents import documents
from lms.forums.privacy import personal_data

plugin = Plugin(
    name="forums",
    requires=("accounts", "editions", "modules"),
    blueprint=blueprint,
    rules={
        "forums.moderate": permissions.moderate,
        "forums.start": permissions.start,
        "forums.own": permissions.own,
        "forums.flag": permissions.flag,
        "forums.decide": permissions.decide,
    },
    nav=(
        NavItem("Forums", "forums.index", "participant", icon="messages-square", order=30),
        NavItem("Flags", "forums.flags", "forums.moderate", icon="flag", order=30, place="desk"),
    ),
    acts={
        "forums.dismiss": "Let a reported post stand",
        "forums.hide": "Hid a post",
        "forums.restore": "Restored a post",
        "forums.pin": "Pinned a topic",
        "forums.unpin": "Unpinned a topic",
        "forums.lock": "Locked a topic",
        "forums.unlock": "Unlocked a topic",
        "forums.move": "Moved a topic",
    },
    slots={
        "editions.dashboard": slot_views.dashboard,
        "editions.staff": slot_views.staff,
        "people.timeline": reporting.timeline,
        "people.deeds": reporting.deeds,
        "people.queues": reporting.queues,
    },
    on={AccountFrozen: freezing.hide_all, AccountThawed: freezing.show_all},
    activities=queries.activities,
    counts=False,
    personal_data=personal_data,
    content=ContentPart(checks.check, checks.load),
    documents=documents,
)
