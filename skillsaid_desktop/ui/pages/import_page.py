"""导入 as a page: choose kind and files, look at what would change, then import as one named step."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import LEDGERS, ledger_named
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema import Date
from skillsaid_desktop.services.intake import (
    ImportOptions,
    ImportPreview,
    ImportResult,
    apply_import,
    plan_import,
    preview_import,
)
from skillsaid_desktop.services.problem_sheet import write_problem_sheet
from skillsaid_desktop.services.templates import write_template
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.import_preview import PreviewPane
from skillsaid_desktop.ui.pages.month_questions import ask_months
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.steps import Steps
from skillsaid_desktop.ui.widgets.text import Label

PATTERN = "表格 (*.xlsx *.xls *.xlsm)"
STEPS = ("选文件", "预览", "导入")


class DropArea(QWidget):
    """Where files are dropped; a click chooses them."""

    dropped = Signal(list)

    def __init__(self, *buttons: Button) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setMinimumHeight(132)
        self._words = Label(tr("把文件或整个文件夹拖到这里，可以一次拖几个"), tone="text2")
        self._files = Label(wraps=True)
        self._files.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._files.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._files)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)

    def show_files(self, files: Sequence[Path]) -> None:
        """Name the files that were chosen."""
        self._files.setText("\n".join(file.name for file in files))
        self._files.setVisible(bool(files))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.dropped.emit(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("edge"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class ImportPage(Page):
    """The wizard: nothing is written before its last button, and that is one step to undo."""

    title = "导入"
    entities = frozenset({"setting"})
    help_text = (
        "把学籍导出、异动登记、监测表原样导进来，不用先整理。\n"
        "1　选清单种类，拖进文件。\n2　预览里看新增、变动和问题行；勾掉的不导入。\n"
        "3　点“导入”。导错了，Ctrl+Z 一步撤销。\n同一份文件再导一次，什么也不会变。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.files: list[Path] = []
        self._month = ""
        self._months_asked = False
        self.preview: ImportPreview | None = None
        self.result: ImportResult | None = None
        self.steps = Steps(STEPS)
        self.head.add_act(self.steps)
        self.add_head_line()
        self.kind = QComboBox()
        for ledger in LEDGERS:
            self.kind.addItem(ledger.list_name or ledger.title, ledger.name)
        self.kind.setMinimumWidth(220)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.as_of = QLineEdit()
        self.as_of.setPlaceholderText(tr("照文件里写的；没写就是今天"))
        self.as_of.setMinimumWidth(220)
        self.correction = QLineEdit()
        self.correction.setPlaceholderText(tr("日期在已封账的月份才要写"))
        self.drop = DropArea(
            Button(tr("选文件…"), self.choose_files, icon="document"),
            Button(tr("选文件夹…"), self.choose_folder, icon="folder_open"),
        )
        self.drop.dropped.connect(self.set_files)
        self.pane = PreviewPane()
        self.pane.answered.connect(self._on_answered)
        self.pane.ticks_changed.connect(self._show_footer)
        self.pane.problems_wanted.connect(self.export_problems)
        self.ended = EmptyPage()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._choose_pane())
        self.stack.addWidget(self.pane)
        self.stack.addWidget(self.ended)
        self.set_body(self.stack)
        self.set_footer(FooterBar())
        self.back_button = Button(tr("上一步"), self.go_back)
        self.cancel_button = Button(tr("取消"), self.start_over)
        self.main_button = Button(tr("看看会改什么"), self.main_act, kind="main")
        for button in (self.back_button, self.cancel_button, self.main_button):
            assert self.footer is not None
            self.footer.add(button)
        self._on_kind()
        self._show_step(0)

    def _choose_pane(self) -> QWidget:
        form = QVBoxLayout()
        form.setContentsMargins(PAGE_MARGIN, 20, PAGE_MARGIN, 20)
        form.setSpacing(12)
        self._as_of_label = Label(tr("名册截至"))
        for label, field, note in (
            (Label(tr("清单")), self.kind, Button(tr("下载导入模板…"), self.save_template, kind="link")),
            (self._as_of_label, self.as_of, Label(tr("名册说的是哪一天，例如 2025-09-18"), tone="text2")),
            (Label(tr("更正原因")), self.correction, None),
        ):
            row = QHBoxLayout()
            row.setSpacing(12)
            label.setMinimumWidth(72)
            field.setAccessibleName(label.text())
            row.addWidget(label)
            row.addWidget(field, 0 if note is not None else 1)
            if note is not None:
                row.addWidget(note)
                row.addStretch(1)
                if field is self.as_of and isinstance(note, Label):
                    self._as_of_note = note
            form.addLayout(row)
        form.addSpacing(4)
        form.addWidget(self.drop, 1)
        form.addWidget(
            Label(
                tr("文件原样就行：标题行、合计行、签名行会自己跳过。导入只新增和改动，从不删除台账里的人。"),
                tone="text2",
                wraps=True,
            )
        )
        box = QWidget()
        box.setLayout(form)
        box.setMaximumWidth(820)
        return box

    # Choosing

    def open_with(self, params: Mapping[str, object]) -> None:
        """`kind`: the list; `files`: paths to look at right away; `month`: the month that sheets should be of."""
        self.start_over()
        self._month = str(params.get("month") or "")
        self.choose_kind(str(params.get("kind") or "students"))
        files = params.get("files")
        if isinstance(files, list | tuple) and files:
            self.set_files([Path(str(file)) for file in files])
            self.look()

    def choose_kind(self, kind: str) -> None:
        """Choose a list by its name."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))

    def choose_files(self) -> None:
        """Ask for files."""
        chosen = self.session.prompts.open_files(tr("选要导入的文件"), tr(PATTERN))
        if chosen:
            self.set_files(chosen)

    def choose_folder(self) -> None:
        """Ask for a folder whose lists are read together, e.g. the sheets that class teachers sent back."""
        chosen = self.session.prompts.choose_folder(tr("选放着表格的文件夹"))
        if chosen is not None:
            self.set_files([chosen])

    def import_file(self) -> None:
        """Choose files (Ctrl+I)."""
        self.choose_files()

    def set_files(self, files: Sequence[Path]) -> None:
        """Take these files."""
        self.files = list(files)
        self._months_asked = False
        self.drop.show_files(self.files)
        self._show_footer()

    def save_template(self) -> None:
        """Write an empty workbook with headings and drop-downs for the chosen list."""
        ledger = ledger_named(str(self.kind.currentData()))
        path = self.session.prompts.save_file(
            tr("下载导入模板"), f"{ledger.list_name or ledger.title} 模板.xlsx", "Excel (*.xlsx)"
        )
        if path is None:
            return

        def write() -> None:
            with self.session.ledger_file.reading() as reading:
                write_template(reading, ledger.name, path)

        if self.session.attempt(write):
            self.session.say(f"模板存好了：{path.name}", undo=False)

    def _on_kind(self) -> None:
        is_roster = self.kind.currentData() == "students"
        for widget in (self._as_of_label, self.as_of, self._as_of_note):
            widget.setVisible(is_roster)
        self._show_head()

    # Preview

    def _options(self) -> ImportOptions:
        text = self.as_of.text().strip()
        as_of: date | None = None
        if text and self.kind.currentData() == "students":
            as_of = Date().parse(text).value
            mark_wrong(self.as_of, as_of is None)
            if as_of is None:
                raise UserError(
                    f"“{text}”看不懂是哪一天。", "请写成 2025-09-18，也可以写 20250918 或 2025.9.18。"
                )
        return ImportOptions(as_of=as_of, correction=self.correction.text().strip())

    def look(self) -> None:
        """Read the files and show what importing them would do."""
        options: list[ImportOptions] = []
        if not self.files or not self.session.attempt(lambda: options.append(self._options())):
            return
        kind, files = str(self.kind.currentData()), list(self.files)

        def work(progress: Progress) -> ImportPreview:
            return preview_import(self.session.ledger_file, kind, files, options[0], progress)

        self._set_busy(True)
        self.session.tasks.run(
            tr("正在读取和核对"),
            work,
            done=self._on_preview,
            refused=self._on_refused,
            cancelled=self._on_stopped,
        )

    def _plan_again(self, options: ImportOptions) -> None:
        now = self.preview
        if now is None:
            return
        now.options = options

        def work(progress: Progress) -> ImportPreview:
            return plan_import(self.session.ledger_file, now, progress)

        self._set_busy(True)
        self.session.tasks.run(
            tr("正在重新核对"),
            work,
            done=self._on_preview,
            refused=self._on_refused,
            cancelled=self._on_stopped,
        )

    def _on_answered(self, what: str, place: object) -> None:
        if self.preview is None:
            return
        options = self.preview.options
        if what == "accept" and isinstance(place, tuple):
            self._plan_again(replace(options, accepted=options.accepted | {place}))
        elif what == "correction":
            reason = self.session.prompts.ask_text(
                tr("日期在已封账的月份"),
                tr("这些行导入后列为本月更正，已报出的数字不变。请写原因。"),
                label=tr("更正原因"),
                act=tr("记下原因"),
                safe=tr("先不导入这些行"),
            )
            if reason:
                self.correction.setText(reason)
                self._plan_again(replace(options, correction=reason))

    def _on_preview(self, preview: ImportPreview) -> None:
        self._set_busy(False)
        if preview.ledger.name == "monitoring" and not self._months_asked:
            self._months_asked = True
            answered = ask_months(self.session.prompts, preview, self._month)
            if answered is not None:
                self.preview = preview
                self._plan_again(answered)
                return
        self.preview = preview
        self.pane.show_preview(preview)
        self._show_step(1)

    def _on_refused(self, error: UserError) -> None:
        self._set_busy(False)
        self.strip.say("stopped", str(error))
        self.strip.show()
        self.status_changed.emit()

    def _on_stopped(self) -> None:
        self._set_busy(False)
        self.session.say(tr("停下了，台账没有改动。"), undo=False)

    def _set_busy(self, busy: bool) -> None:
        self.main_button.setEnabled(not busy)
        self.strip.hide()

    # Applying

    def apply(self) -> None:
        """Import what is ticked, as one step."""
        now = self.preview
        if now is None:
            return
        left_out = self.pane.left_out()

        def work(progress: Progress) -> ImportResult:
            preview = now
            if left_out:
                preview.options = replace(preview.options, left_out=preview.options.left_out | left_out)
                preview = plan_import(self.session.ledger_file, preview, progress)
            return apply_import(self.session.ledger_file, preview, progress=progress)

        self._set_busy(True)
        self.session.tasks.run(
            tr("正在导入"), work, done=self._on_applied, refused=self._on_refused, cancelled=self._on_stopped
        )

    def _on_applied(self, result: ImportResult) -> None:
        self._set_busy(False)
        self.result = result
        counts, unit = result.preview.counts, result.preview.ledger.unit
        stored = counts["new"] + counts["changed"]
        rest = counts["waiting"] + counts["invalid"]
        text = f"新增 {counts['new']:,}，变动 {counts['changed']:,}，相同 {counts['unchanged']:,}。"
        text += f"另有 {rest} 行没有导入，留在“待处理”里等您答复。" if rest else "每一行都导入了。"
        buttons = [Button(tr("看台账"), self.show_ledger, kind="plain" if rest else "main")]
        if rest:
            buttons.insert(0, Button(f"处理这 {rest} 行", self.show_pending, kind="main"))
            buttons.append(Button(tr("存问题表…"), self.export_problems))
        buttons.append(Button(tr("再导一份"), self.start_over))
        title = f"已导入 {stored:,} {unit}" if stored else tr("没有要改的，台账和文件一样")
        self.ended.say(title, text, tuple(buttons))
        self._show_step(2)
        if stored:
            self.session.say(
                f"已导入 {stored:,} {unit}：新增 {counts['new']:,}，变动 {counts['changed']:,}。"
            )

    def show_ledger(self) -> None:
        """Open the ledger that was imported into."""
        if self.result is not None:
            self.session.navigate(self.result.preview.ledger.name)

    def show_pending(self) -> None:
        """Open 待处理 at the rows of this file."""
        if self.result is not None:
            self.session.navigate("pending", {"file": self.result.preview.files[0].name})

    def export_problems(self) -> None:
        """Write the rows with problems and their reasons, to be mended in a spreadsheet and imported again."""
        preview = self.preview
        if preview is None:
            return
        name = f"{Path(preview.files[0].name).stem} 问题行.xlsx"
        path = self.session.prompts.save_file(tr("存问题表"), name, "Excel (*.xlsx)")
        if path is not None and self.session.attempt(lambda: write_problem_sheet(preview, path)):
            self.session.say(f"问题表存好了：{path.name}。改好可以直接再导入。", undo=False)

    def export(self) -> None:
        """Save the problem rows (Ctrl+E)."""
        self.export_problems()

    # Steps

    def main_act(self) -> None:
        """Do what the filled button says."""
        if self.stack.currentIndex() == 0:
            if self.files:
                self.look()
            else:
                self.choose_files()
        elif self.stack.currentIndex() == 1:
            self.apply()

    def go_back(self) -> None:
        """Go back to choosing files; they stay chosen."""
        self.preview = None
        self._show_step(0)

    def start_over(self) -> None:
        """Forget files and preview; nothing was written."""
        self.preview = None
        self.result = None
        self.files = []
        self.drop.show_files([])
        self.as_of.clear()
        self.correction.clear()
        self.strip.hide()
        self._show_step(0)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self.steps.set_step(step)
        self._show_head()
        self._show_footer()
        self.status_changed.emit()

    def _show_head(self) -> None:
        ledger = ledger_named(str(self.kind.currentData()))
        self.head.title.setText(tr("导入") + (ledger.list_name or ledger.title))
        facts = ""
        if self.preview is not None:
            names = "、".join(file.name for file in self.preview.files)
            sheets = sum(len(file.tables) for file in self.preview.files)
            facts = f"{names}　{sheets} 张表　{len(self.preview.rows):,} 行"
            if ledger.name == "students":
                facts += f"　截至 {self.preview.files[0].as_of}"
        self.head.set_facts(facts)

    def _show_footer(self) -> None:
        if self.footer is None:
            return
        step = self.stack.currentIndex()
        self.back_button.setVisible(step == 1)
        self.cancel_button.setVisible(step == 1)
        self.footer.setVisible(step < 2)
        if step == 0:
            self.footer.sentence.setText(tr("下一步只是预览，不会改动台账。"))
            self.main_button.setText(tr("看看会改什么") if self.files else tr("选文件…"))
            self.main_button.setEnabled(True)
        elif self.preview is not None:
            self.footer.sentence.setText(tr("这一步只是预览，还没有写入台账。导入后可以一步撤销。"))
            new, changed = self.pane.counted_by_end()
            unit = self.preview.ledger.unit
            self.main_button.setText(f"导入 {new + changed:,} {unit}（新增 {new:,}，变动 {changed:,}）")
            waits = any(not row.is_stored and row.issues for row in self.preview.rows)
            if not new + changed and waits:
                self.main_button.setText(tr("把问题行记到待处理"))
            self.main_button.setEnabled(bool(new + changed) or waits)

    def status(self) -> tuple[str, ...]:
        if self.stack.currentIndex() == 1 and self.preview is not None:
            return (tr("预览：没有改动台账"), f"选中 {self.pane.counted():,} 行")
        return ()

    def can_leave(self) -> bool:
        return True
