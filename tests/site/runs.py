"""A selection in the world of all addresses."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lms.applications.models import Application
from lms.core.db import db, unit_of_work
from lms.core.domain import Person
from lms.core.viewer import Viewer
from lms.selection import api as selection
from lms.selection.scoring import upload
from tests.core import factories


def runs(edition: int, learner: int, by: Viewer) -> Mapping[str, str | int]:
    """Let a selection have run twice, with a criterion, a file of its values that is not imported yet, and a motivation to score."""
    extra = selection.Criterion("experience", "Experience", selection.Source.NUMBER, Decimal(1), Decimal(10))
    email = db.session.get_one(Person, factories.person_of(learner)).email
    with unit_of_work():
        db.session.add(Application(enrolment_id=learner, position="Officer", motivation="To learn."))
        selection.set_rules(edition, by, selection.Rules(1, seed="lot", criteria=(extra,)))
        file = upload(edition, by, extra.key, "experience.csv", f"E-mail,Value\n{email},5\n".encode())
    for _ in range(2):
        with unit_of_work():
            selection.run(edition, by)
    files = {f"selection.{name}.file": file for name in ("score_file", "keep_scores")}
    return {"run": 2, "before": 1, "after": 2, "selection.dossier_file.form": "pdf", **files}
