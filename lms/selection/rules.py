"""What is decided about a selection without looking anything up: scores, the draw, quotas as the solver takes them, faults of rules."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from lms.core.domain import Gender
from lms.core.names import plain
from lms.selection.problem import PERSON, Candidate, Problem, Quota
from lms.selection.values import Criterion, Facts, Mark, Range, Rules

THOUSAND = 1000
MILLIONTH = Decimal(10) ** -6
MOST_SEATS = 5000
MOST_CRITERIA = 10
SHORTEST_WORD = 3
WOMEN = "women"
INSTITUTION = "institution"
Fault = tuple[str, str]


def score(values: Mapping[str, Decimal], criteria: Iterable[Criterion]) -> int:
    """Give the weighted mean of the criteria, each as a percentage of its most, in thousandths of a point, rounded half up."""
    counted = [criterion for criterion in criteria if criterion.weight]
    weights = sum((criterion.weight for criterion in counted), Decimal())
    points = sum((c.weight * values.get(c.key, Decimal()) / c.most for c in counted), Decimal())
    return int((100 * THOUSAND * points / weights).to_integral_value(ROUND_HALF_UP)) if weights else 0


def points(thousandths: int) -> Decimal:
    """Give a score as points."""
    return Decimal(thousandths) / THOUSAND


def draw(seed: str, ids: Iterable[int]) -> dict[int, int]:
    """Put candidates into the order of the SHA-256 of the seed and their number, and give each its place from 1."""
    order = sorted(ids, key=lambda number: (ticket(seed, number), number))
    return {number: place for place, number in enumerate(order, 1)}


def ticket(seed: str, number: int) -> str:
    """Give what a candidate draws; between equals the least is best."""
    return hashlib.sha256(f"{seed}\n{number}".encode()).hexdigest()


def fingerprint(rules: Rules, marks: Sequence[Mark], facts: Sequence[Facts]) -> str:
    """Give the SHA-256 of everything that a selection follows from."""
    people = [
        [f.id, f.country, f.gender, f.sector, f.institution, {key: str(value) for key, value in f.values.items()}]
        for f in sorted(facts, key=lambda f: f.id)
    ]
    held = [[mark.enrolment_id, mark.must, mark.reason] for mark in sorted(marks, key=lambda mark: mark.enrolment_id)]
    data = {"rules": rules.as_json(), "marks": held, "candidates": people}
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def share(percent: int, seats: int) -> int:
    """Give how many persons a share of the seats is at least."""
    return -(-percent * seats // 100)


def groups_of(facts: Facts) -> tuple[str, ...]:
    """Give what quotas may count somebody in."""
    house = plain(facts.institution)
    return (
        f"country:{facts.country}",
        f"sector:{facts.sector}",
        f"{PERSON}{facts.id}",
        *((WOMEN,) if facts.gender == Gender.WOMAN else ()),
        *((f"institution:{house}",) if house else ()),
    )


def quotas(rules: Rules, facts: Sequence[Facts], marks: Sequence[Mark], countries: Iterable[str] = ()) -> tuple[Quota, ...]:
    """Give the quotas as the solver takes them; `countries` are those of the edition, the candidates' own are added."""
    there = Counter(f.country for f in facts)
    return (
        *_country_quotas(rules, there, sorted({*countries, *there, *rules.countries})),
        *([Quota(WOMEN, (WOMEN,), share(rules.women, rules.seats))] if rules.women else ()),
        *(Quota(f"sector:{name}", (f"sector:{name}",), share(part, rules.seats)) for name, part in sorted(rules.sectors.items()) if part),
        *_institution_quota(rules, facts),
        *_personal_quotas(marks, {f.id for f in facts}),
    )


def _country_quotas(rules: Rules, there: Mapping[str, int], codes: Iterable[str]) -> Iterator[Quota]:
    for code in codes:
        own = rules.countries.get(code)
        ends = own or Range(min(rules.each_country.low, there.get(code, 0)), rules.each_country.high)
        if ends.low:
            yield Quota(f"country-min:{code}", (f"country:{code}",), ends.low)
        if ends.high is not None and there.get(code):
            yield Quota(f"country-max:{code}", (f"country:{code}",), 0, ends.high)


def _institution_quota(rules: Rules, facts: Sequence[Facts]) -> Iterator[Quota]:
    """Count only institutions that have more candidates than may come from one."""
    if rules.institution is not None:
        houses = Counter(f"institution:{house}" for f in facts if (house := plain(f.institution)))
        full = tuple(sorted(group for group, count in houses.items() if count > rules.institution))
        if full:
            yield Quota(INSTITUTION, full, 0, rules.institution)


