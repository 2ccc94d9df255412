"""Search over all ledgers."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_index(
        "ix_student_searched",
        "student",
        [
            "id",
            "name_folded",
            "name_pinyin",
            "name_initials",
            "name_sort",
            "document_number",
            "bank_card",
            "student_number",
            "registration_number",
            "phone",
            "head_name",
            "household_number",
        ],
        unique=False,
    )
