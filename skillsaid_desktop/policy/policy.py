"""The policy in force: categories, words, deadlines, recipients, counties and working days, each dated."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.paths import resource_path
from skillsaid_desktop.policy.calendar import WorkCalendar
from skillsaid_desktop.policy.rows import PolicyFile
from skillsaid_desktop.policy.vocabulary import (
    DERIVED_KINDS,
    FIXED,
    PolicyWords,
    Synonym,
    Value,
    Vocabulary,
)

_FORMAT = 1
_SEPARATORS = re.compile(r"[、,;/+\n]")


@dataclass(frozen=True)
class Category:
    """身份类别: when its name was official, and from when to when it counts as target (both days included)."""

    name: str
    rank: int
    official_from: date | None = None
    official_to: date | None = None
    is_target: bool = False
    target_from: date | None = None
    target_to: date | None = None
    has_risk: bool = False  # monitored: its risk can be cleared (风险消除)
    source: str = ""

    def counts_on(self, on: date) -> bool:
        """Tell whether somebody of this category counts as target on `on`."""
        if not self.is_target or (self.target_from is not None and on < self.target_from):
            return False
        return self.target_to is None or on <= self.target_to


@dataclass(frozen=True)
class Deadline:
    """A day by which something is due: each month, or each year if `month` is given."""

    name: str
    title: str
    day: int
    month: int | None = None
    moves: bool = False  # to the working day before, if it is none
    from_on: date | None = None
    to_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Due:
    """A deadline on its day."""

    name: str
    title: str
    on: date


@dataclass(frozen=True)
class Recipient:
    """An office that gets the monthly report, under its name of those years."""

    name: str
    role: str
    from_on: date | None = None
    to_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class AidCounty:
    """A county whose rural students get the state grant (not the school's 对口贫困县)."""

    name: str
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All rules of one policy text."""

    name: str
    title: str
    version: str
    categories: tuple[Category, ...]
    vocabularies: dict[str, Vocabulary]
    deadlines: tuple[Deadline, ...]
    recipients: tuple[Recipient, ...]
    aid_counties: tuple[AidCounty, ...]
    calendar: WorkCalendar
    cleared_risk_ends_target: bool
    closing_from_day: int

    def category(self, name: str) -> Category | None:
        """Return the category of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Category]:
        return {category.name: category for category in self.categories}

    def is_target(self, category: str, on: date) -> bool:
        """Tell whether somebody of `category` counts as 帮扶对象 on `on`."""
        found = self.category(category)
        return found is not None and found.counts_on(on)

    def words(self, on: date) -> PolicyWords:
        """Return the vocabularies in force on `on`."""
        return PolicyWords(self.vocabularies, on)

    def split_categories(self, text: str, on: date) -> list[tuple[str | None, str]]:
        """Read a cell with one or several categories: each as its value (None if unknown) and its wording.

        Words that say that there is none (无, 否) are left out.
        """
        vocabulary = self.vocabularies["category"]
        plain = unicodedata.normalize("NFKC", text).strip()
        if not plain:
            return []
        whole = vocabulary.resolve(plain, on)
        if whole is not None:
            return [(whole, text.strip())] if whole else []
        found: list[tuple[str | None, str]] = []
        for part in _SEPARATORS.split(plain):
            value = vocabulary.resolve(part, on) if part.strip() else ""
            if value != "" and all(value is None or value != other for other, _ in found):
                found.append((value, part.strip()))
        return found

    def ordered_categories(self, names: Iterable[str]) -> list[str]:
        """Return category names in the policy's order; unknown ones last."""
        index = self._by_name
        last = len(self.categories)
        return sorted(set(names), key=lambda name: (index[name].rank if name in index else last, name))

    def due_in_month(self, month: str) -> list[Due]:
        """Return the monthly deadlines of "YYYY-MM", moved to working days."""
        year, number = int(month[:4]), int(month[5:])
        return self._dues(year, number, (deadline for deadline in self.deadlines if deadline.month is None))

    def due_in_year(self, year: int) -> list[Due]:
        """Return the yearly deadlines of a calendar year, moved to working days."""
        return [
            due
            for deadline in self.deadlines
            if deadline.month is not None
            for due in self._dues(year, deadline.month, (deadline,))
        ]

    def _dues(self, year: int, month: int, deadlines: Iterable[Deadline]) -> list[Due]:
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        dues: list[Due] = []
        for deadline in deadlines:
            day = date(year, month, min(deadline.day, last))
            if (deadline.from_on and day < deadline.from_on) or (deadline.to_on and day > deadline.to_on):
                continue
            moved = self.calendar.on_or_before(day) if deadline.moves else day
            dues.append(Due(deadline.name, deadline.title, moved))
        return sorted(dues, key=lambda due: due.on)

    def recipients_on(self, on: date) -> tuple[Recipient, ...]:
        """Return the offices that get a report of that day."""
        return tuple(
            recipient
            for recipient in self.recipients
            if (recipient.from_on is None or recipient.from_on <= on)
            and (recipient.to_on is None or on <= recipient.to_on)
        )


def default_policy_text(name: str = "jiangxi") -> str:
    """Return the text of a policy that comes with the program."""
    path = resource_path(f"policy/{name}.toml")
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise UserError(f"程序里没有名为 {name} 的政策。", "不写就用 jiangxi。") from error


