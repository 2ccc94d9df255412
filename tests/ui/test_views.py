"""A table as one likes it has a name, and is one click away; what is chosen is summed up."""

from datetime import date

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers import CHANGES
from skillsaid_desktop.ledgers.listing import Among, Between, Containing
from skillsaid_desktop.services.saved_views import SavedView, list_views, store_view, table_of
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from tests.ui.prompts import FakePrompts


@pytest.fixture
def page(window: MainWindow) -> LedgerPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, LedgerPage)
    found.filters.clear_all()
    return found


def acts(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if action.text()}


def test_a_view_brings_back_filters_search_order_and_columns(
    page: LedgerPage, window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    views = page.filters.views
    page.filters.set_filter("class_name", Among(("电商2301",)))
    page.table.sort_changed.emit((("name", True),))
    page.filters._show_columns(page.table.hidden() | {"phone"})
    shown = [page.model.text(row, 0) for row in range(page.model.rowCount())]
    prompts.text = "我的班级"
    acts(views.menu_of_views())["把现在的样子存为视图…"].trigger()
    qtbot.waitUntil(lambda: views.text() == "视图　我的班级", timeout=5000)

    page.filters.clear_all()
    page.table.sort_changed.emit((("class_name", False),))
    page.filters._show_columns(set())
    assert views.text() == "视图"
    acts(views.menu_of_views())["我的班级"].trigger()
    assert [page.model.text(row, 0) for row in range(page.model.rowCount())] == shown
    assert "phone" in page.table.hidden()
    assert views.text() == "视图　我的班级"
    assert acts(views.menu_of_views())["我的班级"].isChecked()

    views.remove("我的班级")
    qtbot.waitUntil(lambda: "我的班级" not in acts(views.menu_of_views()), timeout=5000)
    window.undo()
    qtbot.waitUntil(lambda: "我的班级" in acts(views.menu_of_views()), timeout=5000)


def test_views_are_kept_in_the_ledger_with_days_and_texts_as_they_were(ledger_file: LedgerFile) -> None:
    view = SavedView(
        name="十一月休学", search="刘", sort=(("changed_on", True),), hidden=frozenset({"remark"}),
        filters={
            "kind": Among(("休学", None)), "changed_on": Between(date(2025, 10, 26), None),
            "reason": Containing("病"), "approved_on": Among((date(2025, 11, 3), None)),
        },
    )  # fmt: skip
    with ledger_file.operation("存视图") as uow:
        store_view(uow, table_of(CHANGES), view)
    with ledger_file.reading() as reading:
        assert list_views(reading, table_of(CHANGES)) == (view,)


def test_a_view_of_the_same_name_is_replaced(ledger_file: LedgerFile) -> None:
    for search in ("刘", "曾"):
        with ledger_file.operation("存视图") as uow:
            store_view(uow, table_of(CHANGES), SavedView(name="我的", search=search))
    with ledger_file.reading() as reading:
        assert [each.search for each in list_views(reading, table_of(CHANGES))] == ["曾"]


def test_what_is_chosen_in_one_column_is_summed_up(page: LedgerPage) -> None:
    at = page.model.column_of("home_county")
    model = page.table.left.model()
    block = QItemSelection(model.index(0, at), model.index(11, at))
    page.table.left.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert page.status()[1] == "已选 12 人：户籍县 填了 12，不同 2"


def test_numbers_are_added_up(page: LedgerPage, window: MainWindow) -> None:
    window.open_page("classes")
    classes = window.page()
    assert isinstance(classes, LedgerPage)
    at = classes.model.column_of("people")

    model = classes.table.left.model()
    block = QItemSelection(model.index(0, at), model.index(1, at))
    classes.table.left.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert classes.status()[1].endswith("合计 12")


def test_a_column_that_a_later_version_brings_stays_out_of_a_table_that_somebody_arranged(
    page: LedgerPage,
) -> None:
    table, fields = page.table, page.ledger.fields
    usual = [field.name for field in fields[12:]]
    table.set_hidden({*usual, "phone"})
    fewer = [field for field in fields if field.name not in ("remark", "address")]
    QSettings().setValue("tables/students/known", ",".join(field.name for field in fewer))
    QSettings().setValue(
        "tables/students/hidden", ",".join(sorted(table.hidden() - {"remark", "address", "ethnicity"}))
    )
    table.set_model(page.model, fields, usual)
    assert {"remark", "address", "phone"} <= table.hidden()
    assert "ethnicity" not in table.hidden(), "what was fetched stays"
