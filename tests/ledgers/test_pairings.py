"""结对 and 帮扶记录: one pairing at a time, contacts met and asked about, what was promised kept as a measure."""

from datetime import date
from typing import Any

import pytest

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CONTACTS, PAIRINGS, Ledger
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.listing import fetch_rows, form_context, write
from skillsaid_desktop.ledgers.removal import remove_rows
from skillsaid_desktop.schema.record import parse_record
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_event

TODAY = date(2025, 11, 24)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", TODAY.isoformat())


@pytest.fixture
def school(ledger_file: LedgerFile) -> LedgerFile:
    """Two namesakes in one class, and somebody who left on 5 November."""
    with ledger_file.operation("新增学生") as uow:
        in_class = make_class(uow)
        for name in ("刘婷", "刘婷", "周文斌"):
            enrol(uow, name, class_id=in_class, category="脱贫户")
        left = enrol(uow, "李芳娜", class_id=in_class, category="脱贫户")
        make_event(uow, left, "转出", date(2025, 11, 5))
    return ledger_file


def _import(
    ledger_file: LedgerFile, ledger: Ledger, *rows: dict[str, Any], accepted: int = 0
) -> list[PlannedRow]:
    with ledger_file.operation("导入") as uow:
        words = uow.policy.words(TODAY)
        records = [
            parse_record(ledger.importable, row, words, "名单.xlsx", "表", number)
            for number, row in enumerate(rows, 3)
        ]
        context = IntakeContext(
            as_of=TODAY, source="名单.xlsx", accepted=frozenset({("表", accepted)} if accepted else ())
        )
        planned = ledger.plan(uow, records, context)
        ledger.store(uow, planned, context)
    return planned


def _ends(planned: list[PlannedRow]) -> list[tuple[str, list[str]]]:
    return [(row.outcome.value, [each.code for each in row.issues]) for row in planned]


def _pair(**values: Any) -> dict[str, Any]:
    return {
        "student_name": "周文斌",
        "class_name": "机电2301",
        "leader": "查文彬",
        "paired_on": "2025-09-10",
        **values,
    }


def _talk(**values: Any) -> dict[str, Any]:
    return {
        "student_name": "周文斌", "class_name": "机电2301", "leader": "查文彬", "contacted_on": "2025-11-14",
        "form": "面谈", **values,
    }  # fmt: skip


def test_a_month_alone_is_its_first_day_and_meets_the_day_that_is_known(school: LedgerFile) -> None:
    assert _ends(_import(school, PAIRINGS, _pair(paired_on="2025.9"))) == [("new", ["month for a day"])]
    again = _import(school, PAIRINGS, _pair(paired_on="2025-09-12", post="党委书记"))
    assert [each.field for each in again[0].differences] == ["post", "paired_on"]
    same = _import(school, PAIRINGS, _pair(paired_on="2025年9月", post="党委书记"))
    assert same[0].outcome.value == "unchanged", "a month says nothing against the day that is known"
    with school.reading() as reading:
        row = fetch_rows(reading, PAIRINGS, [1], TODAY)[0]
    assert (row["paired_on"], row["standing"], row["post"]) == (date(2025, 9, 12), "结对中", "党委书记")


def test_a_leader_has_a_student_once_at_a_time(school: LedgerFile) -> None:
    ended = _pair(paired_on="2024-09-10", ended_on="2025-07-10", end_reason="学年结束")
    planned = _import(school, PAIRINGS, ended, _pair(), _pair(), _pair(paired_on="2025-10-01"))
    assert _ends(planned) == [
        ("new", []), ("new", []), ("unchanged", ["same row twice"]), ("waiting", ["same pairing twice"]),
    ]  # fmt: skip
    with pytest.raises(UserError, match="和查文彬已有一对结对"), school.operation("改结对日期") as uow:
        write(uow, PAIRINGS, {"ended_on": "2025-10-10"}, 1, form_context(record_id=1))


