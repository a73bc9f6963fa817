"""The workshop's certificate: the dry run, waivers by two, awarding once, doubts afterwards, and the agenda's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from lms.certification.models import Certificate
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.reporting import Subject
from lms.workshops import awarding, reporting
from lms.workshops.awarding import ask_waiver, candidate, dry_run, grant_waiver, issue, keep, refuse_waiver
from lms.workshops.models import Award
from lms.workshops.rules import Need, State
from tests.core import factories
from tests.workshops.factories import AFTER, Shop, acts


@pytest.fixture(autouse=True)
def _evening(shop: Shop) -> Iterator[None]:
    del shop
    with clock.at(AFTER):
        yield


def waive(shop: Shop, who: int, *needs: Need) -> None:
    for need in needs:
        with unit_of_work():
            grant_waiver(shop.edition, ask_waiver(shop.edition, who, need, "Agreed.", shop.viewer("admin")), shop.viewer("other_admin"))


def earned(shop: Shop, name: str = "") -> int:
    who = shop.participant(name)
    shop.attends(who)
    shop.graded(who)
    waive(shop, who, Need.QUESTIONNAIRE)
    return who


def test_the_dry_run_says_what_is_missing(shop: Shop, statements: Callable[[], Any]) -> None:
    ok, left = earned(shop, "Ana"), shop.participant("Ben")
    shop.attends(left, *range(6))
    shop.participant("Never came")
    with statements() as seen:
        found = {one.enrolment_id: one for one in dry_run(shop.edition)}
    seen.at_most(8)
    assert set(found) == {ok, left}
    assert (found[ok].ok, found[left].ok) == (True, False)
    assert found[left].why_not == (
        "6 of 8 half-days attended (75 %); it takes all, or a waiver. No case study with a released grade. "
        "The overall questionnaire is not answered"
    )


def test_a_waiver_takes_two_administrators(shop: Shop) -> None:
    who = shop.participant()
    shop.attends(who, *range(6))
    with pytest.raises(Invalid, match="the reason"), unit_of_work():
        ask_waiver(shop.edition, who, Need.ATTENDANCE, "", shop.viewer("admin"))
    with unit_of_work():
        waiver = ask_waiver(shop.edition, who, Need.ATTENDANCE, "Called to the office.", shop.viewer("admin"))
    with pytest.raises(Conflict, match="asked for that already"), unit_of_work():
        ask_waiver(shop.edition, who, Need.ATTENDANCE, "Again.", shop.viewer("other_admin"))
    with pytest.raises(Forbidden, match="another administrator"), unit_of_work():
        grant_waiver(shop.edition, waiver, shop.viewer("admin"))
    with unit_of_work():
        grant_waiver(shop.edition, waiver, shop.viewer("other_admin"))
    one = candidate(shop.edition, who)
    assert one is not None
    assert [(met.need, met.waived) for met in one.needs if met.done] == [(Need.ATTENDANCE, True)]
    for attempt in (grant_waiver, refuse_waiver):
        with pytest.raises(Conflict, match="granted already"), unit_of_work():
            attempt(shop.edition, waiver, shop.viewer("other_admin"))


def test_a_waiver_is_refused_and_asked_for_again(shop: Shop) -> None:
    who = shop.participant()
    shop.attends(who, 0)
    for _ in range(2):
        with unit_of_work():
            waiver = ask_waiver(shop.edition, who, Need.ATTENDANCE, "Why.", shop.viewer("admin"))
            refuse_waiver(shop.edition, waiver, shop.viewer("other_admin"))
    with pytest.raises(NotFound), unit_of_work():
        ask_waiver(shop.edition, shop.admin, Need.ATTENDANCE, "Why.", shop.viewer("admin"))


def test_each_is_awarded_once(shop: Shop) -> None:
    who = earned(shop)
    shop.attends(shop.participant(), 0)
    with pytest.raises(Conflict, match="There are 1 to award now, not 2"), unit_of_work():
        issue(shop.edition, shop.viewer("admin"), expected=2)
    for count in (1, 0):
        with unit_of_work():
            assert issue(shop.edition, shop.viewer("admin")) == count
    row = db.session.query(Certificate).one()
    assert (row.enrolment_id, row.kind) == (who, "workshop")
    assert (row.award["started_on"], row.award["completed_on"], row.award["hours"]) == ("2019-10-29", "2019-11-01", 26)
    (stage,) = reporting.stages(shop.info)
    assert list(db.session.scalars(select(Enrolment.id).where(stage.reached))) == [who]
    assert acts()[-1] == "workshop.award"
    subject = Subject(who, factories.person_of(who), shop.info)
    told = {line.what for line in reporting.timeline(subject, clock.now(), 20)}
    assert {"Workshop certificate awarded", "Workshop, day 1, morning: present"} <= told


def test_a_later_correction_puts_the_certificate_in_doubt(shop: Shop) -> None:
    who = earned(shop)
    with unit_of_work():
        issue(shop.edition, shop.viewer("admin"))
    shop.mark(7, who, State.EXCUSED, reason="She left at noon.")
    one = candidate(shop.edition, who)
    assert one is not None
    assert one.doubt.startswith("7 of 8 half-days")
    with pytest.raises(Invalid, match="why it stands"), unit_of_work():
        keep(shop.edition, who, shop.viewer("admin"), "")
    with unit_of_work():
        keep(shop.edition, who, shop.viewer("admin"), "She had leave.")
    one = candidate(shop.edition, who)
    assert one is not None
    assert (one.doubt, one.kept_why) == ("", "She had leave.")
    shop.mark(7, who, reason="It was a mistake.")
    assert db.session.query(Award).one().doubt == ""
    with pytest.raises(NotFound), unit_of_work():
        keep(shop.edition, who, shop.viewer("admin"), "Why.")
    assert awarding.candidate(shop.edition, shop.tutor) is None
