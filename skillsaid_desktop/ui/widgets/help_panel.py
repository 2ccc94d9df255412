"""F1: half a screen of help on the page in sight, over the page's right side."""

from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import IconButton
from skillsaid_desktop.ui.widgets.text import Label, set_ground

KEYS = (
    "Ctrl+K 查找　Ctrl+F 在本页找　Ctrl+N 新增\nCtrl+Z 撤销　Ctrl+Y 重做　Ctrl+C 复制\nCtrl+E 导出　Ctrl+P 打印　Ctrl+I 导入\n"
    "F6 换区域　F5 重查　Ctrl+B 收起导航\nCtrl+PgUp、Ctrl+PgDn 换统计月"
)


class HelpPanel(QWidget):
    """A panel with one sentence a line; Esc or F1 closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        set_ground(self, "raised")
        self._title = Label(role="section2")
        self._text = Label(wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 16, 20)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(IconButton("dismiss", tr("关闭"), self.hide))
        layout.addLayout(head)
        layout.addWidget(self._text)
        layout.addWidget(Label(tr("按键"), role="section"))
        layout.addWidget(Label(KEYS, tone="text2", wraps=True))
        layout.addStretch(1)
        self.hide()

    def toggle(self, title: str, text: str) -> None:
        """Show the help of a page, or hide it."""
        if self.isVisible():
            self.hide()
            return
        self._title.setText(title)
        self._text.setText(text or tr("这一页没有另外的说明。"))
        parent = self._window
        width = min(400, parent.width() - 100)
        self.setGeometry(parent.width() - width, 45, width, parent.height() - 72)
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, 0, 1, self.height(), theme.color("edge"))
        painter.end()
