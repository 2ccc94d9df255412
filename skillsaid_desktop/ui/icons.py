"""The icons, drawn from one SVG each in the colours of the theme in force.

Fluent UI System Icons (Microsoft, MIT), the 20 regular drawings, lie in resources/icons; the colour is put in
when they are painted, so a change of theme needs no new icons.
"""

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPen, QPixmap

from skillsaid_desktop.paths import resource_path
from skillsaid_desktop.ui import theme


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    return (resource_path("icons") / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _rendered(name: str, colour: str, width: int, height: int) -> QPixmap:
    # QtSvg is loaded with the first icon, not with the program.
    from PySide6.QtSvg import QSvgRenderer

    text = re.sub(r' fill="(?!none)[^"]*"', "", _svg(name)).replace("<svg ", f'<svg fill="{colour}" ', 1)
    renderer = QSvgRenderer(QByteArray(text.encode()))
    result = QPixmap(width, height)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    side = min(width, height)
    renderer.render(painter, QRectF(0, (height - side) / 2, side, side))
    painter.end()
    return result


def pixmap(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    """Return an icon of `size` logical pixels in a colour token, for painting code."""
    pixels = max(1, round(size * ratio))
    result = QPixmap(_rendered(name, theme.color(colour).name(), pixels, pixels))
    result.setDevicePixelRatio(ratio)
    return result


def _ratio(painter: QPainter) -> float:
    """Return the device pixels in one logical pixel.

    Not asked of `painter.device()`: its first wrapper makes every kind of paint device, ten milliseconds in all.
    """
    return painter.deviceTransform().m11()


def paint(painter: QPainter, rect: QRect, name: str, colour: str = "text2") -> None:
    """Draw an icon into a rectangle in a colour token."""
    ratio = _ratio(painter)
    painter.drawPixmap(rect.topLeft(), pixmap(name, rect.width(), colour, ratio))


class _TokenEngine(QIconEngine):
    """Draws one SVG in a token's colour, or in `disabled` where the part is."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = _ratio(painter)
        image = QPixmap(self._image(rect.size() * ratio, mode))
        image.setDevicePixelRatio(ratio)
        painter.drawPixmap(rect.topLeft(), image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._image(size, mode)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        image = QPixmap(self._image(size * scale, mode))
        image.setDevicePixelRatio(scale)
        return image

    def _image(self, size: QSize, mode: QIcon.Mode) -> QPixmap:
        tone = "disabled" if mode == QIcon.Mode.Disabled else self._colour
        colour: QColor = theme.color(tone)
        return _rendered(self._name, colour.name(), max(1, size.width()), max(1, size.height()))

    def clone(self) -> QIconEngine:
        return _TokenEngine(self._name, self._colour)


def icon(name: str, colour: str = "text2") -> QIcon:
    """Return an icon that follows the theme; `colour` is a token."""
    return QIcon(_TokenEngine(name, colour))


class _SignEngine(QIconEngine):
    """Draws the program's own sign in whatever size the system asks for."""

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.drawPixmap(rect, _sign(max(rect.width(), rect.height())))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return _sign(min(size.width(), size.height()))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return _sign(round(min(size.width(), size.height()) * scale))

    def clone(self) -> QIconEngine:
        return _SignEngine()


def _sign(side: int) -> QPixmap:
    result = QPixmap(max(1, side), max(1, side))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / 16, side / 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#1F5F99"))
    painter.drawRoundedRect(QRectF(1, 1, 14, 14), 3, 3)
    painter.setPen(QPen(QColor("#FFFFFF"), 1.3))
    for y, right in ((5.2, 12), (8.0, 12), (10.8, 8)):
        painter.drawLine(QPointF(4, y), QPointF(right, y))
    painter.drawPolyline([QPointF(9.2, 10.9), QPointF(10.4, 12), QPointF(12.4, 9.8)])
    painter.end()
    return result


def app_icon() -> QIcon:
    """Return the program's own sign, for window and task bar; only the sizes that are asked for are drawn."""
    return QIcon(_SignEngine())
