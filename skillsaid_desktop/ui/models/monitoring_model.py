"""The rows of a class in a month as cells that can be typed into."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from skillsaid_desktop.services.monitoring import GridRow
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.wrong_cells import Wrong, WrongCells
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row, RowModel

AnyIndex = QModelIndex | QPersistentModelIndex
LEVELS = ("无", "一般", "较重", "紧急")
FIELDS: tuple[tuple[str, Column], ...] = (
    ("", Column(title="", width=34, right=True)),
    ("", Column(title="姓名", width=92)),
    ("attendance", Column(title="出勤", width=76, right=True)),
    ("lessons_absent", Column(title="旷课", width=46, right=True)),
    ("courses_failed", Column(title="不及格", width=56, right=True)),
    ("study", Column(title="学习情况", width=150)),
    ("life", Column(title="生活情况", width=132)),
    ("difficulty", Column(title="困难等级", width=70)),
    ("measure", Column(title="帮助措施", width=150, stretches=True)),
    ("responsible", Column(title="责任人", width=66)),
    ("due_on", Column(title="时限", width=58)),
    ("", Column(title="上月", width=50)),
    ("", Column(title="前月", width=50)),
)
COLUMNS = tuple(column for _name, column in FIELDS)
NAME_AT = 1
AT = {name: at for at, (name, _column) in enumerate(FIELDS) if name}
"""Where each field stands."""
WANTED = {"study": "写一句", "measure": "写措施"}
"""What stands in a cell that an exception still lacks."""


class MonitoringModel(RowModel):
    """Turns `GridRow`s into cells; what is typed is handed out by `typed`."""

    typed = Signal(int, str, str)

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.people: tuple[GridRow, ...] = ()
        self.month = ""
        self.wrong = WrongCells()
        self.wrong.changed.connect(lambda: self.show_people(self.people, self.month))

    def show_people(self, people: Sequence[GridRow], month: str) -> None:
        """Show these students in a month."""
        self.month = month
        rows = [self._marked(person, row_of(person, at)) for at, person in enumerate(people, 1)]
        same = len(rows) == len(self.rows) and [one.student_id for one in people] == [
            one.student_id for one in self.people
        ]
        self.people = tuple(people)
        if same and rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def _marked(self, person: GridRow, row: Row) -> Row:
        """Return a line with what could not be stored standing where it was typed."""
        if not self.wrong:
            return row
        found = list(row)
        for at, (name, _column) in enumerate(FIELDS):
            wrong = self.wrong_of(person, name) if name else None
            if wrong is not None:
                found[at] = Cell(wrong.text, wrong=wrong.sentence)
        return tuple(found)

    def wrong_of(self, person: GridRow, name: str) -> Wrong | None:
        """Return what was typed into a cell of this month and could not be stored."""
        return self.wrong.get(person.student_id, self.key_of(name))

    def key_of(self, name: str) -> str:
        """Return a cell's name among the wrong ones: the same cell of another month is another."""
        return f"{self.month} {name}"

    def wrong_places(self) -> list[tuple[int, int]]:
        """Return row and column of the cells in sight that could not be stored, in order."""
        return [
            (at, column) for at, row in enumerate(self.rows) for column, cell in enumerate(row) if cell.wrong
        ]

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if FIELDS[index.column()][0]:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.EditRole:
            person, name = self.people[index.row()], FIELDS[index.column()][0]
            wrong = self.wrong_of(person, name)
            return wrong.text if wrong is not None else edit_text(person, name)
        return super().data(index, role)

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = FIELDS[index.column()][0]
        if role != Qt.ItemDataRole.EditRole or not name:
            return False
        text = str(value or "").strip()
        person = self.people[index.row()]
        if text == edit_text(person, name):
            self.wrong.forget(person.student_id, self.key_of(name))
        elif text != self.data(index, Qt.ItemDataRole.EditRole):
            self.typed.emit(index.row(), name, text)
        return True


def edit_text(person: GridRow, name: str) -> str:
    """Return what an editor of a cell begins with."""
    note = person.note or {}
    if name == "attendance":
        due, present = note.get("days_due"), note.get("days_present")
        return f"{present if present is not None else ''}/{due}" if due is not None else ""
    value = note.get(name)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def values_of(name: str, text: str, days_due: int | None = None) -> dict[str, str]:
    """Return the fields that a typed cell means: 19/20 is two of them, 19 alone is of as many days as are due."""
    if name != "attendance":
        return {name: text}
    present, _, due = text.replace("／", "/").partition("/")
    present, due = present.strip(), due.strip()
    return {"days_present": present, "days_due": due or (str(days_due) if days_due and present else present)}


def level_cell(level: str | None) -> Cell:
    """Return a level of difficulty as it looks everywhere."""
    tint = {"较重": "explain", "紧急": "stop"}.get(level or "", "")
    rank = LEVELS.index(level) if level in LEVELS else None
    if tint:
        return Cell(level or "", tint, tint=tint, bold=True, rank=rank)
    return Cell(level or "", "text3" if level == "无" else "text", rank=rank)


def row_of(person: GridRow, at: int) -> Row:
    """Return one line of the grid; nobody has looked at a student without a note."""
    last = level_cell((person.last or {}).get("difficulty"))
    before = level_cell((person.before_last or {}).get("difficulty"))
    name = f"{person.name} {person.number_tail}".rstrip()
    note = person.note
    if note is None:
        ground = "accent_tint" if person.is_due else ""
        words = tr("还没有看") if person.is_due else tr("不用填")
        cells = [Cell(text, "text2", ground=ground) for text in (str(at), name, words)]
        cells += [Cell("", ground=ground)] * (len(FIELDS) - 5)
        return (*cells, Cell(last.text, "text2", ground=ground), Cell(before.text, "text2", ground=ground))
    due, present = note.get("days_due"), note.get("days_present")
    days = f"{present if present is not None else '?'} / {due}" if due is not None else ""
    due_on = note.get("due_on")
    study, measure = (_words(person, name) for name in WANTED)
    return (
        Cell(str(at), "text3"), Cell(name), Cell(days), _count(note.get("lessons_absent")),
        _count(note.get("courses_failed")), study, Cell(note.get("life") or ""),
        level_cell(note.get("difficulty")), measure, Cell(note.get("responsible") or ""),
        Cell(f"{due_on:%m-%d}" if due_on else ""), last, before,
    )  # fmt: skip


def _words(person: GridRow, name: str) -> Cell:
    """Return a cell of words; one that an exception still lacks stays lit and says what is wanted."""
    text = (person.note or {}).get(name) or ""
    if name in person.needs and not text:
        return Cell(WANTED[name], "explain", ground="explain_tint")
    return Cell(text, ground="explain_tint" if name in person.needs else "")


def _count(number: int | None) -> Cell:
    return Cell("" if number is None else str(number), "text3" if number == 0 else "text")
