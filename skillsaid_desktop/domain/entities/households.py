"""Households (户) and their members, as registers and people tell of them (DOMAIN section 5)."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity


class Household(Entity, kw_only=True):
    """户: where it lives, why it is poor, and from when to when it counts as which kind."""

    __tablename__ = "household"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    number: Mapped[str | None] = mapped_column(default=None, index=True)  # 户编号
    head_name: Mapped[str]  # 户主姓名
    head_name_folded: Mapped[str] = mapped_column(index=True)
    head_name_pinyin: Mapped[str] = mapped_column(default="")  # as of a student: for search and order
    head_name_initials: Mapped[str] = mapped_column(default="")
    head_name_sort: Mapped[str] = mapped_column(default="")
    head_document_number: Mapped[str | None] = mapped_column(default=None, index=True)
    county: Mapped[str | None] = mapped_column(default=None)
    township: Mapped[str | None] = mapped_column(default=None)
    village: Mapped[str | None] = mapped_column(default=None)
    village_group: Mapped[str | None] = mapped_column(default=None)  # 组
    size: Mapped[int | None] = mapped_column(default=None)  # 家庭人口
    income_fen: Mapped[int | None] = mapped_column(default=None)  # 人均纯收入 a year
    main_cause: Mapped[str | None] = mapped_column(default=None)
    other_causes: Mapped[str | None] = mapped_column(default=None)  # joined by 、, at most two
    category: Mapped[str | None] = mapped_column(default=None)  # 户类型 in the policy's words
    original_wording: Mapped[str | None] = mapped_column(default=None)
    identified_on: Mapped[date | None] = mapped_column(default=None)  # 识别时间
    lifted_year: Mapped[int | None] = mapped_column(default=None)  # 脱贫年度
    is_risk_cleared: Mapped[bool | None] = mapped_column(default=None)
    risk_cleared_on: Mapped[date | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    helper: Mapped[str | None] = mapped_column(default=None)  # 帮扶责任人
    remark: Mapped[str | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(default=None)


class HouseholdMember(Entity, kw_only=True):
    """家庭成员. `student_id` is set where the member is a student of this school."""

    __tablename__ = "household_member"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"), default=None, index=True)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(index=True)
    name_pinyin: Mapped[str] = mapped_column(default="")
    name_initials: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str | None] = mapped_column(default=None, index=True)
    person_number: Mapped[str | None] = mapped_column(default=None)  # 人员编号
    relation: Mapped[str | None] = mapped_column(default=None)  # 与户主关系
    health: Mapped[str | None] = mapped_column(default=None)
    skill: Mapped[str | None] = mapped_column(default=None)  # 劳动技能
    education: Mapped[str | None] = mapped_column(default=None)
    school_state: Mapped[str | None] = mapped_column(default=None)  # 在校生状况
    source: Mapped[str | None] = mapped_column(default=None)
