"""Every report on an empty and a full ledger, in every format and grade, and what stands on the papers."""

from pathlib import Path
from typing import Any

import pytest

from skillsaid_desktop.documents import Cell, Document, Grade, Heading, Paragraph, Signatures
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters import EXPORTERS
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.reports import REPORTS, Report, report_named
from skillsaid_desktop.reports.report import read_params
from skillsaid_desktop.services.export import preview_document
from skillsaid_desktop.storage import LedgerFile


def _paper(ledger_file: LedgerFile, name: str, **given: Any) -> Document:
    report = report_named(name)
    with ledger_file.reading() as reading:
        params = read_params(report, reading, {"month": "2025-11", **given})
        return report.build(reading, {**params, "grade": given.get("grade", Grade.FULL)})


def _words(document: Document) -> str:
    found = [document.title, document.subtitle, document.mark]
    for table in document.tables:
        found += [heading for column in table.columns for heading in column.headings]
        for row in table.rows:
            for value, column in zip(row.values, table.columns, strict=True):
                plain = value.value if isinstance(value, Cell) else value
                found.append(plain if isinstance(plain, str) else column.type.format(plain))
        if not table.rows:
            found.append(table.when_empty)
    found += [block.text for block in document.blocks if isinstance(block, Paragraph)]
    return "\n".join(found)


def test_names_of_reports_are_unique() -> None:
    assert len({report.name for report in REPORTS}) == len(REPORTS)
    assert [report.name for report in REPORTS] == [
        "progress",
        "changes",
        "register",
        "monitoring",
        "pairings",
        "contact_cards",
        "pocket_cards",
        "follow_ups",
        "student_file",
        "missing_proofs",
        "comparison",
    ]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
