"""The reading child: a program of its own that opens one file, sends its rows over a pipe, and may die of it.

It is run by its path, without the package around it: starting is quick, and whatever the file does to a spreadsheet
library happens here and not in the program. It imports nothing of ours.
"""

import pickle
import re
import struct
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, BinaryIO

BATCH = 2000
_SCANNED = 64 << 20
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*>')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col [^>]*>")
_BOUND = re.compile(rb'\b(min|max)="(\d+)"')
_EMPTY_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>[^<]*</f>(?:<v\s*/>|<v></v>)?\s*</c>')


class _TooManyCellsError(Exception):
    """More cells than a list of people has."""


class _EntitiesError(Exception):
    """The file's text points outside of the file."""


def run_child(arguments: Sequence[str]) -> int:
    """Read the file named first under the limits named after it: bytes of memory, seconds, cells."""
    path, memory, seconds, cells = arguments[0], int(arguments[1]), int(arguments[2]), int(arguments[3])
    _fence(memory, seconds)
    out = sys.stdout.buffer
    try:
        for message in _messages(path, cells):
            _send(out, message)
        _send(out, ("end",))
    except (MemoryError, _TooManyCellsError):
        _send(out, ("error", "too large", ""))
    except _EntitiesError:
        _send(out, ("error", "entities", ""))
    return 0


def _send(out: BinaryIO, message: tuple[Any, ...]) -> None:
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()


def _fence(memory: int, seconds: int) -> None:
    """Limit memory and time, leave no core file, and die with the program (Windows: see job_object)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes
        import signal

        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)


def _messages(path: str, cells: int) -> Iterator[tuple[Any, ...]]:
    import python_calamine

    outside = _outside(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        names = list(workbook.sheet_names)
        hidden = {
            one.name
            for one in workbook.sheets_metadata
            if one.visible != python_calamine.SheetVisibleEnum.Visible
        }
    except python_calamine.PasswordError:
        yield "error", "password", ""
        return
    except (python_calamine.CalamineError, ValueError, OSError):
        yield from _second_try(path, cells)
        return
    for number, name in enumerate(names):
        try:
            sheet = workbook.get_sheet_by_index(number)
        except (python_calamine.CalamineError, ValueError):
            continue  # a chart or a macro sheet holds no rows
        if sheet.total_height * sheet.total_width > cells:
            raise _TooManyCellsError
        merges = [
            (top + 1, left, bottom + 1, right)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        facts = {"name": name, "merges": merges, "is_hidden": name in hidden, **outside.get(number, {})}
        yield "sheet", facts
        yield from _batches(enumerate(sheet.to_python(skip_empty_area=False), 1))


def _batches(rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[tuple[Any, ...]]:
    numbers: list[int] = []
    batch: list[list[Any]] = []
    for number, values in rows:
        plain = [value if type(value) is str else _plain(value) for value in values]
        while plain and (plain[-1] is None or plain[-1] == ""):
            plain.pop()
        if plain:
            numbers.append(number)
            batch.append(plain)
        if len(batch) >= BATCH:
            yield "rows", numbers, batch
            numbers, batch = [], []
    yield "rows", numbers, batch


def _plain(value: Any) -> Any:
    """Return whole numbers as such, days without their midnight; an ID that became a number stays a float."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, int | str | date):
        return value
    return str(value)  # a time of day or a duration


def _second_try(path: str, cells: int) -> Iterator[tuple[Any, ...]]:
    """Read with openpyxl what calamine would not."""
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:  # openpyxl lets every kind of error through; the answer is the same for all
        yield "error", "damaged", ""
        return
    for sheet in workbook.worksheets:
        with suppress(AttributeError):
            sheet.reset_dimensions()  # it may say A1 although the table is larger
        yield "sheet", {"name": sheet.title, "is_hidden": sheet.sheet_state != "visible"}
        yield from _batches(_counted(sheet.iter_rows(values_only=True), cells))


def _counted(rows: Iterator[Sequence[Any]], cells: int) -> Iterator[tuple[int, Sequence[Any]]]:
    seen = 0
    for number, values in enumerate(rows, 1):
        seen += len(values)
        if seen > cells:
            raise _TooManyCellsError
        yield number, values


def _outside(path: str) -> dict[int, dict[str, Any]]:
    """Return what a quick look at the XML tells of each sheet: what is hidden, formulas without a result."""
    found: dict[int, dict[str, Any]] = {}
    if not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if one.filename.startswith("xl/")]
        for one in members:
            if one.filename.endswith(".xml"):
                with archive.open(one) as member:
                    if b"<!DOCTYPE" in member.read(4096):
                        raise _EntitiesError
        sheets = [one for one in members if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one.filename)]
        sheets.sort(key=lambda one: int(re.findall(r"\d+", one.filename)[0]))
        for number, one in enumerate(sheets):
            if one.file_size <= _SCANNED:
                found[number] = _look(archive.read(one))
    return found


def _look(text: bytes) -> dict[str, Any]:
    columns: list[str] = []
    for match in _COLUMN.finditer(text):
        if _HIDDEN.search(match[0]):
            bounds = {name: int(value) for name, value in _BOUND.findall(match[0])}
            columns += [
                _letter(index)
                for index in range(bounds[b"min"], min(bounds[b"max"], bounds[b"min"] + 50) + 1)
            ]
    return {
        "hidden_rows": tuple(int(match[1]) for match in _ROW.finditer(text) if _HIDDEN.search(match[0])),
        "hidden_columns": tuple(columns),
        "formulas_without_value": tuple(cell.decode() for cell in _EMPTY_FORMULA.findall(text)),
    }


def _letter(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


if __name__ == "__main__":
    sys.exit(run_child(sys.argv[1:]))
