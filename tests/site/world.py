"""A small world with a row for every address: people of all roles, and what one learner among them has done."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import Table, delete, event, insert, select

from lms.accounts import tokens
from lms.accounts.models import AddressChange
from lms.applications.importing import upload
from lms.applications.models import Application, Likeness
from lms.applications.notices import publish
from lms.casestudies.bank import keep
from lms.certification.commands import request_all, share
from lms.certification.models import Certificate
from lms.core import clock
from lms.core.assets import asset_url
from lms.core.db import Model, db, unit_of_work
from lms.core.domain import Course, Person, Role, SignIn
from lms.core.limits import RateLimit
from lms.core.mail import OutgoingMail
from lms.core.viewer import NOBODY, edition_by_id, hash_token
from lms.core.work import GIVEN_UP
from lms.editions.api import EditionClosed, More, confirm, grant
from lms.forums import api as forums
from lms.forums.api import ANNOUNCEMENTS, Posted
from lms.invitations import travel
from lms.invitations.api import GatheringInfo, accept, arrange, invite, put_forward
from lms.invitations.values import Journey
from lms.modules.models import Figure, Page
from lms.quizzes.api import items_of, right_answer, save_answer, start_attempt, submit_attempt
from lms.workshops import api as workshops
from lms.workshops.desk import note_walk_in
from lms.workshops.sheets import disputes
from tests.conftest import Rows, noted, sign_in
from tests.core import factories
from tests.outages.factories import lately_out
from tests.reports.factories import report
from tests.site.opinion import opinion
from tests.site.runs import runs
from tests.site.undoing import undo
from tests.workshops.papers import pdf

ROLES = ("anonymous", "outsider", "classmate", "learner", "neighbour", "tutor", "administrator", "installation")
Values = Mapping[str, str | int]
READING = ("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
WRITING = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
COUNTERS = RateLimit.__tablename__


@dataclass
class World:
    """What addresses are filled with, a signed cookie for each role, and the moment at which all of it was there.

    `values` are the learner's rows by the name of the address's argument, or by 'endpoint.argument' where one name means two things.
    `variants` replace some of them: the same routes are tried again with rows in another state.
    """

    app: Flask
    values: Values
    variants: Mapping[str, Values]
    elsewhere: str
    cookies: Mapping[str, str]
    moment: datetime
    rows: Rows = field(default_factory=dict)
    stored: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @cached_property
    def tables(self) -> list[Table]:
        """All tables, each after those that it refers to."""
        return Model.metadata.sorted_tables

    def keep(self) -> None:
        """Note all rows as they are, to come back to."""
        with self.app.app_context():
            self.rows = noted(db.engine)
            event.listen(db.engine, "before_cursor_execute", self._watch)
        self.stored = self._now([table.name for table in self.tables if table.name != COUNTERS])

    def _watch(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        """Note the table that a statement may change; all of them for a statement that is of no known kind."""
        if not statement.startswith(READING):
            found = WRITING.match(statement)
            self.touched |= {found[1]} if found else {table.name for table in self.tables}

    def _now(self, names: Collection[str]) -> dict[str, list[tuple[Any, ...]]]:
        """Read the rows of some tables as they are stored."""
        if not names:
            return {}
        with self.app.app_context(), db.engine.connect() as connection, closing(connection.connection.cursor()) as cursor:

            def rows(name: str) -> list[tuple[Any, ...]]:
                cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a name of our own
                return sorted(cursor.fetchall(), key=repr)

            return {name: rows(name) for name in names}

    def changed(self) -> list[str]:
        """Name the tables that are not as they were noted, but for the counters of rate limits."""
        return self._changed(self.stored.keys())

    def _changed(self, names: Collection[str]) -> list[str]:
        return [name for name, rows in self._now(self.stored.keys() & names).items() if rows != self.stored[name]]

    def restore(self, names: Collection[str] | None = None) -> None:
        """Bring all rows back as they were noted, or those of some tables and of all that refer to them."""
        affected: list[Table] = []
        for table in self.tables:
            if names is None or table.name in names or any(key.column.table in affected for key in table.foreign_keys):
                affected.append(table)
        with self.app.app_context(), db.engine.begin() as connection:
            for table in reversed(affected):
                connection.execute(table.delete())
            for table in affected:
                if rows := self.rows[table.name]:
                    connection.execute(insert(table), rows)

    def settle(self, *, refused: bool) -> list[str]:
        """Undo what a request wrote; name the tables in which one that was refused has written nevertheless."""
        self.rest()
        changed = self._changed(self.touched)
        with self.app.app_context():
            undone = undo(db.engine, [table for table in self.tables if table.name in changed], self.rows)
        if not undone:
            self.restore(changed)
        self.touched.clear()
        return changed if refused else []

    def rest(self) -> None:
        """Forget how often anything was used, as after a long pause."""
        if COUNTERS in self.touched:
            with self.app.app_context(), db.engine.begin() as connection:
                connection.execute(delete(RateLimit))
            self.touched.discard(COUNTERS)


@dataclass(frozen=True, slots=True)
class People:
    """The world's people, by enrolment in the edition, except those who have none there."""

    edition: int
    learner: int
    classmate: int
    neighbour: int
    tutor: int
    administrator: int
    outsider: int
    installation: int
    elsewhere: str

    def cookies(self, app: Flask) -> dict[str, str]:
        """Sign everybody in, and give the cookies of their browsers."""
        roles = ("learner", "classmate", "neighbour", "tutor", "administrator")
        inside = {role: factories.person_of(getattr(self, role)) for role in roles}
        persons = {**inside, "outsider": self.outsider, "installation": self.installation}
        found = {role: sign_in(app, person).get_cookie("lms") for role, person in persons.items()}
        return {role: cookie.value for role, cookie in found.items() if cookie}


