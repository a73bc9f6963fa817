"""Forms about certificates: a file to check, a reason to revoke."""

from __future__ import annotations

from wtforms import FileField

from lms.core.forms import FileForm, Form, line


class Upload(FileForm):
    """A file that somebody was shown."""

    file = FileField("Certificate (PDF) or credential (JSON)", render_kw={"required": True})


class Revocation(Form):
    """Why a certificate is revoked."""

    reason = line("Reason", most=300, hint="Everybody who verifies the certificate reads it, and its owner gets it by mail.")
