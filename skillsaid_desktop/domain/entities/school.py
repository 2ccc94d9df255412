"""The school itself: settings, the policy in force, classes and their teachers."""

from datetime import date

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity


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
