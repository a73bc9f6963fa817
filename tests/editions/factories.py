"""Plans and their forms to test with."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lms.core.domain import Role
from lms.editions.rules import Plan
from tests.core import factories

START = date(2027, 8, 26)


def plan(**facts: Any) -> Plan:
    """Plan an edition of 35 days."""
    return Plan(
        **{
            "slug": "small-2027",
            "title": "Edition of 2027",
            "starts_on": START,
            "ends_on": date(2027, 9, 29),
            "zone": "Asia/Singapore",
            "pass_mark": Decimal(50),
            "countries": ("KH", "VN"),
            "registration_opens_at": datetime(2027, 5, 31, 16, tzinfo=UTC),
            "registration_closes_at": datetime(2027, 8, 26, 16, tzinfo=UTC),
            "attempts": None,
            "schedule": {"module1": (0, 13), "module2": (7, 20)},
            "demo": True,
            "by_decision": False,
            **facts,
        }
    )


def filled(page: str) -> dict[str, str]:
    """Give the fields of a page's form as they are filled in."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page)
    return found | dict(areas)


def with_team(edition_id: int) -> None:
    """Give an edition a tutor and an administrator."""
    for role in (Role.TUTOR, Role.ADMINISTRATOR):
        factories.enrolment(edition_id, role=role)
