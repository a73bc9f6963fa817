"""The words of a selection: criteria, quotas, who must and must not be selected, and what is known of a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Where the values of a criterion come from."""

    AVERAGE = "average"
    MOTIVATION = "motivation"
    NUMBER = "number"


class State(StrEnum):
    """What a run has made of a candidate."""

    SELECTED = "selected"
    RESERVE = "reserve"
    OUT = "not selected"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that candidates are compared by: its values go from 0 to `most`, and it counts with `weight`."""

    key: str
    label: str
    source: Source
    weight: Decimal
    most: Decimal = Decimal(100)


AVERAGE = Criterion("average", "Final average", Source.AVERAGE, Decimal(1))
MOTIVATION = Criterion("motivation", "Motivation", Source.MOTIVATION, Decimal(0), Decimal(10))


@dataclass(frozen=True, slots=True)
class Range:
    """From how many to how many; `None` for no end."""

    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """By what and within which quotas candidates are selected.

    `each_country` holds for every country that `countries` does not name, its minimum as far as the country has candidates. `women` and
    `sectors` are the least shares of the seats, in per cent. `institution` is the most from one institution.
    """

    seats: int
    reserves: int = 0
    seed: str = ""
    criteria: tuple[Criterion, ...] = (AVERAGE, MOTIVATION)
    assessors: int = 2
    each_country: Range = Range()
    countries: Mapping[str, Range] = field(default_factory=dict)
    women: int = 0
    sectors: Mapping[str, int] = field(default_factory=dict)
    institution: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Write the rules so that JSON can hold them."""
        data = asdict(self)
        data["criteria"] = [{**c, "weight": _text(c["weight"]), "most": _text(c["most"])} for c in data["criteria"]]
        return data


def rules_from(data: Mapping[str, Any]) -> Rules:
    """Read rules that `as_json` has written; what an earlier version did not know is as usual, what only it knew is left out."""
    known = {name: data[name] for name in Rules.__dataclass_fields__ if name in data}
    criteria = {"criteria": tuple(map(_criterion, known["criteria"]))} if "criteria" in known else {}
    each, own = Range(**known.get("each_country", {})), {code: Range(**ends) for code, ends in known.get("countries", {}).items()}
    return Rules(**{"seats": 0, **known, **criteria, "each_country": each, "countries": own})


def _criterion(data: Mapping[str, Any]) -> Criterion:
    return Criterion(data["key"], data["label"], Source(data["source"]), Decimal(data["weight"]), Decimal(data["most"]))


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


@dataclass(frozen=True, slots=True)
class Facts:
    """A candidate as quotas and criteria see it; a value that nobody gave is not there and counts 0."""

    id: int
    country: str
    gender: str
    sector: str
    institution: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody who must (`must`) or must not be selected, and why."""

    enrolment_id: int
    must: bool
    reason: str
