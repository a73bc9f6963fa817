"""The note to a learner, and the reason for which an account is frozen."""

from __future__ import annotations

from wtforms import HiddenField

from lms.core.forms import Form, line, paragraphs


class NoteForm(Form):
    """A note; `last` tells which note was the newest when the page was read."""

    text = paragraphs("Your note", most=4000, hint="It goes to the learner by mail, with your name. It is kept on this page.")
    last = HiddenField()


class FreezeForm(Form):
    """Why an account is frozen."""

    reason = line("Reason", most=300, hint="The person reads it, and it is kept on record.")
