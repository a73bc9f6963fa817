"""Forms about invitations."""

from __future__ import annotations

from lms.core.forms import Form, paragraphs

REASON = 500


class Declining(Form):
    """Not coming, and why."""

    reason = paragraphs("Why can't you come?", most=REASON, required=False, hint="A few words help us. Only administrators read them.")
