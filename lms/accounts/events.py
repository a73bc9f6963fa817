"""What happened to accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountFrozen:
    """Somebody's account can't be used any more."""

    person_id: int


@dataclass(frozen=True, slots=True)
class AccountThawed:
    """A frozen account can be used again."""

    person_id: int
