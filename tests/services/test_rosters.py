"""Other offices' rosters: read as a careful clerk reads them, compared with the school, judged, taken over, undone."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from skillsaid_desktop.checks import Inspection
from skillsaid_desktop.checks.rosters import check_names_in_rosters, check_rosters
from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import STUDENTS, listing
from skillsaid_desktop.ledgers.comparison import OUTCOME_WORDS, Answer, Comparison, Entry, Outcome
from skillsaid_desktop.ledgers.rosters import current_rosters, list_rosters
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.services.comparison import (
    as_json,
    compare,
    consequence,
    give_verdict,
)
from skillsaid_desktop.services.comparison_review import review_pair
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.services.roster_problems import write_roster_problems
from skillsaid_desktop.services.rosters import RosterResult, import_roster, preview_roster
from skillsaid_desktop.services.taking_over import take_over
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, make_ledger

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]
YUDU, LEAN, DOWNLOAD = "于都县脱贫户监测户花名册.xls", "乐安县防返贫监测信息.csv", "比对结果下载.xls"
ROSTERS = (YUDU, LEAN, DOWNLOAD)
SEPTEMBER = "学籍系统导出 2025-09.xlsx"
HEADINGS = ("乡镇", "行政村", "户编号", "户主姓名", "人员编号", "姓名", "证件号码", "与户主关系", "户类型", "识别时间",
            "风险是否已消除", "风险消除时间")  # fmt: skip


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LedgerFile, dict[str, RosterResult]]]:
    """The school of September with the roster of 于都 imported, and what the other rosters would bring."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("SKILLSAID_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")
    opened = make_ledger(tmp_path_factory.mktemp("school") / "台账.skillsaid")
    apply_import(opened, preview_import(opened, "students", [SAMPLES / SEPTEMBER]))
    told = {name: preview_roster(opened, "poverty-roster", [SAMPLES / name]) for name in ROSTERS}
    result = import_roster(opened, "poverty-roster", [SAMPLES / YUDU])
    assert {**result.as_json(), "operation": None} == told[YUDU].as_json(), (
        "the preview says what the import does"
    )
    yield opened, {**told, YUDU: result}
    opened.close(backup=False)
    monkeypatch.undo()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")


@pytest.fixture
def compared(county: tuple[LedgerFile, dict[str, RosterResult]], today: None) -> Comparison:
    with county[0].reading() as reading:
        return compare(reading)


@pytest.mark.parametrize("name", ROSTERS)
def test_rows_are_counted_as_expected(county: tuple[LedgerFile, dict[str, RosterResult]], name: str) -> None:
    counts, expected = county[1][name].files[0].counts, EXPECTED[name]["counts"]
    assert counts["rows"] == expected["rows"]
    assert counts["invalid"] == expected["refuse"]
    assert counts["new"] == expected["valid"] + expected["ask"]


@pytest.mark.parametrize("name", ROSTERS)
def test_every_planted_problem_is_named_and_nothing_else_is_asked(
    county: tuple[LedgerFile, dict[str, RosterResult]], name: str
) -> None:
    severities = {"ask": "ask", "refuse": "block", "clean": "fixed"}
    found: dict[tuple[str, int | None], set[tuple[str, str]]] = defaultdict(set)
    for issue in county[1][name].files[0].issues:
        found[issue.sheet, issue.row].add((issue.severity.value, issue.code))
    planted = set()
    for problem in EXPECTED[name]["problems"]:
        place = (problem["sheet"], problem["row"])
        if problem["verdict"] == "skip":
            assert place not in found
            continue
        planted.add(place)
        assert (severities[problem["verdict"]], problem["kind"]) in found[place], problem
    stopped = {
        place for place, codes in found.items() if any(severity in ("ask", "block") for severity, _ in codes)
    }
    assert stopped - planted == set()


