"""待改: what was typed into cells and could not be stored; it stays where it was typed, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Wrong:
    """What was typed into a cell, and the sentence that says why it is not stored."""

    text: str
    sentence: str


def next_cell(cells: Sequence[tuple[int, int]], now: tuple[int, int], step: int) -> tuple[int, int]:
    """Return the cell (row, column) after or before the one in hand, round the end; `cells` are in order, not empty."""
    if step > 0:
        return next((each for each in cells if each > now), cells[0])
    return next((each for each in reversed(cells) if each < now), cells[-1])


class WrongCells(QObject):
    """The cells of one table that wait to be mended, by record and field."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cells: dict[tuple[int, str], Wrong] = {}

    def __len__(self) -> int:
        return len(self._cells)

    def __bool__(self) -> bool:
        return bool(self._cells)

    def keep(self, record_id: int, field: str, text: str, sentence: str) -> None:
        """Keep what could not be stored."""
        self._cells[record_id, field] = Wrong(text, sentence)
        self.changed.emit()

    def forget(self, record_id: int, field: str) -> None:
        """Let go of a cell: it was mended, or given up."""
        if self._cells.pop((record_id, field), None) is not None:
            self.changed.emit()

    def get(self, record_id: int, field: str) -> Wrong | None:
        """Return what stands in a cell, None for one that is as stored."""
        return self._cells.get((record_id, field)) if self._cells else None

    def fields_of(self, record_id: int) -> list[str]:
        """Return the fields of a record that wait."""
        return [field for one, field in self._cells if one == record_id]

    def sentence_of(self, record_id: int) -> str:
        """Return why a record waits, "" if it does not."""
        return "；".join(wrong.sentence for (one, _), wrong in self._cells.items() if one == record_id)

    def records(self) -> set[int]:
        """Return the records that wait."""
        return {one for one, _ in self._cells}
