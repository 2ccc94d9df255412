"""异动: the ledger of dated changes, and the way to record one for a student, a class or a year."""

from functools import partial

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ledgers import CHANGES, CLASSES
from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, list_ids
from skillsaid_desktop.services.record_change import students_of
from skillsaid_desktop.ui.dialogs.change_dialog import record_for
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import DropButton


class ChangesPage(LedgerPage):
    """The changes; recording starts here or from the students."""

    new_title = "登记异动"
    help_text = (
        "学籍异动都在这里：休学、复学、转出、岗位实习、毕业等。\n"
        "一个人的异动，在学生台账里选中他再点“登记异动”；整班、整级一起办的，用右上角的“整班、整级”。\n"
        "登记前右边会写清楚：状态变成什么、哪个月的报表多一行。登记后 Ctrl+Z 可以撤销。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, CHANGES)

    def add_acts(self) -> None:
        self.groups = DropButton(tr("整班、整级"), icon="people_audience", kind="plain")
        self.groups.clicked.connect(lambda _checked=False: self._open_groups())
        super().add_acts()
        self.head.add_act(self.groups, 1)

    def set_room(self, width: int, height: int) -> None:
        self.groups.setVisible(not self.has_little_room(width, height))
        super().set_room(width, height)
        for button in self._out:  # four acts in all, the rest under 更多
            button.hide()
        self._more.show()

    def fill_more(self, menu: QMenu) -> None:
        if self.groups.isHidden():
            groups = menu.addMenu(tr("整班、整级"))
            groups.addActions(self.group_menu().actions())
        super().fill_more(menu)

    def new_record(self) -> None:
        self.session.navigate("students", {"act": "change"})

    def group_menu(self) -> QMenu:
        """Return the menu of intakes and classes."""
        menu = QMenu(self)
        day = self.session.as_of
        with self.session.ledger_file.reading() as reading:
            rows = fetch_rows(reading, CLASSES, list_ids(reading, CLASSES, ListQuery(as_of=day)), day)
        grades = sorted({int(row["grade"]) for row in rows if row.get("grade")}, reverse=True)
        for grade in grades:
            menu.addAction(f"{grade} 级全部", partial(self.record_group, grade=grade))
        menu.addSeparator()
        for row in rows:
            menu.addAction(str(row["name"]), partial(self.record_group, class_id=int(row["id"])))
        return menu

    def _open_groups(self) -> None:
        self.group_menu().popup(self.groups.mapToGlobal(self.groups.rect().bottomLeft()))

    def record_group(self, *, class_id: int | None = None, grade: int | None = None) -> None:
        """Record one change for a whole class or a whole intake."""
        with self.session.ledger_file.reading() as reading:
            ids = students_of(reading, class_id=class_id, grade=grade, on=self.session.as_of)
        record_for(self.session, self.window(), ids)
