"""The pages: for those who are asked, and for the staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lms.core.domain import Role
from lms.questionnaires import commands, queries, reading
from lms.questionnaires.figures import figures
from lms.questionnaires.values import Item, Kind
from tests.core import factories
from tests.questionnaires.conftest import Place, SignIn, answer_all, over, sheet


def fields(answers: dict[str, Any]) -> dict[str, str]:
    return {f"a-{key.replace('.', '-')}": str(value) for key, value in answers.items()}


def test_answering_by_the_page(place: Place, signed_in: SignIn) -> None:
    (sokha,) = place.learners(1)
    found = place.asked()
    browser, address = signed_in(factories.person_of(sokha)), f"{place.base}/{found.id}"
    assert "3 minutes, anonymous" in browser.get(f"/e/{factories.slug_of(place.edition)}/dashboard").text
    half = fields(sheet(found)) | {"a-day-the_topics": ""}
    refused = browser.post(address, data=half)
    assert refused.status_code == 422
    assert "Please answer this." in refused.text
    assert refused.text.count("checked") == 4, "what was chosen stays"
    assert browser.post(address, data=fields(sheet(found)) | {"a-day-the_topics": "6"}).status_code == 422
    taken = browser.post(address, data=fields(sheet(found)) | {"a-comment": "Good.", "quotable": "y"}, follow_redirects=True)
    assert "Thank you, your answers are in" in taken.text
    assert "Thank you" in browser.post(address, data=fields(sheet(found))).text
    assert "Your opinion" not in browser.get(f"/e/{factories.slug_of(place.edition)}/dashboard").text
    over(found)
    (row,) = reading.sheets(found.id)
    assert (row.given["comment"], row.quotable) == ("Good.", True)


def test_closed_and_foreign_ones(place: Place, signed_in: SignIn) -> None:
    sokha, mai = place.learners(2)
    found = place.asked()
    other = factories.edition(slug="another")
    stranger = factories.enrolment(other)
    assert signed_in(factories.person_of(stranger)).get(f"/e/another/questionnaires/{found.id}").status_code == 404
    over(found)
    browser = signed_in(factories.person_of(sokha))
    assert "This questionnaire is closed" in browser.get(f"{place.base}/{found.id}").text
    for typed in (fields(sheet(found)), {}):
        late = browser.post(f"{place.base}/{found.id}", data=typed)
        assert (late.status_code, "can't be answered any more" in late.text) == (409, True)
    assert queries.receipts(found.id) == frozenset()
    assert "closed" in signed_in(factories.person_of(mai)).get(f"{place.base}/").text


def test_staff_see_who_is_silent_and_results_only_at_the_end(place: Place, signed_in: SignIn) -> None:
    learners = place.learners(6)
    found = place.asked()
    answer_all(found, learners[:5], 4, comment="=SUM(1)")
    staff, address = signed_in(factories.person_of(place.tutor)), f"{place.base}/desk/{found.id}"
    page = staff.get(address).text
    assert "5 of 6" in page
    assert "Satisfaction" not in page
    assert staff.get(f"{address}/results.csv").status_code == 404
    assert "to 1 person" in staff.post(f"{address}/remind", follow_redirects=True).text
    assert staff.post(f"{address}/remind").status_code == 409
    staff.post(f"{address}/close")
    page = staff.get(address).text
    assert "80.00 %" in page
    assert "100 points given / 125 possible" in page
    rows = list(csv.reader(io.StringIO(staff.get(f"{address}/results.csv").text.lstrip("\ufeff"))))
    assert ["The topics", "mostly", "5", "", ""] in rows
    assert ["All rows together", "Women", "5", "100", "125"] in rows
    assert sum(row[1] == "'=SUM(1)" for row in rows) == 5


def test_fewer_than_five_are_not_shown(place: Place, signed_in: SignIn) -> None:
    found = place.asked()
    answer_all(found, place.learners(4), comment="Only four.")
    over(found)
    page = signed_in(factories.person_of(place.tutor)).get(f"{place.base}/desk/{found.id}").text
    assert "Not shown, fewer than five" in page
    assert "Only four." not in page


def test_staff_of_some_modules_run_those_alone(place: Place, signed_in: SignIn) -> None:
    limited = factories.enrolment(place.edition, role=Role.TUTOR, modules=["module2"])
    own, other, whole = (place.asked("module-opinion", module=module) for module in ("module2", "module1", ""))
    staff = signed_in(factories.person_of(limited))
    page = staff.get(f"{place.base}/desk").text
    assert [f"/desk/{found.id}" in page for found in (own, other, whole)] == [True, False, False]
    for found in (other, whole):
        address = f"{place.base}/desk/{found.id}"
        assert {staff.get(address + end).status_code for end in ("", "/change", "/results.csv")} == {403}
        assert {staff.post(address + end).status_code for end in ("/change", "/close", "/remind", "/comments/x")} == {403}
    assert staff.get(f"{place.base}/desk/{own.id}").status_code == 200
    typed = {"template": "module-opinion", "title": "How?", "audience": "learners", "opens_at": "2099-01-01T16:30"}
    typed |= {"closes_at": "2099-01-01T20:00"}
    for module, status in (("module1", 422), ("", 422), ("module2", 302)):
        assert staff.post(f"{place.base}/desk/new", data=typed | {"module": module}).status_code == status


def test_questions_that_changed_meanwhile(place: Place, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers what is not asked any more is told so."""
    (sokha,) = place.learners(1)
    found = place.asked()
    longer = replace(found, items=(*found.items, Item("more", Kind.TEXT, "More?")))
    monkeypatch.setattr(commands, "info", lambda _: longer)
    answer = signed_in(factories.person_of(sokha)).post(f"{place.base}/{found.id}", data=fields(sheet(found)))
    assert (answer.status_code, "were changed a moment ago" in answer.text) == (409, True)
    assert not queries.receipts(found.id)


