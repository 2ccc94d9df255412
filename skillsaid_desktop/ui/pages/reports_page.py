"""报表: the list, the paper as it will print, and the people behind each of its numbers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
)

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters.pdf import Pdf
from skillsaid_desktop.reports import REPORTS, Report, report_named
from skillsaid_desktop.reports.report import AS_OF, MONTH, default_params
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.figure_drawer import YEAR, FigureDrawer
from skillsaid_desktop.ui.pages.report_pane import ReportPane
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.flow import empty_layout
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.text import Label, set_ground

ANY = "全部"
COMBO_BELOW = 961  # 1920 × 1080 at 200 % is 960 wide


class ReportsPage(Page):
    """What is shown is what prints: preview, paper and file are one layout."""

    title = "报表"
    follows_month = True
    help_text = (
        "左边选报表，中间就是打印出来的样子。\n"
        "1　点表里任何一个数字，右边列出是哪些人。\n"
        "2　导出 PDF、Excel，或直接打印；上报版要写用途。\n"
        "3　校内版遮住号码，公示版只有能公示的列。\nCtrl+E 导出　Ctrl+P 打印　方向键在数字之间走"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.report: Report = REPORTS[0]
        self._fields: dict[str, QComboBox | QLineEdit] = {}
        self._wanted_figure = ""
        self._wants_year = False
        self._given: dict[str, str] = {}
        self.head.add_act(Button("PDF", lambda: self.export_as("pdf"), icon="document_pdf"))
        self.head.add_act(Button("Excel", lambda: self.export_as("xlsx"), icon="table"))
        self.head.add_act(Button(tr("打印"), self.print_out, icon="print", kind="main"))
        self.add_head_line()
        self.list = QListWidget()
        self.list.setMinimumWidth(150)
        set_ground(self.list, "sunken")
        self.list.setProperty("kind", "entries")
        set_region(self.list, Region.FILTERS)
        group = ""
        for report in REPORTS:
            if report.group != group:
                group = report.group
                heading = QListWidgetItem(group)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                heading.setFont(theme.font("small"))
                heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
                heading.setSizeHint(QSize(120, 22 if not self.list.count() else 34))
                self.list.addItem(heading)
            item = QListWidgetItem(report.title)
            item.setData(Qt.ItemDataRole.UserRole, report.name)
            item.setSizeHint(QSize(120, max(28, self.fontMetrics().height() + 10)))
            self.list.addItem(item)
        self.list.currentItemChanged.connect(self._on_chosen)
        # In a very narrow window the list becomes a combo box (DESIGN section 8).
        self.pick = QComboBox()
        self.pick.setAccessibleName(tr("报表"))
        for report in REPORTS:
            self.pick.addItem(report.title, report.name)
        self.pick.activated.connect(lambda _at: self._choose(str(self.pick.currentData())))
        self.pick.hide()
        self._params = QHBoxLayout()
        self._params.setSpacing(8)
        self.pane = ReportPane(session, self.report, self.params)
        set_region(self.pane, Region.TABLE)
        self.pane.bar.insertWidget(1, self.pick)
        self.pane.bar.addLayout(self._params)
        self.pane.wanted.connect(self.refresh_paper)
        self.pane.shown.connect(self._on_paper)
        self.pane.refused.connect(self._on_refused)
        self.paper = self.pane.paper
        self.paper.spot_chosen.connect(self.open_figure)
        self.drawer = FigureDrawer(session)
        self.drawer.closed.connect(self.drawer.hide)
        self.drawer.month_wanted.connect(self._open_month)
        self.drawer.hide()
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        for widget in (self.list, self.pane, self.drawer):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([196, 800, 340])
        self.set_body(self.splitter)

    @property
    def pdf(self) -> Pdf | None:
        """The paper in sight."""
        return self.pane.pdf

    # Choosing

    def reload(self) -> None:
        if self.list.currentRow() < 0:
            self._choose(self.report.name)
            return
        self._build_params()
        self.refresh_paper()

    def open_with(self, params: Mapping[str, object]) -> None:
        """`report`: its name; `figure`: a code whose people are opened, `tab`
        "year" its twelve months; `params`: the report's own, by name."""
        name = str(params.get("report") or "")
        given = params.get("params")
        self._given = (
            {str(key): str(text or tr(ANY)) for key, text in given.items()}
            if isinstance(given, Mapping)
            else {}
        )
        self._wanted_figure = str(params.get("figure") or "")
        self._wants_year = params.get("tab") == "year"
        if name and name != self.report.name:
            self._choose(name)
        elif self._wanted_figure:
            self._open_wanted()
        elif self._given:
            self._build_params()
            self.refresh_paper()

    def _choose(self, name: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(row)

    def _on_chosen(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        if item is None or item.data(Qt.ItemDataRole.UserRole) is None:
            return
        self.report = report_named(str(item.data(Qt.ItemDataRole.UserRole)))
        self.pick.setCurrentIndex(self.pick.findData(self.report.name))
        self.drawer.hide()
        self.pane.set_report(self.report)
        self._build_params()
        self.refresh_paper()

    def _build_params(self) -> None:
        kept = {name: _text(field) for name, field in self._fields.items()} | self._given
        self._given = {}
        empty_layout(self._params)
        self._fields = {}
        with self.session.ledger_file.reading() as reading:
            defaults = default_params(self.report, reading, self.session.month)
            offers = {one.name: self.report.offers(reading, one.name) for one in self.report.parameters}
        for one in self.report.parameters:
            if one.name == MONTH.name:
                continue
            field: QComboBox | QLineEdit
            if offers[one.name]:
                field = QComboBox()
                if not one.required:
                    field.addItem(tr(ANY))
                field.addItems(list(offers[one.name]))
                field.setCurrentText(kept.get(one.name) or str(defaults.get(one.name) or ""))
                field.currentIndexChanged.connect(self.refresh_paper)
            else:
                value = defaults.get(one.name)
                field = QLineEdit(one.type.format(value) if value is not None else "")
                if one.name != AS_OF.name and kept.get(one.name):
                    field.setText(kept[one.name])
                field.setMaximumWidth(130)
                field.editingFinished.connect(self.refresh_paper)
            field.setAccessibleName(one.title)
            self._fields[one.name] = field
            self._params.addWidget(Label(one.title, tone="text2"))
            self._params.addWidget(field)

    def params(self) -> dict[str, Any]:
        """Return the parameters as chosen."""
        chosen: dict[str, Any] = {"month": self.session.month}
        for name, field in self._fields.items():
            text = _text(field)
            if text and text != ANY:
                chosen[name] = text
        return chosen

    # The paper

    def refresh_paper(self) -> None:
        """Lay the paper out anew, beside the window."""
        self.strip.hide()
        self.pane.refresh()

    def _on_paper(self) -> None:
        year, month = self.session.month.split("-")
        self.head.set_facts(f"{year}年{int(month)}月{'' if self._is_closed() else '　未封账，数字还会变'}")
        if self.pdf is not None and self.pdf.issues:
            self.strip.say("attention", self.pdf.issues[0].message)
            self.strip.show()
        self._open_wanted()
        self.status_changed.emit()

    def _is_closed(self) -> bool:
        with self.session.ledger_file.reading() as reading:
            return bool(
                reading.scalar(
                    "SELECT count(*) FROM reporting_month WHERE month = ? AND state IN ('closed', 'submitted')",
                    (self.session.month,),
                )
            )

    def _on_refused(self, error: UserError) -> None:
        self.strip.say("stopped", str(error))
        self.strip.show()

    def _open_wanted(self) -> None:
        if self._wanted_figure and self.pdf is not None:
            wanted, self._wanted_figure = self._wanted_figure, ""
            self.paper.choose_ref(wanted)
            self.open_figure(wanted)
            if self._wants_year:
                self._wants_year = False
                self.drawer.open_tab(YEAR)

    def _open_month(self, month: str) -> None:
        """Show the people of the same figure in another month."""
        if month == self.session.month:
            self.drawer.open_tab(0)
            return
        self._wanted_figure = " ".join(self.drawer.codes)
        self.session.set_month(month)

    def open_figure(self, ref: str) -> None:
        """List the people behind a number."""
        self.drawer.show_figure(ref, self.session.month)
        if self.drawer.codes:
            self.drawer.show()
            self.status_changed.emit()

    # Out

    def export(self) -> None:
        """Export as Excel (Ctrl+E)."""
        self.export_as("xlsx")

    def export_as(self, ending: str) -> None:
        """Write the report as a file."""
        self.pane.export_as(ending)

    def print_out(self) -> None:
        """Print exactly what is shown (Ctrl+P)."""
        self.pane.print_out()

    def main_act(self) -> None:
        """Print (Ctrl+Enter)."""
        self.print_out()

    def status(self) -> tuple[str, ...]:
        parts = [f"{len(REPORTS)} 种报表", f"当前：{self.report.title}"]
        if not self.drawer.isHidden():
            parts.append(f"选中的数字有 {len(self.drawer.people):,} 人")
        return tuple(parts)

    def set_room(self, width: int, height: int) -> None:
        is_combo = width < COMBO_BELOW
        self.list.setVisible(not is_combo)
        self.pick.setVisible(is_combo)
        self.pane.title.setVisible(not is_combo)
        self.list.setMaximumWidth(240 if width >= 1180 else 196)
        self.drawer.setMinimumWidth(340 if width >= 1180 else 280)


def _text(field: QComboBox | QLineEdit) -> str:
    return field.currentText() if isinstance(field, QComboBox) else field.text().strip()
