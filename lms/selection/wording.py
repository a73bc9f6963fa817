"""Quotas and reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.core import countries
from lms.selection import rules
from lms.selection.values import State


def shown(thousandths: int) -> str:
    """Give a score as it is shown: as many places as it has, three at most, one at least."""
    points = f"{rules.points(thousandths):.3f}".rstrip("0")
    return f"{points}0" if points.endswith(".") else points


def quota(key: str, bounds: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """Name a quota."""
    kind, _, what = key.partition(":")
    if kind == "seats":
        return f"{bounds['low']} seats"
    if kind in {"must", "must-not"}:
        return f"{names.get(int(what), 'Somebody')} {'must' if kind == 'must' else 'must not'} be selected"
    if kind == rules.INSTITUTION:
        return f"At most {bounds.get('high', 'so many')} from one institution"
    subject = "Women" if kind == rules.WOMEN else what.capitalize() if kind == "sector" else countries.name(what)
    if not bounds:  # an earlier version kept none
        return subject
    return f"{subject}: at least {bounds['low']}" if bounds["low"] else f"{subject}: at most {bounds['high']}"


def relaxed(key: str, by: int, bounds: Mapping[str, Any], names: Mapping[int, str], *, up: bool) -> str:
    """Say how a quota would give way."""
    kind = key.partition(":")[0]
    if kind in {"must", "must-not"}:
        return f"no longer: {quota(key, bounds, names)}"
    if not bounds:  # an earlier version kept none
        return f"{quota(key, bounds, names)}: {by} {'more' if up else 'fewer'}"
    end = bounds["high"] + by if up else bounds["low"] - by
    changed = {"low": end, "high": end} if kind == "seats" else {"low": bounds["low"], "high": end} if up else {"low": end, "high": None}
    if kind != "seats" and not up and end <= 0:
        return f"no minimum instead of: {quota(key, bounds, names)}"
    return f"{quota(key, changed, names)} (instead of {bounds['high'] if up else bounds['low']})"


def why(state: str, missing: int | None, brought: Sequence[str], *, drawn: bool) -> str:
    """Say why somebody is or is not on the list; `brought` are the quotas that brought them in, or kept them out."""
    if state == State.SELECTED:
        return "; ".join(brought) or ("tied, drawn by the seed" if drawn else "by score")
    if missing is None:
        return "no score would do within the quotas"
    reasons = f"; would be selected without: {', '.join(brought)}" if brought else ""
    return f"{f'{shown(missing)} points missing' if missing else 'tied, not drawn'}{reasons}"


def mean(total: int | None, seats: int) -> str:
    """Give the mean score of a list, to two places; a dash where it is not known."""
    return f"{rules.points(total) / seats:.2f}" if seats and total is not None else "–"
