"""The search index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "51b3acbe085e"
down_revision = "7c1d2e9a40b6"
branch_labels = None
depends_on = None

# SQLite looks words up in a table that triggers keep, PostgreSQL in a generated column.
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


def upgrade() -> None:
    """Apply the change."""
    op.create_table("search_documents",
    sa.Column("feature", sa.Text(), nullable=False),
    sa.Column("key", sa.BigInteger(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("module", sa.Text(), nullable=False),
    sa.Column("restricted", sa.Boolean(), nullable=False),
    sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("at", Moment(), nullable=True),
    sa.Column("day", sa.Integer(), nullable=True),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("address", sa.JSON(), nullable=False),
    sa.Column("title_terms", sa.Text(), nullable=False),
    sa.Column("body_terms", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["enrolments.id"], name=op.f("fk_search_documents_author_id")),
    sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_search_documents_course_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_search_documents_edition_id")),
    sa.ForeignKeyConstraint(["owner_id"], ["enrolments.id"], name=op.f("fk_search_documents_owner_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents"))
    )
    op.create_index("ix_search_documents_feature_key", "search_documents", ["feature", "key"])
    for statement in FULL_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE fts_documents")
    op.drop_table("search_documents")
