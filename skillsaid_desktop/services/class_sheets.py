"""发预填表: one folder, one protected workbook for each class, for a month and a purpose; kept as sent sheets.

Only the last four digits of a number leave the office (DOMAIN section 10). Whoever is noted already, or of whom
nothing is missing, does not stand in the sheet; sending again keeps the 表号 of a class, so that both returns meet.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import SentSheet
from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.domain.sheet_marks import new_key, row_mark
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters.class_sheet import ClassSheet, SheetColumn, SheetPerson, write_class_sheet
from skillsaid_desktop.ledgers import MONITORING, STUDENTS
from skillsaid_desktop.ledgers.proofs import COLUMNS
from skillsaid_desktop.paths import file_name_of
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.schema.field_type import Words
from skillsaid_desktop.schema.types import Choice
from skillsaid_desktop.services.missing_facts import (
    LACKING,
    TEACHERS_FACTS,
    Lacking,
    lacking_facts,
    lacking_proofs,
)
from skillsaid_desktop.services.monitoring import GridRow, class_progress, class_teachers, load_grid
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

PURPOSES = {"monitoring": "每月监测", "facts": "缺的资料", "proofs": "缺的材料"}
FILE_WORDS = {"monitoring": "监测表", "facts": "资料补填表", "proofs": "材料收集表"}
KINDS = {"monitoring": "monitoring", "facts": "students", "proofs": "proofs"}
"""Purpose of a sheet -> the KIND under which it is imported."""

_WIDTHS = {
    "noted_on": 11, "noted_by": 7, "form": 6, "days_due": 5, "days_present": 5, "lessons_absent": 5,
    "courses_failed": 5, "study": 14, "life": 14, "health": 10, "family_event": 10, "is_aid_received": 5,
    "difficulty": 6, "measure": 16, "responsible": 7, "due_on": 11, "result": 9, "remark": 8,
}  # fmt: skip
_FACT_WIDTHS = {
    "phone": 14, "guardian_name": 11, "guardian_relation": 11, "guardian_phone": 14, "home_county": 11,
    "home_township": 12, "home_village": 14, "bank_card": 22, "head_name": 11, "relation_to_head": 11,
}  # fmt: skip
_PROMPTS = {
    "form": "怎么了解到的：面谈、电话、家访……",
    "days_present": "本月实际到校的天数，不能比应出勤多。",
    "difficulty": "没有困难选“无”。选“较重”或“紧急”，请在帮助措施里写怎么帮。",
    "measure": "准备怎么帮，或者已经怎么帮了。",
    "due_on": "措施什么时候做完，例如 2025-12-05。",
    "bank_card": "学生本人的资助卡，按文本填，不要带空格。",
    "relation_to_head": "学生与户主的关系，户主本人就选“户主”。",
}
_MONITORING_NOTES = (
    "怎么填：黄格一定要填，白格有情况就填；困难等级从下拉里选，选了“较重”“紧急”请写帮助措施（没写时格子发红）。没有变化也请写一句。",
    "名单里没有的学生写在最后的空行。可以排序、加列、改文件名；姓名和表号请不要改。填好后把这个文件交回学生资助办公室。",
)
_FACTS_NOTES = (
    "怎么填：只填空白的格子；画斜线的学校已经有了，不用填。卡号、电话按文本填，不要带空格。不知道的先空着，问到了再交一次也可以。",
    "可以排序、加列、改文件名；姓名和表号请不要改。里面有学生家庭信息，请不要转发到群里。填好后把这个文件交回学生资助办公室。",
)
_PROOFS_NOTES = (
    "怎么填：只填空白的格子，收到一样就从下拉里选“已交”；画斜线的学校已经有了，不用收。没收到的空着，收到了再交一次也可以。",
    "收来的原件、复印件或手机拍的照片随表交学生资助办公室。可以排序、加列、改文件名；姓名和表号请不要改，不要转发到群里。",
)
HANDED_IN = ("已交", "没有")
"""What a class teacher chooses from for a proof."""


@dataclass(frozen=True, kw_only=True)
class SheetPlan:
    """What would be sent to a class: how many students are in the sheet."""

    class_id: int
    class_name: str
    teacher: str
    people: int


@dataclass(frozen=True, kw_only=True)
class SentFolder:
    """What was sent: the folder, a file for each class, the number of students in them."""

    folder: Path
    files: tuple[Path, ...]
    people: int


def plan_sheets(reading: Reading, month: str, purpose: str) -> list[SheetPlan]:
    """Return the classes that have something to fill; students without a class have no teacher to ask."""
    day = MonthRule(reading.settings.cutoff_day).period(month).to_on.isoformat()
    if purpose == "monitoring":
        return [
            SheetPlan(
                class_id=one.class_id, class_name=one.name, teacher=one.teacher, people=one.due - one.done
            )
            for one in class_progress(reading, month)
            if one.class_id is not None and not one.is_finished
        ]
    teachers = class_teachers(reading, day)
    names = dict(reading.rows("SELECT id, name FROM school_class"))
    counts: dict[int, int] = {}
    for one in LACKING[purpose](reading, day):
        if one.class_id is not None:
            counts[one.class_id] = counts.get(one.class_id, 0) + 1
    return [
        SheetPlan(class_id=each, class_name=names[each], teacher=teachers.get(each, ""), people=people)
        for each, people in counts.items()
    ]


def send_sheets(
    ledger_file: LedgerFile,
    month: str,
    purpose: str,
    folder: Path,
    *,
    reason: str,
    class_ids: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> SentFolder:
    """Write the sheets of a month into a new folder inside `folder`, and keep what was sent, as one operation.

    `reason` is the purpose of the export, which is logged. Raises UserError without one, when nothing is left to
    fill, or when a file can not be written; nothing stays behind then.
    """
    progress = progress or SilentProgress()
    if not reason.strip():
        raise UserError("预填表里有学生的姓名和困难等级，要写用途才能发。", "例如“班主任填写11月监测”。")
    title = f"{PURPOSES[purpose]} {_said(month)}"
    written: list[Path] = []
    with ledger_file.operation(f"发预填表：{title}") as uow:
        plans = [
            one for one in plan_sheets(uow, month, purpose) if class_ids is None or one.class_id in class_ids
        ]
        if not plans:
            raise UserError(f"{title}没有要填的，没有发表。", "已经记完的班不用再发。")
        target = folder / file_name_of(f"{_said(month)} {FILE_WORDS[purpose]}")
        is_new = not target.exists()
        people = 0
        try:
            _make_folder(target)
            for at, plan in enumerate(plans):
                progress.report(at, len(plans), f"正在做{plan.class_name}的表")
                path = _free(
                    target / file_name_of(f"{plan.class_name} {_short(month)}{FILE_WORDS[purpose]}.xlsx")
                )
                people += _send_one(uow, month, purpose, plan, path)
                written.append(path)
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            if is_new:
                with suppress(OSError):
                    target.rmdir()
            raise
        uow.rename(f"发预填表：{title} {len(plans)} 个班 {people} 人，用途：{reason.strip()}")
        uow.log_note(f"存到 {target}；号码只有后四位；班级：{'、'.join(one.class_name for one in plans)}")
    return SentFolder(folder=target, files=tuple(written), people=people)


def _send_one(uow: UnitOfWork, month: str, purpose: str, plan: SheetPlan, path: Path) -> int:
    """Write the sheet of a class, keep it as sent, and return the number of students in it."""
    known = uow.rows(
        "SELECT id, key, student_ids FROM sent_sheet WHERE purpose = ? AND month = ? AND class_id = ?",
        (purpose, month, plan.class_id),
    )
    key = known[0][1] if known else new_key(purpose)
    sheet, ids = _BUILD[purpose](uow, month, plan, key)
    write_class_sheet(sheet, path)
    if known:
        before = json.loads(known[0][2])
        ids_now = [*before, *(each for each in ids if each not in before)]
        again = {"id": known[0][0], "file": str(path), "student_ids": ids_now, "sent_at": now()}
        uow.update_many(SentSheet, [again])
    else:
        uow.insert_many(
            SentSheet,
            [
                {
                    "key": key, "purpose": purpose, "month": month, "class_id": plan.class_id, "file": str(path),
                    "student_ids": ids, "sent_at": now(),
                }
            ],
        )  # fmt: skip
    return len(ids)


def _monitoring_sheet(
    reading: Reading, month: str, plan: SheetPlan, key: str
) -> tuple[ClassSheet, list[int]]:
    grid = load_grid(reading, plan.class_id, month)
    words = reading.policy.words(grid.to_on)
    columns = [SheetColumn(title="上月", width=5, shown=True)]
    for each in MONITORING.importable:
        if each.name not in _WIDTHS or (each.name == "noted_by" and plan.teacher):
            continue
        is_number = each.name in ("days_due", "days_present", "lessons_absent", "courses_failed")
        is_date = each.name in ("noted_on", "due_on")
        last = grid.to_on if each.name == "noted_on" else grid.to_on + timedelta(days=365)
        columns.append(
            SheetColumn(
                title=each.title,
                width=_WIDTHS[each.name],
                kind="number" if is_number else "date" if is_date else "text",
                options=_options(each.name, each.type, words),
                is_required=each.required,
                prompt=f"{grid.from_on} 至 {grid.to_on} 之间的一天。" if each.name == "noted_on" else _PROMPTS.get(each.name, ""),
                from_on=grid.from_on if is_date else None,
                to_on=last if is_date else None,
                most=31 if each.name.startswith("days_") else 999,
            )
        )  # fmt: skip
    people = [
        SheetPerson(
            name=row.name,
            number_tail=tail,
            mark=row_mark(key, row.student_id),
            texts=(_last_level(row), *("" for _ in columns[1:])),
        )
        for row, tail in zip(
            grid.missing, _tails(reading, [row.student_id for row in grid.missing]), strict=True
        )
    ]
    teacher = f"　　班主任：{plan.teacher}" if plan.teacher else ""
    sheet = ClassSheet(
        name=plan.class_name,
        key=key,
        title=f"{plan.class_name}帮扶对象学生{int(month[5:])}月监测登记表",
        line=f"班级：{plan.class_name}{teacher}　　统计时间：{_said(month)}"
        f"（{_day(grid.from_on)}至{_day(grid.to_on)}）　　共 {len(people)} 人　　表号：{key}",
        notes=_MONITORING_NOTES,
        columns=columns,
        people=people,
        signature="班主任（签字）：＿＿＿＿＿＿　　　系部（盖章）：＿＿＿＿＿＿　　　填表日期：＿＿＿＿年＿＿月＿＿日",
        spare_rows=3,
        warn=("困难等级", ("较重", "紧急"), "帮助措施"),
    )
    return sheet, [row.student_id for row in grid.missing]


def _facts_sheet(reading: Reading, month: str, plan: SheetPlan, key: str) -> tuple[ClassSheet, list[int]]:
    period = MonthRule(reading.settings.cutoff_day).period(month)
    lacking = [
        one for one in lacking_facts(reading, period.to_on.isoformat()) if one.class_id == plan.class_id
    ]
    words = reading.policy.words(period.to_on)
    wanted = [each for each in TEACHERS_FACTS if any(each in one.columns for one in lacking)]
    columns = []
    for name in wanted:
        field = STUDENTS.column(name)
        options = _options(name, field.type, words)
        columns.append(
            SheetColumn(
                title=field.title, width=_FACT_WIDTHS[name], options=options, prompt=_PROMPTS.get(name, "")
            )
        )
    people = [_lacking_person(one, wanted, key) for one in lacking]
    sheet = _collecting_sheet(plan, key, "学生资料补填表", _FACTS_NOTES, columns, people)
    return sheet, [one.student_id for one in lacking]


def _proofs_sheet(reading: Reading, month: str, plan: SheetPlan, key: str) -> tuple[ClassSheet, list[int]]:
    day = MonthRule(reading.settings.cutoff_day).period(month).to_on.isoformat()
    lacking = [one for one in lacking_proofs(reading, day) if one.class_id == plan.class_id]
    wanted = [name for name in COLUMNS if any(name in one.columns for one in lacking)]
    columns = [
        SheetColumn(
            title=COLUMNS[name],
            width=11,
            options=HANDED_IN,
            prompt="收到了选“已交”，家里没有这样材料选“没有”。",
        )
        for name in wanted
    ]
    people = [_lacking_person(one, wanted, key) for one in lacking]
    sheet = _collecting_sheet(plan, key, "学生材料收集表", _PROOFS_NOTES, columns, people)
    return sheet, [one.student_id for one in lacking]


def _collecting_sheet(
    plan: SheetPlan,
    key: str,
    title: str,
    notes: tuple[str, ...],
    columns: list[SheetColumn],
    people: list[SheetPerson],
) -> ClassSheet:
    teacher = f"　　班主任：{plan.teacher}" if plan.teacher else ""
    return ClassSheet(
        name=plan.class_name,
        key=key,
        title=f"{plan.class_name}帮扶对象{title}",
        line=f"班级：{plan.class_name}{teacher}　　共 {len(people)} 人　　表号：{key}",
        notes=notes,
        columns=columns,
        people=people,
        signature="班主任（签字）：＿＿＿＿＿＿＿＿　　　　填表日期：＿＿＿＿年＿＿月＿＿日",
    )


_BUILD = {"monitoring": _monitoring_sheet, "facts": _facts_sheet, "proofs": _proofs_sheet}


def _lacking_person(one: Lacking, wanted: Sequence[str], key: str) -> SheetPerson:
    return SheetPerson(
        name=one.name,
        number_tail=(one.document_number or "")[-4:],
        mark=row_mark(key, one.student_id),
        texts=tuple("" if each in one.columns else None for each in wanted),
    )


def _options(name: str, kind: object, words: Words) -> tuple[str, ...]:
    if name == "is_aid_received":
        return ("是", "否")
    return tuple(words.values(kind.vocabulary)) if isinstance(kind, Choice) else ()


def _last_level(row: GridRow) -> str:
    return str((row.last or {}).get("difficulty") or "")


def _tails(reading: Reading, student_ids: Sequence[int]) -> list[str]:
    numbers = dict(
        reading.rows(
            f"SELECT id, document_number FROM student WHERE id IN ({','.join('?' * len(student_ids))})",
            list(student_ids),
        )
    )
    return [(numbers[each] or "")[-4:] for each in student_ids]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"建不了文件夹“{folder}”，没有发表，台账没有改动。", "换个文件夹，例如“文档”，再试一次。"
        ) from error


def _free(path: Path) -> Path:
    """Return a name that no file has: a sheet that is being filled in is never written over."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _said(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"


def _short(month: str) -> str:
    return f"{int(month[5:])}月"


def _day(day: object) -> str:
    return f"{day.month}月{day.day}日"  # type: ignore[attr-defined]
