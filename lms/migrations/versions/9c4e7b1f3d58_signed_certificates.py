"""signed certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "9c4e7b1f3d58"
down_revision = "b3e8f17a9d24"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOREIGN = (
    ("supersedes_id", "certificates"),
    ("status_list_id", "certificate_status_lists"),
    ("revoked_by_id", "people"),
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table("certificate_status_lists",
    sa.Column("issuer", sa.Text(), nullable=False),
    sa.Column("changes", sa.Integer(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("made_at", Moment(), nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("last_error", sa.Text(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_status_lists"))
    )
    op.create_index("ix_certificate_status_lists_issuer", "certificate_status_lists", ["issuer"])
    op.create_index("ix_certificate_status_lists_state_due_at", "certificate_status_lists", ["state", "due_at"])
    op.create_table("certificate_publications",
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("stamp", sa.Text(), nullable=False),
    sa.Column("made_at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_publications")),
    sa.UniqueConstraint("name", name=op.f("uq_certificate_publications_name"))
    )
    aside = _put_documents_aside()
    with op.batch_alter_table("certificates") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("supersedes_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("status_list_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("revoked_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("revoked_by_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("revoked_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("share", sa.Text(), nullable=True))
        for column, table in FOREIGN:
            batch_op.create_foreign_key(op.f(f"fk_certificates_{column}"), table, [column], ["id"])
        batch_op.drop_constraint(op.f("uq_certificates_enrolment_id_kind"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_certificates_enrolment_id_kind_version"), ["enrolment_id", "kind", "version"])
        batch_op.create_unique_constraint(op.f("uq_certificates_status_list_id_place"), ["status_list_id", "place"])
        batch_op.create_unique_constraint(op.f("uq_certificates_supersedes_id"), ["supersedes_id"])
        batch_op.create_unique_constraint(op.f("uq_certificates_share"), ["share"])
        batch_op.create_index("ix_certificates_digest", ["digest"])
    if aside:
        _put_documents_back(sa.Column("credential", sa.Text(), nullable=False, server_default=""))
    else:
        op.add_column("certificate_documents", sa.Column("credential", sa.Text(), nullable=False, server_default=""))


def _put_documents_aside() -> bool:
    """On SQLite a table is altered by making it anew, which is refused as long as rows of another one refer to it."""
    if op.get_bind().dialect.name != "sqlite":
        return False
    op.execute("CREATE TABLE certificate_documents_aside AS SELECT id, certificate_id, body FROM certificate_documents")
    op.drop_table("certificate_documents")
    return True


def _put_documents_back(*more: sa.Column[str]) -> None:
    op.create_table("certificate_documents",
    sa.Column("certificate_id", KEY, nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    *more,
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_documents_certificate_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_documents")),
    sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_documents_certificate_id"))
    )
    op.execute("INSERT INTO certificate_documents (id, certificate_id, body) SELECT id, certificate_id, body FROM certificate_documents_aside")
    op.drop_table("certificate_documents_aside")


def downgrade() -> None:
    """Take the change back; later versions of a certificate go, for there was room for one alone."""
    documents = "SELECT id FROM certificates WHERE version > 1"
    op.execute(f"DELETE FROM certificate_documents WHERE certificate_id IN ({documents})")  # noqa: S608 - no value from outside
    op.execute("UPDATE certificates SET supersedes_id = NULL")
    op.execute("DELETE FROM certificates WHERE version > 1")
    aside = _put_documents_aside()
    with op.batch_alter_table("certificates") as batch_op:
        batch_op.drop_index("ix_certificates_digest")
        for column, _ in FOREIGN:
            batch_op.drop_constraint(op.f(f"fk_certificates_{column}"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_certificates_enrolment_id_kind_version"), type_="unique")
        batch_op.drop_constraint(op.f("uq_certificates_status_list_id_place"), type_="unique")
        batch_op.drop_constraint(op.f("uq_certificates_supersedes_id"), type_="unique")
        batch_op.drop_constraint(op.f("uq_certificates_share"), type_="unique")
        for column in ("version", "superseded_at", "revoked_at", "revoked_reason", "share", "place", *(name for name, _ in FOREIGN)):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(op.f("uq_certificates_enrolment_id_kind"), ["enrolment_id", "kind"])
    if aside:
        _put_documents_back()
    else:
        op.drop_column("certificate_documents", "credential")
    op.drop_table("certificate_publications")
    op.drop_table("certificate_status_lists")