def test_a_dashboard_looks_audiences_up_only_where_something_is_left(
    place: Place, signed_in: SignIn, statements: Callable[[], Any]
) -> None:
    sokha, mai = place.learners(2)
    dashboard = f"/e/{factories.slug_of(place.edition)}/dashboard"
    answered, shut = place.asked(), place.asked()
    answer_all(answered, [sokha])
    over(shut)
    counts = []
    for enrolment in (sokha, mai):
        browser = signed_in(factories.person_of(enrolment))
        browser.get(dashboard)
        with statements() as seen:
            page = browser.get(dashboard).text
        counts.append(len(seen))
        assert ("Your opinion" in page) == (enrolment == mai)
    assert counts[1] - counts[0] == 1, "whether she is asked; everybody is never listed"


def test_satisfaction_of_the_edition(place: Place, signed_in: SignIn, statements: Callable[[], Any]) -> None:
    """Every rate with its numerator and denominator; what may not be shown is named, and counts nowhere."""
    women, men = place.learners(5), place.learners(5, "man")
    first, second, third = (place.asked(day=day) for day in (1, 2, 3))
    module, still_open = place.asked("module-opinion", module="module1"), place.asked("module-opinion")
    answer_all(first, [*women, *men], 5)
    answer_all(second, [*women, *men[:4]], 4)
    answer_all(third, women[:4], 1)
    answer_all(module, women, 3)
    answer_all(still_open, women, 1)
    for found in (first, second, third, module):
        over(found)
    staff, address = signed_in(factories.person_of(place.tutor)), f"{place.base}/desk/satisfaction"
    page = staff.get(address).text
    for words in ("430 points given / 475 possible, from 19 answers", "fewer than five answers", "from 1 of 2", "(open)", "23 of 30"):
        assert words in page
    rows = {tuple(row[:3]): row[3:] for row in csv.reader(io.StringIO(staff.get(f"{address}.csv").text.lstrip("\ufeff")))}
    days = "Satisfaction with the days of the workshop"
    assert rows[days, "All", ""] == ["19", "430", "475", "90.53 %"]
    assert [rows[days, "By day", f"Day {day}"] for day in (1, 2)] == [["10", "250", "250", "100.00 %"], ["9", "180", "225", "80.00 %"]]
    assert [rows[days, "Women and men", who] for who in ("Women", "Men")] == [["5", "125", "125", "100.00 %"]] * 2
    assert rows[days, "By aspect", "The topics"] == ["19", "86", "95", "90.53 %"]
    assert (days, "By day", "Day 3") not in rows
    assert [key[2][:2] for key in rows if key[:2] == ("Satisfaction with the modules", "By module")] == ["1 "]
    told = {figure.name: figure for figure in figures(place.edition)}
    parts = [(part.label, part.numerator, part.denominator) for part in told["satisfaction_days"].by["day"]]
    assert parts == [("Day 1", 250, 250), ("Day 2", 180, 225), ("Day 3", None, None)]
    over(few := place.asked("workshop-overall", day=None))
    (hidden,) = [figure for figure in figures(place.edition) if figure.name == "satisfaction_overall"]
    assert (hidden.numerator, [part.numerator for part in hidden.by["gender"]], few.day) == (None, [None, None], None)
    assert staff.get(f"{address}.xlsx").status_code == 200
    with statements() as seen:
        staff.get(address)
    seen.at_most(8)


