"""一对一帮扶 through its real widgets: who is overdue, a talk noted in a few keys, pairing, handing over, the lists."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from skillsaid_desktop.progress import SilentProgress
from skillsaid_desktop.services.pairings import pairings_on
from skillsaid_desktop.ui.dialogs.contact_dialog import ContactDialog
from skillsaid_desktop.ui.dialogs.hand_over_dialog import HandOverDialog
from skillsaid_desktop.ui.dialogs.pair_dialogs import EndDialog, PairDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages import pairing_papers
from skillsaid_desktop.ui.pages.check_places import place_of
from skillsaid_desktop.ui.pages.import_page import ImportPage
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.pairings_page import PairingsPage
from skillsaid_desktop.ui.session import Session
from tests.factories import make_contact, make_event, make_pairing
from tests.ui.conftest import TODAY
from tests.ui.desk import open_desk, shown
from tests.ui.prompts import FakePrompts
from tests.ui.sight import cut_off


def ids(session: Session) -> dict[str, int]:
    with session.ledger_file.reading() as reading:
        return {name: one for one, name in reading.rows("SELECT id, name FROM student")}


@pytest.fixture
def paired(session: Session) -> Session:
    """查文彬 helps two (one overdue, one who has left), 单国强 one; 帅长庚 has left."""
    people = ids(session)
    with session.ledger_file.operation("结对") as uow:
        for name, leader in (
            ("吴宇佳", "查文彬"),
            ("邹斌", "查文彬"),
            ("赖斌超", "查文彬"),
            ("王英雪", "单国强"),
        ):
            make_pairing(uow, people[name], leader, date(2025, 9, 10), post="副院长", phone="13300791001")
        make_pairing(uow, people["王英雪"], "帅长庚", date(2024, 9, 10), end_reason="2025年7月调离")
        make_contact(
            uow, people["邹斌"], date(2025, 11, 14), situation="学习跟得上", difficulties="缺少生活费"
        )
        make_contact(uow, people["王英雪"], date(2025, 11, 10), "单国强")
        make_event(uow, people["赖斌超"], "转出", date(2025, 11, 5))
    return session


@pytest.fixture
def page(paired: Session, window: MainWindow) -> PairingsPage:
    window.open_page("pairings")
    shown = window.page()
    assert isinstance(shown, PairingsPage)
    return shown


def rows(page: PairingsPage) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in page.table.rows_model.rows]


def leaders(page: PairingsPage) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in page.leaders.rows_model.rows]


def choose_leader(page: PairingsPage, name: str) -> None:
    page.leaders.choose([row[0].split("　")[0] for row in leaders(page)].index(name))


def test_an_empty_page_says_what_to_do_first(window: MainWindow, session: Session) -> None:
    window.open_page("pairings")
    page = window.page()
    assert isinstance(page, PairingsPage)
    assert page.stack.currentWidget() is page.empty
    assert page.empty.title() == "还没有结对"
    page.show_unpaired()
    assert page.stack.currentIndex() == 0
    assert page.unpaired.title.text() == "没有结对的 8 人"


def test_what_is_to_be_done_comes_first_and_is_lit(page: PairingsPage, window: MainWindow) -> None:
    assert leaders(page) == [
        ("全部", "4", "1"), ("没有结对", "4", ""), ("帅长庚　已离任", "1", ""), ("查文彬", "3", "1"), ("单国强", "1", ""),
    ]  # fmt: skip
    told = [(row[0], row[2], row[6], row[8]) for row in rows(page)]
    assert told == [
        ("王英雪", "帅长庚", "436 天", "移交…"),
        ("赖斌超", "查文彬", "已转出", "解除…"),
        ("吴宇佳", "查文彬", "71 天，逾期", "记一笔"),
        ("邹斌", "查文彬", "6 天", "记一笔"),
        ("王英雪", "单国强", "10 天", "记一笔"),
    ]
    choose_leader(page, "查文彬")
    assert page.table.isColumnHidden(2)
    assert page._facts.text() == "副院长　13300791001　3 名学生　1 名逾期没有联系　1 对要解除"
    page.next_problem(1)
    assert page.table.current_row() == 1
    waiting = window.entries["pairings"].waiting
    assert waiting is not None
    with page.session.ledger_file.reading() as reading:
        assert waiting(reading, "2025-11", SilentProgress()).number == 3


def test_a_talk_is_noted_with_one_line_and_undone(
    page: PairingsPage, window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    choose_leader(page, "查文彬")
    page.table.choose([row[0] for row in rows(page)].index("吴宇佳"))

    def drive(dialog: ContactDialog) -> None:
        assert dialog.day.text() == TODAY.isoformat()
        assert dialog.form.value() == "面谈"
        dialog.editors["measure"].set_text("联系食堂勤工岗")
        dialog.editors["situation"].set_text("父亲务工受伤，收入减少")
        dialog.act.click()

    prompts.drive = drive
    qtbot.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    line = next(row for row in rows(page) if row[0] == "吴宇佳")
    assert (line[4], line[5], line[6], line[7]) == ("1", "2025-11-20", "0 天", "父亲务工受伤，收入减少")
    assert ("查文彬", "3", "") in leaders(page)
    assert page.session.ledger_file.history(limit=1)[0].name == "记一笔 查文彬 吴宇佳"
    window.undo(0)
    assert next(row for row in rows(page) if row[0] == "吴宇佳")[6] == "71 天，逾期"


def test_what_can_not_be_noted_stays_in_the_dialog(page: PairingsPage, prompts: FakePrompts) -> None:
    choose_leader(page, "单国强")
    kept: list[str] = []

    def drive(dialog: ContactDialog) -> None:
        dialog.day.set_text("11月某天")
        dialog.editors["situation"].set_text("正常")
        dialog.act.click()
        kept.extend((dialog.strip.text(), dialog.editors["situation"].text()))
        dialog.reject()

    prompts.drive = drive
    page.acts.record_contact()
    assert "还没有写是哪天联系的" in kept[0]
    assert kept[1] == "正常"
    with page.session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM contact") == 2


def test_several_students_get_a_leader_at_once(page: PairingsPage, prompts: FakePrompts) -> None:
    page.show_unpaired()
    first = [one.is_paired_county for one in page.unpaired.students]
    assert first == sorted(first, reverse=True)
    page.unpaired.table.ticked.emit(0)
    page.unpaired.table.ticked.emit(2)
    chosen = [one.student for one in page.unpaired.chosen()]
    assert page.unpaired.pair_button.text() == "结对 2 人…"

    def drive(dialog: PairDialog) -> None:
        assert "帅长庚" not in [button.text() for button in dialog.choices._group.buttons()]
        dialog.choices.choose("单国强")
        assert dialog.post.text() == "副院长"
        assert dialog.leader.note() == "现有 1 名学生，结对后 3 名"
        dialog.act.click()

    prompts.drive = drive
    page.acts.pair()
    with page.session.ledger_file.reading() as reading:
        load = pairings_on(reading, TODAY).load_of("单国强")
    assert load is not None
    assert set(chosen) < {one.student for one in load.pairings}
    assert page.unpaired.title.text() == "没有结对的 2 人"


def test_handing_over_shows_who_goes_to_whom_before_its_button(
    page: PairingsPage, prompts: FakePrompts
) -> None:
    choose_leader(page, "查文彬")
    told: list[str] = []

    def drive(dialog: HandOverDialog) -> None:
        assert not dialog.act.isEnabled()
        assert dialog.footer.sentence.text() == "还有 2 人没有写移交给谁"
        dialog.tick("单国强")
        dialog.name.set_text("仇海燕")
        dialog.add_leader()
        dialog.usual.choose("工作调动")
        told.extend(label.text() for label in dialog.findChildren(QLabel))
        assert dialog.act.text() == "移交 2 人"
        dialog.act.click()

    prompts.drive = drive
    page.acts.hand_over()
    assert not prompts.errors
    assert "查文彬的 3 对结对到 11月19日为止，解除原因写“工作调动”。" in told
    assert "单国强　1 → 1 名学生" in told
    assert "仇海燕　0 → 2 名学生" in told
    assert "赖斌超（已转出）" in told
    with page.session.ledger_file.reading() as reading:
        found = {
            load.leader.name: sorted(one.student for one in load.pairings)
            for load in pairings_on(reading, TODAY).leaders
        }
    assert "查文彬" not in found
    assert len(found["仇海燕"]) + len(found["单国强"]) == 3
    assert page.session.ledger_file.history(limit=1)[0].name == "移交 查文彬 的结对 3 对"


def test_a_pairing_of_a_student_who_left_is_ended_from_its_row(
    page: PairingsPage, prompts: FakePrompts
) -> None:
    def drive(dialog: EndDialog) -> None:
        assert dialog.reason.text() == "学生离校"
        dialog.day.set_text("2025-11-05")
        dialog.act.click()

    prompts.drive = drive
    page.acts.do_next([row[0] for row in rows(page)].index("赖斌超"))
    assert "赖斌超" not in [row[0] for row in rows(page)]


def test_a_pairing_that_ends_today_says_so_and_waits_for_nothing_more(
    page: PairingsPage, prompts: FakePrompts
) -> None:
    def drive(dialog: EndDialog) -> None:
        dialog.usual.choose("分工调整")
        dialog.act.click()

    names = [row[0] for row in rows(page)]
    page.table.choose_some([names.index("赖斌超"), names.index("吴宇佳")])
    assert page.acts.end_words() == "解除 2 对…"
    assert page.more_menu().actions()[1].text() == "解除 2 对…"
    prompts.drive = drive
    page.acts.end()
    ended = {row[0]: (row[6], row[8]) for row in rows(page) if row[0] in ("赖斌超", "吴宇佳")}
    assert ended == {"赖斌超": ("11-20 解除", ""), "吴宇佳": ("11-20 解除", "")}
    load = page.found.load_of("查文彬")
    assert load is not None
    assert (load.overdue, load.waiting_for_end) == (0, 0)


def test_the_leader_of_the_row_found_hands_over_not_the_one_chosen_before(
    page: PairingsPage, prompts: FakePrompts, qtbot: QtBot
) -> None:
    choose_leader(page, "查文彬")
    page.find_here()
    qtbot.keyClicks(page.search, "wyx")
    qtbot.waitUntil(lambda: len(rows(page)) == 2, timeout=5000)
    asked: list[str] = []

    def drive(dialog: HandOverDialog) -> None:
        asked.append(dialog.leader.name)
        dialog.reject()

    prompts.drive = drive
    page.acts.do_next([row[2] for row in rows(page)].index("帅长庚"))
    assert asked == ["帅长庚"]


def test_a_student_is_found_by_initials_whoever_helps_him(page: PairingsPage, qtbot: QtBot) -> None:
    choose_leader(page, "单国强")
    page.find_here()
    qtbot.keyClicks(page.search, "wyj")
    qtbot.waitUntil(lambda: [row[0] for row in rows(page)] == ["吴宇佳"], timeout=5000)
    assert page._name.text() == "找到 1 对"
    qtbot.keyClicks(page.search, "zzz")
    qtbot.waitUntil(lambda: page._tables.currentWidget() is page.nothing, timeout=5000)
    page.show_all()
    assert len(rows(page)) == 5


def test_the_lists_beside_it_open_add_and_export(
    page: PairingsPage, window: MainWindow, prompts: FakePrompts, qtbot: QtBot, tmp_path: Path
) -> None:
    page.session.navigate("pairing_list")
    shown = window.page()
    assert isinstance(shown, LedgerPage)
    assert len(shown.model.ids) == 5
    page.session.navigate("contacts", {"filters": {"leader": "查文彬"}})
    shown = window.page()
    assert isinstance(shown, LedgerPage)
    assert len(shown.model.ids) == 1
    page.session.navigate("pairings", {"leader": "查文彬"})
    prompts.choice, prompts.save_as = "masked", tmp_path / "结对.xlsx"
    page.export()
    qtbot.waitUntil(lambda: not page.session.tasks.is_busy(), timeout=20_000)
    assert prompts.save_as.exists()
    page.import_file()
    shown = window.page()
    assert isinstance(shown, ImportPage)


def test_the_cards_are_printed_for_a_purpose(
    page: PairingsPage, prompts: FakePrompts, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def send(_parent: Any, content: bytes, title: str) -> bool:
        assert content.startswith(b"%PDF")
        printed.append(title)
        return True

    monkeypatch.setattr(pairing_papers, "print_pdf", send)
    choose_leader(page, "查文彬")
    page.acts.print_cards("pocket_cards")
    page.table.choose([row[0] for row in rows(page)].index("邹斌"))
    page.acts.print_cards("contact_cards")
    assert printed == ["口袋卡", "帮扶记录卡"]
    names = [row.name for row in page.session.ledger_file.history(limit=2)]
    assert names == [
        "打印帮扶记录卡（上报版） 1 人，用途：检查要用",
        "打印口袋卡（上报版） 2 人，用途：检查要用",
    ]
    prompts.text = None
    page.acts.print_cards("pocket_cards")
    assert len(printed) == 2


def test_the_desk_leads_to_those_without_and_to_those_overdue(
    page: PairingsPage, window: MainWindow, qtbot: QtBot
) -> None:
    desk = shown(open_desk(window, qtbot), qtbot)
    places = {line.title: place_of(line) for line in desk.asking if line.code == "31"}
    assert set(places) == {"未结对", "久未联系", "结对待解除"}
    for title, expected in (("久未联系", ["吴宇佳"]), ("结对待解除", ["王英雪", "赖斌超"])):
        place = places[title]
        page.session.navigate(place.page, place.params)
        if len(expected) > 1:
            assert [row[0] for row in rows(page)] == expected
        chosen = page.chosen_pairing()
        assert chosen is not None
        assert chosen.student == expected[0]
    place = places["未结对"]
    page.session.navigate(place.page, place.params)
    assert page.views.currentIndex() == 1


@pytest.mark.parametrize(
    ("width", "height"), [(1440, 900), (1366, 768), (1100, 700), (960, 500), (900, 560), (1180, 540)]
)
def test_no_text_of_a_full_page_is_cut_off(
    page: PairingsPage, window: MainWindow, width: int, height: int
) -> None:
    window.resize(width, height)
    choose_leader(page, "查文彬")
    for view in (page.show_all, page.show_unpaired):
        view()
        for _ in range(4):
            QApplication.processEvents()
        assert cut_off(window) == []
