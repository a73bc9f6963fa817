"""What questionnaires hold of a person: that they answered, never what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData
from lms.questionnaires import commands
from lms.questionnaires.models import Questionnaire, Receipt


def export(person_id: int) -> Mapping[str, Any]:
    """Give the questionnaires that a person has answered."""
    query = select(Questionnaire.title).join(Receipt, Receipt.questionnaire_id == Questionnaire.id)
    query = query.join(Enrolment, Enrolment.id == Receipt.enrolment_id).where(Enrolment.person_id == person_id)
    return {"answered": list(db.session.scalars(query.order_by(Questionnaire.id)))}


def erase(person_id: int) -> None:
    """Take the receipts away; answers carry no name and stay."""
    for enrolment_id in db.session.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)).all():
        commands.forget(enrolment_id)


personal_data = PersonalData(holds="which questionnaires you have answered, but not what you answered", export=export, erase=erase)
