"""Where certificates are signed: what the worker and commands import alone, for its libraries take 40 MB.

Everything else reaches it through `signing.press`, which loads it when there is something to sign.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from certificates import Award, KeysError, design_for
from certificates.credential import StatusEntry, credential_text
from certificates.issuing import issue
from certificates.keymaking import Issuer, make_key
from certificates.keys import CURRENT, KeyRing, PublicKey, load_keys, public_keys_from_json
from certificates.published import did_document, key_set
from certificates.signing import sign as sign_document
from certificates.statuslist import make_status_list
from certificates.verifying import Report, verify

_PRIVATE = frozenset({"signs", "until"})  # what the platform keeps of a key beside what is published


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate that is ready to be stored; `development` tells that its key made it a specimen."""

    document: bytes
    credential: str
    development: bool


@dataclass(frozen=True, slots=True)
class PublicTexts:
    """What is published of keys: each as JSON."""

    keys: str
    did: str
    jwks: str


def make_keys(folder: Path, issuer: Mapping[str, Any], moment: datetime, days: int) -> str:
    """Make a key of an issuer (name, address, development) that signs from now on, and give its id."""
    return make_key(folder, Issuer(**issuer), moment, days).current.public.id


def issuer_of(folder: Path) -> str:
    """Tell who issues by the keys of a folder, as a decentralised identifier; raise `KeysError`."""
    return _ring(folder).current.public.issuer


def make(award: Award, folder: Path, moment: datetime, list_url: str, place: int) -> Made:
    """Make the certificate of an award, with its place in a status list; raise what `certificates` raises."""
    key = _ring(folder).current
    made = issue(award, key, moment, status=StatusEntry(list_url, place), design=design_for(award.kind))
    return Made(made.document, credential_text(made.credential), development=key.public.development)


def sign(folder: Path, body: bytes, moment: datetime) -> tuple[str, str]:
    """Sign bytes by the key for credentials (Ed25519, detached): the signature in base64, and the address of the key."""
    key = _ring(folder).current
    key.check(moment)
    return b64encode(key.credential.sign(body)).decode(), key.public.method


def seal(folder: Path, document: bytes, moment: datetime) -> bytes:
    """Sign a PDF that is no certificate, as certificates are: PAdES, invisible; raise what `certificates` raises."""
    return sign_document(document, _ring(folder).current, moment)


def status_list(folder: Path, issuer: str, url: str, places: Collection[int], moment: datetime) -> str:
    """Write a status list of an issuer, signed; raise `KeysError` where its keys are not those of the folder."""
    key = _ring(folder).current
    if key.public.issuer != issuer:
        message = f"the list is of {issuer}, but {folder} holds the key of {key.public.issuer}"
        raise KeysError(message)
    key.check(moment)
    return json.dumps(make_status_list(url, places, key, moment), indent=1)


def texts(folders: Sequence[Path], known: str) -> PublicTexts:
    """Write what is published of the keys in some folders, and of those known before: a key that was published once stays."""
    rings = [_ring(folder) for folder in folders]
    keys = {key.id: key for key in [*_known(known), *(key for ring in rings for key in ring.keys)]}
    newest = sorted(keys.values(), key=lambda key: key.id, reverse=True)
    signing = {ring.current.public.id for ring in rings}
    return PublicTexts(
        keys=json.dumps([_told(key, signs=key.id in signing) for key in newest], ensure_ascii=False),
        did=_did(newest, signing),
        jwks=json.dumps(key_set([key for key in newest if not key.development]), indent=1),
    )


def _did(newest: Sequence[PublicKey], signing: Collection[str]) -> str:
    own = next((key for key in newest if not key.development and key.id in signing), None)
    return json.dumps(did_document(own.issuer, newest), indent=1) if own else ""


def _told(key: PublicKey, *, signs: bool) -> dict[str, Any]:
    return {**key.described(), "signs": signs, "until": key.certificate.not_valid_after_utc.isoformat()}


def _known(known: str) -> tuple[PublicKey, ...]:
    keys = [{name: value for name, value in key.items() if name not in _PRIVATE} for key in json.loads(known or "[]")]
    return public_keys_from_json(json.dumps({"keys": keys}))


def check(file: bytes, known: str, lists: Mapping[str, str]) -> Report:
    """Say what holds of a file by the published keys and the status list that its credential names; raise `DocumentError`."""
    keys = _known(known)
    report = verify(file, keys)
    status = report.credential.get("credentialStatus")
    listed = lists.get(str(status.get("statusListCredential"))) if isinstance(status, dict) else None
    return verify(file, keys, json.loads(listed)) if listed else report


def _ring(folder: Path) -> KeyRing:
    return _loaded(folder, stamp(folder))


@lru_cache(maxsize=4)
def _loaded(folder: Path, _stamp: tuple[object, ...]) -> KeyRing:
    return load_keys(folder)


def stamp(folder: Path) -> tuple[object, ...]:
    """Tell when the files of the keys changed last: parsed keys are used again as long as they did not."""
    try:
        current = (folder / CURRENT).read_text(encoding="utf-8").strip()
        files = [folder / CURRENT, *sorted((folder / current).iterdir())]
        return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    except (OSError, UnicodeDecodeError, ValueError):
        return ()  # loading says what is wrong

