"""Second factors, sign-ins that are half done, browsers that are known, and addresses that wait to be confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class SecondFactor(Row):
    """The sealed secret of somebody's authenticator app; in force once `Person.second_factor_at` is set.

    `last_step` is the latest half minute whose code was used: none works twice.
    """

    __tablename__ = "second_factors"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    secret: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Row):
    """A code that stands in for the app once; only its hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class HalfSignIn(Row):
    """Somebody gave the right password and has not given a code yet."""

    __tablename__ = "half_sign_ins"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KnownBrowser(Row):
    """A kind of browser in which somebody has signed in: its name for itself, without the numbers that updates change."""

    __tablename__ = "known_browsers"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    first_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class AddressChange(Row):
    """An address that a person wants to use and has not confirmed yet; only the hash of the link's token is kept."""

    __tablename__ = "address_changes"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    email: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FirstRun(Row):
    """An address by which the first administrator of the installation comes; only the hash of its token is kept."""

    __tablename__ = "first_runs"
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
