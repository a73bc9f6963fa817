"""The benchmark's own arithmetic: percentiles, ratios, targets, the table and the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.load import Outcome
from bench.pages import answers
from bench.report import TARGETS, Line, Target, table, write
from bench.run import Case, ratios_to_hello
from bench.scenarios import SCENARIOS
from bench.talk import Ask, Reply, Visitor, taken


def outcome(*times: float, seconds: float = 1.0, busy: float = 0.5, cpu: float = 0.0) -> Outcome:
    return Outcome(seconds, times, len(times), busy, cpu)


@pytest.mark.parametrize(
    ("times", "percent", "expected"),
    [
        ((7.0,), 50, 7.0),
        ((7.0,), 99, 7.0),
        ((4.0, 1.0, 3.0, 2.0), 50, 2.0),
        ((4.0, 1.0, 3.0, 2.0), 99, 4.0),
        (tuple(map(float, range(1, 101))), 50, 50.0),
        (tuple(map(float, range(1, 101))), 99, 99.0),
        (tuple(map(float, range(1, 1001))), 99, 990.0),
    ],
)
def test_a_percentile_is_a_time_that_was_measured(times: tuple[float, ...], percent: int, expected: float) -> None:
    assert outcome(*times).percentile(percent) == expected


def test_rounds_count_together() -> None:
    whole = Outcome.joined([outcome(1, 2, 3, seconds=1, busy=0.4, cpu=0.5), outcome(9, seconds=3, busy=0.7, cpu=1.5)])
    assert whole == Outcome(4, (1, 2, 3, 9), 4, 0.7, 2.0)
    assert (whole.rate, whole.cpu_ms) == (1.0, 500.0)


def test_a_round_is_held_against_hello_before_and_after_it() -> None:
    assert ratios_to_hello([50, 90], [80, 120, 180]) == [0.5, 0.6]


def test_hello_must_be_measured_around_every_round() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratios_to_hello([50, 90], [80, 120])


def test_visitors_who_talk_once_are_dealt_out_without_meeting_twice() -> None:
    visitors = [Visitor(path=str(number)) for number in range(20)]
    case = Case(lambda _: iter(()), visitors, at_once=3)  # type: ignore[arg-type,return-value]
    dealt = [visitor.path for turn in range(4) for visitor in case.visitors_of(turn, 4)]
    assert sorted(dealt, key=int) == [visitor.path for visitor in visitors]


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target("rps", "≥", 30), 30.0, True),
        (Target("rps", "≥", 30), 29.9, False),
        (Target("ms", "≤", 45), 45.0, True),
        (Target("ms", "≤", 45), 45.1, False),
        (Target("ms", "≤", 45), None, False),
    ],
)
def test_a_target_holds_at_its_bound_and_not_without_a_figure(target: Target, value: float | None, met: bool) -> None:
    line = Line("any", "1")
    setattr(line, target.figure, value)
    assert target.met(line) is met


def test_every_target_is_of_something_that_is_measured() -> None:
    lines = {*SCENARIOS, "lesson_postgresql", "lesson_slow_line", "gradebook_csv"}
    assert set(TARGETS) <= lines
    assert all(hasattr(Line("any", "1"), target.figure) for targets in TARGETS.values() for target in targets)


def test_the_table_shows_figures_and_targets_in_columns() -> None:
    shown = table([Line("sign_in", "to dashboard", rps=29.94, p50_ms=260.4), Line("hello", "13 B", rps=8794.4)]).splitlines()
    head, sign_in, hello = shown
    assert sign_in[head.index("a second") :].split()[0] == "29.94"
    assert sign_in[head.index("p50 ms") :].split()[0] == "260"
    assert sign_in[head.index("target") :].split("  ") == ["a second ≥ 30", "NO"]
    assert hello.split() == ["hello", "13", "B", "8794"]


def test_a_further_target_stands_in_a_row_of_its_own() -> None:
    shown = table([Line("certificate", "1 page", ms=29.0, kb=111.0)]).splitlines()
    assert [row.split()[-1] for row in shown[1:]] == ["yes", "NO"]


def test_the_file_holds_what_was_measured_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    write(file, [Line("sign_in", "to dashboard", rps=31.5, queries=0)], date="2026-11-25", quick=True)
    found = json.loads(file.read_text())
    assert found["scenarios"] == [
        {"scenario": "sign_in", "size": "to dashboard", "rps": 31.5, "queries": 0, "targets": {"a second ≥ 30": True}}
    ]
    assert (found["date"], found["quick"]) == ("2026-11-25", True)
    assert set(found["machine"]) == {"cores", "python", "system"}


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", b"hello"),
        (b"HTTP/1.1 204 No Content\r\nx: y\r\n\r\n", b""),
    ],
)
def test_an_answer_is_taken_when_it_is_complete_and_not_before(sent: bytes, body: bytes) -> None:
    reply = taken(sent)
    assert reply is not None
    assert reply.body == body
    assert taken(sent[:-1]) is None


def test_each_question_of_a_sheet_is_answered_on_its_own() -> None:
    page = (
        '<input type="hidden" name="page" value="abc"><input type="radio" name="a1" value="0"><input type="radio" name="a1" value="1">'
        '<input type="checkbox" name="a2-0"><input type="checkbox" name="a2-1">'
    )
    sheet = Reply(b"HTTP/1.1 200 OK", page.encode())
    first, second = answers(sheet, "token")
    assert first == {"csrf_token": "token", "page": "abc", "item": "1", "a1": "1"}
    assert second["item"] == "2"
    assert {"a2-0", "a2-1"} <= set(second)
    assert answers(sheet, "token", turn=1) != [first, second]


def test_a_form_is_written_as_scripts_send_it() -> None:
    kind, body = Ask("/", {"item": "1", "a1": "x y"}).form()
    assert (kind, body) == ("application/x-www-form-urlencoded", b"item=1&a1=x+y")
