"""Who may read which module when, and what a licence is called."""

from __future__ import annotations

import re
from datetime import datetime

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")


def may_read(opens_at: datetime, now: datetime, *, staff: bool) -> bool:
    """Tell whether a module may be read: from its day on, by staff always."""
    return staff or opens_at <= now


def licence_named(identifier: str) -> tuple[str, str]:
    """Give a licence's name and address from its identifier in SPDX's list, such as CC-BY-4.0; other than Creative Commons' have none."""
    if found := _CREATIVE_COMMONS.fullmatch(identifier):
        kind, version = found.groups()
        return f"CC {kind} {version}", f"https://creativecommons.org/licenses/{kind.lower()}/{version}/"
    return identifier, ""
