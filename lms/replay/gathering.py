"""The second half of a replay: selection, invitations, the workshop with its questionnaires, the second certificate."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from lms.casestudies.api import Assessment
from lms.core import clock, countries, tasks
from lms.invitations.api import GatheringInfo, accept, arrange, confirm_again, decline, invite, put_forward
from lms.replay import opinions
from lms.replay.scenario import Fate, ModuleShape, Plan, Scenario
from lms.replay.stage import Stage
from lms.replay.steps import Step, at
from lms.reports.api import FORMS, ask_for, say_named, take_snapshot
from lms.selection import api as selection
from lms.workshops import api as workshops
from lms.workshops.api import Consent, Draft, Entry, How, Level, Need, Quote, Speaker, Stance, State, Text

SELECTION, INVITATION, DEADLINE = 5, 7, 10  # days: after the course, after it again, and to answer
LEVELS = 5
SUPPORT = 0.35
NAMED = 0.85
REFUSES = 4  # one in so many does not agree to be quoted
REMOTE = " (remote)"
REPORT = 3  # days after the workshop
OVERALL = "workshop:overall"


def steps(scenario: Scenario, plans: Sequence[Plan], modules: Sequence[ModuleShape], random: Random) -> Iterator[Step]:
    """List what happens after the course is closed."""
    last = (scenario.ends_on - scenario.starts_on).days
    yield Step(at(scenario, last + SELECTION, 10), rules)
    yield Step(at(scenario, last + SELECTION, 10.1), run)
    yield Step(at(scenario, last + SELECTION, 15), approve)
    yield from _invitations(scenario, plans, last + INVITATION, random)
    first = (scenario.workshop.starts_on - scenario.starts_on).days
    yield from _studies(scenario, plans, modules, first, random)
    yield from _days(scenario, plans, first, random)
    yield from _recommendations(scenario, plans, first + scenario.workshop.days - 1, random)
    yield from _awards(scenario, first + scenario.workshop.days - 1)
    yield Step(at(scenario, first + scenario.workshop.days + REPORT, 10), write_report)


def _coming(plans: Sequence[Plan], day: int | None = None, days: int = 0) -> list[int]:
    """List who comes to the workshop, on a day counted from 0; who leaves early misses the last."""
    fates = {Fate.COMES} if day == days - 1 else {Fate.COMES, Fate.LEAVES_EARLY}
    return [number for number, plan in enumerate(plans) if plan.fate in fates]


def rules(stage: Stage) -> None:
    """Let an administrator say by what and within which quotas is selected: a setting, not the organisers' rule."""
    wanted = selection.Rules(seats=stage.scenario.seats, seed=stage.scenario.slug, each_country=selection.Range(0, 10), women=30)
    selection.set_rules(stage.edition_id, stage.administrator, wanted)


def run(stage: Stage) -> None:
    """Let an administrator ask for a run."""
    stage.ran = selection.run(stage.edition_id, stage.administrator)


def approve(stage: Stage) -> None:
    """Let the other administrator approve it."""
    selection.approve(stage.ran, stage.second)


def _invitations(scenario: Scenario, plans: Sequence[Plan], day: int, random: Random) -> Iterator[Step]:
    yield Step(at(scenario, day, 9), invite_all)
    deadline = at(scenario, day + DEADLINE, 20)
    reasons = random.sample(_texts()["declines"], len(_texts()["declines"]))
    for number, plan in enumerate(plans):
        moment = at(scenario, day, 12) + timedelta(hours=random.uniform(0, 24 * (DEADLINE - 1)))
        if plan.fate in {Fate.COMES, Fate.LEAVES_EARLY}:
            yield Step(moment, partial(accepts, number=number))
            yield Step(moment + timedelta(minutes=5), partial(names, number=number, agrees=random.random() < NAMED))
            yield Step(at(scenario, _first(scenario) - random.randint(1, 6), random.uniform(9, 20)), partial(confirms, number=number))
        elif plan.fate is Fate.STAYS_AWAY and reasons:
            yield Step(moment, partial(declines, number=number, reason=reasons.pop()))
    yield Step(deadline + timedelta(hours=5), partial(sweep, name="invitations.sweep"))


