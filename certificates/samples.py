"""Invented awards: one for each script the fonts draw, and the cases a design has to bear."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from certificates.award import Award

_NAMES = {
    "latin": "Renée Kõrbíčková-Ångström",
    "vietnamese": "Nguyễn Thị Hồng Ngọc",
    "khmer": "សុខ ស្រីពៅ",
    "lao": "ສົມໄຊ ພົມມະຈັນ",
    "thai": "กฤษณ์ ทรัพย์ไพบูลย์",
    "burmese": "ဒေါ်ခင်မြတ်နိုးဦး",
    "chinese": "陈美玲",
    "arabic": "نور الهدى بنت أحمد",
    "tamil": "கவிதா முருகன்",
    "mixed": "林美玲 · Lim Bee Leng · ລິມ",
    "short": "Ọ Ng",
    "long": (
        "Maria Concepción Immaculada de los Ángeles Fernández-Villanueva y Ruiz de la Peña, "
        "Viscountess of Santo Tomás de la Bahía and Honorary Citizen of the Federated Harbour Towns of the Eastern Archipelago"
    ),
}

_COURSE = Award(
    number="DITD-7K3M-9Q2X",
    kind="course",
    recipient=_NAMES["latin"],
    course_title="Digital Identity for Trade and Development",
    edition_title="South-East Asia, 2026 edition",
    issuer_name="Regional Centre for Trade and Development",
    issued_on=date(2026, 10, 5),
    started_on=date(2026, 8, 26),
    completed_on=date(2026, 9, 27),
    verify_url="https://learn.example.org/verify/DITD-7K3M-9Q2X",
    signatory_name="Dr Maria Santos",
    signatory_title="Director of Programmes",
    final_average=Decimal("86.5"),
    hours=40,
    statement=("Five modules on identity: what it is, how it is protected, used and governed, and its technology",),
)

_WORKSHOP = replace(
    _COURSE,
    number="DITD-W-4TQ8-2MZ5",
    kind="workshop",
    recipient="Siti Nur Aisyah binti Abdul Rahman",
    edition_title="Regional workshop, Singapore",
    started_on=date(2026, 11, 3),
    completed_on=date(2026, 11, 6),
    issued_on=date(2026, 11, 6),
    verify_url="https://learn.example.org/verify/DITD-W-4TQ8-2MZ5",
    final_average=None,
    hours=None,
    statement=("Attended all four days and presented a graded case study",),
)

EXAMPLE = """{
  "number": "DITD-7K3M-9Q2X",
  "kind": "course",
  "recipient": "Nguyễn Thị Hồng Ngọc",
  "course_title": "Digital Identity for Trade and Development",
  "edition_title": "South-East Asia, 2026 edition",
  "issuer_name": "Regional Centre for Trade and Development",
  "issued_on": "2026-10-05",
  "started_on": "2026-08-26",
  "completed_on": "2026-09-27",
  "verify_url": "https://learn.example.org/verify/DITD-7K3M-9Q2X",
  "signatory_name": "Dr Maria Santos",
  "signatory_title": "Director of Programmes",
  "final_average": "86.50",
  "hours": 40,
  "statement": ["Five modules, each closed by a graded quiz"],
  "language": "en",
  "development": false
}"""


def sample_awards() -> Mapping[str, Award]:
    """Return the sample awards by name: one for each script, then short, long, a workshop and a development specimen."""
    by_script = {name: replace(_COURSE, recipient=recipient) for name, recipient in _NAMES.items()}
    return {**by_script, "workshop": _WORKSHOP, "development": replace(_COURSE, development=True)}
