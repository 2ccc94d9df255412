"""A picture in a frame, as large as there is room and never larger than it is."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from skillsaid_desktop.ui import icons
from skillsaid_desktop.ui.widgets.marks import fill_framed


class Picture(QWidget):
    """Shows a picture, or the icon that stands for it."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._icon = ""
        self.setFixedHeight(height)

    def show_image(self, image: QImage | None, icon: str) -> None:
        """Show a picture; without one the icon."""
        self._image, self._icon = image, icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_framed(painter, self.rect(), "sunken", "line2")
        if self._image is not None:
            room = self.rect().adjusted(1, 1, -1, -1).size()
            size = self._image.size()
            if size.width() > room.width() or size.height() > room.height():
                size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(self.rect().center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
        elif self._icon:
            middle = QRect(0, 0, 32, 32)
            middle.moveCenter(self.rect().center())
            icons.paint(painter, middle, self._icon, "text3")
        painter.end()
