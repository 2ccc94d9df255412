"""材料 of one record: its files with small pictures, and where more are dropped or pasted."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.domain.proofs import KINDS
from skillsaid_desktop.services.files import RecordFile, list_files
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.file_list import FileList
from skillsaid_desktop.ui.widgets.flow import FlowLayout
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground


class FilesPane(QWidget):
    """The files of a record; the whole pane takes what is dropped, Ctrl+V what was copied."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.entity = ""
        self.record_id: int | None = None
        self._is_dragged_over = False
        self.setAcceptDrops(True)
        set_ground(self, "surface")
        self.list = FileList(lambda file: session.files.thumbnails.image(file.digest))
        self.list.opened.connect(session.files.open)
        self.list.removal_asked.connect(self.remove)
        self.list.menu_wanted.connect(lambda at: self.menu().popup(at))
        self.list.itemSelectionChanged.connect(self._show_acts)
        self.add_button = Button(tr("添加…"), self.add, icon="add")
        self.paste_button = Button(tr("粘贴"), self.paste, icon="clipboard_paste", tip="Ctrl+V")
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(8)
        head.addWidget(self.add_button)
        head.addWidget(self.paste_button)
        head.addWidget(Label(tr("或把文件拖到这里"), role="small", tone="text2"), 1)
        self._empty = Label(
            tr("还没有材料。照片、扫描件、PDF、Word、Excel 都可以；一次可以拖几份，名字里有“身份证”“户口”的会自己归类。"),
            tone="text2", wraps=True,
        )  # fmt: skip
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(24, 24, 24, 24)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line())
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._acts_row())
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        session.files.thumbnails.drawn.connect(self._on_drawn)
        session.changes.data_changed.connect(self._on_changed)

    def _on_drawn(self, _digest: str) -> None:
        self.list.viewport().update()

    def _acts_row(self) -> QWidget:
        self.kind = QComboBox()
        self.kind.addItems(KINDS)
        self.kind.setAccessibleName(tr("种类"))
        self.kind.activated.connect(lambda _at: self._on_kind(self.kind.currentText()))
        self._row = QWidget()
        set_ground(self._row, "sunken")
        holder = QWidget()
        flow = FlowLayout(holder, gap=8)
        around = QVBoxLayout(self._row)
        around.setContentsMargins(16, 7, 16, 7)
        around.addWidget(holder)
        flow.addWidget(self.kind)
        self.open_button = Button(tr("打开"), self.open)
        self.save_button = Button(tr("另存…"), self.save_as, icon="save")
        self.remove_button = Button(tr("移除…"), self.remove)
        for button in (self.open_button, self.save_button, self.remove_button):
            flow.addWidget(button)
        return self._row

    # What is shown

    def show_record(self, entity: str, record_id: int | None) -> None:
        """Show the files of a record; None shows nothing."""
        self.entity, self.record_id = entity, record_id
        self.reload()

    def reload(self) -> None:
        """Read the files anew."""
        files: list[RecordFile] = []
        if self.record_id is not None:
            with self.session.ledger_file.reading() as reading:
                files = list_files(reading, self.entity, self.record_id)
        self.list.set_files(files)
        self._stack.setCurrentIndex(0 if files else 1)
        for button in (self.add_button, self.paste_button):
            button.setEnabled(self.record_id is not None)
        self._show_acts()
        self.session.files.thumbnails.want(files)

    def take_focus(self) -> None:
        """Put the focus into the list, or on the first button while there is none."""
        target = self.list if self.list.count() else self.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self, changes: object, _initiator: object) -> None:
        if "attachment" in getattr(changes, "entities", ()) and self.isVisible():
            self.reload()

    def _show_acts(self) -> None:
        chosen = self.list.chosen()
        self._row.setVisible(bool(chosen))
        if chosen:
            self.kind.setCurrentText(chosen[0].kind)
        self.kind.setEnabled(len(chosen) == 1)
        self.open_button.setEnabled(len(chosen) == 1 and chosen[0].digest is not None)
        self.save_button.setEnabled(any(one.digest for one in chosen))

    def menu(self) -> QMenu:
        """Return the context menu of the chosen files."""
        menu = QMenu(self)
        chosen = self.list.chosen()
        if chosen:
            menu.addAction(tr("打开"), self.open).setEnabled(self.open_button.isEnabled())
            menu.addAction(tr("另存…"), self.save_as).setEnabled(self.save_button.isEnabled())
            if len(chosen) == 1:
                kinds = menu.addMenu(tr("归为"))
                for kind in KINDS:
                    kinds.addAction(kind, partial(self._on_kind, kind))
            menu.addAction(tr("移除…"), self.remove)
            menu.addSeparator()
        menu.addAction(tr("添加…"), self.add)
        menu.addAction(tr("粘贴"), self.paste)
        return menu

    # Acts

    def add(self) -> None:
        """Ask for files and add them."""
        if self.record_id is not None:
            self.session.files.choose(self.entity, self.record_id)

    def paste(self) -> None:
        """Add what was copied."""
        if self.record_id is not None:
            self.session.files.paste(self.entity, self.record_id)

    def open(self) -> None:
        """Show the chosen file."""
        chosen = self.list.chosen()
        if len(chosen) == 1:
            self.session.files.open(chosen[0])

    def save_as(self) -> None:
        """Write the chosen files out."""
        self.session.files.save_as(self.list.chosen())

    def remove(self) -> None:
        """Take the chosen files off the record."""
        self.session.files.remove(self.list.chosen())

    def _on_kind(self, kind: str) -> None:
        chosen = self.list.chosen()
        if len(chosen) == 1:
            self.session.files.change_kind(chosen[0], kind)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.record_id is not None and self.session.files.takes(event.mimeData()):
            event.acceptProposedAction()
            self._set_dragged_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dragged_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dragged_over(False)
        if self.record_id is not None:
            event.acceptProposedAction()
            self.session.files.add_data(self.entity, self.record_id, event.mimeData())

    def _set_dragged_over(self, over: bool) -> None:
        self._is_dragged_over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_dragged_over:
            painter = QPainter(self)
            painter.setPen(QPen(theme.color("accent"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.end()
