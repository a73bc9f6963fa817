"""What staff sees of quizzes: a draw to try, all questions with their keys, and what closing will do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core.db import db
from lms.core.domain import Role
from lms.quizzes.models import Attempt
from tests.core import factories
from tests.quizzes.factories import SMALL, Learner, start
from tests.quizzes.test_pages import words

SignedIn = Callable[[int], FlaskClient]


@pytest.fixture(params=["tutor", "administrator", "site administrator"])
def staff(request: pytest.FixtureRequest, who: Learner, signed_in: SignedIn) -> FlaskClient:
    """Give the browser of somebody who may look behind a quiz."""
    if request.param == "site administrator":
        return signed_in(factories.person(administrator=True))
    return signed_in(factories.person_of(factories.enrolment(who.edition, role=Role(request.param))))


def test_staff_try_a_quiz_and_nothing_is_stored(who: Learner, staff: FlaskClient) -> None:
    """Each preview draws anew; what is answered is marked at once."""
    url = f"{who.base}/quizzes/module1/preview"
    assert "Preview the quiz" in staff.get(f"{who.base}/quizzes/module1/").text
    page = staff.get(url).text
    assert page.count('data-item="q') == SMALL
    seeds = {
        found[1] for _ in range(3) if (found := re.search(r'name="seed" value="(\w+)"', staff.get(url).text))
    }
    assert len(seeds) == 3
    text = words(staff.post(url, data={"seed": seeds.pop()}).text)
    assert "0.0 % 0 of 7 points" in text
    assert "The right answer: biometric" in text
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_preview_is_the_same_for_a_seed(who: Learner, staff: FlaskClient) -> None:
    url = f"{who.base}/quizzes/module1/preview?seed=abc"
    one, other = (re.findall(r'id="q\d"|value="\d"', staff.get(url).text) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("seed", ["", "<b>", "x" * 30, "\0", "é"])
def test_a_strange_seed_is_left_aside(who: Learner, staff: FlaskClient, seed: str) -> None:
    url = f"{who.base}/quizzes/module1/preview"
    assert staff.get(url, query_string={"seed": seed}).status_code == 200
    assert staff.post(url, data={"seed": seed, "a1": "99"}).status_code == 200


def test_staff_read_all_questions_with_their_keys(who: Learner, staff: FlaskClient) -> None:
    text = words(staff.get(f"{who.base}/quizzes/module1/keys").text)
    for saying in (
        "A passport number: Right.",
        "A nationality: Millions share it.",
        "Accepted: biometric biometrics",
        "Accepted: 12.5 % (± 0.1)",
        "When right: Right.",
        "Otherwise: First comes proof.",
        "Issuing → Issuer. The issuer signs.",
        "explain-first",
    ):
        assert saying in text


def test_the_module_page_leads_staff_to_the_preview(who: Learner, staff: FlaskClient) -> None:
    page = staff.get(f"{who.base}/modules/module1/").text
    assert f'href="{who.base}/quizzes/module1/preview"' in page


@pytest.mark.parametrize("page", ["preview", "keys"])
def test_keys_are_not_for_learners(
    who: Learner, browser: FlaskClient, client: FlaskClient, signed_in: SignedIn, page: str
) -> None:
    url = f"{who.base}/quizzes/module1/{page}"
    assert browser.get(url).status_code == 403
    assert signed_in(factories.person()).get(url).status_code == 403
    assert "/account/sign-in" in client.get(url).location
    if page == "preview":
        assert browser.post(url).status_code == 403


@pytest.mark.parametrize("page", ["preview", "keys"])
def test_a_tutor_of_other_modules_sees_no_keys(who: Learner, signed_in: SignedIn, page: str) -> None:
    """Neither by the address nor by a link on the module's page."""
    tutor = factories.enrolment(who.edition, role=Role.TUTOR, modules=["module2"])
    browser = signed_in(factories.person_of(tutor))
    assert browser.get(f"{who.base}/quizzes/module1/{page}").status_code == 403
    assert browser.get(f"{who.base}/quizzes/nowhere/{page}").status_code == 404
    assert f"/quizzes/module1/{page}" not in browser.get(f"{who.base}/modules/module1/").text


def test_there_is_no_preview_of_what_is_not_there(who: Learner, staff: FlaskClient) -> None:
    for page in ("preview", "keys"):
        assert staff.get(f"{who.base}/quizzes/module9/{page}").status_code == 404


def test_closing_says_what_becomes_of_open_attempts(who: Learner, signed_in: SignedIn) -> None:
    admin = signed_in(factories.person(administrator=True))
    assert "quiz attempt" not in admin.get(f"{who.base}/close").text
    start(who)
    assert "One quiz attempt is still open." in words(admin.get(f"{who.base}/close").text)
    start(who.another())
    assert "2 quiz attempts are still open. Closing hands in what was saved." in words(
        admin.get(f"{who.base}/close").text
    )
