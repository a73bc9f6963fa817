"""Commands about the second factor: setting it up, signing in with it, recovery codes, switching it off."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select, update

from lms.accounts import codes, emails
from lms.accounts.commands import end_others, matches
from lms.accounts.models import HalfSignIn, RecoveryCode, SecondFactor
from lms.core import audit, clock, mail
from lms.core.db import db, upsert
from lms.core.domain import Person
from lms.core.errors import Conflict, Invalid
from lms.core.mail import Message
from lms.core.sealing import SealError, seal, unseal
from lms.core.urls import absolute_url
from lms.core.viewer import Viewer, hash_token

HALFWAY = timedelta(minutes=10)
WRONG = "This code is not right, or it was used already. Wait for the next one in your app, or use a recovery code."


def begin(person_id: int) -> None:
    """Make a secret for an app; it is in force once a first code has confirmed it. Beginning again makes a new one."""
    if db.session.get_one(Person, person_id).second_factor_at is not None:
        message = "Two-step sign-in is on already."
        raise Conflict(message)
    values = {"secret": seal(codes.new_secret(), codes.PURPOSE, person_id), "last_step": 0}
    db.session.execute(upsert(SecondFactor, {"person_id": person_id}, values))


def confirm(viewer: Viewer, code: str) -> tuple[str, ...]:
    """Put the second factor in force by a first code, end other sign-ins, and give the recovery codes, this once."""
    person = db.session.get_one(Person, viewer.person_id, with_for_update=True, populate_existing=True)
    if person.second_factor_at is not None:
        message = "Two-step sign-in is on already."
        raise Conflict(message)
    if not _use_app_code(person.id, codes.tidy(code)):
        message = "This code is not right. Is the clock of your phone set to the time of the network?"
        raise Invalid(message, field="code")
    person.second_factor_at = clock.now()
    end_others(viewer)
    audit.record(viewer, "account.second_factor_on", "person", person.id)
    _tell(person, emails.second_factor_on)
    return _make_recovery_codes(person.id)


def _use_app_code(person_id: int, code: str) -> bool:
    """Tell whether a code is good, and take its half minute as used: of two at the same moment one is refused."""
    row = db.session.scalar(select(SecondFactor).where(SecondFactor.person_id == person_id))
    if row is None or not codes.is_from_app(code):
        return False
    step = codes.step_of(_secret(row), code, clock.now(), row.last_step)
    if step is None:
        return False
    later = update(SecondFactor).where(SecondFactor.id == row.id, SecondFactor.last_step < step)
    return db.session.execute(later.values(last_step=step).returning(SecondFactor.id)).first() is not None


def _secret(row: SecondFactor) -> str:
    try:
        return unseal(row.secret, codes.PURPOSE, row.person_id)
    except SealError as error:
        message = "The codes of your app can't be checked any more, because the installation's key was changed."
        raise Conflict(message, remedy="Please sign in with a recovery code, or ask an administrator.") from error


def _use_recovery_code(person: Person, code: str) -> bool:
    unused = (RecoveryCode.person_id == person.id, RecoveryCode.code_hash == hash_token(code), RecoveryCode.used_at.is_(None))
    used = update(RecoveryCode).where(*unused).values(used_at=clock.now()).returning(RecoveryCode.id)
    if db.session.execute(used).first() is None:
        return False
    audit.record(Viewer(person_id=person.id), "account.recovery_code", "person", person.id)
    _tell(person, emails.recovery_code_used)
    return True


def _use(person: Person, code: str) -> None:
    """Use a code of the app or a recovery code; raise `Invalid` for any other."""
    tidy = codes.tidy(code)
    if not (_use_app_code(person.id, tidy) if codes.is_from_app(tidy) else _use_recovery_code(person, tidy)):
        raise Invalid(WRONG, field="code")


def _make_recovery_codes(person_id: int) -> tuple[str, ...]:
    made = codes.new_recovery_codes()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.add_all(RecoveryCode(person_id=person_id, code_hash=hash_token(codes.tidy(code))) for code in made)
    return made


def start_halfway(person_id: int) -> str:
    """Note that somebody gave the right password, and give the token with which the code has to come soon."""
    token = secrets.token_urlsafe(32)
    db.session.add(HalfSignIn(person_id=person_id, token_hash=hash_token(token), expires_at=clock.now() + HALFWAY))
    return token


def finish(token: str, code: str) -> Person:
    """Give whose half sign-in a good code completes; raise `Invalid`, or `Conflict` where it took too long."""
    half = db.session.scalar(select(HalfSignIn).where(HalfSignIn.token_hash == hash_token(token)))
    if half is None or half.expires_at <= clock.now():
        message = "That took too long. Please sign in again from the beginning."
        raise Conflict(message)
    person = db.session.get_one(Person, half.person_id)
    _use(person, code)
    db.session.execute(delete(HalfSignIn).where(HalfSignIn.person_id == person.id))
    return person


def make_recovery_codes(viewer: Viewer, password: str) -> tuple[str, ...]:
    """Make recovery codes anew, for which the password is asked; the earlier ones are worth nothing any more."""
    person = _with_password(viewer, password)
    audit.record(viewer, "account.recovery_codes", "person", person.id)
    _tell(person, emails.recovery_codes_made)
    return _make_recovery_codes(person.id)


def switch_off(viewer: Viewer, password: str, code: str) -> None:
    """Do without the second factor again, for which password and a code are asked."""
    person = _with_password(viewer, password)
    _use(person, code)
    remove(person, viewer)


def remove(person: Person, actor: Viewer) -> None:
    """Take the second factor away, with its recovery codes and whatever was half signed in, and tell its owner."""
    person.second_factor_at = None
    for table in (SecondFactor, RecoveryCode, HalfSignIn):
        db.session.execute(delete(table).where(table.person_id == person.id))
    audit.record(actor, "account.second_factor_off", "person", person.id)
    _tell(person, emails.second_factor_off)


def _with_password(viewer: Viewer, password: str) -> Person:
    person = db.session.get_one(Person, viewer.person_id)
    if person.second_factor_at is None:
        message = "Two-step sign-in is not on."
        raise Conflict(message)
    if not matches(person.password_hash, password):
        message = "This is not your password."
        raise Invalid(message, field="password")
    return person


def _tell(person: Person, write: Callable[[str, str], Message]) -> None:
    message = write(person.name, absolute_url("accounts.security"))
    mail.post(message, person.email, kind="accounts.second_factor", person_id=person.id)
