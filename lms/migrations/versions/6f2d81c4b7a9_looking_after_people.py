"""looking after people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment
from lms.core.names import search_key

revision = "6f2d81c4b7a9"
down_revision = "518cea65bb8d"
branch_labels = None
depends_on = None
BATCH = 1000


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table("people_notes",
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("author_id", key, nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_people_notes_author_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_people_notes_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_people_notes"))
    )
    op.create_index("ix_people_notes_enrolment_id_id", "people_notes", ["enrolment_id", "id"])
    op.create_table("sightings",
    sa.Column("entry_id", key, nullable=False),
    sa.Column("person_id", key, nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name=op.f("fk_sightings_entry_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sightings_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings"))
    )
    op.create_index("ix_sightings_person_id_entry_id", "sightings", ["person_id", "entry_id"], unique=True)
    op.create_index("ix_audit_entries_subject_subject_id", "audit_entries", ["subject", "subject_id", "id"])
    op.create_index("ix_outgoing_mails_person_id_created_at", "outgoing_mails", ["person_id", "created_at"])
    op.add_column("enrolments", sa.Column("search_key", sa.Text(), nullable=False, server_default=""))
    never = "1970-01-01 00:00:00.000000" + ("" if op.get_bind().dialect.name == "sqlite" else "+00")
    op.add_column("enrolments", sa.Column("seen_at", Moment(), nullable=False, server_default=never))
    _fill()
    for column in ("search_key", "created_at", "seen_at"):
        op.create_index(f"ix_enrolments_edition_id_{column}", "enrolments", ["edition_id", column, "id"])


def _fill() -> None:
    """Let those be found and sorted who are there already."""
    connection = op.get_bind()
    people = connection.execute(sa.text("SELECT id, name, printed_name FROM people")).all()
    change = sa.text("UPDATE enrolments SET search_key = :key WHERE person_id = :person_id")
    for start in range(0, len(people), BATCH):
        rows = [{"key": search_key(name, printed), "person_id": id_} for id_, name, printed in people[start : start + BATCH]]
        connection.execute(change, rows)
    seen = "SELECT max(seen_at) FROM sign_ins WHERE sign_ins.person_id = enrolments.person_id"
    op.execute(f"UPDATE enrolments SET seen_at = coalesce(({seen}), seen_at)")  # noqa: S608 - no value from outside


def downgrade() -> None:
    """Take the change back."""
    for column in ("search_key", "created_at", "seen_at"):
        op.drop_index(f"ix_enrolments_edition_id_{column}", "enrolments")
    with op.batch_alter_table("enrolments") as batch_op:
        batch_op.drop_column("seen_at")
        batch_op.drop_column("search_key")
    op.drop_index("ix_outgoing_mails_person_id_created_at", "outgoing_mails")
    op.drop_index("ix_audit_entries_subject_subject_id", "audit_entries")
    op.drop_table("sightings")
    op.drop_table("people_notes")
