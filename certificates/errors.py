"""What can be wrong: with an award, with keys, with a document."""


class AwardError(ValueError):
    """One field of an award can't be printed; the message says why and what would help, in words for its author."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the name of the field beside the message, so that a form can show it in the right place."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message

    def __reduce__(self) -> tuple[type["AwardError"], tuple[str, str]]:
        """Rebuild from both parts, so that the error survives the way from one process to another."""
        return (AwardError, (self.field, self.message))


class KeysError(Exception):
    """The issuer's keys can't be used: missing, unreadable, expired, or not fitting together; the message says what would help."""


class DocumentError(ValueError):
    """What was given for checking is no certificate, no credential or no status list; the message says what it is instead."""


class StampError(Exception):
    """The time-stamp authority gave no time-stamp; nothing was issued, and it can be tried again."""
