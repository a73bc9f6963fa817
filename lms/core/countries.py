"""Names of countries: those of the Unicode CLDR, but where the United Nations' own differ, theirs.

The latter are in 'Standard country or area codes for statistical use' (M49), United Nations Statistics Division; LA has the
short form that the country itself and ASEAN use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel import Locale

_UNITED_NATIONS = {
    "BN": "Brunei Darussalam",
    "BO": "Bolivia (Plurinational State of)",
    "CD": "Democratic Republic of the Congo",
    "CG": "Congo",
    "CI": "Côte d’Ivoire",
    "CV": "Cabo Verde",
    "FM": "Micronesia (Federated States of)",
    "IR": "Iran (Islamic Republic of)",
    "KP": "Democratic People’s Republic of Korea",
    "KR": "Republic of Korea",
    "LA": "Lao PDR",
    "MD": "Republic of Moldova",
    "MM": "Myanmar",
    "PS": "State of Palestine",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "TR": "Türkiye",
    "TZ": "United Republic of Tanzania",
    "US": "United States of America",
    "VE": "Venezuela (Bolivarian Republic of)",
    "VN": "Viet Nam",
}
_NAMES = {str(code): str(called) for code, called in Locale("en").territories.items()} | _UNITED_NATIONS
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
