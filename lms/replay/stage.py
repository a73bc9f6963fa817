"""The stage of a replay: invented people who act through the same commands that the web pages use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import update

from lms.accounts.api import NewPerson, confirm_address, make_administrator, sign_up
from lms.core import clock, countries
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, Gender, Role, Sector
from lms.core.errors import Conflict
from lms.core.viewer import NOBODY, Viewer
from lms.editions.api import (
    NewEdition,
    appoint,
    close_edition,
    create_edition,
    enrolment_of,
)
from lms.forums.api import Posted, answer_prompt, dismiss, flag, hide, reply, start_topic
from lms.modules.api import mark_read, modules_of
from lms.quizzes.api import items_of, right_answer, save_answer, start_attempt, submit_attempt, wrong_answer
from lms.replay.people import ZONES
from lms.replay.scenario import ModuleShape, Plan, Scenario

NEW_TOPIC = 0.25
ADMINISTRATORS = ("Mira Adler", "Omar Haddad")
LEARNER, TUTOR, ADMINISTRATOR = Role.LEARNER.value, Role.TUTOR.value, Role.ADMINISTRATOR.value


@dataclass(slots=True)
class Stage:
    """What the steps of a replay share: the edition, who is in it, and what was written so far."""

    scenario: Scenario
    passwords: Mapping[str, str] = field(default_factory=dict)
    plans: Sequence[Plan] = ()
    shapes: Sequence[ModuleShape] = ()
    starring: int = -1
    edition_id: int = 0
    administrator: Viewer = NOBODY
    people: dict[int, tuple[int, str]] = field(default_factory=dict)
    enrolments: dict[int, int] = field(default_factory=dict)
    second: Viewer = NOBODY
    tutors: list[int] = field(default_factory=list)
    assessors: list[Viewer] = field(default_factory=list)
    topics: dict[str, list[int]] = field(default_factory=dict)
    posts: list[tuple[int, int]] = field(default_factory=list)
    reported: list[int] = field(default_factory=list)
    started: set[str] = field(default_factory=set)
    asked: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)
    ran: int = 0
    studies: dict[int, int] = field(default_factory=dict)
    drafts: list[int] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    quoted: int = 0

    def set_up(self, opens_at: datetime, closes_at: datetime, *, demo: bool) -> None:
        """Make the edition and its staff."""
        scenario = self.scenario
        with clock.at(opens_at), unit_of_work():
            self.administrator, self.second = (self._administrator(*who) for who in enumerate(ADMINISTRATORS))
            edition = NewEdition(
                slug=scenario.slug,
                title=scenario.title,
                starts_on=scenario.starts_on,
                ends_on=scenario.ends_on,
                zone=scenario.zone,
                countries=tuple(scenario.registered),
                registration_opens_at=opens_at,
                registration_closes_at=closes_at,
                demo=demo,
            )
            self.edition_id = create_edition(scenario.course, edition)
            for number in range(scenario.tutors):
                self._appoint_tutor(number)

    def _administrator(self, number: int, name: str) -> Viewer:
        person_id = make_administrator(self._staff(ADMINISTRATOR, name, number), NOBODY)
        return Viewer(person_id=person_id, name=name, administrator=True, role=ADMINISTRATOR)

    def _appoint_tutor(self, number: int) -> None:
        names = ("Rosa Lindqvist", "Tomas Okafor", "Ines Barreto", "Paul Tanaka")
        new = self._staff(TUTOR, names[number % len(names)], number)
        person_id = sign_up(self.edition_id, new)
        if person_id is not None:
            confirm_address(person_id, new.email)
            enrolment_id = appoint(self.edition_id, person_id, Role.TUTOR)
            self.tutors.append(enrolment_id)
            self.assessors.append(Viewer(person_id=person_id, name=new.name, role=TUTOR, enrolment_id=enrolment_id))

    def _staff(self, role: str, name: str, number: int) -> NewPerson:
        known = number == 0 and role in self.passwords
        address = f"{role}@{self._domain()}" if known else f"{name.split(maxsplit=1)[0].lower()}@{self._domain()}"
        return NewPerson(
            email=address,
            password=self.passwords[role] if known else None,
            name=name,
            printed_name=name,
            country="SG",
            sector=Sector.INTERNATIONAL,
            institution="Course team",
            gender=Gender.UNDISCLOSED,
            zone="Asia/Singapore",
        )

    def _domain(self) -> str:
        return f"{self.scenario.slug}.example.org"

    def sign_up(self, number: int) -> None:
        """Let a learner register."""
        person = self.plans[number].person
        star = number == self.starring
        new = NewPerson(
            email=f"{LEARNER}@{self._domain()}" if star else person.email,
            password=self.passwords[LEARNER] if star else None,
            name=person.name,
            printed_name=person.printed_name,
            country=person.country,
            sector=person.sector,
            institution=person.institution,
            gender=person.gender,
            zone=ZONES[person.country],
        )
        person_id = sign_up(self.edition_id, new)
        if person_id is None:
            message = f"{new.email} has an account already; replay into another data folder or under another --slug."
            raise Conflict(message)
        self.people[number] = person_id, new.email

    def confirm(self, number: int) -> None:
        """Let a learner follow the link in the mail."""
        person_id, email = self.people[number]
        confirm_address(person_id, email)
        self.enrolments[number] = enrolment_of(self.edition_id, person_id)

    def _come(self, number: int) -> None:
        """Note that a learner is here, as the pages do."""
        query = update(Enrolment).where(Enrolment.id == self.enrolments[number])
        db.session.execute(query.values(seen_at=clock.now()))

    def read(self, number: int, place: int, lesson: int) -> None:
        """Let a learner mark a lesson as read."""
        self._come(number)
        mark_read(self.enrolments[number], modules_of(self.edition_id)[place].lessons[lesson].id)

    def attempt(self, number: int, place: int, rights: int, spent: timedelta, random: Random) -> None:
        """Let a learner take a quiz and get so many questions right."""
        self._come(number)
        attempt_id = start_attempt(self.enrolments[number], self.shapes[place].slug)
        asked = list(items_of(attempt_id))
        right = set(random.sample(range(len(asked)), rights))
        with clock.at(clock.now() + spent):
            for index, item in enumerate(asked):
                question = item.asked.question
                answer = right_answer(question) if index in right else wrong_answer(question)
                save_answer(attempt_id, item.position, answer)
            submit_attempt(attempt_id)

    def write(self, number: int, place: int, random: Random) -> None:
        """Let a learner write in a module's forum: an answer to the prompt, a reply, or a topic."""
        self._come(number)
        slug, enrolment_id = self.shapes[place].slug, self.enrolments[number]
        country = countries.name(self.plans[number].person.country)
        topics = self.topics.setdefault(slug, [])
        fresh = [topic for topic in _posts()["topics"] if topic[0] not in self.started]
        if fresh and random.random() < NEW_TOPIC:
            title, body = random.choice(fresh)
            self.started.add(title)
            posted = start_topic(self.edition_id, enrolment_id, slug, title, body.format(country=country))
            topics.append(posted.topic_id)
            self._remember(number, posted)
            return
        body = random.choice(_posts()["replies"]).format(country=country)
        if topics and random.random() < 1 / 2:
            self._remember(number, reply(self.edition_id, enrolment_id, random.choice(topics), body))
        else:
            self._remember(number, answer_prompt(self.edition_id, enrolment_id, slug, body))

    def _remember(self, number: int, posted: Posted) -> None:
        self.posts.append((number, posted.post_id))

    def report(self, category: str, note: str, random: Random) -> None:
        """Let a learner report what another wrote lately."""
        author, post_id = self.posts[-1 - random.randrange(min(20, len(self.posts)))]
        reporter = random.choice([number for number in self.enrolments if number != author])
        flag(self.edition_id, self.enrolments[reporter], post_id, category, note)
        self.reported.append(post_id)

    def decide(self, verdict: str, reason: str) -> None:
        """Let the administrator decide about the oldest report that is open."""
        command = hide if verdict == "hide" else dismiss
        command(self.edition_id, self.reported.pop(0), self.administrator, reason)

    def tutor_round(self, slug: str, random: Random) -> None:
        """Let a tutor answer in one of a module's topics."""
        if topics := self.topics.get(slug):
            reply(self.edition_id, random.choice(self.tutors), random.choice(topics), random.choice(_posts()["tutor"]))

    def announce(self, title: str, body: str) -> None:
        """Let the first tutor write to everybody."""
        start_topic(self.edition_id, self.tutors[0], "announcements", title, body)

    def close(self) -> None:
        """Let the administrator close the edition."""
        close_edition(self.edition_id, self.administrator)


@cache
def _posts() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "posts.toml").read_text(encoding="utf-8"))


def reports() -> list[Mapping[str, Any]]:
    """List what learners report on which day after the start, and how it is decided some days later."""
    return list(_posts()["reports"])


def announcements() -> list[tuple[int, str, str]]:
    """List what is announced: (day after the start, title, text)."""
    return [(row["day"], row["title"], row["body"]) for row in _posts()["announcements"]]
