"""The paper as it will print: pages of a PDF one below the other on the desk, with figures that open on a click."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QScrollArea, QWidget

from skillsaid_desktop.exporters.pdf import Pdf, Spot
from skillsaid_desktop.ui import theme

GAP = 18
PIXELS_PER_POINT = 96 / 72
KEPT_PAGES = 12


class _Sheets(QWidget):
    """Paints the pages that are in sight."""

    spot_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self.spots: Sequence[Spot] = ()
        self.current = -1
        self.zoom = 1.0
        self._images: dict[tuple[int, int], QImage] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def load(self, pdf: Pdf) -> None:
        """Show another paper."""
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(pdf.content))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self.spots = pdf.spots
        self.current = -1
        self._images.clear()
        self.fit()

    def page_rect(self, page: int) -> QRectF:
        """Return where a page lies, in pixels of this widget."""
        top = float(GAP)
        for before in range(page):
            top += self._size(before).height() + GAP
        size = self._size(page)
        return QRectF((self.width() - size.width()) / 2, top, size.width(), size.height())

    def _size(self, page: int) -> QSize:
        points = self.document.pagePointSize(page)
        factor = PIXELS_PER_POINT * self.zoom
        return QSize(round(points.width() * factor), round(points.height() * factor))

    def fit(self) -> None:
        """Take the room of all pages."""
        sizes = [self._size(page) for page in range(self.document.pageCount())]
        width = max((size.width() for size in sizes), default=0) + 2 * GAP
        height = sum(size.height() + GAP for size in sizes) + GAP
        self.setMinimumSize(width, height)
        self.update()

    def spot_rect(self, at: int) -> QRectF:
        """Return where a spot lies."""
        spot = self.spots[at]
        factor = PIXELS_PER_POINT * self.zoom
        page = self.page_rect(spot.page)
        return QRectF(
            page.left() + spot.x * factor,
            page.top() + spot.y * factor,
            spot.width * factor,
            spot.height * factor,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("desk"))
        for page in range(self.document.pageCount()):
            rect = self.page_rect(page)
            if not rect.intersects(QRectF(event.rect())):
                continue
            painter.fillRect(rect, Qt.GlobalColor.white)
            painter.drawImage(rect, self._image(page))
            painter.setPen(QPen(theme.color("line2"), 0))
            painter.drawRect(rect)
        if 0 <= self.current < len(self.spots):
            # The paper stays white in dark, so the mark on it is that of light.
            painter.setPen(QPen(Qt.GlobalColor.darkBlue, 2))
            painter.drawRect(self.spot_rect(self.current).adjusted(1, 1, -1, -1))
        painter.end()

    def _image(self, page: int) -> QImage:
        ratio = self.devicePixelRatioF()
        size = self._size(page) * ratio
        key = (page, size.width())
        if key not in self._images:
            if len(self._images) >= KEPT_PAGES:
                self._images.pop(next(iter(self._images)))
            self._images[key] = self.document.render(page, size)
        return self._images[key]

    def _spot_at(self, at: QPointF) -> int:
        return next((one for one in range(len(self.spots)) if self.spot_rect(one).contains(at)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._spot_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._spot_at(event.position()))

    def choose(self, at: int) -> None:
        """Choose a figure of the paper."""
        if 0 <= at < len(self.spots):
            self.current = at
            self.update()
            self.spot_chosen.emit(self.spots[at].ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Down: (0, 1),
            Qt.Key.Key_Up: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self.spots:
            super().keyPressEvent(event)
            return
        if self.current < 0:
            self.choose(0)
            return
        now = self.spot_rect(self.current).center()
        best, at = 0.0, -1
        for one in range(len(self.spots)):
            away = self.spot_rect(one).center() - now
            along = away.x() * step[0] + away.y() * step[1]
            across = abs(away.x() * step[1]) + abs(away.y() * step[0])
            cost = along + 3 * across
            if along > 1 and (at < 0 or cost < best):
                best, at = cost, one
        self.choose(at)


class PaperView(QScrollArea):
    """A paper with zoom; `spot_chosen` carries what the figure under the click refers to."""

    spot_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sheets = _Sheets()
        self.sheets.spot_chosen.connect(self._on_spot)
        self.setWidget(self.sheets)
        self.setWidgetResizable(True)
        self._fits_width = True

    def show_pdf(self, pdf: Pdf) -> None:
        """Show another paper."""
        self.sheets.load(pdf)
        if self._fits_width:
            self.fit_width()

    def set_zoom(self, zoom: float) -> None:
        """Zoom to a factor of the paper's real size; 0 fits the width."""
        self._fits_width = zoom <= 0
        if self._fits_width:
            self.fit_width()
        else:
            self.sheets.zoom = zoom
            self.sheets.fit()

    def fit_width(self) -> None:
        """Let a page take the width that there is."""
        document = self.sheets.document
        if document.pageCount():
            widest = max(document.pagePointSize(page).width() for page in range(document.pageCount()))
            room = self.width() - 2 * GAP - 14
            self.sheets.zoom = max(0.3, min(2.0, room / (widest * PIXELS_PER_POINT)))
            self.sheets.fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self._fits_width:
            self.fit_width()

    def choose_ref(self, ref: str) -> None:
        """Choose the first figure that refers to a code."""
        at = next((one for one, spot in enumerate(self.sheets.spots) if ref in spot.ref.split()), -1)
        self.sheets.choose(at)

    def _on_spot(self, ref: str) -> None:
        rect = self.sheets.spot_rect(self.sheets.current)
        self.ensureVisible(round(rect.center().x()), round(rect.center().y()), 80, 80)
        self.spot_chosen.emit(ref)
