"""What is kept, as mapped dataclasses (DOMAIN sections 2 and 5).

Every table has an INTEGER PRIMARY KEY AUTOINCREMENT `id`: an undone id must never be given to someone else.
Dates are days, both ends inclusive; months are "YYYY-MM"; money is integer 分 in columns named `*_fen`.
Relationships are not mapped: screens get rows from queries, rules get values.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Entity(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of all journalled tables."""

    metadata = MetaData(naming_convention=NAMING)
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - a dataclass base takes no ClassVar here


class Setting(Entity, kw_only=True):
    """One setting of the school (单位名称, 统计截止日规则, 对口贫困县 …); `value` is JSON."""

    __tablename__ = "setting"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[object] = mapped_column(JSON)


class PolicyText(Entity, kw_only=True):
    """The policy in force: the TOML text copied into the ledger, so no closed month moves with the program."""

    __tablename__ = "policy_text"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]


class SchoolClass(Entity, kw_only=True):
    """班级. `grade` is 入学年份(级); class teachers hang here with from and to."""

    __tablename__ = "school_class"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(unique=True)
    grade: Mapped[int | None] = mapped_column(default=None)
    major: Mapped[str | None] = mapped_column(default=None)
    level: Mapped[str | None] = mapped_column(default=None)
    monitor: Mapped[str | None] = mapped_column(default=None)
    remark: Mapped[str | None] = mapped_column(default=None)


class ClassTeacher(Entity, kw_only=True):
    """班主任 of a class, from and to (both days included; open ends are None)."""

    __tablename__ = "class_teacher"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    name: Mapped[str]
    from_on: Mapped[date | None] = mapped_column(default=None)
    to_on: Mapped[date | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)


class Student(Entity, kw_only=True):
    """学生: a person and the facts that have no date. State, class, major, level and category come from events."""

    __tablename__ = "student"
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
    """帮助措施: what, who, by when, with which result; belongs to a note."""

    __tablename__ = "help_measure"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    note_id: Mapped[int] = mapped_column(ForeignKey("monitoring_note.id"), index=True)
    measure: Mapped[str]
    responsible: Mapped[str | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    result: Mapped[str | None] = mapped_column(default=None)
    completed_on: Mapped[date | None] = mapped_column(default=None)


class ReportingMonth(Entity, kw_only=True):
    """统计月: open (登记中) → closed (已封账) → submitted (已报送); may be reopened with a reason (重新打开)."""

    __tablename__ = "reporting_month"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="open")  # open, closed, submitted, reopened
    from_on: Mapped[date]
    to_on: Mapped[date]
    counted_to: Mapped[date | None] = mapped_column(
        default=None
    )  # 统计截止日: the real day of closing, at most to_on
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    digest: Mapped[str | None] = mapped_column(default=None)  # SHA-256 over figures and people
    reopened_reason: Mapped[str | None] = mapped_column(default=None)


class FrozenFigure(Entity, kw_only=True):
    """A figure as it stood at closing. Amounts in 分, ratios as real numbers, unknown is None."""

    __tablename__ = "frozen_figure"
    __table_args__ = (UniqueConstraint("month_id", "code"), {"sqlite_autoincrement": True})  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month_id: Mapped[int] = mapped_column(ForeignKey("reporting_month.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    period: Mapped[float | None] = mapped_column(default=None)
    year: Mapped[float | None] = mapped_column(default=None)
    since_start: Mapped[float | None] = mapped_column(default=None)
    records: Mapped[int | None] = mapped_column(default=None)


class FrozenPerson(Entity, kw_only=True):
    """Somebody behind a frozen figure, in the words of that day. Repeats are allowed where acts are counted."""

    __tablename__ = "frozen_person"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    figure_id: Mapped[int] = mapped_column(ForeignKey("frozen_figure.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(
        default=None
    )  # no foreign key: the person may be removed later
    document_number: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str]
    class_name: Mapped[str | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)


class CheckExplanation(Entity, kw_only=True):
    """The explanation of a ◐ check: by code and by what it is about; kept with the month."""

    __tablename__ = "check_explanation"
    __table_args__ = (UniqueConstraint("month", "code", "subject"), {"sqlite_autoincrement": True})  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month: Mapped[str]
    code: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")  # "" explains the whole group
    reason: Mapped[str]
    explained_by: Mapped[str] = mapped_column(default="")
    explained_at: Mapped[datetime]


class OpeningFigure(Entity, kw_only=True):
    """期初累计 of a flow figure: the year before the first ledger month, and 启动以来 before it; typed once."""

    __tablename__ = "opening_figure"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int | None] = mapped_column(default=None)
    since_start: Mapped[int | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(default=None)


class PendingRow(Entity, kw_only=True):
    """待处理: an imported row that waits for an answer or was refused, with the place it came from."""

    __tablename__ = "pending_row"
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("file_digest", "sheet", "row", "ledger"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ledger: Mapped[str]  # name of the ledger, e.g. "students"
    file: Mapped[str]
    file_digest: Mapped[str]
    sheet: Mapped[str]
    row: Mapped[int]
    outcome: Mapped[str]  # waiting, invalid
    who: Mapped[str] = mapped_column(default="")
    cells: Mapped[object] = mapped_column(JSON)  # field name -> text as it stood
    issues: Mapped[object] = mapped_column(JSON)  # list of {severity, code, column, message}
    received_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    resolution: Mapped[str | None] = mapped_column(default=None)  # stored, dropped


class OpenQuestion(Entity, kw_only=True):
    """A ◐ of an import whose row was stored: it stays on the desk until it is answered."""

    __tablename__ = "open_question"
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("entity", "record_id", "code", "message"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str]
    message: Mapped[str]
    entity: Mapped[str]
    record_id: Mapped[int]
    file: Mapped[str] = mapped_column(default="")
    sheet: Mapped[str] = mapped_column(default="")
    row: Mapped[int | None] = mapped_column(default=None)
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class ImportedFile(Entity, kw_only=True):
    """A file that was imported: its hash kept with the operation, and its as-of day if it was a roster."""

    __tablename__ = "imported_file"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ledger: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)  # SHA-256
    as_of: Mapped[date | None] = mapped_column(default=None)
    rows: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime]


class Projection(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of computed tables: rebuilt from events in the same transaction, never journalled, never typed."""

    metadata = MetaData(naming_convention=NAMING)


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
