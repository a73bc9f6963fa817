"""References in what is written: `{{registered}}`, `{{completion_rate.pair}}`, `{{registered.gender.woman}}`, `{{see.funnel}}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from lms.core.figures import pair, shown
from lms.reports.blocks import Chapter, Chart, Table
from lms.reports.rules import Contents

PATTERN = re.compile(r"\{\{([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A reference that leads nowhere: where it stands, what it says, and what may have been meant."""

    line: int
    text: str
    message: str


def targets(chapters: Iterable[Chapter]) -> dict[str, str]:
    """Name everything that is numbered: 'funnel' is 'Figure 1'."""
    return {block.id: block.label for chapter in chapters for block in chapter.blocks if isinstance(block, Table | Chart)}


def known(contents: Contents, numbered: dict[str, str]) -> dict[str, str]:
    """Give every reference that can be made, with what stands in its place."""
    found = {f"see.{name}": label for name, label in numbered.items()}
    found |= {f"edition.{name}": value for name, value in contents.edition.items() if name in {"course", "title"}}
    found |= {f"edition.{name}": full_day(contents.edition[name]) for name in ("starts_on", "ends_on")}
    for figure in contents.figures:
        found[figure.name] = shown(figure.kind, figure.numerator, figure.denominator)
        if drawn := pair(figure.kind, figure.numerator, figure.denominator):
            found[f"{figure.name}.pair"] = drawn
        for by, parts in figure.by.items():
            for part in parts:
                found[f"{figure.name}.{by}.{part.value}"] = shown(figure.kind, part.numerator, part.denominator)
    return found


def full_day(text: str) -> str:
    """Write an ISO date in words."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def resolve(text: str, values: dict[str, str]) -> str:
    """Put values in the place of references; one that is unknown stays as it was typed."""
    return PATTERN.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def unknown(text: str, values: dict[str, str]) -> Iterator[Unknown]:
    """Tell which references lead nowhere."""
    for found in PATTERN.finditer(text):
        name = found[1].strip()
        if name not in values:
            near = get_close_matches(name[:100], values, 3, 0.5)
            hint = f" Did you mean {', '.join(near)}?" if near else " The register of figures lists what there is."
            yield Unknown(line_of(text, found.start()), found[0], f"There is no figure {name[:100]!r}.{hint}")


def line_of(text: str, place: int) -> int:
    """Give the number of the line that a place is in."""
    return text.count("\n", 0, place) + 1