def test_what_is_odd_about_a_pairing_is_asked_and_stored(school: LedgerFile) -> None:
    planned = _import(
        school, PAIRINGS,
        _pair(), _pair(leader="单国强"),
        _pair(student_name="李芳娜"),
        _pair(leader="帅长庚", paired_on="2024.9", end_reason="2025年7月调离"),
        _pair(leader="解慧兰", paired_on="2025-12-30"),
        _pair(leader="曾庆丰", paired_on="2022-12-01", ended_on="2023-02-01"),
        _pair(leader="仇海燕", ended_on="2025-01-01"),
    )  # fmt: skip
    assert _ends(planned) == [
        ("new", []), ("new", ["two leaders"]), ("new", ["student left"]), ("new", ["month for a day", "leader left"]),
        ("new", ["date after today", "two leaders"]), ("new", ["before entry"]), ("invalid", ["date"]),
    ]  # fmt: skip
    assert "2025-11-05 起已转出" in planned[2].issues[0].message


def test_a_contact_is_met_again_by_leader_day_and_form(school: LedgerFile) -> None:
    _import(school, PAIRINGS, _pair())
    rows = (_talk(), _talk(form="电话"), _talk(measure="送学习用品", amount_fen="300"))
    assert _ends(_import(school, CONTACTS, *rows)) == [("new", [])] * 3
    again = _import(school, CONTACTS, *rows, _talk(form="电话", effect="好转"))
    assert [row.outcome.value for row in again] == ["unchanged", "unchanged", "unchanged", "new"]
    changed = _import(school, CONTACTS, _talk(form="家访"), _talk(measure="送学习用品", amount_fen="500元"))
    assert [row.outcome.value for row in changed] == ["new", "changed"]
    assert [(each.before, each.after) for each in changed[1].differences] == [("300.00", "500.00")]


def test_a_contact_without_a_pairing_then_is_asked_and_stored(school: LedgerFile) -> None:
    _import(school, PAIRINGS, _pair(ended_on="2025-10-31"))
    planned = _import(
        school, CONTACTS,
        _talk(contacted_on="2025-10-31"), _talk(), _talk(contacted_on="2025-09-02"), _talk(leader="单国强"),
        _talk(contacted_on="2025-11-30"), _talk(student_name="李芳娜"),
    )  # fmt: skip
    assert _ends(planned) == [
        ("new", []), ("new", ["contact after pairing"]), ("new", ["contact before pairing"]), ("new", ["no pairing"]),
        ("new", ["date after today", "contact after pairing"]), ("new", ["left the school", "no pairing"]),
    ]  # fmt: skip
    assert "结对的是查文彬" in planned[3].issues[0].message


def test_of_two_namesakes_the_one_is_meant_who_is_paired_with_the_leader(school: LedgerFile) -> None:
    with school.reading() as reading:
        numbers = [row[0] for row in reading.rows("SELECT document_number FROM student WHERE name = '刘婷'")]
    assert _ends(_import(school, CONTACTS, _talk(student_name="刘婷"))) == [("waiting", ["which of two"])]
    _import(school, PAIRINGS, _pair(student_name="刘婷", document_number=numbers[1]))
    _import(school, CONTACTS, _talk(student_name="刘婷"))
    with school.reading() as reading:
        assert fetch_rows(reading, CONTACTS, [1], TODAY)[0]["document_number"] == numbers[1]


def test_two_contacts_in_one_cell_wait_and_a_yes_stores_both(school: LedgerFile) -> None:
    _import(school, PAIRINGS, _pair())
    row = _talk(contacted_on="2025.10.12\n2025.11.8", form="面谈\n电话", measure="谈心")
    assert _ends(_import(school, CONTACTS, row)) == [("waiting", ["two contacts in one cell"])]
    assert _ends(_import(school, CONTACTS, row, accepted=3)) == [("new", [])]
    with school.reading() as reading:
        found = reading.rows(
            "SELECT c.contacted_on, c.form, m.measure FROM contact c LEFT JOIN help_measure m ON m.contact_id = c.id"
            " ORDER BY 1"
        )
    assert found == [("2025-10-12", "面谈", None), ("2025-11-08", "电话", "谈心")]
    assert _ends(_import(school, CONTACTS, row)) == [("unchanged", [])]
    unclear = _talk(contacted_on="10.12、2025.11.8")
    assert _ends(_import(school, CONTACTS, unclear, accepted=3)) == [
        ("waiting", ["two contacts in one cell"])
    ]


