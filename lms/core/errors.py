"""Refusals that a person is told about; each knows its HTTP status. They are mapped once, in `web`."""

from __future__ import annotations


class DomainError(Exception):
    """Something the rules don't allow; `field` names the form field it belongs to, if any."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy


class Invalid(DomainError):
    """What was sent can't be used."""


class Forbidden(DomainError):
    """The person who asks may not do it."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(DomainError):
    """It was done already, or something changed meanwhile."""

    status = 409


class TooMany(DomainError):
    """Asked too often; `retry_after` says in how many seconds to come back."""

    status = 429

    def __init__(self, message: str, retry_after: int, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after
