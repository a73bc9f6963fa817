"""The index: every document with its terms, and who may open it.

Words are looked up in what the database itself derives from `title_terms` and `body_terms`: SQLite in the FTS5 table `fts_documents`,
which triggers keep, PostgreSQL in the generated column `fts_terms`. Neither is a table or column of ours to write to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Row


class SearchDocument(Row):
    """A document as it was handed over by its feature; `version` is that of the rules by which its terms were made."""

    __tablename__ = "search_documents"
    __table_args__ = (Index("ix_search_documents_feature_key", "feature", "key"),)
    feature: Mapped[str]
    key: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    module: Mapped[str]
    restricted: Mapped[bool]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    at: Mapped[datetime | None]
    day: Mapped[int | None]
    title: Mapped[str]
    text: Mapped[str]
    address: Mapped[dict[str, Any]]
    title_terms: Mapped[str]
    body_terms: Mapped[str]
    version: Mapped[int]


_TERMS = "title_terms, body_terms"
_OLD = f"INTO fts_documents(fts_documents, rowid, {_TERMS}) VALUES ('delete', old.id, old.title_terms, old.body_terms);"
_NEW = f"INTO fts_documents(rowid, {_TERMS}) VALUES (new.id, new.title_terms, new.body_terms);"
_TABLE = f"USING fts5({_TERMS}, content='search_documents', content_rowid='id', tokenize='ascii', prefix='2 3')"
_TITLE, _BODY = (f"to_tsvector('simple'::regconfig, {terms})" for terms in ("title_terms", "body_terms"))
_COLUMN = f"tsvector GENERATED ALWAYS AS (setweight({_TITLE}, 'A') || {_BODY}) STORED"
FULL_TEXT = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE fts_documents {_TABLE}",
        f"CREATE TRIGGER fts_documents_insert AFTER INSERT ON search_documents BEGIN INSERT {_NEW} END",
        f"CREATE TRIGGER fts_documents_delete AFTER DELETE ON search_documents BEGIN INSERT {_OLD} END",
        f"CREATE TRIGGER fts_documents_update AFTER UPDATE ON search_documents BEGIN INSERT {_OLD} INSERT {_NEW} END",
    ),
    "postgresql": (
        f"ALTER TABLE search_documents ADD COLUMN fts_terms {_COLUMN}",
        "CREATE INDEX fts_terms ON search_documents USING gin (fts_terms) WITH (fastupdate = off)",
    ),
}
for _dialect, _statements in FULL_TEXT.items():
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(SearchDocument.__table__, "after_create", _ddl.execute_if(dialect=_dialect))
