"""存问题表 from an import or from 待处理: whole numbers go out, so the purpose is asked for and written down."""

from collections.abc import Callable
from pathlib import Path

from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.services.problem_sheet import PURPOSE, record_problem_sheet
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session


def save_problem_sheet(
    session: Session, ledger: Ledger, count: int, name: str, write: Callable[[Path], int]
) -> None:
    """Ask where to and what for, write the sheet of `count` rows with `write`, and keep a record of it."""
    path = session.prompts.save_file(tr("存问题表"), name, "Excel (*.xlsx)")
    if path is None:
        return
    purpose = session.prompts.ask_text(
        f"存问题表：{ledger.title} {count} 行", tr("里面有完整的证件号。用途会写进操作记录。"),
        label=tr("用途"), act=tr("存问题表"), safe=tr("不存"), initial=tr(PURPOSE),
    )  # fmt: skip
    if purpose is None or not session.attempt(lambda: write(path)):
        return
    record_problem_sheet(session.ledger_file, ledger, count, path, purpose)
    session.say(f"问题表存好了：{path.name}。改好可以直接再导入。", undo=False)
