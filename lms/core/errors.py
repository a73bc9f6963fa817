"""Refusals that a person is told about; each knows its HTTP status and the title of its page. They are mapped once, in `web`."""

from __future__ import annotations


class DomainError(Exception):
    """Something the rules don't allow; `field` names the form field it belongs to, if any."""

    status = 422
    title = "That did not work"

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
    title = "Not for you"


class NotFound(DomainError):
    """There is no such thing, or not for this person."""

    status = 404
    title = "There is no such page"


class Conflict(DomainError):
    """It was done already, or something changed meanwhile."""

    status = 409
    title = "That was done already"


class ReadOnly(Conflict):
    """Who asks has chosen to look only, for the while."""

    title = "Nothing can be changed now"


class TooMany(DomainError):
    """Asked too often; `retry_after` says in how many seconds to come back."""

    status = 429
    title = "Too many tries"

    def __init__(self, message: str, retry_after: int, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after
