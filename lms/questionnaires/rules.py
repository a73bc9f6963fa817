"""What an answer may be, what it is worth, and what may be shown without telling who answered what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lms.questionnaires.values import Given, Info, Item, Kind, Option, Rate, Sheet

Answered = tuple[Info, Sequence[Sheet]]
LEAST = 5
LONGEST_TEXT = 4000
WOMAN, MAN, REST = "woman", "man", ""
GROUPS = {WOMAN: "Women", MAN: "Men", REST: "Others and not said"}
NEEDED, OUT_OF_RANGE = "Please answer this.", "Please give a whole number from {least} to {most}."


def key_of(label: str, taken: Iterable[str]) -> str:
    """Make a key of a label that no other has."""
    words = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40] or "row"
    others, found, number = set(taken), words, 2
    while found in others:
        found, number = f"{words}_{number}", number + 1
    return found


def options(labels: Iterable[str], known: Sequence[Option] = ()) -> tuple[Option, ...]:
    """Give labels keys; one that was there before keeps its own."""
    found: list[Option] = []
    for label in labels:
        before = next((option for option in known if option.label == label), None)
        taken = [option.key for option in (*found, *known)]
        found.append(before or Option(key_of(label, taken), label))
    return tuple(found)


def item_of(stored: Mapping[str, Any]) -> Item:
    """Make an item of what is stored, or of a template, whose rows and options are labels alone."""
    facts = dict(stored)
    for name in ("rows", "options"):
        entries = facts.get(name, ())
        whole = all(isinstance(entry, dict) for entry in entries)
        facts[name] = tuple(Option(**entry) for entry in entries) if whole else options(entries)
    return Item(**{**facts, "kind": Kind(facts["kind"]), "scale": tuple(facts.get("scale", ()))})


def stored(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Turn items into what is stored."""
    return [asdict(item) for item in items]


def questions(items: Iterable[Item]) -> Iterator[tuple[str, Item, str]]:
    """Go through what is answered each on its own: its key, its item, and its label."""
    for item in items:
        if item.kind == Kind.MATRIX:
            yield from ((f"{item.key}.{row.key}", item, row.label) for row in item.rows)
        else:
            yield item.key, item, item.label