def build(app: Flask, course: Course) -> World:
    """Store the world."""
    people = _people(course)
    cookies = people.cookies(app)
    first, second = _attempts(people)
    values: dict[str, str | int] = {
        "edition": factories.slug_of(people.edition),
        "module": "module1",
        "lesson": "first",
        "forum": "module1",
        "enrolment": people.learner,
        "attempt_id": second,
        "extension": _more_time(people),
        "outage": lately_out(people.edition),
        "version": _notice(),
        "file": _file(people),
        "likeness": _likeness(people),
        **report(people.edition, factories.viewer_of(people.administrator)),
        **opinion(people.edition, people.classmate),
        **_certificate(people),
        **_account(factories.person_of(people.learner)),
        **_texts(course.id),
    }
    posts, variants = _talk(people)
    values |= _invited(people)
    values |= _failed_mail(people)
    values |= _workshop(people)
    values |= runs(people.edition, people.learner, factories.viewer_of(people.administrator))
    variants["submitted"] = {"attempt_id": first}
    variants["waiting"] = {"enrolment": _applied(people.edition)}
    variants["staff"] = {"enrolment": people.tutor, "person": factories.person(administrator=True)}
    world = World(app, {**values, **posts}, variants, people.elsewhere, cookies, clock.now())
    world.keep()
    return world


def _people(course: Course) -> People:
    began = {"starts_on": factories.someday(-3)}
    edition, other = (factories.edition(course.id, slug=slug, **began) for slug in ("here", "elsewhere"))
    roles = {role: factories.enrolment(edition, role=Role(role)) for role in ("tutor", "administrator")}
    roles["neighbour"] = factories.enrolment(edition, role=Role.TUTOR, modules=["module2"])
    learners = {name: factories.enrolment(edition, state="applied", institution="Customs") for name in ("learner", "classmate")}
    for enrolment in learners.values():
        with unit_of_work():
            confirm(enrolment)
    outsider = factories.person()
    for role_elsewhere, person in ((Role.LEARNER, outsider), (Role.ADMINISTRATOR, factories.person_of(roles["administrator"]))):
        factories.enrolment(other, person, role_elsewhere)
    installation = factories.person(administrator=True)
    return People(edition, **roles, **learners, outsider=outsider, installation=installation, elsewhere=factories.slug_of(other))


def _attempts(people: People) -> tuple[int, int]:
    """Let the learner hand in a perfect attempt and begin another."""
    with unit_of_work():
        first = start_attempt(people.learner, "module1")
        for item in items_of(first):
            save_answer(first, item.position, right_answer(item.asked.question))
        submit_attempt(first)
    with unit_of_work():
        return first, start_attempt(people.learner, "module1")


