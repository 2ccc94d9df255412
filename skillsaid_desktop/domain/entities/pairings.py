"""一对一帮扶: which leader helps which student from when to when, and each talk, call or visit."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity


class Pairing(Entity, kw_only=True):
    """结对: a leader and a student from one day to another, both included; `ended_on` None is open."""

    __tablename__ = "pairing"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    leader: Mapped[str] = mapped_column(index=True)  # 校领导: by name, as the lists have them
    post: Mapped[str | None] = mapped_column(default=None)  # 职务
    phone: Mapped[str | None] = mapped_column(default=None)  # the leader's
    paired_on: Mapped[date]  # 结对日期
    ended_on: Mapped[date | None] = mapped_column(default=None)  # 解除日期
    end_reason: Mapped[str | None] = mapped_column(default=None)  # 解除原因
    correction_reason: Mapped[str | None] = mapped_column(default=None)  # touches a closed month: why so late
    source: Mapped[str | None] = mapped_column(default=None)


class Contact(Entity, kw_only=True):
    """帮扶记录: one talk, call or visit of a leader with a student.

    What was promised (帮扶措施) is a `HelpMeasure` of the contact, so that it falls due like any other.
    """

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    leader: Mapped[str] = mapped_column(index=True)
    contacted_on: Mapped[date] = mapped_column(index=True)  # 日期
    form: Mapped[str | None] = mapped_column(default=None)  # 方式
    place: Mapped[str | None] = mapped_column(default=None)  # 地点
    situation: Mapped[str | None] = mapped_column(default=None)  # 学习/生活/思想情况
    difficulties: Mapped[str | None] = mapped_column(default=None)  # 困难问题
    amount_fen: Mapped[int | None] = mapped_column(default=None)  # 物资或资金
    effect: Mapped[str | None] = mapped_column(default=None)  # 成效
    next_plan: Mapped[str | None] = mapped_column(default=None)  # 下次计划
    correction_reason: Mapped[str | None] = mapped_column(default=None)  # of a closed month: why so late
    source: Mapped[str | None] = mapped_column(default=None)
