"""The reading child: a process of its own that opens one file, sends its rows over a pipe, and may die of it.

From source it is run by its path with stand-ins for the packages around it, whose own imports it can do without;
frozen, through the hidden switch. Of ours it imports only the readers of single formats and `row_source`, and a
format's own only when it comes. Each message is pickled and follows its length: ("sheet", facts), ("rows", numbers, rows),
("end",), ("error", kind, detail).
"""

import pathlib
import pickle
import re
import struct
import sys
import threading
import types
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from html import unescape
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import python_calamine

if __name__ == "__main__":
    _folder = pathlib.Path(__file__).parent
    for _name, _place in (("skillsaid_desktop", _folder.parent), ("skillsaid_desktop.importers", _folder)):
        _package = sys.modules[_name] = types.ModuleType(_name)
        _package.__path__ = [str(_place)]

from skillsaid_desktop.importers.row_source import Budget, Refused, Rows, Sheet, column_letter

BATCH = 1000
_MOST_SCANNED = 256 * 2**20
_HEAD = 4096
_PIECE = 1 << 20
_FORMULA = re.compile(rb"[<]f")  # the class makes the search twice as quick: it looks for no prefix
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_NO_VALUE = re.compile(rb"<c\b([^>]*)><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def run_child(arguments: Sequence[str]) -> int:
    """Read the file named first, of the form named second, under limits: bytes of memory, seconds, cells."""
    path, form = arguments[0], arguments[1]
    memory, seconds, cells = (int(number) for number in arguments[2:5])
    _fence(memory, seconds)
    out = sys.stdout.buffer
    try:
        for message in messages(path, form, cells):
            _send(out, message)
        _send(out, ("end",))
    except Refused as error:
        _send(out, ("error", str(error), ""))
    except MemoryError:
        _send(out, ("error", "too large", ""))
    except Exception as error:  # whatever a hostile file does to a reader is about the file
        _send(out, ("error", "damaged", f"{type(error).__name__}: {error}"[:500]))
    return 0


def _send(out: BinaryIO, message: tuple[Any, ...]) -> None:
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()


def _fence(memory: int, seconds: int) -> None:
    """Limit memory and time, write no file, and die with the program (Windows: see job_object)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        import ctypes
        import signal

        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)


def messages(path: str, form: str, cells: int) -> Iterator[tuple[Any, ...]]:
    """Yield what there is to send; `form` is one of those that signatures tells apart."""
    if form == "workbook":
        yield from _workbook(path, cells)
        return
    for facts, rows in _sheets(path, form, Budget(cells)):
        yield "sheet", facts
        yield from _batches(rows, [])


def _sheets(path: str, form: str, budget: Budget) -> Iterator[Sheet]:
    """Return the sheets of what is no workbook."""
    if form == "page":
        from skillsaid_desktop.importers.html_rows import html_sheets

        return html_sheets(path, budget)
    if form == "xml":
        from skillsaid_desktop.importers.xml_rows import xml_sheets

        return xml_sheets(path, budget)
    if form == "document":
        from skillsaid_desktop.importers.word_rows import word_sheets

        return word_sheets(path, budget)
    from skillsaid_desktop.importers.text_rows import text_sheets

    return text_sheets(path, budget)


def _workbook(path: str, cells: int) -> Iterator[tuple[Any, ...]]:
    """Yield a workbook's messages, read with calamine, or with openpyxl what calamine would not."""
    import python_calamine

    is_zip = zipfile.is_zipfile(path)
    look = _Look(path, is_zip)
    try:
        workbook = _opened(path)
        metas = [
            meta for meta in workbook.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        first = workbook.get_sheet_by_name(metas[0].name) if metas else None
    except python_calamine.PasswordError:
        raise Refused("password") from None
    except (python_calamine.CalamineError, ValueError, OSError):
        outside = look.found()
        if not is_zip:
            raise
        yield from _second_try(path, cells, outside)
        return
    outside = look.found()
    for number, meta in enumerate(metas):
        sheet = first if number == 0 and first is not None else workbook.get_sheet_by_name(meta.name)
        cells -= sheet.height * sheet.width
        if cells < 0:
            raise Refused("too large")
        facts = {
            "name": meta.name,
            "is_hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible,
            "merges": [
                (top + 1, left, bottom + 1, right)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ],
        }
        yield "sheet", {**facts, **outside.get(meta.name, {})}
        # calamine's rows begin with row 1, its cells with the first column in use.
        left = (sheet.start or (0, 0))[1]
        yield from _batches(enumerate(sheet.iter_rows(), 1), [""] * left)


def _opened(path: str) -> "python_calamine.CalamineWorkbook":
    """Open a workbook as its name says, else as its content says: an xlsx is often sent as .xls."""
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise
    except (python_calamine.CalamineError, ValueError, OSError):
        with open(path, "rb") as file:  # noqa: PTH123
            return python_calamine.CalamineWorkbook.from_filelike(file)


def _batches(rows: Rows, indent: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that are not empty, cells from column A, without the blanks at their end."""
    numbers: list[int] = []
    batch: list[list[Any]] = []
    # A text that stands in many cells is sent once a batch, and is one text on the other side.
    texts: dict[str, str] = {}
    shared = texts.setdefault
    for number, values in rows:
        if _only_texts(values):
            plain = list(map(shared, values, values))
        else:
            plain = [shared(value, value) if type(value) is str else _plain(value) for value in values]
        while plain and plain[-1] == "":
            plain.pop()
        if plain:
            numbers.append(number)
            batch.append(indent + plain if indent else plain)
        if len(batch) >= BATCH:
            yield "rows", numbers, batch
            numbers, batch = [], []
            texts.clear()
    if batch:
        yield "rows", numbers, batch


def _only_texts(values: Sequence[Any]) -> bool:
    return set(map(type, values)) == {str}


def _plain(value: Any) -> Any:
    """Return whole numbers as such, days without their midnight; an ID that became a number stays a float."""
    if value is None:
        return ""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, bool | int | str | date):
        return value
    return str(value)  # a time of day or a duration


def _second_try(path: str, cells: int, outside: dict[str, dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Read with openpyxl, which is slower and less strict."""
    warnings.simplefilter("ignore")
    import openpyxl

    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        if not hasattr(sheet, "reset_dimensions"):
            continue
        sheet.reset_dimensions()  # it may say A1 although the table is larger
        facts = {"name": sheet.title, "is_hidden": sheet.sheet_state != "visible"}
        yield "sheet", {**facts, **outside.get(sheet.title, {})}
        yield from _batches(_counted(sheet.iter_rows(values_only=True), cells), [])


def _counted(rows: Iterable[Sequence[Any]], cells: int) -> Iterator[tuple[int, Sequence[Any]]]:
    for number, values in enumerate(rows, 1):
        cells -= len(values) or 1
        if cells < 0:
            raise Refused("too large")
        yield number, values


class _Look:
    """What the readers do not tell, looked up beside them in a thread: both spend their time outside of Python."""

    def __init__(self, path: str, is_zip: bool) -> None:
        self._path, self._is_zip = path, is_zip
        self._found: dict[str, dict[str, Any]] = {}
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found = _outside(self._path) if self._is_zip else _of_old_xls(self._path)
        except BaseException as error:
            self._error = error

    def found(self) -> dict[str, dict[str, Any]]:
        """Return what there is to tell, or raise what was met."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found


def _of_old_xls(path: str) -> dict[str, dict[str, Any]]:
    from skillsaid_desktop.importers.xls_facts import xls_facts

    return xls_facts(path)


def _outside(path: str) -> dict[str, dict[str, Any]]:
    """Return what the readers do not tell of each sheet; refuse a file whose text points outside of it."""
    found: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(path) as archive:
        sizes = {one.filename: one.file_size for one in archive.infolist()}
        for name in sizes:
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as member:
                    head = member.read(_HEAD)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise Refused("entities")
        if 0 < sizes.get("content.xml", 0) <= _MOST_SCANNED:
            from skillsaid_desktop.importers.ods_facts import ods_facts

            return ods_facts(archive)
        if "xl/workbook.bin" in sizes:
            from skillsaid_desktop.importers.xlsb_facts import xlsb_facts

            return xlsb_facts(archive)
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= sizes.keys():
            return found
        targets = {}
        for relation in _RELATION.finditer(archive.read("xl/_rels/workbook.xml.rels")):
            attributes = _attributes(relation[1])
            targets[attributes.get(b"Id", b"")] = attributes.get(b"Target", b"").decode("utf-8", "replace")
        for sheet in _SHEET.finditer(archive.read("xl/workbook.xml")):
            attributes = _attributes(sheet[1])
            relation_id = next((value for key, value in attributes.items() if key.endswith(b":id")), b"")
            target = targets.get(relation_id, "")
            name = target.lstrip("/") if target.startswith("/") else "xl/" + target
            if name in sizes and sizes[name] <= _MOST_SCANNED:
                title = unescape(attributes.get(b"name", b"").decode("utf-8", "replace"))
                if _has_marks(archive, name):
                    found[title] = _look(archive.read(name))
    return found


def _has_marks(archive: zipfile.ZipFile, name: str) -> bool:
    """Say whether a sheet hides or calculates anything, without holding all of its text."""
    with archive.open(name) as member:
        end = b""
        while piece := member.read(_PIECE):
            text = end + piece
            if b"hidden=" in text or _FORMULA.search(text):
                return True
            end = piece[-8:]
    return False


def _look(text: bytes) -> dict[str, Any]:
    """Return the hidden rows and columns of a sheet, and its formulas that were never calculated."""
    facts: dict[str, Any] = {}
    if b"hidden=" in text:
        rows = [_attributes(row[1]).get(b"r", b"") for row in _HIDDEN_ROW.finditer(text)]
        facts["hidden_rows"] = tuple(int(row) for row in rows if row.isdigit())
        columns: list[str] = []
        for column in _HIDDEN_COLUMN.finditer(text):
            attributes = _attributes(column[1])
            low, high = int(attributes.get(b"min", b"1")), int(attributes.get(b"max", b"1"))
            columns += [column_letter(index - 1) for index in range(low, min(high, low + 50) + 1)]
        facts["hidden_columns"] = tuple(columns)
    if b"<f" in text:
        cells = [_attributes(cell[1]).get(b"r", b"") for cell in _NO_VALUE.finditer(text)]
        facts["formulas_without_value"] = tuple(cell.decode("ascii", "replace") for cell in cells)
    return facts


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {found[1]: found[2] or found[3] or b"" for found in _ATTRIBUTE.finditer(text)}


if __name__ == "__main__":
    sys.exit(run_child(sys.argv[1:]))
