"""The kind word about texts that stand word for word with several students: once, with a way to look at each."""

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from skillsaid_desktop.services.monitoring import MonitoringGrid
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label, set_ground

_KEY = "monitoring/same_quiet"
_TITLES = {"study": "学习情况", "life": "生活情况", "measure": "帮助措施"}


class SameTexts(QWidget):
    """Tells of the first such text of a class; 不再提醒本班 holds for good, on this PC."""

    cell_wanted = Signal(int, str)
    """Go to a row and the field in it."""

    def __init__(self, ledger_id: str) -> None:
        super().__init__()
        self._ledger_id = ledger_id
        self._class = ""
        self._field = ""
        self._rows: list[int] = []
        self._at = -1
        set_ground(self, "sunken")
        self.sentence = Label(tone="text2", wraps=True)
        self.one_by_one = Button(tr("逐个看"), self._step, kind="link")
        self.quiet = Button(tr("不再提醒本班"), self._keep_quiet, kind="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(PAGE_MARGIN, 6, PAGE_MARGIN, 6)
        row.setSpacing(10)
        row.addWidget(Icon("info"))
        row.addWidget(self.sentence, 1)
        row.addWidget(self.one_by_one)
        row.addWidget(self.quiet)
        self.hide()

    def show_grid(self, grid: MonitoringGrid) -> None:
        """Look at another class, or at the same one after a change."""
        self._class = f"{self._ledger_id}:{grid.class_id}"
        same = grid.same_texts
        self.setVisible(bool(same) and self._class not in self._quiet_classes())
        if not same:
            self._field, self._at = "", -1
            return
        name, text, number = same[0]
        self._rows = [at for at, row in enumerate(grid.rows) if (row.note or {}).get(name) == text]
        if name != self._field:
            self._field, self._at = name, -1
        self.sentence.setText(
            f"{number} 人的“{_TITLES[name]}”一字不差，都是“{text}”。检查时常被问到，建议各写一句。"
        )

    def _step(self) -> None:
        later = [row for row in self._rows if row > self._at]
        self._at = (later or self._rows)[0]
        self.cell_wanted.emit(self._at, self._field)

    def _keep_quiet(self) -> None:
        QSettings().setValue(_KEY, ",".join(sorted({*self._quiet_classes(), self._class})))
        self.hide()

    @staticmethod
    def _quiet_classes() -> list[str]:
        return [each for each in str(QSettings().value(_KEY, "")).split(",") if each]