def _personal_quotas(marks: Sequence[Mark], there: set[int]) -> Iterator[Quota]:
    for mark in sorted(marks, key=lambda mark: mark.enrolment_id):
        if mark.enrolment_id in there:
            group = (f"{PERSON}{mark.enrolment_id}",)
            yield Quota(f"must:{mark.enrolment_id}", group, 1) if mark.must else Quota(f"must-not:{mark.enrolment_id}", group, 0, 0)


def problem(rules: Rules, facts: Sequence[Facts], marks: Sequence[Mark], countries: Iterable[str] = ()) -> Problem:
    """Give what the solver is asked."""
    places = draw(rules.seed, (f.id for f in facts))
    candidates = (Candidate(f.id, score(f.values, rules.criteria), places[f.id], groups_of(f)) for f in facts)
    return Problem(rules.seats, rules.reserves, tuple(candidates), quotas(rules, facts, marks, countries))


def faults(rules: Rules) -> Iterator[Fault]:
    """Say what is wrong with rules, whoever the candidates are: (field, words)."""
    if not 1 <= rules.seats <= MOST_SEATS:
        yield "seats", f"Please give a number from 1 to {MOST_SEATS:,}."
    if not 0 <= rules.reserves <= MOST_SEATS:
        yield "reserves", f"Please give a number from 0 to {MOST_SEATS:,}."
    if not rules.seed:
        yield "seed", "Please give some letters or digits: ties are drawn by them."
    if not any(criterion.weight for criterion in rules.criteria):
        yield "weight_average", "At least one criterion must count: all weights are 0."
    for criterion in rules.criteria:
        if not 0 <= criterion.weight <= THOUSAND:
            yield f"weight_{criterion.key}", f"Please give a number from 0 to {THOUSAND:,}."
        if not 0 < criterion.most <= THOUSAND * THOUSAND:
            yield f"most_{criterion.key}", "Please give a number above 0, at most 1,000,000."
    if not 1 <= rules.assessors <= MOST_CRITERIA:
        yield "assessors", f"Please give a number from 1 to {MOST_CRITERIA}."
    yield from _quota_faults(rules)


def _quota_faults(rules: Rules) -> Iterator[Fault]:
    for field, ends in (("each_country", rules.each_country), *((f"country_{code}", ends) for code, ends in rules.countries.items())):
        yield from _range_faults(field, ends, rules.seats)
    least = sum(ends.low for ends in rules.countries.values())
    if least > rules.seats:
        yield "seats", f"The minimums of the countries are {least} together, and there are {rules.seats} seats."
    sectors = ((f"sector_{name.replace(' ', '_')}", percent) for name, percent in rules.sectors.items())
    for field, percent in (("women", rules.women), *sectors):
        if not 0 <= percent <= 100:  # noqa: PLR2004 - a percentage
            yield field, "Please give a percentage from 0 to 100."
    together = sum(share(percent, rules.seats) for percent in rules.sectors.values())
    if together > rules.seats:
        yield "seats", f"The shares of the sectors are {together} persons together, and there are {rules.seats} seats."
    if rules.institution is not None and not 1 <= rules.institution <= MOST_SEATS:
        yield "institution", f"Please give a number from 1 to {MOST_SEATS:,}, or leave it empty."


def _range_faults(field: str, ends: Range, seats: int) -> Iterator[Fault]:
    for name, end in ((f"{field}_low", ends.low), (f"{field}_high", ends.high)):
        if end is not None and not 0 <= end <= MOST_SEATS:
            yield name, f"Please give a number from 0 to {MOST_SEATS:,}."
            return
    if ends.high is not None and ends.low > ends.high:
        yield f"{field}_high", f"The maximum is below the minimum of {ends.low}."
    if ends.low > seats:
        yield f"{field}_low", f"There are {seats} seats."


def mean(total: int, count: int) -> Decimal:
    """Give the mean of some scores, to six places as numbers are kept."""
    return (Decimal(total) / count).quantize(MILLIONTH, ROUND_HALF_UP)


def approve_refusal(asked_by: int | None, by: int | None) -> str:
    """Say why somebody may not approve a run; empty if they may."""
    if asked_by == by:
        return "You asked for this run yourself: another administrator has to approve it."
    return ""


def masked(text: str, words: Iterable[str]) -> str:
    """Take words that tell who wrote a text out of it; those of fewer than three letters tell too little."""
    known = sorted({word for word in words if len(word) >= SHORTEST_WORD}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, known)), "…", text, flags=re.IGNORECASE) if known else text
