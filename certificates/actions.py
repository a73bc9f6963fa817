"""What the commands of the command line do."""

import argparse
import json
import sys
import unicodedata
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from certificates.award import Award
from certificates.contents import credential_from_json
from certificates.credential import StatusEntry, credential_text
from certificates.design import design_for
from certificates.errors import KeysError
from certificates.facts import differences
from certificates.issuing import issue as make
from certificates.keymaking import Issuer, make_key
from certificates.keys import KeyRing, described_keys, load_keys, load_public_keys
from certificates.published import did_document, key_set
from certificates.reading import award_from_json
from certificates.samples import sample_awards
from certificates.statuslist import make_status_list
from certificates.verifier import verifier_page
from certificates.verifying import Outcome, Report
from certificates.verifying import verify as check

DONE, REFUSED, FAILED, UNKNOWN = 0, 1, 2, 3
_CODES: Final = {Outcome.HOLDS: DONE, Outcome.FAILS: REFUSED, Outcome.UNKNOWN: UNKNOWN}
_WORTH: Final = {
    DONE: "valid",
    REFUSED: "NOT VALID",
    UNKNOWN: "unchanged as far as can be told, but its issuer or status is not known here",
}
_DEVELOPMENT: Final = "everything holds, but it was made with a development key: not a valid certificate"
_REVOKED: Final = 94_567


def keys(options: argparse.Namespace) -> int:
    """List keys, or make one."""
    wanted = (options.name, options.address, options.moment)
    if any(wanted):
        if not all(wanted):
            message = "to make a key, give --name, --address and --from"
            raise KeysError(message)
        make_key(options.folder, Issuer(options.name, options.address, options.development), options.moment, options.days)
    ring = load_keys(options.folder)
    for key in ring.keys:
        signs = "signs" if key is ring.current.public else "verifies"
        until = f"until {key.certificate.not_valid_after_utc:%Y-%m-%d}"
        _say(f"{key.id}  {signs:8}  {until}  {key.issuer}{'  DEVELOPMENT' * key.development}")
    return DONE


def issue(options: argparse.Namespace) -> int:
    """Make one certificate."""
    text = sys.stdin.buffer.read() if options.json == "-" else Path(options.json).read_bytes()
    award, ring = award_from_json(text), load_keys(options.keys)
    issued = make(award, ring.current, options.at or _midnight(award), status=_entry(options), design=options.design)
    write(options.output, issued.document)
    if options.credential:
        write(options.credential, credential_text(issued.credential).encode())
    return DONE


def verify(options: argparse.Namespace) -> int:
    """Say what holds of a file."""
    known = load_public_keys(options.keys) if options.keys else ()
    listed = credential_from_json(options.status.read_bytes()) if options.status else None
    report = check(options.file.read_bytes(), known, listed)
    for found in report.checks:
        _say(f"{found.outcome:8} {found.about}: {found.said}")
    code = _CODES[report.outcome]
    if options.award:
        code = max(code, _compare(report, award_from_json(options.award.read_bytes())), key=[DONE, UNKNOWN, REFUSED].index)
    development = code == DONE and any(found.about == "key" for found in report.checks)
    _say(f"=> {_DEVELOPMENT if development else _WORTH[code]}")
    if code == UNKNOWN and not options.keys:
        _say("   tell whom to trust with --keys: the issuer.json that the issuer publishes")
    return code


def _compare(report: Report, award: Award) -> int:
    found = differences(report.credential, award)
    for name, (said, true) in found.items():
        _say(f"differs  {name}: it says {said!r}; the award says {true!r}")
    return REFUSED if found else DONE


def publish(options: argparse.Namespace) -> int:
    """Write the public side of the keys, and the page that verifies."""
    ring = load_keys(options.keys)
    options.directory.mkdir(parents=True, exist_ok=True)
    _publish(ring, options.directory)
    return DONE


def sample(options: argparse.Namespace) -> int:
    """Write the sample documents, and what verifies them."""
    folder: Path = options.directory
    folder.mkdir(parents=True, exist_ok=True)
    awards = sample_awards()
    ring = load_keys(options.keys) if options.keys else _sample_keys(folder / "keys", awards["latin"])
    url = f"{ring.current.public.address}/status/1"
    for place, (name, award) in enumerate(awards.items()):
        entry = StatusEntry(url, _REVOKED if name == "short" else place)
        issued = make(award, ring.current, _midnight(award), status=entry, design=options.design or design_for(award.kind))
        path = folder / f"{name}.pdf"
        write(path, issued.document)
        _say(f"{path}  {len(issued.document) / 1000:.0f} KB  {award.recipient}")
    listed = make_status_list(url, {_REVOKED}, ring.current, _midnight(awards["latin"]))
    write(folder / "status.json", json.dumps(listed, indent=1).encode())
    _publish(ring, folder)
    _say(f"verify one: python -m certificates verify --keys {folder}/issuer.json --status {folder}/status.json {folder}/latin.pdf")
    return DONE


def write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing: a full disk leaves no torn file behind."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def _publish(ring: KeyRing, folder: Path) -> None:
    issuer = ring.current.public.issuer
    write(folder / "did.json", json.dumps(did_document(issuer, ring.keys), indent=1).encode())
    write(folder / "jwks.json", json.dumps(key_set(ring.keys), indent=1).encode())
    write(folder / "issuer.json", described_keys(ring.keys).encode())
    write(folder / "verify.html", verifier_page(ring.keys))


def _sample_keys(folder: Path, award: Award) -> KeyRing:
    if folder.exists():
        return load_keys(folder)
    address = "https://learn.example.org"
    return make_key(folder, Issuer(award.issuer_name, address, development=True), _midnight(award))


def _entry(options: argparse.Namespace) -> StatusEntry | None:
    if (options.status_list is None) != (options.status_index is None):
        message = "give --status-list and --status-index together"
        raise KeysError(message)
    return StatusEntry(options.status_list, options.status_index) if options.status_list else None


def _midnight(award: Award) -> datetime:
    return datetime.combine(award.issued_on, time(), UTC)


def _say(line: str) -> None:
    """Write a line; what a strange file says must not steer the terminal."""
    shown = "".join(f"\\x{ord(letter):02x}" if unicodedata.category(letter) == "Cc" else letter for letter in line)
    sys.stdout.write(f"{shown}\n")
