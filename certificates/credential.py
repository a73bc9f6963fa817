"""The credential: an award as an Open Badge 3.0, which is a Verifiable Credential 2.0.

The name stands in it code point for code point, as does every fact that the document prints.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from certificates.award import Award, Kind
from certificates.canonical import CREDENTIALS, OPEN_BADGES
from certificates.facts import AVERAGE, HOURS, NOT_VALID, TYPES, percent
from certificates.keys import PublicKey, SigningKey
from certificates.proof import instant, with_proof

REVOCATION: Final = "revocation"
_CRITERIA: Final[Mapping[Kind, str]] = {
    "course": "Completed every graded part of the course and reached the final average that it requires.",
    "workshop": "Took full part in the workshop.",
}


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """The place of a credential in a public list that says whether it was revoked."""

    list_url: str
    index: int

    def described(self) -> dict[str, str]:
        """Return the entry as the credential carries it."""
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": REVOCATION,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }


def make_credential(award: Award, key: SigningKey, moment: datetime, status: StatusEntry | None = None) -> dict[str, Any]:
    """Return the signed credential of an award; the same award, key and moment give the same credential."""
    unsigned: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": award.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.course_title,
        "issuer": issuer_profile(key.public, award.issuer_name),
        "validFrom": instant(moment),
        "awardedDate": _midnight(award.issued_on),
        "credentialSubject": _subject(award, key.public),
    }
    if status is not None:
        unsigned["credentialStatus"] = status.described()
    return with_proof(unsigned, key.credential, key.public.method, moment)


def issuer_profile(key: PublicKey, name: str) -> dict[str, Any]:
    """Say who issues; a development key says what it is worth."""
    shown = f"{name}{NOT_VALID}" if key.development else name
    return {"id": key.issuer, "type": ["Profile"], "name": shown, "url": key.address}


def credential_text(credential: Mapping[str, Any]) -> str:
    """Write a credential as JSON, every character as it is."""
    return json.dumps(credential, ensure_ascii=False, indent=1)


def _subject(award: Award, key: PublicKey) -> dict[str, Any]:
    subject = {
        "type": ["AchievementSubject"],
        "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": award.recipient, "identityType": "name"}],
        "achievement": _achievement(award, key),
        "licenseNumber": award.number,
        "activityStartDate": _midnight(award.started_on),
        "activityEndDate": _midnight(award.completed_on),
        "term": award.edition_title,
    }
    if award.statement:
        subject["narrative"] = "\n".join(award.statement)
    results = [
        {"type": ["Result"], "resultDescription": _identifier(key, award, name), "value": value} for name, _, value in _results(award)
    ]
    return {**subject, **({"result": results} if results else {})}


def _achievement(award: Award, key: PublicKey) -> dict[str, Any]:
    achievement = {
        "id": _identifier(key, award, ""),
        "type": ["Achievement"],
        "achievementType": TYPES[award.kind],
        "name": award.course_title,
        "description": f"{award.course_title}: {award.edition_title}",
        "criteria": {"narrative": _CRITERIA[award.kind]},
        "inLanguage": award.language,
    }
    results = [
        {"id": _identifier(key, award, name), "type": ["ResultDescription"], "name": name, "resultType": kind}
        for name, kind, _ in _results(award)
    ]
    return {**achievement, **({"resultDescription": results} if results else {})}


def _results(award: Award) -> list[tuple[str, str, str]]:
    results = []
    if award.final_average is not None:
        results.append((AVERAGE, "Percent", percent(award)))
    if award.hours is not None:
        results.append((HOURS, "ext:LearningHours", str(award.hours)))
    return results


def _identifier(key: PublicKey, award: Award, part: str) -> str:
    """Name an achievement, or a part of it, by what it is: the same course gives the same name (a UUID of version 8)."""
    said = f"{key.address}\n{award.kind}\n{award.course_title}\n{award.edition_title}\n{part}"
    value = int.from_bytes(sha256(said.encode()).digest()[:16])
    value = value & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62
    digits = f"{value:032x}"
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
