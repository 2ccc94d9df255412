"""待办: what is still to be done for whom, by the person in whose hand it is; each line leads to where it is mended."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.follow_ups import FOLLOW_UPS, FollowUp, Load, by_person, list_follow_ups
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.ui.i18n import count, tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.ledger_page import MORE_BELOW
from skillsaid_desktop.ui.pages.list_bar import ListBar
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import CountChips
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Line, set_ground

PEOPLE_WIDTH, NARROW_PEOPLE = 264, 216
RESPONSIBLE, KIND = 5, 7
"""The columns of 责任人 and of 种类; the latter is never in sight, because the chips over the table say it."""
ALL = ""
"""The key of everybody in the list of people, and of every kind."""
_TITLES = {kind.name: tr(kind.title) for kind in FOLLOW_UPS}


class FollowUpsPage(Page):
    """People at the left with what they have in hand, the follow-ups of the chosen one at the right."""

    title = "待办"
    help_text = (
        "谁手上还有什么事，都是台账自己算出来的，不用登记：措施逾期、困难没写措施、这个月没看、类别快到期、有行等答复。\n"
        "1　左边点一个人，右边是他手上的事；逾期的排在前面。\n"
        "2　双击或按 Enter，就到办它的地方；办完，它自己从这里消失。\n"
        "3　“打印清单”按人各印一份，交给本人。\n"
        "点表头排序，按住 Shift 再点可以加次序；右键表头筛选；筛好的样子可以存成“视图”。\n"
        "Ctrl+F 查找　F8 下一件　Ctrl+E 导出　Ctrl+P 打印看到的这些"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.loads: list[Load] = []
        self.shown: list[FollowUp] = []
        self._found: list[FollowUp] = []
        self._who = ALL
        self._is_narrow = False
        self.print_button = Button(tr("打印清单"), self.print_lists, icon="print")
        self.head.add_act(self.print_button)
        self.add_head_line()
        self.table = RowTable(
            (Column(title=tr("期限"), width=104), Column(title=tr("还剩"), width=92),
             Column(title=tr("学生"), width=84, is_name=True), Column(title=tr("班级"), width=104),
             Column(title=tr("什么事"), stretches=True), Column(title=tr("责任人"), width=128, is_name=True),
             Column(title="", width=72, is_link=True), Column(title=tr("种类"))),
            name="follow_ups",
        )  # fmt: skip
        self.table.leave_out(KIND, True)
        self.table.opened.connect(self.open_row)
        self.table.clicked_link.connect(lambda row, _column: self.open_row(row))
        self.table.row_acts = self._row_acts
        self.people = RowTable(
            (Column(title=tr("责任人"), stretches=True), Column(title=tr("逾期"), width=58, right=True),
             Column(title=tr("件数"), width=50, right=True)),
            fixed=True,
        )  # fmt: skip
        self.people.setFixedWidth(PEOPLE_WIDTH)
        self.people.chosen.connect(self._on_person)
        self.people.opened.connect(lambda _row: self.table.setFocus())
        self.bar = ListBar(
            session,
            self.table,
            title=self._title,
            unit=tr("件"),
            hint=tr("姓名、首字母、什么事"),
            chips=(tr("班级"),),
        )
        self.bar.narrowed_beside = self._narrowed
        self.bar.narrow_beside = self._narrow_to
        self.table.arrangement_changed.connect(self.status_changed)
        self.table.selection_changed.connect(self.status_changed)
        self.kinds = CountChips()
        self.kinds.chosen.connect(lambda _kind: self._show_table())
        kinds = QWidget()
        column = QVBoxLayout(kinds)
        column.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 4)
        column.addWidget(self.kinds)
        right = QWidget()
        set_ground(right, "surface")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (kinds, self.bar, Line(), self.table):
            column.addWidget(widget)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self.people, Line(vertical=True), right):
            row.addWidget(widget)
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        self.stack.addWidget(both)
        self.stack.addWidget(self.empty)
        self.set_body(self.stack)

    # Reading

    def reload(self) -> None:
        with self.session.ledger_file.reading() as reading:
            self._found = list_follow_ups(reading)
        day = clock.today()
        self.loads = by_person(self._found, day)
        overdue = sum(one.due_on < day for one in self._found)
        past = f"，{overdue} 件逾期" if overdue else ""
        self.head.set_facts(
            f"{count(len(self._found), '件')}，在 {len(self.loads)} 人手上{past}" if self._found else ""
        )
        self.print_button.setEnabled(bool(self._found))
        self.stack.setCurrentIndex(0 if self._found else 1)
        self.empty.say(
            tr("没有待办"),
            tr(
                "措施逾期、困难没写措施、这个月没看、类别快到期、有行等答复的，会自己出现在这里；办完自己消失。"
            ),
        )
        names = [ALL, *(load.responsible for load in self.loads)]
        if self._who not in names:
            self._who = ALL
        self.people.blockSignals(True)
        self.people.set_rows(
            [
                _person_row(tr("全部"), overdue, len(self._found)),
                *(
                    _person_row(load.responsible, load.overdue(day), len(load.follow_ups))
                    for load in self.loads
                ),
            ]
        )
        self.people.choose(names.index(self._who))
        self.people.blockSignals(False)
        self.bar.reload()
        self._show_kinds(self.kinds.key())

    def open_with(self, params: Mapping[str, object]) -> None:
        """`responsible`: what this person has in hand; `kind`: only that kind, by its name in FOLLOW_UPS."""
        self._who = str(params.get("responsible") or ALL)
        self.table.clear_filters()
        self.reload()
        self.kinds.choose(str(params.get("kind") or ALL))
        if self.shown:
            self.table.choose_first()
            self.table.setFocus()

    def _on_person(self, row: int) -> None:
        if 0 <= row <= len(self.loads):
            self._who = self.loads[row - 1].responsible if row else ALL
            # A filter of the same would leave nothing of another person's list.
            self.table.arrange(self.table.arrangement.only(tr("责任人"), frozenset()))
            self._show_kinds()

    def _narrowed(self) -> dict[str, frozenset[str]]:
        kind = _TITLES.get(self.kinds.key(), "")
        beside = {tr("责任人"): self._who, tr("种类"): kind}
        return {title: frozenset({text}) for title, text in beside.items() if text}

    def _narrow_to(self, filters: dict[str, frozenset[str]]) -> None:
        who = filters.get(tr("责任人"), frozenset())
        names = [load.responsible for load in self.loads]
        is_one = len(who) == 1 and who <= {*names}
        self.people.choose(names.index(next(iter(who))) + 1 if is_one else 0)
        if is_one:
            del filters[tr("责任人")]
        kinds = filters.pop(tr("种类"), frozenset())
        self._show_kinds(next((name for name, title in _TITLES.items() if title in kinds), ALL))

    def _in_hand(self) -> list[FollowUp]:
        return [one for one in self._found if self._who in (ALL, one.responsible)]

    def _show_kinds(self, chosen: str = ALL) -> None:
        found = self._in_hand()
        counts = [
            (kind.name, tr(kind.title), sum(one.kind == kind.name for one in found)) for kind in FOLLOW_UPS
        ]
        there = [each for each in counts if each[2]]
        self.kinds.set_counts([(ALL, tr("全部"), len(found)), *there])
        self.kinds.choose(chosen if chosen in {name for name, _title, _number in there} else ALL)

    def _show_table(self) -> None:
        kind = self.kinds.key()
        self.shown = [one for one in self._in_hand() if kind in (ALL, one.kind)]
        day = clock.today()
        self.table.set_rows([_row(one, day) for one in self.shown])
        self._show_columns()
        self.bar.show_state()
        self.table.choose_first()
        self.status_changed.emit()

    def set_room(self, width: int, height: int) -> None:
        self._is_narrow = width < MORE_BELOW
        self.people.setFixedWidth(NARROW_PEOPLE if self._is_narrow else PEOPLE_WIDTH)
        self._show_columns()

    def _show_columns(self) -> None:
        """Leave out who it is in the hand of, where the list at the left says so or room is needed for what it is."""
        self.table.leave_out(RESPONSIBLE, self._is_narrow or self._who != ALL)

    # Acts

    def open_row(self, row: int) -> None:
        """Go to where a follow-up is mended."""
        if 0 <= row < len(self.shown):
            place = self.shown[row].place
            self.session.navigate(place.page, place.params)

    def _row_acts(self) -> list[tuple[str, Callable[[], object]]]:
        at = self.table.current_row()
        if not 0 <= at < len(self.shown):
            return []
        return [(tr(self.shown[at].place.act) + "\tEnter", partial(self.open_row, at))]

    def next_problem(self, step: int) -> None:
        """Go to the next follow-up (F8) or the previous one (Shift+F8)."""
        if self.table.step(step):
            self.table.setFocus()

    def find_here(self) -> None:
        self.bar.find_here()

    def export(self) -> None:
        """Export what the table shows (Ctrl+E)."""
        self.bar.export()

    def print_out(self) -> None:
        """Print what the table shows (Ctrl+P)."""
        self.bar.print_out()

    def _title(self) -> str:
        kind = _TITLES.get(self.kinds.key(), "")
        return (f"{self._who}的待办" if self._who else tr("待办")) + (f"（{kind}）" if kind else "")

    def print_lists(self) -> None:
        """Open the paper that each person is given, of the chosen person or of all."""
        self.session.navigate(
            "reports", {"report": "follow_ups", "params": {"responsible": self._who or None}}
        )

    def status(self) -> tuple[str, ...]:
        return (self.table.count_words(tr("件")), self.table.chosen_words(tr("件")) or self._who)


def _person_row(name: str, overdue: int, number: int) -> Row:
    return (
        Cell(name), Cell(str(overdue) if overdue else "", "explain", bold=bool(overdue)), Cell(f"{number:,}", "text2"),
    )  # fmt: skip


def _row(one: FollowUp, day: date) -> Row:
    is_late = one.severity is Severity.ASK
    return (
        Cell(one.due_on.isoformat(), weight="explain" if is_late else "hint"),
        Cell(one.left(day), "explain" if is_late else "text2", rank=(one.due_on - day).days),
        Cell(one.who), Cell(one.class_name, "text2"), Cell(one.text), Cell(one.responsible, "text2"),
        Cell(one.place.act, "accent"), Cell(_TITLES[one.kind]),
    )  # fmt: skip
