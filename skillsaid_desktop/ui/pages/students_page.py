"""学生台账: the general ledger page with the acts on a student and his drawer."""

from collections import Counter
from collections.abc import Mapping

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import Among, value_counts
from skillsaid_desktop.ui.dialogs.change_dialog import record_for
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.session import Session


class StudentsPage(LedgerPage):
    """The students as of a day."""

    def __init__(self, session: Session) -> None:
        self._split: str | None = None
        super().__init__(session, STUDENTS)
        self.model.set_query(filters={"is_target": Among((True,))})

    def make_drawer(self) -> RecordDrawer:
        drawer = StudentDrawer(self.session, STUDENTS)
        drawer.change_asked.connect(self.record_change)
        return drawer

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        menu.addSeparator()
        menu.addAction(tr("登记异动…"), self.record_change)

    def open_with(self, params: Mapping[str, object]) -> None:
        super().open_with(params)
        if params.get("act") == "change":
            self.strip.say(
                "information", tr("选中学生，再点右边的“登记异动”；几个人一起办，就一起选中后右键。")
            )
            self.strip.show()

    def record_change(self) -> None:
        """Record a change for the chosen students."""
        self.strip.hide()
        ids = self.chosen_ids() or ([one] if (one := self.current_id()) is not None else [])
        record_for(self.session, self.window(), ids)

    def _read(self, current: int | None) -> None:
        self._split = None
        super()._read(current)

    def split(self) -> str:
        if self._split is None:
            self._split = self._states()
        return self._split

    def _states(self) -> str:
        with self.session.ledger_file.reading() as reading:
            counts = Counter(
                {
                    str(k or "—"): n
                    for k, n in value_counts(reading, STUDENTS, self.model.query, "current_state")
                }
            )
        chosen = self.model.query.filters.get("current_state")
        if isinstance(chosen, Among):
            counts = Counter({k: n for k, n in counts.items() if k in chosen.values})
        return "，".join(f"{state} {number:,}" for state, number in counts.most_common(4))
