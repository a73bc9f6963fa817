"""The texts of a report: each saved version is kept, and nobody writes over what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import audit
from lms.core.db import db
from lms.core.domain import Person
from lms.core.errors import Conflict
from lms.core.viewer import Viewer
from lms.reports.models import Wording


@dataclass(frozen=True, slots=True)
class Text:
    """A version of a chapter's text."""

    id: int
    chapter: str
    version: int
    text: str
    at: datetime
    by: str | None


_COLUMNS = (Wording.id, Wording.chapter, Wording.version, Wording.text, Wording.at, Person.name)
_TEXT = select(*_COLUMNS).outerjoin(Person, Person.id == Wording.by_id)


def texts(edition_id: int) -> dict[str, Text]:
    """Give the newest text of each chapter that has one."""
    newest = select(func.max(Wording.id)).where(Wording.edition_id == edition_id).group_by(Wording.chapter)
    return {row.chapter: Text(*row) for row in db.session.execute(_TEXT.where(Wording.id.in_(newest)).order_by(Wording.id))}


def of_ids(wording_ids: Sequence[int]) -> dict[str, str]:
    """Give the texts that a document is made of."""
    query = select(Wording.chapter, Wording.text).where(Wording.id.in_(wording_ids))
    return {row.chapter: row.text for row in db.session.execute(query)}


def history(edition_id: int, chapter: str, most: int = 50) -> Sequence[Text]:
    """List the latest versions of a chapter's text, newest first."""
    query = _TEXT.where(Wording.edition_id == edition_id, Wording.chapter == chapter)
    return [Text(*row) for row in db.session.execute(query.order_by(Wording.version.desc()).limit(most))]


def write(edition_id: int, viewer: Viewer, chapter: str, text: str, version: str, suggested: str = "") -> None:  # noqa: PLR0913, PLR0917 - each is a part of one thing
    """Save a chapter's text as a new version, if it is another; raise `Conflict` where `version` is not the newest any more.

    `suggested` is what stands there before anybody has written.
    """
    before = texts(edition_id).get(chapter)
    newest = before.version if before else 0
    if version != str(newest):
        raise _overtaken(before)
    if text == (before.text if before else suggested):
        return
    row = Wording(edition_id=edition_id, chapter=chapter, version=newest + 1, text=text, by_id=viewer.person_id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:  # somebody saved at the same moment
        raise _overtaken(None) from error
    audit.record(viewer, "report.write", "report text", row.id, edition_id=edition_id, chapter=chapter, version=newest + 1)


def _overtaken(newest: Text | None) -> Conflict:
    who = f"{newest.by} saved" if newest and newest.by else "Somebody saved"
    message = f"{who} another version of this text meanwhile. It stands below yours: bring the two together, and save again."
    return Conflict(message, field="version")
