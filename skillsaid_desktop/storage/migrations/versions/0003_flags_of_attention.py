"""Flags of attention."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "attention_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("cleared_by", sa.String(), nullable=True),
        sa.Column("cleared_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_attention_flag_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_flag")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attention_flag_student_id"), "attention_flag", ["student_id"], unique=False)
