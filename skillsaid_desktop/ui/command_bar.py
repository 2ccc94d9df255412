"""The bar over everything: fold, undo and redo by name, 查找, 统计月, help, user; and the status line."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PageHead
from skillsaid_desktop.ui.widgets.buttons import Button, DropButton, IconButton
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

UNDO_NAME_WIDTH = 240


def month_title(month: str) -> str:
    """Return 2025年11月 for "2025-11"."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


class FindField(QLineEdit):
    """查找: opens the list of people, pages and acts; a normal child, or the input method dies."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("查人、查页面、找功能"))
        self.setAccessibleName(tr("查找"))
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.setMinimumWidth(180)
        self.setMaximumWidth(380)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_compact(self, compact: bool) -> None:
        """Take little room beside a page's head."""
        self.setPlaceholderText(tr("查找") if compact else tr("查人、查页面、找功能"))
        self.setMinimumWidth(100 if compact else 180)
        self.setMaximumWidth(120 if compact else 380)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text() or self.hasFocus() or self.width() < 240:
            return
        painter = QPainter(self)
        painter.setFont(theme.font("key"))
        width = QFontMetrics(theme.font("key")).horizontalAdvance("Ctrl+K") + 10
        box = self.rect().adjusted(self.width() - width - 6, 6, -6, -6)
        painter.setPen(theme.color("line2"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.color("text3"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "Ctrl+K")
        painter.end()


class CommandBar(QWidget):
    """Emits what was asked for; the main window does it."""

    fold_asked = Signal()
    undo_asked = Signal(int)  # operation id, 0 for the last
    redo_asked = Signal()
    month_asked = Signal(str)
    help_asked = Signal()

    def __init__(self, user_menu: QMenu) -> None:
        super().__init__()
        set_ground(self, "window")
        self._undo_names: list[tuple[int, str]] = []
        self._narrow = False
        self.fold = IconButton("navigation", tr("收起导航（Ctrl+B）"), self.fold_asked.emit)
        self.undo = Button(tr("撤销"), lambda: self.undo_asked.emit(0), icon="arrow_undo", kind="quiet")
        self.undo_list = IconButton("chevron_down", tr("撤销哪一步"), self._open_undo_list)
        self.undo_list.setFixedWidth(22)
        self.redo = Button(tr("重做"), self.redo_asked.emit, icon="arrow_redo", kind="quiet")
        self.field = FindField()
        self.month = DropButton("", icon="calendar")
        self.month.setToolTip(tr("换一个统计月（Ctrl+PgUp、Ctrl+PgDn）"))
        self.help = Button(
            tr("本页帮助"), self.help_asked.emit, icon="question_circle", kind="quiet", tip="F1"
        )
        self.user = Button("", icon="person", kind="quiet")
        self.user.setMenu(user_menu)
        self._head: PageHead | None = None
        self._month_words = ("", "")
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(9, 0, 12, 0)
        layout.setSpacing(4)
        left, right = QHBoxLayout(), QHBoxLayout()
        for widget in (self.fold, self.undo, self.undo_list, self.redo):
            left.addWidget(widget)
        left.setSpacing(2)
        left.addStretch(1)
        right.addStretch(1)
        right.setSpacing(4)
        for widget in (self.month, self.help, self.user):
            right.addWidget(widget)
        layout.addLayout(left, 1)
        layout.addWidget(self.field, 1)
        layout.addLayout(right, 1)
        self.setMinimumHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_undo([], "")

    def set_undo(self, undoable: list[tuple[int, str]], redo: str) -> None:
        """Show what undo and redo would do, by name."""
        self._undo_names = undoable
        self.undo.setEnabled(bool(undoable))
        self.undo_list.setEnabled(bool(undoable))
        self.redo.setEnabled(bool(redo))
        self._redo_name = redo
        self._show_names()

    def _show_names(self) -> None:
        metrics = QFontMetrics(theme.font("body"))
        last = self._undo_names[0][1] if self._undo_names else ""
        whole_undo = tr("撤销：") + last if last else tr("撤销")
        whole_redo = tr("重做：") + self._redo_name if self._redo_name else tr("重做")
        room = UNDO_NAME_WIDTH if self.width() >= 1320 else 150
        for button, whole in ((self.undo, whole_undo), (self.redo, whole_redo)):
            cut = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room)
            button.setText("" if self._narrow else cut)
            button.setToolTip(whole + (tr("（Ctrl+Z）") if button is self.undo else tr("（Ctrl+Y）")))
            button.setAccessibleName(whole)

    def set_month(self, month: str, state: str, months: list[tuple[str, str]]) -> None:
        """Show the month in hand; `months` are offered as (month, state)."""
        self._month_words = (
            tr("统计月") + f"　{month_title(month)} · {state}", f"{int(month[5:])}月 · {state}"
        )  # fmt: skip
        self._show_month()
        menu = QMenu(self.month)
        for each, its_state in months:
            action = menu.addAction(f"{month_title(each)}　{its_state}")
            action.setCheckable(True)
            action.setChecked(each == month)
            action.triggered.connect(lambda _checked=False, each=each: self.month_asked.emit(each))
        self.month.setMenu(menu)

    def _show_month(self) -> None:
        self.month.setText(self._month_words[self._head is not None])
        self.month.setAccessibleName(self._month_words[0])

    def share_with(self, head: PageHead | None) -> None:
        """Take a page's head into the row (a window under 560 high), or none."""
        if head is self._head:
            return
        if self._head is not None:
            self._head.set_shared(False)
            self._row.removeWidget(self._head)
        self._head = head
        if head is not None:
            head.set_shared(True)
            self._row.insertWidget(1, head, 8)
            head.show()
        self.undo_list.setVisible(head is None)
        self.field.set_compact(head is not None)
        self._row.setStretch(0, 0 if head is not None else 1)
        self._row.setStretch(self._row.count() - 1, 0 if head is not None else 1)
        self._show_month()

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only for undo, redo, help and user."""
        self._narrow = narrow
        self.help.setText("" if narrow else tr("本页帮助"))
        self.help.setAccessibleName(tr("本页帮助"))
        self.user.setText("" if narrow else str(self.user.property("name") or ""))
        self._show_names()

    def set_user(self, name: str) -> None:
        """Show who works here."""
        self.user.setProperty("name", name)
        self.user.setAccessibleName(name)
        self.set_narrow(self._narrow)

    def _open_undo_list(self) -> None:
        menu = QMenu(self)
        for operation, name in self._undo_names[:20]:
            action = menu.addAction(name)
            action.triggered.connect(lambda _checked=False, one=operation: self.undo_asked.emit(one))
        menu.popup(self.undo.mapToGlobal(self.undo.rect().bottomLeft()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)


class StatusLine(QWidget):
    """Left: rows shown, selection, sum. Right: the last good backup, and that nothing leaves this PC."""

    def __init__(self, on_backup: Callable[[], object]) -> None:
        super().__init__()
        set_ground(self, "window")
        self._left = QHBoxLayout()
        self._left.setSpacing(14)
        self._parts: list[QWidget] = []
        self._shield = Icon("shield_checkmark", "good")
        self.backup = Button("", on_backup, kind="link")
        self.backup.setFont(theme.font("small"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        layout.addLayout(self._left)
        layout.addStretch(1)
        layout.addWidget(self._shield)
        layout.addWidget(self.backup)
        layout.addSpacing(6)
        layout.addWidget(_bar())
        layout.addSpacing(6)
        layout.addWidget(Label(tr("本机，不联网"), role="small", tone="text2"))
        self.setMinimumHeight(26)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: tuple[str, ...]) -> None:
        """Show the page's own parts."""
        for widget in self._parts:
            widget.hide()
            widget.deleteLater()
        self._parts = []
        for at, part in enumerate(each for each in parts if each):
            if at:
                self._parts.append(_bar())
                self._left.addWidget(self._parts[-1])
            self._parts.append(Label(part, role="small", tone="text2"))
            self._left.addWidget(self._parts[-1])

    def parts(self) -> tuple[str, ...]:
        """Return what is shown at the left."""
        return tuple(part.text() for part in self._parts if isinstance(part, Label))

    def set_backup(self, text: str, *, is_good: bool) -> None:
        """Show how old the last good backup is."""
        self._shield.set_icon(
            "shield_checkmark" if is_good else "shield_error", "good" if is_good else "explain"
        )
        self.backup.setText(text)


def _bar() -> Line:
    bar = Line(vertical=True, tone="line2")
    bar.setFixedHeight(14)
    return bar
