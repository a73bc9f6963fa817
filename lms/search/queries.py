"""What is found: one statement counts it by kind, one gives a page of it; who may open what is decided in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Float,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
    text,
)

from lms.core import clock
from lms.core.db import db, read
from lms.core.documents import Documents
from lms.core.domain import Enrolment, Person
from lms.core.viewer import EditionInfo, Viewer
from lms.modules.api import ModuleInfo, modules
from lms.search import rules
from lms.search.models import SearchDocument as Doc
from lms.search.rules import Question

Columns = tuple[Any, ...]
_KINDS: BindParameter[str] = bindparam("kinds", expanding=True)
_OPEN: BindParameter[str] = bindparam("open", expanding=True)
_TODAY: BindParameter[int] = bindparam("today", type_=Integer)
# How each kind of database matches, rates, and tells that a title has all that was asked for.
_MATCHED = {
    "sqlite": """SELECT rowid AS id, -bm25(fts_documents, 5.0, 1.0) AS rate,
        rowid IN (SELECT rowid FROM fts_documents WHERE fts_documents MATCH :titled) AS titled
        FROM fts_documents WHERE fts_documents MATCH :match""",
    "postgresql": """SELECT id, ts_rank(fts_terms, CAST(:match AS tsquery), 1) AS rate,
        CAST(fts_terms @@ CAST(:titled AS tsquery) AS integer) AS titled
        FROM search_documents WHERE fts_terms @@ CAST(:match AS tsquery)""",
}
_NEWS, _FORTNIGHT = 0.25, 14.0  # what was written today is rated up by a quarter, a fortnight ago by an eighth


@dataclass(frozen=True, slots=True)
class Found:
    """A document that was found; `module` is where it belongs."""

    kind: str
    title: str
    text: str
    address: Mapping[str, Any]
    at: datetime | None
    author: str | None
    module: ModuleInfo | None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found, how much there is of each kind, and the headings of the kinds."""

    found: tuple[Found, ...]
    counts: Mapping[str, int]
    kinds: Mapping[str, str]
    total: int

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return min(-(-self.total // rules.HITS_A_PAGE), rules.MOST_PAGES)


def kinds() -> Mapping[str, str]:
    """Give the kinds of documents that there are, with their headings."""
    sources: Mapping[str, Documents] = current_app.extensions["lms"].documents
    return {kind: heading for source in sources.values() for kind, heading in source.kinds.items()}


def search(edition: EditionInfo, viewer: Viewer, question: Question, kind: str = "", page: int = 1) -> Results:
    """Look a question up among what the viewer may open: titles that have all of it first, then by how well a text fits."""
    dialect, names, staff = db.engine.dialect.name, kinds(), viewer.is_staff
    opened = {m.slug: m for m in modules(edition) if staff or m.opens_at(edition) <= clock.now()}
    who = {"edition": edition.id, "course": edition.course_id, "me": viewer.enrolment_id, "open": ["", *opened]}
    values = {**_match(dialect, question), **who}
    unordered: dict[str, int] = dict(read(_counts(dialect, staff), **values, kinds=list(names)).all())
    counts = {name: unordered[name] for name in names if name in unordered}
    total = counts.get(kind, 0) if kind else sum(counts.values())
    found: list[Found] = []
    if total:
        start, wanted = (page - 1) * rules.HITS_A_PAGE, [kind] if kind else list(names)
        rows = read(_page(dialect, staff), **values, kinds=wanted, today=_today(), most=rules.HITS_A_PAGE, skipped=start)
        found = [Found(*[*facts, opened.get(module)]) for module, *facts in rows]
    return Results(tuple(found), counts, names, total)


def _match(dialect: str, question: Question) -> dict[str, str]:
    if dialect == "sqlite":
        match = rules.fts5(question)
        return {"match": match, "titled": f"title_terms : ({match})"}
    return {"match": rules.tsquery(question), "titled": rules.tsquery(question, "A")}


def _today() -> int:
    return (clock.now() - datetime(1970, 1, 1, tzinfo=UTC)).days


def _open_to(query: Select[*Columns], staff: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    """Leave only what belongs to the edition or its course, is open, and is not kept from the viewer."""
    query = query.where(or_(Doc.edition_id == bindparam("edition"), Doc.course_id == bindparam("course")))
    query = query.where(Doc.kind.in_(_KINDS), Doc.module.in_(_OPEN))
    return query if staff else query.where(or_(Doc.restricted.is_(False), Doc.owner_id == bindparam("me")))


@cache
def _matched(dialect: str) -> Subquery:
    return text(_MATCHED[dialect]).columns(column("id", BigInteger), column("rate", Float), column("titled", Integer)).subquery("matched")


@cache
def _counts(dialect: str, staff: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    matched = _matched(dialect)
    query: Select[*Columns] = select(Doc.kind, func.count()).join(matched, matched.c.id == Doc.id)
    return _open_to(query, staff).group_by(Doc.kind)


@cache
def _page(dialect: str, staff: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    """Select a page of documents with their authors; the order is found before any text is read."""
    matched = _matched(dialect)
    age = func.abs(_TODAY - Doc.day) / _FORTNIGHT
    score = matched.c.rate * (1.0 + case((Doc.day.is_(None), 0.0), else_=_NEWS / (1.0 + age)))
    keys: Select[*Columns] = select(Doc.id, matched.c.titled, score.label("score")).join(matched, matched.c.id == Doc.id)
    order = (matched.c.titled.desc(), score.desc(), Doc.id.desc())
    best = _open_to(keys, staff).order_by(*order).limit(bindparam("most")).offset(bindparam("skipped")).subquery("best")
    facts: Select[*Columns] = select(Doc.module, Doc.kind, Doc.title, Doc.text, Doc.address, Doc.at, Person.name)
    return (
        facts.join(best, best.c.id == Doc.id)
        .outerjoin(Enrolment, Enrolment.id == Doc.author_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .order_by(best.c.titled.desc(), best.c.score.desc(), best.c.id.desc())
    )
