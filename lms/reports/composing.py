"""A report put together: what was written, its references resolved, before what is computed; the same snapshot and texts give the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.reports import checking, layout, marking, references
from lms.reports.blocks import Block, Heading, Report
from lms.reports.checking import Finding
from lms.reports.drafts import draft
from lms.reports.rules import Contents


def compose(contents: Contents, taken_at: datetime, digest: str, texts: Mapping[str, str]) -> Report:
    """Put a report together; a chapter that is not among `texts` says what its figures say, one of which there is nothing is left out."""
    computed = layout.chapters(contents)
    known = references.known(contents, references.targets(computed))
    chapters = [replace(one, blocks=(*_written(_text(texts, one.key, known), known), *one.blocks)) for one in computed]
    local = taken_at.astimezone(ZoneInfo(contents.edition["zone"]))
    made = f"Made from the snapshot of {local.day} {local:%B %Y, %H:%M} ({contents.edition['zone']}), {digest[:12]}."
    day = local.year, local.month, local.day
    title = f"{contents.edition['course']}: final report"
    return Report(title, contents.edition["title"], made, day, tuple(one for one in chapters if one.blocks))


def _text(texts: Mapping[str, str], key: str, known: Mapping[str, str]) -> str:
    return texts[key] if key in texts else draft(key, known)


def suggested(contents: Contents, key: str) -> str:
    """Give what a chapter says as long as nobody has written there, to begin from."""
    return draft(key, references.known(contents, references.targets(layout.chapters(contents))))


def _written(text: str, known: dict[str, str]) -> tuple[Block, ...]:
    """Take a text apart; its headings begin below the chapter's own, and leave no level out."""
    found: list[Block] = []
    deep = False
    for block in marking.blocks(references.resolve(text, known)):
        if isinstance(block, Heading):
            level = block.level if deep else 3
            deep = True
            found.append(replace(block, level=level))
        else:
            found.append(block)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chapter as it will look: what was written, what is computed, and what the records contradict; `known` are the references."""

    written: tuple[Block, ...]
    computed: tuple[Block, ...]
    findings: tuple[Finding, ...]
    known: Mapping[str, str]


def chapter(contents: Contents, key: str, text: str) -> Drawn:
    """Draw one chapter."""
    computed = layout.chapters(contents)
    numbered = references.targets(computed)
    known = references.known(contents, numbered)
    blocks = next(one.blocks for one in computed if one.key == key)
    return Drawn(_written(text, known), blocks, tuple(checking.findings(text, contents, numbered)), known)


def findings(contents: Contents, texts: Mapping[str, str]) -> dict[str, list[Finding]]:
    """Check all texts against a snapshot; chapters without a finding are left out."""
    numbered = references.targets(layout.chapters(contents))
    found = {key: checking.findings(texts.get(key, ""), contents, numbered) for key in layout.CHAPTERS}
    return {key: some for key, some in found.items() if some}
