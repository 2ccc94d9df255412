"""材料: which proofs each target student has and which are missing; a cell opens its file or takes a new one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QVBoxLayout

from skillsaid_desktop.ledgers import PROOFS_LEDGER
from skillsaid_desktop.ledgers.listing import Among, ListQuery, count_rows
from skillsaid_desktop.ledgers.proofs import COLUMNS
from skillsaid_desktop.services.files import RecordFile, list_files
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.pages.tabbed_drawer import FormDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_Trigger = QAbstractItemView.EditTrigger


class ProofsDrawer(FormDrawer):
    """The files of a student first, behind them what was said about the papers."""

    def add_parts(self, column: QVBoxLayout) -> None:
        super().add_parts(column)
        footer = FooterBar(margin=DRAWER_MARGIN)
        self.student_button = Button(tr("打开这名学生"), self._open_student, icon="person")
        footer.add_left(self.student_button)
        column.addWidget(footer)

    def build(self) -> None:
        is_new = not self._is_built
        super().build()
        if is_new:
            self.show_tab(self.files_tab)

    def facts_of(self, values: dict[str, Any]) -> str:
        lacking = str(values.get("missing") or "").split("、")
        short = "、".join(lacking) if len(lacking) < 3 else f" {len(lacking)} 样"
        told = (tr("都齐了") if not values.get("missing") else f"缺{short}", values.get("class_now"))
        return "　".join(str(each) for each in told if each)

    def _open_student(self) -> None:
        if self.record_id is not None:
            self.session.navigate("students", {"student": self.record_id})


class ProofsPage(LedgerPage):
    """One row a target student, one column a kind of proof."""

    help_text = (
        "每个帮扶对象的身份证、户口簿、认定材料、申请表、资助卡，有没有一眼看清。\n"
        "1　一大批扫描件：点“批量归入…”选文件夹，按文件名里的姓名、证件号自动归到人。\n"
        "2　一两份：把文件拖到这一格，或选中这一格按 Ctrl+V；有了的按 Enter 打开。\n"
        "3　只有纸质的，在格子里填“有”。户口簿存在户里，一家几个学生都算有。\n"
        "“缺的材料”筛出缺哪样；“缺材料清单”按班打印给班主任。F2 改一格，Ctrl+Z 撤销。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, PROOFS_LEDGER)
        for half in (self.table.left, self.table.right):
            # A double click opens the file; typing and F2 say that the paper is there.
            half.setEditTriggers(_Trigger.EditKeyPressed | _Trigger.AnyKeyPressed)
            half.doubleClicked.connect(lambda _index: self._on_activated())
            half.viewport().setAcceptDrops(True)
            half.viewport().installEventFilter(self)
            half.installEventFilter(self)

    def search_hint(self) -> str:
        return tr("姓名、首字母、证件尾号")

    def make_drawer(self) -> RecordDrawer:
        return ProofsDrawer(self.session, PROOFS_LEDGER)

    def add_acts(self) -> None:
        self.head.add_act(Button(tr("批量归入…"), self.new_record, icon="folder_open", kind="main"))
        super().add_acts()
        # Lists of papers come back from the class teachers' sheets, on the page that sent them.
        self._imports = False
        self.import_button.hide()

    def fill_more(self, menu: QMenu) -> None:
        super().fill_more(menu)
        menu.addSeparator()
        menu.addAction(tr("缺材料清单…"), self.show_report)

    def set_room(self, width: int, height: int) -> None:
        super().set_room(width, height)
        self._more.show()

    def _connect(self) -> None:
        super()._connect()
        self.table.activated.disconnect()
        self.table.activated.connect(lambda _row: self._on_activated())

    def open_with(self, params: Mapping[str, object]) -> None:
        """`missing`: only those of whom something is missing; otherwise as any ledger."""
        super().open_with(params)
        if params.get("missing"):
            self.filters.set_all({"missing": Among(tuple(COLUMNS.values()))})

    def _read(self, current: int | None) -> None:
        column = self.table.current_column()  # the cell that has just got its file stays the current one
        super()._read(current)
        if column >= 0 and self.table.current_row() >= 0:
            self.table.choose_row(self.table.current_row(), column)

    def _show_empty(self) -> None:
        super()._show_empty()
        if not (self.model.query.filters or self.model.query.search or self.model.query.only is not None):
            self.empty.say(
                tr("还没有帮扶对象"),
                tr("先导入学生名册，有身份类别的学生会列在这里。"),
                (
                    Button(
                        tr("导入学生名册"),
                        lambda: self.session.navigate("import", {"kind": "students"}),
                        kind="main",
                    ),
                ),
            )

    @staticmethod
    def split(reading: "Reading", query: ListQuery, ids: Sequence[int]) -> str:
        complete = ListQuery(as_of=query.as_of, only=tuple(ids), filters={"missing": Among((None,))})
        lacking = len(ids) - count_rows(reading, PROOFS_LEDGER, complete)
        return f"缺材料 {lacking:,} 人" if lacking else tr("都齐了") if ids else ""

    # Cells

    def kind_at(self, column: int) -> str:
        """Return the kind of proof of a column, "" for another."""
        return COLUMNS.get(self.ledger.fields[column].name, "") if column >= 0 else ""

    def file_of(self, student_id: int, kind: str) -> RecordFile | None:
        """Return the newest file of a kind that counts for a student."""
        with self.session.ledger_file.reading() as reading:
            files = list_files(reading, "student", student_id)
        return next((one for one in files if one.kind == kind and one.digest), None)

    def _on_activated(self) -> None:
        student_id, kind = self.current_id(), self.kind_at(self.table.current_column())
        if student_id is None or not kind:
            self.open_drawer()
            return
        file = self.file_of(student_id, kind)
        if file is not None:
            self.session.files.open(file)
        else:
            self.session.files.choose("student", student_id, kind)

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        student_id, kind = self.current_id(), self.kind_at(self.table.current_column())
        if student_id is None:
            return
        menu.addSeparator()
        if kind:
            file = self.file_of(student_id, kind)
            if file is not None:
                menu.addAction(f"{tr('打开')}{kind}", lambda: self.session.files.open(file))
            menu.addAction(
                f"{tr('添加')}{kind}…", lambda: self.session.files.choose("student", student_id, kind)
            )
        menu.addAction(tr("打开这名学生"), lambda: self.session.navigate("students", {"student": student_id}))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        halves = (self.table.left, self.table.right)
        if isinstance(event, QDropEvent):  # entering and moving are drops, too
            half = next((each for each in halves if each.viewport() is watched), None)
            return half is not None and self._take_drag(half, event)
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and watched in halves:
            return isinstance(event, QKeyEvent) and self._take_paste(event)
        return super().eventFilter(watched, event)

    def _take_drag(self, half: QTableView, event: QDropEvent) -> bool:
        index = half.indexAt(event.position().toPoint())
        if not index.isValid() or not self.session.files.takes(event.mimeData()):
            event.ignore()
            return True
        event.acceptProposedAction()
        self.table.choose_row(index.row(), index.column())
        if event.type() == QEvent.Type.Drop:
            kind = self.kind_at(index.column())
            self.session.files.add_data("student", self.model.ids[index.row()], event.mimeData(), kind)
        return True

    def _take_paste(self, event: QKeyEvent) -> bool:
        """Put a copied file or picture into the current cell; a copied block of text is the table's own."""
        student_id, kind = self.current_id(), self.kind_at(self.table.current_column())
        data = QGuiApplication.clipboard().mimeData()
        if (
            not event.matches(QKeySequence.StandardKey.Paste)
            or student_id is None
            or (data.hasText() and not data.hasUrls())
            or not self.session.files.takes(data)
        ):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.session.files.add_data("student", student_id, data, kind)
        return True

    # Acts

    def new_record(self) -> None:
        """Sort a whole folder of scans to their students."""
        self.session.navigate("file_sorting")

    main_act = new_record

    def import_file(self) -> None:
        self.new_record()

    def show_report(self) -> None:
        """Show who lacks what, class by class, to print or to send."""
        self.session.navigate("reports", {"report": "missing_proofs"})
