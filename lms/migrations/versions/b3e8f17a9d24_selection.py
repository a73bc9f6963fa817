"""selection."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Exact, Moment

revision = "b3e8f17a9d24"
down_revision = "c2e8f0417d5a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table("score_files",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("by_id", key, nullable=True),
    sa.Column("criterion", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("values", sa.JSON(), nullable=False),
    sa.Column("faults", sa.JSON(), nullable=False),
    sa.Column("uploaded_at", Moment(), nullable=False),
    sa.Column("done_at", Moment(), nullable=True),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_score_files_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_score_files_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_score_files"))
    )
    op.create_index("ix_score_files_edition_id_id", "score_files", ["edition_id", "id"])
    op.create_table("selection_rules",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("body", sa.JSON(), nullable=False),
    sa.Column("by_id", key, nullable=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_selection_rules_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_selection_rules_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_rules")),
    sa.UniqueConstraint("edition_id", "version", name=op.f("uq_selection_rules_edition_id_version"))
    )
    op.create_table("selection_runs",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("by_id", key, nullable=True),
    sa.Column("asked_at", Moment(), nullable=False),
    sa.Column("done_at", Moment(), nullable=True),
    sa.Column("rules", sa.JSON(), nullable=False),
    sa.Column("marks", sa.JSON(), nullable=False),
    sa.Column("fingerprint", sa.Text(), nullable=False),
    sa.Column("candidates", sa.Integer(), nullable=False),
    sa.Column("feasible", sa.Boolean(), nullable=True),
    sa.Column("outcome", sa.JSON(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("last_error", sa.Text(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_selection_runs_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_selection_runs_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_runs")),
    sa.UniqueConstraint("edition_id", "number", name=op.f("uq_selection_runs_edition_id_number"))
    )
    op.create_index("ix_selection_runs_state_due_at", "selection_runs", ["state", "due_at"])
    op.create_table("criterion_scores",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("criterion", sa.Text(), nullable=False),
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("value", Exact(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_criterion_scores_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_criterion_scores_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_scores")),
    sa.UniqueConstraint("edition_id", "criterion", "enrolment_id", name=op.f("uq_criterion_scores_edition_id_criterion_enrolment_id"))
    )
    op.create_index("ix_criterion_scores_enrolment_id", "criterion_scores", ["enrolment_id"])
    op.create_table("motivation_scores",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("assessor_id", key, nullable=False),
    sa.Column("score", sa.Integer(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["assessor_id"], ["people.id"], name=op.f("fk_motivation_scores_assessor_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_motivation_scores_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_motivation_scores_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_motivation_scores")),
    sa.UniqueConstraint("enrolment_id", "assessor_id", name=op.f("uq_motivation_scores_enrolment_id_assessor_id"))
    )
    op.create_index("ix_motivation_scores_assessor_id", "motivation_scores", ["assessor_id"])
    op.create_index("ix_motivation_scores_edition_id_assessor_id", "motivation_scores", ["edition_id", "assessor_id"])
    op.create_table("selection_approvals",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("run_id", key, nullable=False),
    sa.Column("by_id", key, nullable=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_selection_approvals_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_selection_approvals_edition_id")),
    sa.ForeignKeyConstraint(["run_id"], ["selection_runs.id"], name=op.f("fk_selection_approvals_run_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_approvals")),
    sa.UniqueConstraint("edition_id", name=op.f("uq_selection_approvals_edition_id"))
    )
    op.create_table("selection_dossiers",
    sa.Column("run_id", key, nullable=False),
    sa.Column("digest", sa.Text(), nullable=False),
    sa.Column("signature", sa.Text(), nullable=False),
    sa.Column("signed_by", sa.Text(), nullable=False),
    sa.Column("made_at", Moment(), nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("last_error", sa.Text(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["run_id"], ["selection_runs.id"], name=op.f("fk_selection_dossiers_run_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_dossiers")),
    sa.UniqueConstraint("run_id", name=op.f("uq_selection_dossiers_run_id"))
    )
    op.create_index("ix_selection_dossiers_state_due_at", "selection_dossiers", ["state", "due_at"])
    op.create_table("selection_marks",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("must", sa.Boolean(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("by_id", key, nullable=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_selection_marks_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_selection_marks_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_selection_marks_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_marks")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_selection_marks_enrolment_id"))
    )
    op.create_index("ix_selection_marks_edition_id", "selection_marks", ["edition_id"])
    op.create_table("selection_places",
    sa.Column("run_id", key, nullable=False),
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    sa.Column("score", sa.Integer(), nullable=False),
    sa.Column("missing", sa.Integer(), nullable=True),
    sa.Column("drawn", sa.Boolean(), nullable=False),
    sa.Column("country", sa.Text(), nullable=False),
    sa.Column("gender", sa.Text(), nullable=False),
    sa.Column("sector", sa.Text(), nullable=False),
    sa.Column("institution", sa.Text(), nullable=False),
    sa.Column("values", sa.JSON(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_selection_places_enrolment_id")),
    sa.ForeignKeyConstraint(["run_id"], ["selection_runs.id"], name=op.f("fk_selection_places_run_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_places")),
    sa.UniqueConstraint("run_id", "enrolment_id", name=op.f("uq_selection_places_run_id_enrolment_id"))
    )
    op.create_index("ix_selection_places_enrolment_id", "selection_places", ["enrolment_id"])
    op.create_index("ix_selection_places_run_id_state", "selection_places", ["run_id", "state", "place"])
    op.create_table("selection_dossier_documents",
    sa.Column("dossier_id", key, nullable=False),
    sa.Column("form", sa.Text(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["dossier_id"], ["selection_dossiers.id"], name=op.f("fk_selection_dossier_documents_dossier_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_dossier_documents")),
    sa.UniqueConstraint("dossier_id", "form", name=op.f("uq_selection_dossier_documents_dossier_id_form"))
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("selection_dossier_documents")
    op.drop_index("ix_selection_places_run_id_state", "selection_places")
    op.drop_index("ix_selection_places_enrolment_id", "selection_places")
    op.drop_table("selection_places")
    op.drop_index("ix_selection_marks_edition_id", "selection_marks")
    op.drop_table("selection_marks")
    op.drop_index("ix_selection_dossiers_state_due_at", "selection_dossiers")
    op.drop_table("selection_dossiers")
    op.drop_table("selection_approvals")
    op.drop_index("ix_motivation_scores_edition_id_assessor_id", "motivation_scores")
    op.drop_index("ix_motivation_scores_assessor_id", "motivation_scores")
    op.drop_table("motivation_scores")
    op.drop_index("ix_criterion_scores_enrolment_id", "criterion_scores")
    op.drop_table("criterion_scores")
    op.drop_index("ix_selection_runs_state_due_at", "selection_runs")
    op.drop_table("selection_runs")
    op.drop_table("selection_rules")
    op.drop_index("ix_score_files_edition_id_id", "score_files")
    op.drop_table("score_files")