def _first(scenario: Scenario) -> int:
    return (scenario.workshop.starts_on - scenario.starts_on).days


def invite_all(stage: Stage) -> None:
    """Let an administrator say where and when the workshop is, and invite the selected."""
    found = stage.scenario.workshop
    ends_on = found.starts_on + timedelta(days=found.days - 1)
    info = GatheringInfo(
        title="Regional workshop",
        place=found.place,
        starts_on=found.starts_on,
        ends_on=ends_on,
        answer_days=DEADLINE,
        freeze_on=found.starts_on - timedelta(days=5),
        delete_on=ends_on + timedelta(days=30),
        automatic=False,
    )
    arrange(stage.edition_id, info, stage.administrator)
    list_ = selection.approved(stage.edition_id)
    put_forward(stage.edition_id, list_.selected if list_ else (), stage.administrator)
    invite(stage.edition_id, clock.now() + timedelta(days=DEADLINE), stage.administrator)
    workshops.set_up(stage.edition_id, _dates(stage.scenario), stage.administrator)


def _dates(scenario: Scenario) -> list[date]:
    return [scenario.workshop.starts_on + timedelta(days=day) for day in range(scenario.workshop.days)]


def accepts(stage: Stage, number: int) -> None:
    """Let somebody accept."""
    accept(stage.enrolments[number])


def names(stage: Stage, number: int, agrees: bool) -> None:  # noqa: FBT001 - one of its facts
    """Let somebody say whether the report may name them."""
    say_named(stage.enrolments[number], agrees=agrees)


def declines(stage: Stage, number: int, reason: str) -> None:
    """Let somebody decline."""
    decline(stage.enrolments[number], reason)


def confirms(stage: Stage, number: int) -> None:
    """Let somebody confirm to come."""
    confirm_again(stage.enrolments[number])


def sweep(stage: Stage, name: str) -> None:
    """Let the periodic work of a feature happen."""
    del stage
    tasks.run(name)


def _studies(
    scenario: Scenario, plans: Sequence[Plan], modules: Sequence[ModuleShape], first: int, random: Random
) -> Iterator[Step]:
    left = dict(scenario.case_studies)
    authors = [n for n, plan in enumerate(plans) if plan.fate is Fate.COMES and (left.setdefault(plan.person.country, 0))]
    for number in authors:
        country = plans[number].person.country
        if not left[country]:
            continue
        left[country] -= 1
        place = random.randrange(len(modules))
        yield Step(at(scenario, first - random.randint(1, 5), random.uniform(9, 22)), partial(hands_in, number=number, place=place))
        levels = tuple(random.choice((3, 4, 4, 5, 5)) for _ in range(4))
        presented = at(scenario, first + random.randrange(scenario.workshop.days - 1), random.uniform(14, 17))
        yield Step(presented, partial(graded, number=number, levels=levels, by=0))
        again = tuple(max(1, min(LEVELS, level + random.choice((-1, 0, 0, 1)))) for level in levels)
        yield Step(presented + timedelta(hours=2), partial(graded, number=number, levels=again, by=1))


def hands_in(stage: Stage, number: int, place: int) -> None:
    """Let somebody hand a case study in."""
    country = countries.name(stage.plans[number].person.country)
    about = [words for words in _texts()["studies"] if words["module"] == place + 1]
    words = about[len(stage.studies) % len(about)]
    text = Text(stage.shapes[place].slug, words["title"].format(country=country), words["summary"].format(country=country))
    stage.studies[number] = workshops.hand_in(stage.edition_id, stage.enrolments[number], text)


def graded(stage: Stage, number: int, levels: tuple[int, ...], by: int) -> None:
    """Let a tutor assess a case study."""
    assessor = stage.assessors[by % len(stage.assessors)]
    workshops.grade(stage.studies[number], assessor, Assessment(levels, comment="", final=True))


