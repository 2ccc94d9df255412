"""操作记录 as a table: one line is one operation, under a line for each day."""

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from skillsaid_desktop import clock
from skillsaid_desktop.services.history import places_of

if TYPE_CHECKING:
    from skillsaid_desktop.storage import LedgerFile, OperationRow

PAGE = 200
UNDO, REDO = "撤销…", "重做"
COLUMNS = ("时间", "做了什么", "多少", "在哪里", "谁", "", "")
WEEKDAYS = "一二三四五六日"
AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class HistoryModel(QAbstractTableModel):
    """Rows are a day (a text) or an operation; older ones are fetched when they come into sight."""

    def __init__(self, ledger_file: "LedgerFile") -> None:
        super().__init__()
        self._ledger_file = ledger_file
        self._rows: list[str | OperationRow] = []
        self._last_day: date | None = None
        self._read = 0
        self._more = True
        self.search = ""
        self.kind = ""

    def reload(self) -> None:
        """Read the newest operations anew."""
        self.beginResetModel()
        self._rows, self._last_day, self._read, self._more = [], None, 0, True
        self._rows = self._next_rows()
        self.endResetModel()

    def _next_rows(self) -> "list[str | OperationRow]":
        found = self._ledger_file.history(limit=PAGE, offset=self._read, search=self.search, kind=self.kind)
        self._read += len(found)
        self._more = len(found) == PAGE
        rows: list[str | OperationRow] = []
        for row in found:
            day = row.at.date()
            if day != self._last_day:
                self._last_day = day
                rows.append(day_title(day))
            rows.append(row)
        return rows

    def operation(self, row: int) -> "OperationRow | None":
        """Return the operation of a row, None for a day."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if found is not None and not isinstance(found, str) else None

    def row_of(self, operation_id: int) -> int:
        """Return the row of an operation, or -1."""
        return next(
            (at for at, r in enumerate(self._rows) if not isinstance(r, str) and r.id == operation_id), -1
        )

    def act_of(self, row: int) -> str:
        """Return the link at the end of a row: 撤销…, 重做, or nothing."""
        operation = self.operation(row)
        if operation is None or operation.undoes_id is not None:
            return ""
        if operation.is_undone:
            return REDO
        return UNDO if operation.can_undo else ""

    def mark_of(self, row: int) -> tuple[str, str]:
        """Return the tag of a row with its tone: 已撤销, 更正, or nothing."""
        operation = self.operation(row)
        if operation is None:
            return "", ""
        if operation.is_undone:
            return "已撤销", "text3"
        return ("更正", "explain") if operation.is_correction else ("", "")

    def canFetchMore(self, parent: AnyIndex) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: AnyIndex) -> None:
        rows = self._next_rows()
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[section] == "多少":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if self.operation(index.row()) is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and not isinstance(row, str) and index.column() == 1:
            return row.name
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if isinstance(row, str):
            return row if index.column() == 0 else ""
        counted = f"{row.changes:,} 条" if row.changes else ""
        places = places_of(row)
        texts = (
            f"{row.at:%H:%M}",
            row.name,
            counted,
            "、".join(places[:2]),
            row.user,
            self.mark_of(index.row())[0],
            self.act_of(index.row()),
        )
        return texts[index.column()]


def day_title(day: date) -> str:
    """Return 今天　11月25日　周二, with the year when it is another one."""
    today = clock.today()
    words = f"{day.month}月{day.day}日　周{WEEKDAYS[day.weekday()]}"
    if day.year != today.year:
        words = f"{day.year}年{words}"
    return f"今天　{words}" if day == today else words
