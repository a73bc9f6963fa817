"""Keys and signatures as text: multibase in base 58 and base 64, and Ed25519 keys as Multikey.

What the letters mean: https://www.w3.org/TR/cid-1.0/#multibase-0 and #Multikey.
"""

import base64
import binascii
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.errors import DocumentError

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519: Final = b"\xed\x01"
_LONGEST: Final = 200


def base58(data: bytes) -> str:
    """Write bytes in Bitcoin's base 58."""
    number, letters = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        letters = _ALPHABET[digit] + letters
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def from_base58(text: str) -> bytes:
    """Read what `base58` wrote; raise `DocumentError` for anything else."""
    if len(text) > _LONGEST or not set(text) <= set(_ALPHABET):
        message = "a key or signature is not written in base 58"
        raise DocumentError(message)
    number = 0
    for letter in text:
        number = number * 58 + _ALPHABET.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def base64url(data: bytes) -> str:
    """Write bytes in base 64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Read what `base64url` wrote; raise `DocumentError` for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        message = "a list or key is not written in base 64"
        raise DocumentError(message) from error


def multikey(key: Ed25519PublicKey) -> str:
    """Write a public key as Multikey."""
    return "z" + base58(_ED25519 + key.public_bytes_raw())


def from_multikey(text: str) -> Ed25519PublicKey:
    """Read a Multikey; raise `DocumentError` for another kind of key."""
    data = from_base58(text[1:]) if text.startswith("z") else b""
    if not data.startswith(_ED25519) or len(data) != len(_ED25519) + 32:
        message = "the key is no Ed25519 key in Multikey format"
        raise DocumentError(message)
    return Ed25519PublicKey.from_public_bytes(data[len(_ED25519) :])
