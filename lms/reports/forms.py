"""The text of a chapter."""

from __future__ import annotations

from wtforms import HiddenField

from lms.core.forms import Form, paragraphs

MOST = 50_000
HINT = "Markdown. {{registered}} becomes the figure of that name; the register of figures lists them all."


class ChapterForm(Form):
    """What somebody writes for a chapter; `version` is the one that was read before."""

    text = paragraphs("Text", most=MOST, required=False, hint=HINT)
    version = HiddenField("This page is out of date")

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


class SampleForm(Form):
    """A text to look at."""

    text = paragraphs("Text", most=MOST, required=False)