def _more_time(people: People) -> int:
    with unit_of_work():
        more = More(2, "The line was down.", "module1")
        return grant(edition_by_id(people.edition), factories.viewer_of(people.administrator), more, enrolment_id=people.learner)


def _notice() -> int:
    """Publish a privacy notice, to which nobody has agreed yet."""
    with unit_of_work():
        return publish(NOBODY, "## What we keep\n\nYour name.", 0)


def _applied(edition: int) -> int:
    """Let somebody wait for a decision."""
    enrolment = factories.enrolment(edition, state="applied", confirmed_at=None)
    with unit_of_work():
        db.session.add(Application(enrolment_id=enrolment, position="Officer", motivation="To learn."))
    return enrolment


def _file(people: People) -> int:
    """Upload a file of nominees."""
    body = b"E-mail,Name,Country,Sector,Institution\nnominee@example.org,A Nominee,KH,private,A bank\n"
    with unit_of_work():
        return upload(edition_by_id(people.edition), factories.viewer_of(people.administrator), "nominees.csv", body)


def _likeness(people: People) -> int:
    """Propose that two learners are the same person."""
    with unit_of_work():
        row = Likeness(edition_id=people.edition, first_id=people.learner, second_id=people.classmate, reasons=["a similar name"])
        db.session.add(row)
        db.session.flush()
        return row.id


def _certificate(people: People) -> dict[str, str | int]:
    with unit_of_work():
        request_all(EditionClosed(people.edition, None))
    row = db.session.scalars(select(Certificate).where(Certificate.enrolment_id == people.learner)).one()
    assert row.issued_at
    with unit_of_work():
        share(people.learner, row.id, on=True)
    return {"certificate": row.id, "number": row.number, "share": row.share or "", "certification.status_list.number": 0}


def _invited(people: People) -> Values:
    """Let the learner come to the workshop, and ask for another journey than the one that is booked."""
    first = factories.someday(30)
    said = Journey(arrives_on=first, leaves_on=first, visa="no")
    where = GatheringInfo(
        title="The workshop",
        place="Singapore",
        starts_on=first,
        ends_on=first,
        answer_days=5,
        freeze_on=first,
        delete_on=factories.someday(60),
        automatic=False,
    )
    with unit_of_work():
        arrange(people.edition, where)
        put_forward(people.edition, [people.learner])
        invite(people.edition, clock.now() + timedelta(days=5))
        accept(people.learner)
        put_forward(people.edition, [people.classmate])
        travel.save(people.learner, said, 0)
        travel.upload(people.learner, b"%PDF-1.7 a passport")
        with clock.at(clock.now() + timedelta(days=31)):
            travel.save(people.learner, replace(said, visa="yes"), 1)
    return {"change": travel.read(people.learner).change_id or 0, "invitations.sheet.sheet": "badges"}


def _workshop(people: People) -> Values:
    """Let the learner be at a workshop of today: a case study, a recommendation, a disputed mark, a waiver that is asked for."""
    by, edition = factories.viewer_of(people.administrator), people.edition
    with unit_of_work():
        half = workshops.set_up(edition, [factories.someday(0)], by)[0]
        study = workshops.hand_in(edition, people.learner, workshops.Text("module1", "Signatures at the border", "What we did."))
        workshops.put_slides(people.learner, "slides.pdf", pdf())
        recommendation = workshops.recommend(edition, people.learner, workshops.Draft(workshops.Level.POLICY, "Agree on terms."))
        now = clock.now()
        session = workshops.plan(edition, workshops.Plan("Opening", workshops.Kind.TALK, now, now + timedelta(hours=1)), by)
        for state, how in ((workshops.State.ABSENT, workshops.How.LIST), (workshops.State.PRESENT, workshops.How.DEVICE)):
            workshops.record(workshops.Entry(half.id, people.learner, state, how), by)
        waiver = workshops.ask_waiver(edition, people.learner, workshops.Need.ATTENDANCE, "Called away.", by)
        walk_in = note_walk_in(half.id, "A walk-in", "", by)
        phrase = keep(edition, by, "Clear from the first page on.")
    mark = disputes(edition)[0].id
    rows = {"half_day": half.id, "session": session, "mark": mark, "waiver": waiver, "walk_in": walk_in, "phrase": phrase}
    return {"study": study, "recommendation": recommendation, **rows}


