"""学生异动情况月报表: the bridge from last month's number to this one's, then everybody by name.

A month without changes gives a paper too: 本月无异动.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import (
    Block,
    Cell,
    Document,
    Grade,
    Heading,
    PageSetup,
    Paragraph,
    Table,
    TableColumn,
    TableRow,
)
from skillsaid_desktop.figures.bridge import ADDITIONS, INTERNAL, REDUCTIONS
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.figure import FigureResult
from skillsaid_desktop.reports.letterhead import Letterhead, as_day
from skillsaid_desktop.reports.report import MONTH, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, columns_for, table_rows
from skillsaid_desktop.schema import Date, IdNumber, Name, Number, Privacy, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_IN_TWO_LINES = {"升入预备技师班": "升入预备\n技师班"}
_SHORT = {"认定为帮扶对象": "新认定", "退出帮扶对象": "退出\n帮扶", "参军保留学籍": "参军保留"}
_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=2.2, align="center"),
    PaperColumn(name="name", headings=("姓名",), type=Name(), width=5),
    PaperColumn(
        name="document_number", headings=("身份证号",), type=IdNumber(), width=9.6,
        privacy=Privacy.NUMBER, align="center", wrap=False,
    ),
    PaperColumn(name="class_name", headings=("班级",), type=Text(), width=5.5),
    PaperColumn(name="major", headings=("专业",), type=Text(), width=6.5),
    PaperColumn(name="kind", headings=("异动类别",), type=Text(), width=7.2),
    PaperColumn(name="changed_on", headings=("异动日期",), type=Date(), width=5.4),
    PaperColumn(name="change", headings=("变动前 → 变动后",), type=Text(), width=8),
    PaperColumn(name="approval_number", headings=("批准文号",), type=Text(), width=6.5),
    PaperColumn(name="other_school", headings=("去向／来源",), type=Text(), width=6),
    PaperColumn(name="reason", headings=("异动原因",), type=Text(), width=9, fills=True),
)  # fmt: skip


def _bridge(figures: Mapping[str, FigureResult]) -> Table:
    def column(*headings: str) -> TableColumn:
        return TableColumn(headings=headings, type=Number(), width=2.4, align="center")

    columns = [
        TableColumn(headings=("期间",), type=Text(), width=3.8, align="center"),
        TableColumn(headings=("期初\n在籍",), type=Number(), width=2.8, align="center"),
        column("更正", "增加"),
        column("更正", "减少"),
        *(column("本期增加", _SHORT.get(kind, kind)) for kind in ADDITIONS),
        column("本期增加", "小计"),
        *(column("本期减少", _SHORT.get(kind, kind)) for kind in REDUCTIONS),
        column("本期减少", "小计"),
        TableColumn(headings=("期末\n在籍",), type=Number(), width=2.8, align="center"),
        TableColumn(headings=("其中\n在校",), type=Number(), width=2.8, align="center"),
    ]
    added = [f"CI{number}" for number in range(1, len(ADDITIONS) + 1)]
    reduced = [f"CO{number}" for number in range(1, len(REDUCTIONS) + 1)]
    groups = [
        ["C0"],
        ["CX+"],
        ["CX-"],
        *([code] for code in added),
        added,
        *([code] for code in reduced),
        reduced,
    ]
    groups += [["S1"], ["S2"]]
    rows = [
        TableRow(values=("本期", *(_sum(figures, codes, "period") for codes in groups))),
        TableRow(values=("本年累计", *(_sum(figures, codes, "year") for codes in groups))),
    ]
    return Table(columns=tuple(columns), rows=rows, name="异动汇总", text_size=9.0)


def _sum(figures: Mapping[str, FigureResult], codes: list[str], span: str) -> Cell:
    values = [getattr(figures[code], span) for code in codes if code in figures]
    known = [value for value in values if value is not None]
    return Cell(value=int(sum(known)) if values and len(known) == len(values) else None, ref=" ".join(codes))


def _internal(figures: Mapping[str, FigureResult]) -> Table:
    codes = [f"CM{number}" for number in range(1, len(INTERNAL) + 1)]
    columns = (
        TableColumn(headings=("期间",), type=Text(), width=3.8, align="center"),
        *(
            TableColumn(
                headings=("内部变动（不影响在籍人数）", _IN_TWO_LINES.get(kind, kind)),
                type=Number(),
                width=3.6,
                align="center",
            )
            for kind in INTERNAL
        ),
    )
    rows = [
        TableRow(values=("本期", *(_sum(figures, [code], "period") for code in codes))),
        TableRow(values=("本年累计", *(_sum(figures, [code], "year") for code in codes))),
    ]
    return Table(columns=columns, rows=rows, name="异动汇总", text_size=9.0)


def _counted_kinds() -> list[tuple[str, str, str]]:
    """Return (figure code, kind of change, words on paper) of everybody who is named, in order."""
    found = [("CX+", "", "更正（增加）"), ("CX-", "", "更正（减少）")]
    for prefix, kinds in (("CI", ADDITIONS), ("CO", REDUCTIONS), ("CM", INTERNAL)):
        found += [(f"{prefix}{number}", kind, kind) for number, kind in enumerate(kinds, 1)]
    return found


def _people(
    reading: "Reading", head: Letterhead, figures: Mapping[str, FigureResult]
) -> list[dict[str, Any]]:
    assert head.period is not None
    from_on, to_on = head.period.from_on.isoformat(), head.period.to_on.isoformat()
    facts: dict[tuple[int, str], tuple[Any, ...]] = {}
    for row in reading.rows(
        "SELECT c.student_id, c.kind, c.changed_on, c.reason, c.approval_number, c.other_school, c.class_before, k.name,"
        " c.major_before, c.major, c.level_before, c.level"
        " FROM status_change c LEFT JOIN school_class k ON k.id = c.class_id"
        " WHERE c.changed_on BETWEEN ? AND ? AND c.is_opening = 0 ORDER BY c.changed_on, c.id",
        (from_on, to_on),
    ):
        facts[row[0], row[1]] = row[2:]
    majors = dict(
        reading.rows(
            "SELECT student_id, major FROM student_span WHERE from_on <= ? AND to_on >= ? ORDER BY from_on",
            (to_on, from_on),
        )
    )
    categories = _category_facts(reading, from_on, to_on)
    moved = [one.student_id for code in ("CX+", "CX-") if code in figures for one in figures[code].people]
    if moved:
        facts |= _correction_facts(reading, head.period.from_on - timedelta(days=1), frozenset(moved))
    records = []
    for code, kind, words in _counted_kinds():
        for person in figures[code].people if code in figures else ():
            fact = facts.get((person.student_id, kind)) or categories.get((person.student_id, kind))
            records.append(
                {
                    "student_id": person.student_id,
                    "name": person.name,
                    "document_number": person.document_number or None,
                    "class_name": person.class_name or None,
                    "major": majors.get(person.student_id),
                    "kind": words,
                    **_shown(kind, fact, person.note),
                }
            )
    return records


def _correction_facts(
    reading: "Reading", day: date, students: frozenset[int]
) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Return since when and why each of these students is what he is on a day that has been reported otherwise."""
    found: dict[tuple[int, str], tuple[Any, ...]] = {}
    for student_id, on, why, reason, approval, school in reading.rows(
        "SELECT s.student_id, s.from_on, s.opened_by, c.reason, c.approval_number, c.other_school FROM student_span s"
        " LEFT JOIN status_change c ON c.student_id = s.student_id AND c.changed_on = s.from_on"
        " WHERE s.from_on <= ? AND s.to_on >= ?",
        (day.isoformat(), day.isoformat()),
    ):
        if student_id in students:
            told = "，".join(part for part in (why, reason) if part)
            found[student_id, ""] = (on, told, approval, school, *(None,) * 6)
    return found


