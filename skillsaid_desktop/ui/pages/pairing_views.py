"""一对一帮扶 as two lists, 结对名单 and 帮扶记录, beside the view by leader."""

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ledgers import CONTACTS, PAIRINGS
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.switched_page import SwitchedPage, Views
from skillsaid_desktop.ui.session import Session

VIEWS: Views = (("pairings", "按校领导"), ("pairing_list", "结对名单"), ("contacts", "帮扶记录"))
_OWNER = {
    "pairing": "SELECT student_id FROM pairing WHERE id = ?",
    "contact": "SELECT student_id FROM contact WHERE id = ?",
}


class HelpList(SwitchedPage):
    """What both lists share."""

    page_title = "一对一帮扶"
    views = VIEWS
    frozen = 3

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        menu.addAction(tr("打开这名学生"), self.open_student)
        super().add_row_acts(menu, ids)

    def open_student(self) -> None:
        """Open the student of the current row."""
        row_id = self.current_id()
        if row_id is None:
            return
        with self.session.ledger_file.reading() as reading:
            student_id = reading.scalar(_OWNER[self.ledger.entity], (row_id,))
        self.session.navigate("students", {"student": int(student_id)})


class PairingListPage(HelpList):
    """Every pairing, also those that have ended."""

    view = "pairing_list"
    new_title = "新增结对"
    help_text = (
        "所有结对，已解除的也在。左上角“按校领导”回到校领导和学生。\n"
        "点“状态”只看结对中的；解除了，填“解除日期”和“解除原因”，改完就存，Ctrl+Z 撤销。\n"
        "导入：校领导一格合并几行、只写年月的，都照着读；同一位校领导和同一名学生不会重复。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, PAIRINGS)


class ContactListPage(HelpList):
    """Every talk, call and visit."""

    view = "contacts"
    new_title = "记一笔"
    help_text = (
        "校领导每次谈话、电话、家访都在这里，最近的在上面。\n"
        "填了“帮扶措施”的，可以写责任人和完成时限，到期会提醒；办完了写“落实结果”。\n"
        "导入：一格里写了两次联系的会先问，核对后按两次登记。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, CONTACTS)
