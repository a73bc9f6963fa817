"""Forms of the forums."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, InputRequired, Regexp
from wtforms.widgets import HiddenInput

from lms.core.forms import Form, line, paragraphs
from lms.forums.rules import CATEGORIES

MARKDOWN = "Markdown works: **bold**, *italic*, > quote, - list, [link](https://…)."
KEY = r"[0-9a-f]{32}"


def new_key() -> str:
    """Make the mark by which a form that is sent twice is recognised."""
    return secrets.token_hex(16)


def text(label: str) -> Any:
    """Make the field in which a post is written."""
    return paragraphs(label, most=10_000, hint=MARKDOWN)


class Reply(Form):
    """An answer in a topic."""

    body = text("Your reply")
    key = HiddenField(default=new_key, validators=[Regexp(f"^{KEY}$", message="Please load the page again.")])
    preview = SubmitField()


class NewTopic(Reply):
    """A new topic."""

    title = line("Title", most=150)
    body = text("Your post")


class NewAnnouncement(NewTopic):
    """A new announcement; `send` is pressed on the page that shows how it arrives."""

    send = SubmitField()


class Edit(Form):
    """A change of one's own post; `version` is the one that was opened."""

    body = text("Your post")
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Please load the page again.")])
    preview = SubmitField()


class EditOpening(Edit):
    """A change of the post that opened a topic, and of its title."""

    title = line("Title", most=150)


class Sample(Form):
    """A text to be shown as it will look."""

    body = text("Text")


class Report(Form):
    """What is wrong with a post."""

    category = RadioField(
        "What is wrong with this post?",
        choices=[SelectChoice(*category) for category in CATEGORIES.items()],
        validators=[DataRequired("Please choose one.")],
    )
    note = paragraphs("What should the tutor know?", most=1000, required=False)


class Reason(Form):
    """Why staff do something."""

    reason = line("Reason", most=300)


class Decision(Form):
    """What staff say to who reported a post that stays."""

    note = paragraphs("A line for who reported it", most=500, required=False)


class Move(Form):
    """Where a topic goes."""

    forum = SelectField("Forum", validators=[DataRequired("Please choose one.")])
