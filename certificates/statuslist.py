"""Lists that say which credentials were revoked (https://www.w3.org/TR/vc-bitstring-status-list/)."""

import gzip
import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from certificates.canonical import CREDENTIALS
from certificates.credential import REVOCATION
from certificates.errors import DocumentError
from certificates.keys import SigningKey
from certificates.multibase import base64url, from_base64url
from certificates.proof import instant, with_proof

LENGTH: Final = 131_072
_LARGEST: Final = 16 * 1024 * 1024
_SUSPENSION: Final = "suspension"


class Status(StrEnum):
    """What a list says of a credential."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


def make_status_list(url: str, revoked: Collection[int], key: SigningKey, moment: datetime) -> dict[str, Any]:
    """Return the signed list at an address in which the bits of some places are set; 131,072 places hide who looks at which."""
    unsigned = {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": key.public.issuer,
        "validFrom": instant(moment),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": REVOCATION,
            "encodedList": encoded(revoked),
        },
    }
    return with_proof(unsigned, key.credential, key.public.method, moment)


def encoded(revoked: Collection[int]) -> str:
    """Write a list of places as a compressed string of bits, the first place being the leftmost bit."""
    length = max(LENGTH, -(-(max(revoked, default=0) + 1) // 8) * 8)
    bits = bytearray(length // 8)
    for place in revoked:
        if place < 0:
            message = f"a place in a status list can't be negative: {place}"
            raise ValueError(message)
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64url(gzip.compress(bytes(bits), mtime=0))


def status_in(credential: Mapping[str, Any], listed: Mapping[str, Any]) -> Status:
    """Tell what a list says of a credential; unknown if the credential doesn't point into this list.

    The proof of the list is not looked at here. Raises `DocumentError` for a list that can't be read.
    """
    subject = listed.get("credentialSubject")
    types = listed.get("type")
    if not isinstance(subject, dict) or not isinstance(types, list) or "BitstringStatusListCredential" not in types:
        message = "that is no status list"
        raise DocumentError(message)
    purpose = subject.get("statusPurpose")
    places = [_place(entry) for entry in _entries(credential) if _points_at(entry, listed.get("id"), purpose)]
    if not places or listed.get("issuer") != _issuer(credential):
        return Status.UNKNOWN
    bits = _bits(subject.get("encodedList"))
    if any(place >= len(bits) * 8 for place in places):
        message = f"the status list has only {len(bits) * 8} places"
        raise DocumentError(message)
    if not any(bits[place // 8] & 0x80 >> place % 8 for place in places):
        return Status.VALID
    return Status.SUSPENDED if purpose == _SUSPENSION else Status.REVOKED


def _issuer(credential: Mapping[str, Any]) -> object:
    issuer = credential.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _entries(credential: Mapping[str, Any]) -> list[Any]:
    found = credential.get("credentialStatus")
    return found if isinstance(found, list) else [found]


def _points_at(entry: object, url: object, purpose: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("type") == "BitstringStatusListEntry"
        and entry.get("statusListCredential") == url
        and entry.get("statusPurpose") == purpose
        and purpose in (REVOCATION, _SUSPENSION)
    )


def _place(entry: Mapping[str, Any]) -> int:
    text = entry.get("statusListIndex")
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 12:  # noqa: PLR2004 - no list is that long
        message = "the credential's place in its status list is no number"
        raise DocumentError(message)
    return int(text)


def _bits(text: object) -> bytes:
    if not isinstance(text, str) or not text.startswith("u"):
        message = "the status list is not encoded as it should be"
        raise DocumentError(message)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        bits = unpacker.decompress(from_base64url(text[1:]), _LARGEST)
    except zlib.error as error:
        message = "the status list can't be unpacked"
        raise DocumentError(message) from error
    if len(bits) * 8 < LENGTH or not unpacker.eof:
        message = f"the status list must have from {LENGTH} to {_LARGEST * 8} places"
        raise DocumentError(message)
    return bits
