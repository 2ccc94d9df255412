"""Deleting rows by hand: what would be lost is said first, a closed month asks for its reason, and it can be undone."""

from collections.abc import Sequence

from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.removal import plan_removal, remove_rows, reported_month
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session

_BARE_UNITS = ("次", "条")
"""Units that do not say of what."""


def remove_records(session: Session, ledger: Ledger, record_ids: Sequence[int], who: str) -> bool:
    """Ask, and delete these rows as one step; tell whether they are gone."""
    with session.ledger_file.reading() as reading:
        removal = plan_removal(reading, ledger, record_ids)
        month = reported_month(reading, removal)
    lost = removal.lost
    counted = removal.counted + (ledger.title if ledger.unit in _BARE_UNITS else "")
    title = f"{tr('删除')} {who}：{counted}" if who else f"{tr('删除')} {removal.counted}"
    safe, act = tr("不删"), f"{tr('删除')} {removal.counted}"
    reason = ""
    if month is not None:
        closed = f"{month}已封账。删除后列为本月更正，已报出的数字不变，可以撤销。请写原因。"
        text = "\n".join((*removal.sentences, closed))
        told = session.prompts.ask_text(title, text, label=tr("更正原因"), act=act, safe=safe)
        if told is None:
            return False
        reason = told
    else:
        text = "\n".join((*removal.sentences, tr("可以一步撤销。")))
        if not session.prompts.ask(title, text, act=act, safe=safe, danger=True):
            return False

    def remove() -> None:
        with session.ledger_file.operation(f"删除{ledger.title} {who or lost}") as uow:
            remove_rows(uow, ledger, record_ids, correction=reason)

    if not session.attempt(remove):
        return False
    session.say(f"已删除：{who or lost}")
    return True