def test_the_comparison_finds_the_planted_people(compared: Comparison) -> None:
    numbers = {outcome: {entry.student.side.number for entry in compared.of(outcome)} for outcome in Outcome}
    slips = {"36073120090311617X", "360731200703241793", "360731201010148267", "360731200912093790",
             "360731200712097535"}  # fmt: skip
    assert slips < numbers[Outcome.PROBABLE]
    assert len(numbers[Outcome.PROBABLE]) == 7, "five slips and two disability certificates"
    assert len(numbers[Outcome.DIFFERS]) == 8
    assert len(numbers[Outcome.ONLY_IN_POVERTY]) == 6
    assert len(numbers[Outcome.ONLY_IN_SCHOOL]) == 4
    document = as_json(compared)
    assert len(document["same"]) == 40, "those whom the school has not registered are the same people, too"
    assert all(each["reasons"] for outcome in OUTCOME_WORDS["poverty"] for each in document[outcome.value])


def test_a_downloaded_comparison_settles_only_whom_no_register_can(
    county: tuple[LedgerFile, dict[str, RosterResult]], today: None
) -> None:
    ledger_file = county[0]
    for name in (LEAN, DOWNLOAD):
        import_roster(ledger_file, "poverty-roster", [SAMPLES / name])
    with ledger_file.reading() as reading:
        document = as_json(compare(reading))
    ledger_file.undo()
    ledger_file.undo()
    assert len(document["probable"]) == 8, "the slips are asked still, though the download calls them 一致"
    assert len(document["differs"]) == 9
    assert {each["county"] for each in document["only_in_school"]} == {"于都县", "乐安县"}
    assert len(document["only_in_school"]) == 5
    lean = [each for each in document["same"] if each["county"] == "乐安县"]
    assert len(lean) == 28
    assert sum(each["risk_cleared"] for each in lean) == 8


def test_people_of_the_same_name_are_not_joined(compared: Comparison) -> None:
    namesakes = {"360731200604276018", "360731200710196871", "360731200810206264", "360731200805220635",
                 "36073120090623100X"}  # fmt: skip
    joined = {
        entry.student.side.number
        for entry in compared.entries
        for possible in entry.people
        if possible.candidate.side.number != entry.student.side.number
    }
    assert not namesakes & joined


def test_the_roster_keeps_its_day_its_county_and_its_problems(
    county: tuple[LedgerFile, dict[str, RosterResult]],
) -> None:
    with county[0].reading() as reading:
        [roster] = list_rosters(reading, "poverty")
        kept = json.loads(reading.scalar("SELECT problems FROM roster WHERE kind = 'poverty'"))
    assert (roster.office, roster.as_of, roster.people) == ("于都县", date(2025, 9, 30), 5989)
    assert roster.counties == ("于都县",)
    assert {"check digit", "15 digits", "no ID"} < {each["code"] for each in kept}


def test_problems_go_out_with_their_places_and_without_whole_numbers(
    county: tuple[LedgerFile, dict[str, RosterResult]], tmp_path: Path
) -> None:
    import openpyxl

    refused = [each for each in county[1][YUDU].files[0].issues if each.severity is Severity.BLOCK]
    assert write_roster_problems(refused, tmp_path / "问题.xlsx") == 12
    sheet = openpyxl.load_workbook(tmp_path / "问题.xlsx").worksheets[0]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "1488" in text
    assert "360731360304372" not in text


# A small school and rosters of its own


@pytest.fixture
def school(ledger_file: LedgerFile, today: None) -> LedgerFile:
    """Three students of 于都: one registered as 脱贫户, two not; no roster."""
    with ledger_file.operation("导入学生名册") as uow:
        for at, (name, category) in enumerate((("邱梦婷", None), ("曾露", "脱贫户"), ("钟志豪", None))):
            values = {
                "name": name, "class_name": "护理2401", "document_number": document_number(at + 1), "level": "中级工",
                "major": "护理", "entered_on": "2024-09-01", "home_county": "于都县", "home_township": "罗坳镇",
                "home_village": "大桥村", "guardian_name": "邱长根" if at == 0 else "",
            }  # fmt: skip
            if category:
                values |= {"category": category, "category_from": "2024-09-01"}
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=date(2025, 12, 26)))
    return ledger_file


def roster(path: Path, *people: dict[str, str]) -> Path:
    """Write a county's roster; what a person does not say is usual."""
    usual = {
        "乡镇": "罗坳镇",
        "行政村": "大桥村",
        "户类型": "脱贫户",
        "识别时间": "2017-12",
        "与户主关系": "之女",
    }
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("名册")
        sheet.write_row(0, 0, HEADINGS)
        for row, person in enumerate(people, 1):
            sheet.write_row(row, 0, [{**usual, **person}.get(heading, "") for heading in HEADINGS])
    return path


