"""A report as it will print, with its grade and size, and the ways out: PDF, Excel, printer, each with its purpose."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.documents import Document, Grade
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters.pdf import Pdf
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.reports import Report
from skillsaid_desktop.reports.report import GRADE_TITLES
from skillsaid_desktop.services.export import (
    Exported,
    export_report,
    preview_document,
    record_printing,
    report_document,
)
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.marks import Tag
from skillsaid_desktop.ui.widgets.paper_view import PaperView
from skillsaid_desktop.ui.widgets.text import FactsLabel, Label, Line

ZOOMS = ((0.0, "适合宽度"), (0.75, "75%"), (1.0, "100%"), (1.25, "125%"), (1.5, "150%"), (2.0, "200%"))


class ReportPane(QWidget):
    """What is shown is what prints and what is filed; `params` says what the page asks for at the moment."""

    shown = Signal()
    refused = Signal(object)
    wanted = Signal()
    """Another grade was chosen."""

    def __init__(self, session: Session, report: Report, params: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__()
        self.session, self.report, self._params = session, report, params
        self.document: Document | None = None
        self.pdf: Pdf | None = None
        self._asked = 0
        self.title = Label(role="section")
        self.title.setMinimumHeight(30)  # as high as with the fields of reports that have some
        self._mark = Tag("", "explain")
        self.bar = QHBoxLayout()
        self.bar.setContentsMargins(16, 5, 16, 5)
        self.bar.setSpacing(12)
        self.bar.addWidget(self.title)
        self.bar.addWidget(self._mark)
        self.bar.addStretch(1)
        self.paper = PaperView()
        self._pages = FactsLabel()
        self.grade = QComboBox()
        self.grade.setAccessibleName(tr("版本"))
        self.grade.currentIndexChanged.connect(self.wanted)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.bar)
        column.addWidget(Line())
        column.addWidget(self.paper, 1)
        column.addWidget(Line())
        column.addLayout(low)
        self.set_report(report)

    def set_report(self, report: Report) -> None:
        """Take another report; of one that names people the masked grade is shown first."""
        self.report = report
        self.clear()
        self.title.setText(report.title)
        self.grade.blockSignals(True)
        self.grade.clear()
        for grade in report.grades:
            self.grade.addItem(GRADE_TITLES[grade], grade)
        masked = self.grade.findData(Grade.MASKED)
        self.grade.setCurrentIndex(masked if report.names_people and masked >= 0 else 0)
        self.grade.blockSignals(False)

    def _fit_mark(self) -> None:
        """Show the mark where the report's fields leave it room; it stands on the paper, too."""
        has_mark = self.document is not None and bool(self.document.mark)
        self._mark.setVisible(has_mark)
        if has_mark and self.bar.sizeHint().width() > self.width():
            self._mark.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_mark()

    def clear(self) -> None:
        """Forget the paper in sight, and the one that is being laid out."""
        self._asked += 1
        self.document = self.pdf = None

    def chosen_grade(self) -> Grade:
        """Return the grade that is chosen."""
        data = self.grade.currentData()
        return Grade(data) if data else Grade.FULL

    def refresh(self) -> None:
        """Lay the paper out anew, beside the window."""
        self._asked += 1
        asked, name, params, grade = self._asked, self.report.name, dict(self._params()), self.chosen_grade()
        ledger_file = self.session.ledger_file

        def work(_progress: Progress) -> tuple[int, Document, Pdf]:
            document = report_document(ledger_file, name, params, grade)
            return asked, document, preview_document(document)

        self.session.tasks.run(tr("正在排版"), work, done=self._on_paper, refused=self.refused.emit)

    def _on_paper(self, made: tuple[int, Document, Pdf]) -> None:
        asked, document, pdf = made
        if asked != self._asked:
            return
        self.document, self.pdf = document, pdf
        self._mark.set_text(document.mark, "explain")
        self._fit_mark()
        page = document.page
        self._pages.setText(
            f"{page.size.value} {'横向' if page.landscape else '纵向'}　{pdf.pages} 页"
            + (tr("　点任何一个数字，右边列出是哪些人") if pdf.spots else "")
        )
        self.paper.show_pdf(pdf)
        self.shown.emit()

    # Out

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
        params, grade, ledger_file = dict(self._params()), self.chosen_grade(), self.session.ledger_file

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
        """Print exactly what is shown."""
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