def _days(scenario: Scenario, plans: Sequence[Plan], first: int, random: Random) -> Iterator[Step]:
    days = scenario.workshop.days
    yield Step(at(scenario, first - 3, 9), partial(plan_agenda, first=at(scenario, first, 0)))
    yield Step(at(scenario, first, 8), seat_studies)
    for day in range(days):
        there = _coming(plans, day, days)
        yield Step(at(scenario, first + day, 18.5), partial(write_records, day=day, there=there))
        for half, hour in enumerate((9.0, 14.0)):
            for number in there:
                moment = at(scenario, first + day, hour) + timedelta(minutes=random.uniform(0, 25))
                yield Step(moment, partial(present, number=number, half=2 * day + half))
        facts = {"template": "workshop-day", "audience": f"workshop:day{day + 1}", "day": day + 1}
        name, closes = f"workshop:day{day + 1}", at(scenario, first + day, 20)
        yield from _opinions(name, f"Your opinion of day {day + 1}", facts, closes, there, scenario.workshop.satisfaction_days[day], random)
    facts = {"template": "workshop-overall", "audience": "workshop"}
    there, closes = _coming(plans, days - 1, days), at(scenario, first + days - 1, 21)
    yield from _opinions(OVERALL, "Your opinion of the course", facts, closes, there, scenario.workshop.satisfaction_overall, random)


def _opinions(  # noqa: PLR0913, PLR0917 - each is a part of one thing
    name: str, title: str, facts: Mapping[str, Any], closes: datetime, people: Sequence[int], percent: float, random: Random
) -> Iterator[Step]:
    opens = closes - timedelta(hours=3, minutes=30)
    yield Step(opens, partial(opinions.ask, name=name, title=title, closes_at=closes + timedelta(hours=1), facts=facts))
    words = _texts()["comments"]
    yield Step(
        opens + timedelta(seconds=1),
        partial(opinions.deal, name=name, numbers=people, percent=percent, comments=words, random=Random(random.random())),
    )
    for number in people:
        moment = opens + timedelta(minutes=random.uniform(1, 180))
        yield Step(moment, partial(opinions.give, name=name, number=number, quotable=random.random() < 1 / 2))
    yield Step(closes, partial(opinions.end, name=name))


def plan_agenda(stage: Stage, first: datetime) -> None:
    """Let an administrator plan the sessions."""
    begins = {day: first + timedelta(days=day, hours=9) for day in range(stage.scenario.workshop.days)}
    for row in _texts()["sessions"]:
        start = begins[row["day"] - 1]
        speakers = tuple(_speaker(text) for text in row.get("speakers", ()))
        times = start, start + timedelta(minutes=90)
        planned = workshops.Plan(row["title"], workshops.Kind(row["kind"]), *times, room="Room 2.3", speakers=speakers)
        stage.sessions.append(workshops.plan(stage.edition_id, planned, stage.administrator))
        begins[row["day"] - 1] = start + timedelta(hours=5 if start.hour % 24 == first.hour + 9 else 2)


def _speaker(text: str) -> Speaker:
    name, affiliation = text.removesuffix(REMOTE).split(", ", 1)
    return Speaker(name, affiliation, remote=text.endswith(REMOTE))


def seat_studies(stage: Stage) -> None:
    """Let an administrator spread the case studies over the sessions that are for them."""
    rounds = [session for session, row in zip(stage.sessions, _texts()["sessions"], strict=True) if row["kind"] == "case studies"]
    studies = [stage.studies[number] for number in sorted(stage.studies)]
    for place, session in enumerate(rounds):
        workshops.place(stage.edition_id, session, studies[place :: len(rounds)], stage.administrator)


def write_records(stage: Stage, day: int, there: Sequence[int]) -> None:
    """Let a tutor write the records of a day's sessions: who spoke, what it brought, what was said."""
    tutor = stage.assessors[day % len(stage.assessors)]
    for place, (session, row) in enumerate(zip(stage.sessions, _texts()["sessions"], strict=True)):
        if row["day"] == day + 1:
            quotes = tuple(_quote(stage, there[(place + n) % len(there)], text) for n, text in enumerate(row.get("quotes", ())))
            spoke = tuple(_speaker(text).name for text in row.get("speakers", ())[1 if "stand_in" in row else 0 :])
            stand_ins = (_speaker(row["stand_in"]),) if "stand_in" in row else ()
            found = workshops.Report(row["highlights"], spoke=spoke, stand_ins=stand_ins, quotes=quotes)
            workshops.report(stage.edition_id, session, found, tutor)


