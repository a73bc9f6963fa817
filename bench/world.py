"""The data that is measured on: the real course, an edition with learners, grades and posts, and people to send there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from flask import Flask, session
from flask_login import login_user

from bench.talk import BROWSER, Visitor
from lms.accounts.commands import hasher, start
from lms.app import create_app
from lms.core import clock
from lms.core.content import read_course
from lms.core.courses import load_course
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment, EnrolmentState, Person, Role
from lms.editions.api import NewEdition, create_edition
from lms.forums.api import reply, start_topic
from lms.modules.api import mark_read, modules_of
from lms.quizzes.api import items_of, right_answer, save_answer, start_attempt, submit_attempt, wrong_answer
from lms.settings import Settings

DAY = 29  # of the edition: every module is open and none is closed
PASSWORD = "measuring is knowing"  # noqa: S105 - of invented people
ZONE = "Asia/Singapore"
RUNNING = "running"  # the edition with grades and posts
FRESH = "fresh"  # the edition whose learners have not begun
TOPIC_POSTS = 11
POST = "We register traders by the number on their **tax card**. It fails at renewal: the office is 200 km away.\n\nWho pays for that in your country?"  # noqa: E501 - one text or table


@dataclass(frozen=True, slots=True)
class Size:
    """How much data: learners of the running edition and the attempts of each, learners who have not begun, learners of a large edition."""

    learners: int = 188
    attempts: int = 5
    fresh: int = 1000
    large: int = 5000


@dataclass(slots=True)
class World:
    """An installation with data; `people` holds the ids of persons by the edition they learn in, the rest are addresses there."""

    app: Flask
    size: Size
    people: dict[str, list[int]] = field(default_factory=dict)
    administrator: int = 0
    lesson: str = ""
    next_lesson: str = ""
    quiz: str = ""
    topic: str = ""

    def visitors(self, edition: str, count: int, skip: int = 0) -> list[Visitor]:
        """Sign learners of an edition in, the first `skip` left out."""
        return [self.visitor(person_id) for person_id in self.people[edition][skip : skip + count]]

    def visitor(self, person_id: int) -> Visitor:
        """Sign a person in as the sign-in page does once it has checked the password."""
        with self.app.test_request_context(headers={"User-Agent": BROWSER}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            with unit_of_work():
                viewer = start(db.session.get_one(Person, person_id), BROWSER)
            session.permanent = True
            login_user(viewer)
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            return Visitor(f"{self.app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}")


@contextmanager
def world(settings: Settings, size: Size) -> Iterator[World]:
    """Fill an empty database; the same each time but for the clock."""
    made = World(create_app(settings), size)
    with made.app.app_context():
        _fill(made, settings)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def _fill(made: World, settings: Settings) -> None:
    db.create_all()
    for folder in settings.content:
        load_course(read_course(folder), made.app.extensions["lms"].content_parts)
    with unit_of_work():
        made.administrator = register("administrator", 1, administrator=True)[0]
        running, fresh = edition(RUNNING), edition(FRESH)
        learners: list[int] = []
        for slug, edition_id, count in ((RUNNING, running, made.size.learners), (FRESH, fresh, made.size.fresh)):
            made.people[slug] = register(slug, count)
            enrolments = enrol(edition_id, made.people[slug])
            if slug == RUNNING:
                learners = enrolments
    _study(running, learners, made.size.attempts)
    module = modules_of(running)[0]
    made.lesson, made.next_lesson = [f"modules/{module.slug}/{lesson.slug}" for lesson in module.lessons[:2]]
    made.quiz = f"quizzes/{module.slug}/"
    made.topic = f"forums/{module.slug}/{_discuss(running, learners, module.slug)}"


def edition(slug: str) -> int:
    """Make an edition in its last week."""
    starts_on = clock.today(ZONE) - timedelta(days=DAY)
    now = clock.now()
    new = NewEdition(
        slug=slug,
        title=slug.title(),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=32),
        zone=ZONE,
        countries=(),
        registration_opens_at=now - timedelta(days=60),
        registration_closes_at=now + timedelta(days=1),
    )
    return create_edition(db.session.query(Course.slug).scalar(), new)


def register(kind: str, count: int, *, administrator: bool = False) -> list[int]:
    """Invent people with accounts and give their ids."""
    password = hasher.hash(PASSWORD)
    rows = [
        Person(
            email=f"{kind}{number}@example.org",
            email_confirmed_at=clock.now(),
            password_hash=password,
            name=f"{kind.title()} Learner {number}",
            printed_name=f"{kind.title()} Learner {number}",
            gender=("woman", "man")[number % 2],
            country=("KH", "ID", "VN", "TH", "SG")[number % 5],
            sector="government",
            institution="Ministry of Trade",
            zone=ZONE,
            administrator=administrator,
        )
        for number in range(1, count + 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def enrol(edition_id: int, people: list[int]) -> list[int]:
    """Let people learn in an edition and give the ids of their enrolments."""
    rows = [
        Enrolment(
            edition_id=edition_id,
            person_id=person_id,
            role=Role.LEARNER,
            state=EnrolmentState.CONFIRMED,
            country="KH",
            gender="woman",
            sector="government",
            institution="Ministry of Trade",
            confirmed_at=clock.now(),
        )
        for person_id in people
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def _study(edition_id: int, enrolments: list[int], attempts: int) -> None:
    """Let every learner read and hand in attempts, through the commands that the pages use."""
    random = Random(2019)
    modules = modules_of(edition_id)
    for enrolment_id in enrolments:
        with unit_of_work():
            for module in modules[:attempts]:
                for lesson in module.lessons[: random.randint(1, 6)]:
                    mark_read(enrolment_id, lesson.id)
                _attempt(enrolment_id, module.slug, random)


def _attempt(enrolment_id: int, module: str, random: Random) -> None:
    attempt_id = start_attempt(enrolment_id, module)
    for item in items_of(attempt_id):
        answer = right_answer if random.random() < 0.8 else wrong_answer  # noqa: PLR2004 - most learners know most
        save_answer(attempt_id, item.position, answer(item.asked.question))
    submit_attempt(attempt_id)


def _discuss(edition_id: int, enrolments: list[int], forum: str) -> int:
    with unit_of_work():
        topic = start_topic(edition_id, enrolments[0], forum, "The weakest link in our registers", POST).topic_id
        for enrolment_id in enrolments[1:TOPIC_POSTS]:
            reply(edition_id, enrolment_id, topic, POST)
    return topic
