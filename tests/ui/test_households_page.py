"""户与身份 in the window: households with their members, categories by person, and the ways between them."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from skillsaid_desktop.ledgers import HOUSEHOLDS, STUDENTS, listing
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.dialogs.record_dialog import RecordDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.household_drawer import HouseholdDrawer
from skillsaid_desktop.ui.pages.households_page import HardshipPage, HouseholdsPage
from skillsaid_desktop.ui.pages.member_dialog import MemberDialog
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.text import Label
from tests.factories import document_number
from tests.ui.conftest import TODAY
from tests.ui.prompts import FakePrompts
from tests.ui.sight import cut_off
from tests.ui.test_appearance import SIZES

HEAD = document_number(800)


def settle() -> None:
    for _ in range(6):
        QApplication.processEvents()


def texts(widget: Any) -> str:
    found = [label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget)]
    return "\n".join(found + [button.text() for button in widget.findChildren(QPushButton)])


@pytest.fixture
def told(school: LedgerFile) -> LedgerFile:
    """Two students whose own columns name the same head, and one whose head lives elsewhere."""
    with school.operation("资料") as uow:
        for name, relation, head, village in (
            ("曾诗", "之女", "曾福生", "下坑村"), ("邹斌", "之子", "曾福生", "下坑村"), ("王鑫", "之子", "王老大", "龙桥村"),
        ):  # fmt: skip
            student_id = uow.scalar("SELECT id FROM student WHERE name = ?", (name,))
            values = {"head_name": head, "relation_to_head": relation, "home_village": village}
            if head == "曾福生":
                values["head_document_number"] = HEAD
            listing.write(
                uow, STUDENTS, values, student_id, listing.form_context(record_id=student_id, as_of=TODAY)
            )
    return school


@pytest.fixture
def page(told: LedgerFile, window: MainWindow, prompts: FakePrompts) -> HouseholdsPage:
    """The page with the households made from the students' columns."""
    window.open_page("households")
    made = window.page()
    assert isinstance(made, HouseholdsPage)
    assert "由学生资料建 2 户" in texts(made.empty)
    made.make_from_students()
    settle()
    assert prompts.asked == ["由学生资料建户"]
    return made


def test_an_empty_page_offers_to_make_households_from_the_students(
    page: HouseholdsPage, told: LedgerFile
) -> None:
    rows = [page.model.row_values(at) for at in range(len(page.model.ids))]
    assert {row["head_name"]: row["students"] for row in rows} == {"曾福生": "曾诗、邹斌", "王老大": "王鑫"}
    assert {row["source"] for row in rows} == {"学生台账"}
    with told.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM household_member WHERE relation = '户主'") == 2
    page.make_from_students()
    assert "都已经在户里" in page.strip.text()
    told.undo(told.undoable(1)[0].id)
    page.mark_stale()
    assert not page.model.ids


def test_what_contradicts_the_household_is_asked_and_not_overwritten(
    page: HouseholdsPage, told: LedgerFile
) -> None:
    with told.operation("资料") as uow:
        student_id = uow.scalar("SELECT id FROM student WHERE name = '曾诗'")
        values = {"relation_to_head": "之儿媳", "household_number": "3607310001"}
        listing.write(
            uow, STUDENTS, values, student_id, listing.form_context(record_id=student_id, as_of=TODAY)
        )
    page.make_from_students()
    with told.reading() as reading:
        assert reading.rows("SELECT relation FROM household_member WHERE name = '曾诗'") == [("之女",)]
        assert reading.rows("SELECT number FROM household WHERE head_name = '曾福生'") == [("3607310001",)]
        questions = [
            row[0] for row in reading.rows("SELECT message FROM open_question WHERE code = 'contradiction'")
        ]
    assert questions == [
        "曾诗：与户主关系在学生台账里是之儿媳，在户主曾福生（下坑村）这一户里是之女；户里的没有动，请核对"
    ]


def test_the_drawer_shows_members_and_leads_to_the_student_and_back(
    page: HouseholdsPage, window: MainWindow, session: Session
) -> None:
    page.filters.set_filter("has_siblings", listing.Among((True,)))
    assert len(page.model.ids) == 1
    page.table.choose_row(0)
    drawer = page.drawer
    assert isinstance(drawer, HouseholdDrawer)
    shown = texts(drawer.members)
    assert "曾福生" in shown
    assert "机电2301" in shown
    assert "没有登记身份类别" in shown  # 曾诗 has none, the household is 脱贫户
    assert HEAD not in shown
    assert HEAD[-4:] in shown
    household_id = page.current_id()
    next(b for b in drawer.members.findChildren(QPushButton) if b.text() == "机电2301").click()
    students = window.page()
    assert students is not page
    students_drawer: Any = getattr(students, "drawer")  # noqa: B009
    assert isinstance(students_drawer, StudentDrawer)
    assert "户主 曾福生" in students_drawer.household.home.text()
    assert "邹斌" in texts(students_drawer.household)
    students_drawer.household.open_household()
    assert window.page() is page
    assert page.current_id() == household_id


