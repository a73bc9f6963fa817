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
    return urlsafe_b64encode(seal_bytes(text.encode(), purpose, owner)).decode()


def seal_bytes(data: bytes, purpose: str, owner: int) -> bytes:
    """Encrypt as `seal` does, for a column of bytes."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(purpose).encrypt(nonce, data, str(owner).encode())


def unseal(sealed: str, purpose: str, owner: int) -> str:
    """Give a sealed text back; raise `SealError`."""
    return unseal_bytes(urlsafe_b64decode(sealed), purpose, owner).decode()


def unseal_bytes(sealed: bytes, purpose: str, owner: int) -> bytes:
    """Give sealed bytes back; raise `SealError`."""
    try:
        return _cipher(purpose).decrypt(sealed[:NONCE], sealed[NONCE:], str(owner).encode())
    except InvalidTag as error:
        message = f"A secret for {purpose} can't be read: was the installation's secret key changed?"
        raise SealError(message) from error


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(_key(current_app.config["SECRET_KEY"], purpose))


@lru_cache(maxsize=16)
def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
