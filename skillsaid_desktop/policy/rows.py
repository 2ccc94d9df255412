"""A policy file's tables read key by key, so that each error can name its line, table and key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from skillsaid_desktop.errors import UserError

_HINT = "请改正这一处再载入；台账没有改动。"
_TABLE = re.compile(r"^\s*\[(\[)?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[A-Za-z0-9_-]+)\s*=""")


@dataclass
class _Place:
    line: int
    keys: dict[str, int] = field(default_factory=dict)


def _places(text: str) -> dict[tuple[str, int], _Place]:
    """Find the line of each table and key; tomllib keeps none."""
    places: dict[tuple[str, int], _Place] = {("", 0): _Place(line=1)}
    current = places["", 0]
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _TABLE.match(line)
        if heading:
            name = heading.group(2).replace('"', "")
            index = counts.get(name, 0)
            counts[name] = index + 1
            current = places.setdefault((name, index), _Place(line=number))
        elif key := _KEY.match(line):
            current.keys.setdefault(key.group(1).strip("\"'"), number)
    return places


class PolicyTable:
    """One table of the file: every key must be asked for, and is checked when it is."""

    def __init__(self, values: Mapping[str, Any], *, origin: str, title: str, place: _Place) -> None:
        self._values = values
        self._origin = origin
        self._title = title
        self._place = place
        self._asked: set[str] = set()

    def error(self, key: str, what: str) -> UserError:
        """Return the error that names file, line, table and key."""
        line = self._place.keys.get(key, self._place.line)
        where = f"{self._title}，{key}" if key else self._title
        return UserError(f"政策文件 {self._origin} 第 {line} 行（{where}）：{what}", _HINT)

    def _get(self, key: str, kind: type | tuple[type, ...], wanted: str, *, required: bool) -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        if value is None:
            if required:
                raise self.error(key, f"缺少 {key}，这里要{wanted}。")
            return None
        # bool is an int and datetime is a date; neither is meant.
        wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or wrong_bool or isinstance(value, datetime):
            raise self.error(key, f"写的是 {value!r}，这里要{wanted}。")
        return value

    def has(self, key: str) -> bool:
        """Tell whether the key stands there."""
        return key in self._values

    def text(self, key: str) -> str:
        """Return a text that must be there and not be blank."""
        value: str = self._get(key, str, "文字", required=True)
        if not value.strip():
            raise self.error(key, "是空的，这里要文字。")
        return value

    def optional_text(self, key: str, default: str = "") -> str:
        """Return a text, or `default` where it is missing."""
        value: str | None = self._get(key, str, "文字", required=False)
        return default if value is None else value

    def number(self, key: str, *, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        value: int = self._get(key, int, "整数", required=True)
        if not low <= value <= high:
            raise self.error(key, f"写的是 {value}，应在 {low} 到 {high} 之间。")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value: bool | None = self._get(key, bool, " true 或 false", required=False)
        return default if value is None else value

    def day(self, key: str) -> date | None:
        """Return a day, None where it is open."""
        value: date | None = self._get(key, date, "日期，如 2021-01-01", required=False)
        return value

    def days(self, key: str) -> tuple[date, ...]:
        """Return a list of days."""
        return tuple(self._list(key, date, "日期"))

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self._list(key, str, "文字", required=required))

    def _list(self, key: str, kind: type, wanted: str, *, required: bool = True) -> list[Any]:
        values = self._get(key, list, f"{wanted}的列表", required=required) or []
        for value in values:
            if not isinstance(value, kind) or isinstance(value, datetime):
                raise self.error(key, f"列表里有 {value!r}，这里只能是{wanted}。")
        return list(values)

    def span(self, from_key: str, to_key: str) -> tuple[date | None, date | None]:
        """Return from and to, in order."""
        from_on, to_on = self.day(from_key), self.day(to_key)
        if from_on and to_on and to_on < from_on:
            raise self.error(to_key, f"{to_on} 早于 {from_key} 的 {from_on}。")
        return from_on, to_on

    def source(self) -> str:
        """Return the document that a row comes from; "" for a row marked `default = true`."""
        source, is_default = self.optional_text("source"), self.flag("default", False)
        if bool(source.strip()) == is_default:
            raise self.error("source", "每一条要么写依据 source，要么标明 default = true，两者取一。")
        return source

    def close(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key must not be passed over."""
        for key in self._values:
            if key not in self._asked:
                raise self.error(key, f"不认识 {key}，可能写错了。")


class PolicyFile:
    """A whole policy file, parsed."""

    def __init__(self, text: str, origin: str) -> None:
        try:
            self._values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+), column (\d+)", str(error))
            place = f"第 {found.group(1)} 行第 {found.group(2)} 列" if found else "末尾"
            raise UserError(f"政策文件 {origin} {place}写法不对（{error}）。", _HINT) from error
        self._origin = origin
        self._places = _places(text)
        self._asked: set[str] = set()

    def _table(self, values: Mapping[str, Any], name: str, index: int, title: str) -> PolicyTable:
        place = self._places.get((name, index)) or self._places["", 0]
        return PolicyTable(values, origin=self._origin, title=title, place=place)

    @property
    def top(self) -> PolicyTable:
        """The keys that stand before the first table."""
        scalars = {key: value for key, value in self._values.items() if not isinstance(value, (dict, list))}
        return self._table(scalars, "", 0, "文件开头")

    def tables(self, name: str) -> Iterator[PolicyTable]:
        """Yield the tables of a list `[[name]]`, in order."""
        self._asked.add(name)
        values = self._values.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self._table({}, name, 0, name).error("", f"应写成若干个 [[{name}]]。")
        for index, value in enumerate(values):
            table = self._table(value, name, index, f"{name} 第 {index + 1} 条")
            yield table
            table.close()

    def close(self) -> None:
        """Refuse tables that nobody asked for."""
        for name, value in self._values.items():
            if isinstance(value, (dict, list)) and name not in self._asked:
                raise self._table({}, name, 0, name).error("", f"不认识表 {name}，可能写错了。")
