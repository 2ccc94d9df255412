"""材料 in the window: the drawers' tab, the page of proofs and 批量归入, by dialog, drop, paste and keyboard."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers.listing import Among
from skillsaid_desktop.services.file_sorting import ASKED, READY
from skillsaid_desktop.services.files import (
    MB,
    RecordFile,
    add_files,
    change_kind,
    list_files,
    new_file,
    remove_files,
)
from skillsaid_desktop.services.history import change_lines
from skillsaid_desktop.ui import warm_up
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.file_sorting_page import FileSortingPage
from skillsaid_desktop.ui.pages.files_pane import FilesPane
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.proofs_page import ProofsDrawer, ProofsPage
from skillsaid_desktop.ui.pages.removing import remove_records
from skillsaid_desktop.ui.pages.tabbed_drawer import TabbedDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.shell import Shell
from tests.files import paper, photo
from tests.ui.prompts import FakePrompts
from tests.ui.sight import cut_off

WAIT_MS = 20_000


def idle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.tasks.is_at_rest(), timeout=WAIT_MS)
    QApplication.processEvents()


def lay(folder: Path, **files: bytes) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        paths.append(path)
    return paths


def mime_of(paths: list[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(widget: QWidget, data: QMimeData, at: QPoint | None = None) -> bool:
    """Drag something onto a widget and let it go; tell whether the widget offered to take it."""
    place = at or widget.rect().center()
    copies, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place, copies, data, left, none)
    QApplication.sendEvent(widget, entering)
    if entering.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(place), copies, data, left, none))
    return entering.isAccepted()


def files_of(session: Session, student_id: int) -> list[RecordFile]:
    with session.ledger_file.reading() as reading:
        return list_files(reading, "student", student_id)


def steps(session: Session, number: int = 1) -> list[str]:
    return [row.name for row in session.ledger_file.history(limit=number)]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Collect what is handed to other programs."""
    found: list[Path] = []

    def show(url: QUrl) -> bool:
        found.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", show)
    return found


@pytest.fixture
def drawer(window: MainWindow) -> TabbedDrawer:
    """The drawer of 曾诗's row, on 材料."""
    window.open_page("students")
    page = window.page()
    assert isinstance(page, LedgerPage)
    page.filters.clear_all()
    page.table.choose_row(page.model.row_of(1))
    page.open_drawer()
    assert isinstance(page.drawer, TabbedDrawer)
    page.drawer.show_tab(page.drawer.files_tab)
    return page.drawer


def tab_text(drawer: TabbedDrawer) -> str:
    return drawer.tabs.button(drawer.files_tab).text()


# --- the drawer ------------------------------------------------------------------------------------------


