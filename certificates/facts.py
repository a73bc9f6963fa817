"""What a certificate says, by the names that people read: from the award, and from a credential that somebody shows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from certificates.award import Award, Kind

TYPES: Final[Mapping[Kind, str]] = {"course": "CertificateOfCompletion", "workshop": "ext:CertificateOfParticipation"}
AVERAGE: Final = "Final average"
HOURS: Final = "Learning time in hours"
NOT_VALID: Final = " (development key: not valid)"


def facts(award: Award) -> dict[str, str]:
    """Return what an award says, by the names that people read."""
    return {
        "Number": award.number,
        "Name": award.recipient,
        "Course": award.course_title,
        "Edition": award.edition_title,
        "Issuer": award.issuer_name,
        "Kind": award.kind,
        "Begun": award.started_on.isoformat(),
        "Ended": award.completed_on.isoformat(),
        "Issued": award.issued_on.isoformat(),
        AVERAGE: "" if award.final_average is None else percent(award),
        HOURS: "" if award.hours is None else str(award.hours),
        "Statement": "\n".join(award.statement),
        "Address": award.verify_url,
    }


def facts_of(credential: Mapping[str, Any]) -> dict[str, str]:
    """Return what a credential says, by the same names; what is missing or odd is empty."""
    subject = _table(credential.get("credentialSubject"))
    achievement = _table(subject.get("achievement"))
    kinds = {value: str(kind) for kind, value in TYPES.items()}
    return {
        "Number": _text(subject.get("licenseNumber")),
        "Name": name_of(credential),
        "Course": _text(achievement.get("name")),
        "Edition": _text(subject.get("term")),
        "Issuer": _text(_table(credential.get("issuer")).get("name")).removesuffix(NOT_VALID),
        "Kind": kinds.get(_text(achievement.get("achievementType")), ""),
        "Begun": _text(subject.get("activityStartDate"))[:10],
        "Ended": _text(subject.get("activityEndDate"))[:10],
        "Issued": _text(credential.get("awardedDate"))[:10],
        AVERAGE: _result(subject, achievement, AVERAGE),
        HOURS: _result(subject, achievement, HOURS),
        "Statement": _text(subject.get("narrative")),
        "Address": _text(credential.get("id")),
    }


def name_of(credential: Mapping[str, Any]) -> str:
    """Return the name of the person whom a credential is about, or nothing."""
    subject = _table(credential.get("credentialSubject"))
    names = [_table(found) for found in _list(subject.get("identifier"))]
    return next((_text(found.get("identityHash")) for found in names if found.get("identityType") == "name"), "")


def differences(credential: Mapping[str, Any], award: Award) -> dict[str, tuple[str, str]]:
    """Return what a credential says otherwise than the genuine award: for each fact, what it says and what is true."""
    said, true = facts_of(credential), facts(award)
    return {name: (said[name], value) for name, value in true.items() if said[name] != value}


def percent(award: Award) -> str:
    """Write the final average as credentials do."""
    return f"{award.final_average:.2f}"


def _result(subject: Mapping[str, Any], achievement: Mapping[str, Any], name: str) -> str:
    described = [_table(found) for found in _list(achievement.get("resultDescription"))]
    wanted = {_text(found.get("id")) for found in described if found.get("name") == name}
    results = [_table(found) for found in _list(subject.get("result"))]
    return next((_text(found.get("value")) for found in results if _text(found.get("resultDescription")) in wanted), "")


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
