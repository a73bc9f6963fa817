"""The stage of a replay: invented people who act through the same commands that the web pages use."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from lms.accounts.api import NewPerson, confirm_address, make_administrator, sign_up
from lms.core import clock, countries
from lms.core.db import db
from lms.core.domain import Enrolment, Person, Role
from lms.core.viewer import NOBODY, Viewer
from lms.editions.api import NewEdition, appoint, close_edition, create_edition
from lms.modules.api import mark_read, modules_of
from lms.replay.scenario import ModuleShape, Plan, Scenario


@dataclass(slots=True)
class Stage:
    """What the steps of a replay share: the edition, who is in it, and what was written so far."""

    scenario: Scenario
    plans: Sequence[Plan]
    shapes: Sequence[ModuleShape]
    edition_id: int = 0
    administrator: Viewer = NOBODY
    people: dict[int, int] = field(default_factory=dict)
    enrolments: dict[int, int] = field(default_factory=dict)
    lessons: list[list[int]] = field(default_factory=list)
    tutors: list[int] = field(default_factory=list)
    topics: dict[str, list[int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    passwords: dict[str, str] = field(default_factory=dict)

    def password(self, role: str) -> str:
        """Give the password of a role, or a random one that nobody learns."""
        return self.passwords.get(role) or secrets.token_urlsafe(12)
