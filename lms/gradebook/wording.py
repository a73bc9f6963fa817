"""How grades are put into words: formulas with the learner's own numbers, and what is missing for the certificate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from markupsafe import Markup

from lms.core import clock
from lms.core.templating import localtime, percent, rounded
from lms.gradebook import rules
from lms.gradebook.queries import GroupLine, Sheet
from lms.gradebook.rules import Missing

Entry = tuple[bool, str | Markup, str]
_TENTH = Decimal("0.1")


def shown(value: Decimal | None, mark: Decimal) -> str:
    """Show a percentage so that it never looks to be on the other side of the mark."""
    return percent(value, 1 if value is None else rules.places(value, mark))


def so_far_formula(sheet: Sheet) -> str:
    """Say how the average so far comes about."""
    graded = [(group.so_far, group.weight) for group in sheet.groups if group.so_far is not None]
    if not graded:
        return "Nothing is graded yet."
    if sheet.even:
        return f"({_sum(grade for grade, _ in graded)}) / {len(graded)} {_modules(len(graded))} graded"
    return _weighted(graded)


def final_formula(sheet: Sheet) -> str:
    """Say how the final average comes about, with 0 for what is missing."""
    if not sheet.groups:
        return "Nothing counts yet."
    if sheet.even:
        return f"({_sum(group.final for group in sheet.groups)}) / {len(sheet.groups)} {_modules(len(sheet.groups))}"
    return _weighted([(group.final, group.weight) for group in sheet.groups])


def _sum(grades: Iterable[Decimal | None]) -> str:
    return " + ".join(_number(grade) for grade in grades)


def _weighted(grades: Sequence[tuple[Decimal, Decimal]]) -> str:
    weight = sum((weight for _, weight in grades), rules.ZERO)
    terms = " + ".join(f"{_number(grade)} × {plain(share)}" for grade, share in grades)
    return f"({terms}) / {plain(weight)}"


def _number(grade: Decimal | None) -> str:
    return str(rounded(grade)) if grade else "0"


def plain(value: Decimal) -> str:
    """Show a weight without zeros that say nothing."""
    return f"{value.normalize():f}"


def _modules(count: int) -> str:
    return "module" if count == 1 else "modules"


def checklist(sheet: Sheet) -> list[Entry]:
    """List what the certificate takes: (there or not, what, address)."""
    return [*(_group(group, frozen=sheet.frozen) for group in sheet.groups), (sheet.passed, verdict(sheet), "")]


def _group(group: GroupLine, *, frozen: bool) -> Entry:
    if group.complete:
        return True, f"{group.title} · {_number(group.so_far)}", group.url
    if frozen:
        state: str | Markup = "not graded, counts 0" if group.so_far is None else "a part is missing and counts 0"
    elif group.opens_at is not None and group.opens_at > clock.now():
        state = Markup("opens {}").format(localtime(group.opens_at))
    elif group.due_at is not None:
        state = Markup("{} {}").format("due" if group.due_at > clock.now() else "was due", localtime(group.due_at))
    else:
        state = "not graded yet"
    return False, Markup("{} · {}").format(group.title, state), group.url if group.is_open(clock.now()) else ""


def verdict(sheet: Sheet) -> str:
    """Say in one sentence how far it is to the certificate."""
    missing, mark = sheet.missing, f"{plain(sheet.mark)} %"
    if sheet.passed:
        final = shown(sheet.grades.final, sheet.mark)
        return f"A final average of {mark}: " + (f"you reached {final}." if sheet.frozen else f"you have {final} already.")
    if sheet.frozen:
        return f"A final average of {mark}: {_least(missing.gap)} points were missing."
    return f"A final average of {mark}: {_need(missing)}"


def _need(missing: Missing) -> str:
    if not missing.groups:
        return f"all is graded, and {_least(missing.gap)} points are missing. Improve a score while attempts are left."
    modules = f"{missing.groups} {_modules(missing.groups)}"
    if missing.out_of_reach:
        return f"full marks in {modules} would not be enough. Improve an earlier score while attempts are left."
    average = f"an average of {_least(missing.average or rules.ZERO)} % there"
    if missing.points is None:
        return f"you need {average} ({modules} not complete)."
    return f"you need {_least(missing.points)} more points over {modules}, {average}."


def _least(value: Decimal) -> Decimal:
    """Round what is needed upwards: less than is shown must never be enough, nor more than is shown be needed."""
    return value.quantize(_TENTH, ROUND_CEILING)
