"""What an edition was like: how many people, from where, with what result; and what each of them will do."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from random import Random

from lms.core.domain import Gender
from lms.replay.people import Invented, invent

FOLDER = Path(__file__).parent / "editions"
PASS = Fraction(1, 2)
Counts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Gathering:
    """The workshop: its first day, how many, where; and the satisfaction, in per cent, by day and overall."""

    starts_on: date
    days: int
    place: str
    satisfaction_days: tuple[float, ...]
    satisfaction_overall: float

    def moved(self, by: timedelta) -> Gathering:
        """Give the same workshop so much later."""
        return replace(self, starts_on=self.starts_on + by)


@dataclass(frozen=True, slots=True)
class Scenario:
    """An edition to replay; `registered` and the like map a country's code to (men, women).

    Those who `attended` the workshop and those who were invited to it but `stayed_away` are the best of the certified.
    """

    course: str
    slug: str
    title: str
    starts_on: date
    ends_on: date
    zone: str
    registration_days: int
    registered: Counts
    certified: int
    mean_of_certified: Decimal
    tutors: int
    attended: Counts
    stayed_away: Counts
    left_early: Counts
    case_studies: Mapping[str, int]
    workshop: Gathering

    @property
    def seats(self) -> int:
        """Count the people who are invited to the workshop."""
        return sum(map(sum, (*self.attended.values(), *self.stayed_away.values())))

    def moved(self, starts_on: date, slug: str, title: str) -> Scenario:
        """Give the same edition at another date, under another name."""
        by = starts_on - self.starts_on
        return replace(
            self, starts_on=starts_on, ends_on=self.ends_on + by, slug=slug, title=title, workshop=self.workshop.moved(by)
        )


@dataclass(frozen=True, slots=True)
class ModuleShape:
    """What planning needs to know of a module: its quiz draws `questions`."""

    slug: str
    opens_day: int
    questions: int
    lessons: tuple[int, ...]


class Fate(StrEnum):
    """What becomes of a learner after the online phase; who leaves early misses the last day."""

    NOT_INVITED = "not invited"
    STAYS_AWAY = "stays away"
    LEAVES_EARLY = "leaves early"
    COMES = "comes"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a learner will do: right answers in each module's quiz (`None`: never takes it), and how keen on writing.

    `fate` says whether they are to be invited to the workshop, and then whether they come.
    """

    person: Invented
    rights: tuple[int | None, ...]
    writes: float
    fate: Fate = Fate.NOT_INVITED


def known() -> list[str]:
    """List the editions that can be replayed."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name: str) -> Scenario:
    """Read an edition by its name, such as '2019'."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    for table in ("registered", "attended", "stayed_away", "left_early"):
        data[table] = {country: (men, women) for country, (men, women) in data[table].items()}
    data["workshop"] = Gathering(**{**data["workshop"], "satisfaction_days": tuple(data["workshop"]["satisfaction_days"])})
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
    fates = _fates(people, scenario)
    best, others = _apart([list(rights) for rights in passing], scenario.seats, sizes, random)
    results = _dealt(best, [*others, *failing], fates, random)
    return tuple(
        Plan(person, tuple(rights), random.random(), fate) for person, rights, fate in zip(people, results, fates, strict=True)
    )


def _fates(people: Sequence[Invented], scenario: Scenario) -> Sequence[Fate]:
    """Decide who will come to the workshop and who will be invited but not come, by country and gender."""
    wanted = Counter(
        {
            (country, gender, fate): number
            for counts, fate in (
                (scenario.attended, Fate.COMES),
                (scenario.stayed_away, Fate.STAYS_AWAY),
                (scenario.left_early, Fate.LEAVES_EARLY),
            )
            for country, numbers in counts.items()
            for gender, number in zip((Gender.MAN, Gender.WOMAN), numbers, strict=True)
        }
    )
    for key in [key for key in wanted if key[2] == Fate.COMES]:
        wanted[key] -= wanted[*key[:2], Fate.LEAVES_EARLY]
    order = (Fate.LEAVES_EARLY, Fate.COMES, Fate.STAYS_AWAY)
    fates = []
    for person in people:
        fate = next((fate for fate in order if wanted[person.country, person.gender, fate]), None)
        if fate is not None:
            wanted[person.country, person.gender, fate] -= 1
        fates.append(fate or Fate.NOT_INVITED)
    return fates


def _apart(
    passing: list[list[int | None]], seats: int, sizes: Sequence[int], random: Random
) -> tuple[list[list[int | None]], list[list[int | None]]]:
    """Part the best from the others so that none of these is as good; what the others lose the best win, so that the mean stays."""
    passing.sort(key=lambda rights: final(rights, sizes))
    others, best = passing[: len(passing) - seats], passing[len(passing) - seats :]
    while best and others:
        first, last = max(others, key=lambda rights: final(rights, sizes)), min(best, key=lambda rights: final(rights, sizes))
        if final(first, sizes) < final(last, sizes):
            break
        _nudge(first, sizes, -1, random)
        _nudge(last, sizes, 1, random)
    return best, others


def _dealt(
    best: list[list[int | None]], others: list[list[int | None]], fates: Sequence[Fate], random: Random
) -> Sequence[Sequence[int | None]]:
    """Deal the results out: the best to those who will be invited, the others to anybody."""
    random.shuffle(best)
    random.shuffle(others)
    return [(others if fate is Fate.NOT_INVITED else best).pop() for fate in fates]


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
