"""The solver against trying everything: the best list, the draw, prices, what was missing, conflicts, reserves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.selection.linear import Column, whole
from lms.selection.problem import Candidate, Outcome, Problem, Quota, limits, outcome_from, ranking
from lms.selection.solver import selected, solve
from lms.selection.solving import solve as ask
from lms.selection.succession import following

COUNTRIES, HOUSES = ("KH", "LA", "SG"), ("a", "b", "c")
Members = tuple[Candidate, ...]


def keeps(quotas: Iterable[Quota], members: Iterable[Candidate]) -> bool:
    """Count everything."""
    counts = Counter(group for member in members for group in member.groups)
    return all(limits(quota)[0] <= counts[group] <= limits(quota)[1] for quota in quotas for group in quota.groups)


def lists(problem: Problem) -> Iterator[Members]:
    """Try every list."""
    return (found for found in combinations(problem.candidates, problem.seats) if keeps(problem.quotas, found))


def worth(members: Iterable[Candidate]) -> int:
    """Add the scores."""
    return sum(member.score for member in members)


def preference(members: Members) -> tuple[int, list[int]]:
    """The best score first; of equal ones that which has the first in the draw whom only one has."""
    return worth(members), sorted((-member.draw for member in members), reverse=True)


def best(problem: Problem) -> Members | None:
    """Find the list by trying."""
    return max(lists(problem), key=preference, default=None)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Invent a small selection; scores are few, so that ties are many."""
    count = draw(st.integers(3, 9))
    places = draw(st.permutations(range(1, count + 1)))
    highest = draw(st.sampled_from([2, 6, 90_000]))
    candidates = []
    for number in range(count):
        groups = [f"country:{draw(st.sampled_from(COUNTRIES))}", f"house:{draw(st.sampled_from(HOUSES))}", f"person:{number}"]
        groups += ["women"] if draw(st.booleans()) else []
        candidates.append(Candidate(number, draw(st.integers(0, highest)), places[number], tuple(groups)))
    seats = draw(st.integers(1, min(4, count)))
    few = st.integers(0, 2)
    quotas = [Quota(f"min:{code}", (f"country:{code}",), draw(few)) for code in COUNTRIES if draw(st.booleans())]
    quotas += [Quota(f"max:{code}", (f"country:{code}",), 0, draw(few)) for code in COUNTRIES if draw(st.booleans())]
    quotas += [Quota("women", ("women",), draw(few))] if draw(st.booleans()) else []
    quotas += [Quota("house", tuple(f"house:{name}" for name in HOUSES), 0, draw(st.integers(1, 2)))] if draw(st.booleans()) else []
    quotas += [Quota("must", ("person:0",), 1)] if draw(st.booleans()) else []
    quotas += [Quota("must-not", ("person:1",), 0, 0)] if draw(st.booleans()) else []
    return Problem(seats, draw(st.integers(0, 3)), tuple(candidates), tuple(quotas))


@settings(max_examples=250)
@given(problems())
def test_no_list_is_better_and_the_draw_decides_between_equals(problem: Problem) -> None:
    wanted = best(problem)
    found = solve(problem)
    assert (wanted is None) == (found.conflict is not None)
    if wanted is None:
        assert selected(problem) is None
        _contradiction_is_minimal(problem, found)
        return
    assert found.selected == selected(problem) == tuple(c.id for c in sorted(wanted, key=ranking))
    assert found.total == worth(wanted)
    assert found.unbound == sum(sorted((c.score for c in problem.candidates), reverse=True)[: problem.seats])
    _prices_are_right(problem, found)
    _missing_is_right(problem, found)
    _reserves_are_right(problem, found)


def _prices_are_right(problem: Problem, found: Outcome) -> None:
    for price, quota in zip(found.prices, problem.quotas, strict=True):
        assert price.key == quota.key
        other = best(replace(problem, quotas=tuple(q for q in problem.quotas if q != quota)))
        assert other is not None
        assert price.points == worth(other) - found.total
        assert bool(price.brought) == bool(price.kept_out) == bool(price.points)
        assert set(price.brought) <= set(found.selected)
        assert set(price.kept_out).isdisjoint(found.selected)


