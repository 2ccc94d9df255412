"""Uses a ledger that the program did not have before, through the real window; prints what it met as JSON."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from skillsaid_desktop.ledgers import STUDENTS, listing
from skillsaid_desktop.services.templates import write_template
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.changes import ChangeSignal
from skillsaid_desktop.ui.dialogs.record_dialog import RecordDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.import_page import PREVIEW, ImportPage
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.tasks import Tasks
from tests.factories import document_number, make_ledger
from tests.ui.prompts import FakePrompts

WAIT_S = 30


def main(folder: Path) -> None:
    """Make a school in the folder, and do with the new ledger what a person does with any."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    QCoreApplication.setOrganizationName("SkillsAidTest")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    theme.apply(app, "light")
    ledger_file = make_ledger(folder / "台账.skillsaid")
    with ledger_file.operation("导入学生名册") as uow:
        for at, name in enumerate(("曾诗", "吴宇佳", "邹斌")):
            values = {
                "name": name, "class_name": "机电2301", "document_number": document_number(at + 1),
                "level": "中级工", "major": "机电一体化", "entered_on": "2023-09-01",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context())
    prompts = FakePrompts()
    session = Session(
        ledger_file, prompts=prompts, tasks=Tasks(), changes=ChangeSignal(ledger_file), month="2025-11"
    )
    window = MainWindow(session)
    window.resize(1440, 900)
    window.show()

    def until(is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_S
        while not is_so():
            assert time.monotonic() < end
            app.processEvents()

    def idle() -> None:
        app.processEvents()
        until(lambda: not session.tasks.is_busy())
        app.processEvents()

    met: dict[str, Any] = {"navigation": "物品借用" in _titles(window)}
    window.open_page("loans")
    page = window.page()
    assert isinstance(page, LedgerPage)
    idle()
    met["empty"] = page.empty.title()

    # 新增, by the form that follows from the fields
    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, RecordDialog)
        for name, text in (("student_name", "曾诗"), ("item", "焊工面罩"), ("lent_on", "20250903")):
            dialog.form.editors[name].set_text(text)
        dialog.store()

    prompts.drive = fill
    page.new_record()
    idle()
    met["form"] = [page.model.text(row, page.model.column_of("item")) for row in range(len(page.model.ids))]

    # 导入, from the template filled in
    with ledger_file.reading() as reading:
        write_template(reading, "loans", folder / "模板.xlsx")
    met["template"] = (folder / "模板.xlsx").is_file()
    with Workbook(folder / "物品借用.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for at, line in enumerate(
            (
                ("姓名", "班级", "借用物品", "借出时间", "押金（元）"), ("吴宇佳", "机电2301", "游标卡尺", "2025.9.8", "50"),
                ("邹斌", "机电2301", "万用表", "2025.9.9", "120.5"), ("没有这个人", "机电2301", "扳手", "2025.9.9", ""),
            )
        ):  # fmt: skip
            sheet.write_row(at, 0, line)
    window.open_page("import", {"kind": "loans", "files": [folder / "物品借用.xlsx"]})
    intake = window.page()
    assert isinstance(intake, ImportPage)
    idle()
    while intake.stack.currentIndex() != PREVIEW:
        intake.main_act()
        idle()
    met["import"] = {name: tab.count for name, tab in intake.pane.tabs.items()}
    intake.main_act()
    idle()
    window.open_page("loans")
    idle()

    # table, search, filter, sum, paste, undo
    met["rows"] = len(page.model.ids)
    page.filters.search.setText("wyj")
    until(lambda: page.model.query.search == "wyj")
    met["search"] = [page.model.text(row, 0) for row in range(len(page.model.ids))]
    page.filters.clear_all()
    page.table.choose_row(0, page.model.column_of("returned_on"))
    QGuiApplication.clipboard().setText("2025-11-01\n2025-11-02\n2025-11-03")
    page.block.paste()
    idle()
    met["pasted"] = sum(
        bool(page.model.text(row, page.model.column_of("returned_on"))) for row in range(len(page.model.ids))
    )
    window.undo()
    idle()
    met["undone"] = sum(
        bool(page.model.text(row, page.model.column_of("returned_on"))) for row in range(len(page.model.ids))
    )

    # 查找, over everything
    field = window.bar.field
    field.setFocus()
    field.setText("万用表")
    until(lambda: bool(window.finder.list.found()) and not window.finder.is_looking)
    met["found"] = [one.line.about for _row, one in window.finder.list.found()]
    window.finder.close_list()

    # export and print
    prompts.choice, prompts.save_as = "masked", folder / "导出.xlsx"
    page.export()
    idle()
    met["exported"] = (folder / "导出.xlsx").is_file()
    from skillsaid_desktop.documents import Grade
    from skillsaid_desktop.reports.listing_document import listing_document
    from skillsaid_desktop.services.export import preview_document

    with ledger_file.reading() as reading:
        names = tuple(page.ledger.fields[at].name for at in page.table.shown_columns())
        document = listing_document(
            reading, page.ledger, page.model.query, ids=page.model.ids, columns=names, filters="",
            grade=Grade.MASKED,
        )  # fmt: skip
    met["paper"] = preview_document(document).content[:5].decode()

    # the import is one step, and one undo takes it back
    window.undo()
    idle()
    met["rows_after_undo"] = len(page.model.ids)
    met["errors"] = [str(error) for error in prompts.errors] + prompts.bugs
    print(json.dumps(met, ensure_ascii=False))


def _titles(window: MainWindow) -> str:
    from skillsaid_desktop.ui.pages import all_pages

    return "、".join(entry.title for entry in all_pages() if entry.group != "hidden")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    import os

    os._exit(0)
