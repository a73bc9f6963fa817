"""Each route of the URL map, asked for by each role: what comes of it stands in matrix.txt, which people review.

A route that the table lacks, or has too much, is a failure. `LMS_WRITE_MATRIX=1 python -m pytest tests/site/test_matrix.py` writes
the table anew; read each line that changes, for it says who may do what.
"""

from __future__ import annotations

import os

import pytest

from tests.site import matrix
from tests.site.pages import BROKEN, Visit
from tests.site.routes import Route, ask, filled, routes
from tests.site.world import ROLES, World

REFUSED = 400
TABLE: matrix.Table = {"GET /a public": ("200",) * 8, "POST /a learner": ("sign-in", *("403",) * 7)}


def test_every_route_gives_each_role_what_the_table_says(world: World, visited: Visit) -> None:
    """No route is missing from the table, none is left over, and every outcome is the one that was reviewed."""
    found = outcomes(world, visited)
    expected = matrix.read(matrix.FILE.read_text("utf-8"))
    if os.environ.get(matrix.VARIABLE):
        matrix.FILE.write_text(matrix.written(found), "utf-8")
    faults = sorted(matrix.differences(found, expected))
    assert not faults, "\n".join([*faults, matrix.REMEDY])


def outcomes(world: World, visited: Visit) -> matrix.Table:
    """Tell what all routes give all roles: pages were looked at on the way, forms are sent now, and undone."""
    bodies, table = visited.bodies(), matrix.Table()
    for route in routes(world):
        if route.method == "GET":
            table[matrix.key(route)] = tuple(visited.words[role, route.address] for role in ROLES)
        else:
            table[matrix.key(route)] = tuple(_outcome(world, role, route, bodies) for role in ROLES)
    return table


def _outcome(world: World, role: str, route: Route, bodies: dict[str, dict[str, list[str]]]) -> str:
    """Send a form as a role: nothing may break, and who is refused has changed nothing."""
    outcome = filled(world, role, route, bodies)
    assert outcome.status < BROKEN, f"{route.method} {route.address} as {role}: {outcome.text}"
    written = world.settle(refused=outcome.status >= REFUSED or outcome.word == "sign-in")
    assert not written, f"{route.method} {route.address} as {role} gives {outcome.word}, yet writes {written}."
    return outcome.word


def test_rows_are_found_in_their_own_edition_alone(world: World, visited: Visit) -> None:
    """Whoever administers another edition too reaches nothing of this one by that edition's addresses."""
    bodies = visited.bodies()
    here, there = f"/e/{world.values['edition']}/", f"/e/{world.elsewhere}/"
    own = {name for name, value in world.values.items() if isinstance(value, int)}
    tried = [route for route in routes(world) if route.address.startswith(here) and route.arguments & own]
    assert len(tried) >= 20
    for route in tried:
        body = bodies.get(route.address) or bodies.get(route.endpoint, {})
        outcome = ask(world, "administrator", route.method, route.address.replace(here, there), data=body)
        assert outcome.status in {403, 404}, f"{route.method} {route.address} by {there} gives {outcome.word}."
    assert not world.changed()


def test_every_form_needs_its_token(world: World, visited: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that another site lets somebody send is refused, whoever it is and however it is filled in."""
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)  # noqa: FBT003 - a setting
    bodies = visited.bodies()
    for route in routes(world):
        if route.method != "GET":
            given = [filled(world, role, route, bodies).status for role in ROLES]
            assert set(given) == {400}, f"{route.method} {route.address} gives {given} without a token of this session."
    assert not world.changed()


def test_what_a_button_says_is_heard(visited: Visit) -> None:
    """No other field of a form has the name of one of its buttons: what comes first in a form is what is read of it."""
    drowned = [f"{name} of {form.action}" for _, form in visited.forms.values() for name, found in form.fields.items() if found.drowned]
    assert not drowned


def test_every_link_leads_somewhere(visited: Visit) -> None:
    """No role finds a link to a page that is not there or not for it."""
    assert len(visited.links) > 100
    found = ((role, page, link, given) for (role, link), (given, page) in visited.links.items())
    dead = [f"{role}: {page} links to {link}, which gives {given}" for role, page, link, given in found if given not in {"200", "302"}]
    assert not dead, "\n".join(dead)


def test_a_table_is_read_as_it_was_written() -> None:
    assert matrix.read(matrix.written(TABLE)) == TABLE


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (TABLE | {"GET /b public": ("200",) * 8}, f"GET /b public is not in the table; it gives {', '.join(['200'] * 8)}."),
        ({"GET /a public": TABLE["GET /a public"]}, "POST /a learner is in the table, but there is no such route any more."),
        (TABLE | {"GET /a public": (*("200",) * 7, "404")}, "GET /a public: installation gets 404, the table says 200."),
    ],
)
def test_each_difference_is_said(found: matrix.Table, sentence: str) -> None:
    assert list(matrix.differences(found, TABLE)) == [sentence]


def test_an_address_that_can_not_be_filled_in_says_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {name: value for name, value in world.values.items() if name != "certificate"}
    monkeypatch.setattr(world, "values", values)
    with pytest.raises(AssertionError, match=r"Nothing is known for <certificate> of .*.*let `build` in tests/site/world.py"):
        list(routes(world))
