"""The navigation at the left: one level under group names, numbers that are always work waiting."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.widgets.marks import paint_weight
from skillsaid_desktop.ui.widgets.text import set_ground

if TYPE_CHECKING:
    from skillsaid_desktop.ui.pages import PageEntry

WIDTH = 188
FOLDED_WIDTH = 48
NAME_ROLE = Qt.ItemDataRole.UserRole + 1
ICON_ROLE = Qt.ItemDataRole.UserRole + 2
COUNT_ROLE = Qt.ItemDataRole.UserRole + 3
STOP_ROLE = Qt.ItemDataRole.UserRole + 4
AnyIndex = QModelIndex | QPersistentModelIndex


class _Delegate(QStyledItemDelegate):
    """Paints groups and entries; folded, icons with a dot for waiting work."""

    def __init__(self, parent: "_Tree") -> None:
        super().__init__(parent)
        self._tree = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        is_group = not index.data(NAME_ROLE)
        if is_group and self._tree.is_folded:
            return QSize(FOLDED_WIDTH, 12)
        least = QFontMetrics(theme.font("body")).height() + 4
        return QSize(100, max(self._tree.row_height, least) + (4 if is_group else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        rect.setLeft(0)
        rect.setRight(self._tree.viewport().width() - 1)
        if index.data(NAME_ROLE):
            self._paint_entry(painter, rect, option, index)
        elif not self._tree.is_folded:
            self._paint_group(painter, rect, index)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, index: AnyIndex) -> None:
        painter.setPen(theme.color("text3"))
        painter.setFont(theme.font("small"))
        inner = rect.adjusted(16, 4, -16, 0)
        painter.drawText(
            inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), str(index.data())
        )
        arrow = (
            "chevron_down"
            if self._tree.isExpanded(index.model().index(index.row(), index.column(), index.parent()))
            else "chevron_right"
        )
        icons.paint(painter, QRect(rect.right() - 26, inner.center().y() - 5, 12, 12), arrow, "text3")

    def _paint_entry(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        state = option.state
        box = QRectF(rect).adjusted(8, 1, -8, -1)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("select" if chosen else "nav_hover"))
            painter.drawRoundedRect(box, 4, 4)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRect(QRectF(box.left(), box.top() + 6, 3, box.height() - 12))
        if state & QStyle.StateFlag.State_HasFocus and self._tree.came_by_key:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        middle = rect.center().y()
        tone = "accent" if chosen else "text2"
        icons.paint(painter, QRect(16, middle - 7, 16, 16), str(index.data(ICON_ROLE)), tone)
        count, stops = int(index.data(COUNT_ROLE) or 0), bool(index.data(STOP_ROLE))
        if self._tree.is_folded:
            if count:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("stop" if stops else "accent"))
                painter.drawEllipse(QRectF(33, middle - 9, 6, 6))
            return
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(42, 0, -40, 0), int(flags), str(index.data()))
        if count:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("stop" if stops else "text2"))
            text = f"{count:,}"
            right = rect.adjusted(0, 0, -17, 0)
            painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)
            if stops:
                width = QFontMetrics(theme.font("small")).horizontalAdvance(text)
                paint_weight(painter, QRect(right.right() - width - 20, middle - 6, 14, 14), "stop")


class _Tree(QTreeView):
    """A tree whose rows are entries and group names."""

    def __init__(self) -> None:
        super().__init__()
        self.is_folded = False
        self.row_height = 30
        self.came_by_key = False
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_Delegate(self))
        self.setStyleSheet("QTreeView{background:transparent} QTreeView::branch{background:transparent}")
        self.setExpandsOnDoubleClick(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.came_by_key = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        # The row's own selection ground would reach from edge to edge; the delegate draws a narrower one.
        self.itemDelegate().paint(painter, self._option(option, index), index)

    def _option(self, option: QStyleOptionViewItem, index: AnyIndex) -> QStyleOptionViewItem:
        made = QStyleOptionViewItem(option)
        made.rect = self.visualRect(index.model().index(index.row(), index.column(), index.parent()))
        if self.selectionModel().isSelected(index.model().index(index.row(), index.column(), index.parent())):
            made.state |= QStyle.StateFlag.State_Selected
        here = self.viewport().mapFromGlobal(self.cursor().pos())
        if self.viewport().underMouse() and made.rect.contains(here):
            made.state |= QStyle.StateFlag.State_MouseOver
        if self.hasFocus() and self.currentIndex() == index:
            made.state |= QStyle.StateFlag.State_HasFocus
        return made


class Navigation(QWidget):
    """The navigation; emits the name of the page that was chosen."""

    chosen = Signal(str)

    def __init__(self, entries: "Sequence[PageEntry]") -> None:
        super().__init__()
        set_ground(self, "window")
        self._tree, self._bottom = _Tree(), _Tree()
        self._trees = (self._tree, self._bottom)
        self._items: dict[str, QStandardItem] = {}
        self._groups: list[QStandardItem] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 4)
        layout.setSpacing(0)
        layout.addWidget(self._tree, 1)
        layout.addWidget(self._bottom)
        for tree, is_bottom in ((self._tree, False), (self._bottom, True)):
            model = QStandardItemModel(tree)
            groups: dict[str, QStandardItem] = {}
            for entry in entries:
                if (entry.group == "bottom") != is_bottom:
                    continue
                parent = model.invisibleRootItem()
                if entry.group and not is_bottom:
                    if entry.group not in groups:
                        groups[entry.group] = QStandardItem(entry.group)
                        groups[entry.group].setFlags(Qt.ItemFlag.ItemIsEnabled)
                        model.appendRow(groups[entry.group])
                    parent = groups[entry.group]
                item = QStandardItem(entry.title)
                item.setData(entry.name, NAME_ROLE)
                item.setData(entry.icon, ICON_ROLE)
                item.setToolTip(entry.title)
                parent.appendRow(item)
                self._items[entry.name] = item
            tree.setModel(model)
            tree.setAccessibleName("导航")
            tree.clicked.connect(self._on_clicked)
            self._groups += groups.values()
        folded = str(QSettings().value("navigation/closed", "")).split(",")
        for group in self._groups:
            self._tree.setExpanded(group.index(), group.text() not in folded)
        self._fit()

    def group_names(self) -> list[str]:
        """Return the group names from top to bottom (Alt+1 …)."""
        return [group.text() for group in self._groups]

    def open_group(self, at: int) -> None:
        """Unfold a group and put the focus on its first entry."""
        if 0 <= at < len(self._groups):
            group = self._groups[at]
            self._tree.setExpanded(group.index(), True)
            self._tree.came_by_key = True
            self._tree.setCurrentIndex(group.child(0).index())
            self._tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_chosen(self, name: str) -> None:
        """Mark the entry of the page in sight."""
        for tree in self._trees:
            tree.clearSelection()
        item = self._items.get(name)
        if item is not None:
            tree = self._bottom if item.model() is self._bottom.model() else self._tree
            tree.setCurrentIndex(item.index())

    def set_count(self, name: str, count: int, *, stops: bool = False) -> None:
        """Show how much work waits behind an entry; `stops` marks it with ●."""
        item = self._items.get(name)
        if item is not None:
            item.setData(count, COUNT_ROLE)
            item.setData(stops, STOP_ROLE)

    def set_folded(self, folded: bool) -> None:
        """Show icons only, or icons and words."""
        for tree in self._trees:
            tree.is_folded = folded
        self._fit()

    def set_row_height(self, height: int) -> None:
        """Take lower rows in a lower window."""
        if self._tree.row_height != height:
            for tree in self._trees:
                tree.row_height = height
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(FOLDED_WIDTH if self._tree.is_folded else WIDTH)
        for tree in self._trees:
            tree.scheduleDelayedItemsLayout()
        rows = self._bottom.model().rowCount()
        self._bottom.setFixedHeight(rows * self._bottom.row_height + 6)
        self._bottom.setVisible(rows > 0)

    def _on_clicked(self, index: QModelIndex) -> None:
        name = index.data(NAME_ROLE)
        if name:
            self.chosen.emit(str(name))
            return
        self._tree.setExpanded(index, not self._tree.isExpanded(index))
        closed = [group.text() for group in self._groups if not self._tree.isExpanded(group.index())]
        QSettings().setValue("navigation/closed", ",".join(closed))
