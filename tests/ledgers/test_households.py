"""户 from lists as offices write them: one row a person or a household, the same list twice, and what is asked."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import HOUSEHOLDS, STUDENTS, listing
from skillsaid_desktop.ledgers.household_members import MEMBERS
from skillsaid_desktop.ledgers.ledger import Outcome
from skillsaid_desktop.ledgers.listing import Among, ListQuery
from skillsaid_desktop.ledgers.removal import plan_removal, remove_rows
from skillsaid_desktop.services.intake import ImportOptions, ImportPreview, apply_import, preview_import
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, enrol, make_class

DAY = date(2025, 11, 20)
HEADS = (
    "户编号", "户主", "户主身份证号", "县（区）", "乡镇", "行政村", "家庭人口数", "姓名", "证件号码", "与户主关系", "健康状况",
    "户类型", "识别时间", "风险是否消除", "风险消除时间", "主要致贫原因", "其他致贫原因", "人均纯收入（元）",
)  # fmt: skip


def number_of(serial: int, sex: str) -> str:
    """Return a valid number of a man or a woman."""
    found = (document_number(at) for at in range(serial, serial + 4))
    return next(number for number in found if int(number[16]) % 2 == (sex == "男"))


HEAD, WIFE, SON, DAUGHTER = (
    number_of(9000, "男"),
    number_of(9010, "女"),
    number_of(9020, "男"),
    number_of(9030, "女"),
)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", DAY.isoformat())


def family(**changes: Any) -> list[list[Any]]:
    """Return three rows of one household; the household's columns stand in the first only."""
    first = dict(zip(HEADS, ("3607310001", "钟福生", HEAD, "于都县", "罗坳镇", "下坑村", 3, "钟福生", HEAD, "本人或户主",
                 "健康", "边缘易致贫户", "2020.7", "否", "", "因病", "因学、缺技术", 8123.5), strict=True))  # fmt: skip
    first["与户主关系"] = "户主"
    first |= changes
    return [
        [first[name] for name in HEADS],
        [None, None, None, None, None, None, None, "刘桂凤", WIFE, "妻子", "长期慢性病", *[None] * 7],
        [None, None, None, None, None, None, None, "钟建明", SON, "之子", "健康", *[None] * 7],
    ]


def write(path: Path, rows: Sequence[Any], heads: Sequence[str] = HEADS) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def load(ledger_file: LedgerFile, path: Path, **options: Any) -> ImportPreview:
    preview = preview_import(ledger_file, "households", [path], ImportOptions(**options))
    apply_import(ledger_file, preview)
    return preview


def rows(ledger_file: LedgerFile, **filters: Any) -> list[dict[str, Any]]:
    with ledger_file.reading() as reading:
        query = ListQuery(as_of=DAY, filters={k: Among((v,)) for k, v in filters.items()})
        return listing.fetch_rows(reading, HOUSEHOLDS, listing.list_ids(reading, HOUSEHOLDS, query), DAY)


def members(ledger_file: LedgerFile) -> list[tuple[Any, ...]]:
    with ledger_file.reading() as reading:
        return reading.rows(
            "SELECT h.head_name, m.name, m.relation, m.document_number, m.student_id IS NOT NULL"
            " FROM household_member m JOIN household h ON h.id = m.household_id ORDER BY m.id"
        )


def codes(preview: ImportPreview) -> list[str]:
    return [issue.code for row in preview.rows for issue in row.issues if issue.severity != "fixed"]


