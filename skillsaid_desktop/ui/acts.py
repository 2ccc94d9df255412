"""What can be done now, as 查找 offers it: the acts of the page in sight, of the window, and the ways to each page's.

None is listed by hand twice: a page's acts are its buttons and its menu 更多, imports follow from the ledgers, and a
page that is not in sight names its main acts in `PAGES`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button, DropButton

if TYPE_CHECKING:
    from skillsaid_desktop.ui.main_window import MainWindow


@dataclass(frozen=True)
class Act:
    """Something that can be done: its name, where it belongs, other words for it, and the doing."""

    title: str
    do: Callable[[], object]
    about: str = ""
    words: str = ""
    icon: str = "chevron_right"


def page_acts(page: Page, menu: QMenu) -> list[Act]:
    """Return what the page in sight offers: its buttons and, read into `menu`, what stands under 更多."""
    bars = [page.head, *page.findChildren(FooterBar)]
    buttons = [one for bar in bars for one in bar.findChildren(Button)]
    page.fill_more(menu)
    offered = [
        (one.text(), one.click)
        for one in buttons
        if one.text() and one.isVisible() and one.isEnabled() and not _only_shows(one)
    ]
    offered += [(one.text(), one.trigger) for one in menu.actions() if one.text() and one.menu() is None]
    acts: dict[str, Act] = {}
    for text, do in offered:
        title = text.removesuffix("…")
        acts.setdefault(title, Act(title, do, page.title))
    return list(acts.values())


def _only_shows(button: Button) -> bool:
    """Tell whether a button does nothing by itself: it opens a list of what stands here anyway, or of days."""
    is_quiet = button.property("kind") == "quiet"
    return isinstance(button, DropButton) and (is_quiet or button.text() == tr("更多"))


def window_acts(main: "MainWindow") -> list[Act]:
    """Return what the window offers on every page."""
    undone = main.session.ledger_file.undoable(1)
    redone = main.session.ledger_file.redoable(1)
    acts = [Act(tr("撤销：") + row.name, main.undo, "", icon="arrow_undo") for row in undone]
    acts += [
        Act(tr("重做：") + row.name.removeprefix("撤销："), main.redo, icon="arrow_redo") for row in redone
    ]
    acts += [
        Act(tr("现在备份"), main.back_up, tr("备份与恢复"), "优盘 U盘", "shield_checkmark"),
        Act(tr("锁上台账"), main.lock_asked.emit, tr("再打开要输口令"), "退出 口令", "lock_closed"),
        Act(tr("本页帮助"), main.show_help, "F1", icon="question_circle"),
        Act(tr("收起或展开导航"), main.toggle_navigation, "Ctrl+B", icon="navigation"),
    ]
    acts += [
        Act(
            f"{tr('外观')}：{tr(title)}",
            partial(main.set_scheme, scheme),
            words="切换 主题 夜间",
            icon="settings",
        )
        for scheme, title in theme.SCHEMES
        if scheme != theme.stored_scheme()
    ]
    return acts + _imports(main) + _elsewhere(main)


def _imports(main: "MainWindow") -> list[Act]:
    from skillsaid_desktop.ledgers import LEDGERS
    from skillsaid_desktop.ledgers.rosters import ROSTER_KINDS

    ways = [(each.list_name or each.title, "import", each.name) for each in LEDGERS if each.importable]
    ways += [(each.title, "roster_import", each.name) for each in ROSTER_KINDS]
    return [
        Act(f"{tr('导入')}{title}", partial(main.open_page, page, {"kind": kind}), icon="arrow_import")
        for title, page, kind in ways
    ]


def _elsewhere(main: "MainWindow") -> list[Act]:
    """Return the main acts of pages that are not in sight."""
    acts = []
    for entry in main.entries.values():
        for act in entry.acts:
            acts.append(Act(act.title, partial(main.open_act, entry.name, act), entry.title, icon=entry.icon))
    return acts
