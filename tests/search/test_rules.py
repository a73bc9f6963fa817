"""Words of texts and questions, in any script, as tables."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.search import rules
from lms.search.marks import LENGTH, marked, snippet
from lms.search.rules import fts5, index_terms, parse, tsquery

THAI, KHMER = "บัตรประชาชน", "អត្តសញ្ញាណ"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Registries and a REGISTRY", "registri and a registri"),
        ("Nguyễn Thị Mai, Đà Nẵng", "nguyen thi mai da nang"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("Straße, Øre, Æther", "strasse ore aether"),
        ("e-mail of 2019 for the bus", "e mail of 2019 for the bus"),
        ("processes address status", "process address status"),
        ("ﬁle \uff21\uff22\uff23 x²", "file abc x2"),
        ("snake_case <b>bold</b>", "snake case b bold b"),
        ("soft\u00adhyphen", "softhyphen"),
        ("", ""),
        ("… — !?", ""),
        ("ไทย", "x00e4400e17 x00e1700e22 x00e22"),
        ("Привет", "x0043f0044000438004320043500442"),
        ("a" * 500, "a" * 64),
    ],
)
def test_what_a_text_is_found_by(text: str, terms: str) -> None:
    assert index_terms(text) == terms


@pytest.mark.parametrize(
    ("asked", "sqlite", "postgresql"),
    [
        ("", "", ""),
        ('  "" - * ( ) : ^ \\ \' ', "", ""),
        ("trust", '("trust" OR "trust" *)', "(('trust') | ('trust':*))"),
        ("the registries", '"the" AND ("registri" OR "registries" *)', "('the') & (('registri') | ('registries':*))"),
        ('"digital  ID" law', '"digital id" AND ("law" OR "law" *)', "('digital' <-> 'id') & (('law') | ('law':*))"),
        ('"digital ID"', '"digital id"', "('digital' <-> 'id')"),
        ('an open "quote', '"an" AND "open" AND ("quote" OR "quote" *)', "('an') & ('open') & (('quote') | ('quote':*))"),
        ("e-mail", '("e mail" OR "e mail" *)', "(('e' <-> 'mail') | ('e' <-> 'mail':*))"),
        ("trust trust", '("trust" OR "trust" *)', "(('trust') | ('trust':*))"),
        ("a", '"a"', "('a')"),
        ("AND OR NOT NEAR(xy)", '"and" AND "or" AND "not" AND ("near xy" OR "near xy" *)', None),
        ("ไทย", '"x00e4400e17 x00e1700e22"', "('x00e4400e17' <-> 'x00e1700e22')"),
        ("ไ", '("x00e44" OR "x00e44" *)', "(('x00e44') | ('x00e44':*))"),
    ],
)
def test_what_is_asked(asked: str, sqlite: str, postgresql: str | None) -> None:
    assert fts5(parse(asked)) == sqlite
    assert postgresql in {None, tsquery(parse(asked))}


def test_titles_alone_are_asked_for_by_weight() -> None:
    assert tsquery(parse('"a b" trust'), "A") == "('a':A <-> 'b':A) & (('trust':A) | ('trust':*A))"


def test_a_long_question_is_cut() -> None:
    assert len(parse("word " * 100 + " ".join(f"w{n}" for n in range(99))).phrases) == 1
    assert len(parse(" ".join(f"w{n}" for n in range(99))).phrases) == rules.MOST_PHRASES


@given(st.text(max_size=300))
def test_no_question_is_an_error(asked: str) -> None:
    """SQLite itself takes every question, and what is in a text as it stands is found and marked."""
    question = parse(asked)
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='ascii')")
        connection.execute("INSERT INTO t VALUES (?)", [index_terms(asked)])
        if question and len(asked) <= rules.LONGEST_QUESTION:
            assert connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", [fts5(question)]).fetchone() == (1,)
    connection.close()
    assert "".join(words for words, _ in marked(asked, question)) == asked.replace("\n", " ")
    assert set(tsquery(question)) <= set("'abcdefghijklmnopqrstuvwxyz0123456789()&|<->:* ")


@pytest.mark.parametrize(
    ("text", "asked", "hits"),
    [
        ("Trust frameworks build trust.", "trust", ["Trust", "trust"]),
        ("A registry, two registries", "registries", ["registry", "registries"]),
        ("Registration of registers", "regist", ["Registration", "registers"]),
        ("Gửi tới Đà Nẵng", "da nang", ["Đà", "Nẵng"]),
        ("ID cards, card IDs", '"id card"', ["ID cards"]),
        ("person", "on", []),
        (f"ทำ{THAI}ใหม่", "ประชา", ["ประชา"]),
        (f"លេខ{KHMER}ជាតិ", KHMER, [KHMER]),
        ("cafe\u0301 au lait", "cafe", ["cafe\u0301"]),
        ("Straße", "strass", ["Straße"]),
        ("<b>bold</b>", "b", ["b", "b"]),
        ("", "x", []),
    ],
)
def test_what_is_marked(text: str, asked: str, hits: list[str]) -> None:
    pieces = marked(text, parse(asked))
    assert [words for words, hit in pieces if hit] == hits
    assert "".join(words for words, _ in pieces) == text


def test_the_snippet_is_where_most_of_the_question_stands() -> None:
    text = "Trust is one thing. " + "Other words follow here. " * 40 + "The law of trust frameworks says more. " + "And so on. " * 40
    found = snippet(text, parse("trust law frameworks"))
    shown = "".join(words for words, _ in found.pieces)
    assert "law of trust frameworks" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= LENGTH + 10
    assert found.quote == "law of trust frameworks says more"
    assert text[found.at :].startswith("law of trust")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It is trust, and no more.", "trust, and no more"),
        ("It is trust\nand no more.", "trust"),
        ("trust " + "so many other words of it " * 9, "trust so many other words of it"),
        ("trust" + "x" * 200, ""),
        ("trust …", "trust"),
    ],
)
def test_a_quote_finds_the_place_again(text: str, quote: str) -> None:
    assert snippet(text, parse('"trust"')).quote == quote


def test_a_snippet_without_a_hit_is_the_beginning() -> None:
    assert snippet("Short.", parse("none")).pieces == (("Short.", False),)
    assert snippet("Short.", parse("none")).quote == ""
    assert "".join(w for w, _ in snippet("long " * 100, parse("none")).pieces).endswith("long …")


def test_a_snippet_breaks_no_cluster() -> None:
    """A text without any space is cut between letters with their marks."""
    text = "ก่" * 400 + KHMER * 20
    for asked in ("ก่ก่", KHMER):
        shown = "".join(words for words, _ in snippet(text, parse(asked)).pieces).replace("… ", "").replace(" …", "")
        assert not shown.startswith("่")
        assert "ก่" in shown or KHMER in shown
        assert len(shown) < LENGTH + 30