def _missing_is_right(problem: Problem, found: Outcome) -> None:
    assert found.missing is not None
    everything = list(lists(problem))
    for candidate in problem.candidates:
        with_them = [worth(members) for members in everything if candidate in members]
        if candidate.id in found.selected:
            spared = any(worth(m) == found.total for m in everything if candidate not in m)
            assert (candidate.id in found.drawn) == spared
        else:
            assert found.missing[candidate.id] == (found.total - max(with_them) if with_them else None)


def _reserves_are_right(problem: Problem, found: Outcome) -> None:
    """Each can replace somebody; nobody who can is left out for want of looking."""
    by_id = {c.id: c for c in problem.candidates}
    quotas = [quota for quota in problem.quotas if quota.key != "must"]  # nobody stands in for a person
    members = [by_id[number] for number in found.selected]
    able = [
        c.id
        for c in problem.candidates
        if c not in members and any(keeps(quotas, [*(m for m in members if m != out), c]) for out in members)
    ]
    assert set(found.reserves) <= set(able)
    assert len(found.reserves) == min(problem.reserves, len(able))


def _feasible(problem: Problem, keys: Sequence[str], more: dict[str, int] | None = None) -> bool:
    """Tell whether some quotas, the seats among them, can be kept together, each widened by so many persons."""
    more = more or {}
    wide = [
        replace(q, low=max(0, q.low - more.get(q.key, 0)), high=None if q.high is None else q.high + more.get(q.key, 0))
        for q in problem.quotas
        if q.key in keys
    ]
    by = more.get("seats", 0)
    sizes = range(problem.seats - by, problem.seats + by + 1) if "seats" in keys else range(len(problem.candidates) + 1)
    return any(keeps(wide, found) for size in sizes if size >= 0 for found in combinations(problem.candidates, size))


def _contradiction_is_minimal(problem: Problem, found: Outcome) -> None:
    conflict = found.conflict
    assert conflict is not None
    assert not _feasible(problem, conflict.keys)
    for key in conflict.keys:
        assert _feasible(problem, [other for other in conflict.keys if other != key])
    everything = ["seats", *(quota.key for quota in problem.quotas)]
    for relaxation in conflict.alone:
        assert relaxation.key in conflict.keys
        assert _feasible(problem, everything, {relaxation.key: relaxation.by})
        assert not _feasible(problem, everything, {relaxation.key: relaxation.by - 1})
    assert _feasible(problem, everything, {relaxation.key: relaxation.by for relaxation in conflict.together})
    if conflict.alone:
        assert sum(r.by for r in conflict.together) <= min(r.by for r in conflict.alone)


@settings(max_examples=60)
@given(problems(), st.data())
def test_the_next_reserve_breaks_nothing(problem: Problem, data: st.DataObject) -> None:
    """Whoever moves up breaks no maximum, and the minimums can still be met by the reserves that are left."""
    members = best(problem)
    if members is None:
        return
    held = [member for member in members if data.draw(st.booleans())]
    left = sorted((c for c in problem.candidates if c not in members), key=ranking)
    found = following(problem.seats, problem.quotas, held, left)
    quotas = [quota for quota in problem.quotas if quota.key != "must"]
    ends = [
        [*held, *some]
        for size in range(problem.seats - len(held) + 1)
        for some in combinations(left, size)
        if keeps(quotas, [*held, *some])
    ]
    possible = [c.id for c in left if any(c in end for end in ends)]
    if ends:
        assert found == (possible[0] if possible else None)
    elif found is not None:
        maxima = [replace(quota, low=0) for quota in quotas]
        assert keeps(maxima, [*held, next(c for c in left if c.id == found)])


