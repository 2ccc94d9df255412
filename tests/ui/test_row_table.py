"""Plain lists have the manners of a ledger's table; their pages name rows by place, however they are shown."""

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QTableView
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages import all_pages
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_menu import cell_menu, choose_columns, head_menu, open_values
from skillsaid_desktop.ui.widgets.row_order import Arrangement
from skillsaid_desktop.ui.widgets.row_table import RowTable

COLUMNS = (
    Column(title="", width=30),
    Column(title="姓名", is_name=True),
    Column(title="班级"),
    Column(title="多久了"),
    Column(title="次数", right=True),
)
PEOPLE = (
    ("曾诗", "机电2301", "118 天，逾期", "3"),
    ("安宁", "电商2301", "9 天", "12"),
    ("查强", "机电2301", "", ""),
    ("单勇", "电商2301", "没有联系过", "1,000"),
)


def line(*texts: str, ticked: bool = False) -> Row:
    return (Cell(ticked=ticked), *(Cell(text) for text in texts))


def shown(table: RowTable) -> str:
    """Return the surnames in sight, from above."""
    return "".join(row[1].text[0] for row in table.rows_model.rows)


def texts(menu: QMenu) -> list[str]:
    return [act.text() for act in menu.actions() if act.text()]


@pytest.fixture
def table(qtbot: QtBot) -> RowTable:
    made = RowTable(COLUMNS, name="试")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.set_rows([line(*each) for each in PEOPLE])
    made.show()
    return made


