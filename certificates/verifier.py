"""The page that verifies offline: one file with everything in it, made out for the keys of an issuer."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from certificates.keys import PublicKey

PAGE: Final = Path(__file__).parent / "offline" / "verify.html"
_PLACE: Final = "{{KEYS}}"


def verifier_page(keys: Sequence[PublicKey]) -> bytes:
    """Return the page as HTML; it trusts these keys and no others."""
    described = json.dumps({"keys": [key.described() for key in keys]}, ensure_ascii=False).replace("<", "\\u003c")
    before, after = PAGE.read_text(encoding="utf-8").split(_PLACE)
    return f"{before}{described}{after}".encode()
