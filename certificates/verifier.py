"""The page that verifies offline: one file with everything in it, made out for the keys of an issuer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from certificates.keys import PublicKey

PAGE: Final = Path(__file__).parent / "offline" / "verify.html"
_PLACE: Final = "{{KEYS}}"


def verifier_page(keys: Sequence[PublicKey]) -> bytes:
    """Return the page as HTML; it trusts these keys and no others."""
    return page_for([key.described() for key in keys])


def page_for(described: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the page for keys that were described before, without the libraries that read keys."""
    text = json.dumps({"keys": described}, ensure_ascii=False).replace("<", "\\u003c")
    before, after = PAGE.read_text(encoding="utf-8").split(_PLACE)
    return f"{before}{text}{after}".encode()
