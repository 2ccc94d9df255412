"""户与身份: households as a list, and in a second view the dated categories person by person."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ledgers import HARDSHIP, HOUSEHOLDS
from skillsaid_desktop.ledgers.household_columns import FORM_ORDER
from skillsaid_desktop.ledgers.listing import ListQuery, value_counts
from skillsaid_desktop.ledgers.rosters import current_rosters
from skillsaid_desktop.schema import Field
from skillsaid_desktop.services.student_households import (
    HouseholdProposal,
    make_households,
    propose_households,
)
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.category_drawer import CategoryDrawer
from skillsaid_desktop.ui.pages.household_drawer import HouseholdDrawer
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.pages.switched_page import SwitchedPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button

VIEWS = (("households", "按户"), ("hardship", "按人"))
SHOWN_UNUSABLE = 3


class HouseholdView(SwitchedPage):
    """What both views share."""

    page_title = "户与身份"
    views = VIEWS


class HouseholdsPage(HouseholdView):
    """The households, with their members in the drawer."""

    new_title = "新增户"
    help_text = (
        "困难户和家庭成员都在这里；右上角“按人”看每个学生的身份类别从哪天到哪天。\n"
        "1　有户名册就导入，一人一行、一户一行都行；学生资料里写了户主的，用“更多”里的“由学生资料建户”。\n"
        "2　按户主、成员姓名、首字母、证件尾号都能找；点“一户多生”只看家里有几个在校生的。\n"
        "3　右边“成员”里，带学士帽的是本校学生，点班级就打开他。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, HOUSEHOLDS)

    def search_hint(self) -> str:
        return tr("户主、成员、证件尾号")

    def form_fields(self) -> Sequence[Field]:
        return [HOUSEHOLDS.column(name) for name in FORM_ORDER]

    def make_drawer(self) -> RecordDrawer:
        drawer = HouseholdDrawer(self.session, HOUSEHOLDS)
        drawer.removal_asked.connect(self.remove_chosen)
        return drawer

    def fill_more(self, menu: QMenu) -> None:
        super().fill_more(menu)
        menu.addSeparator()
        menu.addAction(tr("由学生资料建户…"), self.make_from_students)

    def status(self) -> tuple[str, ...]:
        shown, chosen, why = super().status()
        return (shown, chosen, why or self._students_of_chosen())

    def _students_of_chosen(self) -> str:
        if not self.chosen_ids():
            return ""
        query = ListQuery(as_of=self.session.as_of, only=tuple(self.chosen_ids()))
        with self.session.ledger_file.reading() as reading:
            counts = value_counts(reading, HOUSEHOLDS, query, "students")
        students = sum(number for name, number in counts if name)
        return f"本校学生 {students} 人" if students else ""

    def _show_empty(self) -> None:
        super()._show_empty()
        if self.model.query.filters or self.model.query.search:
            return
        found = self._proposal()
        buttons = [
            Button(
                tr("导入名单"), self.import_file, icon="arrow_import", kind="plain" if found.new else "main"
            )
        ]
        text = tr("有户名册就导入，一人一行、一户一行都行；没有，就一户一户新增。")
        if found.new:
            text = f"学生资料里已经写了户主的，可以直接建 {found.new} 户；有户名册也可以导入。"
            buttons.insert(
                0, Button(f"由学生资料建 {found.new} 户", self.make_from_students, icon="people", kind="main")
            )
        if self._has_roster():
            to_rosters = partial(self.session.navigate, "compare")
            buttons.append(Button(tr("到名册比对按名册建户"), to_rosters, icon="arrow_swap"))
        buttons.append(Button(tr(self.new_title), self.new_record, icon="add"))
        self.empty.say(tr("还没有登记困难户"), text, tuple(buttons))

    def _has_roster(self) -> bool:
        with self.session.ledger_file.reading() as reading:
            return bool(current_rosters(reading))

    def _proposal(self) -> HouseholdProposal:
        with self.session.ledger_file.reading() as reading:
            return propose_households(reading, self.session.as_of)

    def make_from_students(self) -> None:
        """Make households from the students' own columns, after saying what that would do."""
        found = self._proposal()
        if found.is_empty:
            told = _words_of_unusable(found) or tr("写了户主的学生都已经在户里。")
            self.strip.say("information", f"由学生资料没有可建可补的户。{told}")
            self.strip.show()
            return
        text = f"{found.students} 名在籍学生写了户编号或户主：新建 {found.new} 户，补充 {found.changed} 户。"
        text += f"有 {found.questions} 处对不上的记成疑问，户里的不动。" if found.questions else ""
        text += f"\n{told}" if (told := _words_of_unusable(found)) else ""
        act = f"建 {found.new} 户" if found.new else f"补充 {found.changed} 户"
        if not self.session.prompts.ask(
            tr("由学生资料建户"), text, act=act, safe=tr("不建"), detail=tr("可以一步撤销。")
        ):
            return
        if self.session.attempt(lambda: make_households(self.session.ledger_file, self.session.as_of)):
            self.strip.hide()
            self.session.say(f"新建 {found.new} 户，补充 {found.changed} 户。")


class HardshipPage(HouseholdView):
    """The dated categories person by person."""

    new_title = "新增类别"
    help_text = (
        "每个学生的身份类别：哪一类、从哪天、到哪天、依据什么、名册原来怎么写。\n"
        "左上角“按户”回到户和家庭成员。\n"
        "类别到期，填“止”；风险消除，填“消除时间”。改完就存，Ctrl+Z 撤销。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, HARDSHIP)

    def make_drawer(self) -> RecordDrawer:
        drawer = CategoryDrawer(self.session, HARDSHIP)
        drawer.removal_asked.connect(self.remove_chosen)
        drawer.student_asked.connect(self.open_student)
        return drawer

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        menu.addAction(tr("打开这名学生"), self.open_student)

    def open_student(self) -> None:
        """Open the student of the current row."""
        row_id = self.current_id()
        if row_id is None:
            return
        with self.session.ledger_file.reading() as reading:
            student_id = reading.scalar("SELECT student_id FROM hardship_status WHERE id = ?", (row_id,))
        self.session.navigate("students", {"student": int(student_id)})


def _words_of_unusable(found: HouseholdProposal) -> str:
    if not found.unusable:
        return ""
    shown = "；".join(found.unusable[:SHOWN_UNUSABLE])
    return f"{len(found.unusable)} 人的没法用：{shown}。"
