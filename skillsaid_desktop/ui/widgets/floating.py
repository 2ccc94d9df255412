"""Small panels over the window: filter lists and the calendar. Children, not popups, for the input method's sake."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import (
    QDate,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.marks import fill_framed
from skillsaid_desktop.ui.widgets.text import set_ground

_NOTE = Qt.ItemDataRole.UserRole + 1


class FloatingPanel(QWidget):
    """A panel under a widget, closed by Esc or a click elsewhere."""

    closed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self._anchor = anchor
        self._window = anchor.window()
        self._came_from = QApplication.focusWidget()
        set_ground(self, "raised")
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def open_under(self, width: int, height: int, left: int = 0) -> None:
        """Show the panel below its anchor, from `left` pixels within it on, inside the window."""
        window = self._window
        at = self._anchor.mapTo(window, QPoint(left, self._anchor.height() + 2))
        x = max(4, min(at.x(), window.width() - width - 4))
        height = min(height, window.height() - 20)
        y = max(4, min(at.y(), window.height() - height - 4))
        self.setGeometry(x, y, width, height)
        self.show()
        self.raise_()

    def shut(self) -> None:
        """Close the panel for good; the focus goes back to where it was, unless it has gone elsewhere."""
        if self.isVisible():
            now, before = QApplication.focusWidget(), self._came_from
            if now is not None and self.isAncestorOf(now) and before is not None and isValid(before):
                before.setFocus(Qt.FocusReason.PopupFocusReason)
            self.hide()
            self.closed.emit()
            self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = event.type() == QEvent.Type.MouseButtonPress and self.isVisible()
        if (
            is_press
            and isinstance(watched, QWidget)
            and watched is not self
            and not self.isAncestorOf(watched)
        ):
            self.shut()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_framed(painter, self.rect(), "raised", "edge")
        painter.end()


class _NoteDelegate(QStyledItemDelegate):
    """The box with its title, and at the right how many there are."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        painter.setPen(theme.color("text2"))
        place: QRect = option.rect.adjusted(0, 0, -8, 0)
        painter.drawText(
            place,
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            str(index.data(_NOTE) or ""),
        )


class TickPanel(FloatingPanel):
    """A list of values to tick, with counts and a search of its own (filters, column chooser)."""

    ticked = Signal(object)  # frozenset of the ticked keys

    def __init__(
        self,
        anchor: QWidget,
        rows: Sequence[tuple[str, str, str]],
        ticked: frozenset[str],
        *,
        all_hint: str = "",
        left: int = 0,
    ) -> None:
        super().__init__(anchor)
        self._find = QLineEdit()
        self._find.setPlaceholderText(all_hint or tr("找一个值"))
        self._find.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._list = QListWidget()
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setStyleSheet("QListWidget{background:transparent} QListWidget::item{min-height:26px}")
        for key, title, note in rows:
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setData(_NOTE, note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title} {note}".strip())
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setItemDelegate(_NoteDelegate(self._list))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 8)
        layout.setSpacing(6)
        if len(rows) > 8:
            layout.addWidget(self._find)
        layout.addWidget(self._list, 1)
        self._find.textChanged.connect(self._narrow)
        self._list.itemChanged.connect(lambda _item: self.ticked.emit(self.keys()))
        widest = max(
            (self._list.fontMetrics().horizontalAdvance(f"{t}　{n}") for _k, t, n in rows), default=80
        )
        row = max(28, self._list.sizeHintForRow(0)) if rows else 28
        self.open_under(
            min(max(180, widest + 60), 360),
            min(len(rows), 12) * row + (60 if len(rows) > 8 else 22),
            left,
        )
        (self._find if len(rows) > 8 else self._list).setFocus()

    def keys(self) -> frozenset[str]:
        """Return the ticked keys."""
        items = (self._list.item(at) for at in range(self._list.count()))
        return frozenset(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    def tick(self, key: str, on: bool = True) -> None:
        """Tick a value as by hand."""
        for at in range(self._list.count()):
            item = self._list.item(at)
            if item.data(Qt.ItemDataRole.UserRole) == key:
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _narrow(self, text: str) -> None:
        for at in range(self._list.count()):
            item = self._list.item(at)
            item.setHidden(text.strip() not in item.text())


class CalendarPanel(FloatingPanel):
    """A calendar under a date field."""

    picked = Signal(object)  # date

    def __init__(self, anchor: QWidget, day: date) -> None:
        super().__init__(anchor)
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(calendar)
        calendar.clicked.connect(self._on_clicked)
        calendar.activated.connect(self._on_clicked)
        self.open_under(280, 240)
        calendar.setFocus()

    def _on_clicked(self, day: QDate) -> None:
        self.picked.emit(date(day.year(), day.month(), day.day()))
        self.shut()