def test_comments_get_tags(place: Place, signed_in: SignIn) -> None:
    found = place.asked()
    answer_all(found, place.learners(5), comment="More time.")
    over(found)
    staff, address = signed_in(factories.person_of(place.tutor)), f"{place.base}/desk/{found.id}"
    row = reading.sheets(found.id)[0]
    staff.post(f"{address}/comments/{row.id}", data={"key": "comment", "word": "time"})
    assert staff.get(f"{address}?tag=time").text.count("More time.") == 1
    assert staff.post(f"{address}/comments/{row.id}", data={"key": "day.topics", "word": "time"}).status_code == 404
    few = place.asked()
    answer_all(few, place.learners(4), comment="Only four.")
    over(few)
    hidden = f"{place.base}/desk/{few.id}/comments/{reading.sheets(few.id)[0].id}"
    assert staff.post(hidden, data={"key": "comment", "word": "time"}).status_code == 404, "what is not shown"
    assert staff.post(f"{address}/comments/nothing", data={"key": "comment", "word": "time"}).status_code == 404


def test_planning_and_changing(place: Place, signed_in: SignIn) -> None:
    staff = signed_in(factories.person_of(place.tutor))
    typed = {"template": "workshop-overall", "title": "All in all", "audience": "learners", "opens_at": "2099-01-01T16:30"}
    wrong = staff.post(f"{place.base}/desk/new", data=typed | {"closes_at": "tomorrow"})
    assert wrong.status_code == 422
    assert "Please give a day and a time" in wrong.text
    assert staff.post(f"{place.base}/desk/new", data=typed | {"closes_at": "0001-01-01T00:00"}).status_code == 422
    assert staff.post(f"{place.base}/desk/new", data=typed | {"closes_at": "2099-01-01T20:00", "day": "99"}).status_code == 422
    made = staff.post(f"{place.base}/desk/new", data=typed | {"closes_at": "2099-01-01T20:00", "module": "module1"})
    address = made.headers["Location"]
    (found,) = queries.of_edition(place.edition)
    assert (found.title, found.module, found.opens_at.hour) == ("All in all", "module1", 8)
    form = {"title": "Better", "opens_at": "2099-01-01T16:30", "closes_at": "2099-01-01T21:00", "version": "1"}
    form |= {"label0": "How was it?", "rows0": "The food\n\nThe food", "label1": "Again?", "rows1": "yes\nno", "label2": "More?"}
    same = staff.post(f"{address}/change", data=form)
    assert same.status_code == 422
    assert "Two lines are the same." in same.text
    staff.post(f"{address}/change", data=form | {"rows0": "The food\nThe rooms"})
    changed = reading.info(found.id)
    assert [row.label for row in changed.items[0].rows] == ["The food", "The rooms"]
    assert changed.title == "Better"
    assert staff.post(f"{address}/change", data=form | {"rows0": "The food"}).status_code == 409


@pytest.mark.parametrize("count", [1, 4])
def test_lists_cost_the_same_however_many(place: Place, signed_in: SignIn, statements: Callable[[], Any], count: int) -> None:
    (sokha,) = place.learners(1)
    for _ in range(count):
        place.asked()
    staff, learner = signed_in(factories.person_of(place.tutor)), signed_in(factories.person_of(sokha))
    staff.get(f"{place.base}/desk")
    learner.get(f"{place.base}/")
    for browser, address in ((staff, f"{place.base}/desk"), (learner, f"{place.base}/")):
        with statements() as seen:
            browser.get(address)
        assert len(seen) <= 6, seen
