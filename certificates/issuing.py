"""Issuing: an award and the issuer's keys go in, a signed document with its credential comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pyhanko.sign.timestamps import TimeStamper

from certificates.award import Award
from certificates.credential import StatusEntry, credential_text, make_credential
from certificates.keys import SigningKey
from certificates.render import render
from certificates.signing import sign


@dataclass(frozen=True, slots=True)
class Issued:
    """A finished certificate: the document, and the credential that also lies in it."""

    document: bytes
    credential: Mapping[str, Any]


def issue(  # noqa: PLR0913 - what a certificate is made of, each by name
    award: Award,
    key: SigningKey,
    moment: datetime,
    *,
    status: StatusEntry | None = None,
    design: str = "course-v1",
    authority: TimeStamper | None = None,
) -> Issued:
    """Make, at a moment, the certificate of an award; a development key prints on it what it is worth."""
    key.check(moment)
    printed = replace(award, development=award.development or key.public.development)
    credential = make_credential(printed, key, moment, status)
    document = render(printed, design, credential_text(credential))
    return Issued(sign(document, key, moment, authority), credential)
