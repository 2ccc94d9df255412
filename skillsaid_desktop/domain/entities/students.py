"""Students and what happens to them: categories, changes, notes and measures, and the spans computed from them."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity, Projection


class Student(Entity, kw_only=True):
    """学生: a person and the facts that have no date. State, class, major, level and category come from events."""

    __tablename__ = "student"
    __table_args__ = (  # type: ignore[assignment]
        # All that a search looks at, without the width of a student; led by the id, so that an import appends to it.
        Index(
            "ix_student_searched", "id", "name_folded", "name_pinyin", "name_initials", "name_sort", "document_number",
            "bank_card", "student_number", "registration_number", "phone", "head_name", "household_number",
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(index=True)  # folded for matching and search
    name_pinyin: Mapped[str] = mapped_column(
        default=""
    )  # readings joined by blanks, several separated by "|"
    name_initials: Mapped[str] = mapped_column(default="")  # likewise
    name_sort: Mapped[str] = mapped_column(default="", index=True)  # sort key by pinyin
    former_name: Mapped[str | None] = mapped_column(default=None)
    document_kind: Mapped[str] = mapped_column(default="居民身份证")
    document_number: Mapped[str | None] = mapped_column(default=None, unique=True)  # upper case, no blanks
    document_pending: Mapped[bool] = mapped_column(
        default=False
    )  # 证件号待核: fails its checks, paper awaited
    sex: Mapped[str | None] = mapped_column(default=None)
    born_on: Mapped[date | None] = mapped_column(default=None)
    ethnicity: Mapped[str | None] = mapped_column(default=None)
    political_status: Mapped[str | None] = mapped_column(default=None)
    registration_number: Mapped[str | None] = mapped_column(default=None, index=True)  # 学籍号
    student_number: Mapped[str | None] = mapped_column(default=None, index=True)  # 学号
    phone: Mapped[str | None] = mapped_column(default=None)
    guardian_name: Mapped[str | None] = mapped_column(default=None)
    guardian_relation: Mapped[str | None] = mapped_column(default=None)
    guardian_phone: Mapped[str | None] = mapped_column(default=None)
    home_province: Mapped[str | None] = mapped_column(default=None)
    home_city: Mapped[str | None] = mapped_column(default=None)
    home_county: Mapped[str | None] = mapped_column(default=None)
    home_township: Mapped[str | None] = mapped_column(default=None)
    home_village: Mapped[str | None] = mapped_column(default=None)
    address: Mapped[str | None] = mapped_column(default=None)
    current_address: Mapped[str | None] = mapped_column(default=None)
    years_of_study: Mapped[int | None] = mapped_column(default=None)  # 学制(年)
    expected_graduation_on: Mapped[date | None] = mapped_column(default=None)
    enrolment_preference: Mapped[str | None] = mapped_column(default=None)  # 招生优惠
    applicant_kind: Mapped[str | None] = mapped_column(default=None)  # 招生对象: 应届, 往届
    previous_school: Mapped[str | None] = mapped_column(default=None)
    is_boarding: Mapped[bool | None] = mapped_column(default=None)
    bank_card: Mapped[str | None] = mapped_column(default=None)
    account_name: Mapped[str | None] = mapped_column(default=None)
    household_number: Mapped[str | None] = mapped_column(default=None)
    person_number: Mapped[str | None] = mapped_column(default=None)
    relation_to_head: Mapped[str | None] = mapped_column(default=None)
    head_name: Mapped[str | None] = mapped_column(default=None)
    head_document_number: Mapped[str | None] = mapped_column(default=None)
    is_paired_county: Mapped[bool | None] = mapped_column(
        default=None
    )  # None: derived from the school's list
    is_deep_poverty_village: Mapped[bool | None] = mapped_column(default=None)
    remark: Mapped[str | None] = mapped_column(default=None)


class HardshipStatus(Entity, kw_only=True):
    """身份类别: a dated row; several may be active. `to_on` None is open; both days included."""

    __tablename__ = "hardship_status"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    category: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(default=None)
    start_unknown: Mapped[bool] = mapped_column(default=False)  # 起始日期未知: from_on is the entry date
    risk_cleared_on: Mapped[date | None] = mapped_column(default=None)  # 消除时间
    evidence: Mapped[str | None] = mapped_column(default=None)  # 认定依据
    verified_by_means: Mapped[str | None] = mapped_column(default=None)  # 核验方式
    verified_on: Mapped[date | None] = mapped_column(default=None)
    handled_by: Mapped[str | None] = mapped_column(default=None)
    original_wording: Mapped[str | None] = mapped_column(default=None)  # 原始表述
    correction_reason: Mapped[str | None] = mapped_column(default=None)  # touches a closed month: why so late
    source: Mapped[str | None] = mapped_column(default=None)  # file, sheet, row


class StatusChange(Entity, kw_only=True):
    """学籍异动: a dated event. The entry event (入学, 转入) carries first class, major and level.

    `class_id`, `major`, `level` are what holds from this day on, None where the kind leaves them alone.
    """

    __tablename__ = "status_change"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    kind: Mapped[str] = mapped_column(index=True)
    changed_on: Mapped[date] = mapped_column(index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True, default=None)
    major: Mapped[str | None] = mapped_column(default=None)
    level: Mapped[str | None] = mapped_column(default=None)
    is_opening: Mapped[bool] = mapped_column(default=False)  # 期初: counted in no flow
    is_inferred: Mapped[bool] = mapped_column(default=False)  # 名册推定: gives way to a dated change
    roster_before_on: Mapped[date | None] = mapped_column(
        default=None
    )  # inferred: day of the roster before (exclusive)
    roster_on: Mapped[date | None] = mapped_column(
        default=None
    )  # opening, inferred: as-of day of the roster that said so
    reason: Mapped[str | None] = mapped_column(default=None)
    approval_number: Mapped[str | None] = mapped_column(default=None)
    approved_on: Mapped[date | None] = mapped_column(default=None)
    other_school: Mapped[str | None] = mapped_column(default=None)  # 去向/来源学校
    class_before: Mapped[str | None] = mapped_column(default=None)  # as written on the paper
    major_before: Mapped[str | None] = mapped_column(default=None)
    level_before: Mapped[str | None] = mapped_column(default=None)
    system_on: Mapped[date | None] = mapped_column(default=None)  # 系统办理日期
    handled_by: Mapped[str | None] = mapped_column(default=None)
    evidence: Mapped[str | None] = mapped_column(default=None)  # 佐证
    remark: Mapped[str | None] = mapped_column(default=None)
    correction_reason: Mapped[str | None] = mapped_column(
        default=None
    )  # dated in a closed month: why so late
    source: Mapped[str | None] = mapped_column(default=None)


class MonitoringNote(Entity, kw_only=True):
    """每月监测: one per student and month at least; more are allowed."""

    __tablename__ = "monitoring_note"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    month: Mapped[str] = mapped_column(index=True)
    noted_on: Mapped[date]  # 监测日期
    noted_by: Mapped[str]  # 监测人
    form: Mapped[str | None] = mapped_column(default=None)  # 方式
    days_due: Mapped[int | None] = mapped_column(default=None)  # 应出勤
    days_present: Mapped[int | None] = mapped_column(default=None)  # 实出勤
    lessons_absent: Mapped[int | None] = mapped_column(default=None)  # 旷课(节)
    courses_failed: Mapped[int | None] = mapped_column(default=None)
    study: Mapped[str | None] = mapped_column(default=None)
    life: Mapped[str | None] = mapped_column(default=None)
    health: Mapped[str | None] = mapped_column(default=None)
    family_event: Mapped[str | None] = mapped_column(default=None)
    is_aid_received: Mapped[bool | None] = mapped_column(default=None)
    difficulty: Mapped[str] = mapped_column(default="无")
    remark: Mapped[str | None] = mapped_column(default=None)
    correction_reason: Mapped[str | None] = mapped_column(default=None)  # note of a closed month: why so late
    source: Mapped[str | None] = mapped_column(default=None)


class HelpMeasure(Entity, kw_only=True):
    """帮助措施: what, who, by when, with which result; belongs to a note or to a contact, never to both."""

    __tablename__ = "help_measure"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("monitoring_note.id"), index=True, default=None)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True, default=None)
    measure: Mapped[str]
    responsible: Mapped[str | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    result: Mapped[str | None] = mapped_column(default=None)
    completed_on: Mapped[date | None] = mapped_column(default=None)


class AttentionFlag(Entity, kw_only=True):
    """关注标记: somebody wants this student watched and says why, until somebody says why no longer.

    It is a mark of now: it is open until it is cleared, whatever day the ledger is looked at.
    """

    __tablename__ = "attention_flag"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    reason: Mapped[str]
    raised_on: Mapped[date]
    raised_by: Mapped[str]
    cleared_on: Mapped[date | None] = mapped_column(default=None)
    cleared_by: Mapped[str | None] = mapped_column(default=None)
    cleared_reason: Mapped[str | None] = mapped_column(default=None)


class StudentSpan(Projection, kw_only=True):
    """What held for a student from one day to another, both included: computed from the events.

    One row for each stretch in which nothing changed; `to_on` of the last is 9999-12-31. Before the entry
    there is no row. `opened_by` is the kind that began the stretch (a change kind, 认定为帮扶对象 or
    退出帮扶对象); several on one day are joined by 、 in the order in which they were taken; an opening change is 期初.
    `movement` says how the student became an enrolled target on that day (入学, 转入, 认定) or ceased to be one
    (a leaving kind, 退出); None where that did not change.
    """

    __tablename__ = "student_span"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - one tree instead of two: it is written in bulk
    student_id: Mapped[int] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str]
    is_enrolled: Mapped[bool]
    is_target: Mapped[bool]
    is_paired_county: Mapped[bool]
    class_id: Mapped[int | None]
    class_name: Mapped[str | None]
    grade: Mapped[int | None]
    major: Mapped[str | None]
    level: Mapped[str | None]
    category: Mapped[str | None]  # active categories joined by 、, targets first
    opened_by: Mapped[str]
    movement: Mapped[str | None]
