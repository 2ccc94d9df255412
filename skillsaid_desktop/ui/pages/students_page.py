"""学生台账: the general ledger page with the acts on a student and his drawer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.domain.status import ENROLLED
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import Among, ListQuery, fetch_rows, value_counts
from skillsaid_desktop.ui.dialogs.change_dialog import record_for
from skillsaid_desktop.ui.dialogs.talk_dialog import talk_with
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.attention import flag_students, unflag_students
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.session import Session

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading


class StudentsPage(LedgerPage):
    """The students as of a day."""

    first_filters = MappingProxyType({"is_target": Among((True,))})
    help_text = (
        "全校学生都在这里，先按姓名、拼音首字母或证件尾号找到人，再在右边看和改。\n"
        "1　右边“时间线”是他身上发生过的事，“资料”里改身份类别、列入关注。\n"
        "2　谈过话，点“记一笔”；休学、转出等，点“登记异动”；要整份档案，点“一生一档”。\n"
        "3　选中几个人后右键，可以一起登记异动、列入关注、出一生一档。\n"
        "点表头排序，右键表头筛选；双击或按 F2 改一格，Ctrl+Z 撤销。Ctrl+Shift+H 显示或遮住号码。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, STUDENTS)

    def make_drawer(self) -> RecordDrawer:
        drawer = StudentDrawer(self.session, STUDENTS)
        drawer.talk_asked.connect(self.note_talk)
        drawer.change_asked.connect(self.record_change)
        drawer.paper_asked.connect(lambda: self.open_papers([self.current_id()]))
        return drawer

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        menu.addSeparator()
        if len(ids) == 1:
            menu.addAction(tr("记一笔…"), self.note_talk)
        menu.addAction(tr("登记异动…"), self.record_change)
        menu.addAction(tr("列入关注…"), lambda: flag_students(self.session, ids, self._who(ids)))
        if any(self.model.row_values(self.model.row_of(one)).get("is_flagged") for one in ids):
            menu.addAction(tr("取消关注…"), lambda: unflag_students(self.session, ids, self._who(ids)))
        menu.addAction(tr("一生一档"), lambda: self.open_papers(ids))

    def open_with(self, params: Mapping[str, object]) -> None:
        super().open_with(params)
        if params.get("act") == "change":
            self.strip.say(
                "information", tr("选中学生，再点右边的“登记异动”；几个人一起办，就一起选中后右键。")
            )
            self.strip.show()

    def _who(self, ids: Sequence[int]) -> str:
        return self.model.text(self.model.row_of(ids[0]), 0) if len(ids) == 1 else f"{len(ids)} 人"

    def note_talk(self) -> None:
        """Jot a talk down with the current student."""
        one = self.current_id()
        if one is not None:
            talk_with(self.session, self.window(), one, self._who([one]))

    def record_change(self) -> None:
        """Record a change for the chosen students."""
        self.strip.hide()
        ids = self.acted_on()
        who = self._who(ids) if ids else ""
        if record_for(self.session, self.window(), ids):
            self._say_where_gone(ids, who)

    def _say_where_gone(self, ids: Sequence[int], who: str) -> None:
        """Say that those who have left are not in the list any more, and lead to them."""
        with self.session.ledger_file.reading() as reading:
            rows = fetch_rows(reading, STUDENTS, ids, self.session.as_of)
        gone = [row["id"] for row in rows if row["current_state"] not in ENROLLED]
        if not gone or not self.model.query.here_only:
            return

        def show() -> None:
            self.strip.hide()
            self.open_with({"student": gone[0]})

        words = who if len(ids) == 1 else f"{len(gone)} 人"
        self.strip.say(
            "information", f"{words}已经离校，不在这份在籍名单里了；记录都在，点“含离校”也能找到。",
            link=tr("看他的资料") if len(gone) == 1 else tr("看第一个"), on_link=show,
        )  # fmt: skip
        self.strip.show()
        self.table.setFocus()  # the buttons of the drawer, where one was, have nobody to act on any more

    def open_papers(self, ids: Sequence[int | None]) -> None:
        """Open 一生一档 of these students."""
        wanted = tuple(one for one in ids if one is not None)
        if wanted:
            self.session.navigate("student_file", {"students": wanted})

    def _read(self, current: int | None) -> None:
        super()._read(current)
        with self.session.ledger_file.reading() as reading:
            is_any = reading.scalar("SELECT EXISTS (SELECT 1 FROM attention_flag WHERE cleared_on IS NULL)")
        self.filters.chips["is_flagged"].setVisible(bool(is_any) or "is_flagged" in self.model.query.filters)

    @staticmethod
    def split(reading: "Reading", query: ListQuery, ids: Sequence[int]) -> str:
        counted = value_counts(reading, STUDENTS, query, "current_state")
        counts = Counter({str(state or "—"): number for state, number in counted})
        chosen = query.filters.get("current_state")
        if isinstance(chosen, Among):
            counts = Counter({k: n for k, n in counts.items() if k in chosen.values})
        return "，".join(f"{state} {number:,}" for state, number in counts.most_common(4))
