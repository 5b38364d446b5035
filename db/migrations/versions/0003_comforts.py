"""What questions were about, approved answers, the files that messages carry, the demo's clock and people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("inquiry", sa.Column("about", _JSON, server_default="{}", nullable=False))
    op.create_index("ix_inquiry_conversation", "inquiry", ["conversation"], unique=False)
    op.add_column("contact", sa.Column("is_sample", sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table(
        "approved_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["contact.id"], name="fk_approved_answer_author_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_approved_answer_document_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name="fk_approved_answer_inquiry_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_approved_answer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approved_answer_document_id", "approved_answer", ["document_id"], unique=False)
    op.create_index("ix_approved_answer_inquiry_id", "approved_answer", ["inquiry_id"], unique=False)

    op.create_table(
        "message_file",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name="fk_message_file_message_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name="fk_message_file_sha256"),
        sa.PrimaryKeyConstraint("message_id", "sha256", name="pk_message_file"),
    )
    op.create_index("ix_message_file_sha256", "message_file", ["sha256"], unique=False)

    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demo_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("real_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_demo_clock"),
    )


def downgrade() -> None:
    op.drop_table("demo_clock")
    op.drop_table("message_file")
    op.drop_table("approved_answer")
    op.drop_column("contact", "is_sample")
    op.drop_index("ix_inquiry_conversation", table_name="inquiry")
    op.drop_column("inquiry", "about")
