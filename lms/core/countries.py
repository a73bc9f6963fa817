"""Names of countries, from the Unicode CLDR."""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel import Locale

_NAMES: dict[str, str] = {str(code): str(called) for code, called in Locale("en").territories.items()}
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
_CODE = re.compile("[A-Z]{2}")
ALL = tuple(sorted((code for code in _NAMES if _CODE.fullmatch(code) and code not in _NO_COUNTRIES), key=_NAMES.__getitem__))
ASEAN = ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "VN")


def name(code: str) -> str:
    """Give the English name of a country by its ISO 3166 code; the code itself where it is unknown."""
    return _NAMES.get(code, code)


def choices(codes: Iterable[str] = ALL) -> list[tuple[str, str]]:
    """List (code, name) by name, as a form's choices."""
    return sorted(((code, name(code)) for code in codes), key=lambda pair: pair[1])
