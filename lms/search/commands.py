"""Keeping the index in step with what features hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, insert, select

from lms.core.db import db, unit_of_work
from lms.core.documents import Document, Documents, DocumentsChanged
from lms.search.models import SearchDocument
from lms.search.rules import INDEX, index_terms

BATCH = 200
_LOCK = 7_301_947  # of PostgreSQL: who writes to the index waits for whoever does so, and then reads what that one left


def follow(change: DocumentsChanged) -> None:
    """Index what has changed, in the transaction in which it changes."""
    if change.keys:
        replace(change.feature, change.keys)


def replace(feature: str, keys: Collection[int]) -> None:
    """Put the documents that come from these keys in the place of those that did before."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    rows = [_row(feature, document) for document in sources()[feature].read(keys)]
    old = delete(SearchDocument).where(SearchDocument.feature == feature, SearchDocument.key.in_(keys))
    db.session.execute(old.execution_options(synchronize_session=False))
    if rows:
        db.session.execute(insert(SearchDocument), rows)


def sources() -> Mapping[str, Documents]:
    """Give the features that have documents."""
    found: Mapping[str, Documents] = current_app.extensions["lms"].documents
    return found


def _row(feature: str, document: Document) -> dict[str, Any]:
    address = {
        "endpoint": document.endpoint,
        "values": dict(document.values),
        "anchor": document.anchor,
        "places": [list(place) for place in document.places],
    }
    return {
        "feature": feature,
        "key": document.key,
        "kind": document.kind,
        "course_id": document.course_id,
        "edition_id": document.edition_id,
        "module": document.module,
        "restricted": document.restricted,
        "owner_id": document.owner_id,
        "author_id": document.author_id,
        "at": document.at,
        "day": None if document.at is None else (document.at - datetime(1970, 1, 1, tzinfo=UTC)).days,
        "title": document.title,
        "text": document.text,
        "address": address,
        "title_terms": index_terms(document.title) if document.titled else "",
        "body_terms": index_terms(document.text),
        "version": INDEX,
    }


def everything() -> Sequence[tuple[str, tuple[int, ...]]]:
    """List all keys of all features, and those in the index that no feature has any more, in batches."""
    found = []
    for feature, source in sources().items():
        keys = sorted({*source.keys(), *_indexed(feature)})
        found += [(feature, batch) for batch in batched_keys(keys)]
    return found


def outdated() -> Sequence[tuple[str, tuple[int, ...]]]:
    """List the keys whose documents are missing, left over, or were indexed by other rules, in batches."""
    found = []
    for feature, source in sources().items():
        keys, indexed = set(source.keys()), _indexed(feature)
        wrong = {key for key in keys | set(indexed) if (key in keys) is not (indexed.get(key) == INDEX)}
        found += [(feature, batch) for batch in batched_keys(sorted(wrong))]
    return found


def batched_keys(keys: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Cut a list of keys into batches, each small enough for one transaction."""
    for start in range(0, len(keys), BATCH):
        yield tuple(keys[start : start + BATCH])


def _indexed(feature: str) -> dict[int, int]:
    """Map the keys that are in the index to the oldest rules that made their terms."""
    query = select(SearchDocument.key, func.min(SearchDocument.version)).where(SearchDocument.feature == feature)
    return dict(db.session.execute(query.group_by(SearchDocument.key)).all())


def index(batch: tuple[str, tuple[int, ...]]) -> int:
    """Index a batch in a transaction of its own, and give how many keys it has."""
    with unit_of_work():
        replace(*batch)
    return len(batch[1])
