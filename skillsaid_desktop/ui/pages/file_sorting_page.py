"""批量归入: a folder of scans, sorted to students by the names of files and folders, looked at before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.domain.proofs import KINDS
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.answers import Candidate
from skillsaid_desktop.services.file_sorting import (
    ALREADY,
    ASKED,
    OUTCOMES,
    READY,
    REFUSED,
    Filed,
    Pupil,
    SortedFile,
    choose_student,
    find_pupils,
    settle,
    sort_files,
    store_files,
)
from skillsaid_desktop.services.file_types import PATTERN
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.intake_page import IntakePage
from skillsaid_desktop.ui.pages.person_choice import PersonChoice
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.thumbnails import is_drawable
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import CountChips
from skillsaid_desktop.ui.widgets.drop_area import DropArea
from skillsaid_desktop.ui.widgets.file_list import size_words
from skillsaid_desktop.ui.widgets.picture import Picture
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

STEPS = ("选文件", "预览", "存入")
CHOOSE, PREVIEW = range(2)
ALL = "全部"
COLUMNS = (
    Column(title="", width=36),
    Column(title="文件", width=240, stretches=True),
    Column(title="学生", width=76),
    Column(title="班级", width=92),
    Column(title="种类", width=84),
    Column(title="大小", width=72, right=True),
    Column(title="说明", width=220),
)
SIZE, WHY = 5, 6
TONES = {READY: "text", ASKED: "explain", ALREADY: "text3", REFUSED: "stop"}
PICTURE_HEIGHT = 200


class FileSortingPage(IntakePage):
    """Nothing is stored before the last button; that is one step to undo."""

    title = "批量归入材料"
    entities = frozenset({"attachment", "student"})
    help_text = (
        "一个文件夹的照片、扫描件，按名字归到学生，一次存进台账。\n"
        "1　文件名里写姓名、证件号或学号就认得出，如“曾诗 身份证.jpg”；按人、按班、按种类分的文件夹名也算。\n"
        "2　同名的、没认出的，在右边选学生；种类不对的改一改；不想存的去掉勾。\n"
        "3　点“存入”。原来的文件不动，Ctrl+Z 一步撤销。\n"
        "空格去勾，F8 去下一份要选学生的。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rows: list[SortedFile] = []
        self._left_out: set[int] = set()
        self._shown: list[int] = []
        self._has: set[tuple[int, str]] = set()
        self.lay_out_steps(STEPS, (self._choose_pane(), self._preview_pane()))
        session.files.thumbnails.drawn.connect(self._on_drawn)
        self._show_step(CHOOSE)

    def _choose_pane(self) -> QWidget:
        self.drop = DropArea(
            tr("把文件夹或文件拖到这里，可以一次拖几个"),
            (
                Button(tr("选文件夹…"), self.choose_folder, icon="folder_open"),
                Button(tr("选文件…"), self.choose_files, icon="document"),
            ),
        )
        self.drop.dropped.connect(self.sort)
        column = QVBoxLayout()
        column.setContentsMargins(PAGE_MARGIN, 20, PAGE_MARGIN, 20)
        column.setSpacing(12)
        column.addWidget(self.drop, 1)
        note = tr(
            "文件名或文件夹名里写着姓名、证件号、学号，就自己归到人；写着身份证、户口、认定、申请、资助卡，就自己归类。"
            "认不出的会问，不会猜。原来的文件一份也不动。"
        )
        column.addWidget(Label(note, tone="text2", wraps=True))
        box = QWidget()
        box.setLayout(column)
        box.setMaximumWidth(820)
        return box

    def _preview_pane(self) -> QWidget:
        self.chips = CountChips()
        self.chips.chosen.connect(lambda _key: self._show_rows())
        top = QHBoxLayout()
        top.setContentsMargins(PAGE_MARGIN, 6, PAGE_MARGIN, 6)
        top.addWidget(self.chips, 1)
        self.table = RowTable(COLUMNS)
        self.table.setAccessibleName(tr("要归入的文件"))
        self.table.chosen.connect(lambda _row: self._show_chosen())
        self.table.ticked.connect(self.toggle)
        self.table.opened.connect(lambda _row: self.person.search.setFocus())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(self.table)
        split.addWidget(self._side())
        split.setStretchFactor(0, 1)
        split.setSizes([900, 380])
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(Line())
        layout.addWidget(split, 1)
        box = QWidget()
        box.setLayout(layout)
        return box

    def _side(self) -> QWidget:
        self.picture = Picture(PICTURE_HEIGHT)
        self.words = Label(wraps=True)
        self.open_button = Button(tr("打开看看"), self.open_file, kind="link")
        self.kind = QComboBox()
        self.kind.addItems(KINDS)
        self.kind.setAccessibleName(tr("种类"))
        self.kind.activated.connect(lambda _at: self.set_kind(self.kind.currentText()))
        kinds = QHBoxLayout()
        kinds.setSpacing(8)
        kinds.addWidget(Label(tr("种类"), tone="text3"))
        kinds.addWidget(self.kind, 1)
        kinds.addWidget(self.open_button)
        self.person = PersonChoice(self._find, self._on_number_shown)
        self.person.taken.connect(self.take_person)
        self.take_button = Button(tr("是这名学生的"), self.take_person, icon="checkmark")
        self.person.chosen.connect(lambda: self.take_button.setEnabled(self.person.person is not None))
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.picture)
        column.addWidget(self.words)
        column.addLayout(kinds)
        column.addWidget(Line())
        column.addWidget(self.person)
        column.addWidget(self.take_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        side = QWidget()
        set_ground(side, "surface")
        side.setLayout(column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(340)
        area.setWidget(side)
        return area

    def set_room(self, width: int, height: int) -> None:
        self.picture.setFixedHeight(PICTURE_HEIGHT if height >= 800 else PICTURE_HEIGHT // 2)
        self.table.leave_out(SIZE, width < 1180)
        self.table.leave_out(WHY, width < 1000)  # it stands at the right, too

    # Steps

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self.steps.set_step(step)
        self.back_button.setVisible(step != CHOOSE)
        self.main_button.setVisible(step != CHOOSE)
        self._show_sum()

    def open_with(self, params: Mapping[str, object]) -> None:
        """`paths`: files and folders that were dropped elsewhere."""
        paths = params.get("paths")
        if isinstance(paths, list | tuple):
            self.sort([Path(str(each)) for each in paths])

    def start_over(self) -> None:
        """Forget what was chosen."""
        self.rows, self._left_out = [], set()
        self._show_step(CHOOSE)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        folder = self.session.prompts.choose_folder(tr("材料在哪个文件夹"))
        if folder is not None:
            self.sort([folder])

    def choose_files(self) -> None:
        """Ask for files."""
        self.sort(self.session.prompts.open_files(tr("选材料"), PATTERN))

    def sort(self, paths: Sequence[Path]) -> None:
        """Look at files and folders and show whose they are; nothing is stored."""
        if not paths:
            return
        ledger_file, day = self.session.ledger_file, self.session.as_of

        def work(progress: Progress) -> list[SortedFile]:
            return sort_files(ledger_file, paths, day, progress=progress)

        self.run_long(tr("正在认材料"), work, self._on_sorted)

    def _on_sorted(self, rows: list[SortedFile]) -> None:
        self.set_busy(False)
        order = {ASKED: 0, READY: 1, ALREADY: 2, REFUSED: 3}
        self.rows = sorted(rows, key=lambda row: order[row.outcome])
        self._has = {
            (row.student.id, row.digest)
            for row in rows
            if row.outcome == ALREADY and row.student is not None and "已经有" in row.why
        }
        self._left_out = set()
        self._show_step(PREVIEW)
        self._show_rows()
        self.table.setFocus()

    def main_act(self) -> None:
        if self.stack.currentIndex() != PREVIEW or not self._chosen_rows():
            return
        ledger_file, rows = self.session.ledger_file, self._chosen_rows()

        def work(progress: Progress) -> Filed:
            return store_files(ledger_file, rows, progress=progress)

        self.run_long(tr("正在存材料"), work, self._on_stored)

    def _on_stored(self, filed: Filed) -> None:
        self.set_busy(False)
        asked = sum(row.outcome == ASKED for row in self.rows)
        self.start_over()
        left = f"；{asked} 份没选学生，没有存" if asked else ""
        self.session.navigate("proofs")
        self.session.say(f"已存 {filed.files} 份，{filed.students} 人{left}")
        self.session.files.warn_if_large()

    # Rows

    def _chosen_rows(self) -> list[SortedFile]:
        return [row for at, row in enumerate(self.rows) if row.outcome == READY and at not in self._left_out]

    def _show_rows(self) -> None:
        counts = {each: sum(row.outcome == each for row in self.rows) for each in OUTCOMES}
        offered = [
            (ALL, ALL, len(self.rows)),
            *((each, each, counts[each]) for each in OUTCOMES if counts[each]),
        ]
        self.chips.set_counts(offered)
        key = self.chips.key()
        self._shown = [at for at, row in enumerate(self.rows) if key in (ALL, row.outcome)]
        self.table.set_rows([self._row(at) for at in self._shown])
        self.table.choose_first()
        self._show_chosen()
        self._show_sum()

    def _row(self, at: int) -> Row:
        row = self.rows[at]
        is_ready = row.outcome == READY
        why = row.why or ("" if row.is_kind_known else tr("没认出种类，先归“其他”"))
        tone = TONES[row.outcome] if row.why else "text2"
        return (
            Cell(ticked=at not in self._left_out if is_ready else None), Cell(row.name),
            Cell(row.student.name if row.student else ""),
            Cell(row.student.class_name if row.student else "", "text2"),
            Cell(row.kind if row.outcome != REFUSED else "", "text" if row.is_kind_known else "explain"),
            Cell(size_words(row.size) if row.size else "", "text2", rank=row.size),
            Cell(why, tone),
        )  # fmt: skip

    def _show_sum(self) -> None:
        if self.footer is None:
            return
        if self.stack.currentIndex() == CHOOSE:
            self.footer.sentence.setText(tr("先看一遍认得对不对，再存；选好以前什么也不写。"))
            return
        chosen = self._chosen_rows()
        people = len({row.student.id for row in chosen if row.student})
        rest = [
            f"{each} {number} 份"
            for each in (ASKED, ALREADY, REFUSED)
            if (number := sum(row.outcome == each for row in self.rows))
        ]
        rest += [f"去掉勾的 {len(self._left_out)} 份"] if self._left_out else []
        more = f"另有{'、'.join(rest)}不存。" if rest else ""
        self.footer.sentence.setText(f"共 {len(self.rows)} 份，还没有写进台账。{more}")
        self.main_button.setText(f"存入 {len(chosen)} 份（{people} 人）" if chosen else tr("没有可存的"))
        self.main_button.setEnabled(bool(chosen))

    def status(self) -> tuple[str, ...]:
        return (f"{len(self._shown):,} 份",) if self.stack.currentIndex() == PREVIEW else ()

    def next_problem(self, step: int) -> None:
        """Go to the next or previous file whose student must be chosen (F8, Shift+F8)."""
        self.table.step(
            step, among={at for at, row in enumerate(self._shown) if self.rows[row].outcome == ASKED}
        )

    # The chosen file

    def _at(self) -> int:
        row = self.table.current_row()
        return self._shown[row] if 0 <= row < len(self._shown) else -1

    def _show_chosen(self) -> None:
        at = self._at()
        row = self.rows[at] if at >= 0 else None
        can_change = row is not None and row.outcome != REFUSED
        for widget in (self.kind, self.open_button, self.person, self.take_button):
            widget.setVisible(can_change)
        self.words.setText("" if row is None else f"{row.name}\n{row.why}".strip())
        if row is not None and can_change:
            self.kind.setCurrentText(row.kind)
            people = row.candidates or ((row.student,) if row.student else ())
            self.person.show_people([_candidate(one) for one in people])
            files = self.session.files.thumbnails
            if is_drawable(row.mime):
                path, mime = row.path, row.mime
                files.want_contents([(row.digest, lambda: (path.read_bytes(), mime))])
        self.take_button.setEnabled(False)
        self._show_picture()

    def _on_drawn(self, _digest: str) -> None:
        self._show_picture()

    def _show_picture(self) -> None:
        at = self._at()
        row = self.rows[at] if at >= 0 else None
        image = self.session.files.thumbnails.image(row.digest) if row is not None else None
        is_picture = row is not None and row.mime.startswith("image/")
        self.picture.show_image(image, "image" if is_picture else "document")

    def _change(self, at: int, row: SortedFile) -> None:
        self.rows[at] = row
        self.rows = settle(self.rows, self._has)
        self._show_rows()

    def toggle(self, shown: int) -> None:
        """Leave a file out, or take it in again."""
        at = self._shown[shown]
        if self.rows[at].outcome == READY:
            self._left_out ^= {at}
            self.table.set_row(shown, self._row(at))
            self._show_sum()

    def set_kind(self, kind: str) -> None:
        """Say what the chosen file shows."""
        at = self._at()
        if at >= 0:
            self._change(at, replace(self.rows[at], kind=kind, is_kind_known=True))

    def take_person(self) -> None:
        """Say whose the chosen file is, and go to the next that asks."""
        at, person = self._at(), self.person.person
        if at < 0 or person is None:
            return
        pupil = Pupil(person.student_id, person.name, person.number, person.class_name, True, True)
        self._change(at, choose_student(self.rows[at], pupil))
        self.next_problem(1)
        self.table.setFocus()

    def _find(self, text: str) -> list[Candidate]:
        if not text.strip():
            at = self._at()
            return [_candidate(one) for one in self.rows[at].candidates] if at >= 0 else []
        with self.session.ledger_file.reading() as reading:
            return [_candidate(one) for one in find_pupils(reading, text, self.session.as_of)]

    def _on_number_shown(self, person: Candidate) -> None:
        with self.session.ledger_file.operation(f"显示证件号 {person.name}") as uow:
            uow.log_note(tr("在窗口里显示"))

    def open_file(self) -> None:
        """Open the chosen file where it lies, outside of the ledger."""
        at = self._at()
        if at >= 0:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.rows[at].path)))


def _candidate(pupil: Pupil) -> Candidate:
    state = tr("在籍") if pupil.is_here else tr("不在籍")
    return Candidate(
        student_id=pupil.id, name=pupil.name, class_name=pupil.class_name, number=pupil.number, state=state
    )
