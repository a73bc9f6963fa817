"""Taking an account out of use whose owner has another one."""

from __future__ import annotations

from sqlalchemy import delete

from lms.accounts import emails
from lms.accounts.models import AddressChange, HalfSignIn, KnownBrowser, RecoveryCode, SecondFactor
from lms.core import mail
from lms.core.db import db
from lms.core.domain import Person, SignIn
from lms.core.urls import absolute_url


def retire(gone: Person, kept: Person) -> None:
    """Let nobody sign in any more with an account that is merged into another, and tell both addresses.

    Its address leads nobody into the kept account: whoever asks for a new password there is told by mail which one to use.
    """
    gone.merged_into_id, gone.password_hash = kept.id, "merged"  # no hash: no password fits, and links that were sent are spent
    gone.second_factor_at, gone.email_confirmed_at = None, None
    for table in (SignIn, HalfSignIn, KnownBrowser, AddressChange, SecondFactor, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == gone.id))
    for person in (gone, kept):
        letter = emails.merged(person.name, gone.email, kept.email, absolute_url("accounts.sign_in"))
        mail.post(letter, person.email, kind="accounts.merged", person_id=person.id)
