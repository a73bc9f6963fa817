"""Awards for the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from certificates import Award
from certificates.keymaking import Issuer, make_key
from certificates.keys import KeyRing

NUMBER = "DITD-7K3M-9Q2X"
MOMENT = datetime(2026, 10, 5, 12, tzinfo=UTC)
ADDRESS = "https://learn.example.org"
STATUS_LIST = f"{ADDRESS}/status/1"


def award(**changes: Any) -> Award:
    """Make an award that can be printed, with some fields changed."""
    fields: dict[str, Any] = {
        "number": NUMBER,
        "kind": "course",
        "recipient": "Ana",
        "course_title": "Digital Identity for Trade and Development",
        "edition_title": "South-East Asia, 2026 edition",
        "issuer_name": "Regional Centre",
        "issued_on": date(2026, 10, 5),
        "started_on": date(2026, 8, 26),
        "completed_on": date(2026, 9, 27),
        "verify_url": f"https://learn.example.org/verify/{NUMBER}",
        "signatory_name": "Dr Maria Santos",
        "signatory_title": "Director of Programmes",
        "final_average": Decimal("86.5"),
        "hours": 40,
        "statement": ("Five modules",),
    }
    return Award(**(fields | changes))


def key_ring(folder: Path, *, development: bool = False, moment: datetime = MOMENT, days: int = 400) -> KeyRing:
    """Make keys for an invented issuer."""
    return make_key(folder, Issuer("Regional Centre", ADDRESS, development), moment, days)
