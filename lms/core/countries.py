"""Names of countries, from the Unicode CLDR."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale

_NAMES = Locale("en").territories
ALL = tuple(sorted((code for code in _NAMES if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}), key=_NAMES.__getitem__))
ASEAN = ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "VN")


def name(code: str) -> str:
    """Give the English name of a country by its ISO 3166 code; the code itself where it is unknown."""
    return _NAMES.get(code, code)


def choices(codes: Iterable[str] = ALL) -> list[tuple[str, str]]:
    """List (code, name) by name, as a form's choices."""
    return sorted(((code, name(code)) for code in codes), key=lambda pair: pair[1])
