"""The school register: every full one is kept as it came, and says what changed and where the ledger stands apart."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from skillsaid_desktop.documents import Heading
from skillsaid_desktop.ledgers import CHANGES, listing
from skillsaid_desktop.ledgers.comparison import Comparison, Outcome
from skillsaid_desktop.ledgers.rosters import list_rosters
from skillsaid_desktop.services.comparison import as_json, compare
from skillsaid_desktop.services.comparison_review import review_register
from skillsaid_desktop.services.export import report_document
from skillsaid_desktop.services.intake import ImportOptions, apply_import, preview_import
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, make_ledger
from tests.services.test_rosters import SAMPLES

HEADINGS = ("姓名", "证件号码", "学籍号", "班级", "专业", "培养层次", "入学日期", "学籍状态")
SEPTEMBER, NOVEMBER = date(2025, 9, 20), date(2025, 11, 20)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")


def register(path: Path, *people: tuple[int, str, str, str]) -> Path:
    """Write an export of 学籍系统: number, name, class, state of each."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("学籍信息")
        sheet.write_row(0, 0, HEADINGS)
        for row, (at, name, class_name, state) in enumerate(people, 1):
            cells = (
                name,
                document_number(at),
                f"G{at:09d}",
                class_name,
                "护理",
                "中级工",
                "2025-09-01",
                state,
            )
            sheet.write_row(row, 0, cells)
    return path


def bring(ledger_file: LedgerFile, path: Path, as_of: date) -> None:
    options = ImportOptions(as_of=as_of)
    apply_import(ledger_file, preview_import(ledger_file, "students", [path], options))


def compared(ledger_file: LedgerFile) -> Comparison:
    with ledger_file.reading() as reading:
        return compare(reading, "school")


def names(found: Comparison, outcome: Outcome) -> list[str]:
    return sorted(each.student.side.name for each in found.of(outcome))


@pytest.fixture
def september(ledger_file: LedgerFile, tmp_path: Path) -> LedgerFile:
    people = (
        (1, "曾诗", "护理2501", "在读"),
        (2, "吴宇佳", "护理2501", "在读"),
        (3, "邹斌", "护理2502", "在读"),
    )
    bring(ledger_file, register(tmp_path / "学籍 2025-09.xlsx", *people), SEPTEMBER)
    return ledger_file


@pytest.fixture
def november(september: LedgerFile, tmp_path: Path) -> LedgerFile:
    """吴宇佳 in another class, 邹斌 not in it any more, 王鑫 new."""
    people = (
        (1, "曾诗", "护理2501", "在读"),
        (2, "吴宇佳", "护理2502", "在读"),
        (4, "王鑫", "护理2501", "在读"),
    )
    bring(september, register(tmp_path / "学籍 2025-11.xlsx", *people), NOVEMBER)
    return september


def test_each_full_register_is_kept_with_its_day(november: LedgerFile) -> None:
    with november.reading() as reading:
        kept = list_rosters(reading, "school")
    assert [(each.office, each.file, each.as_of, each.people) for each in kept] == [
        ("学籍系统", "学籍 2025-11.xlsx", NOVEMBER, 3), ("学籍系统", "学籍 2025-09.xlsx", SEPTEMBER, 3)
    ]  # fmt: skip


def test_what_changed_since_the_last_register_is_said(november: LedgerFile) -> None:
    found = compared(november)
    assert [each.student.side.name for each in found.newly_listed] == ["王鑫"]
    assert [each.student.side.name for each in found.removed] == ["邹斌"]
    [moved] = found.category_changed
    assert moved.student.side.name == "吴宇佳"
    assert (moved.before, moved.after) == ("护理2501，中级工，在读", "护理2502，中级工，在读")


def test_whom_the_register_lacks_stands_apart_from_those_who_agree(november: LedgerFile) -> None:
    found = compared(november)
    assert names(found, Outcome.SAME) == ["吴宇佳", "曾诗", "王鑫"]
    assert names(found, Outcome.ONLY_IN_SCHOOL) == ["邹斌"]