def test_what_was_promised_falls_due_and_is_done_like_any_measure(school: LedgerFile) -> None:
    _import(school, PAIRINGS, _pair())
    _import(school, CONTACTS, _talk(measure="联系勤工岗", responsible="王老师", due_on="2025-11-20"))
    with school.operation("改落实结果") as uow:
        write(uow, CONTACTS, {"result": "已上岗"}, 1, form_context(record_id=1))
        assert uow.rows("SELECT contact_id, note_id, result, completed_on FROM help_measure") == [
            (1, None, "已上岗", TODAY.isoformat())
        ]
    with school.operation("改落实结果") as uow:
        write(uow, CONTACTS, {"result": ""}, 1, form_context(record_id=1))
        assert uow.scalar("SELECT completed_on FROM help_measure") is None
    with school.operation("改帮扶措施") as uow:
        write(uow, CONTACTS, {"measure": ""}, 1, form_context(record_id=1))
    with pytest.raises(UserError, match="先写帮扶措施"), school.operation("改完成时限") as uow:
        write(uow, CONTACTS, {"due_on": "2025-12-01"}, 1, form_context(record_id=1))


@pytest.mark.parametrize(
    ("ledger", "name"), [(CONTACTS, "contacted_on"), (CONTACTS, "form"), (PAIRINGS, "paired_on")]
)
def test_what_every_row_needs_can_not_be_emptied(school: LedgerFile, ledger: Ledger, name: str) -> None:
    _import(school, PAIRINGS, _pair())
    _import(school, CONTACTS, _talk())
    with pytest.raises(UserError, match="缺少"), school.operation("改") as uow:
        write(uow, ledger, {name: ""}, 1, form_context(record_id=1))


def test_typing_into_a_closed_month_wants_a_reason(school: LedgerFile) -> None:
    with school.operation("封账") as uow:
        days = {"from_on": date(2025, 9, 26), "to_on": date(2025, 10, 25)}
        uow.insert_many(ReportingMonth, [{"month": "2025-10", "state": "closed", **days}])
    assert _ends(_import(school, PAIRINGS, _pair()))[0][0] == "new", "a list of the term is taken as it is"
    talk = _talk(contacted_on="2025-10-20")
    with pytest.raises(UserError, match=r"2025年10月.*更正原因"), school.operation("记一笔") as uow:
        write(uow, CONTACTS, talk, None, form_context())
    with school.operation("记一笔") as uow:
        write(uow, CONTACTS, talk, None, form_context(correction="忘了登"))
    with school.operation("改解除日期") as uow:
        write(uow, PAIRINGS, {"ended_on": "2025-11-10"}, 1, form_context(record_id=1))
    with pytest.raises(UserError, match="更正原因"), school.operation("改解除日期") as uow:
        write(uow, PAIRINGS, {"ended_on": "2025-10-10"}, 1, form_context(record_id=1))


def test_a_contact_takes_its_measure_with_it_and_undo_brings_both_back(school: LedgerFile) -> None:
    _import(school, PAIRINGS, _pair())
    _import(school, CONTACTS, _talk(measure="谈心"))
    with school.operation("删除帮扶记录") as uow:
        remove_rows(uow, CONTACTS, [1])
        assert uow.scalar("SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM help_measure)") == 0
    school.undo()
    with school.reading() as reading:
        assert fetch_rows(reading, CONTACTS, [1], TODAY)[0]["measure"] == "谈心"
