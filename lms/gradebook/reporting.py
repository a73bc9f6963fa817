"""What the gradebook tells the staff about learners: changes of scores, and who passes now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.reporting import Happening, Stage, Subject, newest
from lms.core.templating import percent
from lms.core.viewer import EditionInfo
from lms.gradebook.models import GradeEntry, Standing
from lms.gradebook.wording import plain


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell which scores changed, from what to what and why; entries that only open the ledger are no change."""
    entry = GradeEntry
    query = select(entry.at, entry.title, entry.from_score, entry.to_score, entry.why, Person.name).outerjoin(
        Person, Person.id == entry.actor_id
    )
    changed = query.where(entry.enrolment_id == subject.enrolment_id, entry.from_score.is_distinct_from(entry.to_score))
    for at, title, before, after, why, name in db.session.execute(newest(changed, entry.at, entry.id, until, most)):
        yield Happening(at, "grade", f"Score of {title}: {percent(before)} to {percent(after)}", why, by=name or "")


def stages(edition: EditionInfo) -> Iterator[Stage]:
    """Name passing, as it stands now or was fixed by closing."""
    mark = plain(edition.pass_mark)
    enough = Standing.edition_id == edition.id, Standing.final >= edition.pass_mark
    words = f"Registered, with a final average of {mark} % or more; what is missing counts 0."
    label = "Passed" if edition.is_closed else "Passing now"
    yield Stage("passing", label, words, Enrolment.id.in_(select(Standing.enrolment_id).where(*enough)), words=("passed",))
