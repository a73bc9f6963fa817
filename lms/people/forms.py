"""The note to a learner."""

from __future__ import annotations

from wtforms import HiddenField

from lms.core.forms import Form, paragraphs


class NoteForm(Form):
    """A note; `last` tells which note was the newest when the page was read."""

    text = paragraphs("Your note", most=4000, hint="It goes to the learner by mail, with your name. It is kept on this page.")
    last = HiddenField()
