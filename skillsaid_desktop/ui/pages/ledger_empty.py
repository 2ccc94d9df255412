"""What a ledger's page says where it has no row to show: how to begin, or how to see more."""

from typing import TYPE_CHECKING

from skillsaid_desktop.ledgers.listing import ListQuery, count_rows
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages import PAGES
from skillsaid_desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from skillsaid_desktop.ui.pages.ledger_page import LedgerPage


def say_empty(page: "LedgerPage") -> None:
    """Say what to do first in a ledger without any row, else how to widen what is looked for."""
    query, ledger, filters = page.model.query, page.ledger, page.filters
    with page.session.ledger_file.reading() as reading:
        has_any = count_rows(reading, ledger, ListQuery(as_of=query.as_of, here_only=False)) > 0
    if not has_any:
        buttons = [Button(tr(page.new_title), page.new_record, icon="add", kind="main")]
        if any(entry.name == "import" for entry in PAGES):
            buttons.insert(0, Button(tr("导入名单"), page.import_file, icon="arrow_import"))
        page.empty.say(
            f"{ledger.title}里还没有记录", "有现成的名单就导入；没有，就一条一条新增。", tuple(buttons)
        )
        return
    acts = [Button(tr("清除筛选"), filters.clear_all)]
    if query.search and (query.filters or query.only is not None):
        search = query.search
        acts = [Button(f"不看筛选，只找“{search}”", lambda: filters.set_all({}, search))]
    if ledger.here and query.here_only:
        acts.append(Button(tr("连离校的也找"), lambda: filters.show_gone(True)))
    page.empty.say(f"没有符合的{ledger.title.removesuffix('台账')}", "", tuple(acts))
