"""Households, rosters, remembered layouts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "column_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("remembered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_layout")),
        sa.UniqueConstraint("ledger", "fingerprint", name=op.f("uq_column_layout_ledger_fingerprint")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "extra_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_fact")),
        sa.UniqueConstraint(
            "entity", "record_id", "title", name=op.f("uq_extra_fact_entity_record_id_title")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("head_name", sa.String(), nullable=False),
        sa.Column("head_name_folded", sa.String(), nullable=False),
        sa.Column("head_name_pinyin", sa.String(), nullable=False),
        sa.Column("head_name_initials", sa.String(), nullable=False),
        sa.Column("head_name_sort", sa.String(), nullable=False),
        sa.Column("head_document_number", sa.String(), nullable=True),
        sa.Column("county", sa.String(), nullable=True),
        sa.Column("township", sa.String(), nullable=True),
        sa.Column("village", sa.String(), nullable=True),
        sa.Column("village_group", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("income_fen", sa.Integer(), nullable=True),
        sa.Column("main_cause", sa.String(), nullable=True),
        sa.Column("other_causes", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("original_wording", sa.String(), nullable=True),
        sa.Column("identified_on", sa.Date(), nullable=True),
        sa.Column("lifted_year", sa.Integer(), nullable=True),
        sa.Column("is_risk_cleared", sa.Boolean(), nullable=True),
        sa.Column("risk_cleared_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("helper", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_household_head_document_number"), "household", ["head_document_number"], unique=False
    )
    op.create_index(op.f("ix_household_head_name_folded"), "household", ["head_name_folded"], unique=False)
    op.create_index(op.f("ix_household_number"), "household", ["number"], unique=False)
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("counties", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("people_digest", sa.String(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_roster_digest"), "roster", ["digest"], unique=False)
    op.create_table(
        "roster_person",
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("number_key", sa.String(), nullable=True),
        sa.Column("household_number", sa.String(), nullable=True),
        sa.Column("person_number", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("head_name", sa.String(), nullable=True),
        sa.Column("head_document_number", sa.String(), nullable=True),
        sa.Column("county", sa.String(), nullable=True),
        sa.Column("township", sa.String(), nullable=True),
        sa.Column("village", sa.String(), nullable=True),
        sa.Column("village_group", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("original_wording", sa.String(), nullable=True),
        sa.Column("identified_on", sa.Date(), nullable=True),
        sa.Column("is_risk_cleared", sa.Boolean(), nullable=True),
        sa.Column("risk_cleared_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("conclusion", sa.String(), nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("roster_id", "number", name=op.f("pk_roster_person")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_roster_person_household_number"), "roster_person", ["household_number"], unique=False
    )
    op.create_index(
        op.f("ix_roster_person_name_folded_number_key_village_head_name"),
        "roster_person",
        ["name_folded", "number_key", "village", "head_name"],
        unique=False,
    )
    op.create_index(
        op.f("ix_roster_person_number_key_name_folded"),
        "roster_person",
        ["number_key", "name_folded"],
        unique=False,
    )
    op.create_table(
        "household_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("name_pinyin", sa.String(), nullable=False),
        sa.Column("name_initials", sa.String(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("person_number", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("health", sa.String(), nullable=True),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("school_state", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_member_household_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_household_member_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_member")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_household_member_document_number"), "household_member", ["document_number"], unique=False
    )
    op.create_index(
        op.f("ix_household_member_household_id"), "household_member", ["household_id"], unique=False
    )
    op.create_index(
        op.f("ix_household_member_name_folded"), "household_member", ["name_folded"], unique=False
    )
    op.create_index(op.f("ix_household_member_student_id"), "household_member", ["student_id"], unique=False)
    op.create_table(
        "sent_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("student_ids", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.Column("returned_file", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_sent_sheet_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_sheet")),
        sa.UniqueConstraint("key", name=op.f("uq_sent_sheet_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sent_sheet_class_id"), "sent_sheet", ["class_id"], unique=False)
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("roster_kind", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_by", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_verdict_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint(
            "student_id",
            "roster_kind",
            "person_key",
            name=op.f("uq_verdict_student_id_roster_kind_person_key"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_verdict_person_key"), "verdict", ["person_key"], unique=False)
    op.create_index(op.f("ix_verdict_student_id"), "verdict", ["student_id"], unique=False)
