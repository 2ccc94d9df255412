"""What stands round the tables of every paper (DOMAIN section 8): period, unit, cut-off day, signatures, mark."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Block, Document, Grade, PageSetup, Signatures
from skillsaid_desktop.domain.months import MonthRule, Period

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

SECRET_MARK = "内部资料　注意保密"
_MARKS = {Grade.FULL: SECRET_MARK, Grade.MASKED: "校内版　号码已遮住", Grade.PUBLIC: ""}


def long_day(day: date) -> str:
    """Return a day as papers write it: 2025年11月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def long_month(month: str) -> str:
    """Return a month as papers write it: 2025年11月."""
    return f"{int(month[:4])}年{int(month[5:])}月"


def as_day(value: object) -> date | None:
    """Return a day from what SQLite holds."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10])


class Letterhead:
    """The school's furniture of a paper about a month or a day."""

    def __init__(self, reading: "Reading", *, month: str | None = None, as_of: date | None = None) -> None:
        self._settings = reading.settings
        self.month = month
        self.period: Period | None = MonthRule(self._settings.cutoff_day).period(month) if month else None
        self.as_of = as_of
        self.is_closed = False
        if self.period is not None:
            rows = reading.rows("SELECT state, counted_to FROM reporting_month WHERE month = ?", (month,))
            state, counted_to = rows[0] if rows else ("open", None)
            self.is_closed = state in ("closed", "submitted")
            self.as_of = as_day(counted_to) or min(self.period.to_on, clock.today())

    def period_line(self, *remarks: str) -> str:
        """Return the second line: the month with its days, or the day, and remarks."""
        if self.period is not None and self.month is not None:
            first, last = self.period.from_on, self.period.to_on
            line = f"{long_month(self.month)}（{first.month}月{first.day}日—{last.month}月{last.day}日）"
        else:
            line = f"截至{long_day(self.as_of)}" if self.as_of else ""
        return "　".join((line, *[remark for remark in remarks if remark]))

    @property
    def open_remark(self) -> str:
        """Say on the paper that its month is not closed."""
        return "" if self.is_closed else "未封账"

    def signatures(self) -> Signatures:
        """Return the signature line: what the school has set, else room for a pen."""
        settings = self._settings
        return Signatures(
            entries=(
                ("单位负责人", settings.unit_head),
                ("审核人", settings.reviewer),
                ("填表人", settings.preparer),
                ("联系电话", settings.phone),
                ("填表日期", long_day(clock.today())),
            )
        )

    def document(
        self,
        *,
        title: str,
        blocks: Sequence[Block],
        page: PageSetup,
        grade: Grade = Grade.FULL,
        attachment: str = "",
        remarks: Sequence[str] = (),
        unit: str = "人",
        mark: str | None = None,
        people: int = 0,
        signed: bool = True,
    ) -> Document:
        """Return a paper with its furniture; `mark` is the grade's own unless given."""
        settings = self._settings
        sample = "示例数据　不是真实学生" if settings.get("is_sample") else ""
        marks = [sample, _MARKS[grade] if mark is None else mark]
        stamp = self.month or (self.as_of.isoformat() if self.as_of else "")
        return Document(
            title=title,
            file_name=f"{title} {stamp}".strip(),
            attachment=attachment,
            subtitle=self.period_line(*remarks),
            header_left=f"填报单位（盖章）：{settings.school_name}",
            header_center=f"统计截止日：{long_day(self.as_of)}" if self.as_of else "",
            header_right=f"单位：{unit}" if unit else "",
            blocks=(*blocks, self.signatures()) if signed else tuple(blocks),
            page=page,
            mark="　".join(each for each in marks if each),
            grade=grade,
            people=people,
            author=settings.school_name,
        )