def _quote(stage: Stage, number: int, text: str) -> Quote:
    stage.quoted += 1
    consent = Consent.REFUSED if stage.quoted % REFUSES == 0 else Consent.GIVEN
    return Quote(text, f"A participant from {countries.name(stage.plans[number].person.country)}", consent, stage.enrolments[number])


def present(stage: Stage, number: int, half: int) -> None:
    """Let the desk mark somebody as present in a half-day, counted from 0."""
    found = workshops.half_days(stage.edition_id)[half]
    workshops.record(Entry(found.id, stage.enrolments[number], State.PRESENT, How.LIST), stage.administrator)


def _recommendations(scenario: Scenario, plans: Sequence[Plan], last: int, random: Random) -> Iterator[Step]:
    there, texts = _coming(plans, scenario.workshop.days - 1, scenario.workshop.days), _texts()
    drafts = [*texts["recommendations"], *texts["duplicates"]]
    for place, row in enumerate(drafts):
        moment = at(scenario, last, 9.5 + place * 0.1)
        yield Step(moment, partial(drafted, number=random.choice(there), row=row, group=f"Group {place % 4 + 1}"))
        for number in there:
            if random.random() < SUPPORT and place < len(texts["recommendations"]):
                yield Step(moment + timedelta(hours=2, minutes=random.uniform(0, 60)), partial(supports, number=number, place=place))
    yield Step(at(scenario, last, 15), merge_and_adopt)


def drafted(stage: Stage, number: int, row: Mapping[str, Any], group: str) -> None:
    """Let a group draft a recommendation; it comes from the case studies that there are."""
    sources = tuple(sorted(stage.studies.values()))[len(stage.drafts) % len(stage.studies) :][:2] if stage.studies else ()
    draft = Draft(Level(row["level"]), row["text"], group, sources)
    stage.drafts.append(workshops.recommend(stage.edition_id, stage.enrolments[number], draft))


def supports(stage: Stage, number: int, place: int) -> None:
    """Let somebody say that they can live with a draft."""
    workshops.say(stage.edition_id, stage.drafts[place], stage.enrolments[number], Stance.AGREE)


def merge_and_adopt(stage: Stage) -> None:
    """Let an administrator merge what was drafted twice, and adopt the others."""
    count = len(_texts()["recommendations"])
    for draft, row in zip(stage.drafts[count:], _texts()["duplicates"], strict=True):
        workshops.merge(stage.edition_id, draft, stage.drafts[row["of"] - 1], stage.administrator)
    workshops.adopt(stage.edition_id, stage.drafts[:count], stage.administrator)


def _awards(scenario: Scenario, last: int) -> Iterator[Step]:
    yield Step(at(scenario, last, 20.5), release)
    yield Step(at(scenario, last + 1, 9), ask_waivers)
    yield Step(at(scenario, last + 1, 10), award)


def release(stage: Stage) -> None:
    """Let an administrator release the grades."""
    workshops.release(stage.edition_id, stage.administrator)


def ask_waivers(stage: Stage) -> None:
    """Let one administrator ask, and the other grant, that who was there all the time need not have a case study."""
    for one in workshops.dry_run(stage.edition_id):
        missing = [met.need for met in one.needs if not met.done]
        if missing == [Need.CASE_STUDY]:
            reason = "Presented together with a colleague from the same country; the group work was graded."
            waiver = workshops.ask_waiver(stage.edition_id, one.enrolment_id, Need.CASE_STUDY, reason, stage.administrator)
            workshops.grant_waiver(stage.edition_id, waiver, stage.second)


def award(stage: Stage) -> None:
    """Let an administrator award the certificates."""
    workshops.issue(stage.edition_id, stage.administrator)


def write_report(stage: Stage) -> None:
    """Let an administrator take a snapshot and have the report made of it in every form."""
    snapshot = take_snapshot(stage.edition_id, stage.administrator)
    for form in FORMS:
        ask_for(stage.edition_id, stage.administrator, snapshot, form)


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "workshop.toml").read_text(encoding="utf-8"))
