"""A list of files: a small picture or the icon of its type, the kind, the name, and what else there is to say."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from skillsaid_desktop.services.files import MB, RecordFile
from skillsaid_desktop.ui import icons, theme

_FILE = Qt.ItemDataRole.UserRole
_AnyIndex = QModelIndex | QPersistentModelIndex
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
PICTURE = 56
_ICONS = {"paper": "document_checkmark", "picture": "image", "pdf": "document_pdf", "other": "document"}


def size_words(size: int) -> str:
    """Return a size as people say it."""
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / 1024)):,} KB"


def type_icon(file: RecordFile) -> str:
    """Return the icon of a file without a picture."""
    if file.digest is None:
        return _ICONS["paper"]
    if file.mime.startswith("image/"):
        return _ICONS["picture"]
    return _ICONS["pdf" if file.mime == "application/pdf" else "other"]


class _Delegate(QStyledItemDelegate):
    def __init__(self, files: "FileList") -> None:
        super().__init__(files)
        self._files = files

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        file: RecordFile = index.data(_FILE)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(rect, theme.color("select" if chosen else "hover" if hovered else "surface"))
        frame = QRect(rect.left() + 16, rect.center().y() - PICTURE // 2, PICTURE, PICTURE)
        self._paint_picture(painter, frame, file)
        left = frame.right() + 12
        inner = QRect(left, rect.top(), rect.right() - 16 - left, rect.height())
        self._paint_words(painter, inner, file)
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self._files.hasFocus() and bool(option.state & QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRect, file: RecordFile) -> None:
        painter.fillRect(frame, theme.color("sunken"))
        image = self._files.image_of(file)
        if image is None:
            middle = QRect(frame.center().x() - 11, frame.center().y() - 11, 24, 24)
            icons.paint(painter, middle, type_icon(file), "text3")
        else:
            size = image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, image)
        painter.setPen(QPen(theme.color("line2"), 0))
        painter.drawRect(frame)

    def _paint_words(self, painter: QPainter, inner: QRect, file: RecordFile) -> None:
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("small"))
        origin = f"来自{file.origin}" if file.origin else ""
        size = size_words(file.size) if file.digest else ""
        facts = "　".join(part for part in (size, f"{file.added_on} 存", origin, file.note) if part)
        lines = (
            ("bold", "text", file.kind, body), ("body", "text", file.name, body), ("small", "text2", facts, small),
        )  # fmt: skip
        top = inner.center().y() - (2 * body.height() + small.height() + 4) // 2
        for role, tone, words, metrics in lines:
            line = QRect(inner.left(), top, inner.width(), metrics.height())
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(tone))
            elided = QFontMetrics(theme.font(role)).elidedText(
                words, Qt.TextElideMode.ElideMiddle, line.width()
            )
            painter.drawText(line, _LEFT, elided)
            top += metrics.height() + 2

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("small"))
        return QSize(200, max(PICTURE, 2 * body.height() + small.height() + 4) + 14)


class FileList(QListWidget):
    """The list; Enter or a double click opens, Delete asks for removal."""

    opened = Signal(object)  # RecordFile
    removal_asked = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, image_of: Callable[[RecordFile], QImage | None]) -> None:
        super().__init__()
        self.image_of = image_of
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menu_wanted.emit(self.mapToGlobal(at)))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(_FILE)))

    def set_files(self, files: Sequence[RecordFile]) -> None:
        """Show these files; those that were chosen stay chosen."""
        kept = {one.id for one in self.chosen()}
        now = self.currentRow()
        self.clear()
        for file in files:
            item = QListWidgetItem(f"{file.kind}　{file.name}")
            item.setData(_FILE, file)
            item.setToolTip(file.name)
            self.addItem(item)
            item.setSelected(file.id in kept)
        if files and not self.selectedItems():
            self.setCurrentRow(min(max(now, 0), len(files) - 1))

    def files(self) -> list[RecordFile]:
        """Return what is shown."""
        return [self.item(at).data(_FILE) for at in range(self.count())]

    def chosen(self) -> list[RecordFile]:
        """Return the chosen files, in order."""
        return [self.item(at).data(_FILE) for at in range(self.count()) if self.item(at).isSelected()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        one = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and one is not None:
            self.opened.emit(one.data(_FILE))
        elif event.key() == Qt.Key.Key_Delete and self.chosen():
            self.removal_asked.emit()
        else:
            super().keyPressEvent(event)
