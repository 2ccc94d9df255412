"""Check 31: whom nobody helps, who was not spoken to for long, pairings that wait for their end."""

from datetime import date, datetime

import pytest

from skillsaid_desktop.domain.entities import PendingRow
from skillsaid_desktop.services.closing import run_checks
from skillsaid_desktop.services.desk import desk
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_contact, make_event, make_pairing

MONTH = "2025-11"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")


def _said(ledger_file: LedgerFile) -> list[str]:
    with ledger_file.reading() as reading:
        return [each.message for each in run_checks(reading, MONTH) if each.code == "31"]


def test_a_school_without_any_pairing_is_told_once(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        ids = [enrol(uow, name, category="脱贫户") for name in ("黄雪红", "谢亮")]
        enrol(uow, "不是对象")
    assert _said(ledger_file) == ["还没有登记结对：在籍帮扶对象 2 人都没有校领导结对"]
    with ledger_file.reading() as reading:
        (line,) = [each for each in desk(reading, MONTH).asking if each.code == "31"]
    assert sorted(line.students) == ids


def test_each_thing_that_is_not_as_it_should_be_is_named(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        in_class = make_class(uow)
        fine, long_ago, never, left, gone, _alone = (
            enrol(uow, name, class_id=in_class, category="脱贫户", home_county=county)
            for name, county in (
                ("黄雪红", ""), ("谢亮", ""), ("仇怡丽", ""), ("李芳娜", ""), ("曾诗", ""), ("钟建明", "于都县"),
            )
        )  # fmt: skip
        make_event(uow, left, "转出", date(2025, 11, 5))
        for student in (fine, long_ago, never, left):
            make_pairing(uow, student)
        make_pairing(uow, gone, "帅长庚", date(2024, 9, 1), end_reason="2025年7月调离")
        make_pairing(uow, gone, "仇海燕", date(2025, 11, 1))
        make_contact(uow, fine, date(2025, 10, 21))
        make_contact(uow, long_ago, date(2025, 10, 20))
        make_contact(uow, never, date(2025, 11, 20), "单国强")
    assert sorted(_said(ledger_file)) == sorted(
        [
            "对口县的钟建明（机电2301）没有校领导结对",
            "帅长庚“2025年7月调离”，和曾诗（机电2301）的结对还没有解除",
            "李芳娜（机电2301）已转出，和查文彬的结对还没有解除",
            "查文彬和仇怡丽（机电2301）：9月1日结对以来没有联系过，已有 85 天没有联系",
            "查文彬和谢亮（机电2301）：上次联系是10月20日，已有 36 天没有联系",
        ]
    )
    with ledger_file.reading() as reading:
        titles = [each.title for each in desk(reading, MONTH).asking if each.code == "31"]
    assert sorted(titles) == ["久未联系", "未结对", "结对待解除"]


def test_a_leaving_that_waits_for_its_answer_is_told_at_the_pairing(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        student = enrol(uow, "温英蓉", category="脱贫户", student_number="202405299")
        make_pairing(uow, student, on=date(2025, 11, 1))
        cells = {
            "student_name": "温英蓉",
            "student_number": "202405299",
            "kind": "退学",
            "changed_on": "2025.10.20",
        }
        uow.insert_many(
            PendingRow,
            [{"ledger": "changes", "file": "异动.xlsx", "file_digest": "x", "sheet": "表", "row": 4, "outcome": "waiting",
              "cells": cells, "issues": [], "received_at": datetime(2025, 11, 20)}],
        )  # fmt: skip
    assert _said(ledger_file) == ["温英蓉：2025.10.20 退学（还在待处理里等答复），和查文彬的结对还没有解除"]


def test_the_number_of_weeks_is_the_schools(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_contact(uow, make := enrol(uow, "黄雪红", category="脱贫户"), date(2025, 10, 1))
        make_pairing(uow, make)
    assert len(_said(ledger_file)) == 1
    with ledger_file.operation("改期限") as uow:
        uow.set_setting("contact_weeks", 8)
    assert _said(ledger_file) == []