def test_members_are_added_changed_and_deleted_through_forms(
    page: HouseholdsPage, prompts: FakePrompts, told: LedgerFile
) -> None:
    page.table.choose_row(page.model.row_of(next(i for i in page.model.ids)))
    drawer = page.drawer
    assert isinstance(drawer, HouseholdDrawer)

    def add(dialog: Any) -> None:
        assert isinstance(dialog, RecordDialog)
        dialog.form.editors["member_name"].set_text("曾小妹")
        dialog.form.editors["member_number"].set_text("360731200806204951")
        dialog.store()
        assert "校验位" in dialog.strip.text()
        dialog.form.editors["member_number"].set_text(document_number(801))
        dialog.store()

    prompts.drive = add
    drawer.add_button.click()
    settle()
    assert "曾小妹" in texts(drawer.members)
    with told.reading() as reading:
        member_id = reading.scalar("SELECT id FROM household_member WHERE name = '曾小妹'")

    def change(dialog: Any) -> None:
        assert isinstance(dialog, MemberDialog)
        dialog.form.editors["health"].set_text("健康")
        dialog.form.editors["health"].committed.emit("健康")
        dialog.form.editors["relation"].committed.emit("户主")
        assert "要换户主，请改户的“户主姓名”" in dialog.form.editors["relation"].note()

    prompts.drive = change
    drawer.members.edit_wanted.emit(member_id)
    settle()
    assert "健康" in texts(drawer.members)
    prompts.drive = lambda dialog: dialog.remove.click()
    drawer.members.edit_wanted.emit(member_id)
    settle()
    assert "曾小妹" not in texts(drawer.members)
    assert any(asked.startswith("删除 曾小妹") for asked in prompts.asked)


def test_a_household_is_made_and_deleted_by_hand(
    page: HouseholdsPage, prompts: FakePrompts, told: LedgerFile
) -> None:
    def fill(dialog: Any) -> None:
        dialog.form.editors["head_name"].set_text("李大年")
        dialog.form.editors["income_fen"].set_text("8123.5")
        dialog.form.editors["category"].set_text("边缘户")
        dialog.store()

    prompts.drive = fill
    page.new_record()
    settle()
    (row,) = [
        page.model.row_values(at) for at in range(3) if page.model.row_values(at)["head_name"] == "李大年"
    ]
    assert (row["category"], row["original_wording"], row["income_fen"]) == ("边缘易致贫户", "边缘户", 812350)
    assert page.current_id() == row["id"]
    page.remove_chosen()
    assert prompts.asked[-1] == "删除 李大年：1 户"
    assert prompts.told[-1] == "一起删去：家庭成员 1 人。\n可以一步撤销。"
    assert len(page.model.ids) == 2
    assert told.undoable(1)[0].name == "删除户 李大年"


def test_by_person_stands_under_the_same_entry(
    page: HouseholdsPage, window: MainWindow, prompts: FakePrompts
) -> None:
    page.switch.findChildren(QPushButton)[1].click()
    by_person = window.page()
    assert isinstance(by_person, HardshipPage)
    assert by_person.title == "户与身份"
    assert len(by_person.model.ids) == 8
    assert [button.isChecked() for button in by_person.switch.findChildren(QPushButton)] == [False, True]
    assert sum(entry.title == "户与身份" for entry in window.entries.values() if entry.group != "hidden") == 1
    assert "hardship" not in [entry.name for entry in window.entries.values() if entry.group != "hidden"]
    by_person.table.choose_row(0)
    by_person.open_student()
    assert window.page() is not by_person
    window.open_page("hardship")
    by_person.table.choose_row(0)
    by_person.remove_chosen()
    assert len(by_person.model.ids) == 7
    by_person.switch.findChildren(QPushButton)[0].click()
    assert window.page() is page
    assert [button.isChecked() for button in page.switch.findChildren(QPushButton)] == [True, False]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off(
    page: HouseholdsPage, window: MainWindow, qapp: QApplication, scheme: str
) -> None:
    theme.apply(qapp, scheme)
    for width, height in SIZES:
        window.resize(width, height)
        for name in ("households", "hardship"):
            window.open_page(name)
            now = window.page()
            assert isinstance(now, HouseholdsPage | HardshipPage)
            now.table.choose_row(0)
            now.open_drawer()
            drawer = now.drawer
            for tab in range(3) if isinstance(drawer, HouseholdDrawer) else ():
                assert isinstance(drawer, HouseholdDrawer)
                drawer.show_tab(tab)
                settle()
                assert cut_off(window) == [], f"{name} {width}, tab {tab}"
            settle()
            assert cut_off(window) == [], f"{name} {width}"
            now.close_drawer()


def test_the_half_of_a_table_that_is_laid_out_later_follows(window: MainWindow) -> None:
    """Else a page that is opened at a person far down shows his name beside another's number."""
    window.open_page("students")
    settle()
    table: Any = getattr(window.page(), "table")  # noqa: B009
    left, right = table.left.verticalScrollBar(), table.right.verticalScrollBar()
    left.setRange(0, 900)
    right.setRange(0, 0)  # as before its layout
    left.setValue(600)
    right.setRange(0, 912)
    assert (left.value(), right.value()) == (600, 600)


def test_the_list_goes_out_as_it_stands_on_screen(page: HouseholdsPage, told: LedgerFile) -> None:
    from skillsaid_desktop.documents import Grade
    from skillsaid_desktop.reports.listing_document import listing_document

    names = tuple(HOUSEHOLDS.fields[at].name for at in page.table.shown_columns())
    with told.reading() as reading:
        document = listing_document(
            reading, HOUSEHOLDS, page.model.query, ids=page.model.ids, columns=names, grade=Grade.MASKED
        )
    table = next(iter(document.tables))
    assert [column.headings[0] for column in table.columns][:4] == ["序号", "户主姓名", "户编号", "本校学生"]
    assert "曾诗、邹斌" in str([row.values for row in table.rows])
