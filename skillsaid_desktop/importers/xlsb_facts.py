"""What calamine does not tell of an xlsb: merged cells, hidden columns, hidden sheets (MS-XLSB, part "Records")."""

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from skillsaid_desktop.importers.row_source import column_letter

_BOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_BUNDLE, _BEGIN_ROWS, _COLUMN, _MERGE = 156, 145, 60, 176
_END_OF_ROWS = b"\x92\x01\x00"
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_MOST_SCANNED = 256 * 2**20


def xlsb_facts(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """Return the facts of each sheet by its name; a part that does not hold together tells nothing."""
    sizes = {one.filename: one.file_size for one in archive.infolist()}
    if not {_BOOK, _RELATIONS} <= sizes.keys():
        return {}
    targets = {}
    for relation in _RELATION.findall(archive.read(_RELATIONS)):
        found = [re.search(name + rb'\s*=\s*"([^"]*)"', relation) for name in (rb"\bId", rb"\bTarget")]
        if found[0] and found[1]:
            targets[found[0][1].decode("utf-8", "replace")] = found[1][1].decode("utf-8", "replace")
    facts = {}
    for kind, data in _records(archive.read(_BOOK)):
        if kind != _BUNDLE or len(data) < 12:
            continue
        relation_id, rest = _text(data[8:])
        name, _ = _text(rest)
        target = targets.get(relation_id, "").lstrip("/").removeprefix("xl/")
        if 0 < sizes.get(f"xl/{target}", 0) <= _MOST_SCANNED:
            is_hidden = struct.unpack_from("<I", data)[0] != 0
            facts[name] = {"is_hidden": is_hidden, **_sheet(archive.read(f"xl/{target}"))}
    return facts


def _sheet(data: bytes) -> dict[str, Any]:
    """Look at what stands before and after the rows; the rows themselves are calamine's."""
    columns: list[str] = []
    for kind, record in _records(data):
        if kind == _BEGIN_ROWS:
            break
        if kind == _COLUMN and len(record) >= 18:
            first, last, _width, _style, flags = struct.unpack_from("<4IH", record)
            if flags & 1:
                columns += [column_letter(each) for each in range(first, min(last, first + 50) + 1)]
    merges = []
    end = data.rfind(_END_OF_ROWS)
    for kind, record in _records(data[end:]) if end >= 0 else ():
        if kind == _MERGE and len(record) == 16:
            top, bottom, left, right = struct.unpack("<4I", record)
            merges.append((top + 1, left, bottom + 1, right))
    return {"merges": merges, "hidden_columns": tuple(columns)}


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each record, as far as they hold together."""
    place, end = 0, len(data)
    while place + 2 <= end:
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while place < end and shift < 28:
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if place + size > end:
            return
        yield kind, data[place : place + size]
        place += size


def _text(data: bytes) -> tuple[str, bytes]:
    length = struct.unpack_from("<I", data)[0] if len(data) >= 4 else 0
    length = min(length, (len(data) - 4) // 2) if length < 2**31 else 0
    end = 4 + 2 * max(length, 0)
    return data[4:end].decode("utf-16-le", "replace"), data[end:]
