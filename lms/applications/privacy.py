"""What applications hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from lms.applications.models import Application, Consent, Likeness
from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData

HOLDS = "Your applications with position, motivation and what was decided, and to which privacy notices you agreed, when."


def export(person_id: int) -> Mapping[str, Any]:
    """Give everything that a person said in applications and agreed to."""
    facts = (Enrolment.edition_id, Enrolment.state, Enrolment.created_at, Application.position, Application.motivation)
    decided = (Application.changed_at, Application.decided_at, Application.words)
    said = select(*facts, *decided).join(Enrolment, Enrolment.id == Application.enrolment_id).where(Enrolment.person_id == person_id)
    agreed = select(Consent.version, Consent.at).where(Consent.person_id == person_id)
    return {"applications": _rows(said.order_by(Enrolment.id)), "consents": _rows(agreed.order_by(Consent.version))}


def erase(person_id: int) -> None:
    """Remove what a person said and agreed to; that there was an application, and how it was decided, stays with the enrolment."""
    mine = select(Enrolment.id).where(Enrolment.person_id == person_id)
    db.session.execute(update(Application).where(Application.enrolment_id.in_(mine)).values(position="", motivation="", words=""))
    db.session.execute(delete(Likeness).where(or_(Likeness.first_id.in_(mine), Likeness.second_id.in_(mine))))
    db.session.execute(delete(Consent).where(Consent.person_id == person_id))


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
