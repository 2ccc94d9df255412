"""What calamine does not tell of an xls: hidden rows and columns (MS-CFB for the container, MS-XLS for the records)."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skillsaid_desktop.importers.row_source import column_letter

_MOST_BYTES = 256 * 2**20
_LAST_SECTOR = 0xFFFFFFFA
_SMALLEST = 4096
"""Streams below this lie in the mini stream; a workbook that small hides nothing worth telling."""
_BOUND_SHEET, _ROW, _COLUMN, _END = 0x85, 0x208, 0x7D, 0x0A


def xls_facts(path: str) -> dict[str, dict[str, Any]]:
    """Return the hidden rows and columns of each sheet by its name; {} for what does not hold together."""
    file = Path(path)
    if file.stat().st_size > _MOST_BYTES:
        return {}
    try:
        book = _workbook_stream(file.read_bytes())
        sheets = {}
        for kind, start, size in _records(book, 0):
            if kind == _BOUND_SHEET and size >= 8:
                place = struct.unpack_from("<I", book, start)[0]
                sheets[_name(book[start + 6 : start + size])] = _sheet(book, place)
        return sheets
    except (struct.error, IndexError, ValueError):
        return {}


def _sheet(book: bytes, place: int) -> dict[str, Any]:
    rows: list[int] = []
    columns: list[str] = []
    for kind, start, size in _records(book, place):
        if kind == _ROW and size >= 16:
            if book[start + 12] & 0x20:
                rows.append(struct.unpack_from("<H", book, start)[0] + 1)
        elif kind == _COLUMN and size >= 10 and book[start + 8] & 1:
            first, last = struct.unpack_from("<2H", book, start)
            columns += [column_letter(each) for each in range(first, min(last, first + 50, 255) + 1)]
    return {"hidden_rows": tuple(rows), "hidden_columns": tuple(columns)}


def _records(book: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and size of the records up to the end of a substream."""
    head = struct.Struct("<2H")
    end = len(book) - 4
    while place <= end:
        kind, size = head.unpack_from(book, place)
        yield kind, place + 4, size
        if kind == _END:
            return
        place += 4 + size


def _name(data: bytes) -> str:
    length, is_wide = data[0], data[1] & 1
    if is_wide:
        return data[2 : 2 + 2 * length].decode("utf-16-le", "replace")
    return data[2 : 2 + length].decode("latin-1")


def _workbook_stream(data: bytes) -> bytes:
    """Return the stream called Workbook; b"" if there is none of the newer kind (BIFF8)."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return b""
    sector = 1 << shift
    per_sector = sector // 4

    def numbers(index: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{per_sector}I", data, (index + 1) * sector)

    tables = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<2I", data, 68)
    for _ in range(min(count, len(data) // sector)):
        if more >= _LAST_SECTOR:
            break
        *found, more = numbers(more)
        tables += found
    following: list[int] = []
    for index in tables:
        if index < _LAST_SECTOR:
            following += numbers(index)

    def stream(index: int) -> bytes:
        pieces: list[bytes] = []
        while index < _LAST_SECTOR and len(pieces) * sector <= len(data):
            pieces.append(data[(index + 1) * sector : (index + 2) * sector])
            index = following[index]
        return b"".join(pieces)

    directory = stream(struct.unpack_from("<I", data, 48)[0])
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        if directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace") == "Workbook":
            first, size = struct.unpack_from("<2I", directory, place + 116)
            return stream(first)[:size] if size >= _SMALLEST else b""
    return b""
