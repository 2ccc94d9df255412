"""The pages of the window: one function and one line in `PAGES` each, imported when first opened."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from skillsaid_desktop.ledgers import Ledger
    from skillsaid_desktop.progress import Progress
    from skillsaid_desktop.storage import Reading
    from skillsaid_desktop.ui.page import Page
    from skillsaid_desktop.ui.session import Session


class Waiting(NamedTuple):
    """Work that waits behind an entry; `stops` marks it with ●."""

    number: int
    stops: bool = False


class PageAct(NamedTuple):
    """What one comes to a page for: what it is called, what the page is opened with, the method that is called then."""

    title: str
    params: "Mapping[str, object] | None" = None
    method: str = ""


class PageEntry(NamedTuple):
    """One page: name, title and icon in the navigation, its group, how it is made, what waits in it.

    `group` "" stands at the top, "bottom" at the bottom, "hidden" not in the navigation at all.
    `under` names the entry that is marked while a hidden page is in sight. `acts` are offered by 查找 from everywhere;
    `is_table` says that the page can be opened with `records`. `waiting` counts beside the window and may be stopped.
    """

    name: str
    title: str
    icon: str
    group: str
    make: "Callable[[Session], Page]"
    waiting: "Callable[[Reading, str, Progress], Waiting] | None" = None
    under: str = ""
    acts: tuple[PageAct, ...] = ()
    is_table: bool = False


def _new(title: str) -> PageAct:
    return PageAct(title, method="new_record")


def _students(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.students_page import StudentsPage

    return StudentsPage(session)


def _ledger(name: str) -> "Callable[[Session], Page]":
    def make(session: "Session") -> "Page":
        from skillsaid_desktop.ledgers import LEDGERS
        from skillsaid_desktop.ui.pages.ledger_page import LedgerPage

        return LedgerPage(session, next(each for each in LEDGERS if each.name == name))

    return make


def _households(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.households_page import HouseholdsPage

    return HouseholdsPage(session)


def _hardship(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.households_page import HardshipPage

    return HardshipPage(session)


def _changes(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.changes_page import ChangesPage

    return ChangesPage(session)


def _classes(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.classes_page import ClassesPage

    return ClassesPage(session)


def _student_file(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.student_file_page import StudentFilePage

    return StudentFilePage(session)


def _proofs(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.proofs_page import ProofsPage

    return ProofsPage(session)


def _file_sorting(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.file_sorting_page import FileSortingPage

    return FileSortingPage(session)


def _history(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.history_page import HistoryPage

    return HistoryPage(session)


def _desk(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.desk_page import DeskPage

    return DeskPage(session)


def _desk_waiting(reading: "Reading", month: str, progress: "Progress") -> Waiting:
    from skillsaid_desktop.services.desk import latest_desk

    return Waiting(len(latest_desk(reading, month, progress).blocking), stops=True)


def _follow_ups(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.follow_ups_page import FollowUpsPage

    return FollowUpsPage(session)


def _pending(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.pending_page import PendingPage

    return PendingPage(session)


def _pending_waiting(reading: "Reading", month: str, progress: "Progress") -> Waiting:
    from skillsaid_desktop.services.pending import count_pending

    return Waiting(count_pending(reading))


def _monitoring(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage

    return MonitoringPage(session)


def _monitoring_waiting(reading: "Reading", month: str, progress: "Progress") -> Waiting:
    from skillsaid_desktop.services.monitoring import class_progress

    return Waiting(sum(one.due - one.done for one in class_progress(reading, month)))


def _pairings(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.pairings_page import PairingsPage

    return PairingsPage(session)


def _pairings_waiting(reading: "Reading", month: str, progress: "Progress") -> Waiting:
    from skillsaid_desktop.clock import today
    from skillsaid_desktop.ledgers.pairing_standing import active_pairings

    return Waiting(sum(each.is_overdue or each.must_end for each in active_pairings(reading, today())))


def _pairing_list(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.pairing_views import PairingListPage

    return PairingListPage(session)


def _contacts(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.pairing_views import ContactListPage

    return ContactListPage(session)


def _reports(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.reports_page import ReportsPage

    return ReportsPage(session)


def _settings(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.settings_page import SettingsPage

    return SettingsPage(session)


def _import(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.import_page import ImportPage

    return ImportPage(session)


def _compare(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.compare_page import ComparePage

    return ComparePage(session)


def _compare_waiting(reading: "Reading", month: str, progress: "Progress") -> Waiting:
    from skillsaid_desktop.ledgers.comparison import Outcome
    from skillsaid_desktop.services.comparison import compare

    return Waiting(len(compare(reading).of(Outcome.PROBABLE)))


def _roster_import(session: "Session") -> "Page":
    from skillsaid_desktop.ui.pages.roster_import_page import RosterImportPage

    return RosterImportPage(session)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("desk", "首页", "desktop", "", _desk, _desk_waiting, acts=(PageAct("月末办理、封账"),)),
    PageEntry("follow_ups", "待办", "clipboard_task_list_ltr", "hidden", _follow_ups, under="desk"),
    PageEntry("pending", "待处理", "text_bullet_list_square_edit", "", _pending, _pending_waiting),
    PageEntry(
        "students", "学生台账", "people", "学生", _students, acts=(_new("新增学生"),), is_table=True
    ),
    PageEntry("classes", "班级", "people_audience", "学生", _classes, acts=(_new("新增班级"),), is_table=True),
    PageEntry(
        "households", "户与身份", "home_person", "学生", _households, acts=(_new("新增户"),), is_table=True
    ),
    PageEntry(
        "hardship", "身份类别", "home_person", "hidden", _hardship, under="households",
        acts=(_new("新增身份类别"),), is_table=True,
    ),
    PageEntry("changes", "异动", "person_swap", "学生", _changes, acts=(_new("登记异动"),), is_table=True),
    PageEntry("student_file", "一生一档", "notepad", "学生", _student_file, acts=(PageAct("打印一生一档"),)),
    PageEntry(
        "proofs", "材料", "attach", "学生", _proofs, acts=(PageAct("看谁缺材料", {"missing": True}),), is_table=True
    ),
    PageEntry(
        "file_sorting", "批量归入材料", "attach", "hidden", _file_sorting, under="proofs",
        acts=(PageAct("批量归入材料：一个文件夹的照片和扫描件"),),
    ),
    PageEntry(
        "monitoring", "每月监测", "clipboard_text_edit", "帮扶", _monitoring, _monitoring_waiting,
        acts=(PageAct("填监测：去没看过的学生", {"missing": True}), PageAct("催班主任交监测表", {"collect": "未交"})),
    ),
    PageEntry(
        "pairings", "一对一帮扶", "people_community", "帮扶", _pairings, _pairings_waiting,
        acts=(PageAct("给没有结对的学生结对", {"unpaired": True}),),
    ),
    PageEntry(
        "pairing_list", "结对名单", "people_community", "hidden", _pairing_list, under="pairings",
        acts=(_new("新增结对"),), is_table=True,
    ),
    PageEntry(
        "contacts", "帮扶记录", "people_community", "hidden", _contacts, under="pairings",
        acts=(_new("记一笔"),), is_table=True,
    ),
    PageEntry("compare", "名册比对", "arrow_swap", "月报", _compare, _compare_waiting),
    PageEntry("reports", "报表", "document_table", "月报", _reports),
    PageEntry("import", "导入", "arrow_import", "hidden", _import),
    PageEntry("roster_import", "导入名册", "arrow_import", "hidden", _roster_import),
    PageEntry(
        "settings", "设置", "settings", "bottom", _settings,
        acts=(
            PageAct("设置：学校和统计月", {"tab": "school"}), PageAct("设置：政策与期限", {"tab": "policy"}),
            PageAct("设置：备份与恢复", {"tab": "backup"}), PageAct("设置：口令和外观", {"tab": "keys"}),
        ),
    ),
    PageEntry("history", "操作记录", "history", "bottom", _history),
)  # fmt: skip
_WITH_PAGE = frozenset(entry.name for entry in PAGES)


def _general(ledger: "Ledger") -> PageEntry:
    acts = (_new(f"新增{ledger.title}"),) if any(one.typed and one.required for one in ledger.fields) else ()
    make = _ledger(ledger.name)
    return PageEntry(ledger.name, ledger.title, "table", "其他台账", make, acts=acts, is_table=True)


def all_pages() -> tuple[PageEntry, ...]:
    """Return all entries: a ledger without a page of its own gets the general one."""
    from skillsaid_desktop.ledgers import LEDGERS

    others = tuple(_general(each) for each in LEDGERS if each.name not in _WITH_PAGE)
    return PAGES + others
