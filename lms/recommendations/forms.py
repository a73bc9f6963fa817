"""Forms about recommendations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import InputRequired

from lms.core.forms import NEEDED, Form, line, paragraphs, ticks
from lms.recommendations import rules
from lms.recommendations.rules import LEVELS, Level
from lms.recommendations.values import Draft, RecommendationLine

LONGEST = 10


def whole(said: str | int | None) -> int:
    """Read a number that a page carries along; 0 for what can't be one."""
    text = str(said or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


class Drafting(Form):
    """A recommendation as somebody words it."""

    level = SelectField("To whom", [InputRequired(NEEDED)], choices=[SelectChoice(level.value, words) for level, words in LEVELS.items()])
    text = paragraphs("Recommendation", most=rules.TEXT, hint="One sentence that begins with what is to be done.")
    group = line("Group", most=rules.GROUP, required=False, hint="Where a group drafts it, such as Group 2.")
    sources = ticks("Case studies that it comes from", coerce=whole)
    why = line("Why it is worded anew", most=rules.REASON, required=False)
    version = HiddenField("This page is out of date")

    def offer(self, studies: Iterable[tuple[int, str]]) -> None:
        """Offer these case studies, by id and title."""
        self.sources.choices = [SelectChoice(identity, title) for identity, title in studies]

    @property
    def draft(self) -> Draft:
        """What a valid form says."""
        sources = tuple(self.sources.data or ())
        return Draft(Level(self.level.data), self.text.data or "", self.group.data or "", sources)

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def as_it_is(found: RecommendationLine) -> dict[str, Any]:
    """Fill the form in with what is stored."""
    words = {"level": found.level, "text": found.text, "group": found.group}
    return {**words, "sources": [source.id for source in found.sources], "version": str(found.version)}


class Saying(Form):
    """What somebody says of a recommendation."""

    reason = line("What you object to", most=rules.REASON, required=False)
    version = HiddenField("This page is out of date")


class Merging(Form):
    """Into which other draft one is merged."""

    into = SelectField("Into", [InputRequired(NEEDED)], coerce=whole)

    def offer(self, others: Iterable[RecommendationLine]) -> None:
        """Offer these drafts."""
        self.into.choices = [SelectChoice(other.id, f"{other.id}: {other.text[:80]}") for other in others]


class Adopting(Form):
    """The final list; the places are read beside it."""

    despite = line("Why those with objections are adopted", most=rules.REASON, required=False)