def household(number: str, head: str, *members: dict[str, str]) -> list[dict[str, str]]:
    first = {"户编号": number, "户主姓名": head, "姓名": head, "与户主关系": "户主",
             "证件号码": document_number(int(number[-3:]), born_on=date(1972, 5, 1))}  # fmt: skip
    return [first, *({"户编号": number, "户主姓名": head, **member} for member in members)]


def entries(ledger_file: LedgerFile) -> dict[str, Entry]:
    with ledger_file.reading() as reading:
        return {entry.student.side.name: entry for entry in compare(reading).entries}


def slipped(number: str) -> str:
    return number[:16] + str((int(number[16]) + 2) % 10) + number[17:]


@pytest.fixture
def with_roster(school: LedgerFile, tmp_path: Path) -> LedgerFile:
    """邱梦婷 with a mistyped number, 曾露 under another character, 钟志豪 not registered at school."""
    path = roster(
        tmp_path / "于都县名册 2025-10-31.xlsx",
        *household("3607310001", "邱长根", {"姓名": "邱梦婷", "证件号码": slipped(document_number(1))}),
        *household("3607310002", "曾长生", {"姓名": "曾璐", "证件号码": document_number(2)}),
        *household("3607310003", "钟福生", {"姓名": "钟志豪", "证件号码": document_number(3), "户类型": "一般贫困户"}),
    )  # fmt: skip
    import_roster(school, "poverty-roster", [path])
    return school


def test_each_ends_as_it_must(with_roster: LedgerFile) -> None:
    found = entries(with_roster)
    assert {name: entry.outcome for name, entry in found.items()} == {
        "邱梦婷": Outcome.PROBABLE, "曾露": Outcome.DIFFERS, "钟志豪": Outcome.ONLY_IN_POVERTY,
    }  # fmt: skip


def test_a_verdict_of_one_person_registers_the_category_and_is_one_step_to_undo(
    with_roster: LedgerFile,
) -> None:
    entry = entries(with_roster)["邱梦婷"]
    person = entry.person
    assert person is not None
    with with_roster.reading() as reading:
        assert "登记脱贫户，2017-12-01 起" in consequence(reading, entry, person).sentence
    give_verdict(with_roster, entry.student.id, person, Answer.SAME)
    assert entries(with_roster)["邱梦婷"].outcome is Outcome.SAME
    with with_roster.reading() as reading:
        [row] = reading.rows(
            "SELECT category, from_on, evidence, source FROM hardship_status WHERE student_id = ?",
            (entry.student.id,),
        )
    assert row[:2] == ("脱贫户", "2017-12-01")
    assert row[2] == "于都县名册（2025-10-31）"
    assert "第 3 行" in row[3]
    assert with_roster.undoable(1)[0].name == "判定 邱梦婷 是同一人"
    with_roster.undo()
    assert entries(with_roster)["邱梦婷"].outcome is Outcome.PROBABLE
    with with_roster.reading() as reading:
        assert not reading.scalar(
            "SELECT count(*) FROM hardship_status WHERE student_id = ?", (entry.student.id,)
        )


def test_a_verdict_holds_for_next_months_roster_and_falls_when_the_facts_change(
    with_roster: LedgerFile, tmp_path: Path
) -> None:
    entry = entries(with_roster)["邱梦婷"]
    assert entry.person is not None
    give_verdict(with_roster, entry.student.id, entry.person, Answer.DIFFERENT)
    assert "邱梦婷" not in entries(with_roster)
    same = {"姓名": "邱梦婷", "证件号码": slipped(document_number(1))}
    next_month = roster(tmp_path / "于都县名册 2025-11-30.xlsx", *household("3607310001", "邱长根", same))
    import_roster(with_roster, "poverty-roster", [next_month])
    assert "邱梦婷" not in entries(with_roster), "judged last month, not asked again"
    moved = roster(tmp_path / "于都县名册 2025-12-20.xlsx", *household("3607310009", "邱长根", same))
    import_roster(with_roster, "poverty-roster", [moved])
    again = entries(with_roster)["邱梦婷"]
    assert again.outcome is Outcome.PROBABLE
    assert again.person is not None
    assert again.person.is_withdrawn