def press_head(qtbot: QtBot, table: RowTable, title: str, *, shift: bool = False) -> None:
    head = table.horizontalHeader()
    at = QPoint(head.sectionViewportPosition(table.column_of(title)) + 20, head.height() // 2)
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_heads_sort_by_pinyin_numbers_and_several_keys(table: RowTable, qtbot: QtBot) -> None:
    press_head(qtbot, table, "姓名")
    assert shown(table) == "安单曾查"  # an, shan, zeng, zha: surnames as they are read
    press_head(qtbot, table, "姓名")
    assert shown(table) == "查曾单安"
    press_head(qtbot, table, "次数")
    assert shown(table) == "曾安单查"  # 3, 12, 1,000; who has none stands last
    press_head(qtbot, table, "次数")
    assert shown(table) == "单安曾查"
    press_head(qtbot, table, "多久了")
    assert shown(table) == "安曾单查"  # 9 days before 118, words after numbers
    press_head(qtbot, table, "班级")
    press_head(qtbot, table, "姓名", shift=True)
    assert table.arrangement.sort == (("班级", False), ("姓名", False))
    assert shown(table) == "安单曾查"
    press_head(qtbot, table, "姓名", shift=True)
    assert shown(table) == "单安查曾"
    table.sort_by(())
    assert shown(table) == "曾安查单"


def test_pages_hear_of_rows_by_their_place_whatever_is_shown(table: RowTable, qtbot: QtBot) -> None:
    heard: list[tuple[str, int]] = []
    for name in ("chosen", "opened", "ticked"):
        getattr(table, name).connect(lambda at, name=name: heard.append((name, at)))
    table.arrange(Arrangement(filters={"班级": frozenset({"电商2301"})}, sort=(("次数", True),)))
    assert shown(table) == "单安"
    assert table.shown_rows() == [3, 1]
    heard.clear()
    table.choose(3)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert [each for each in heard if each != ("chosen", 3)] == [("chosen", 1), ("ticked", 1), ("opened", 1)]
    box = table.visualRect(table.rows_model.index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert heard[-1] == ("ticked", 3)
    table.set_row(3, line("单勇", "电商2301", "今天", "1", ticked=True))
    assert table.rows_model.rows[0][0].ticked
    assert shown(table) == "单安"  # it keeps its place until it is sorted again


def test_what_is_shown_outlives_new_rows_and_a_hidden_row_comes_back_when_it_is_wanted(
    table: RowTable,
) -> None:
    table.arrange(Arrangement(filters={"班级": frozenset({"电商2301"})}))
    table.choose(1)
    table.set_rows([line(*each) for each in (*PEOPLE, ("艾心", "电商2301", "2 天", "5"))])
    assert shown(table) == "安单艾"
    assert table.current_row() == 1
    assert table.count_words("人") == "3 人（全部 5 人）"
    table.choose(0)
    assert shown(table) == "曾安查单艾"
    assert table.current_row() == 0
    table.arrange(Arrangement(search="没有这个人"))
    assert table.row_count() == 0
    assert table.current_row() == -1


def test_when_a_row_is_done_and_gone_the_next_in_sight_is_the_chosen_one(table: RowTable) -> None:
    table.sort_by((("姓名", False),))
    assert shown(table) == "安单曾查"
    table.choose(3)
    table.set_rows([line(*each) for each in PEOPLE if each[0] != "单勇"])
    assert shown(table) == "安曾查"
    assert table.rows[table.current_row()][1].text == "曾诗"
    table.choose(0)
    table.set_rows([line(*each, ticked=True) for each in PEOPLE[:3]])
    assert table.current_row() == 0  # the same rows: one of them was ticked


@pytest.mark.parametrize(
    ("term", "found"), [("zs", "曾"), ("shan", "单"), ("机电", "曾查"), ("电商 单", "单"), ("逾期", "曾")]
)
def test_a_list_is_searched_by_initials_pinyin_and_words(table: RowTable, term: str, found: str) -> None:
    table.arrange(Arrangement(search=term))
    assert shown(table) == found


def test_a_column_is_filtered_by_its_values_with_their_counts(table: RowTable) -> None:
    table.arrange(Arrangement(filters={"班级": frozenset({"机电2301"})}))
    assert table.value_counts("次数") == [("3", 1), ("", 1)]
    assert table.value_counts("班级") == [
        ("电商2301", 2),
        ("机电2301", 2),
    ]  # its own filter hides none of them
    panel = open_values(table, "班级")
    assert panel.keys() == {"机电2301"}
    panel.tick("电商2301")
    assert table.row_count() == 4
    panel.tick("机电2301", on=False)
    assert shown(table) == "安单"
    panel.shut()
    table.choose(3)
    table.setCurrentIndex(table.rows_model.index(1, table.column_of("多久了")))
    only = next(act for act in cell_menu(table).actions() if act.text() == "只看这个值")
    only.trigger()
    assert shown(table) == "单"
    assert "清除筛选" in texts(head_menu(table, 2))


def test_columns_and_widths_are_remembered_on_this_pc(table: RowTable, qtbot: QtBot) -> None:
    panel = choose_columns(table, table)
    assert panel.keys() == {"姓名", "班级", "多久了", "次数"}
    panel.tick("班级", on=False)
    panel.shut()
    table.horizontalHeader().resizeSection(table.column_of("姓名"), 171)
    table.leave_out(table.column_of("次数"), True)
    again = RowTable(COLUMNS, name="试")
    qtbot.addWidget(again)
    assert again.isColumnHidden(again.column_of("班级"))
    assert not again.isColumnHidden(again.column_of("次数"))  # the page's own doing is not the user's
    assert again.columnWidth(again.column_of("姓名")) == 171
    again.give_width(again.column_of("姓名"), 90)
    assert again.columnWidth(again.column_of("姓名")) == 171
    table.set_hidden(())
    table.leave_out(table.column_of("次数"), False)
    assert not table.isColumnHidden(table.column_of("班级"))
    assert not QSettings().value("lists/试/hidden")


def test_a_column_that_comes_back_has_no_width_chosen_by_hand(table: RowTable) -> None:
    at = table.column_of("班级")
    table.leave_out(at, True)
    table.leave_out(at, False)
    table.set_hidden({"班级"})
    table.set_hidden(())
    table.give_width(at, 133)
    assert table.columnWidth(at) == 133


def test_one_column_always_stays(table: RowTable) -> None:
    for title in ("班级", "多久了", "次数"):
        next(
            act
            for act in head_menu(table, table.column_of(title)).actions()
            if act.text() == f"隐藏“{title}”"
        ).trigger()
    assert "隐藏“姓名”" not in texts(head_menu(table, table.column_of("姓名")))
    table.set_hidden({"姓名", "班级", "多久了", "次数"})
    assert len(table.shown_columns()) == 1


def test_a_sum_is_told_to_the_last_digit(table: RowTable) -> None:
    table.set_rows(
        [line("曾诗", "", "", "1,234,567"), line("安宁", "", "", "0.1"), line("查强", "", "", "0.2")]
    )
    table.setCurrentIndex(table.rows_model.index(0, table.column_of("次数")))
    table.selectAll()
    assert table.chosen_words("人").endswith("合计 1,234,567.3")


def test_what_is_chosen_is_counted_summed_and_copied_with_headings(table: RowTable, qtbot: QtBot) -> None:
    table.sort_by((("次数", True),))
    table.set_hidden({"多久了"})
    table.setFocus()
    table.setCurrentIndex(table.rows_model.index(0, table.column_of("次数")))
    table.selectAll()
    assert table.chosen_words("人") == "已选 4 人：次数 填了 3，不同 3，合计 1,015"
    table.choose_some({1, 3})
    assert table.chosen_rows() == [3, 1]
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "单勇\t电商2301\t1,000\n安宁\t电商2301\t12"
    table.copy(with_heads=True)
    assert QGuiApplication.clipboard().text().splitlines()[0] == "姓名\t班级\t次数"


def test_several_chosen_rows_end_ticked_alike(table: RowTable, qtbot: QtBot) -> None:
    ticks = [True, False, False, False]

    def turn(at: int) -> None:
        ticks[at] = not ticks[at]
        table.set_row(at, line(*PEOPLE[at], ticked=ticks[at]))

    table.ticked.connect(turn)
    table.set_rows([line(*each, ticked=ticked) for each, ticked in zip(PEOPLE, ticks, strict=True)])
    table.choose(3)
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert ticks == [True, True, True, True]
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert ticks == [False, False, False, False]


def test_the_next_row_is_the_next_in_sight(table: RowTable) -> None:
    table.sort_by((("次数", True),))
    table.choose(3)
    assert table.step(1)
    assert table.current_row() == 1
    assert table.step(-1, among={0, 2})
    assert table.current_row() == 2  # the last one, round the end
    assert not table.step(1, among=set())


def test_a_fixed_table_offers_no_order(qtbot: QtBot) -> None:
    fixed = RowTable(COLUMNS, fixed=True)
    qtbot.addWidget(fixed)
    fixed.set_rows([line(*each) for each in PEOPLE])
    fixed.show()
    head = fixed.horizontalHeader()
    qtbot.mouseClick(
        head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(1) + 20, 10)
    )
    assert shown(fixed) == "曾安查单"
    fixed.choose(1)
    assert not [each for each in texts(cell_menu(fixed)) if "筛选" in each or "升序" in each]


@pytest.mark.parametrize("name", [entry.name for entry in all_pages()])
def test_every_list_of_every_page_can_be_sorted_filtered_and_copied(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    """But those whose rows belong together, and 操作记录, whose order is what it records."""
    window.open_page(name)
    page = window.page()
    assert page is not None
    qtbot.waitUntil(lambda: window.session.tasks.is_at_rest(), timeout=10_000)
    for table in page.findChildren(RowTable):
        if table.is_fixed:
            continue
        title = table.titles()[0]
        wanted = [f"按“{title}”升序", f"隐藏“{title}”", "选要看的列…"]
        wanted += [f"筛选“{title}”…"] if table.can_filter else []
        assert not set(wanted) - set(texts(head_menu(table, table.column_of(title))))
        if table.row_count():
            table.choose_first()
            table.setCurrentIndex(table.rows_model.index(0, table.column_of(title)))
            menu = cell_menu(table)
            words = texts(menu) + [word for sub in menu.findChildren(QMenu) for word in texts(sub)]
            assert not {"复制（含表头）", *wanted} - set(words)
    plain = [
        each
        for each in page.findChildren(QTableView)
        if type(each) is QTableView and each.isVisible() and name != "history"
    ]
    assert not plain, "a table without manners"


def test_after_an_act_one_stays_where_one_was(table: RowTable) -> None:
    rows = [line(*each) for each in PEOPLE]
    table.sort_by((("姓名", False),))
    assert shown(table) == "安单曾查"
    table.choose(3)
    table.set_rows(rows[:3])
    assert table.rows[table.current_row()][1].text == "曾诗"  # what took its place in sight
    table.set_rows(rows)  # undone
    assert table.rows[table.current_row()][1].text == "曾诗"
    table.arrange(Arrangement(filters={"班级": frozenset({"电商2301"})}))
    table.choose(3)
    table.set_rows(rows[:3])
    assert table.rows[table.current_row()][1].text == "安宁"


def test_escape_gives_up_the_search_from_within_the_list(table: RowTable, qtbot: QtBot) -> None:
    table.arrange(Arrangement(search="没有这个人"))
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert shown(table) == "曾安查单"


def test_a_list_of_values_gives_the_focus_back(table: RowTable, qtbot: QtBot) -> None:
    table.setFocus()
    panel = open_values(table, "班级")
    assert not table.hasFocus()
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert table.hasFocus()


def test_what_can_be_done_with_the_rows_heads_their_menu(table: RowTable) -> None:
    table.row_acts = lambda: [(f"解除 {len(table.chosen_rows())} 对…", lambda: None)]
    assert texts(cell_menu(table))[0].startswith("复制")  # nothing is chosen
    table.selectAll()
    assert texts(cell_menu(table))[:2] == ["解除 4 对…", "复制\tCtrl+C"]