def _crowd(seed: int) -> Problem:
    """Make up sixty candidates with tight quotas that cross each other, so that the linear relaxation leaves fractions."""
    lot = Random(seed)
    people = []
    for number, place in enumerate(lot.sample(range(1, 61), 60)):
        groups = [f"country:{lot.choice('ABCDE')}", f"sector:{lot.choice('XYZ')}", f"house:{lot.randrange(12)}"]
        score = (lot.randrange(90_000), lot.randrange(4) * 1000, 50_000)[seed % 3]
        people.append(Candidate(number, score, place, (*groups, *(["women"] if lot.random() < 0.3 else []))))
    quotas = [Quota(f"min:{code}", (f"country:{code}",), 2) for code in "ABCDE"]
    quotas += [Quota(f"max:{code}", (f"country:{code}",), 0, 3) for code in "ABCDE"]
    quotas += [Quota(f"sector:{code}", (f"sector:{code}",), 4) for code in "XY"]
    houses = tuple(f"house:{number}" for number in range(12))
    return Problem(12, 3, tuple(people), (*quotas, Quota("women", ("women",), 6), Quota("house", houses, 0, 1)))


def _plainly(problem: Problem, known: Iterable[int] = (), barred: Iterable[int] = ()) -> int | None:
    """Give the worth of the best list with some people and without others, as one integer program over everybody says."""
    rows = [("", problem.seats, problem.seats), *((g, *limits(quota)) for quota in problem.quotas for g in quota.groups)]
    rows += [(f"is:{number}", 1, 1) for number in known] + [(f"is:{number}", 0, 0) for number in barred]
    columns = []
    for c in problem.candidates:
        own = {"", f"is:{c.id}", *c.groups}
        columns.append(Column(c.score, tuple((row, 1) for row, (group, _, _) in enumerate(rows) if group in own)))
    values = whole(columns, [(low, high) for _, low, high in rows])
    return None if values is None else sum(column.worth for column, value in zip(columns, values, strict=True) if value)


def _drawn_plainly(problem: Problem, total: int) -> tuple[int, ...]:
    """Go through everybody in the order of the draw, and let in whom a best list still has."""
    held: list[int] = []
    for candidate in sorted(problem.candidates, key=lambda c: c.draw):
        if _plainly(problem, [*held, candidate.id]) == total:
            held.append(candidate.id)
    return tuple(c.id for c in sorted(problem.candidates, key=ranking) if c.id in held)


@pytest.mark.parametrize("seed", range(3))
def test_tight_lists_are_those_of_a_plain_integer_program(seed: int) -> None:
    problem = _crowd(seed)
    found, total = solve(problem), _plainly(problem)
    assert total is not None
    assert (found.total, found.selected) == (total, _drawn_plainly(problem, total))
    assert found.missing is not None
    for candidate in problem.candidates:
        if candidate.id in found.selected:
            assert (candidate.id in found.drawn) == (_plainly(problem, barred=[candidate.id]) == total)
        else:
            worth = _plainly(problem, [candidate.id])
            assert found.missing[candidate.id] == (None if worth is None else total - worth)
    for price, quota in zip(found.prices, problem.quotas, strict=True):
        without = _plainly(replace(problem, quotas=tuple(other for other in problem.quotas if other != quota)))
        assert without is not None
        assert price.points == without - total


def test_the_order_of_the_data_is_nothing_to_the_list() -> None:
    for seed in range(3):
        problem = _crowd(seed)
        other = replace(problem, candidates=problem.candidates[::-1], quotas=problem.quotas[::-1])
        assert selected(other) == selected(problem)


def test_the_program_answers_as_the_function_does() -> None:
    people = tuple(Candidate(n, 1000 * n, 10 - n, ("women",) if n < 3 else ()) for n in range(8))
    problem = Problem(4, 2, people, (Quota("women", ("women",), 2),))
    assert ask(problem) == solve(problem) == outcome_from(json.loads(json.dumps(asdict(solve(problem)))))
    assert solve(problem).selected == (7, 6, 2, 1)


def test_a_problem_that_is_none_is_an_error_of_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "lms.selection.solver"], input="{}", capture_output=True, text=True, check=False)
    assert done.returncode
    assert not done.stdout
