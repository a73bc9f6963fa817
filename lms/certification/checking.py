"""Checking a file that somebody was shown: whether it is what was issued here, and if not, what it says otherwise.

The bytes are compared with what was issued, which needs no cryptography. What is not the same byte for byte is not genuine; what its
credential says is then laid beside what was issued, so that people see the difference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certificates import DocumentError
from certificates.contents import check_is_document, credential_from_json, credential_in
from certificates.facts import differences, facts_of
from lms.certification import queries, rules
from lms.certification.issuing import award_of
from lms.certification.queries import CertificateInfo
from lms.core.errors import Invalid

MOST_BYTES = 2_000_000
_LONGEST = 300
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out: the certificate that the file is, or pretends to be; and (fact, what it says, what is true)."""

    certificate: CertificateInfo | None
    number: str
    genuine: bool = False
    differing: tuple[tuple[str, str, str], ...] = ()


def check(file: bytes) -> Checked:
    """Look a certificate (PDF) or credential (JSON) up; raise `Invalid`, naming the field, for a file that is neither."""
    try:
        if file.lstrip()[:1] == b"{":
            return _compared(credential_from_json(file))
        check_is_document(file)
        found = queries.by_digest(hashlib.sha256(file).hexdigest())
        return Checked(found, found.number, genuine=True) if found else _compared(credential_in(file), credential_alone=False)
    except DocumentError as error:
        message = f"This is no certificate of this platform: {error}."
        raise Invalid(message, field="file") from error


def _compared(credential: Mapping[str, Any], *, credential_alone: bool = True) -> Checked:
    number = rules.normal(facts_of(credential)["Number"][:_LONGEST_NUMBER])
    found = queries.by_number(number)
    if found is None:
        return Checked(None, number)
    if credential_alone and credential == json.loads(queries.credential_of(found.id) or "{}"):
        return Checked(found, number, genuine=True)
    differing = differences(credential, award_of(found.award))
    return Checked(found, number, differing=tuple((fact, _shown(said), true) for fact, (said, true) in differing.items()))


def _shown(text: str) -> str:
    """Give what a strange file says as it can be shown: not endlessly, and without halves of letters."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()