def test_one_row_a_person_becomes_one_household_and_twice_changes_nothing(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    with ledger_file.operation("名册") as uow:
        enrol(uow, "钟建明", class_id=make_class(uow), document_number=SON)
    path = write(tmp_path / "户.xlsx", family())
    preview = load(ledger_file, path)
    assert preview.counts == {"rows": 3, "new": 3, "changed": 0, "unchanged": 0, "waiting": 0, "invalid": 0}
    assert codes(preview) == []
    (one,) = rows(ledger_file)
    assert one["head_name"] == "钟福生"
    assert one["number"] == "3607310001"
    assert (one["county"], one["township"], one["village"]) == ("于都县", "罗坳镇", "下坑村")
    assert (one["category"], one["identified_on"], one["is_risk_cleared"]) == (
        "边缘易致贫户",
        date(2020, 7, 1),
        False,
    )
    assert (one["main_cause"], one["other_causes"], one["income_fen"]) == ("因病", "因学、缺技术", 812350)
    assert (one["members"], one["students"]) == (3, "钟建明")
    assert "第 2 行" in one["source"]
    assert [row[1:3] for row in members(ledger_file)] == [
        ("钟福生", "户主"), ("刘桂凤", "配偶"), ("钟建明", "之子"),
    ]  # fmt: skip
    again = load(ledger_file, path)
    assert again.counts["unchanged"] == 3
    assert len(rows(ledger_file)) == 1
    assert len(members(ledger_file)) == 3


def test_differences_are_told_field_by_field_at_the_rows_that_tell_them(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    load(ledger_file, write(tmp_path / "一.xlsx", family()))
    later = family(风险是否消除="已消除", 风险消除时间="2025-06-30", 家庭人口数=4)
    later[1][10] = "健康"
    later.append([*[None] * 7, "钟小妹", DAUGHTER, "之女", *[None] * 8])
    preview = load(ledger_file, write(tmp_path / "二.xlsx", later))
    assert [row.outcome for row in preview.rows] == [
        Outcome.CHANGED, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NEW,
    ]  # fmt: skip
    first = {each.title: (each.before, each.after) for each in preview.rows[0].differences}
    assert first == {
        "家庭人口": ("3", "4"), "风险已消除": ("否", "是"), "消除时间": ("", "2025-06-30"),
    }  # fmt: skip
    assert [(each.title, each.before, each.after) for each in preview.rows[1].differences] == [
        ("刘桂凤 健康状况", "长期慢性病", "健康")
    ]
    assert rows(ledger_file)[0]["risk_cleared_on"] == date(2025, 6, 30)
    ledger_file.undo(ledger_file.undoable(1)[0].id)
    assert rows(ledger_file)[0]["risk_cleared_on"] is None
    assert len(members(ledger_file)) == 3


def test_one_row_a_household_gets_its_head_as_member_and_is_known_by_head_and_village(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    heads = ("户主姓名", "村", "家庭人口", "身份类别")
    path = write(
        tmp_path / "户.xlsx", [("钟福生", "下坑村", 3, "脱贫户"), ("钟福生", "龙桥村", 2, "低保户")], heads
    )
    preview = load(ledger_file, path)
    assert preview.counts["new"] == 2
    assert codes(preview) == []
    assert [row[:3] for row in members(ledger_file)] == [("钟福生", "钟福生", "户主")] * 2
    found = {row["village"]: row for row in rows(ledger_file)}
    assert found["龙桥村"]["category"] == "低保"
    assert found["龙桥村"]["original_wording"] == "低保户"
    assert load(ledger_file, path).counts["unchanged"] == 2
    third = write(tmp_path / "没有村.xlsx", [("钟福生", None, 5, None)], heads)
    waiting = load(ledger_file, third)
    assert waiting.counts["waiting"] == 1
    assert "户主钟福生（下坑村）、户主钟福生（龙桥村）" in waiting.rows[0].issues[0].message


def test_heads_are_counted(ledger_file: LedgerFile, tmp_path: Path) -> None:
    two = family()
    two[1][9] = "户主"
    preview = load(ledger_file, write(tmp_path / "两个.xlsx", two))
    assert codes(preview) == ["household head"]
    assert preview.rows[1].issues[0].message.endswith("这里有 2 个：钟福生、刘桂凤，请核对")
    none = family(
        户编号="3607310002",
        户主="张大年",
        户主身份证号=None,
        姓名="张小年",
        证件号码=DAUGHTER,
        与户主关系="之女",
    )[:1]
    preview = load(ledger_file, write(tmp_path / "没有.xlsx", none))
    assert "household head" in codes(preview)
    assert ("张大年", "张大年", "户主", None, 0) in members(ledger_file)
    nobody = [("3607310003", None, "李四", number_of(9200, "女"), "之女")]
    heads = ("户编号", "户主姓名", "姓名", "证件号码", "与户主关系")
    preview = load(ledger_file, write(tmp_path / "谁.xlsx", nobody, heads))
    assert preview.counts["invalid"] == 1
    assert "没有写户主是谁" in preview.rows[0].issues[-1].message


def test_a_person_in_two_households_is_asked_and_numbers_that_can_not_be_trusted_are_refused(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    rest = [None] * 7
    other = [
        ["3607310009", "刘大", None, "于都县", None, "龙桥村", None, "刘大", None, "户主", None, *rest],
        [None, None, None, None, None, None, None, "刘桂凤", WIFE, "之女", None, *rest],
        [None, None, None, None, None, None, None, "刘二", 3.60731200408096e17, "之子", None, *rest],
        [None, None, None, None, None, None, None, "刘三", "360731380819078", "之子", None, *rest],
        [None, None, None, None, None, None, None, "刘幼", "无", "之女", None, *rest],
    ]
    preview = load(ledger_file, write(tmp_path / "户.xlsx", [*family(), *other]))
    assert preview.counts["invalid"] == 2
    assert [issue.code for issue in preview.rows[4].issues] == ["one person in two households"]
    assert (
        preview.rows[4].issues[0].message
        == "刘桂凤：这一行在户主刘大（龙桥村）的户里，同一个人又在户主钟福生（下坑村）的户里，请核对"
    )
    assert [issue.code for issue in preview.rows[1].issues] == ["one person in two households"]
    assert {row.issues[0].code for row in preview.rows[5:7]} == {"spoiled number", "15 digits"}
    assert ("刘大", "刘幼", "之女", None, 0) in members(ledger_file)
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT entity FROM open_question") == "household"


def test_causes_relations_and_sex_are_put_into_the_words_of_the_ledger(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    rows_ = family(主要致贫原因="缺技术返贫风险", 其他致贫原因="缺技术、因学，因病、因残")
    rows_[2][8:10] = [number_of(9100, "男"), "女儿"]
    preview = load(ledger_file, write(tmp_path / "户.xlsx", rows_))
    (one,) = rows(ledger_file)
    assert (one["main_cause"], one["other_causes"]) == ("缺技术", "因学、因病")
    assert codes(preview) == ["causes", "sex against relation"]
    assert "因残" in preview.rows[0].issues[0].message
    unknown = family(主要致贫原因="懒")
    preview = load(ledger_file, write(tmp_path / "懒.xlsx", unknown))
    assert "“懒”不在可用的词里" in preview.rows[0].issues[0].message


def test_a_member_without_number_is_linked_only_after_a_yes(ledger_file: LedgerFile, tmp_path: Path) -> None:
    with ledger_file.operation("名册") as uow:
        enrol(uow, "钟建明", class_id=make_class(uow), document_number=SON, head_document_number=HEAD)
    told = family()
    told[2][8] = None
    path = write(tmp_path / "户.xlsx", told)
    preview = preview_import(ledger_file, "households", [path])
    assert codes(preview) == ["student"]
    load(ledger_file, path)
    assert not any(row[4] for row in members(ledger_file))
    load(ledger_file, path, accepted=frozenset({(path.name, "Sheet", 4)}))
    assert ("钟福生", "钟建明", "之子", SON, 1) in members(ledger_file)


def test_a_student_who_comes_later_is_linked_and_stays_a_member_when_he_is_deleted(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    load(ledger_file, write(tmp_path / "户.xlsx", family()))
    assert rows(ledger_file)[0]["students"] is None
    values = {
        "name": "钟建明", "class_name": "机电2301", "document_number": SON, "level": "中级工", "major": "机电",
        "entered_on": "2023-09-01",
    }  # fmt: skip
    with ledger_file.operation("新增学生") as uow:
        student_id = listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=DAY)).record_id
    assert rows(ledger_file)[0]["students"] == "钟建明"
    assert student_id is not None
    with ledger_file.operation("删除学生") as uow:
        remove_rows(uow, STUDENTS, [student_id])
    assert rows(ledger_file)[0]["students"] is None
    assert len(members(ledger_file)) == 3


def test_siblings_are_found_by_the_flag_and_everybody_by_pinyin_and_number_tail(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    with ledger_file.operation("名册") as uow:
        class_id = make_class(uow)
        enrol(uow, "钟建明", class_id=class_id, document_number=SON)
        enrol(uow, "钟小妹", class_id=class_id, document_number=DAUGHTER)
    told = [*family(), [*[None] * 7, "钟小妹", DAUGHTER, "之女", *[None] * 8]]
    load(ledger_file, write(tmp_path / "户.xlsx", told))
    assert rows(ledger_file, has_siblings=True)[0]["students"] == "钟建明、钟小妹"
    with ledger_file.reading() as reading:
        for text in (
            "钟福生",
            "zfs",
            "zhongfu",
            "刘桂",
            "lgf",
            WIFE[-4:],
            HEAD[-5:],
            "下坑",
            "3607310001"[-4:],
        ):
            query = ListQuery(as_of=DAY, search=text)
            assert len(listing.list_ids(reading, HOUSEHOLDS, query)) == 1, text
        assert listing.list_ids(reading, HOUSEHOLDS, ListQuery(as_of=DAY, search="0000999")) == []


def test_by_hand_a_household_keeps_exactly_one_head(ledger_file: LedgerFile, tmp_path: Path) -> None:
    load(ledger_file, write(tmp_path / "户.xlsx", family()))
    one = rows(ledger_file)[0]["id"]
    context = listing.form_context(as_of=DAY)

    def member(values: dict[str, Any], member_id: int | None = None) -> Any:
        with ledger_file.operation("成员") as uow:
            context = listing.form_context(record_id=member_id, as_of=DAY)
            return listing.write(uow, MEMBERS, values, member_id, context).record_id

    with pytest.raises(UserError, match="户主是钟福生"):
        member({"household_id": str(one), "member_name": "钟老", "relation": "户主"})
    with pytest.raises(UserError, match="校验位"):
        member({"household_id": str(one), "member_name": "钟老", "member_number": HEAD[:-1] + "x"})
    added = member(
        {"household_id": str(one), "member_name": "钟小妹", "relation": "之女", "member_number": DAUGHTER}
    )
    member({"health": "健康"}, added)
    with ledger_file.reading() as reading:
        head_id = reading.scalar("SELECT id FROM household_member WHERE relation = '户主'")
    with pytest.raises(UserError, match="唯一的户主"), ledger_file.operation("删") as uow:
        remove_rows(uow, MEMBERS, [head_id])
    with ledger_file.operation("换户主") as uow:
        listing.write(
            uow, HOUSEHOLDS, {"head_name": "刘桂凤"}, one, listing.form_context(record_id=one, as_of=DAY)
        )
    assert [row[1:3] for row in members(ledger_file)][:2] == [("钟福生", None), ("刘桂凤", "户主")]
    with pytest.raises(UserError, match="已经有"), ledger_file.operation("新增户") as uow:
        listing.write(uow, HOUSEHOLDS, {"head_name": "刘桂凤", "village": "下坑村", "township": "罗坳镇",
                                        "county": "于都县"}, None, context)  # fmt: skip
    with ledger_file.reading() as reading:
        assert plan_removal(reading, HOUSEHOLDS, [one]).lost == "1 户，家庭成员 4 人"
    with ledger_file.operation("删除户") as uow:
        remove_rows(uow, HOUSEHOLDS, [one])
    assert rows(ledger_file) == []
    ledger_file.undo(ledger_file.undoable(1)[0].id)
    assert len(members(ledger_file)) == 4
