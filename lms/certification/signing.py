"""The issuer's keys: where they lie, which of them signs what, and what is published of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from certificates import KeysError
from lms.certification.models import Certificate, Publication, StatusList
from lms.core import clock
from lms.core.db import db, unit_of_work, upsert
from lms.core.plugins import on_demand
from lms.core.work import WAITING

KEYS, DID, JWKS = "keys", "did.json", "jwks.json"
PRIVATE = frozenset({"signs", "until"})  # what of a published key is told to the staff alone
FIVE_YEARS = 5 * 365 + 1
# Demonstrations and rehearsals sign at moments of their own, so that the key of specimens is always valid.
LONG_AGO, CENTURY = datetime(1990, 1, 1, tzinfo=UTC), 36_525
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the staff see it."""

    id: str
    development: bool
    until: datetime


def press() -> Any:
    """Give the module that signs; it is imported at the first call."""
    return on_demand("lms.certification.press")


def folder(*, development: bool) -> Path:
    """Tell where the keys are: those of the issuer's own, and the one that makes specimens."""
    data: Path = current_app.extensions["settings"].data
    return data / "keys" / ("development" if development else "issuer")


def folder_for(award: Mapping[str, Any]) -> Path:
    """Tell whose keys sign an award, raising `KeysError` where they are gone.

    What a demonstration awards is signed by the development key, and everything as long as there has never been another one.
    """
    own = folder(development=False)
    if not award["development"] and (own.exists() or has_own()):
        return _present(own)
    return _made(folder(development=True))


def sign(body: bytes, *, development: bool) -> tuple[str, str]:
    """Sign something else than a certificate: a detached Ed25519 signature in base64, and the address of its key; raise `KeysError`."""
    signed: tuple[str, str] = press().sign(folder_for({"development": development}), body, clock.now())
    return signed


def seal(document: bytes, *, development: bool) -> bytes:
    """Sign a PDF that is no certificate; raise `KeysError` or `DocumentError`."""
    sealed: bytes = press().seal(folder_for({"development": development}), document, clock.now())
    return sealed


def folder_of(issuer: str) -> Path:
    """Tell where the keys of an issuer are."""
    return _made(folder(development=True)) if issuer.startswith("did:key:") else _present(folder(development=False))


def _present(own: Path) -> Path:
    if not own.exists():
        message = f"{own} is gone, whose keys signed before: restore it from the backup, or make a key with `lms certificates keys --new`"
        raise KeysError(message)
    return own


def _made(place: Path) -> Path:
    if not place.exists():
        press().make_keys(place, _issuer(development=True), LONG_AGO, CENTURY)
        log.info("a development key was made in %s", place)
    return place


def _issuer(*, development: bool) -> dict[str, Any]:
    settings = current_app.extensions["settings"]
    return {"name": settings.issuer, "address": settings.base_url, "development": development}


def make_own(days: int) -> str:
    """Make a key of the issuer's own, which signs from now on, publish it, and give its id; raise `KeysError`."""
    key: str = press().make_keys(folder(development=False), _issuer(development=False), clock.now(), days)
    keep_published()
    return key


def keep_published() -> None:
    """Publish the keys if others than those that are published lie in the folders; what waited for them is tried again at once."""
    _made(folder(development=True))
    folders = [place for place in (folder(development=True), folder(development=False)) if place.exists()]
    now = _stamp(folders)
    if stamp_of(KEYS) == now:
        return
    texts = press().texts(folders, text(KEYS))
    with unit_of_work():
        for name, body in ((KEYS, texts.keys), (DID, texts.did), (JWKS, texts.jwks)):
            values = {"body": body, "stamp": now, "made_at": clock.now()}
            db.session.execute(upsert(Publication, {"name": name}, values))
        for model in (Certificate, StatusList):
            waiting = update(model).where(model.state == WAITING, model.last_error != "")
            db.session.execute(waiting.values(due_at=clock.now(), tries=0))


def _stamp(folders: Sequence[Path]) -> str:
    found = sha256()
    for part in (part for place in folders for part in _public_files(place)):
        found.update(part)
    return found.hexdigest()


def _public_files(place: Path) -> Iterator[bytes]:
    for path in sorted([place / "current", *place.glob("*/key.json"), *place.glob("*/certificate.pem")]):
        yield str(path.relative_to(place)).encode() + b"\0" + path.read_bytes()


def text(name: str) -> str:
    """Read a published text; empty if there is none yet."""
    return db.session.scalar(select(Publication.body).where(Publication.name == name)) or ""


def stamp_of(name: str) -> str:
    """Tell from which keys a text was made."""
    return db.session.scalar(select(Publication.stamp).where(Publication.name == name)) or ""


def published() -> list[dict[str, Any]]:
    """Give the published keys, the newest first, with what they are used for and until when."""
    found: list[dict[str, Any]] = json.loads(text(KEYS) or "[]")
    return found


def described() -> list[dict[str, Any]]:
    """Give the published keys as those who verify read them."""
    return [{name: value for name, value in key.items() if name not in PRIVATE} for key in published()]


def issuer_text() -> str:
    """Give the published keys as the command line of `certificates` reads them."""
    return json.dumps({"keys": described()}, ensure_ascii=False, indent=1) + "\n"


def has_own() -> bool:
    """Tell whether there has ever been a key of the issuer's own."""
    return any(not key["development"] for key in published())


def current() -> Key | None:
    """Give the key that signs what is no demonstration, if it was published yet: the issuer's own if there is one."""
    found = [Key(key["id"], bool(key["development"]), datetime.fromisoformat(key["until"])) for key in published() if key["signs"]]
    return min(found, key=lambda key: key.development, default=None)