def _category_facts(reading: "Reading", from_on: str, to_on: str) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Return day and category of those who became or ceased to be targets, in the shape of a change."""
    found: dict[tuple[int, str], tuple[Any, ...]] = {}
    for student_id, opened_by, day, category in reading.rows(
        "SELECT s.student_id, s.opened_by, s.from_on, CASE WHEN s.is_target THEN s.category ELSE b.category END"
        " FROM student_span s LEFT JOIN student_span b ON b.student_id = s.student_id"
        " AND b.to_on = date(s.from_on, '-1 day') WHERE s.from_on BETWEEN ? AND ?",
        (from_on, to_on),
    ):
        for kind in (ADDITIONS[-1], REDUCTIONS[-1]):
            if kind in str(opened_by):
                found[student_id, kind] = (day, category, *(None,) * 8)
    return found


def _shown(kind: str, fact: tuple[Any, ...] | None, note: str) -> dict[str, Any]:
    if fact is None:
        return {"reason": note or None}
    day, reason, approval, school, class_before, class_name, major_before, major, level_before, level = fact
    pairs = {
        "转班": (class_before, class_name),
        "留级": (class_before, class_name),
        "转专业": (major_before, major),
        "升入高级工班": (level_before, level),
        "升入预备技师班": (level_before, level),
    }
    before, after = pairs.get(kind, (None, None))
    change = f"{before or ''} → {after or ''}" if before or after else None
    return {
        "changed_on": as_day(day),
        "reason": reason or None,
        "approval_number": approval,
        "other_school": school,
        "change": change,
    }


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, CHANGES.grades, CHANGES.title)
    month = str(params["month"])
    head = Letterhead(reading, month=month)
    figures = compute_figures(reading, month)
    records = _people(reading, head, figures)
    if grade is Grade.PUBLIC:
        # A public list names each person once and not why.
        records = list({record["student_id"]: record for record in records}.values())
    columns = columns_for(_COLUMNS, grade)
    names = Table(
        columns=tuple(column.as_table_column() for column in columns),
        rows=table_rows(columns, records, grade),
        when_empty="本月无异动",
        name="异动名单",
        frozen_columns=min(2, len(columns)),
        text_size=9.0,
    )
    blocks: list[Block] = [_bridge(figures), _internal(figures), Heading(text="异动学生名单"), names]
    blocks.append(
        Paragraph(
            text="注：期初在籍＋更正增加－更正减少＋本期增加－本期减少＝期末在籍；更正是上月封账后补登的变动。",
            small=True,
        )
    )
    return head.document(
        title=CHANGES.title,
        blocks=tuple(blocks),
        page=PageSetup(landscape=True),
        grade=grade,
        remarks=(head.open_remark,),
        people=len({record["student_id"] for record in records}),
    )


CHANGES = Report(
    name="changes",
    title="学生异动情况月报表",
    parameters=(MONTH,),
    build=_build,
    grades=tuple(Grade),
)
