"""Forms about certificates: a file to check, a reason to revoke."""

from __future__ import annotations

from wtforms import FileField

from lms.core.forms import Form, line


class Upload(Form):
    """A file that somebody was shown."""

    file = FileField("Certificate (PDF) or credential (JSON)", render_kw={"required": True})
    too_large = False

    @property
    def status(self) -> int:
        """413 for a file that is too large, 422 for other faults."""
        return 413 if self.too_large else super().status


class Revocation(Form):
    """Why a certificate is revoked."""

    reason = line("Reason", most=300, hint="Everybody who verifies the certificate reads it, and its owner gets it by mail.")
