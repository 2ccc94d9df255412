"""Who has answered counts by what is in the ledger, whoever's sheet it came on."""

from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.services.class_sheets import send_sheets
from skillsaid_desktop.services.desk import desk
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.services.monitoring import write_note
from skillsaid_desktop.services.sheet_progress import SheetState, sheet_progress
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class
from tests.services.returned import HEAD, Teacher

MONTH = "2025-11"


@pytest.fixture
def school(ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch) -> LedgerFile:
    """Three classes of two targets each; 护理2401 has no class teacher."""
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")
    with ledger_file.operation("准备") as uow:
        for name, people in (("机电2301", "孙嘉 李然"), ("电商2301", "王鑫 赖斌"), ("护理2401", "陈晨 单勇")):
            class_id = make_class(uow, name)
            for person in people.split():
                enrol(uow, person, class_id=class_id, category="脱贫户", phone="15879760001")
        uow.execute(
            "INSERT INTO class_teacher (class_id, name) SELECT id, '罗建平' FROM school_class WHERE name != '护理2401'"
        )
    return ledger_file


def _states(school: LedgerFile, purpose: str = "monitoring") -> dict[str, SheetState]:
    with school.reading() as reading:
        return {one.class_name: one for one in sheet_progress(reading, MONTH, purpose)}


def _student(school: LedgerFile, name: str) -> int:
    with school.reading() as reading:
        return int(reading.scalar("SELECT id FROM student WHERE name = ?", (name,)))


def test_each_class_says_what_went_out_what_came_back_and_who_is_missing(
    school: LedgerFile, tmp_path: Path
) -> None:
    sent = send_sheets(school, MONTH, "monitoring", tmp_path, reason="班主任填写")
    teacher = Teacher(next(path for path in sent.files if "机电" in path.name))
    teacher.fill("李然", {"监测日期": date(2025, 11, 12), "困难等级": "无"})
    back = teacher.save(tmp_path / "罗老师.xlsx")
    apply_import(school, preview_import(school, "monitoring", [back]))
    write_note(school, _student(school, "王鑫"), MONTH, {"study": "认真"})
    write_note(school, _student(school, "赖斌"), MONTH, {"study": "认真"})
    states = _states(school)
    first = states["机电2301"]
    assert (first.answer, first.done, first.due, first.missing) == ("没填完", 1, 2, ("孙嘉",))
    assert (first.returned_file, first.teacher) == ("罗老师.xlsx", "罗建平")
    assert first.sent_at is not None
    assert first.returned_at is not None
    own = states["电商2301"]
    assert (own.answer, own.returned_at, own.missing) == ("收齐", None, ())
    assert (states["护理2401"].answer, states["护理2401"].teacher) == ("未交", "")
    with school.reading() as reading:
        line = desk(reading, MONTH).gatherings[0]
    assert (line.done, line.total, line.detail) == (2, 3, "护理2401还没有交，1 班没填完")
    assert line.params == {"collect": "未交"}


def test_a_sheet_that_came_back_but_could_not_be_stored_is_not_missing(
    school: LedgerFile, tmp_path: Path
) -> None:
    sent = send_sheets(school, MONTH, "monitoring", tmp_path, reason="班主任填写")
    teacher = Teacher(next(path for path in sent.files if "护理" in path.name))
    teacher.fill_row(HEAD + 1, {"学习情况": "没有写日期和监测人"})
    result = apply_import(
        school, preview_import(school, "monitoring", [teacher.save(tmp_path / "护理.xlsx")])
    )
    assert result.preview.counts["invalid"] == 1
    assert school.history(limit=1)[0].name == "收到班主任监测表 1 份"
    assert _states(school)["护理2401"].answer == "没填完"


def test_facts_are_out_until_a_sheet_comes_back(school: LedgerFile, tmp_path: Path) -> None:
    assert {one.answer for one in _states(school, "facts").values()} == {"没有发"}
    sent = send_sheets(school, MONTH, "facts", tmp_path, reason="补资料")
    assert {one.answer for one in _states(school, "facts").values()} == {"未交"}
    teacher = Teacher(next(path for path in sent.files if "机电" in path.name))
    everything = {
        "监护人姓名": "孙大山", "监护人关系": "父亲", "监护人电话": "15879760009", "户籍县": "于都县", "户籍乡镇": "罗坳镇",
        "户籍村": "大桥村", "银行卡号": "6222021502010263378", "户主姓名": "孙大山", "与户主关系": "之子",
    }  # fmt: skip
    assert set(everything) <= set(teacher.columns())
    teacher.fill("孙嘉", everything)
    apply_import(school, preview_import(school, "students", [teacher.save(tmp_path / "资料.xlsx")]))
    state = _states(school, "facts")["机电2301"]
    assert (state.answer, state.done, state.due, state.missing) == ("没填完", 1, 2, ("李然",))
