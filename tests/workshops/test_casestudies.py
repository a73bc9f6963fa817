"""Case studies: one a participant, assessed by several, settled where they are far apart, released all at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from lms.casestudies import queries, reporting
from lms.casestudies.api import Assessment, Text, case_studies, grade, hand_in, put_slides, release, settle
from lms.casestudies.commands import set_rubric
from lms.casestudies.models import CaseGrading
from lms.casestudies.rules import Criterion
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.mail import OutgoingMail
from lms.core.progress import activities
from lms.core.viewer import edition_by_id
from lms.gradebook.api import ensure_settled, standing
from lms.gradebook.ledger import entries
from tests.core import factories
from tests.core.threads import at_once
from tests.workshops.factories import PDF, Shop, acts

FINAL = Assessment((4, 4, 4, 4), "Good.", final=True)


def assess(shop: Shop, study: int, who: str = "tutor", wanted: Assessment = FINAL) -> None:
    with unit_of_work():
        grade(study, shop.viewer(who), wanted)


def test_one_a_participant_changed_with_the_version_that_was_seen(shop: Shop) -> None:
    who = shop.participant("Sokha Pov")
    study = shop.study(who)
    with unit_of_work():
        assert hand_in(shop.edition, who, Text("module2", "Said better", "S."), version=1) == study
    with pytest.raises(Conflict, match="changed meanwhile"), unit_of_work():
        hand_in(shop.edition, who, Text("module1", "Older", "S."), version=1)
    (line,) = case_studies(shop.edition)
    assert (line.name, line.module, line.title, line.score) == ("Sokha Pov", "module2", "Said better", None)


def test_only_those_who_come_on_a_module_of_the_course(shop: Shop) -> None:
    with pytest.raises(Forbidden):
        shop.study(factories.enrolment(shop.edition))
    who = shop.participant()
    elsewhere = factories.edition()
    with pytest.raises(Forbidden), unit_of_work():
        hand_in(elsewhere, who, Text("module1", "T", "S"))
    with pytest.raises(Invalid) as refused:
        shop.study(who, "module9")
    assert refused.value.field == "module"


def test_slides_are_replaced_until_the_release(shop: Shop) -> None:
    who = shop.participant()
    with pytest.raises(Conflict, match="title and a summary first"), unit_of_work():
        put_slides(who, "a.pdf", PDF)
    study = shop.graded(who)
    assert queries.own(who)
    with pytest.raises(Conflict, match="released"), unit_of_work():
        put_slides(who, "a.pdf", PDF)
    other = shop.participant()
    study = shop.study(other)
    for body in (PDF, PDF + b"\n"):
        with unit_of_work():
            put_slides(other, "a.pdf", body)
    assert queries.slides(study) == ("pdf", PDF + b"\n")


def test_grades_are_released_together_and_count_for_nothing_else(shop: Shop) -> None:
    first, second = shop.participant(), shop.participant()
    ensure_settled(shop.info)
    before = standing(first)
    studies = [shop.study(who) for who in (first, second)]
    assess(shop, studies[0], wanted=Assessment((3, 0, 0, 0), "A draft."))
    with pytest.raises(Invalid, match="every criterion"):
        assess(shop, studies[1], wanted=Assessment((3, 0, 0, 0), final=True))
    assess(shop, studies[1])
    assess(shop, studies[1], "second_tutor", Assessment((3, 4, 4, 4), "Fair.", final=True))
    own = queries.own(second)
    assert own is not None
    assert own.findings == ()
    with unit_of_work():
        assert release(shop.edition, shop.viewer("admin")) == 1
    with unit_of_work():
        assert release(shop.edition, shop.viewer("admin")) == 0
    own = queries.own(second)
    assert own is not None
    assert own.score == Decimal("71.875")
    assert [finding.comment for finding in own.findings] == ["Good.", "Fair."]
    (activity,) = [one for one in activities(second) if one.feature == "casestudies"]
    assert (activity.done, activity.counts, activity.score) == (True, False, Decimal("71.875"))
    assert standing(first) == before
    (entry,) = [one for one in entries(second) if one.item.key == "casestudies/case-study"]
    assert (entry.item.weight, entry.from_score, entry.item.score) == (Decimal(0), None, Decimal("71.875"))
    assert [mail.kind for mail in db.session.query(OutgoingMail) if mail.kind.startswith("case")] == ["casestudies.graded"]
    assert queries.graded(shop.edition) == {second}
    with pytest.raises(Conflict, match="released"):
        assess(shop, studies[1], wanted=Assessment((5, 5, 5, 5), final=True, version=1))


def test_who_is_far_apart_settles_first(shop: Shop) -> None:
    study = shop.study(shop.participant())
    with pytest.raises(Conflict, match="not far apart"), unit_of_work():
        settle(study, shop.viewer("tutor"), Decimal(60), "Why.")
    assess(shop, study)
    assess(shop, study, "second_tutor", Assessment((3, 3, 3, 3), final=True))
    with pytest.raises(Conflict, match=f"far apart on 1: case study {study}"), unit_of_work():
        release(shop.edition, shop.viewer("admin"))
    with pytest.raises(Invalid, match=r"from 50\.00 to 75\.00"), unit_of_work():
        settle(study, shop.viewer("tutor"), Decimal(80), "Why.")
    with unit_of_work():
        settle(study, shop.viewer("tutor"), Decimal(65), "We read it again together.")
        assert release(shop.edition, shop.viewer("admin")) == 1
    assert case_studies(shop.edition)[0].score == 65
    assert {"case.settle", "case.release", "case.grade"} <= set(acts())


def test_nobody_assesses_the_own_institution(shop: Shop) -> None:
    study = shop.study(shop.participant(institution="INSTITUTE  tutor"))
    assert (queries.to_grade(shop.edition, shop.viewer("tutor")), queries.waiting(shop.edition, shop.viewer("tutor"))) == ((), [])
    assert len(queries.to_grade(shop.edition, shop.viewer("second_tutor"))) == 1
    for attempt in (lambda: queries.paper(shop.edition, study, shop.viewer("tutor")), lambda: assess(shop, study)):
        with pytest.raises(Forbidden, match="your institution"):
            attempt()


def test_tutors_of_other_modules_and_other_editions(shop: Shop) -> None:
    study = shop.study(shop.participant())
    limited = factories.enrolment(shop.edition, factories.person(institution="Elsewhere"), role="tutor", modules=["module2"])  # type: ignore[arg-type]
    viewer = factories.viewer_of(limited)
    viewer = type(viewer)(person_id=viewer.person_id, enrolment_id=limited, role="tutor", modules=("module2",))
    assert (queries.to_grade(shop.edition, viewer), queries.waiting(shop.edition, viewer)) == ((), [])
    with pytest.raises(Forbidden), unit_of_work():
        grade(study, viewer, FINAL)
    with pytest.raises(NotFound):
        queries.paper(factories.edition(), study, shop.viewer("tutor"))
    with pytest.raises(NotFound), unit_of_work():
        grade(study + 99, shop.viewer("tutor"), FINAL)


def test_what_waits_for_ones_own_grading(shop: Shop, statements: Callable[[], Any]) -> None:
    """What is not begun, and drafts, until they are for good, whoever else did; nobody is told of a queue with nothing in it."""
    edition, who = edition_by_id(shop.edition), shop.participant()
    assert not list(reporting.queues(shop.viewer("tutor"), edition))
    studies = [shop.study(who), shop.study(shop.participant())]
    assess(shop, studies[0], "second_tutor")
    assess(shop, studies[1], wanted=Assessment((4, 4, 4, 0), "", final=False))
    viewer = shop.viewer("tutor")
    with statements() as seen:
        queues = list(reporting.queues(viewer, edition))
    seen.at_most(2)
    waits = [(queue.label, [item.title.split(":")[0] for item in queue.first]) for queue in queues]
    assert waits == [("Case studies to grade", [str(studies[0])]), ("Gradings kept as drafts", [str(studies[1])])]
    assess(shop, studies[0])
    (queue,) = reporting.queues(shop.viewer("tutor"), edition)
    assert (queue.count, queue.first[0].url) == (1, f"/e/{edition.slug}/case-studies/{studies[1]}")
    assert not list(reporting.queues(factories.viewer_of(who), edition))


def test_two_grade_at_once(shop: Shop, ctx: Flask) -> None:
    """Two assessors both count; the same one in two windows is told."""
    study = shop.study(shop.participant())
    viewers = iter([shop.viewer("tutor"), shop.viewer("second_tutor"), shop.viewer("tutor")])

    def job() -> str:
        viewer = next(viewers)
        try:
            with unit_of_work():
                return str(bool(grade(study, viewer, FINAL)))
        except Conflict as error:
            return error.message

    found = sorted(at_once(ctx, 3, job))
    assert found[:2] == ["True", "True"]
    assert "another window" in found[2]
    assert db.session.query(CaseGrading).count() == 2


def test_the_words_of_the_rubric_are_an_editions_own(shop: Shop) -> None:
    study = shop.study(shop.participant())
    own = [Criterion("Novelty", ("1", "2", "3", "4", "5")), Criterion("Use", ("1", "2", "3", "4", "5"))]
    with unit_of_work():
        set_rubric(shop.edition, shop.viewer("admin"), own, 0)
    with pytest.raises(Conflict), unit_of_work():
        set_rubric(shop.edition, shop.viewer("admin"), own, 0)
    with pytest.raises(Invalid, match="each criterion"):
        assess(shop, study)
    assess(shop, study, wanted=Assessment((5, 3), final=True))


def test_lists_take_few_statements(shop: Shop, statements: Callable[[], Any]) -> None:
    for _ in range(3):
        assess(shop, shop.study(shop.participant()))
    viewer = shop.viewer("tutor")
    with statements() as seen:
        assert len(queries.to_grade(shop.edition, viewer)) == 3
    seen.at_most(4)
