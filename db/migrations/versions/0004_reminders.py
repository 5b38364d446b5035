"""Reminders: what duties go through, what is said about them, what was sent and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_INSTANT = sa.DateTime(timezone=True)


@contextmanager
def _altered_duties() -> Iterator[BatchOperations]:
    """The table of duties, altered. SQLite copies it for that, and would forget which codes it has given out."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    last = op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'duty'")) if is_sqlite else None
    with op.batch_alter_table("duty", table_kwargs={"sqlite_autoincrement": True}) as duty:
        yield duty
    if last is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'duty'")
        op.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('duty', :last)").bindparams(last=last))


def upgrade() -> None:
    op.add_column("agency", sa.Column("is_listed", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Which agencies came with a list was not noted; those where somebody works did.
    op.execute("UPDATE agency SET is_listed = true WHERE code IN (SELECT agency_code FROM contact)")
    op.add_column("contact", sa.Column("is_substitute", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("contact", sa.Column("away_from", sa.Date(), nullable=True))
    op.add_column("contact", sa.Column("away_until", sa.Date(), nullable=True))
    op.add_column("contact", sa.Column("silenced_at", _INSTANT, nullable=True))

    with _altered_duties() as duty:
        duty.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        duty.add_column(sa.Column("assignee_id", sa.Integer(), nullable=True))
        duty.add_column(sa.Column("source", sa.String(), server_default="", nullable=False))
        duty.add_column(sa.Column("outcome", sa.String(32), nullable=True))
        duty.add_column(sa.Column("repeats", sa.Boolean(), server_default=sa.true(), nullable=False))
        duty.add_column(sa.Column("ladder", _JSON, nullable=True))
        duty.add_column(sa.Column("awaits", sa.String(32), nullable=True))
        duty.add_column(sa.Column("awaited_at", _INSTANT, nullable=True))
        duty.add_column(sa.Column("pause", sa.String(32), nullable=True))
        duty.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        duty.add_column(sa.Column("reminded_until", _INSTANT, nullable=True))
        duty.add_column(sa.Column("remind_at", _INSTANT, nullable=True))
        duty.alter_column("document_id", existing_type=sa.Integer(), nullable=True)
        duty.drop_constraint("fk_duty_document_id", type_="foreignkey")
        duty.create_foreign_key("fk_duty_document_id", "document", ["document_id"], ["id"], ondelete="SET NULL")
        duty.create_foreign_key("fk_duty_assignee_id", "contact", ["assignee_id"], ["id"], ondelete="SET NULL")
        duty.create_foreign_key("fk_duty_parent_id", "duty", ["parent_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_duty_assignee_id", "duty", ["assignee_id"], unique=False)
    op.create_index("ix_duty_parent_id", "duty", ["parent_id"], unique=False)
    op.create_index("ix_duty_remind_at", "duty", ["state", "remind_at"], unique=False)

    op.create_table(
        "status_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("undone_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_status_report_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_status_report_duty_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_status_report"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_status_report_at", "status_report", ["at"], unique=False)
    op.create_index("ix_status_report_contact_id", "status_report", ["contact_id"], unique=False)
    op.create_index("ix_status_report_duty_id", "status_report", ["duty_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_evidence_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_evidence_duty_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["report_id"], ["status_report.id"], name="fk_evidence_report_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name="fk_evidence_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_contact_id", "evidence", ["contact_id"], unique=False)
    op.create_index("ix_evidence_duty_id", "evidence", ["duty_id"], unique=False)
    op.create_index("ix_evidence_report_id", "evidence", ["report_id"], unique=False)
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("asked_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("granted_day", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_extension_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["decided_by"], ["contact.id"], name="fk_extension_decided_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_extension_duty_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_extension"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_extension_contact_id", "extension", ["contact_id"], unique=False)
    op.create_index("ix_extension_duty_id", "extension", ["duty_id"], unique=False)
    op.create_index("ix_extension_state", "extension", ["state"], unique=False)

    op.create_table(
        "duty_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_duty_change_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_duty_change_duty_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_duty_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duty_change_contact_id", "duty_change", ["contact_id"], unique=False)
    op.create_index("ix_duty_change_duty_id", "duty_change", ["duty_id"], unique=False)

    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_day", sa.Date(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("planned_at", _INSTANT, nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_nudge_contact_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_nudge_duty_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name="fk_nudge_message_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_nudge"),
        sa.UniqueConstraint(
            "duty_id",
            "rung",
            "rung_day",
            "contact_id",
            "step",
            "is_again",
            name="uq_nudge_duty_id_rung_rung_day_contact_id_step_is_again",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_nudge_contact_id", "nudge", ["contact_id"], unique=False)
    op.create_index("ix_nudge_message_id", "nudge", ["message_id"], unique=False)
    op.create_index("ix_nudge_waiting", "nudge", ["state", "message_id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("leader_ids", _JSON, nullable=False),
        sa.Column("coordinator_ids", _JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_escalation_duty_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_escalation_open", "escalation", ["duty_id", "ended_at"], unique=False)

    op.create_table(
        "periodic_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_periodic_notice"),
        sa.UniqueConstraint("kind", "period_from", name="uq_periodic_notice_kind_period_from"),
    )

    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )

    op.create_table(
        "prompt",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", _JSON, nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_prompt"),
    )
    op.create_index("ix_prompt_expires_at", "prompt", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("prompt")
    op.drop_table("lease")
    op.drop_table("periodic_notice")
    op.drop_table("escalation")
    op.drop_table("nudge")
    op.drop_table("duty_change")
    op.drop_table("extension")
    op.drop_table("evidence")
    op.drop_table("status_report")
    op.drop_index("ix_duty_remind_at", "duty")
    op.drop_index("ix_duty_parent_id", "duty")
    op.drop_index("ix_duty_assignee_id", "duty")
    # An older program knows no duty without a document.
    op.execute("DELETE FROM duty WHERE document_id IS NULL")
    added = ("remind_at", "reminded_until", "paused_until", "pause", "awaited_at", "awaits", "ladder", "repeats", "outcome", "source")
    with _altered_duties() as duty:
        duty.drop_constraint("fk_duty_parent_id", type_="foreignkey")
        duty.drop_constraint("fk_duty_assignee_id", type_="foreignkey")
        duty.drop_constraint("fk_duty_document_id", type_="foreignkey")
        duty.create_foreign_key("fk_duty_document_id", "document", ["document_id"], ["id"], ondelete="CASCADE")
        duty.alter_column("document_id", existing_type=sa.Integer(), nullable=False)
        for name in (*added, "assignee_id", "parent_id"):
            duty.drop_column(name)
    for name in ("silenced_at", "away_until", "away_from", "is_substitute"):
        op.drop_column("contact", name)
    op.drop_column("agency", "is_listed")