def _account(person_id: int) -> dict[str, str | int]:
    """Let the learner ask for another address, and find what else belongs to the account."""
    now, token = clock.now(), "token-of-the-new-address"
    with unit_of_work():
        until, secret = now + timedelta(hours=1), hash_token(token)
        db.session.add(AddressChange(person_id=person_id, email="new@example.org", token_hash=secret, asked_at=now, expires_at=until))
    person = db.session.get_one(Person, person_id)
    invited = db.session.get_one(Person, factories.person(password_hash="", email_confirmed_at=None))
    mails = select(OutgoingMail.id).where(OutgoingMail.person_id == person_id).order_by(OutgoingMail.id)
    return {
        "person": person_id,
        "sign_in": db.session.scalars(select(SignIn.id).where(SignIn.person_id == person_id)).one(),
        "mail_id": db.session.scalars(mails.limit(1)).one(),
        "accounts.confirm_address.token": tokens.confirmation(person_id, person.email),
        "accounts.new_password.token": tokens.reset(person),
        "accounts.welcome.token": tokens.invitation(invited),
        **dict.fromkeys(("accounts.new_address.token", "accounts.first_run.token"), token),
    }


def _texts(course_id: int) -> dict[str, str | int]:
    """Add what the small course lacks: a page and a figure."""
    with unit_of_work():
        db.session.add(Figure(digest="0" * 64, name="map.svg", body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
        db.session.add(Page(course_id=course_id, slug="how", number=1, title="How it works", minutes=2, html="<p>Read.</p>"))
    names = {"modules.figure.name": "map.svg", "asset.name": asset_url("style.css").removeprefix("/assets/")}
    return {"page": "how", "digest": "0" * 64, **names}


def _talk(people: People) -> tuple[Values, dict[str, Values]]:
    """Let the learner write a post that was changed and reported, one that was hidden, one withdrawn, and topics of all states."""
    staff = factories.viewer_of(people.tutor)
    topic = _topic(people, "How we began")
    _reply(people, people.classmate, topic.topic_id)
    hidden, withdrawn = (_reply(people, people.learner, topic.topic_id) for _ in range(2))
    with unit_of_work():
        forums.withdraw(people.edition, people.learner, withdrawn)
    post = _reply(people, people.learner, topic.topic_id)
    locked, unseen = _topic(people, "Not to be answered"), _topic(people, "Not to be seen")
    with unit_of_work():
        forums.edit_post(people.edition, people.learner, post, version=1, body="Said better.")
        forums.flag(people.edition, people.administrator, post, "rude")
        forums.hide(people.edition, hidden, staff, "It names somebody.")
        forums.hide(people.edition, unseen.post_id, staff, "It is advertising.")
        forums.lock(people.edition, locked.topic_id, staff, "All is said.")
        news = forums.start_topic(people.edition, people.tutor, ANNOUNCEMENTS, "Welcome", "We begin.")
        later = forums.start_topic(people.edition, people.tutor, "module2", "Next week", "We go on.")
    return {"topic": topic.topic_id, "post": post}, {
        "hidden": {"topic": unseen.topic_id, "post": hidden},
        "withdrawn": {"post": withdrawn},
        "locked": {"topic": locked.topic_id, "post": locked.post_id},
        "later": {"module": "module2", "forum": "module2", "topic": later.topic_id, "post": later.post_id},
        "news": {"forum": ANNOUNCEMENTS, "topic": news.topic_id, "post": news.post_id},
    }


def _failed_mail(people: People) -> Values:
    """Let the learner's mail of the announcement fail."""
    person = factories.person_of(people.learner)
    with unit_of_work():
        mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.person_id == person, OutgoingMail.mailing_id.is_not(None))).one()
        mail.state, mail.last_error = GIVEN_UP, "Undeliverable: 550 no such mailbox"
    return {"mailing": mail.mailing_id or 0, "mail": mail.id}


def _topic(people: People, title: str) -> Posted:
    with unit_of_work():
        return forums.start_topic(people.edition, people.learner, "module1", title, "This is what I saw.")


def _reply(people: People, author: int, topic: int) -> int:
    with unit_of_work():
        return forums.reply(people.edition, author, topic, "I agree.").post_id
