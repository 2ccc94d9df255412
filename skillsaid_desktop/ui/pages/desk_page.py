"""首页：月末办理: what is due, what is missing and who, what keeps the month from closing; one button at the end."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from skillsaid_desktop.checks.check import say_month
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.closing import ClosedMonth, close_month, explain, reopen_month
from skillsaid_desktop.services.desk import STEPS, CheckLine, Desk, Gathering
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.check_places import place_of
from skillsaid_desktop.ui.pages.desk_answer import DeskAnswer, read_desk
from skillsaid_desktop.ui.pages.desk_column import DeskColumn
from skillsaid_desktop.ui.pages.desk_side import DeskSide
from skillsaid_desktop.ui.pages.ledger_page import LOW, MORE_BELOW
from skillsaid_desktop.ui.reading_beside import ReadingBeside
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.tasks import Task
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button, IconButton
from skillsaid_desktop.ui.widgets.marks import WeightLabel
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.steps import Steps
from skillsaid_desktop.ui.widgets.text import Label, Line


class DeskPage(Page):
    """The month in one page: sentence, 收齐, 封账前检查, 期限, charts, drift; closing and reopening."""

    title = "月末办理"
    follows_month = True
    help_text = (
        "每月从这里开始，到这里结束。\n"
        "1　收齐：还差谁的表、谁没有看过，点右边去补。\n"
        "2　封账前检查：● 必须改好，◐ 写一句说明，○ 只是提示。\n"
        "3　都办好了，点“封账”。封账前自动备份，数字和名单从此不动。\n"
        "下面的“待办”说谁手上还有什么事；点“看全部”按人看、按人打印。右边的图，每一格都能点开是哪些人。\n"
        "F5 全部重查　Ctrl+PgUp / PgDn 换月　Ctrl+Enter 封账"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._answer: DeskAnswer | None = None
        self._put_off: Callable[[], object] | None = None
        self._closing: Task | None = None
        self._reading = ReadingBeside(session.tasks, self)
        self._reading.arrived.connect(self._on_arrived)
        self._reading.failed.connect(self._on_failed)
        self._month = Label(say_month(session.month), role="bold")
        self.head.add_beside_title(
            IconButton("chevron_left", tr("上一月　Ctrl+PgUp"), lambda: self._step(-1))
        )
        self.head.add_beside_title(self._month)
        self.head.add_beside_title(
            IconButton("chevron_right", tr("下一月　Ctrl+PgDn"), lambda: self._step(1))
        )
        self.steps = Steps(STEPS)
        self._has_room_for_steps = True
        self.head.add_act(self.steps)
        self.add_head_line()
        self.column = DeskColumn()
        self.column.gathering_wanted.connect(self.follow)
        self.column.mend_wanted.connect(self.mend_line)
        self.column.explain_wanted.connect(self.explain_line)
        self.column.check_again_wanted.connect(self._check_again)
        self.column.page_wanted.connect(self.session.navigate)
        set_region(self.column, Region.TABLE)
        self._scroll = _scrolling(self.column)
        self.side = DeskSide()
        self.side.figure_wanted.connect(lambda code: self._when_current(partial(self._open_figure, code)))
        self.side.care_wanted.connect(lambda title: self._when_current(partial(self._open_care, title)))
        set_region(self.side, Region.DRAWER)
        self._side_scroll = _scrolling(self.side)
        self._side_scroll.setFixedWidth(332)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._scroll, 1)
        row.addWidget(Line(vertical=True))
        row.addWidget(self._side_scroll)
        body = QWidget()
        body.setLayout(row)
        self.set_body(body)
        self.set_footer(FooterBar())
        assert self.footer is not None
        self._standing = WeightLabel("stop", bold=False)
        self._standing.label.setProperty("tone", "text")
        self.footer.add(self._standing)
        self._why = Label(tone="text2")
        self.footer.add(self._why)
        self.footer.add(
            Button(tr("预览报表"), lambda: self.session.navigate("reports"), icon="document_table")
        )
        self.reopen_button = Button(tr("重新打开…"), self.reopen, icon="lock_open")
        self.close_button = Button(tr("封账…"), self.close_the_month, icon="lock_closed", kind="main")
        self.footer.add(self.reopen_button)
        self.footer.add(self.close_button)

        self._standing.hide()
        self.close_button.setEnabled(False)
        self.reopen_button.hide()

    # Reading

    @property
    def desk(self) -> Desk | None:
        """The month as it is shown; None until it was read for the first time."""
        return self._answer.desk if self._answer is not None else None

    @property
    def is_current(self) -> bool:
        """Tell whether what is shown is how the month in hand stands; if not, it is read again or was not to be read."""
        return self._reading.is_answered and not self._is_stale

    def reload(self) -> None:
        """Have the month read beside the window; what was shown before stays in sight until then."""
        ledger_file, month, shown = self.session.ledger_file, self.session.month, self._answer
        if self.desk is not None and self.desk.month != month:
            self._put_off = None

        def work(progress: Progress) -> DeskAnswer:
            found = read_desk(ledger_file, month, progress)
            return shown if shown is not None and found == shown else found

        self._reading.ask(f"正在重查 {say_month(month)}", work)

    def _on_arrived(self, answer: DeskAnswer) -> None:
        if self._is_stale:  # out of sight, and something changed meanwhile: it is read again when it is shown
            return
        before, self._answer = self._answer, answer
        if answer is not before:
            self._show_month(answer)
            if before is not None and before.desk.month != answer.desk.month:
                self._scroll.verticalScrollBar().setValue(0)
        self._show_footer(answer.desk)
        self._show_strip(answer.desk)
        self.status_changed.emit()
        act, self._put_off = self._put_off, None
        if act is not None and self.isVisible():
            QTimer.singleShot(0, self, partial(self._when_current, act))

    def _on_failed(self) -> None:
        self._put_off = None
        words = (
            tr("没有重查完，这里还是之前的样子。")
            if self._answer is not None
            else tr("没有读完，这里还是空的。")
        )
        self.strip.say("attention", words, link=tr("重查"), on_link=self._check_again)
        self.strip.show()

    def _when_current(self, act: Callable[[], object]) -> None:
        """Do an act on the month in sight: at once, or as soon as it has been read again after a change."""
        if self.is_current:
            act()
        elif self.desk is not None and self.desk.month == self.session.month:
            self._put_off = act
            if not self._reading.is_going_on:
                self.mark_stale()

    def _show_month(self, answer: DeskAnswer) -> None:
        found = answer.desk
        self._month.setText(say_month(found.month))
        first, last = found.period.from_on, found.period.to_on
        self.head.set_facts(f"{first.month}月{first.day}日—{last.month}月{last.day}日")
        self.steps.set_step(found.step)
        self._show_steps()
        self.column.fill(answer)
        self.side.show_desk(found)

    def _show_steps(self) -> None:
        self.steps.setVisible(self._has_room_for_steps and self._answer is not None)

    def _show_strip(self, found: Desk) -> None:
        self.strip.setVisible(found.is_closed or found.state == "重新打开")
        if found.is_closed:
            self.strip.say("information", f"{self._month.text()}{found.state}，这里是封账时的数字和名单。")
        elif found.state == "重新打开":
            self.strip.say("attention", f"{self._month.text()}重新打开了，数字会变；改好后请再封账。")

    def _show_footer(self, found: Desk) -> None:
        assert self.footer is not None
        month = self._month.text()
        blocking = len(found.blocking)
        self._standing.setVisible(bool(blocking) and not found.is_closed)
        self._standing.label.setText(f"还有 {blocking} 项必须处理")
        self._why.setVisible(not blocking and not found.can_close and not found.is_closed)
        self._why.setText(found.why_not)
        self.close_button.setText(f"封账 {month}…")
        # Without a student there is nothing to report, and the way to the roster is the page's main act.
        is_empty = self._answer is not None and self._answer.is_empty
        self.close_button.setVisible(not found.is_closed and not is_empty)
        is_closing = self._closing is not None and self._closing.is_running
        self.close_button.setEnabled(found.can_close and not is_closing)
        self.reopen_button.setVisible(found.is_closed)
        self.footer.sentence.setText(
            f"{month}的指标和名单已固定；以后补登的异动另列为更正。"
            if found.is_closed
            else tr("封账后，本月的指标和名单不再变动；以后补登的异动另列为更正。")
        )

    # Acts

    def _step(self, by: int) -> None:
        months = self._answer.months if self._answer is not None else ()
        if self.session.month in months:
            at = months.index(self.session.month) + by
            if 0 <= at < len(months):
                self.session.set_month(months[at])

    def _check_again(self) -> None:
        self.mark_stale()
        self._when_current(lambda: self.session.say(tr("都重查过了。"), undo=False))

    def follow(self, one: Gathering) -> None:
        """Go where a line of 收齐 is got."""
        self._when_current(partial(self._follow, one.title))

    def _follow(self, title: str) -> None:
        assert self.desk is not None
        one = next((each for each in self.desk.gatherings if each.title == title), None)
        if one is not None:
            records = {"records": one.records, "because": one.title} if one.records else {}
            self.session.navigate(one.page, records or one.params)

    def mend_line(self, line: CheckLine) -> None:
        """Go where a line of the checks is mended."""
        self._with_line(line, self._mend)

    def explain_line(self, line: CheckLine) -> None:
        """Ask for the explanation of a ◐ line and keep it with the month."""
        self._with_line(line, self._explain)

    def _with_line(self, line: CheckLine, act: Callable[[CheckLine], object]) -> None:
        """Do an act on a line as it is by now; a line that is gone by now was mended, and nothing is done."""

        def do() -> None:
            assert self.desk is not None
            now = next((each for each in self.desk.lines if each.key == line.key), None)
            if now is not None:
                act(now)

        self._when_current(do)

    def _mend(self, line: CheckLine) -> None:
        place = place_of(line)
        self.session.navigate(place.page, place.params)

    def _explain(self, line: CheckLine) -> None:
        month = self.session.month
        reason = self.session.prompts.ask_text(
            f"说明：{line.title}",
            mask_words(line.message),
            label=tr("为什么可以这样（随本月留存）"),
            act=tr("记下说明"),
            safe=tr("先不说明"),
            initial=line.explanation or "",
        )
        if reason is None:
            return
        if self.session.attempt(
            lambda: explain(self.session.ledger_file, month, line.code, reason, line.issues)
        ):
            self.session.say(f"已说明：{line.title}")

    def next_problem(self, step: int) -> None:
        """Go to the act of the next check that stands, or of the previous one (F8, Shift+F8)."""
        if self._answer is None:
            return
        acts = self.column.problem_acts()
        if not acts:
            self.session.say(tr("没有要处理或说明的。"), undo=False)
            return
        now = next((at for at, act in enumerate(acts) if act.hasFocus()), -1 if step > 0 else 0)
        act = acts[(now + step) % len(acts)]
        act.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(act)

    def main_act(self) -> None:
        """Close the month (Ctrl+Enter)."""
        if self.close_button.isEnabled() and not self.close_button.isHidden():
            self.close_the_month()

    def close_the_month(self) -> None:
        """Close the month after naming what will be frozen."""
        self._when_current(self._close)

    def _close(self) -> None:
        found = self.desk
        if found is None or not found.can_close:
            return
        month, people = found.month, int(found.figures["S1"].period or 0)
        words = f"封账 {self._month.text()}"
        agreed = self.session.prompts.ask(
            words,
            f"固定 {len(found.figures)} 个指标和它们的名单，在籍帮扶对象 {people:,} 人。",
            act=words,
            safe=tr("先不封"),
            detail=tr("封账前先备份。以后补登的异动另列为更正；要改数字，只能写明原因重新打开。"),
        )
        if not agreed:
            return
        ledger_file = self.session.ledger_file

        def work(progress: Progress) -> ClosedMonth:
            from skillsaid_desktop.storage.backup import automatic_folder

            progress.report(0, 2, tr("先备份"))
            ledger_file.backup(automatic_folder(ledger_file.ledger_id))
            progress.report(1, 2, words)
            return close_month(ledger_file, month)

        self.close_button.setEnabled(False)
        self._closing = self.session.tasks.run(
            tr("正在封账"),
            work,
            done=lambda _closed: self.session.say(f"{words}：在籍帮扶对象 {people:,} 人"),
            refused=self._on_refused,
            cancelled=self.mark_stale,
        )

    def _on_refused(self, error: object) -> None:
        from skillsaid_desktop.errors import UserError

        if isinstance(error, UserError):
            self.session.prompts.error(error)
        self.mark_stale()

    def reopen(self) -> None:
        """Open a closed month again, with a reason."""
        self._when_current(self._reopen)

    def _reopen(self) -> None:
        assert self._answer is not None
        month, words = self._answer.desk.month, self._month.text()
        later = [each for each in self._answer.months if each > month]
        also = "后面已封的月份也会一起打开。" if later else ""
        reason = self.session.prompts.ask_text(
            f"重新打开后，{words}的数字可能和已经报出的不一样",
            f"封账时的名单不再保留，{also}通常不用重新打开：补登异动会自动列为更正。",
            label=tr("为什么要重新打开"),
            act=f"重新打开 {int(month[5:])}月",
            safe=tr("不打开"),
        )
        if reason and self.session.attempt(lambda: reopen_month(self.session.ledger_file, month, reason)):
            self.session.say(f"已重新打开 {words}")

    def _open_figure(self, code: str) -> None:
        figure, _, tab = code.partition(" ")
        self.session.navigate("reports", {"report": "progress", "figure": figure, "tab": tab})

    def _open_care(self, title: str) -> None:
        assert self.desk is not None
        line = next((each for each in self.desk.care if each.title == title), None)
        if line is not None:
            self.session.navigate(line.page, line.params)

    # Window

    def status(self) -> tuple[str, ...]:
        if self.desk is None:
            return ()
        found = self.desk
        counts = f"必须处理 {len(found.blocking)}　须说明 {len(found.asking)}　提示 {len(found.hints)}"
        return (f"{self._month.text()}　{found.state}", counts)

    def set_room(self, width: int, height: int) -> None:
        self._has_room_for_steps = height >= LOW or width >= MORE_BELOW
        self._show_steps()
        self._side_scroll.setFixedWidth(400 if width >= 1800 else 332 if width >= 1180 else 292)


def _scrolling(widget: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(widget)
    return scroll
