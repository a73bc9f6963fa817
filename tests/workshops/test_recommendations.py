"""Recommendations: drafted, reworded with history, merged, agreed or objected to, numbered and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lms.core.db import unit_of_work
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.recommendations import queries
from lms.recommendations.api import Draft, Level, Stance, adopt, merge, recommend, recommendations, reword, say, withdraw
from tests.core import factories
from tests.workshops.factories import Shop


def drafted(shop: Shop, who: int, text: str = "Agree on terms.", level: Level = Level.POLICY, **more: Any) -> int:
    with unit_of_work():
        return recommend(shop.edition, who, Draft(level, text, **more))


def test_a_wording_changes_and_its_history_stays(shop: Shop) -> None:
    who, other = shop.participant("Ana"), shop.participant("Ben")
    one = drafted(shop, who, group="Group 2")
    with unit_of_work():
        say(shop.edition, one, other, Stance.AGREE)
        version = reword(shop.edition, one, other, Draft(Level.POLICY, "Agree on one glossary."), version=1, why="Clearer")
    with pytest.raises(Conflict, match="changed this meanwhile"), unit_of_work():
        reword(shop.edition, one, who, Draft(Level.POLICY, "Another."), version=1)
    with pytest.raises(Conflict, match="read them again"), unit_of_work():
        say(shop.edition, one, who, Stance.AGREE, version=1)
    found = queries.one(shop.edition, one)
    assert version == found.line.version == 2
    assert [(wording.text, wording.by) for wording in found.wordings] == [("Agree on one glossary.", "Ben"), ("Agree on terms.", "Ana")]
    assert (found.line.agreed, [voice.current for voice in found.voices]) == (0, [False])


def test_merging_takes_the_case_studies_along(shop: Shop) -> None:
    who = shop.participant()
    study, other = shop.study(who), shop.study(shop.participant())
    first, second = drafted(shop, who, sources=(study,)), drafted(shop, who, "Another.", sources=(study, other))
    with unit_of_work():
        merge(shop.edition, second, first, shop.viewer("tutor"))
    found = queries.one(shop.edition, first)
    assert [source.id for source in found.line.sources] == [study, other]
    assert [line.id for line in found.merged] == [second]
    with pytest.raises(Conflict, match="merged into another"), unit_of_work():
        say(shop.edition, second, who, Stance.AGREE)
    with pytest.raises(Invalid, match="into itself"), unit_of_work():
        merge(shop.edition, first, first, shop.viewer("tutor"))


def test_the_final_list_is_numbered_by_level_and_counted(shop: Shop) -> None:
    who = shop.participant()
    ids = [drafted(shop, who, f"Text {n}.", level) for n, level in enumerate([Level.POLICY, Level.PARTNERS, Level.POLICY, Level.POLICY])]
    with unit_of_work():
        assert adopt(shop.edition, [ids[3], ids[1], ids[0]], shop.viewer("admin")) == 3
    assert [(one.level, one.number, one.text) for one in recommendations(shop.edition)] == [
        ("policy", 1, "Text 3."),
        ("policy", 2, "Text 0."),
        ("partners", 1, "Text 1."),
    ]
    with unit_of_work():
        adopt(shop.edition, [ids[0], ids[2]], shop.viewer("admin"))
    assert [(one.number, one.text) for one in recommendations(shop.edition)] == [(1, "Text 0."), (2, "Text 2.")]
    with pytest.raises(Conflict, match="in the final list"), unit_of_work():
        reword(shop.edition, ids[0], who, Draft(Level.POLICY, "Later."), version=1)
    for wrong in ([ids[0]] * 2, [10**6]):
        with pytest.raises(Conflict, match="look at the list again"), unit_of_work():
            adopt(shop.edition, wrong, shop.viewer("admin"))


def test_an_objection_is_answered_before_the_list(shop: Shop) -> None:
    who = shop.participant()
    one = drafted(shop, who)
    with pytest.raises(Invalid, match="what you object to"), unit_of_work():
        say(shop.edition, one, who, Stance.OBJECT)
    with unit_of_work():
        say(shop.edition, one, who, Stance.OBJECT, "Too costly.")
    with pytest.raises(Invalid, match="objections to 1") as refused, unit_of_work():
        adopt(shop.edition, [one], shop.viewer("admin"))
    assert refused.value.field == "despite"
    with unit_of_work():
        adopt(shop.edition, [one], shop.viewer("admin"), despite="The plenary voted.")
    assert recommendations(shop.edition)[0].adopted_despite == "The plenary voted."


def test_who_may_write(shop: Shop) -> None:
    who, stranger = shop.participant(), factories.enrolment(shop.edition)
    with pytest.raises(Forbidden):
        drafted(shop, stranger)
    by_staff = drafted(shop, shop.tutor, group="Group 1")
    with pytest.raises(Forbidden), unit_of_work():
        say(shop.edition, by_staff, shop.tutor, Stance.AGREE)
    with pytest.raises(Forbidden), unit_of_work():
        withdraw(shop.edition, by_staff, factories.viewer_of(who))
    elsewhere = factories.edition()
    with pytest.raises(NotFound), unit_of_work():
        say(elsewhere, by_staff, who, Stance.AGREE)
    with pytest.raises(Invalid, match="case studies of this workshop"):
        drafted(shop, who, sources=(77,))
    with unit_of_work():
        withdraw(shop.edition, by_staff, shop.viewer("tutor"))
    with pytest.raises(Conflict, match="withdrawn"), unit_of_work():
        withdraw(shop.edition, by_staff, shop.viewer("tutor"))


def test_the_list_takes_few_statements(shop: Shop, statements: Callable[[], Any]) -> None:
    who = shop.participant()
    study = shop.study(who)
    for number in range(4):
        drafted(shop, who, f"Text {number}.", sources=(study,))
    with statements() as seen:
        assert len(queries.everything(shop.edition)) == 4
    seen.at_most(4)
