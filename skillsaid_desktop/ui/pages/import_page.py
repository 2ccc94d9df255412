"""导入 as a page: choose, map columns, say who is meant, look at what would change, then import as one named step.

A step in which nothing is open is passed over and shown as done; a click on it opens it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from skillsaid_desktop.importers import files_in, read_clipboard
from skillsaid_desktop.ledgers import ledger_named
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.departures import departure_problems, proposed_kinds
from skillsaid_desktop.services.import_options import Departure
from skillsaid_desktop.services.intake import (
    ImportOptions,
    ImportPreview,
    ImportResult,
    apply_import,
    map_import,
    open_import,
    plan_import,
)
from skillsaid_desktop.services.matches import Choice, count_matches, open_choices
from skillsaid_desktop.services.problem_sheet import write_problem_sheet
from skillsaid_desktop.services.sources import Source
from skillsaid_desktop.services.templates import write_template
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.import_choose import ChoosePane
from skillsaid_desktop.ui.pages.import_columns import ColumnsPane
from skillsaid_desktop.ui.pages.import_people import PeoplePane
from skillsaid_desktop.ui.pages.import_preview import LOW, PreviewPane
from skillsaid_desktop.ui.pages.intake_page import IntakePage
from skillsaid_desktop.ui.pages.month_questions import ask_months
from skillsaid_desktop.ui.pages.problem_output import save_problem_sheet
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.steps import Steps

PATTERN = "表格 (*.xlsx *.xls *.xlsm *.xlsb *.et *.ods *.csv *.txt *.htm *.html *.xml *.docx);;所有文件 (*)"
STEPS = ("选文件", "认列", "对人", "预览", "导入")
CHOOSE, MAP, PEOPLE, PREVIEW, ENDED = range(5)


@dataclass(frozen=True)
class _Looked:
    """What the worker brings back: a preview, planned or not, and what its pages show of the ledger."""

    preview: ImportPreview
    choices: tuple[Choice, ...] = ()
    proposed: Mapping[int, str] | None = None


class ImportPage(IntakePage):
    """The wizard: nothing is written before its last button, and that is one step to undo."""

    title = "导入"
    entities = frozenset({"setting"})
    help_text = (
        "把学籍导出、异动登记、监测表原样导进来，不用先整理。\n"
        "1　选清单种类，拖进文件或文件夹；在表格里复制的，按 Ctrl+V。\n"
        "2　认列、对人：有不清楚的才会问；定好的下次不再问。\n"
        "3　预览里看新增、变动和问题行；勾掉的不导入、不改。\n"
        "4　点“导入”。导错了，Ctrl+Z 一步撤销。\n同一份文件再导一次，什么也不会变。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.sources: list[Source] = []
        self._month = ""
        self._months_asked = False
        self.preview: ImportPreview | None = None
        self.result: ImportResult | None = None
        self.steps = Steps(STEPS)
        self.steps.chosen.connect(self.go_to)
        self._step_line = QWidget()
        row = QHBoxLayout(self._step_line)
        row.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 10)
        row.addWidget(self.steps)
        row.addStretch(1)
        self._layout.insertWidget(self._layout.indexOf(self.strip), self._step_line)
        self._body_at += 1
        self.add_head_line()
        self.choose = ChoosePane()
        self.choose.kind_changed.connect(self._show_head)
        self.choose.files_wanted.connect(self.choose_files)
        self.choose.folder_wanted.connect(self.choose_folder)
        self.choose.paste_wanted.connect(self.paste)
        self.choose.template_wanted.connect(self.save_template)
        self.choose.drop.dropped.connect(self.set_files)
        self.columns = ColumnsPane()
        self.people = PeoplePane()
        self.pane = PreviewPane(self._departure_problem)
        self.pane.answered.connect(self._on_answered)
        self.pane.ticks_changed.connect(self._show_footer)
        self.pane.problems_wanted.connect(self.export_problems)
        self.ended = EmptyPage()
        self.stack = QStackedWidget()
        for part in (self.choose, self.columns, self.people, self.pane, self.ended):
            self.stack.addWidget(part)
        self.set_body(self.stack)
        self.set_footer(FooterBar())
        self.back_button = Button(tr("上一步"), self.go_back)
        self.cancel_button = Button(tr("取消"), self.start_over)
        self.main_button = Button(tr("看看会改什么"), self.main_act, kind="main")
        for button in (self.back_button, self.cancel_button, self.main_button):
            assert self.footer is not None
            self.footer.add(button)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show_step(CHOOSE)

    def set_room(self, width: int, height: int) -> None:
        low = height < LOW
        self.head.set_low(low)
        if low != self._step_line.isHidden():
            # In a low window the steps stand beside the title.
            row = self._step_line.layout()
            if low:
                self.head.add_act(self.steps)
            elif isinstance(row, QHBoxLayout):
                row.insertWidget(0, self.steps)
            self._step_line.setHidden(low)
        self.pane.set_room(width, height)

    # Choosing

    def open_with(self, params: Mapping[str, object]) -> None:
        """`kind`: the list; `files`: paths to look at right away; `month`: the month that sheets should be of."""
        self.start_over()
        self._month = str(params.get("month") or "")
        self.choose.choose_kind(str(params.get("kind") or "students"))
        files = params.get("files")
        if isinstance(files, list | tuple) and files:
            self.set_files([Path(str(file)) for file in files])
            self.look()

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
        """Take these files, and those in these folders."""
        found: list[Source] = []
        if self.session.attempt(
            lambda: found.extend(each.path for each in files_in(files) if not each.refusal)
        ):
            self._set_sources(found)

    def paste(self) -> None:
        """Take the table that was copied in a spreadsheet, and look at it (Ctrl+V)."""
        if self.stack.currentIndex() != CHOOSE:
            return
        data = QGuiApplication.clipboard().mimeData()
        taken: list[Source] = []
        if self.session.attempt(lambda: taken.append(read_clipboard(data.text(), data.html()))):
            self._set_sources(taken)
            self.look()

    def _set_sources(self, sources: list[Source]) -> None:
        self.sources = sources
        self._months_asked = False
        self.choose.show_sources(sources)
        self._show_footer()

    def save_template(self) -> None:
        """Write an empty workbook with headings and drop-downs for the chosen list."""
        ledger = ledger_named(self.choose.kind_name)
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

    # Looking

    def look(self) -> None:
        """Read the files; stop where something is open, else show what importing them would do."""
        options: list[ImportOptions] = []
        if not self.sources or not self.session.attempt(lambda: options.append(self._first_options())):
            return
        kind, sources = self.choose.kind_name, list(self.sources)

        def work(progress: Progress) -> _Looked:
            preview = open_import(self.session.ledger_file, kind, sources, options[0], progress)
            return _Looked(preview) if preview.is_asking else self._planned(preview, progress)

        self.run_long(tr("正在读取和核对"), work, self._on_looked)

    def _first_options(self) -> ImportOptions:
        return ImportOptions(as_of=self.choose.as_of_day(), correction=self.choose.correction.text().strip())

    def _planned(self, preview: ImportPreview, progress: Progress) -> _Looked:
        preview = plan_import(self.session.ledger_file, preview, progress)
        with self.session.ledger_file.reading() as reading:
            choices = tuple(open_choices(reading, preview.rows))
            day = max(each.as_of for each in preview.files)
            proposed = proposed_kinds(reading, [each.student_id for each in preview.absentees], day)
        return _Looked(preview, choices, proposed)

    def confirm_columns(self) -> None:
        """Agree to the columns as they are shown, and go on."""
        now = self.preview
        if now is None:
            return
        choices = self.columns.choices()
        options = replace(now.options, layouts={**now.options.layouts, **choices})
        now = replace(now, options=options)

        def work(progress: Progress) -> _Looked:
            mapped = map_import(self.session.ledger_file, now)
            # A column that became one of days just now may ask about them.
            return _Looked(mapped) if mapped.is_asking else self._planned(mapped, progress)

        self.run_long(tr("正在核对"), work, self._on_looked)

    def confirm_people(self) -> None:
        """Agree to the people who were chosen, and go on."""
        if self.preview is not None:
            people = {**self.preview.options.people, **self.people.people}
            gone = {each.place for each in self.people.choices} - set(self.people.people)
            kept = {place: who for place, who in people.items() if place not in gone}
            self._plan_again(replace(self.preview.options, people=kept), self._on_planned)

    def _plan_again(self, options: ImportOptions, done: Callable[[_Looked], None]) -> None:
        now = self.preview
        if now is None:
            return
        if options == now.options and now.is_planned:
            self._show_step(PREVIEW)
            return
        now = replace(now, options=options)
        self.run_long(tr("正在重新核对"), lambda progress: self._planned(now, progress), done)

    def _on_looked(self, looked: _Looked) -> None:
        """Show the first step in which something is open."""
        self._take(looked)
        if looked.preview.is_planned and self._asks_months(looked.preview):
            return
        if not looked.preview.is_planned:
            self._show_step(MAP)
        elif looked.choices:
            self._show_step(PEOPLE)
        else:
            self._show_step(PREVIEW)

    def _asks_months(self, preview: ImportPreview) -> bool:
        """Ask once by which month sheets in doubt are taken; True if they are planned again for it."""
        if preview.ledger.name != "monitoring" or self._months_asked:
            return False
        self._months_asked = True
        answered = ask_months(self.session.prompts, preview, self._month)
        if answered is not None:
            self._plan_again(answered, self._on_looked)
        return answered is not None

    def _on_planned(self, looked: _Looked) -> None:
        self._take(looked)
        self._show_step(PREVIEW)

    def _take(self, looked: _Looked) -> None:
        self.set_busy(False)
        preview = self.preview = looked.preview
        self.columns.show_preview(preview)
        if preview.is_planned:
            chosen = preview.options.people
            if looked.choices or not chosen:
                self.people.show_matches(count_matches(preview.rows), list(looked.choices), chosen)
            self.pane.show_preview(preview, dict(looked.proposed or {}))

    def _on_answered(self, what: str, place: object) -> None:
        if self.preview is None:
            return
        options = self.preview.options
        if what == "accept" and isinstance(place, tuple):
            self._plan_again(replace(options, accepted=options.accepted | {place}), self._on_planned)
        elif what == "correction":
            reason = self.session.prompts.ask_text(
                tr("日期在已封账的月份"),
                tr("这些行导入后列为本月更正，已报出的数字不变。请写原因。"),
                label=tr("更正原因"),
                act=tr("记下原因"),
                safe=tr("先不导入这些行"),
            )
            if reason:
                self.choose.correction.setText(reason)
                self._plan_again(replace(options, correction=reason), self._on_planned)

    def _departure_problem(self, departure: Departure) -> str:
        correction = self.preview.options.correction if self.preview is not None else ""
        with self.session.ledger_file.reading() as reading:
            return departure_problems(reading, (departure,), correction).get(departure.student_id, "")

    # Applying

    def apply(self) -> None:
        """Import what is ticked, as one step."""
        now = self.preview
        if now is None:
            return
        options = replace(
            now.options,
            left_out=now.options.left_out | self.pane.left_out(),
            kept=now.options.kept | self.pane.kept(),
            departures=self.pane.departures(),
        )

        def work(progress: Progress) -> ImportResult:
            preview = now
            if options != now.options:
                preview = plan_import(self.session.ledger_file, replace(now, options=options), progress)
            return apply_import(self.session.ledger_file, preview, progress=progress)

        self.run_long(tr("正在导入"), work, self._on_applied)

    def _on_applied(self, result: ImportResult) -> None:
        self.set_busy(False)
        self.result = result
        self.preview = result.preview
        counts, unit = result.preview.counts, result.preview.ledger.counted
        stored = counts["new"] + counts["changed"]
        rest = counts["waiting"] + counts["invalid"]
        left = len(result.preview.options.departures)
        text = f"新增 {counts['new']:,}，变动 {counts['changed']:,}，相同 {counts['unchanged']:,}。"
        text += f"另给文件里没有的 {left} 人登记了异动。" if left else ""
        text += f"另有 {rest} 行没有导入，留在“待处理”里等您答复。" if rest else "每一行都导入了。"
        buttons = [Button(tr("看台账"), self.show_ledger, kind="plain" if rest else "main")]
        if rest:
            buttons.insert(0, Button(f"处理这 {rest} 行", self.show_pending, kind="main"))
            buttons.append(Button(tr("存问题表…"), self.export_problems))
        buttons.append(Button(tr("再导一份"), self.start_over))
        title = f"已导入 {stored:,} {unit}" if stored or left else tr("没有要改的，台账和文件一样")
        self.ended.say(title, text if stored or left else result.preview.nothing_to_do, tuple(buttons))
        self._show_step(ENDED)
        if stored or left:
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
        if preview is None or not preview.is_planned:
            return
        name = f"{Path(preview.files[0].name).stem} 问题行.xlsx"
        count = preview.counts["waiting"] + preview.counts["invalid"]
        save_problem_sheet(
            self.session, preview.ledger, count, name, lambda path: write_problem_sheet(preview, path)
        )

    def export(self) -> None:
        """Save the problem rows (Ctrl+E)."""
        self.export_problems()

    # Steps

    def main_act(self) -> None:
        """Do what the filled button says."""
        acts: dict[int, Callable[[], object]] = {
            CHOOSE: self.look if self.sources else self.choose_files,
            MAP: self.confirm_columns,
            PEOPLE: self.confirm_people,
            PREVIEW: self.apply,
        }
        if act := acts.get(self.stack.currentIndex()):
            act()

    def go_back(self) -> None:
        """Go to the step before; what was chosen stays chosen."""
        self.go_to(self.stack.currentIndex() - 1)

    def go_to(self, step: int) -> None:
        """Go back to a step that is done."""
        if not 0 <= step < self.stack.currentIndex() or self.stack.currentIndex() == ENDED:
            return
        if step == PEOPLE and self.preview is not None and not self.preview.is_planned:
            step = MAP
        if step == CHOOSE:
            self.preview = None
        self._show_step(step)

    def start_over(self) -> None:
        """Forget files and preview; nothing was written."""
        self.preview = None
        self.result = None
        self.sources = []
        self.choose.clear()
        self.pane.forget_ticks()
        self.strip.hide()
        self._show_step(CHOOSE)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self.steps.set_step(step + (step == ENDED))
        self._show_head()
        self._show_footer()
        self.status_changed.emit()

    def _show_head(self) -> None:
        ledger = ledger_named(self.choose.kind_name)
        self.head.title.setText(tr("导入") + (ledger.list_name or ledger.title))
        facts = ""
        if self.preview is not None:
            files = self.preview.files
            names = files[0].name if len(files) == 1 else f"{files[0].name} 等 {len(files)} 份"
            tables = [table for file in files for table in file.tables]
            facts = f"{names}　{len(tables)} 张表　{sum(len(table.rows) for table in tables):,} 行"
            heads = sorted(
                {
                    str(table.heading_rows[0])
                    for table in tables
                    if table.heading_rows and table.heading_rows[0]
                }
            )
            facts += f"　第 {heads[0]} 行是表头" if len(heads) == 1 else ""
            if ledger.name == "students":
                facts += f"　截至 {files[0].as_of}"
        self.head.set_facts(facts)

    def _show_footer(self) -> None:
        if self.footer is None:
            return
        step = self.stack.currentIndex()
        self.back_button.setVisible(step in (MAP, PEOPLE, PREVIEW))
        self.cancel_button.setVisible(step in (MAP, PEOPLE, PREVIEW))
        self.footer.setVisible(step != ENDED)
        self.main_button.setEnabled(True)
        if step == CHOOSE:
            self.footer.sentence.setText(tr("下一步只是核对，不会改动台账。"))
            self.main_button.setText(tr("看看会改什么") if self.sources else tr("选文件…"))
        elif step == MAP:
            self.footer.sentence.setText(tr("照这样读，导入时一起记住；下次同样的表不再问。还没有写入台账。"))
            self.main_button.setText(tr("照这样读"))
        elif step == PEOPLE:
            self.footer.sentence.setText(tr("还没有写入台账。没选的行留到“待处理”。"))
            self.main_button.setText(tr("看看会改什么"))
        elif step == PREVIEW and self.preview is not None:
            self._show_last_footer(self.preview)

    def _show_last_footer(self, preview: ImportPreview) -> None:
        assert self.footer is not None
        self.footer.sentence.setText(tr("这一步只是预览，还没有写入台账。导入后可以一步撤销。"))
        new, changed = self.pane.counted_by_end()
        left = len(self.pane.departures())
        more = f"，登记异动 {left}" if left else ""
        self.main_button.setText(
            f"导入 {new + changed:,} {preview.ledger.counted}（新增 {new:,}，变动 {changed:,}{more}）"
        )
        waits = any(not row.is_stored and row.issues for row in preview.rows)
        is_empty = not new + changed and not left
        if is_empty and waits:
            self.main_button.setText(tr("把问题行记到待处理"))
        self.main_button.setEnabled(not is_empty or waits)

    def status(self) -> tuple[str, ...]:
        if self.stack.currentIndex() == PREVIEW and self.preview is not None:
            return (tr("预览：没有改动台账"), f"选中 {self.pane.counted():,} 行")
        return ()

    def can_leave(self) -> bool:
        return True