def test_somebody_left_for_later_stays_and_says_so(with_roster: LedgerFile) -> None:
    entry = entries(with_roster)["邱梦婷"]
    assert entry.person is not None
    give_verdict(with_roster, entry.student.id, entry.person, Answer.ASK, remark="等村里答复")
    later = entries(with_roster)["邱梦婷"]
    assert later.outcome is Outcome.PROBABLE
    assert later.person is not None
    assert later.person.verdict is not None
    assert later.person.verdict.remark == "等村里答复"


def test_taking_over_registers_with_source_and_original_wording(with_roster: LedgerFile) -> None:
    entry = entries(with_roster)["钟志豪"]
    assert take_over(with_roster, [entry]) is not None
    assert entries(with_roster)["钟志豪"].outcome is Outcome.SAME
    with with_roster.reading() as reading:
        [row] = reading.rows(
            "SELECT category, from_on, to_on, original_wording, verified_by_means FROM hardship_status"
            " WHERE student_id = ?", (entry.student.id,),
        )  # fmt: skip
    assert row == ("脱贫户", "2017-12-01", None, "一般贫困户", "名册比对")
    assert take_over(with_roster, [entries(with_roster)["钟志豪"]]) is None, "twice changes nothing"


def test_taking_over_into_a_closed_month_needs_a_reason(with_roster: LedgerFile) -> None:
    with with_roster.operation("封账") as uow:
        uow.insert_many(
            ReportingMonth,
            [
                {
                    "month": "2025-11",
                    "state": "closed",
                    "from_on": date(2025, 10, 26),
                    "to_on": date(2025, 11, 25),
                }
            ],
        )
    entry = entries(with_roster)["钟志豪"]
    with pytest.raises(UserError, match="封账"):
        take_over(with_roster, [entry])
    assert entries(with_roster)["钟志豪"].outcome is Outcome.ONLY_IN_POVERTY
    assert take_over(with_roster, [entry], correction="10月名册补登") is not None


def test_the_same_file_again_changes_nothing_and_says_so(with_roster: LedgerFile, tmp_path: Path) -> None:
    again = import_roster(with_roster, "poverty-roster", [tmp_path / "于都县名册 2025-10-31.xlsx"])
    assert again.operation_id is None
    assert again.files[0].is_known
    assert again.files[0].unchanged == again.files[0].rows == 6


def test_a_newer_roster_says_what_moved(with_roster: LedgerFile, tmp_path: Path) -> None:
    take_over(with_roster, [entries(with_roster)["钟志豪"]])
    newer = roster(
        tmp_path / "于都县名册 2025-12-20.xlsx",
        *household(
            "3607310002", "曾长生", {"姓名": "曾璐", "证件号码": document_number(2), "户类型": "脱贫不稳定户"}
        ),
        *household("3607310005", "邱长根", {"姓名": "邱梦婷", "证件号码": document_number(1)}),
    )
    told = preview_roster(with_roster, "poverty-roster", [newer]).files[0]
    assert (told.new, told.changed, told.unchanged, told.gone) == (2, 1, 1, 4)
    import_roster(with_roster, "poverty-roster", [newer])
    with with_roster.reading() as reading:
        found = compare(reading)
    assert [each.student.side.name for each in found.newly_listed] == ["邱梦婷"]
    assert [each.student.side.name for each in found.removed] == ["钟志豪"]
    [changed] = found.category_changed
    assert (changed.before, changed.after) == ("脱贫户", "脱贫不稳定户")
    assert any(
        "身份类别：学校脱贫户，名册脱贫不稳定户" in each for each in entries(with_roster)["曾露"].differing
    )
    assert entries(with_roster)["钟志豪"].outcome is Outcome.ONLY_IN_SCHOOL


def test_undo_takes_a_roster_out_of_every_list_and_redo_brings_it_back(with_roster: LedgerFile) -> None:
    with_roster.undo()
    assert entries(with_roster) == {}
    with_roster.redo()
    assert len(entries(with_roster)) == 3
    assert with_roster.verify().is_whole