def faults(items: Sequence[Item], given: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong with answers, by the keys of `questions`; what was not asked is wrong, too."""
    known = {key: item for key, item, _ in questions(items)}
    wrong = {key: "This was not asked." for key in given if key not in known}
    for key, item in known.items():
        if message := _fault(item, given.get(key)):
            wrong[key] = message
    return wrong


def _fault(item: Item, answer: Any) -> str:
    if answer is None or answer == "":
        return NEEDED if item.needed else ""
    if item.kind == Kind.MATRIX:
        return "" if _whole(answer, 1, len(item.scale)) else "Please choose one."
    if item.kind == Kind.CHOICE:
        return "" if answer in [option.key for option in item.options] else "Please choose one."
    if item.kind == Kind.NUMBER:
        return "" if _whole(answer, item.least, item.most) else OUT_OF_RANGE.format(least=item.least, most=item.most)
    return "" if isinstance(answer, str) and len(answer) <= LONGEST_TEXT else f"Please use at most {LONGEST_TEXT:,} characters."


def _whole(answer: Any, least: int, most: int) -> bool:
    return type(answer) is int and least <= answer <= most


def group(gender: str) -> str:
    """Give the group that a person's answers are counted in."""
    return gender if gender in {WOMAN, MAN} else REST


def publishable(people: int) -> bool:
    """Tell whether what so many people answered may be shown."""
    return people >= LEAST


def may_split(sizes: Iterable[int]) -> bool:
    """Tell whether answers may be shown group by group: all groups or none, and none of fewer than five.

    Where one group has fewer, showing the others beside the whole would tell its answers by subtraction.
    """
    return all(size == 0 or size >= LEAST for size in sizes)


def sizes(genders: Iterable[str]) -> dict[str, int]:
    """Count the people of each group."""
    found = dict.fromkeys(GROUPS, 0)
    for gender in genders:
        found[gender] += 1
    return found


def points(items: Sequence[Item], sheets: Iterable[Sheet], only: str | None = None) -> tuple[int, int]:
    """Add up the points given and possible in all rows, or in the one row of a key.

    Satisfaction is the share of the points given in the points possible; an unanswered row counts in neither.
    """
    rows = {key: len(item.scale) for key, item, _ in questions(items) if item.kind == Kind.MATRIX and only in {None, key}}
    given = possible = 0
    for sheet in sheets:
        for key, most in rows.items():
            if (answer := sheet.given.get(key)) is not None:
                given, possible = given + int(answer), possible + most
    return given, possible


def rate(key: str, label: str, items: Sequence[Item], sheets: Sequence[Sheet], only: str | None = None) -> Rate:
    """Give the satisfaction of some people, withheld where they are too few."""
    if not publishable(len(sheets)):
        return Rate(key, label, None, None, len(sheets))
    return Rate(key, label, *points(items, sheets, only), len(sheets))


def by_group(items: Sequence[Item], sheets: Sequence[Sheet]) -> list[Rate]:
    """Give the satisfaction of each group, or nothing where that would tell what fewer than five said."""
    counts = sizes(sheet.gender for sheet in sheets)
    if not (publishable(len(sheets)) and may_split(counts.values())) or counts[REST] == len(sheets):
        return []
    return [
        rate(name, label, items, [sheet for sheet in sheets if sheet.gender == name]) for name, label in GROUPS.items() if counts[name]
    ]


def totals(found: Iterable[Answered], by: str = "") -> list[Rate]:
    """Add the satisfaction up that several questionnaires tell: all in one, or by 'aspect', 'module', 'day' or 'gender'.

    Each has to be publishable by itself, and by gender each group of it.
    """
    joined: dict[str, Rate] = {}
    for one, sheets in found:
        for part in _parts(one, sheets, by):
            before = joined.get(part.key, Rate(part.key, part.label, 0, 0, 0))
            points = (before.given or 0) + (part.given or 0), (before.possible or 0) + (part.possible or 0)
            joined[part.key] = Rate(part.key, before.label, *points, before.people + part.people)
    return list(joined.values())


def _parts(one: Info, sheets: Sequence[Sheet], by: str) -> list[Rate]:
    if by == "aspect":
        return [rate(key, label, one.items, sheets, key) for key, item, label in questions(one.items) if item.scale]
    if by == "gender":
        return by_group(one.items, sheets)
    return [rate(*_about(one, by), one.items, sheets)]


def _about(one: Info, by: str) -> tuple[str, str]:
    """Give key and label of what a questionnaire is about, of all modules or days."""
    keys = {"module": (one.module, one.module), "day": (str(one.day or ""), f"Day {one.day}" if one.day else one.title)}
    return keys.get(by, ("", one.title))


def with_withheld(rates: Sequence[Rate], over: Iterable[Info], by: str) -> list[Rate]:
    """Add a row without points for each module or day whose questionnaire too few have answered, in the order of the questionnaires."""
    told = {rate.key: rate for rate in rates}
    keys = dict(_about(one, by) for one in over)
    return [told.get(key, Rate(key, label, None, None, 0)) for key, label in keys.items()]


def given_of(answers: Mapping[str, Any]) -> Given:
    """Leave out what was left empty."""
    return {key: answer for key, answer in answers.items() if answer not in {None, ""}}


def obstacle(now: datetime, opens_at: datetime, closes_at: datetime, *, sealed: bool = False) -> str:
    """Say why a questionnaire can't be answered now; empty if it can. One whose answers are opened is over, whatever the clock says."""
    if now < opens_at:
        return "This questionnaire is not open yet."
    return "" if now < closes_at and not sealed else "This questionnaire is closed. It can't be answered any more."
