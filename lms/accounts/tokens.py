"""Signed links in mails: for confirming an address and for a new password, each good for a while and for one purpose."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lms.core.domain import Person
from lms.core.errors import Invalid
from lms.core.viewer import hash_token

CONFIRM_SECONDS = 3 * 24 * 3600
RESET_SECONDS = 3600
INVITATION_SECONDS = 30 * 24 * 3600


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"accounts.{purpose}")


def confirmation(person_id: int, email: str) -> str:
    """Make the token that confirms this address of this person."""
    return _serializer("confirm").dumps([person_id, email])


def read_confirmation(token: str) -> tuple[int, str]:
    """Give (person's id, address) of a confirmation token; raise `Invalid` for a wrong or old one."""
    return _read("confirm", token, CONFIRM_SECONDS)


def reset(person: Person) -> str:
    """Make the token for a new password; it is spent as soon as the password or the address changes."""
    return _serializer("reset").dumps([person.id, mark(person)])


def read_reset(token: str) -> tuple[int, str]:
    """Give (person's id, mark of the password it replaces) of a reset token; raise `Invalid` for a wrong or old one."""
    return _read("reset", token, RESET_SECONDS)


def invitation(person: Person) -> str:
    """Make the token for the first password of somebody who was invited; it is spent as a reset token is."""
    return _serializer("invitation").dumps([person.id, mark(person)])


def read_invitation(token: str) -> tuple[int, str]:
    """Give (person's id, mark) of an invitation's token; raise `Invalid` for a wrong or old one."""
    return _read("invitation", token, INVITATION_SECONDS)


def mark(person: Person) -> str:
    """Give what a reset token remembers of the password it replaces and of the address that it went to."""
    return hash_token(f"{person.password_hash} {person.email}")[:16]


def _read(purpose: str, token: str, seconds: int) -> tuple[int, str]:
    try:
        person_id, rest = _serializer(purpose).loads(token, max_age=seconds)
    except (BadSignature, ValueError) as error:
        message = "This link is not valid any more. Ask for a new one."
        raise Invalid(message) from error
    return int(person_id), str(rest)