def test_a_new_roster_after_an_undone_one_has_its_own_people(with_roster: LedgerFile, tmp_path: Path) -> None:
    with_roster.undo()
    other = roster(tmp_path / "于都县名册 2025-11-30.xlsx", *household("3607310002", "曾长生"))
    import_roster(with_roster, "poverty-roster", [other])
    with with_roster.reading() as reading:
        [now] = current_rosters(reading)
        assert reading.scalar("SELECT count(*) FROM roster_person WHERE roster_id = ?", (now.id,)) == 1
    assert {name: entry.outcome for name, entry in entries(with_roster).items()} == {
        "曾露": Outcome.ONLY_IN_SCHOOL
    }


def test_a_cleared_risk_is_said_and_can_be_taken_over(school: LedgerFile, tmp_path: Path) -> None:
    person = {
        "姓名": "曾露",
        "证件号码": document_number(2),
        "风险是否已消除": "是",
        "风险消除时间": "2025-10-08",
    }
    import_roster(
        school,
        "poverty-roster",
        [roster(tmp_path / "于都县 2025-10-31.xlsx", *household("3607310002", "曾长生", person))],
    )
    entry = entries(school)["曾露"]
    assert entry.outcome is Outcome.SAME
    assert entry.is_cleared
    take_over(school, [entry])
    with school.reading() as reading:
        [row] = reading.rows("SELECT category, risk_cleared_on FROM hardship_status")
    assert row == ("脱贫户", "2025-10-08")


def test_several_people_may_be_one_student(school: LedgerFile, tmp_path: Path) -> None:
    twice = [
        {"姓名": "邱梦婷", "证件号码": slipped(document_number(1))},
        {"姓名": "邱梦婷", "证件号码": "无"},
    ]
    import_roster(
        school,
        "poverty-roster",
        [roster(tmp_path / "于都县 2025-10-31.xlsx", *household("3607310001", "邱长根", *twice))],
    )
    entry = entries(school)["邱梦婷"]
    assert entry.outcome is Outcome.PROBABLE
    assert len(entry.people) == 2


def test_a_row_that_is_a_download_s_not_found_is_nobody(school: LedgerFile, tmp_path: Path) -> None:
    path = tmp_path / "比对结果.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("名册")
        sheet.write_row(0, 0, ("姓名", "身份证件号", "户类型", "比对结论"))
        sheet.write_row(1, 0, ("钟志豪", document_number(3), "--", "查无此人"))
    import_roster(school, "poverty-roster", [path])
    assert entries(school) == {}


def test_the_two_records_stand_beside_each_other(with_roster: LedgerFile) -> None:
    entry = entries(with_roster)["邱梦婷"]
    with with_roster.reading() as reading:
        review = review_pair(reading, entry, entry.person)
    rows = {row.label: row for row in review.rows}
    assert rows["证件号"].slips == (16,)
    assert rows["校验位"].own == "正确"
    assert rows["校验位"].other.startswith("不正确，应为 ")
    assert rows["同户其他人"].other == "邱长根（户主）"
    assert not rows["家庭住址"].differs
    assert rows["身份类别"].differs


def test_checks_name_the_person_and_both_sides(with_roster: LedgerFile) -> None:
    with with_roster.reading() as reading:
        inspection = Inspection(reading, "2025-12")
        messages = [issue.message for issue in check_rosters(inspection)]
        [hint] = check_names_in_rosters(inspection)
    assert any(one.startswith("钟志豪（护理2401）：于都县名册里是一般贫困户") for one in messages)
    assert any(one.startswith("邱梦婷（护理2401）：可能就是于都县名册里的邱梦婷") for one in messages)
    assert hint.severity is Severity.HINT
    assert "曾璐" in hint.message
    entry = entries(with_roster)["曾露"]
    assert entry.person is not None
    give_verdict(with_roster, entry.student.id, entry.person, Answer.SAME)
    with with_roster.reading() as reading:
        assert check_names_in_rosters(Inspection(reading, "2025-12")) == []


def test_a_file_without_names_and_numbers_is_refused_by_name(school: LedgerFile, tmp_path: Path) -> None:
    path = tmp_path / "别的表.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write_row(0, 0, ("日期", "事项"))
    with pytest.raises(UserError, match=r"别的表\.xlsx"):
        import_roster(school, "poverty-roster", [path])
