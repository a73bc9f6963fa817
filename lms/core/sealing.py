"""Small secrets that are kept: encrypted with a key that follows from the application's own and from their purpose."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12


class SealError(Exception):
    """What is kept was sealed with another key, for another owner, or was changed."""


def seal(text: str, purpose: str, owner: int) -> str:
    """Encrypt a text so that it can be read for this purpose and owner alone."""
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _cipher(purpose).encrypt(nonce, text.encode(), str(owner).encode())).decode()


def unseal(sealed: str, purpose: str, owner: int) -> str:
    """Give a sealed text back; raise `SealError`."""
    data = urlsafe_b64decode(sealed)
    try:
        return _cipher(purpose).decrypt(data[:NONCE], data[NONCE:], str(owner).encode()).decode()
    except InvalidTag as error:
        message = f"A secret for {purpose} can't be read: was the installation's secret key changed?"
        raise SealError(message) from error


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(_key(current_app.config["SECRET_KEY"], purpose))


@lru_cache(maxsize=16)
def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
