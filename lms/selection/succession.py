"""Who moves up when somebody selected does not come: reserves, chosen with the list, and the next of them that keeps the quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lms.selection.problem import PERSON, Candidate, Problem, Quota, limits, ranking

Groups = frozenset[str]


class Counted:
    """Bounds by group, and how many of each group are there."""

    def __init__(self, quotas: Iterable[Quota], members: Iterable[Candidate]) -> None:
        """Count; nobody can stand in for a person who has to be there, so such quotas count no more."""
        self.bounds: dict[str, tuple[int, int]] = {}
        for quota in quotas:
            low, high = limits(quota)
            for group in quota.groups:
                lowest, highest = self.bounds.get(group, (0, high))
                least = 0 if group.startswith(PERSON) else max(low, lowest)
                self.bounds[group] = (least, min(high, highest))
        self.counts = Counter(group for member in members for group in self.of(member))

    def of(self, candidate: Candidate) -> Groups:
        """Give the groups of somebody in which quotas count."""
        return frozenset(self.bounds.keys() & candidate.groups)

    def takes(self, groups: Groups) -> bool:
        """Tell whether one more of these groups breaks no maximum."""
        return all(self.counts[group] < self.bounds[group][1] for group in groups)

    def scarce(self, groups: Groups) -> Groups:
        """Give those of some groups that can spare nobody: only one of the same can take such a place."""
        return frozenset(group for group in groups if self.counts[group] <= self.bounds[group][0])

    def full(self, groups: Groups) -> Groups:
        """Give those of some groups that take nobody more: only the place of one of the same can be taken."""
        return frozenset(group for group in groups if self.counts[group] >= self.bounds[group][1])

    def needs(self) -> dict[str, int]:
        """Tell how many are missing in which groups."""
        return {group: low - self.counts[group] for group, (low, _) in self.bounds.items() if low > self.counts[group]}


def reserves(problem: Problem, selected: Sequence[int]) -> tuple[int, ...]:
    """Choose the reserves: first those who are the best replacement of most of the selected, then the best who can replace anybody."""
    chosen = set(selected)
    members = [candidate for candidate in problem.candidates if candidate.id in chosen]
    others = sorted((candidate for candidate in problem.candidates if candidate.id not in chosen), key=ranking)
    counted = Counted(problem.quotas, members)
    kinds = Counter(counted.of(member) for member in members)
    places = [(kind, counted.scarce(kind), number) for kind, number in kinds.items()]
    backs = [(other, kind, counted.full(kind)) for other in others for kind in [counted.of(other)]]
    replaces: Counter[Candidate] = Counter()
    for place, scarce, number in places:
        best = next((other for other, back, full in backs if full <= place and scarce <= back), None)
        if best is not None:
            replaces[best] += number
    found = sorted(replaces, key=lambda candidate: (-replaces[candidate], *ranking(candidate)))[: problem.reserves]
    for other, back, full in backs:
        if len(found) >= problem.reserves:
            break
        if other not in replaces and any(full <= place and scarce <= back for place, scarce, _ in places):
            found.append(other)
    return tuple(candidate.id for candidate in sorted(found, key=ranking))


def following(seats: int, quotas: Iterable[Quota], held: Sequence[Candidate], left: Sequence[Candidate]) -> int | None:
    """Give the next of the reserves that are `left` who keeps the quotas, if the `held` have a seat; `None` if nobody does.

    It breaks no maximum, and leaves enough seats for the minimums; a seat that only somebody could take who is not there stays empty.
    """
    counted = Counted(quotas, held)
    kinds = Counter(counted.of(candidate) for candidate in left)
    available = Counter({group: sum(number for kind, number in kinds.items() if group in kind) for group in counted.bounds})
    lost = {group: need - available[group] for group, need in counted.needs().items() if need > available[group]}
    for group, number in lost.items():
        counted.counts[group] += number
    free = seats - len(held) - sum(lost.values())
    for candidate in left if free > 0 else ():
        kind = counted.of(candidate)
        if counted.takes(kind):
            counted.counts.update(kind)
            kinds[kind] -= 1
            if _can_meet(counted, kinds, free - 1, set()):
                return candidate.id
            counted.counts.subtract(kind)
            kinds[kind] += 1
    return None


def _can_meet(counted: Counted, kinds: Counter[Groups], free: int, dead: set[frozenset[tuple[Groups, int]]]) -> bool:
    """Tell whether the minimums can be met by at most so many more; `dead` are ends that were looked at already."""
    needs = counted.needs()
    if not needs:
        return True
    most = max(needs, key=needs.__getitem__)
    state = frozenset(kinds.items())
    if needs[most] > free or state in dead:
        return False
    for kind in [kind for kind, number in kinds.items() if number and most in kind and counted.takes(kind)]:
        counted.counts.update(kind)
        kinds[kind] -= 1
        met = _can_meet(counted, kinds, free - 1, dead)
        counted.counts.subtract(kind)
        kinds[kind] += 1
        if met:
            return True
    dead.add(state)
    return False
