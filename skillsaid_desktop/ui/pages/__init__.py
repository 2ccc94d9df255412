"""The pages of the window: one function and one line in `PAGES` each, imported when first opened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading
    from skillsaid_desktop.ui.page import Page
    from skillsaid_desktop.ui.session import Session


@dataclass(frozen=True)
class Waiting:
    """Work that waits behind an entry; `stops` marks it with ●."""

    count: int
    stops: bool = False


@dataclass(frozen=True)
class PageEntry:
    """One page: name, title and icon in the navigation, its group, how it is made, what waits in it.

    `group` "" stands at the top, "bottom" at the bottom, "hidden" not in the navigation at all.
    """

    name: str
    title: str
    icon: str
    group: str
    make: "Callable[[Session], Page]"
    waiting: "Callable[[Reading, str], Waiting] | None" = None


def _students(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.students_page import StudentsPage

    return StudentsPage(session)


def _ledger(name: str) -> "Callable[[Session], Page]":
    def make(session: "Session") -> "Page":
        from skillsaid_desktop.ledgers import LEDGERS
        from skillsaid_desktop.ui.pages.ledger_page import LedgerPage

        return LedgerPage(session, next(each for each in LEDGERS if each.name == name))

    return make


def _changes(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.changes_page import ChangesPage

    return ChangesPage(session)


def _history(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.history_page import HistoryPage

    return HistoryPage(session)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("students", "学生台账", "people", "学生", _students),
    PageEntry("classes", "班级", "people_team", "学生", _ledger("classes")),
    PageEntry("hardship", "身份类别", "home_person", "学生", _ledger("hardship")),
    PageEntry("changes", "异动", "person_swap", "学生", _changes),
    PageEntry("history", "操作记录", "history", "bottom", _history),
)
_WITH_PAGE = frozenset({entry.name for entry in PAGES} | {"monitoring"})


def all_pages() -> tuple[PageEntry, ...]:
    """Return all entries: a ledger without a page of its own gets the general one."""
    from skillsaid_desktop.ledgers import LEDGERS

    others = tuple(
        PageEntry(each.name, each.title, "table", "其他台账", _ledger(each.name))
        for each in LEDGERS
        if each.name not in _WITH_PAGE
    )
    return PAGES + others
