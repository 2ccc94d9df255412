"""The papers of one-to-one help: the ledger by leader, a card a student, a card for the leader's pocket."""

from datetime import date
from typing import Any

import pytest

from skillsaid_desktop.documents import Card, Cards, Document, Grade, Paragraph, Part, Table
from skillsaid_desktop.domain.entities import HelpMeasure
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.export import report_document
from skillsaid_desktop.storage import LedgerFile
from tests.factories import make_contact, make_pairing

DAY = date(2025, 11, 25)


@pytest.fixture
def paired(school: LedgerFile) -> tuple[LedgerFile, dict[str, int]]:
    """查文彬 helps three (one has left), 单国强 one until October."""
    with school.operation("结对") as uow:
        ids: dict[str, int] = dict(uow.rows("SELECT name, id FROM student"))
        for name in ("刘志豪", "钟𬭎", "刘婷"):
            make_pairing(uow, ids[name], post="党委书记", phone="13300791001")
        make_pairing(uow, ids["曾诗"], "单国强", ended_on=date(2025, 10, 31), end_reason="分工调整")
        contact = make_contact(
            uow, ids["钟𬭎"], date(2025, 11, 14), place="办公室", situation="学习跟得上", difficulties="缺少生活费",
            amount_fen=50_000, effect="有改善",
        )  # fmt: skip
        uow.insert_many(HelpMeasure, [{"contact_id": contact, "measure": "联系勤工岗", "result": "已上岗"}])
        make_contact(uow, ids["刘婷"], date(2025, 9, 12))
    return school, ids


def _paper(school: LedgerFile, name: str, grade: Grade = Grade.FULL, **params: Any) -> Document:
    return report_document(school, name, {"as_of": DAY, **params}, grade)


def _texts(table: Table) -> list[list[str]]:
    return [["" if value is None else str(value) for value in row.values] for row in table.rows]


def test_the_ledger_is_grouped_by_leader_and_counts(paired: tuple[LedgerFile, dict[str, int]]) -> None:
    school, _ids = paired
    paper = _paper(school, "pairings")
    (table,) = paper.tables
    assert [row.kind for row in table.rows] == ["group", "body", "body", "body"]
    assert _texts(table)[0][0] == "查文彬　党委书记　13300791001　3 名学生，帮扶 2 次"
    assert [row[0] for row in _texts(table)[1:]] == ["1", "2", "3"]
    assert paper.people == 3
    (note,) = [block for block in paper.blocks if isinstance(block, Paragraph)]
    assert note.text == (
        "校领导 1 人，结对学生 3 人，帮扶 2 次。在籍帮扶对象中没有结对的 6 人，其中对口贫困县 5 人。"
    )
    every = _paper(school, "pairings", scope="全部，含已解除的")
    ended = next(row for row in _texts(every.tables[0]) if "曾诗" in row)
    assert {"2025-10-31", "分工调整"} <= set(ended)
    assert _paper(school, "pairings", leader="单国强", scope="全部，含已解除的").people == 1


def test_numbers_are_masked_within_the_school(paired: tuple[LedgerFile, dict[str, int]]) -> None:
    school, _ids = paired
    for name in ("pairings", "contact_cards", "pocket_cards"):
        text = str([_texts(table) for table in _paper(school, name, Grade.MASKED).tables])
        assert "13800000000" not in text
        assert "360731200806" not in text
        with pytest.raises(UserError, match="公示版"):
            _paper(school, name, Grade.PUBLIC)


def test_a_card_tells_what_was_done_and_leaves_room_for_a_pen(
    paired: tuple[LedgerFile, dict[str, int]],
) -> None:
    school, ids = paired
    paper = _paper(school, "contact_cards", students=(ids["钟𬭎"],))
    (part,) = [block for block in paper.blocks if isinstance(block, Part)]
    assert part.title == "帮扶记录卡"
    facts, contacts = paper.tables
    assert ["校领导", "查文彬 党委书记", "校领导电话", "13300791001"] in _texts(facts)
    assert _texts(contacts)[0] == [
        "11-14", "面谈\n办公室", "学习跟得上", "缺少生活费", "联系勤工岗；500.00 元；结果：已上岗", "有改善", "",
    ]  # fmt: skip
    assert len(contacts.rows) == 8
    assert contacts.tall_rows
    assert "钟𬭎" in paper.file_name
    everybody = _paper(school, "contact_cards")
    names = [block.name for block in everybody.blocks if isinstance(block, Part)]
    assert names == ["机电2301 钟𬭎", "护理2401 刘婷"], "who left needs no card"


def test_the_pocket_card_says_whom_to_call_and_who_waits(paired: tuple[LedgerFile, dict[str, int]]) -> None:
    school, _ids = paired
    (cards,) = [block for block in _paper(school, "pocket_cards").blocks if isinstance(block, Cards)]
    (card,) = cards.cards
    assert isinstance(card, Card)
    assert (card.title, card.subtitle) == ("查文彬　党委书记", "2 名学生　截至11月25日　5 周内联系一次")
    rows = {row[0]: row for row in _texts(card.table)}
    assert rows["钟𬭎\n机电2301"][1:] == ["13800000000\n刘大山 13900000001", "11月14日\n缺少生活费"]
    assert rows["刘婷\n护理2401"][2] == "9月12日　逾期"


def test_many_students_of_one_leader_are_dealt_over_several_cards(
    paired: tuple[LedgerFile, dict[str, int]],
) -> None:
    school, ids = paired
    with school.operation("结对") as uow:
        for name in ("李𠅤明", "古丽·阿依", "王英雪", "赖斌超", "徐宇斌"):
            for leader in ("解慧兰", "曾庆丰"):
                make_pairing(uow, ids[name], leader)
        uow.execute("UPDATE pairing SET leader = '解慧兰' WHERE leader = '曾庆丰'")
        for name in ("李𠅤明", "古丽·阿依", "王英雪"):
            make_pairing(uow, ids[name], "解慧兰", on=date(2025, 10, 1))
    (cards,) = [
        block for block in _paper(school, "pocket_cards", leader="解慧兰").blocks if isinstance(block, Cards)
    ]
    assert [len(card.table.rows) for card in cards.cards] == [7, 6]
    assert [card.title for card in cards.cards] == ["解慧兰　（1/2）", "解慧兰　（2/2）"]


def test_without_pairings_each_paper_says_so(school: LedgerFile) -> None:
    assert _paper(school, "pairings").tables[0].when_empty == "没有结对"
    for name in ("contact_cards", "pocket_cards"):
        assert any(isinstance(block, Paragraph) for block in _paper(school, name).blocks)
