"""What visitors see of an installed reading club; run in a process of its own, it prints one line of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from lms import cli
from lms.core import content, courses
from lms.core.cli import working
from lms.core.db import db
from lms.core.domain import Course, Role
from lms.core.progress import activities
from lms.gradebook.api import standing
from tests.conftest import COURSE, Browser, sign_in
from tests.core import factories

WORDS = "Two reports on single windows."


def look(app: Flask) -> dict[str, Any]:
    """Visit the club as everybody there is, and let a learner write."""
    courses.load_course(content.read_course(COURSE), app.extensions["lms"].content_parts)
    edition_id = factories.edition(db.session.query(Course.id).order_by(Course.id).limit(1).scalar())
    learner = factories.enrolment(edition_id)
    tutor = factories.enrolment(edition_id, role=Role.TUTOR)
    home = f"/e/{factories.slug_of(edition_id)}"
    page = f"{home}/reading-club"
    browsers = {
        "learner": sign_in(app, factories.person_of(learner)),
        "tutor": sign_in(app, factories.person_of(tutor)),
        "stranger": sign_in(app, factories.person()),
        "nobody": app.test_client(),
    }
    statuses = {name: browser.get(page).status_code for name, browser in browsers.items()}
    return {
        "statuses": statuses,
        "in_menu": {name: page in browsers[name].get(f"{home}/modules/").text for name in ("learner", "tutor")},
        "counting": [a.feature for a in activities(learner) if a.counts],
        "writing": writing(browsers, page, lambda: final(learner)) if statuses["learner"] == 200 else None,
    }


def writing(browsers: dict[str, FlaskClient], page: str, average: Callable[[], str]) -> dict[str, Any]:
    """Let a learner send nothing, too much, and a note; and a tutor try."""
    learner = browsers["learner"]
    long = learner.post(page, data={"text": "x" * 2001})
    return {
        "refused": [learner.post(page, data={"text": " "}).status_code, long.status_code, browsers["tutor"].post(page).status_code],
        "typed_is_kept": "x" * 2001 in long.text,
        "before": average(),
        "sent": learner.post(page, data={"text": WORDS}).status_code,
        "after": average(),
        "shown": [WORDS in browsers[name].get(page).text for name in ("learner", "tutor")],
    }


def final(enrolment_id: int) -> str:
    """Give a learner's final average as the gradebook has it."""
    db.session.expire_all()
    found = standing(enrolment_id)
    return str(found.final) if found else "none"


def main() -> None:
    """Look at the installation that the environment names, then at the same with the club switched off."""
    print(json.dumps([visit(), visit("reading_club")]))  # noqa: T201 - read by the test that starts this


def visit(disabled: str = "") -> dict[str, Any]:
    """Look at the installation without some plugins."""
    os.environ["LMS_DISABLED"] = disabled
    app = cli.make_app()
    app.test_client_class = Browser
    app.config |= {"TESTING": True, "WTF_CSRF_ENABLED": False}
    with working(app):
        return look(app)


if __name__ == "__main__":
    main()
