"""The acts of 一对一帮扶: a talk noted, pairing, handing over, ending, cards and lists."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from skillsaid_desktop import clock
from skillsaid_desktop.ui.dialogs.contact_dialog import record_for
from skillsaid_desktop.ui.dialogs.hand_over_dialog import HandOverDialog
from skillsaid_desktop.ui.dialogs.pair_dialogs import EndDialog, PairDialog
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.pairing_papers import export_pairings, print_paper
from skillsaid_desktop.ui.pages.pairing_rows import ALL, UNPAIRED

if TYPE_CHECKING:
    from skillsaid_desktop.ui.pages.pairings_page import PairingsPage


class PairingActs:
    """What is done with the chosen pairings, or with the leader in sight."""

    def __init__(self, page: "PairingsPage") -> None:
        self._page = page

    def record_contact(self) -> None:
        """Record a talk with the chosen student."""
        one = self._page.chosen_pairing()
        if one is None:
            self._page.session.say(tr("先在左边选校领导，再选一名学生。"), undo=False)
            return
        record_for(self._page.session, self._page.window(), one)

    def pair(self) -> None:
        """Pair the ticked students; elsewhere first show whom nobody helps."""
        if self._page.views.currentIndex() != 1:
            self._page.show_unpaired()
            return
        students = self._page.unpaired.chosen()
        if not students:
            self._page.session.say(tr("帮扶对象都有校领导结对，没有要结对的。"), undo=False)
            return
        dialog = PairDialog(self._page.window(), self._page.session, students)
        if self._page.session.prompts.run(dialog):
            self._page.session.say(f"已结对：{dialog.leader.text()} {len(students)} 人")

    def hand_over(self) -> None:
        """Hand all students of the chosen leader to others."""
        one = self._page.chosen_pairing()
        name = one.leader if one is not None else self._page.leader
        load = self._page.found.load_of(name)
        if load is None:
            self._page.session.say(tr("先在左边选要移交的校领导。"), undo=False)
            return
        dialog = HandOverDialog(self._page.window(), self._page.session, load.leader)
        if self._page.session.prompts.run(dialog) and dialog.plan is not None:
            self._page.session.say(f"已移交：{name}的 {dialog.plan.number} 对结对")

    def end(self) -> None:
        """End the chosen pairings."""
        ended = (
            [self._page.shown[row] for row in self._page.table.chosen_rows()]
            if self._page.chosen_pairing()
            else []
        )
        if not ended:
            self._page.session.say(tr("先选要解除的那一对。"), undo=False)
            return
        dialog = EndDialog(self._page.window(), self._page.session, ended)
        if self._page.session.prompts.run(dialog):
            one = ended[0]
            whom = f"{one.leader}和{one.student}的" if len(ended) == 1 else f"{len(ended)} 对"
            self._page.session.say(f"已解除：{whom}结对")

    def end_words(self) -> str:
        """Return the name of the act that ends what is chosen."""
        number = len(self._page.table.chosen_rows())
        return f"解除 {number} 对…" if number > 1 else tr("解除这一对…")

    def row_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what can be done with the chosen rows, for their menu."""
        one = self._page.chosen_pairing()
        if one is None:
            return []
        acts: list[tuple[str, Callable[[], object]]] = []
        if len(self._page.table.chosen_rows()) == 1:
            acts += [
                (tr("记一笔…") + "\tCtrl+Enter", self.record_contact),
                (tr("打开学生") + "\tEnter", self._page.open_student),
            ]
        return [*acts, (self.end_words(), self.end), (f"移交{one.leader}的学生…", self.hand_over)]

    def do_next(self, row: int) -> None:
        """Do what stands at the end of a row: hand over, end, or record a talk."""
        self._page.table.choose(row)
        one = self._page.shown[row]
        if one.has_leader_left:
            self.hand_over()
        elif not one.is_enrolled:
            self.end()
        else:
            self.record_contact()

    def print_cards(self, report: str) -> None:
        """Print cards: pocket cards of the leader in sight (else of all), contact cards of the chosen student."""
        one = self._page.chosen_pairing()
        leader = self._page.leader if self._page.leader not in (ALL, UNPAIRED) else None
        params: dict[str, object] = {"as_of": clock.today(), "leader": leader}
        if report == "contact_cards" and one is not None:
            params |= {"leader": one.leader, "students": (one.student_id,)}
        print_paper(self._page, self._page.session, report, params)

    def export_pairings(self) -> None:
        """Export the pairings in sight in the columns of 结对名单, which can be imported again."""
        if ids := [self._page.shown[row].id for row in self._page.table.shown_rows()]:
            export_pairings(self._page.session, ids, self._page.shown_title())
        else:
            self._page.session.say(tr("这里没有结对，没有导出。"), undo=False)