def test_a_change_that_the_register_does_not_know_yet_is_said_with_its_day(november: LedgerFile) -> None:
    with november.operation("登记异动") as uow:
        values = {
            "student_name": "曾诗",
            "document_number": document_number(1),
            "kind": "退学",
            "changed_on": "2025-12-03",
        }
        listing.write(uow, CHANGES, values, None, listing.form_context(as_of=date(2025, 12, 26)))
    found = compared(november)
    [entry] = found.of(Outcome.DIFFERS)
    assert entry.differing == (
        "学籍状态：台账退学，学籍名册在读（台账 2025-12-03 退学，学籍名册截至 2025-11-20）",
    )
    with november.reading() as reading:
        review = review_register(reading, entry, found.rosters[0], found.day)
    [state] = [row for row in review.rows if row.label == "学籍状态"]
    assert (state.own, state.other, state.differs) == ("退学", "在读", True)


def test_a_row_that_was_not_taken_in_is_in_the_register_and_not_in_the_ledger(
    september: LedgerFile, tmp_path: Path
) -> None:
    path = register(tmp_path / "学籍 2025-11.xlsx", (1, "曾诗", "护理2501", "在读"), (2, "吴宇佳", "护理2501", "在读"),
                    (3, "邹斌", "护理2502", "在读"), (5, "王英雪", "护理2501", "在读"))  # fmt: skip
    options = ImportOptions(as_of=NOVEMBER, left_out=frozenset({(path.name, "学籍信息", 5)}))
    apply_import(september, preview_import(september, "students", [path], options))
    assert not names(compared(september), Outcome.ONLY_IN_REGISTER), "left out by choice: it was not imported"
    with xlsxwriter.Workbook(tmp_path / "学籍 2025-12.xlsx") as workbook:
        sheet = workbook.add_worksheet("学籍信息")
        sheet.write_row(0, 0, HEADINGS)
        for row, (at, name) in enumerate(((1, "曾诗"), (2, "吴宇佳"), (3, "邹斌")), 1):
            sheet.write_row(
                row,
                0,
                (name, document_number(at), f"G{at:09d}", "护理2501", "护理", "中级工", "2025-09-01", "在读"),
            )
        sheet.write_row(
            4, 0, ("王英雪", "360731080315462", "", "护理2501", "护理", "中级工", "2025-09-01", "在读")
        )
    bring(september, tmp_path / "学籍 2025-12.xlsx", date(2025, 12, 20))
    found = compared(september)
    assert names(found, Outcome.ONLY_IN_REGISTER) == ["王英雪"]
    document = as_json(found)
    assert document["only_in_register"][0]["reasons"] == ["台账里没有这个人"]
    assert document["only_in_poverty"] == []


def test_a_list_of_some_students_is_no_register(september: LedgerFile, tmp_path: Path) -> None:
    bring(september, register(tmp_path / "补录.xlsx", (6, "李建华", "护理2503", "在读")), NOVEMBER)
    with september.reading() as reading:
        assert len(list_rosters(reading, "school")) == 1


def test_undo_takes_the_register_with_the_import(november: LedgerFile) -> None:
    november.undo()
    found = compared(november)
    assert found.rosters[0].as_of == SEPTEMBER
    assert not found.newly_listed
    november.redo()
    assert len(compared(november).newly_listed) == 1


def test_the_list_of_differences_is_made_for_the_school_register_too(november: LedgerFile) -> None:
    params = {"as_of": "2025-12-26", "roster": "学籍名册", "office": "学籍系统"}
    document = report_document(november, "comparison", params)
    told = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert told == [
        "一、同一人，台账和学籍名册不同（0 人）", "二、学籍名册有，台账没有（0 人）", "三、台账在籍，学籍名册没有（1 人）",
        "四、比上一份名册的变化（3 人）",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LedgerFile]:
    """The school with both exports of the samples imported as they came."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("SKILLSAID_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")
    opened = make_ledger(tmp_path_factory.mktemp("school") / "台账.skillsaid")
    for name in ("学籍系统导出 2025-09.xlsx", "学籍系统导出 2025-11.xlsx"):
        apply_import(opened, preview_import(opened, "students", [SAMPLES / name]))
    yield opened
    opened.close(backup=False)
    monkeypatch.undo()


def test_both_sample_exports_stand_beside_each_other(two_months: LedgerFile) -> None:
    found = compared(two_months)
    assert len(found.rosters) == 1
    assert found.rosters[0].file == "学籍系统导出 2025-11.xlsx"
    assert 0 < len(found.newly_listed) < 30
    assert 0 < len(found.category_changed) < 60
    assert len(found.of(Outcome.SAME)) > 400
    problems = [each for each in found.of(Outcome.DIFFERS) if not each.differing]
    assert not problems