@lru_cache(maxsize=8)
def load_policy(text: str, origin: str) -> Policy:
    """Read a policy text; UserError names `origin`, line, table and key of what is wrong."""
    file = PolicyFile(text, origin)
    top = file.top
    top.number("format", low=_FORMAT, high=_FORMAT)
    name, title, version = top.text("name"), top.text("title"), top.text("version")
    cleared = top.flag("cleared_risk_ends_target", True)
    closing_from_day = top.number("closing_from_day", low=1, high=28)
    top.close()
    categories = _read_categories(file)
    policy = Policy(
        name=name,
        title=title,
        version=version,
        categories=categories,
        vocabularies=_read_vocabularies(file, categories),
        deadlines=_read_deadlines(file),
        recipients=_read_recipients(file),
        aid_counties=_read_aid_counties(file),
        calendar=_read_calendar(file),
        cleared_risk_ends_target=cleared,
        closing_from_day=closing_from_day,
    )
    file.close()
    return policy


def _read_categories(file: PolicyFile) -> tuple[Category, ...]:
    found: list[Category] = []
    for rank, table in enumerate(file.tables("categories")):
        name = table.text("name")
        if any(name == category.name for category in found):
            raise table.error("name", f"{name} 写了两遍。")
        official_from, official_to = table.span("official_from", "official_to")
        is_target = table.flag("target", False)
        target_from, target_to = table.span("target_from", "target_to")
        if not is_target and (target_from or target_to):
            raise table.error("target", "不算帮扶对象的类别不写 target_from、target_to。")
        has_risk, source = table.flag("risk", False), table.source()
        found.append(
            Category(
                name, rank, official_from, official_to, is_target, target_from, target_to, has_risk, source
            )
        )
    return tuple(found)


def _read_vocabularies(file: PolicyFile, categories: tuple[Category, ...]) -> dict[str, Vocabulary]:
    values: dict[str, tuple[Value, ...]] = {
        name: tuple(Value(value) for value in fixed) for name, fixed in FIXED.items()
    }
    values["category"] = tuple(Value(c.name, c.official_from, c.official_to) for c in categories)
    free: set[str] = set()
    for table in file.tables("vocabularies"):
        name = table.text("name")
        if name in values:
            raise table.error("name", f"{name} 由程序固定或写了两遍，这里不能再列。")
        values[name] = tuple(Value(value) for value in table.texts("values"))
        if table.flag("free", False):
            free.add(name)
        table.source()
    synonyms: dict[str, list[Synonym]] = {name: [] for name in values}
    understood = {"change_kind": DERIVED_KINDS}
    for table in file.tables("words"):
        vocabulary, means = table.text("vocabulary"), table.optional_text("means")
        if vocabulary not in values:
            raise table.error("vocabulary", f"没有名为 {vocabulary} 的词表。")
        known = {value.name for value in values[vocabulary]} | set(understood.get(vocabulary, ()))
        if means and means not in known and vocabulary not in free:
            raise table.error("means", f"词表 {vocabulary} 里没有 {means}。")
        from_on, to_on = table.span("from_on", "to_on")
        synonyms[vocabulary] += [Synonym(word, means, from_on, to_on) for word in table.texts("words")]
        table.source()
    return {
        name: Vocabulary(name, values[name], tuple(synonyms[name]), understood.get(name, ()), name in free)
        for name in values
    }


def _read_deadlines(file: PolicyFile) -> tuple[Deadline, ...]:
    found: list[Deadline] = []
    for table in file.tables("deadlines"):
        month = table.number("month", low=1, high=12) if table.has("month") else None
        name, title = table.text("name"), table.text("title")
        day, moves = table.number("day", low=1, high=31), table.flag("moves", False)
        from_on, to_on = table.span("from_on", "to_on")
        found.append(Deadline(name, title, day, month, moves, from_on, to_on, table.source()))
    return tuple(found)


def _read_recipients(file: PolicyFile) -> tuple[Recipient, ...]:
    found: list[Recipient] = []
    for table in file.tables("recipients"):
        name, role = table.text("name"), table.text("role")
        from_on, to_on = table.span("from_on", "to_on")
        found.append(Recipient(name, role, from_on, to_on, table.source()))
    return tuple(found)


def _read_aid_counties(file: PolicyFile) -> tuple[AidCounty, ...]:
    found: list[AidCounty] = []
    for table in file.tables("aid_counties"):
        from_on, to_on = table.span("from_on", "to_on")
        found += [AidCounty(name, from_on, to_on) for name in table.texts("names")]
        table.source()
    return tuple(found)


def _read_calendar(file: PolicyFile) -> WorkCalendar:
    off: set[date] = set()
    work: set[date] = set()
    for table in file.tables("holidays"):
        year = table.number("year", low=2000, high=2100)
        for key, days in (("off", off), ("work", work)):
            listed = table.days(key)
            for day in listed:
                if day.year != year:
                    raise table.error(key, f"{day} 不在 {year} 年。")
            days.update(listed)
        table.source()
    both = off & work
    if both:
        raise UserError(f"政策文件的节假日表里 {min(both)} 既休假又上班。", "请改正再载入；台账没有改动。")
    return WorkCalendar(frozenset(off), frozenset(work))