@pytest.mark.parametrize("fills", [False, True], ids=["empty", "full"])
def test_each_report_is_written_in_each_format_and_grade(
    report: Report,
    fills: bool,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")
    ledger_file: LedgerFile = request.getfixturevalue("school" if fills else "ledger_file")
    for grade in report.grades:
        document = _paper(ledger_file, report.name, grade=grade)
        for exporter in EXPORTERS.values():
            path = tmp_path / f"{report.name}-{grade}{exporter.ending}"
            assert exporter.write(document, path) == []
            assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", ["progress", "changes", "register", "monitoring"])
def test_papers_carry_their_furniture(school: LedgerFile, name: str) -> None:
    paper = _paper(school, name)
    assert paper.header_left == "填报单位（盖章）：江西示范技师学院"
    assert paper.header_center == "统计截止日：2025年11月25日"
    labels = [label for block in paper.blocks if isinstance(block, Signatures) for label, _ in block.entries]
    assert labels == ["单位负责人", "审核人", "填表人", "联系电话", "填表日期"]
    assert "2025年11月" in paper.subtitle


def test_the_progress_table_shows_each_figure_and_says_that_its_form_is_provisional(
    school: LedgerFile,
) -> None:
    paper = _paper(school, "progress")
    assert "暂定样式" in paper.subtitle
    assert paper.attachment == "附件"
    with school.reading() as reading:
        figures = compute_figures(reading, "2025-11")
    shown = {}
    for row in paper.tables[0].rows:
        assert len(row.values) == len(paper.tables[0].columns)
        for half in (row.values[:6], row.values[6:]):
            assert isinstance(half[3], Cell)
            shown[half[3].ref] = half[3].value
    assert set("".join(f"{ref} " for ref in shown).split()) == set(figures)
    assert shown["S1"] == 8
    assert shown["CO3"] == shown["CI3"] == shown["CM1"] == 1
    assert shown["E1"] == 0


def test_the_bridge_adds_up_and_everybody_is_named(school: LedgerFile) -> None:
    paper = _paper(school, "changes")
    bridge, internal, names = paper.tables
    values = [cell.value for cell in bridge.rows[0].values[1:]]
    added, reduced = values[6], values[15]
    assert values[0] + values[1] - values[2] + added - reduced == values[16] == 8
    assert internal.rows[0].values[1].value == 1
    assert [row.values[1] for row in names.rows] == ["徐宇斌", "刘志豪", "曾诗"]
    assert "随父母外出务工" in _words(paper)
    assert paper.people == 3


def test_a_month_without_changes_is_a_paper_too(school: LedgerFile) -> None:
    assert "本月无异动" in _words(_paper(school, "changes", month="2025-10"))


def test_the_register_holds_for_its_day(school: LedgerFile) -> None:
    assert "刘志豪" not in _words(_paper(school, "register"))
    earlier = _words(_paper(school, "register", as_of="2025-11-01"))
    assert "刘志豪" in earlier
    assert "徐宇斌" not in earlier


def test_the_masked_register_shows_no_whole_number(school: LedgerFile) -> None:
    full, masked = _words(_paper(school, "register")), _words(_paper(school, "register", grade=Grade.MASKED))
    assert "13900000001" in full
    assert "13900000001" not in masked
    assert "****" in masked
    assert "3607312008" not in masked


def test_a_public_list_has_only_the_columns_on_the_white_list(school: LedgerFile) -> None:
    for name in ("register", "changes"):
        names = _paper(school, name, grade=Grade.PUBLIC).tables[-1]
        assert {column.headings[-1] for column in names.columns} <= {"序号", "姓名", "年级", "班级", "专业"}


def test_monitoring_can_be_recorded_prefilled_and_blank(school: LedgerFile) -> None:
    recorded = _words(_paper(school, "monitoring"))
    assert "安排勤工助学岗位" in recorded
    assert "应监测 3 人，已监测 1 人" in recorded
    prefilled = _paper(school, "monitoring", style="印好名字，手工填写", class_name="机电2301")
    assert "安排勤工助学岗位" not in _words(prefilled)
    assert [row.values[1] for row in prefilled.tables[0].rows] == ["古丽·阿依", "李𠅤明", "钟𬭎"] or len(
        prefilled.tables[0].rows
    ) == 3
    assert prefilled.tables[0].tall_rows
    blank = _paper(school, "monitoring", style="空白表")
    assert blank.people == 0
    assert len(blank.tables[0].rows) == 14


def test_monitoring_is_chosen_by_monitor(school: LedgerFile) -> None:
    words = _words(_paper(school, "monitoring", monitor="陈老师"))
    assert "钟𬭎" in words
    assert "刘婷" not in words


def test_wrong_parameters_are_refused_in_words(school: LedgerFile) -> None:
    with pytest.raises(UserError, match="没有叫"):
        report_named("nothing")
    with pytest.raises(UserError, match="班级里没有"):
        _paper(school, "monitoring", class_name="没有的班")
    with pytest.raises(UserError, match="没有公示版"):
        _paper(school, "monitoring", grade=Grade.PUBLIC)
    with pytest.raises(UserError, match="统计月"):
        _paper(school, "progress", month="去年")


def test_the_register_of_a_closed_month_explains_its_difference(school: LedgerFile) -> None:
    from datetime import date

    from skillsaid_desktop.domain.entities import FrozenFigure, ReportingMonth

    with school.operation("封账") as uow:
        month = ReportingMonth(
            month="2025-11", state="closed", from_on=date(2025, 10, 26), to_on=date(2025, 11, 25)
        )
        uow.add(month)
        uow.flush()
        uow.add(FrozenFigure(month_id=month.id, code="S1", name="在籍帮扶对象学生", period=9.0))
    words = _words(_paper(school, "register"))
    assert "2025年11月封账时在籍帮扶对象 9 人" in words
    assert "按现在的登记为 8 人" in words


def test_the_list_of_follow_ups_has_a_page_for_each_person(
    school: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-01")
    paper = _paper(school, "follow_ups")
    whose = [block.text for block in paper.blocks if isinstance(block, Heading)]
    assert whose == ["陈老师　6 件，6 件逾期", "护理2401班主任　3 件，3 件逾期"]
    assert preview_document(paper).pages == 2
    first = [row.values[1:5] for row in paper.tables[0].rows]
    assert ("11-20 逾期", "李𠅤明", "机电2301", "安排勤工助学岗位，每月200元") in first
    assert all(row.values[-1] is None for row in paper.tables[0].rows)  # room for a pen
    one = _paper(school, "follow_ups", responsible="陈老师", kind="措施到期")
    assert [row.values[2] for row in one.tables[0].rows] == ["李𠅤明"]
