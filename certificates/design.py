"""Designs: each is a folder with a template and the fixed words it prints, in one or more languages."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from certificates.award import KINDS, Kind
from certificates.errors import AwardError

DESIGNS = Path(__file__).parent / "designs"

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_MONTHS = 12
_FOR_KIND: Mapping[Kind, str] = {"course": "course-v1", "workshop": "workshop-v1"}


class DesignError(ValueError):
    """A design doesn't exist, or its folder isn't complete."""


@dataclass(frozen=True, slots=True)
class KindWording:
    """What a certificate of one kind is called and says."""

    heading: str
    lead: str
    body: str
    period: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The fixed words of a design in one language."""

    months: tuple[str, ...]
    day: str
    within_month: str
    within_year: str
    across_years: str
    final_average: str
    percentage: str
    hours: str
    hour: str
    hour_count: str
    issued_on: str
    number: str
    verify_at: str
    code: str
    attachment: str
    specimen: str
    watermark: str
    kinds: Mapping[Kind, KindWording]


@dataclass(frozen=True, slots=True)
class Design:
    """One look of a certificate: a template and its words by language."""

    name: str
    template: Path
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> Wording:
        """Return the fixed words in a language, or refuse an award that asks for one the design doesn't speak."""
        if language not in self.wordings:
            raise AwardError(field="language", message=f"{language!r} is not among this design's: {', '.join(self.wordings)}")
        return self.wordings[language]


def design_names() -> tuple[str, ...]:
    """Return the names of the designs that come with the package."""
    return tuple(sorted(folder.name for folder in DESIGNS.iterdir() if (folder / "design.toml").is_file()))


def design_for(kind: Kind) -> str:
    """Return the design that suits a kind of award."""
    return _FOR_KIND[kind]


@cache
def load_design(name: str) -> Design:
    """Return a design by name, its words checked for completeness."""
    if not _NAME.fullmatch(name) or name not in design_names():
        message = f"there is no design {name!r}; there are: {', '.join(design_names())}"
        raise DesignError(message)
    return read_design(DESIGNS / name)


def read_design(folder: Path) -> Design:
    """Return the design that a folder describes."""
    template = folder / "template.typ"
    if not template.is_file():
        message = f"design {folder.name}: template.typ is missing"
        raise DesignError(message)
    described = tomllib.loads((folder / "design.toml").read_text(encoding="utf-8"))
    return Design(
        name=folder.name,
        template=template,
        wordings={tag: _wording(f"{folder.name}, {tag}", table) for tag, table in described["wording"].items()},
    )


def _wording(place: str, table: Mapping[str, object]) -> Wording:
    _check_keys(place, table, {field.name for field in fields(Wording)} - {"kinds"} | set(KINDS))
    words = {key: value for key, value in table.items() if key not in KINDS}
    months = words.pop("months")
    if not isinstance(months, list) or len(months) != _MONTHS:
        message = f"design {place}: months must be a list of {_MONTHS}"
        raise DesignError(message)
    kinds = {kind: _kind_wording(f"{place}, {kind}", table[kind]) for kind in KINDS}
    return Wording(months=tuple(months), kinds=kinds, **{key: str(value) for key, value in words.items()})


def _kind_wording(place: str, table: object) -> KindWording:
    if not isinstance(table, dict):
        message = f"design {place}: must be a table"
        raise DesignError(message)
    _check_keys(place, table, {field.name for field in fields(KindWording)})
    return KindWording(**table)


def _check_keys(place: str, table: Mapping[str, object], wanted: set[str]) -> None:
    wrong = wanted.symmetric_difference(table)
    if wrong:
        message = f"design {place}: missing or unknown: {', '.join(sorted(wrong))}"
        raise DesignError(message)
