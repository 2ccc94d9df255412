"""名册比对: the school's students beside other offices' rosters, judged one by one with the keyboard."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QMenu, QSplitter, QStackedWidget, QWidget

from skillsaid_desktop.clock import today
from skillsaid_desktop.ledgers.comparison import (
    OUTCOME_WORDS,
    Answer,
    Comparison,
    Entry,
    Outcome,
    Possible,
)
from skillsaid_desktop.ledgers.household_precedence import ConflictKey
from skillsaid_desktop.ledgers.rosters import POVERTY, sheet_in
from skillsaid_desktop.ledgers.school_register import SCHOOL
from skillsaid_desktop.services import comparison
from skillsaid_desktop.services.comparison_review import review_pair, review_register
from skillsaid_desktop.services.taking_over import TakingOver, plan_taking_over, take_over
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.compare_kinds import KINDS, kind_named
from skillsaid_desktop.ui.pages.compare_lines import ASKED, entry_line, judged_line
from skillsaid_desktop.ui.pages.compare_moves import MovesPane
from skillsaid_desktop.ui.pages.compare_review import ReviewPane
from skillsaid_desktop.ui.pages.compare_taking import Decision, Plan, decide
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button, DropButton
from skillsaid_desktop.ui.widgets.choice_switch import ChoiceSwitch
from skillsaid_desktop.ui.widgets.count_tab import TIGHT_PADDING, CountTab
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.person_list import PersonLine, PersonList

LIST_WIDTH = 250
COVERS_BELOW, LOW = 961, 560
"""Below this width (1920 × 1080 at 200 % is 960) and this height there is less room (DESIGN section 8)."""
ANSWERS = (Answer.SAME, Answer.DIFFERENT, Answer.ASK, None)
"""What the keys 1 to 4 answer; the last one only goes on to the next."""
_TO_BE_DONE = (
    Outcome.PROBABLE, Outcome.DIFFERS, Outcome.ONLY_IN_POVERTY, Outcome.ONLY_IN_REGISTER, Outcome.ONLY_IN_SCHOOL,
    Outcome.SAME,
)  # fmt: skip
_SECTION_NOTES = {Outcome.PROBABLE: "会影响本月在籍人数", Outcome.DIFFERS: "证件号相同"}


class ComparePage(Page):
    """Tabs by outcome; left the people, right the two records; every verdict is one step to undo."""

    title = "名册比对"
    entities = frozenset(
        {"roster", "verdict", "student", "hardship_status", "status_change", "household", "household_member"}
    )
    help_text = (
        "看学校的学生和别处的名册对不对得上；上面三个按钮选和哪一种名册比。\n"
        "1　点“导入新名册”，把县里发来的表原样导进来。\n"
        "2　“可能是同一人”：看两边的记录，按 1 是同一人，2 不是，3 先放着，4 跳过。\n"
        "3　“名册有，学校没有登记”：核对后点“按名册登记”，身份类别和这一户的成员一起进台账；"
        "已经登记的，点“按名册建户”补户。\n"
        "↑ ↓ 换一条，Ctrl+Z 撤回刚才的判定；判过的，下个月的名册不再问。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found: Comparison | None = None
        self._outcome: Outcome | None = Outcome.PROBABLE
        self._candidate = 0
        self._has_sections = True
        self._is_tight = self._has_tight_tabs = False
        self.households_button = Button(tr("按名册建户…"), self.fill_households, icon="home_person")
        self.head.add_act(self.households_button)
        self.import_button = Button(tr(KINDS[0].import_title), self.import_file, icon="arrow_import")
        self.head.add_act(self.import_button)
        self.export_button = Button(tr("导出差异清单"), self.export, icon="document_table")
        self.head.add_act(self.export_button)
        self.more_button = DropButton(tr("更多"), kind="plain")
        self.more_button.clicked.connect(self._open_more)
        self.more_button.hide()
        self.head.add_act(self.more_button)
        self.kind = KINDS[0]
        self.switch = ChoiceSwitch([(each.kind, each.title) for each in KINDS], self.kind.kind)
        self.switch.chosen.connect(self.show_kind)
        self.head.add_beside_title(self.switch)
        # In a tight window the switch becomes a combo box, as the list of the reports does.
        self.pick = QComboBox()
        self.pick.setAccessibleName(tr("和哪一种名册比"))
        for each in KINDS:
            self.pick.addItem(tr(each.title), each.kind)
        self.pick.activated.connect(lambda _at: self.show_kind(str(self.pick.currentData())))
        self.pick.hide()
        self.head.add_beside_title(self.pick)
        self.tabs: dict[Outcome | None, CountTab] = {}
        self._tab_row = QWidget()
        self._tab_bar = QHBoxLayout(self._tab_row)
        self._tab_bar.setContentsMargins(4, 0, PAGE_MARGIN, 0)
        self._tab_bar.setSpacing(0)
        self._tab_bar.addStretch(1)
        self.add_under_head(self._tab_row)
        self.add_head_line()
        self.people = PersonList()
        self.people.chosen.connect(self._on_chosen)
        self.people.digit_pressed.connect(self._on_digit)
        self.review = ReviewPane(self._log_shown)
        self.review.answered.connect(self._on_answered)
        self.review.candidate_chosen.connect(self._on_candidate)
        self.take_button = Button(tr("按名册登记这一人"), self.take_over_one)
        self.take_all_button = Button(tr("按名册登记"), self.take_over_all, kind="main")
        self.open_button = Button(tr("打开这个学生"), self.open_student)
        self.pending_button = Button(tr("看待处理"), self.open_pending)
        for button in (self.open_button, self.pending_button, self.take_button, self.take_all_button):
            self.review.add_act(button)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.people)
        self.splitter.addWidget(self.review)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([LIST_WIDTH, 960])
        self.moves = MovesPane()
        self.moves.student_wanted.connect(self._open_student_id)
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        for pane in (self.splitter, self.moves, self.empty):
            self.stack.addWidget(pane)
        self.set_body(self.stack)
        self._set_kind(self.kind.kind)

    def _make_tabs(self) -> None:
        """Put the tabs of the kind into their row."""
        for tab in self.tabs.values():
            self._tab_bar.removeWidget(tab)
            tab.hide()
            tab.deleteLater()
        self.tabs = {}
        group = QButtonGroup(self._tab_row)
        words = OUTCOME_WORDS[self.kind.kind]
        for at, outcome in enumerate((*self.kind.outcomes, None)):
            title = tr(words[outcome]) if outcome else tr("比上一份名册")
            tab = CountTab(title, "explain" if outcome in ASKED else "")
            tab.set_tight(self._has_tight_tabs)
            group.addButton(tab)
            tab.clicked.connect(lambda _checked=False, outcome=outcome: self.open_tab(outcome))
            self.tabs[outcome] = tab
            self._tab_bar.insertWidget(at, tab)

    def show_kind(self, name: str) -> None:
        """Compare with another kind of roster."""
        self._set_kind(name)
        self.reload()
        self.status_changed.emit()

    def _set_kind(self, name: str) -> None:
        self.kind = kind_named(name)
        self.switch.set_value(name)
        self.pick.setCurrentIndex(self.pick.findData(name))
        self.import_button.setText(tr(self.kind.import_title))
        self.review.name_answer(ANSWERS.index(Answer.ASK), self.kind.later[0])
        self._outcome = self.kind.outcomes[-1] if name == SCHOOL else Outcome.PROBABLE
        self._make_tabs()

    # Reading

    def reload(self) -> None:
        with self.session.ledger_file.reading() as reading:
            self.found = comparison.compare(reading, self.kind.kind)
        found = self.found
        for outcome, tab in self.tabs.items():
            tab.set_count(len(found.of(outcome)) if outcome else len(_moves(found)))
        self.tabs[None].setVisible(bool(_moves(found)))
        has_rosters = bool(found.rosters)
        self._tab_row.setVisible(has_rosters)
        self._show_head_acts()
        if has_rosters:
            self.head.set_facts(self.kind.facts_of(found))
            self.open_tab(self._first_tab())
        else:
            self.head.set_facts("")
            self.empty.say(
                tr("还没有名册可比"),
                tr(self.kind.empty),
                (Button(tr(self.kind.import_title), self.import_file, kind="main", icon="arrow_import"),),
            )
            self.stack.setCurrentWidget(self.empty)

    def _acts(self) -> list[Button]:
        """Return the acts of the head that make sense now."""
        found, acts = self.found, [self.import_button]
        if found is not None and found.rosters:
            acts.append(self.export_button)
            if self.kind.kind == POVERTY.kind and found.of(Outcome.SAME, Outcome.DIFFERS):
                acts.insert(0, self.households_button)
        return acts

    def _show_head_acts(self) -> None:
        acts = self._acts()
        for button in (self.households_button, self.import_button, self.export_button):
            button.setVisible(button in acts and not self._is_tight)
        self.more_button.setVisible(self._is_tight)

    def _open_more(self) -> None:
        menu = QMenu(self)
        for button in self._acts():
            menu.addAction(button.text(), button.click)
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def _first_tab(self) -> Outcome | None:
        """Stay where the user is; at first go where something is to be done."""
        if self._outcome is None or self.tabs[self._outcome].count:
            return self._outcome
        order = sorted(self.kind.outcomes, key=_TO_BE_DONE.index)
        return next((each for each in order if self.tabs[each].count), self._outcome)

    def open_with(self, params: Mapping[str, object]) -> None:
        """`kind`: poverty, training or school; `outcome`: the tab; `student`: the id of the one to look at."""
        if (kind := params.get("kind")) in OUTCOME_WORDS and kind != self.kind.kind:
            self.show_kind(str(kind))
        if (outcome := params.get("outcome")) in self.kind.outcomes:
            self.open_tab(Outcome(str(outcome)))
        student = params.get("student")
        if isinstance(student, int) and self.found is not None:
            entry = next((each for each in self.found.entries if each.student.id == student), None)
            if entry is not None:
                self.open_tab(entry.outcome, keep=("entry", student))

    def open_tab(self, outcome: Outcome | None, keep: object = None) -> None:
        """Show the people of one outcome, or what moved since the roster before."""
        assert self.found is not None
        self._outcome = outcome
        self.tabs[outcome].setChecked(True)
        if outcome is None:
            self.moves.show_moves(self.found, self.kind.moves)
            self.stack.setCurrentWidget(self.moves)
        else:
            before = self.people.key() if keep is None else keep
            lines = self._lines(outcome)
            if lines:
                self.stack.setCurrentWidget(self.splitter)
                self.people.set_lines(lines, before)
            else:
                self.empty.say(tr("这一类没有人"), self.kind.nobody[outcome])
                self.stack.setCurrentWidget(self.empty)
        self.status_changed.emit()

    def _lines(self, outcome: Outcome) -> list[PersonLine]:
        assert self.found is not None
        entries = self.found.of(outcome)
        lines = []
        if self._has_sections and outcome in _SECTION_NOTES and entries and self.kind.kind != SCHOOL:
            word = tr("待判") if outcome is Outcome.PROBABLE else tr("内容不同")
            lines.append(PersonLine(f"{word} {len(entries)}", _SECTION_NOTES[outcome]))
        lines += [entry_line(each) for each in entries]
        if outcome is Outcome.PROBABLE:
            day = today()
            judged = [
                each for each in self.found.judged if each[1].verdict and each[1].verdict.judged_on == day
            ]
            asked = [each for each in judged if each[1].verdict and each[1].verdict.answer is not Answer.ASK]
            if asked:
                lines.append(PersonLine(f"今天已判 {len(asked)}"))
                lines += [judged_line(student, person) for student, person in asked]
        return lines

    # The pair in sight

    def _current(self) -> tuple[Entry, Possible | None] | None:
        """Return the chosen student and the person beside him."""
        key = self.people.key()
        if self.found is None or not isinstance(key, tuple):
            return None
        kind, student_id = key[0], key[1]
        if kind == "judged":
            student, person = next(
                each for each in self.found.judged if (each[0].id, each[1].candidate.number) == key[1:]
            )
            return Entry(student=student, outcome=Outcome.PROBABLE, people=(person,)), person
        entry = next((each for each in self.found.entries if each.student.id == student_id), None)
        if entry is None:
            return None
        people = entry.people
        return entry, people[min(self._candidate, len(people) - 1)] if people else None

    def _on_chosen(self, _key: object) -> None:
        self._candidate = 0
        self._show_pair()

    def _on_candidate(self, at: int) -> None:
        self._candidate = at
        self._show_pair()

    def _show_pair(self) -> None:
        current = self._current()
        if current is None:
            return
        entry, person = current
        with self.session.ledger_file.reading() as reading:
            review = (
                review_register(reading, entry, self.found.rosters[0], self.found.day)
                if self.kind.kind == SCHOOL and self.found is not None
                else review_pair(reading, entry, person)
            )
            is_new = entry.outcome in (Outcome.ONLY_IN_POVERTY, *_SECTION_NOTES)
            consequence = comparison.consequence(reading, entry, person) if person and is_new else None
        keys = [key for key in self.people.people() if isinstance(key, tuple) and key[0] == "entry"]
        key = self.people.key()
        place = f"第 {keys.index(key) + 1} 条，共 {len(keys)} 条" if key in keys else ""
        reasons, cautions = comparison.evidence(entry, person)
        self.review.show_pair(entry.student.who, place, review, reasons, cautions)
        wheres = [
            f"{each.roster.office} {sheet_in(each.roster.file, each.facts.sheet)}第 {each.facts.row} 行"
            for each in entry.people
        ]
        self.review.show_candidates(
            [
                f"{each.candidate.side.name}　{where}"
                for each, where in zip(entry.people, wheres, strict=True)
            ],
            self._candidate,
        )
        is_asked = person is not None and person.judgement is not None and entry.outcome in ASKED
        words = self.kind.what_next.get(entry.outcome, "")
        if consequence is not None and is_asked:
            words = f"判“是同一人”后：{consequence.sentence}"
        elif consequence is not None and entry.outcome is Outcome.ONLY_IN_POVERTY:
            words = f"按名册登记后：{consequence.effect}。"
        self.review.show_answers(is_asked, words)
        self._show_acts(entry, person)

    def _show_acts(self, entry: Entry, person: Possible | None) -> None:
        poor = self.found.of(Outcome.ONLY_IN_POVERTY) if self.found else []
        can_take = entry.outcome is Outcome.ONLY_IN_POVERTY and person is not None
        self.take_button.setVisible(can_take and len(poor) > 1)
        self.take_all_button.setVisible(can_take)
        self.take_all_button.setText(f"按名册登记 {len(poor)} 人")
        is_student = entry.student.id > 0
        self.open_button.setVisible(entry.outcome is not Outcome.PROBABLE and is_student)
        self.pending_button.setVisible(not is_student)

    # Judging

    def _on_digit(self, digit: int) -> None:
        if 1 <= digit <= len(ANSWERS) and self.review.buttons[0].isVisible():
            self._on_answered(digit - 1)

    def _on_answered(self, at: int) -> None:
        current = self._current()
        answer = ANSWERS[at]
        if answer is None:
            self.people.step(1)
            return
        if current is None or current[1] is None:
            return
        self.judge(current[0], current[1], answer)

    def judge(self, entry: Entry, person: Possible, answer: Answer) -> None:
        """Keep a verdict as one step, and go on to the next person."""
        keys = self.people.people()
        at = keys.index(self.people.key())
        following = keys[at + 1] if at + 1 < len(keys) else None
        decided: Decision | None = Decision()
        if answer is Answer.SAME:
            # What 是同一人 brings about stands under the buttons: only a contradiction is asked about.
            title = f"{entry.student.who}　{tr('是同一人')}"
            judged = comparison.as_judged(entry.student, person)
            decided = decide(self.session, self.window(), title, self._plan([judged]), asks_first=False)
        if decided is None:
            return
        remark = tr(self.kind.later[1]) if answer is Answer.ASK else ""

        def act() -> None:
            comparison.give_verdict(
                self.session.ledger_file,
                entry.student.id,
                person,
                answer,
                remark=remark,
                taken=decided.taken,
                correction=decided.correction,
            )

        if self.session.attempt(act):
            self.open_tab(self._outcome, keep=following)
            self.people.setFocus()

    # Taking over

    def take_over_one(self) -> None:
        """Register what the roster says of the chosen student."""
        current = self._current()
        if current is not None:
            self._take_over([current[0]])

    def take_over_all(self) -> None:
        """Register what the rosters say of everybody whom the school has not registered."""
        if self.found is not None:
            self._take_over(self.found.of(Outcome.ONLY_IN_POVERTY))

    def fill_households(self) -> None:
        """Make and complete the households of everybody who is registered, from the rosters."""
        if self.found is not None:
            self._take_over(self.found.of(Outcome.SAME, Outcome.DIFFERS), tr("按名册建户"))

    def _take_over(self, entries: Sequence[Entry], title: str = "") -> None:
        plan = self._plan(entries)
        planned = plan(frozenset())
        if planned.is_empty and not planned.conflicts:
            told = "；".join(planned.unusable[:3]) or tr("名册里这些学生的户，台账里都有了。")
            self.session.say(told, undo=False)
            return
        decided = decide(self.session, self.window(), title or f"按名册登记 {len(entries)} 人", plan)
        if decided is None:
            return
        done = plan(decided.taken)

        def act() -> None:
            take_over(self.session.ledger_file, entries, taken=decided.taken, correction=decided.correction)

        if self.session.attempt(act):
            self.session.say(f"已按名册{done.sentence}。")

    def _plan(self, entries: Sequence[Entry]) -> Plan:
        def plan(taken: frozenset[ConflictKey]) -> TakingOver:
            with self.session.ledger_file.reading() as reading:
                return plan_taking_over(reading, entries, taken=taken)

        return plan

    def main_act(self) -> None:
        if self.take_all_button.isVisible():
            self.take_over_all()

    # The rest

    def _log_shown(self) -> None:
        current = self._current()
        if current is not None:
            with (
                self.session.initiated_by(self),
                self.session.ledger_file.operation(f"显示证件号 {current[0].student.side.name}") as uow,
            ):
                uow.log_note(tr("名册比对"))

    def open_student(self) -> None:
        """Open the chosen student's record."""
        current = self._current()
        if current is not None:
            self._open_student_id(current[0].student.id)

    def open_pending(self) -> None:
        """Look at the rows that were not taken in."""
        self.session.navigate("pending")

    def _open_student_id(self, student_id: int) -> None:
        if student_id > 0:
            self.session.navigate("students", {"record": student_id})

    def import_file(self) -> None:
        """Import a new roster (Ctrl+I)."""
        page, params = self.kind.imports
        self.session.navigate(page, params)

    def export(self) -> None:
        """Make the list of differences (Ctrl+E)."""
        self.session.navigate("reports", {"report": "comparison", "params": {"roster": self.kind.title}})

    def set_room(self, width: int, height: int) -> None:
        is_narrow, is_low = width < COVERS_BELOW, height < 700
        self.splitter.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)
        # Two people in sight above the records, one in a low window; the arrow keys go on.
        room = self.people.sizeHintForRow(self.people.count() - 1) * (1 if is_low else 2) + 4
        self.people.setMaximumHeight(max(room, 56) if is_narrow else 16_777_215)
        self.splitter.setSizes([room, 10_000] if is_narrow else [LIST_WIDTH, 960])
        self._has_sections = not is_narrow
        # A low window's head shares the row of the command bar.
        self._is_tight = (height < LOW and width < 1400) or (is_narrow and height < 600)
        self._has_tight_tabs = is_narrow
        left = PAGE_MARGIN - (TIGHT_PADDING if is_narrow else 16)
        self._tab_bar.setContentsMargins(left, 0, left if is_narrow else PAGE_MARGIN, 0)
        for tab in self.tabs.values():
            tab.set_tight(is_narrow)
        self.switch.setVisible(not self._is_tight)
        self.pick.setVisible(self._is_tight)
        self._show_head_acts()
        self.head.set_low(is_low)
        self.review.set_low(is_low)

    def status(self) -> tuple[str, ...]:
        if self.found is None or not self.found.rosters:
            return ()
        if self.kind.kind == SCHOOL:
            return (self.kind.facts_of(self.found),)
        open_ones = len(self.found.of(Outcome.PROBABLE))
        rosters = "，".join(f"{each.office}名册 {each.people:,} 人" for each in self.found.rosters[:3])
        return (f"待判 {open_ones} 人", rosters)


def _moves(found: Comparison) -> list[object]:
    return [*found.newly_listed, *found.removed, *found.category_changed]


_SECTION_NOTES = {
    Outcome.PROBABLE: "会影响本月在籍人数",
    Outcome.DIFFERS: "证件号相同",
}
