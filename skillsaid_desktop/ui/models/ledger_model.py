"""The table model of any ledger: it holds ids and fetches rows in chunks as they come into sight."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import Condition, ListQuery, fetch_rows, list_ids
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.field import Privacy
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.ui.models.wrong_cells import Wrong, WrongCells
from skillsaid_desktop.ui.tasks import Ahead

if TYPE_CHECKING:
    from skillsaid_desktop.storage import LedgerFile, Reading

CHUNK = 50
KEPT_CHUNKS = 120
VALUE_ROLE = Qt.ItemDataRole.UserRole
# Joined once: Qt asks for each cell that it paints.
_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_EDITED = _READ | Qt.ItemFlag.ItemIsEditable
AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


def _last_operation(reading: "Reading") -> int:
    return int(reading.scalar("SELECT max(id) FROM operation") or 0)


class LedgerModel(QAbstractTableModel):
    """Rows of a ledger as of a day under a search, filters and sort keys."""

    reordered = Signal()
    """The ids are other ones, or stand in another order."""

    def __init__(self, ledger_file: "LedgerFile", ledger: Ledger, as_of: date) -> None:
        super().__init__()
        self.ledger = ledger
        self.fields: tuple[Field, ...] = ledger.fields
        self.query = ListQuery(as_of=as_of, here_only=bool(ledger.here))
        self.ids: list[int] = []
        self.write: Callable[[int, Field, str], object] | None = None
        """Stores one edited cell, or raises UserError; without it the table can't be edited."""
        self.wrong = WrongCells()
        self.wrong.changed.connect(self._on_wrong_changed)
        self._ahead: tuple[ListQuery, Ahead] | None = None
        self._ledger_file = ledger_file
        self._chunks: dict[int, list[dict[str, Any]]] = {}
        self._texts: dict[tuple[int, int], str] = {}
        self._masked = [field.privacy is Privacy.NUMBER for field in self.fields]

    # What is shown

    def set_query(
        self,
        *,
        as_of: date | None = None,
        search: str | None = None,
        filters: Mapping[str, Condition] | None = None,
        sort: Sequence[tuple[str, bool]] | None = None,
        only: Sequence[int] | None = None,
        here_only: bool | None = None,
    ) -> None:
        """Change part of the query; `reload` reads by it. An empty `only` takes that narrowing away."""
        old = self.query
        self.query = ListQuery(
            as_of=as_of or old.as_of,
            search=old.search if search is None else search,
            filters=dict(old.filters if filters is None else filters),
            sort=tuple(old.sort if sort is None else sort),
            only=old.only if only is None else tuple(only) or None,
            here_only=old.here_only if here_only is None else here_only,
        )

    def begin(self, filters: Mapping[str, Condition]) -> None:
        """Take these filters and begin to read the ids, so that they are there when the page around is made."""
        self.set_query(filters=filters)
        query = self.query

        def look() -> tuple[int, list[int]]:
            with self._ledger_file.reading() as reading:
                return _last_operation(reading), list_ids(reading, self.ledger, query)

        self._ahead = (query, Ahead(look))

    def _read_ahead(self) -> tuple[int, list[int]] | None:
        """Return what was read ahead, with the operation after which it holds; None if that was something else."""
        ahead, self._ahead = self._ahead, None
        return ahead[1].answer() if ahead is not None and ahead[0] == self.query else None

    def reload(self) -> None:
        """Read the ids anew; rows follow when they are looked at."""
        # Waited for outside of a reading: whoever exchanges the file's key keeps new readers out until all are gone.
        ahead = self._read_ahead()
        with self._ledger_file.reading() as reading:
            if ahead is not None and ahead[0] == _last_operation(reading):
                ids = ahead[1]
            else:
                ids = list_ids(reading, self.ledger, self.query)
        if ids == self.ids:
            self._chunks.clear()
            self._texts.clear()
            if ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(self.fields) - 1))
            return
        self.beginResetModel()
        self.ids = ids
        self._chunks.clear()
        self._texts.clear()
        self.endResetModel()
        self.reordered.emit()

    def row_values(self, row: int) -> dict[str, Any]:
        """Return the values of a row by field name."""
        at, offset = divmod(row, CHUNK)
        chunk = self._chunks.get(at)
        if chunk is None:
            chunk = self._fetch(at)
        return chunk[offset]

    def _fetch(self, at: int) -> list[dict[str, Any]]:
        ids = self.ids[at * CHUNK : (at + 1) * CHUNK]
        with self._ledger_file.reading() as reading:
            found = {row["id"]: row for row in fetch_rows(reading, self.ledger, ids, self.query.as_of)}
        if len(self._chunks) >= KEPT_CHUNKS:
            self._chunks.pop(next(iter(self._chunks)))
            self._texts.clear()
        chunk = [found.get(one, {"id": one}) for one in ids]
        self._chunks[at] = chunk
        return chunk

    def shown(self, row: int, column: int) -> str:
        """Return what stands in a cell, be it stored or waiting to be mended; numbers are masked always."""
        wrong = self.wrong_at(row, column) if self.wrong else None
        if wrong is None:
            return self.text(row, column)
        return mask_number(wrong.text) if self._masked[column] else wrong.text

    def text(self, row: int, column: int) -> str:
        """Return what is stored in a cell; numbers are masked always."""
        key = (row, column)
        text = self._texts.get(key)
        if text is None:
            field = self.fields[column]
            text = field.type.format(self.row_values(row).get(field.name))
            if text and self._masked[column]:
                text = mask_number(text)
            self._texts[key] = text
        return text

    def row_of(self, record_id: int) -> int:
        """Return the row of a record, or -1."""
        try:
            return self.ids.index(record_id)
        except ValueError:
            return -1

    def column_of(self, name: str) -> int:
        """Return the column of a field, or -1."""
        return next((at for at, field in enumerate(self.fields) if field.name == name), -1)

    # 待改

    def wrong_at(self, row: int, column: int) -> Wrong | None:
        """Return what stands in a cell that could not be stored, None for any other."""
        if not self.wrong or not 0 <= row < len(self.ids):
            return None
        return self.wrong.get(self.ids[row], self.fields[column].name)

    def row_note(self, row: int) -> tuple[str, tuple[int, ...]]:
        """Return why a row waits to be mended, and in which columns; "" for a row as stored."""
        if not self.wrong or not 0 <= row < len(self.ids):
            return "", ()
        one = self.ids[row]
        columns = tuple(self.column_of(name) for name in self.wrong.fields_of(one))
        return self.wrong.sentence_of(one), columns

    def _on_wrong_changed(self) -> None:
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.fields) - 1))

    # Qt

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.shown(index.row(), index.column())
        wrong = self.wrong_at(index.row(), index.column())
        field = self.fields[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            if wrong is not None:
                return wrong.text
            return field.type.format(self.row_values(index.row()).get(field.name))
        if role == VALUE_ROLE:
            return self.row_values(index.row()).get(field.name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrong.sentence if wrong is not None else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.fields[section].title if orientation == Qt.Orientation.Horizontal else section + 1
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return self.fields[section].help or None
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _EDITED if self.write is not None and self.fields[index.column()].typed else _READ

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or self.write is None or not index.isValid():
            return False
        field = self.fields[index.column()]
        record_id, text = self.ids[index.row()], str(value)
        if text == self.data(index, Qt.ItemDataRole.EditRole):
            return False
        stored = field.type.format(self.row_values(index.row()).get(field.name))
        if text != stored:
            try:
                self.write(record_id, field, text)
            except UserError as error:
                self.wrong.keep(record_id, field.name, text, mask_words(error.message))
                return True
        self.wrong.forget(record_id, field.name)
        if index.row() >= len(self.ids):
            return True
        self._chunks.pop(index.row() // CHUNK, None)
        self._texts.clear()
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(self.fields) - 1))
        return True
