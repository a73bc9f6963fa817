"""What an edition was like: how many people, from where, with what result; and what each of them will do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from lms.replay.people import Invented, invent

FOLDER = Path(__file__).parent / "editions"
PASS = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Scenario:
    """An edition to replay; `registered` maps a country's code to (men, women)."""

    course: str
    slug: str
    title: str
    starts_on: date
    ends_on: date
    zone: str
    registration_days: int
    registered: Mapping[str, tuple[int, int]]
    certified: int
    mean_of_certified: Decimal
    tutors: int

    def moved(self, starts_on: date, slug: str, title: str) -> Scenario:
        """Give the same edition at another date, under another name."""
        return replace(
            self, starts_on=starts_on, ends_on=starts_on + (self.ends_on - self.starts_on), slug=slug, title=title
        )


@dataclass(frozen=True, slots=True)
class ModuleShape:
    """What planning needs to know of a module: its quiz draws `questions`."""

    slug: str
    opens_day: int
    questions: int
    lessons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a learner will do: right answers in each module's quiz (`None`: never takes it), and how keen on writing."""

    person: Invented
    rights: tuple[int | None, ...]
    writes: float


def known() -> list[str]:
    """List the editions that can be replayed."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name: str) -> Scenario:
    """Read an edition by its name, such as '2019'."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    data["registered"] = {country: (men, women) for country, (men, women) in data["registered"].items()}
    data["mean_of_certified"] = Decimal(str(data["mean_of_certified"]))
    return Scenario(**data)


def plan(scenario: Scenario, modules: Sequence[ModuleShape], random: Random) -> tuple[Plan, ...]:
    """Decide for every learner how far they come, so that the wanted number is certified with the wanted mean."""
    people = invent(scenario.registered, random, f"{scenario.slug}.example.org")
    sizes = [module.questions for module in modules]
    passing = _meeting(
        [_able(sizes, random) for _ in range(scenario.certified - 1)] + [_exactly_half(sizes)],
        sizes,
        Fraction(scenario.mean_of_certified) / 100,
        random,
    )
    failing = [_failing(sizes, random) for _ in range(len(people) - scenario.certified)]
    everybody = list(passing) + failing
    random.shuffle(everybody)
    return tuple(Plan(person, tuple(rights), random.random()) for person, rights in zip(people, everybody, strict=True))


def final(rights: Sequence[int | None], sizes: Sequence[int]) -> Fraction:
    """Give the final average, from 0 to 1, that these right answers lead to; a quiz not taken counts 0."""
    return sum((Fraction(k or 0, size) for k, size in zip(rights, sizes, strict=True)), Fraction()) / len(sizes)


def _able(sizes: Sequence[int], random: Random) -> list[int | None]:
    level = random.betavariate(9, 1.5)
    rights: list[int | None] = [min(size, max(0, round(size * random.gauss(level, 0.08)))) for size in sizes]
    while final(rights, sizes) < PASS:
        _nudge(rights, sizes, 1, random)
    return rights


def _exactly_half(sizes: Sequence[int]) -> list[int | None]:
    """Somebody who just makes it, where the numbers of questions allow it."""
    return [size - size // 2 for size in sizes]


def _failing(sizes: Sequence[int], random: Random) -> list[int | None]:
    """Somebody who never begins, leaves early, or stays below the mark."""
    kind = random.choices(("never", "leaves", "weak"), weights=(2, 5, 3))[0]
    if kind == "never":
        return [None] * len(sizes)
    if kind == "leaves":
        taken = random.randint(1, max(1, (len(sizes) - 1) // 2))
        return [round(s * random.uniform(0.4, 1)) if n < taken else None for n, s in enumerate(sizes)]
    rights: list[int | None] = [round(size * random.uniform(0.1, 0.6)) for size in sizes]
    while final(rights, sizes) >= PASS:
        _nudge(rights, sizes, -1, random)
    return rights


def _meeting(
    found: list[list[int | None]], sizes: Sequence[int], mean: Fraction, random: Random
) -> Sequence[Sequence[int | None]]:
    """Change single answers until the mean of the final averages is as near to `mean` as single answers can bring it."""
    step = Fraction(1, max(sizes) * len(sizes) * len(found))
    total = sum((final(rights, sizes) for rights in found), Fraction()) / len(found)
    while abs(total - mean) > step / 2:
        rights = found[random.randrange(len(found) - 1)]
        before = final(rights, sizes)
        direction = 1 if total < mean else -1
        if direction > 0 or before - Fraction(1, min(sizes) * len(sizes)) >= PASS:
            _nudge(rights, sizes, direction, random)
        total += (final(rights, sizes) - before) / len(found)
    return found


def _nudge(rights: list[int | None], sizes: Sequence[int], by: int, random: Random) -> None:
    open_places = [n for n, (k, size) in enumerate(zip(rights, sizes, strict=True)) if k is not None and 0 <= k + by <= size]
    if open_places:
        place = random.choice(open_places)
        rights[place] = (rights[place] or 0) + by
