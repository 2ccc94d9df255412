"""The sample school (示例学校): 460 invented students through fourteen months, for a first look, for tests and pictures.

Everything is written through the ledgers and closed month by month on its own days, so the sample is a ledger
like any other. Its name and its papers say that it is invented.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from skillsaid_desktop import clock
from skillsaid_desktop.domain.months import MonthRule, add_months, months_between, school_year
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters import EXPORTERS
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.ledgers import CHANGES, CLASSES, HOUSEHOLDS, MONITORING, STUDENTS
from skillsaid_desktop.ledgers.ledger import IntakeContext, Ledger
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.policy.policy import default_policy_text
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.reports import REPORTS
from skillsaid_desktop.schema.record import read_values
from skillsaid_desktop.services.closing import close_month, run_checks
from skillsaid_desktop.services.export import export_report
from skillsaid_desktop.services.sample_files import bring_files
from skillsaid_desktop.services.sample_households import household_rows
from skillsaid_desktop.services.sample_pairings import SampleHelp
from skillsaid_desktop.services.sample_people import Inventor, SampleClass, load_words
from skillsaid_desktop.services.sample_rosters import bring_rosters
from skillsaid_desktop.services.sample_troubles import bring_troubles
from skillsaid_desktop.storage import LedgerFile

MONTHS = 14
FILE_NAME = "示例学校（虚构数据）.skillsaid"
LAST_MONTH = "2025-11"
"""The month in hand, so that the same people, days and figures come out wherever the sample is made."""

_DAY = timedelta(days=1)
Row = dict[str, Any]


@dataclass(frozen=True)
class SampleSchool:
    """A sample ledger that was made: where it is, what opens it, and its months."""

    path: Path
    passphrase: str
    last_closed_month: str
    month_in_hand: str


def sample_passphrase() -> str:
    """Return the passphrase of every sample school; it is printed wherever one is made."""
    return str(load_words()["passphrase"])


def make_sample_school(folder: Path, progress: Progress | None = None) -> SampleSchool:
    """Make the sample school in a folder; refuses if there is one already."""
    progress = progress or SilentProgress()
    words = load_words()
    rule = MonthRule()
    months = months_between(add_months(LAST_MONTH, 1 - MONTHS), LAST_MONTH)
    path = folder / FILE_NAME
    if path.exists():
        raise UserError(f"“{folder}”里已经有一所示例学校，没有动它。", "请换一个文件夹。")
    with clock.pretending(rule.period(months[0]).from_on + 4 * _DAY):
        ledger_file, _code = LedgerFile.create(
            path,
            passphrase=words["passphrase"],
            settings={
                "school_name": words["school_name"],
                "first_month": months[0],
                "cutoff_day": rule.cutoff_day,
                "paired_counties": [[county, None, None] for county in words["paired_counties"]],
                "unit_head": words["unit_head"],
                "reviewer": words["reviewer"],
                "preparer": words["preparer"],
                "phone": words["phone"],
                "is_sample": True,
            },
            policy_text=default_policy_text("jiangxi"),
            policy_name="jiangxi",
        )
    try:
        ledger_file.user = words["preparer"]
        _Life(ledger_file, words, months, rule).live(progress)
        bring_troubles(ledger_file, folder, rule.period(months[-1]))
        bring_rosters(ledger_file, folder, rule.period(months[-1]), words)
        bring_files(ledger_file, folder, rule.period(months[-1]))
    finally:
        ledger_file.close(backup=False)
    return SampleSchool(path, words["passphrase"], months[-2], months[-1])


def export_sample_month(sample: SampleSchool, folder: Path, progress: Progress | None = None) -> list[Path]:
    """Write the papers of the sample's last closed month into folders beside it, as workbook and as PDF.

    What is sent stands apart from the cards and lists that stay in the school.
    """
    progress = progress or SilentProgress()
    ledger_file = LedgerFile.open(sample.path, passphrase=sample.passphrase)
    written: list[Path] = []
    try:
        for number, report in enumerate(REPORTS):
            progress.report(number, len(REPORTS), f"导出{report.title}")
            kind = "报送材料" if report.group == "月报" else report.group
            target = folder / f"{sample.last_closed_month} {kind}"
            target.mkdir(parents=True, exist_ok=True)
            for name, exporter in EXPORTERS.items():
                path = target / f"{report.title} {sample.last_closed_month}{exporter.ending}"
                params = {"month": sample.last_closed_month}
                export_report(ledger_file, report.name, params, name, path, purpose="示例学校演示")
                written.append(path)
    finally:
        ledger_file.close(backup=False)
    return written


class _Life:
    """What happens in the school, month by month."""

    def __init__(
        self, ledger_file: LedgerFile, words: Mapping[str, Any], months: Sequence[str], rule: MonthRule
    ) -> None:
        self.ledger_file = ledger_file
        self.words = words
        self.months = months
        self.rule = rule
        self.random = random.Random("一年")
        year = school_year(rule.period(months[-1]).to_on)
        self.inventor = Inventor(dict(words), (year - 2, year - 1, year))
        self.classes = self.inventor.classes()
        self.gone: set[str] = set()
        self.cleared: dict[str, tuple[date, str]] = {}  # number -> day and category of a cleared risk
        self.away: dict[str, str] = {}  # number -> 休学, 参军保留学籍 or 岗位实习
        self.coming: list[tuple[date, Ledger, list[Row], str, str]] = []  # this month's, not yet entered
        self.help = SampleHelp(ledger_file, words, self._store)

    def live(self, progress: Progress) -> None:
        """Let the months pass."""
        for number, month in enumerate(self.months):
            progress.report(number, len(self.months), f"示例学校：{month}")
            period = self.rule.period(month)
            if number == 0:
                self._arrive(
                    [one for one in self.classes if one.grade < school_year(period.to_on) + 1],
                    period.from_on + 4 * _DAY,
                )
            elif any(date(one.grade, 9, 1) in _days(period.from_on, period.to_on) for one in self.classes):
                self._arrive(
                    [one for one in self.classes if one.grade == period.to_on.year],
                    date(period.to_on.year, 9, 8),
                )
            self._change(period.from_on, period.to_on)
            is_last = month == self.months[-1]
            if is_last:
                self._bring_households(period.from_on + 3 * _DAY)
            self._enter()
            if is_last:
                self._late(self.rule.period(self.months[-2]).to_on - 6 * _DAY, period.to_on - 7 * _DAY)
            self.help.live(number, period, is_last=is_last)
            self._monitor(month, period.to_on, unseen=6 if is_last else 0)
            if not is_last:
                self._close(month, period.to_on + _DAY)

    def _arrive(self, classes: Sequence[SampleClass], day: date) -> None:
        rows = [student for one in classes for student in one.students]
        teachers = [
            {
                "name": one.name,
                "grade": str(one.grade),
                "major": one.major,
                "level": one.level,
                "class_teacher": one.teacher,
            }
            for one in classes
        ]
        self._store(STUDENTS, rows, day, f"导入学生名册 {len(rows)} 人", "示例学籍导出.xlsx")
        self._store(CLASSES, teachers, day, f"导入班级 {len(teachers)} 个", "示例班级.xlsx")

    def _bring_households(self, day: date) -> None:
        """Bring the county's list of the households that have somebody in school."""
        students = [
            one
            for of_class in self.classes
            for one in of_class.students
            if one["document_number"] not in self.gone and one["entered_on"] <= day
        ]
        rows = household_rows(students, self.cleared, self.words)
        self._plan(HOUSEHOLDS, rows, day, f"导入困难户名册 {len(rows)} 行", "示例户名册.xlsx")

    def _in_school(self, day: date) -> list[tuple[SampleClass, Row]]:
        """Return who is plainly in school, with the class he entered."""
        return [
            (one, student)
            for one in self.classes
            for student in one.students
            if student["document_number"] not in self.gone
            and student["document_number"] not in self.away
            and student["entered_on"] <= day
        ]

    def _change(self, from_on: date, to_on: date) -> None:
        """Let two to five things happen to students, most of them to targets."""
        days = self.random.sample(range(9, (to_on - from_on).days - 1), self.random.choice((2, 3, 3, 5)))
        for number in sorted(days):
            day = from_on + timedelta(days=number)
            row = self._change_row(day)
            if row is not None:
                self._plan(CHANGES, [row], day, f"登记{row['kind']} {row['student_name']}")
        if from_on.month % 3 == 0:
            self._transfer(from_on + 6 * _DAY)
        if from_on.month % 4 == 1:
            self._release(to_on - 2 * _DAY)
        if from_on.month == 4:
            self._send_to_work(from_on + 12 * _DAY)

    def _transfer(self, day: date) -> None:
        """Let a target come over from another school."""
        of_class = self.random.choice([one for one in self.classes if one.grade < day.year])
        student = {**self.inventor.student(of_class, on=day), "entry_kind": "转入", "category": "脱贫户"}
        of_class.students.append(student)
        self._plan(STUDENTS, [student], day, f"新增学生 {student['name']}")

    def _release(self, day: date) -> None:
        """Let a household's risk be cleared: its student stays and is no target any more."""
        pool = [
            one for _, one in self._in_school(day) if one.get("category") in ("脱贫不稳定户", "边缘易致贫户")
        ]
        student = self.random.choice(pool)
        self.cleared[student["document_number"]] = (day, student["category"])
        row = self._row(student, "退出帮扶对象", day, category=student.pop("category"), reason="风险消除")
        self._plan(CHANGES, [row], day, f"登记退出帮扶对象 {student['name']}")

    def _change_row(self, day: date) -> Row | None:
        back = {"休学": "复学", "参军保留学籍": "恢复学籍"}
        returning = [number for number, kind in self.away.items() if kind == "休学"]
        if returning and self.random.random() < 0.25:
            number = returning[0]
            student = self._student(number)
            kind = back[self.away.pop(number)]
            return self._row(student, kind, day, reason="病愈返校")
        pool = self._in_school(day)
        targets = [pair for pair in pool if "category" in pair[1]]
        of_class, student = self.random.choice(targets if self.random.random() < 0.6 else pool)
        kind = self.random.choice(
            (
                "退学",
                "转出",
                "休学",
                "休学",
                "参军保留学籍",
                "转班",
                "转专业",
                "认定为帮扶对象",
                "认定为帮扶对象",
            )
        )
        number = student["document_number"]
        if kind in ("退学", "转出"):
            self.gone.add(number)
            return self._row(student, kind, day, reason=self.random.choice(self.words["leave_reasons"]))
        if kind in back:
            self.away[number] = kind
            return self._row(student, kind, day, reason="因病" if kind == "休学" else "应征入伍")
        if kind == "认定为帮扶对象":
            if "category" in student:
                return None
            student["category"] = "脱贫不稳定户"
            return self._row(student, kind, day, category="脱贫不稳定户", reason="县里推送，家访核实")
        others = [
            one
            for one in self.classes
            if one.grade == of_class.grade
            and one is not of_class
            and (one.major == student["major"]) == (kind == "转班")
            and one.level == student["level"]
        ]
        if not others:
            return None
        new = self.random.choice(others)
        student["major"] = new.major
        return self._row(student, kind, day, class_after=new.name, major_after=new.major, reason="本人申请")

    def _send_to_work(self, day: date) -> None:
        """Send one class into 岗位实习 at once."""
        eldest = min(one.grade for one in self.classes)
        interns = next(one for one in self.classes if one.grade == eldest and one.level == "中级工")
        rows = []
        for student in interns.students:
            number = student["document_number"]
            if number not in self.gone and number not in self.away:
                self.away[number] = "岗位实习"
                rows.append(self._row(student, "岗位实习", day, reason="统一安排"))
        self._plan(CHANGES, rows, day, f"登记岗位实习 {interns.name} {len(rows)} 人")

    def _late(self, dated: date, noticed: date) -> None:
        """Let somebody's leaving become known only after its month was reported."""
        pool = [student for _one, student in self._in_school(dated) if student.get("category") == "脱贫户"]
        student = pool[len(pool) // 2]
        self.gone.add(student["document_number"])
        with clock.pretending(noticed):
            row = self._row(student, "退学", dated, reason="外出务工，月底才知道")
            self._store(
                CHANGES, [row], noticed, f"补登退学 {student['name']}", correction="班主任报来已过封账日"
            )

    def _student(self, number: str) -> Row:
        return next(s for one in self.classes for s in one.students if s["document_number"] == number)

    def _row(self, student: Row, kind: str, day: date, **values: Any) -> Row:
        return {
            "student_name": student["name"],
            "document_number": student["document_number"],
            "kind": kind,
            "changed_on": day,
            "handled_by": self.words["preparer"],
            **values,
        }

    def _monitor(self, month: str, end: date, *, unseen: int) -> None:
        """Write this month's notes of all who are to be monitored, but for a few."""
        with clock.pretending(end - _DAY), self.ledger_file.reading() as reading:
            due = compute_figures(reading, month, live=True)["T1"].people
        teachers = {one.name: one.teacher for one in self.classes}
        rows = []
        for person in due[: len(due) - unseen]:
            level = self.random.choices(("无", "一般", "较重", "紧急"), weights=(60, 28, 10, 2))[0]
            noted = end - timedelta(days=self.random.randrange(2, 14))
            teacher = teachers.get(person.class_name, self.words["preparer"])
            row: Row = {
                "student_name": person.name,
                "document_number": person.document_number,
                "month": month,
                "noted_on": noted,
                "noted_by": teacher,
                "form": self.random.choice(("面谈", "面谈", "电话", "家访", "微信")),
                "days_due": 22,
                "days_present": self.random.choice((22, 22, 22, 21, 20)),
                "lessons_absent": self.random.choice((0, 0, 0, 0, 2)),
                "courses_failed": self.random.choice((0, 0, 0, 1, 2)),
                **{name: self.random.choice(self.words[name]) for name in ("study", "life", "health")},
                "difficulty": level,
            }
            if level in ("较重", "紧急"):
                row["family_event"] = self.random.choice(self.words["family_events"])
                row["measure"] = self.random.choice(self.words["measures"])
                row["responsible"] = teacher
                row["due_on"] = end + timedelta(days=self.random.randrange(8, 20))
                if unseen == 0:
                    row["result"] = self.random.choice(self.words["results"][row["measure"]])
            rows.append(row)
        with clock.pretending(end - _DAY):
            self._store(
                MONITORING, rows, end - _DAY, f"导入每月监测 {len(rows)} 条", f"示例监测表 {month}.xlsx"
            )

    def _close(self, month: str, day: date) -> None:
        with clock.pretending(day):
            with self.ledger_file.reading() as reading:
                asked = {issue.code for issue in run_checks(reading, month)}
            close_month(self.ledger_file, month, dict.fromkeys(asked, "已逐项核实，材料在档"))

    def _plan(self, ledger: Ledger, rows: Iterable[Row], day: date, name: str, source: str = "") -> None:
        self.coming.append((day, ledger, [dict(row) for row in rows], name, source))

    def _enter(self) -> None:
        """Enter what was planned for the month in the order of its days, as 操作记录 tells it."""
        for day, ledger, rows, name, source in sorted(self.coming, key=lambda each: each[0]):
            self._store(ledger, rows, day, name, source)
        self.coming.clear()

    def _store(
        self,
        ledger: Ledger,
        rows: Iterable[Row],
        day: date,
        name: str,
        source: str = "",
        correction: str = "",
    ) -> None:
        with clock.pretending(day), self.ledger_file.operation(name, source=source) as uow:
            words = uow.policy.words(day)
            fields = {field.name: field for field in ledger.importable}
            records = [read_values([fields[key] for key in row if key in fields], row, words) for row in rows]
            context = IntakeContext(as_of=day, source=source, correction=correction)
            planned = ledger.plan(uow, records, context)
            for one in planned:
                if not one.is_stored:
                    sentences = "；".join(issue.message for issue in one.issues)
                    raise AssertionError(f"the sample school is wrong: {name}: {one.who}: {sentences}")
            ledger.store(uow, planned, context)
            keep_questions(uow, ledger, planned)


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}
