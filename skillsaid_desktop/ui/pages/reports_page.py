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
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.documents import Document, Grade
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters.pdf import Pdf
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.reports import REPORTS, Report, report_named
from skillsaid_desktop.reports.report import AS_OF, GRADE_TITLES, MONTH, default_params
from skillsaid_desktop.services.export import (
    Exported,
    export_report,
    preview_document,
    record_printing,
    report_document,
)
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.figure_drawer import FigureDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.marks import Tag
from skillsaid_desktop.ui.widgets.paper_view import PaperView
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, Line, set_ground

ZOOMS = ((0.0, "适合宽度"), (0.75, "75%"), (1.0, "100%"), (1.25, "125%"), (1.5, "150%"), (2.0, "200%"))
ANY = "全部"
COMBO_BELOW = 960


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
        self.document: Document | None = None
        self.pdf: Pdf | None = None
        self._fields: dict[str, QComboBox | QLineEdit] = {}
        self._asked = 0
        self._wanted_figure = ""
        self._given: dict[str, str] = {}
        self.head.add_act(Button("PDF", lambda: self.export_as("pdf"), icon="document_pdf"))
        self.head.add_act(Button("Excel", lambda: self.export_as("xlsx"), icon="table"))
        self.head.add_act(Button(tr("打印"), self.print_out, icon="print", kind="main"))
        self.add_head_line()
        self.list = QListWidget()
        self.list.setMinimumWidth(150)
        set_ground(self.list, "sunken")
        self.list.setProperty("kind", "entries")
        group = ""
        for report in REPORTS:
            if report.group != group:
                group = report.group
                heading = QListWidgetItem(group)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                heading.setFont(theme.font("small"))
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
        self._title = Label(role="section")
        self._mark = Tag("", "explain")
        self._params = QHBoxLayout()
        self._params.setSpacing(8)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 5, 16, 5)
        bar.setSpacing(12)
        bar.addWidget(self._title)
        bar.addWidget(self.pick)
        bar.addWidget(self._mark)
        bar.addStretch(1)
        bar.addLayout(self._params)
        self.paper = PaperView()
        self.paper.spot_chosen.connect(self.open_figure)
        self._pages = ElidedLabel()
        self.grade = QComboBox()
        self.grade.setAccessibleName(tr("版本"))
        self.grade.currentIndexChanged.connect(self.refresh_paper)
        self.zoom = QComboBox()
        self.zoom.setAccessibleName(tr("大小"))
        for value, words in ZOOMS:
            self.zoom.addItem(words, value)
        self.zoom.currentIndexChanged.connect(lambda: self.paper.set_zoom(float(self.zoom.currentData())))
        low = QHBoxLayout()
        low.setContentsMargins(16, 6, 16, 6)
        low.setSpacing(8)
        low.addWidget(self._pages, 1)
        low.addWidget(Label(tr("版本"), tone="text2"))
        low.addWidget(self.grade)
        low.addSpacing(12)
        low.addWidget(self.zoom)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Line())
        column.addWidget(self.paper, 1)
        column.addWidget(Line())
        column.addLayout(low)
        self.drawer = FigureDrawer(session)
        self.drawer.closed.connect(self.drawer.hide)
        self.drawer.hide()
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        for widget in (self.list, middle, self.drawer):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([196, 800, 340])
        self.set_body(self.splitter)

    # Choosing

    def reload(self) -> None:
        if self.list.currentRow() < 0:
            self._choose(self.report.name)
            return
        self._build_params()
        self.refresh_paper()

    def open_with(self, params: Mapping[str, object]) -> None:
        """`report`: its name; `values`: texts for its parameters; `figure`: a code whose people are opened."""
        name = str(params.get("report") or "")
        values = params.get("values")
        self._given = (
            {str(key): str(text) for key, text in values.items()} if isinstance(values, dict) else {}
        )
        self._wanted_figure = str(params.get("figure") or "")
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
        self.grade.blockSignals(True)
        self.grade.clear()
        for grade in self.report.grades:
            self.grade.addItem(GRADE_TITLES[grade], grade)
        masked = self.grade.findData(Grade.MASKED)
        self.grade.setCurrentIndex(masked if self.report.names_people and masked >= 0 else 0)
        self.grade.blockSignals(False)
        self._build_params()
        self.refresh_paper()

    def _build_params(self) -> None:
        kept = {**{name: _text(field) for name, field in self._fields.items()}, **self._given}
        self._given = {}
        while self._params.count():
            item = self._params.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
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

    def _grade(self) -> Grade:
        data = self.grade.currentData()
        return Grade(data) if data else Grade.FULL

    # The paper

    def refresh_paper(self) -> None:
        """Lay the paper out anew, beside the window."""
        self._asked += 1
        asked, name, params, grade = self._asked, self.report.name, self.params(), self._grade()
        ledger_file = self.session.ledger_file

        def work(_progress: Progress) -> tuple[int, Document, Pdf]:
            document = report_document(ledger_file, name, params, grade)
            return asked, document, preview_document(document)

        self.strip.hide()
        self.session.tasks.run(tr("正在排版"), work, done=self._on_paper, refused=self._on_refused)

    def _on_paper(self, made: tuple[int, Document, Pdf]) -> None:
        asked, document, pdf = made
        if asked != self._asked:
            return
        self.document, self.pdf = document, pdf
        self._title.setText(self.report.title)
        self._mark.set_text(document.mark, "explain")
        self._mark.setVisible(bool(document.mark))
        page = document.page
        self._pages.setText(
            f"{page.size.value} {'横向' if page.landscape else '纵向'}　{pdf.pages} 页"
            + (tr("　点任何一个数字，右边列出是哪些人") if pdf.spots else "")
        )
        year, month = self.session.month.split("-")
        self.head.set_facts(f"{year}年{int(month)}月{'' if self._is_closed() else '　未封账，数字还会变'}")
        self.paper.show_pdf(pdf)
        if pdf.issues:
            self.strip.say("attention", pdf.issues[0].message)
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
        """Write the report as a file, with its grade and, where people stand in it in full, the purpose."""
        if self.document is None:
            return
        name, words = self.report.name, "Excel (*.xlsx)" if ending == "xlsx" else "PDF (*.pdf)"
        path = self.session.prompts.save_file(
            tr("导出") + self.report.title, f"{self.document.file_name}.{ending}", words
        )
        if path is None:
            return
        purpose = self._purpose(tr("导出"))
        if purpose is None:
            return
        params, grade, ledger_file = self.params(), self._grade(), self.session.ledger_file

        def work(_progress: Progress) -> Exported:
            return export_report(ledger_file, name, params, ending, path, grade, purpose)

        def refused(error: UserError) -> None:
            if self.session.prompts.error(error, retry=tr("再试一次")):
                self.session.tasks.run(tr("正在导出"), work, done=self._on_exported, refused=refused)

        self.session.tasks.run(tr("正在导出"), work, done=self._on_exported, refused=refused)

    def _purpose(self, act: str) -> str | None:
        document = self.document
        if document is None or not (
            self.report.names_people and document.people and document.grade is Grade.FULL
        ):
            return ""
        return self.session.prompts.ask_text(
            f"{act}上报版：{self.report.title}，{document.people:,} 人",
            tr("里面有完整的证件号。用途会写进操作记录；只在校内用的，请改出校内版。"),
            label=tr("用途"), act=act, safe=f"不{act}", initial=tr("报上级"),
        )  # fmt: skip

    def _on_exported(self, done: Exported) -> None:
        notes = f"；{len(done.issues)} 处请留意" if done.issues else ""
        self.session.say(f"已导出：{done.path.name}{notes}", undo=False)

    def print_out(self) -> None:
        """Print exactly what is shown (Ctrl+P)."""
        from skillsaid_desktop.ui.printing import print_pdf

        document, pdf = self.document, self.pdf
        if document is None or pdf is None:
            return
        purpose = self._purpose(tr("打印"))
        if purpose is None:
            return
        if print_pdf(self, pdf.content, self.report.title):
            record_printing(self.session.ledger_file, document, purpose)
            self.session.say(f"已送打印：{self.report.title}", undo=False)

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
        self._title.setVisible(not is_combo)
        self.list.setMaximumWidth(240 if width >= 1180 else 168)
        self.drawer.setMinimumWidth(340 if width >= 1180 else 280)


def _text(field: QComboBox | QLineEdit) -> str:
    return field.currentText() if isinstance(field, QComboBox) else field.text().strip()
