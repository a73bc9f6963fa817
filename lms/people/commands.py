"""Writing to a learner."""

from __future__ import annotations

from sqlalchemy import func, select

from lms.core import audit, mail
from lms.core.db import db
from lms.core.errors import Conflict
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer
from lms.people import emails
from lms.people.models import Note
from lms.people.values import Learner

KIND = "people.note"


def newest_note(enrolment_id: int) -> int:
    """Give the number of the last note to a learner; 0 where there is none."""
    return db.session.scalar(select(func.max(Note.id)).where(Note.enrolment_id == enrolment_id)) or 0


def write_note(edition: EditionInfo, viewer: Viewer, learner: Learner, text: str, last: str) -> None:
    """Send a note to a learner, unless somebody else wrote one since the page was read."""
    if last != str(newest_note(learner.id)):
        message = "Somebody wrote to this learner a moment ago. Read that note below; send yours again if it is still needed."
        raise Conflict(message, field="text")
    db.session.add(Note(enrolment_id=learner.id, author_id=viewer.person_id, text=text))
    url = absolute_url("editions.dashboard", edition=edition.slug)
    letter = emails.note(learner.name, viewer.name, edition.title, text, url)
    mail.post(letter, learner.email, kind=KIND, person_id=learner.person_id, edition_id=edition.id)
    audit.record(viewer, KIND, "enrolment", learner.id, edition_id=edition.id)
