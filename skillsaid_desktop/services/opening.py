"""期初累计: what flow figures had come to before the ledger began, typed once with source and proof.

A number for the months of the year before the first ledger month, and one for 启动以来 before it; both are added
to 本年累计 and 启动以来 and shown as typed, without names behind them (DOMAIN section 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skillsaid_desktop.domain.entities import OpeningFigure
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.figures import FIGURES
from skillsaid_desktop.importers import read_workbook
from skillsaid_desktop.schema import RawValue
from skillsaid_desktop.storage import LedgerFile

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("指标", "代码", "指标代码", "编号", "code"),
    "year": ("本年累计", "本年", "当年累计", "year"),
    "since_start": ("启动以来", "启动以来累计", "累计", "since_start"),
    "source": ("来源", "来源和佐证", "来源与佐证", "依据", "佐证", "source"),
}
"""Columns of the file, in the order of the template."""


@dataclass(frozen=True)
class OpeningRow:
    """期初累计 of one figure."""

    code: str
    year: int | None
    since_start: int | None
    source: str


def flow_codes() -> dict[str, str]:
    """Return the codes that take a 期初累计, with their names."""
    return {
        figure.code: figure.name for figure in FIGURES if figure.kind == "flow" and figure.unit != "ratio"
    }


def read_opening(path: Path) -> list[OpeningRow]:
    """Read 期初累计 from a spreadsheet or csv; UserError names the row that can not stand."""
    found: dict[str, OpeningRow] = {}
    columns: dict[str, int] = {}
    for number, cells in _rows_of(path):
        texts = [_text(cell) for cell in cells]
        if not columns:
            columns = _columns(texts)
            continue
        row = {name: texts[at] if at < len(texts) else "" for name, at in columns.items()}
        if not row["code"] or not any(row.get(name) for name in ("year", "since_start")):
            continue
        code = _code(row["code"], path.name, number)
        if code in found:
            raise _refusal(path.name, number, f"{code} 写了两遍")
        year = _number(row.get("year", ""), path.name, number, "本年累计")
        since_start = _number(row.get("since_start", ""), path.name, number, "启动以来")
        if year is not None and since_start is not None and year > since_start:
            raise _refusal(path.name, number, f"{code} 的本年累计 {year} 比启动以来 {since_start} 还多")
        found[code] = OpeningRow(code, year, since_start, row.get("source", ""))
    if not columns:
        raise UserError(
            f"{path.name} 里没有找到表头，没有读入。",
            "第一行写：指标、本年累计、启动以来、来源；指标写代码，如 E1。",
        )
    return list(found.values())


def set_opening(ledger_file: LedgerFile, rows: Iterable[OpeningRow], *, source: str = "") -> int:
    """Store 期初累计 in one operation, over what was typed before; return how many figures changed."""
    wanted = {row.code: row for row in rows}
    allowed = flow_codes()
    for code in wanted:
        if code not in allowed:
            raise UserError(f"{code} 不是流量指标，没有期初累计，台账没有改动。")
    with ledger_file.operation(f"登记期初累计 {len(wanted)} 项", source=source) as uow:
        stored = {
            code: (row_id, OpeningRow(code, year, since_start, proof or ""))
            for row_id, code, year, since_start, proof in uow.rows(
                "SELECT id, code, year, since_start, source FROM opening_figure"
            )
        }
        changed = [row for code, row in wanted.items() if code not in stored or stored[code][1] != row]
        values = [
            {"code": row.code, "year": row.year, "since_start": row.since_start, "source": row.source or None}
            for row in changed
        ]
        uow.insert_many(OpeningFigure, [one for one in values if one["code"] not in stored])
        uow.update_many(
            OpeningFigure,
            [{"id": stored[str(one["code"])][0], **one} for one in values if one["code"] in stored],
        )
    return len(changed)


def import_opening(ledger_file: LedgerFile, path: Path) -> int:
    """Read a file and store it; return how many figures changed."""
    return set_opening(ledger_file, read_opening(path), source=path.name)


def _rows_of(path: Path) -> Iterable[tuple[int, Sequence[RawValue]]]:
    for sheet in read_workbook(path).sheets:
        rows = [(row.number, row.cells) for row in sheet.rows]
        if any(_columns([_text(cell) for cell in cells]) for _, cells in rows):
            return rows
    return []


def _columns(texts: Sequence[str]) -> dict[str, int]:
    """Return where the columns stand if these are the headings; a figure and one number are needed."""
    found = {
        name: at
        for name, aliases in HEADINGS.items()
        for at, text in reversed(list(enumerate(texts)))
        if text.split("（")[0].split("(")[0].strip() in aliases
    }
    return found if "code" in found and ("year" in found or "since_start" in found) else {}


def _text(cell: RawValue) -> str:
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _code(text: str, file: str, row: int) -> str:
    allowed = flow_codes()
    code = text.upper().replace("−", "-")
    if code in allowed:
        return code
    named = [code for code, name in allowed.items() if name == text]
    if len(named) == 1:
        return named[0]
    raise _refusal(file, row, f"“{text}”不是流量指标的代码")


def _number(text: str, file: str, row: int, title: str) -> int | None:
    if not text:
        return None
    plain = text.replace(",", "").replace("，", "").removesuffix("人")
    if not plain.isdecimal():
        raise _refusal(file, row, f"{title}写的是“{text}”，应是不小于 0 的整数")
    return int(plain)


def _refusal(file: str, row: int, what: str) -> UserError:
    return UserError(f"{file} 第 {row} 行：{what}，整个文件没有读入。", "改好这一行再导入；台账没有改动。")