def test_files_are_dropped_on_a_student_as_one_step(
    drawer: TabbedDrawer, window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    assert tab_text(drawer) == "材料"
    paths = lay(tmp_path, 曾诗身份证正面_jpg=photo(), 户口本_pdf=paper())
    assert drop(drawer.files, mime_of(paths))
    idle(qtbot, session)
    assert steps(session) == ["添加材料 曾诗 身份证、户口簿 2 份"]
    assert [one.kind for one in drawer.files.list.files()] == ["身份证", "户口簿"]
    assert tab_text(drawer) == "材料 2"
    qtbot.waitUntil(
        lambda: all(session.files.thumbnails.image(one.digest) for one in drawer.files.list.files()),
        timeout=WAIT_MS,
    )
    assert window.toast.text() == "已存 2 份：身份证、户口簿"
    window.undo(0)
    assert tab_text(drawer) == "材料"
    assert drawer.files.list.count() == 0
    window.redo()
    assert drawer.files.list.count() == 2


def test_a_copied_file_and_a_screenshot_are_pasted(
    drawer: TabbedDrawer, window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    board = QGuiApplication.clipboard()
    board.setMimeData(mime_of(lay(tmp_path, 申请表_pdf=paper())))
    window.activateWindow()
    drawer.tabs.button(drawer.files_tab).click()
    assert drawer.files.add_button.hasFocus()
    qtbot.keyClick(drawer.files.add_button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, session)
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    board.setImage(picture)
    drawer.files.paste_button.click()
    idle(qtbot, session)
    kinds = {one.kind: one for one in files_of(session, 1)}
    assert set(kinds) == {"申请表", "其他"}
    assert kinds["其他"].name.startswith("粘贴的图片 2025-11-20")
    assert kinds["其他"].mime == "image/png"
    board.setText("不是文件")
    drawer.files.paste()
    assert "剪贴板里没有文件" in window.toast.text()


def test_what_is_refused_is_named_and_the_rest_is_stored(
    drawer: TabbedDrawer, session: Session, qtbot: QtBot, prompts: FakePrompts, tmp_path: Path
) -> None:
    prompts.files = lay(tmp_path, 身份证_jpg=photo(), 木马_jpg=b"MZ" + bytes(200), 空_pdf=b"")
    drawer.files.add_button.click()
    idle(qtbot, session)
    assert len(files_of(session, 1)) == 1
    (error,) = prompts.errors
    assert error.message == "有 2 份没有存，其余的都存好了。"
    assert "木马.jpg" in error.hint
    assert "空.pdf" in error.hint
    with session.ledger_file.operation("改每份材料的上限") as uow:
        uow.set_setting("file_limit_mb", 1)
    prompts.files = lay(tmp_path, 大_pdf=paper() + bytes(2 * MB))
    drawer.files.add()
    idle(qtbot, session)
    assert "超过每份 1 MB 的上限" in prompts.errors[-1].message


def test_open_save_change_kind_and_remove_are_named_steps(
    drawer: TabbedDrawer,
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    opened: list[Path],
    tmp_path: Path,
) -> None:
    content = photo("tomato")
    add_files(session.ledger_file, "student", 1, [new_file("IMG_1.jpg", content, MB)])
    qtbot.waitUntil(lambda: drawer.files.list.count() == 1, timeout=WAIT_MS)
    drawer.files.kind.setCurrentText("资助卡")
    drawer.files.kind.activated.emit(0)
    assert steps(session) == ["改材料种类 曾诗 其他 → 资助卡"]
    drawer.files.list.setFocus()
    qtbot.keyClick(drawer.files.list, Qt.Key.Key_Return)
    assert [path.read_bytes() for path in opened] == [content]
    assert steps(session) == ["打开材料 曾诗 资助卡"]
    prompts.text, prompts.save_as = "县局复核", tmp_path / "出来.jpg"
    drawer.files.save_button.click()
    idle(qtbot, session)
    assert (tmp_path / "出来.jpg").read_bytes() == content
    assert steps(session) == ["另存材料 曾诗 资助卡，用途：县局复核"]
    prompts.answer = False
    qtbot.keyClick(drawer.files.list, Qt.Key.Key_Delete)
    assert prompts.asked[-1] == "移除资助卡“IMG_1.jpg”"
    assert len(files_of(session, 1)) == 1
    prompts.answer = True
    drawer.files.remove_button.click()
    assert files_of(session, 1) == []
    window.undo(0)
    assert [one.kind for one in drawer.files.list.files()] == ["资助卡"]
    assert session.wipe_copies() == ""
    assert not opened[0].exists()


@pytest.mark.parametrize("page_name", ["students", "classes", "households", "hardship", "changes", "proofs"])
def test_every_drawer_has_its_files(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, page_name: str
) -> None:
    from skillsaid_desktop.ui.pages.households_page import HouseholdsPage

    if page_name == "households":
        with session.ledger_file.operation("户") as uow:
            uow.execute("INSERT INTO household (head_name, head_name_folded, head_name_pinyin, head_name_initials,"
                        " head_name_sort) VALUES ('曾老', '曾老', '', '', '')")  # fmt: skip
    window.open_page(page_name)
    page = window.page()
    assert isinstance(page, LedgerPage)
    assert page_name != "households" or isinstance(page, HouseholdsPage)
    page.table.choose_row(0)
    page.open_drawer()
    drawer = page.drawer
    assert isinstance(drawer, TabbedDrawer)
    drawer.show_tab(drawer.files_tab)
    assert drop(drawer.files, mime_of(lay(tmp_path, 证明_pdf=paper())))
    idle(qtbot, session)
    assert drawer.files.list.count() == 1
    with session.ledger_file.reading() as reading:
        found = reading.rows("SELECT entity, record_id FROM attachment")
    assert found == [(page.ledger.entity, page.current_id())]
    assert cut_off(window) == []


def test_locking_wipes_the_copies_and_names_what_is_still_held(
    session: Session, qtbot: QtBot, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add_files(session.ledger_file, "student", 1, [new_file("身份证.jpg", photo(), MB)])
    shell = Shell()
    qtbot.addWidget(shell)
    shell.open_ledger(session.ledger_file)
    assert shell.session is not None
    shell.session.files.open(files_of(session, 1)[0])
    assert opened[0].exists()
    assert opened[0].name == f"身份证 {added.ids[0]}.jpg"
    shell.lock()
    assert shell.session is None
    assert not opened[0].parent.exists()


def test_a_large_ledger_is_called_so_once(
    drawer: TabbedDrawer, session: Session, qtbot: QtBot, prompts: FakePrompts, tmp_path: Path
) -> None:
    with session.ledger_file.operation("设置") as uow:
        uow.set_setting("large_ledger_mb", 1)
    for number in range(2):
        noise = bytes((7 * at * at + number) % 251 for at in range(1024)) * 700
        drawer.files.session.files.add_paths("student", 1, lay(tmp_path, 证书_pdf=paper(str(number)) + noise))
        idle(qtbot, session)
    (error,) = prompts.errors
    assert re.match(r"台账已经有 \d MB，大多是材料。都存好了", error.message)


# --- the page of proofs ----------------------------------------------------------------------------------


@pytest.fixture
def page(window: MainWindow) -> ProofsPage:
    window.open_page("proofs")
    shown = window.page()
    assert isinstance(shown, ProofsPage)
    return shown


def cell_of(page: ProofsPage, student_id: int, column: str) -> tuple[int, int]:
    return page.model.row_of(student_id), page.model.column_of(column)


def text_of(page: ProofsPage, student_id: int, column: str) -> str:
    return page.model.text(*cell_of(page, student_id, column))


def test_a_cell_takes_a_drop_a_paste_and_a_dialog_and_opens_what_is_there(
    page: ProofsPage,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    opened: list[Path],
    tmp_path: Path,
) -> None:
    one = page.model.ids[0]
    place = page.model.index(*cell_of(page, one, "household_book"))
    half = page.table.right
    (scan,) = lay(tmp_path, IMG1_jpg=photo())
    assert drop(half.viewport(), mime_of([scan]), half.visualRect(place).center())
    idle(qtbot, session)
    assert text_of(page, one, "household_book") == "有"
    assert [file.kind for file in files_of(session, one)] == ["户口簿"]
    page.table.choose_row(*cell_of(page, one, "id_card"))
    half.setFocus()
    QGuiApplication.clipboard().setMimeData(mime_of(lay(tmp_path, IMG2_jpg=photo("red"))))
    qtbot.keyClick(half, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, session)
    assert text_of(page, one, "id_card") == "有"
    qtbot.keyClick(half, Qt.Key.Key_Return)
    assert [path.read_bytes() for path in opened] == [photo("red")]
    prompts.files = lay(tmp_path, IMG3_pdf=paper())
    page.table.choose_row(*cell_of(page, one, "evidence"))
    qtbot.keyClick(half, Qt.Key.Key_Return)
    idle(qtbot, session)
    assert text_of(page, one, "missing") == "申请表、资助卡"


def test_nobody_is_deleted_from_the_list_of_papers(page: ProofsPage) -> None:
    """The rows are the students themselves: 删除 here would take the whole person."""
    page.table.choose_row(0, 2)
    assert "删除…" not in [act.text() for act in page.row_menu(0, 2).actions()]
    with pytest.raises(ValueError, match="another ledger"):
        remove_records(page.session, page.ledger, page.model.ids[:1], "")


def test_the_status_line_counts_who_lacks_papers(page: ProofsPage) -> None:
    lacking = sum(bool(text_of(page, one, "missing")) for one in page.model.ids)
    assert page.status()[2] == f"缺材料 {lacking:,} 人"
    page.filters.set_all({"missing": Among(("资助卡",))})
    assert page.status()[2] == f"缺材料 {len(page.model.ids):,} 人"


def test_typing_in_a_cell_says_that_the_paper_is_there(
    page: ProofsPage, window: MainWindow, session: Session
) -> None:
    one = page.model.ids[0]
    place = page.model.index(*cell_of(page, one, "id_card"))
    page.model.setData(place, "有")
    assert text_of(page, one, "id_card") == "纸质"
    assert steps(session)[0].startswith("改身份证")
    window.undo(0)
    assert text_of(page, one, "id_card") == "缺"
    add_files(session.ledger_file, "student", one, [new_file("身份证.jpg", photo(), MB)])
    page.model.setData(place, "缺")
    assert page.waiting_cells() == 1
    assert "存着文件，不能写成缺" in page.model.row_note(page.model.row_of(one))[0]


def test_a_block_of_words_is_pasted_as_papers_in_one_step(
    page: ProofsPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    first, second = page.model.ids[:2]
    QGuiApplication.clipboard().setText("有\t有\n√\t已交\n")
    page.table.choose_row(*cell_of(page, first, "id_card"))
    page.table.right.setFocus()
    qtbot.keyClick(page.table.right, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, session)
    assert text_of(page, first, "missing") == "认定材料、申请表、资助卡"
    assert text_of(page, second, "missing") == "认定材料、申请表、资助卡"
    assert steps(session) == ["粘贴 2 人 4 格"]
    window.undo(0)
    assert text_of(page, first, "id_card") == "缺"


def test_who_lacks_what_is_filtered_listed_and_shown_with_his_files(
    page: ProofsPage, window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, prompts: FakePrompts
) -> None:
    everybody = len(page.model.ids)
    for student_id in page.model.ids[:3]:
        add_files(session.ledger_file, "student", student_id, [new_file("身份证.jpg", photo(), MB)])
    QApplication.processEvents()
    page.open_with({"filters": {"missing": "身份证"}})
    assert len(page.model.ids) == everybody - 3
    assert page.status()[2] == f"缺材料 {everybody - 3} 人"
    page.open_with({"missing": True})
    assert len(page.model.ids) == everybody
    page.table.choose_row(0)
    page.open_drawer()
    assert isinstance(page.drawer, ProofsDrawer)
    assert page.drawer.stack.currentWidget() is page.drawer.files
    prompts.choice, prompts.save_as = "masked", tmp_path / "缺.xlsx"
    page.export()
    idle(qtbot, session)
    assert (tmp_path / "缺.xlsx").stat().st_size > 1000
    page.show_report()
    assert window.page() is not page


# --- 批量归入 ---------------------------------------------------------------------------------------------


@pytest.fixture
def sorting(page: ProofsPage, window: MainWindow) -> FileSortingPage:
    page.new_record()
    shown = window.page()
    assert isinstance(shown, FileSortingPage)
    return shown


def test_a_folder_is_sorted_looked_at_mended_and_stored_in_one_step(
    sorting: FileSortingPage,
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    tmp_path: Path,
) -> None:
    prompts.folder = tmp_path / "扫描"
    lay(
        prompts.folder, 曾诗身份证_jpg=photo(), 吴宇佳户口本_pdf=paper(), IMG1_jpg=photo("red"), 邹斌照片_jpg=photo("blue"),
        说明_txt=b"x",
    )  # fmt: skip
    assert drop(sorting.drop, mime_of([prompts.folder]))
    idle(qtbot, session)
    assert [row.outcome for row in sorting.rows].count(READY) == 3
    assert sorting.main_button.text() == "存入 3 份（3 人）"
    before = steps(session)
    sorting.next_problem(1)
    assert sorting.rows[sorting._at()].outcome == ASKED
    qtbot.waitUntil(
        lambda: session.files.thumbnails.image(sorting.rows[sorting._at()].digest) is not None,
        timeout=WAIT_MS,
    )
    assert not sorting.take_button.isEnabled()
    sorting.person.look_for("王鑫")
    sorting.person.table.choose(0)
    sorting.take_button.click()
    assert [row.outcome for row in sorting.rows].count(READY) == 4
    at = next(at for at, row in enumerate(sorting.rows) if row.name == "IMG1.jpg")
    sorting.table.choose(sorting._shown.index(at))
    sorting.set_kind("资助卡")
    leave = next(at for at, row in enumerate(sorting.rows) if row.name == "邹斌照片.jpg")
    sorting.table.choose(sorting._shown.index(leave))
    qtbot.keyClick(sorting.table, Qt.Key.Key_Space)
    assert sorting.main_button.text() == "存入 3 份（3 人）"
    assert "不能存 1 份、去掉勾的 1 份" in sorting.footer.sentence.text()  # type: ignore[union-attr]
    assert cut_off(window) == []
    assert steps(session) == before, "nothing is written before the button"
    sorting.main_act()
    idle(qtbot, session)
    assert steps(session) == ["归入材料 3 人 3 份"]
    assert isinstance(window.page(), ProofsPage)
    assert window.toast.text() == "已存 3 份，3 人"
    with session.ledger_file.reading() as reading:
        kinds = dict(
            reading.rows("SELECT s.name, a.kind FROM attachment a JOIN student s ON s.id = a.record_id")
        )
    assert kinds == {"曾诗": "身份证", "吴宇佳": "户口簿", "王鑫": "资助卡"}
    window.undo(0)
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM attachment") == 0


def test_a_folder_without_files_is_refused_on_the_page(
    sorting: FileSortingPage, session: Session, qtbot: QtBot, prompts: FakePrompts, tmp_path: Path
) -> None:
    prompts.folder = tmp_path / "空"
    prompts.folder.mkdir()
    sorting.choose_folder()
    idle(qtbot, session)
    assert "没有文件" in sorting.strip.text()
    assert sorting.strip.isVisible()


def test_the_pane_says_what_it_takes_while_it_is_empty(drawer: TabbedDrawer, window: MainWindow) -> None:
    pane = drawer.files
    assert isinstance(pane, FilesPane)
    assert pane._stack.currentIndex() == 1
    assert not drop(pane, QMimeData())
    assert cut_off(window) == []


def test_the_history_says_whose_file_of_which_kind(
    drawer: TabbedDrawer, window: MainWindow, session: Session, qtbot: QtBot, prompts: FakePrompts
) -> None:
    (file_id,) = add_files(session.ledger_file, "student", 1, [new_file("IMG_1.jpg", photo(), MB)]).ids
    change_kind(session.ledger_file, file_id, "资助卡")
    remove_files(session.ledger_file, [file_id])
    window.open_page("history")
    page = window.page()
    assert page is not None
    told = [
        line
        for row in session.ledger_file.history(limit=3)
        for line in change_lines(session.ledger_file, row, session.as_of, 10)[0]
    ]
    assert {each.who for each in told} == {"曾诗"}
    assert [(each.what, each.before, each.after) for each in told] == [
        ("材料", "资助卡", "删去"), ("材料种类", "其他", "资助卡"), ("材料", "没有", "其他"),
    ]  # fmt: skip


def test_the_next_start_wipes_what_a_crash_left(
    own_data_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The collector's view of a whole test run is not to be frozen: windows of other tests would never go.
    monkeypatch.setattr(warm_up, "set_aside_what_stays", lambda: None)
    left = own_data_folder / "opened" / "f00"
    left.mkdir(parents=True)
    (left / "身份证 1.jpg").write_bytes(photo())
    warm_up.begin()
    qtbot.waitUntil(lambda: not left.exists(), timeout=WAIT_MS)
