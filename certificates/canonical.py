"""Linked data in canonical form (RDF Dataset Canonicalization), offline: no context is ever fetched.

The contexts that credentials use come with the package; a document that names another one is refused.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from certificates.errors import DocumentError

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS: Final = Path(__file__).parent / "contexts"
# What is neither an address nor explained by a context is taken as relative to this.
_NOWHERE: Final = "https://relative.invalid/"
_FILES: Final = {CREDENTIALS: "credentials-v2.jsonld", OPEN_BADGES: "open-badges-3.0.3.jsonld"}


def digest(document: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a JSON-LD document in canonical form; raise `DocumentError` if it has none."""
    try:
        _check_contexts(document.get("@context"), document)
        quads = str(_Processor(on_property_dropped=_refuse).normalize(dict(document), _options())).encode()
    except DocumentError:
        raise
    except (jsonld.JsonLdError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(_reason(error)) from error
    return sha256(quads).digest()


def context(address: str) -> dict[str, Any]:
    """Return a context that comes with the package; raise `DocumentError` for any other address."""
    if address not in _FILES:
        message = f"the context {address[:200]} is not one that certificates use"
        raise DocumentError(message)
    read: dict[str, Any] = json.loads((CONTEXTS / _FILES[address]).read_text(encoding="utf-8"))
    return read


def _check_contexts(contexts: object, document: Mapping[str, Any]) -> None:
    """Let a document name contexts at its top, and use no other keyword: they could hide things, or give words another meaning."""
    if not isinstance(contexts, list) or not all(isinstance(item, str) for item in contexts):
        message = "the credential brings a context of its own, or none"
        raise DocumentError(message)
    if any(_has_keyword({name: value}) for name, value in document.items() if name != "@context"):
        message = "the credential uses a keyword of linked data that has no place in it"
        raise DocumentError(message)


def _has_keyword(value: object) -> bool:
    if isinstance(value, dict):
        return any(name.startswith("@") or _has_keyword(item) for name, item in value.items())
    return isinstance(value, list) and any(_has_keyword(item) for item in value)


class _Processor(jsonld.JsonLdProcessor):
    """A processor that refuses what it would otherwise leave out unseen: it would not be signed."""

    def expand(self, input_: Any, options: Any) -> Any:
        """Expand, and look at what came out."""
        expanded = super().expand(input_, options)
        _check_addresses(expanded)
        return expanded


def _refuse(_expanded: str | None) -> None:
    message = "it has a property that no context explains"
    raise ValueError(message)


def _check_addresses(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check_addresses(item)
    elif isinstance(value, dict):
        for name in (value.get("@id", ""), *value.get("@type", ())):
            if "@value" not in value and name.startswith(_NOWHERE):
                message = f"{name.removeprefix(_NOWHERE)[:100]!r} is neither an address nor a type that a context explains"
                raise ValueError(message)
        for item in value.values():
            _check_addresses(item)


def _load(address: str, _options: object) -> dict[str, Any]:
    return {"contextUrl": None, "documentUrl": address, "contentType": "application/ld+json", "document": context(address)}


@cache
def _options() -> dict[str, Any]:
    resolver = ContextResolver({}, _load)
    return {
        "algorithm": "URDNA2015",
        "base": _NOWHERE,
        "format": "application/n-quads",
        "documentLoader": _load,
        "contextResolver": resolver,
    }


def _reason(error: BaseException) -> str:
    while isinstance(error, jsonld.JsonLdError) and error.__cause__ is not None:
        error = error.__cause__
    return f"the credential is no sound linked data: {str(error)[:300]}"
