"""一对一帮扶: leaders and their load at the left, their students with the last contact, and whom nobody helps."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.services.pairings import (
    PairingsOnDay,
    PairingStanding,
    last_contacts,
    pairings_found,
    pairings_on,
)
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.ledger_page import LOW
from skillsaid_desktop.ui.pages.list_bar import ListBar
from skillsaid_desktop.ui.pages.pairing_acts import PairingActs
from skillsaid_desktop.ui.pages.pairing_detail import PairingDetail
from skillsaid_desktop.ui.pages.pairing_rows import (
    ALL,
    COLUMNS,
    HAND_OVER,
    LEADER_AT,
    LEADER_COLUMNS,
    TALK,
    UNPAIRED,
    leader_row,
    pairing_row,
)
from skillsaid_desktop.ui.pages.pairing_views import VIEWS
from skillsaid_desktop.ui.pages.unpaired_pane import UnpairedPane
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button, DropButton
from skillsaid_desktop.ui.widgets.choice_switch import ChoiceSwitch
from skillsaid_desktop.ui.widgets.fields import SearchField
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, Line


class PairingsPage(Page):
    """The list at the left chooses; a talk is one key away (Ctrl+Enter).

    It looks at today whatever month is in hand: whether a talk is overdue is a question of now.
    """

    title = "一对一帮扶"
    entities = frozenset(
        {"pairing", "contact", "help_measure", "student", "status_change", "hardship_status", "school_class", "setting",
         "policy_text"}
    )  # fmt: skip
    help_text = (
        "每个帮扶对象有一位校领导，领导定期联系，联系一次记一笔。\n"
        "1　左边选校领导，右边是他的学生；久没联系的亮着，在最前面。\n"
        "2　选中学生，Ctrl+Enter 记一笔：日期和方式已经填好，写一两句就行。\n"
        "3　“没有结对”里勾选学生，一次结对几个人；对口县的排在前面。\n"
        "4　领导调离，用“移交…”把学生一次交给别人，先看清谁交给谁再点。\n"
        "Ctrl+F 找学生　Enter 打开学生　F8 下一个逾期　Ctrl+I 导入帮扶记录　Ctrl+P 打印"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found = PairingsOnDay(leaders=(), unpaired=())
        self.shown: list[PairingStanding] = []
        self.acts = PairingActs(self)
        self.leader = ALL
        self._only: frozenset[int] | None = None
        self._because = ""
        self._is_low = False
        self.switch = ChoiceSwitch(VIEWS, "pairings")
        self.switch.chosen.connect(session.navigate)
        self.head.add_beside_title(self.switch)
        self.talk_button = Button(tr(TALK), self.acts.record_contact, icon="add", kind="main")
        self.pair_button = Button(tr("结对…"), self.acts.pair, icon="person_add")
        self.import_button = DropButton(tr("导入"), icon="arrow_import", kind="plain")
        self.import_button.clicked.connect(lambda _checked=False: self._open_import())
        self.more_button = DropButton(tr("更多"), kind="plain")
        self.more_button.clicked.connect(lambda _checked=False: self._open_more())
        for button in (self.talk_button, self.pair_button, self.import_button, self.more_button):
            self.head.add_act(button)
        self.add_head_line()
        self._lay_out()

    def _lay_out(self) -> None:
        self.leaders = RowTable(LEADER_COLUMNS, fixed=True)
        self.leaders.chosen.connect(self._on_leader)
        self.search = SearchField(tr("姓名、首字母、班级"), width=180)
        self.search.searched.connect(lambda _text: self._show_rows())
        self._name = Label(role="section2")
        self._facts = ElidedLabel()
        self.card_button = Button(tr("口袋卡"), lambda: self.acts.print_cards("pocket_cards"), icon="print")
        self.hand_over_button = Button(tr(HAND_OVER), self.acts.hand_over)
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 7, PAGE_MARGIN, 7)
        head.setSpacing(10)
        for widget, stretch in (
            (self.search, 0), (self._name, 0), (self._facts, 1), (self.card_button, 0), (self.hand_over_button, 0),
        ):  # fmt: skip
            head.addWidget(widget, stretch)
        self.table = RowTable(COLUMNS, name="pairings")
        self.bar = ListBar(
            session=self.session, table=self.table, title=self._list_title, unit=tr("对"), buttons=head
        )
        self.bar.narrowed_beside = lambda: (
            {} if self.leader in (ALL, UNPAIRED) else {COLUMNS[LEADER_AT].title: frozenset({self.leader})}
        )
        self.bar.narrow_beside = self._narrow_to
        self.table.arrangement_changed.connect(self.status_changed)
        self.table.selection_changed.connect(self.status_changed)
        self.search.left_down.connect(self.table.setFocus)
        self.table.chosen.connect(lambda _row: self._show_detail())
        self.table.opened.connect(lambda _row: self.open_student())
        self.table.row_acts = self.acts.row_acts
        self.table.clicked_link.connect(lambda row, _column: self.acts.do_next(row))
        self.detail = PairingDetail()
        self.detail.student_wanted.connect(self.open_student)
        self.detail.card_wanted.connect(lambda: self.acts.print_cards("contact_cards"))
        self.detail.all_wanted.connect(self._open_contacts)
        self.nothing = EmptyPage()
        self._tables = QStackedWidget()
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.nothing)
        down = QSplitter(Qt.Orientation.Vertical)
        down.setChildrenCollapsible(False)
        down.addWidget(self._tables)
        down.addWidget(self.detail)
        down.setStretchFactor(0, 1)
        down.setSizes([430, 220])
        pairs = QWidget()
        column = QVBoxLayout(pairs)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(Line())
        column.addWidget(down, 1)
        self.unpaired = UnpairedPane(self.session)
        self.unpaired.pair_wanted.connect(self.acts.pair)
        self.unpaired.chosen_changed.connect(self.status_changed)
        self.views = QStackedWidget()
        self.views.addWidget(pairs)
        self.views.addWidget(self.unpaired)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.leaders)
        self.splitter.addWidget(self.views)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([236, 1000])
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self.empty)
        self.set_body(self.stack)

    def set_room(self, width: int, height: int) -> None:
        self._is_low = height < 620
        self.search.set_width(150 if width < 1180 else 180)
        self.search.setPlaceholderText(tr("姓名、班级") if width < 1180 else tr("姓名、首字母、班级"))
        # A low window's command bar stands in the same row: what has no room there is under 更多.
        is_shared = height < LOW and width < 1400
        self.pair_button.setVisible(width >= 1100 and not is_shared)
        self.import_button.setVisible(not is_shared)
        self.switch.setVisible(width >= 1000 and not is_shared)
        for at, least in ((3, 1180), (4, 1180)):
            self.table.leave_out(at, width < least)
        self.bar.columns.setVisible(width >= 1180)
        self.splitter.setSizes([216 if width < 1180 else 236, width])
        self._show_detail()

    # Reading

    def reload(self) -> None:
        self.switch.set_value("pairings")
        chosen = self.chosen_pairing()
        with self.session.ledger_file.reading() as reading:
            self.found = pairings_on(reading, clock.today())
            has_any = bool(reading.scalar("SELECT EXISTS (SELECT 1 FROM pairing)"))
        pairings, day = self.found.pairings, clock.today()
        overdue = sum(each.overdue for each in self.found.leaders)
        facts = [
            f"截至 {day.isoformat()}",
            f"校领导 {len(self.found.leaders)} 人，学生 {len({each.student_id for each in pairings})} 人",
        ]
        facts += [f"逾期 {overdue}"] if overdue else []
        facts += [f"没有结对 {len(self.found.unpaired)}"] if self.found.unpaired else []
        self.head.set_facts("　".join(facts) if has_any else "")
        is_bare = not has_any and self.leader != UNPAIRED
        self.stack.setCurrentIndex(1 if is_bare else 0)
        self.talk_button.setEnabled(has_any)
        if is_bare:
            self._show_empty()
            self.status_changed.emit()
            return
        names = self._entries()
        if self.leader not in names:
            self.leader = ALL
        self.leaders.blockSignals(True)
        self.leaders.set_rows([leader_row(self.found, name) for name in names])
        self.leaders.choose(names.index(self.leader))
        self.leaders.blockSignals(False)
        self.unpaired.show_students(self.found.unpaired)
        self._show_rows(chosen.id if chosen else None)

    def _entries(self) -> list[str]:
        return [ALL, UNPAIRED, *(each.leader.name for each in self.found.leaders)]

    def _show_empty(self) -> None:
        waiting = len(self.found.unpaired)
        first = [each for each in self.found.unpaired if each.is_paired_county]
        if not waiting:
            self.empty.say(
                tr("还没有结对"), tr("帮扶对象每人有一位校领导。先导入学生名册，名册里有身份类别的会列在这里。"),
                (Button(tr("导入学生名册"), lambda: self._import("students"), icon="arrow_import", kind="main"),),
            )  # fmt: skip
            return
        whom = f"{len(first)} 名对口县学生" if first else f"{waiting} 名帮扶对象"
        self.empty.say(
            tr("还没有结对"), f"有结对名单就导入；没有，就从 {whom}里挑。",
            (
                Button(tr("导入结对名单"), lambda: self._import("pairings"), icon="arrow_import", kind="main"),
                Button(tr("逐个结对"), self.show_unpaired),
            ),
        )  # fmt: skip

    def _on_leader(self, row: int) -> None:
        names = self._entries()
        if 0 <= row < len(names):
            self.leader, self._only = names[row], None
            self.search.set_text_silently("")
            # A filter of the same would leave nothing of another leader's list.
            self.table.arrange(self.table.arrangement.only(COLUMNS[LEADER_AT].title, frozenset()))
            self._show_rows()

    def _narrow_to(self, filters: dict[str, frozenset[str]]) -> None:
        who = filters.get(COLUMNS[LEADER_AT].title, frozenset())
        is_one = len(who) == 1 and who < {*self._entries()}
        self.leaders.choose(self._entries().index(next(iter(who))) if is_one else 0)
        if is_one:
            del filters[COLUMNS[LEADER_AT].title]

    def show_unpaired(self) -> None:
        """Show whom nobody helps."""
        self.leader = UNPAIRED
        self.reload()
        self.unpaired.table.setFocus()

    def _show_rows(self, keep: int | None = None) -> None:
        self.views.setCurrentIndex(1 if self.leader == UNPAIRED and not self.search.text() else 0)
        text = self.search.text().strip()
        rows = list(self.found.pairings)
        if text:
            with self.session.ledger_file.reading() as reading:
                ids = pairings_found(reading, text, clock.today())
            rows = [each for each in rows if each.id in ids]
        elif self._only is not None:
            rows = [each for each in rows if each.id in self._only]
        elif self.leader not in (ALL, UNPAIRED):
            rows = [each for each in rows if each.leader == self.leader]
        # What is to be done comes first: to be ended, then the longest silence.
        rows.sort(
            key=lambda each: (not each.must_end, not each.is_overdue, -each.days if each.is_overdue else 0)
        )
        self.shown = rows
        is_one = not text and self._only is None and self.leader not in (ALL, UNPAIRED)
        self.table.leave_out(LEADER_AT, is_one)
        self.table.set_rows([pairing_row(each) for each in rows])
        self.bar.reload()
        self._say_head(text, is_one=is_one)
        at = next((at for at, each in enumerate(rows) if each.id == keep), -1)
        if at in self.table.shown_rows():
            self.table.choose(at)
        self.table.choose_first()
        self._tables.setCurrentIndex(0 if rows else 1)
        if not rows:
            self.nothing.say(
                tr("没有符合的结对"),
                "",
                (Button(tr("清除筛选"), self.show_all),) if text or self._only is not None else (),
            )
        self._show_detail()
        self.status_changed.emit()

    def show_all(self) -> None:
        """Show every pairing."""
        self.search.set_text_silently("")
        self.leader, self._only = ALL, None
        self.reload()

    def _say_head(self, text: str, *, is_one: bool) -> None:
        load = self.found.load_of(self.leader) if is_one else None
        self.hand_over_button.setVisible(load is not None)
        self.card_button.setVisible(bool(self.shown) and not text and self._only is None)
        if load is None:
            title = (
                f"找到 {len(self.shown)} 对"
                if text
                else self._because
                if self._only is not None
                else tr("全部校领导")
            )
            self._name.setText(title)
            self._facts.setText("")
            return
        self._name.setText(load.leader.name)
        told = [each for each in (load.leader.post, load.leader.phone) if each]
        told.append(f"{len(load.pairings)} 名学生")
        told += [f"{load.overdue} 名逾期没有联系"] if load.overdue else []
        told += [f"{load.waiting_for_end} 对要解除"] if load.waiting_for_end and not load.has_left else []
        self._facts.setText("　".join(told))

    def chosen_pairing(self) -> PairingStanding | None:
        """Return the pairing of the chosen row."""
        row = self.table.current_row()
        return self.shown[row] if 0 <= row < len(self.shown) and self.views.currentIndex() == 0 else None

    def _show_detail(self) -> None:
        one = self.chosen_pairing()
        self.detail.setVisible(one is not None and not self._is_low)
        if one is not None:
            with self.session.ledger_file.reading() as reading:
                self.detail.show_pairing(one, last_contacts(reading, one, clock.today()))
        self.status_changed.emit()

    def open_with(self, params: Mapping[str, object]) -> None:
        """`leader`: his students; `record`, `records`: these pairings, under the name `because`; `unpaired`: nobody's."""
        self.search.set_text_silently("")
        self._only = None
        if params.get("unpaired"):
            self.show_unpaired()
            return
        records = params.get("records")
        one = params.get("record")
        if isinstance(records, list | tuple):
            self._only, self._because = (
                frozenset(int(each) for each in records),
                str(params.get("because") or ""),
            )
        self.leader = str(params.get("leader") or ALL)
        self.reload()
        at = next((at for at, each in enumerate(self.shown) if each.id == one), -1)
        if at >= 0:
            self.table.choose(at)

    def status(self) -> tuple[str, ...]:
        if self.stack.currentIndex():
            return ()
        if self.views.currentIndex():
            return (
                f"{self.unpaired.table.count_words(tr('人'))}没有结对",
                f"已选 {len(self.unpaired.chosen()):,} 人",
            )
        overdue = sum(self.shown[row].is_overdue for row in self.table.shown_rows())
        chosen = self.table.chosen_words(tr("对"))
        return (
            self.table.count_words(tr("对")),
            chosen,
            f"逾期 {overdue:,}" if overdue else tr("都按时联系"),
        )

    # Acts

    def main_act(self) -> None:
        self.acts.record_contact()

    def new_record(self) -> None:
        self.acts.record_contact()

    def open_student(self) -> None:
        """Open the chosen student."""
        one = self.chosen_pairing()
        if one is not None:
            self.session.navigate("students", {"student": one.student_id})

    def next_problem(self, step: int) -> None:
        """Go to the next overdue contact or pairing to be ended (F8)."""
        lit = {at for at, each in enumerate(self.shown) if each.is_overdue or each.must_end}
        if self.table.step(step, among=lit):
            self.table.setFocus()
        else:
            self.session.say(tr("这里没有逾期没联系的。"), undo=False)

    def find_here(self) -> None:
        if self.views.currentIndex():
            self.unpaired.bar.find_here()
            return
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return
        super().keyPressEvent(event)

    def _open_contacts(self) -> None:
        one = self.chosen_pairing()
        if one is not None:
            self.session.navigate("contacts", {"filters": {"leader": one.leader}, "search": one.student})

    def _import(self, kind: str) -> None:
        self.session.navigate("import", {"kind": kind})

    def import_file(self) -> None:
        self._import("contacts" if self.found.pairings else "pairings")

    def _open_import(self) -> None:
        menu = QMenu(self)
        menu.addAction(tr("导入结对名单"), lambda: self._import("pairings"))
        menu.addAction(tr("导入帮扶记录"), lambda: self._import("contacts"))
        menu.popup(self.import_button.mapToGlobal(self.import_button.rect().bottomLeft()))

    def _open_more(self) -> None:
        menu = self.more_menu()
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def more_menu(self) -> QMenu:
        """Return what has no room in the head."""
        menu = QMenu(self)
        if self.switch.isHidden():
            for name, title in VIEWS[1:]:
                menu.addAction(tr(title), partial(self.session.navigate, name))
            menu.addSeparator()
        if self.pair_button.isHidden():
            menu.addAction(tr("结对…"), self.acts.pair)
        if self.import_button.isHidden():
            menu.addAction(tr("导入结对名单"), partial(self._import, "pairings"))
            menu.addAction(tr("导入帮扶记录"), partial(self._import, "contacts"))
        menu.addAction(tr("移交…"), self.acts.hand_over)
        menu.addAction(self.acts.end_words(), self.acts.end)
        menu.addSeparator()
        menu.addAction(tr("打印口袋卡"), lambda: self.acts.print_cards("pocket_cards"))
        menu.addAction(tr("打印帮扶记录卡"), lambda: self.acts.print_cards("contact_cards"))
        menu.addAction(tr("一对一帮扶台账…"), self.open_paper)
        menu.addAction(tr("导出结对名单…"), self.acts.export_pairings)
        return menu

    # Papers

    def open_paper(self) -> None:
        """Open 一对一帮扶台账."""
        self.session.navigate("reports", {"report": "pairings"})

    def export(self) -> None:
        """Export the list in sight (Ctrl+E)."""
        self._bar_in_sight().export()

    def print_out(self) -> None:
        """Print the list in sight (Ctrl+P)."""
        self._bar_in_sight().print_out()

    def _bar_in_sight(self) -> ListBar:
        return self.unpaired.bar if self.views.currentIndex() else self.bar

    def shown_title(self) -> str:
        """Return what the head of the list says: a leader, or how many were found."""
        return self._name.text()

    def _list_title(self) -> str:
        is_all = self.leader in (ALL, UNPAIRED) or bool(self.search.text()) or self._only is not None
        return tr("一对一帮扶") if is_all else f"{self.leader}的一对一帮扶"
