"""applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "5e3c9a7d1f42"
down_revision = "3f7a90d2c5e8"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "ix_enrolments_edition_id_role_state"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("editions", sa.Column("by_decision", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Not by a batch: SQLite would make the table anew, to which most others refer.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE people ADD COLUMN merged_into_id {kind} CONSTRAINT fk_people_merged_into_id REFERENCES people (id)")
    op.create_index(op.f("ix_people_merged_into_id"), "people", ["merged_into_id"])
    op.drop_index(STATES, "enrolments")
    op.create_index(STATES, "enrolments", ["edition_id", "role", "state", "country"])
    _notices()
    _applications()
    _likenesses()
    _files()


def _notices() -> None:
    op.create_table("privacy_notices",
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("published_at", Moment(), nullable=False),
    sa.Column("published_by_id", KEY, nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_privacy_notices_published_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notices")),
    sa.UniqueConstraint("version", name=op.f("uq_privacy_notices_version"))
    )
    op.create_table("consents",
    sa.Column("person_id", KEY, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id")),
    sa.ForeignKeyConstraint(["version"], ["privacy_notices.version"], name=op.f("fk_consents_version")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    sa.UniqueConstraint("person_id", "version", name=op.f("uq_consents_person_id_version"))
    )


def _applications() -> None:
    op.create_table("applications",
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("position", sa.Text(), nullable=False),
    sa.Column("motivation", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("nominated_by_id", KEY, nullable=True),
    sa.Column("decided_at", Moment(), nullable=True),
    sa.Column("decided_by_id", KEY, nullable=True),
    sa.Column("words", sa.Text(), nullable=False),
    sa.Column("compared_at", Moment(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_applications_decided_by_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_applications_enrolment_id")),
    sa.ForeignKeyConstraint(["nominated_by_id"], ["people.id"], name=op.f("fk_applications_nominated_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_applications_enrolment_id"))
    )
    op.create_index("ix_applications_compared_at_id", "applications", ["compared_at", "id"])


def _likenesses() -> None:
    op.create_table("likenesses",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("first_id", KEY, nullable=False),
    sa.Column("second_id", KEY, nullable=False),
    sa.Column("reasons", sa.JSON(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("found_at", Moment(), nullable=False),
    sa.Column("decided_at", Moment(), nullable=True),
    sa.Column("decided_by_id", KEY, nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_likenesses_decided_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_likenesses_edition_id")),
    sa.ForeignKeyConstraint(["first_id"], ["enrolments.id"], name=op.f("fk_likenesses_first_id")),
    sa.ForeignKeyConstraint(["second_id"], ["enrolments.id"], name=op.f("fk_likenesses_second_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_likenesses")),
    sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_likenesses_first_id_second_id"))
    )
    op.create_index("ix_likenesses_edition_id_state_id", "likenesses", ["edition_id", "state", "id"])
    op.create_index(op.f("ix_likenesses_second_id"), "likenesses", ["second_id"])


def _files() -> None:
    op.create_table("nominee_files",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("by_id", KEY, nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("encoding", sa.Text(), nullable=False),
    sa.Column("separator", sa.Text(), nullable=False),
    sa.Column("people", sa.Integer(), nullable=False),
    sa.Column("checked", sa.Integer(), nullable=False),
    sa.Column("faults", sa.JSON(), nullable=False),
    sa.Column("uploaded_at", Moment(), nullable=False),
    sa.Column("started_at", Moment(), nullable=True),
    sa.Column("done_at", Moment(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("last_error", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_nominee_files_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_nominee_files_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee_files"))
    )
    op.create_index("ix_nominee_files_edition_id_id", "nominee_files", ["edition_id", "id"])
    op.create_index("ix_nominee_files_state_due_at", "nominee_files", ["state", "due_at"])


def downgrade() -> None:
    """Take the change back."""
    for table in ("nominee_files", "likenesses", "applications", "consents", "privacy_notices"):
        op.drop_table(table)
    op.drop_index(STATES, "enrolments")
    op.create_index(STATES, "enrolments", ["edition_id", "role", "state"])
    op.drop_index(op.f("ix_people_merged_into_id"), "people")
    op.drop_column("people", "merged_into_id")  # SQLite refuses, and nothing is taken back: restore a backup there
    with op.batch_alter_table("editions") as editions:
        editions.drop_column("by_decision")
