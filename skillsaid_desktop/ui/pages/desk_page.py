"""首页：月末办理: what is due, what is missing and who, what keeps the month from closing; one button at the end."""

import html
import re
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.checks.questions import IMPORT_CODE
from skillsaid_desktop.follow_ups import GATHERED, FollowUp, by_person, list_follow_ups
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.closing import ClosedMonth, close_month, explain, reopen_month
from skillsaid_desktop.services.desk import STEPS, CheckLine, Desk, Gathering, desk
from skillsaid_desktop.services.months import list_months
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.check_places import place_of
from skillsaid_desktop.ui.pages.desk_rows import CheckRow, GatheringRow, PersonRow
from skillsaid_desktop.ui.pages.desk_side import DeskSide
from skillsaid_desktop.ui.pages.ledger_page import LOW, MORE_BELOW
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button, IconButton
from skillsaid_desktop.ui.widgets.marks import WeightLabel, WeightMark
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.steps import Steps
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, Line, set_ground

NOT_MONITORED = "未监测"
MOST_PEOPLE = 4
"""People named under 待办; the others are on its page."""
MOST_LINES = 100
"""Lines of one weight that are listed; thousands of rows of buttons would hold the window up."""


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
        self.desk: Desk | None = None
        self._is_empty = False
        self._names: list[str] = []
        self._follow_ups: list[FollowUp] = []
        self._month = Label(role="bold")
        self._open: dict[str, bool] = {}
        self.head.add_beside_title(
            IconButton("chevron_left", tr("上一月　Ctrl+PgUp"), lambda: self._step(-1))
        )
        self.head.add_beside_title(self._month)
        self.head.add_beside_title(
            IconButton("chevron_right", tr("下一月　Ctrl+PgDn"), lambda: self._step(1))
        )
        self.steps = Steps(STEPS)
        self.head.add_act(self.steps)
        self.add_head_line()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(PAGE_MARGIN, 12, PAGE_MARGIN, 20)
        self._column.setSpacing(0)
        inner = QWidget()
        set_ground(inner, "surface")
        inner.setLayout(self._column)
        self._scroll = _scrolling(inner)
        self.side = DeskSide()
        self.side.figure_wanted.connect(self._open_figure)
        self.side.page_wanted.connect(self.session.navigate)
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

    # Reading

    def reload(self) -> None:
        with self.session.ledger_file.reading() as reading:
            found = desk(reading, self.session.month)
            self._follow_ups = list_follow_ups(reading)
            self._is_empty = not reading.scalar("SELECT count(*) FROM student")
            self._names = [each.month for each in list_months(reading, clock.today())]
        self.desk = found
        year, month = found.month.split("-")
        self._month.setText(f"{year}年{int(month)}月")
        first, last = found.period.from_on, found.period.to_on
        self.head.set_facts(f"{first.month}月{first.day}日—{last.month}月{last.day}日")
        self.steps.set_step(found.step)
        self._fill(found)
        self.side.show_desk(found)
        self._show_footer(found)
        self.strip.setVisible(found.is_closed or found.state == "重新打开")
        if found.is_closed:
            self.strip.say("information", f"{self._month.text()}{found.state}，这里是封账时的数字和名单。")
        elif found.state == "重新打开":
            self.strip.say("attention", f"{self._month.text()}重新打开了，数字会变；改好后请再封账。")

    def _fill(self, found: Desk) -> None:
        _clear(self._column)
        if self._is_empty:
            self._fill_empty()
            return
        bold = found.sentence.startswith("可以封账")
        sentence = Label(role="section2" if bold else "body", wraps=True)
        sentence.setTextFormat(Qt.TextFormat.RichText)
        sentence.setText(re.sub(r"((?:处理|说明) \d+ 项)", r"<b>\1</b>", html.escape(found.sentence)))
        self._column.addWidget(sentence)
        self._column.addSpacing(14)
        if not found.is_closed:
            self._fill_gatherings(found.gatherings)
            self._column.addSpacing(16)
        self._fill_checks(found)
        self._fill_follow_ups()
        if found.can_close or found.is_closed:
            self._column.addSpacing(20)
            self._fill_after(found)
        self._column.addStretch(1)

    def _fill_empty(self) -> None:
        wanted = Button(
            tr("导入学生名册"),
            lambda: self.session.navigate("import", {"kind": "students"}),
            icon="arrow_import",
            kind="main",
        )
        one_by_one = Button(tr("逐个登记"), lambda: self.session.navigate("students"))
        words = tr("先把学籍系统导出的名册原样导进来，班级、身份类别会一起建好。导错了可以一步撤销。")
        self._column.addWidget(EmptyPage(tr("台账里还没有学生"), words, (wanted, one_by_one)), 1)

    def _fill_gatherings(self, gatherings: Sequence[Gathering]) -> None:
        done = sum(one.is_done for one in gatherings)
        left = len(gatherings) - done
        words = f"{done} 项收齐，{left} 项还差" if left else f"{done} 项都收齐了"
        is_open = self._open.get("gather", bool(left))
        self._section_head("收齐", words, "gather", is_open, good=not left)
        if not is_open:
            return
        for one in sorted(gatherings, key=lambda each: each.is_done):
            self._column.addWidget(GatheringRow(one, partial(self._follow, one)))

    def _section_head(self, title: str, words: str, name: str, is_open: bool, *, good: bool = False) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(tr(title), role="section"))
        if good:
            row.addWidget(WeightMark("good"))
        row.addWidget(Label(words, role="small", tone="text2"))
        row.addStretch(1)
        if name == "checks":
            row.addWidget(Button(tr("全部重查　F5"), self._check_again, kind="link"))
        elif name == "follow_ups":
            whole = f"看全部 {len(self._follow_ups):,} 件"
            row.addWidget(Button(whole, lambda: self.session.navigate("follow_ups"), kind="link"))
        else:
            row.addWidget(
                Button(
                    tr("收起") if is_open else tr("展开"), lambda: self._fold(name, not is_open), kind="link"
                )
            )
        self._column.addLayout(row)
        self._column.addSpacing(4)

    def _fold(self, name: str, is_open: bool) -> None:
        self._open[name] = is_open
        if self.desk is not None:
            self._fill(self.desk)

    def _fill_checks(self, found: Desk) -> None:
        clean = not found.blocking and not found.asking
        words = "没有必须处理的"
        if found.explained:
            words += f"；{len(found.explained)} 项已说明，随本月留存"
        self._section_head("封账前检查", words if clean else "改动后自动重查", "checks", True, good=clean)
        if found.blocking:
            self._group("stop", f"必须处理 {len(found.blocking)}", "处理完才能封账")
            for line in found.blocking[:MOST_LINES]:
                self._check_row(line, "stop", [(self._act_of(line), partial(self._mend, line))])
            self._say_rest(found.blocking, tr("改好上面的，后面的接着列出。"))
        if found.asking or (found.explained and not clean):
            told = (
                f"已说明 {len(found.explained)} 项，说明随本月留存"
                if found.explained
                else "写一句为什么可以这样"
            )
            self._group("explain", f"须说明 {len(found.asking)}", told)
        for line in found.asking:
            acts = [(self._act_of(line), partial(self._mend, line))] if self._act_of(line) else []
            if not found.is_closed:
                acts.append((tr("说明…"), partial(self.explain_line, line)))
            self._check_row(line, "explain", acts)
        for line in found.explained:
            acts = [] if found.is_closed else [(tr("改说明"), partial(self.explain_line, line))]
            self._check_row(line, "good", acts)
        if found.hints:
            is_open = self._open.get("hints", False)
            words = "；".join(line.message for line in found.hints[:2])
            self._group("hint", f"提示 {len(found.hints)}", "" if is_open else words, "hints", is_open)
            if is_open:
                for line in found.hints[:MOST_LINES]:
                    self._check_row(line, "hint", [])
                self._say_rest(found.hints)

    def _say_rest(self, lines: Sequence[CheckLine], words: str = "") -> None:
        rest = len(lines) - MOST_LINES
        if rest > 0:
            self._column.addWidget(Label(f"还有 {rest:,} 项没有列出。{words}", tone="text2"))

    def _group(self, weight: str, title: str, words: str, fold: str = "", is_open: bool = False) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 6)
        row.setSpacing(12)
        row.addWidget(WeightLabel(weight, title))
        row.addWidget(ElidedLabel(words, role="small"), 1)
        if fold:
            words = tr("收起") if is_open else tr("展开")
            row.addWidget(Button(words, lambda: self._fold(fold, not is_open), kind="link"))
        self._column.addLayout(row)

    def _check_row(self, line: CheckLine, weight: str, acts: Sequence[tuple[str, object]]) -> None:
        words = mask_words(line.message)
        if line.explanation:
            by = f"（{line.explained_by}）" if line.explained_by else ""
            words += f"　说明：{line.explanation}{by}"
        self._column.addWidget(CheckRow(weight, line.title, words, acts))

    def _act_of(self, line: CheckLine) -> str:
        if place := place_of(line):
            return place.act
        if line.title == NOT_MONITORED:
            return tr("去填写")
        if line.code == IMPORT_CODE:
            return tr("看疑问")
        if line.records_of("status_change"):
            return tr("看异动")
        if line.students:
            return tr("看这人") if len(line.students) == 1 else tr("看名单")
        return tr("看报表")

    def _fill_follow_ups(self) -> None:
        """Say who has what in hand, besides what 收齐 counts already."""
        day = clock.today()
        found = [one for one in self._follow_ups if one.kind not in GATHERED]
        if not found:
            return
        loads = by_person(found, day)
        overdue = sum(load.overdue(day) for load in loads)
        words = f"{len(found)} 件，在 {len(loads)} 人手上" + (f"，{overdue} 件逾期" if overdue else "")
        self._column.addSpacing(16)
        self._section_head("待办", words, "follow_ups", True)
        for load in loads[:MOST_PEOPLE]:
            act = partial(self.session.navigate, "follow_ups", {"responsible": load.responsible})
            self._column.addWidget(PersonRow(load, day, act))

    def _fill_after(self, found: Desk) -> None:
        month = f"{int(found.month[5:])}月"
        if found.is_closed:
            self._column.addWidget(Label(tr("接下来"), role="section"))
            self._column.addSpacing(6)
            row = QHBoxLayout()
            row.addWidget(
                Label(
                    f"打开“报表”，把 {month}的表导出或打印，报给：{'、'.join(found.recipients)}。", wraps=True
                ),
                1,
            )
            self._column.addLayout(row)
            return
        self._column.addWidget(Label(tr("封账会做四件事"), role="section"))
        self._column.addSpacing(6)
        for at, words in enumerate(
            (
                "先备份并核对一遍，备份不成就不封账。",
                f"固定 {month}的指标和每个数字背后的名单。",
                f"{month}的报表从此按固定的数字出，随时可以导出、打印。",
                f"以后补登到 {month}的异动，列为下月的更正，{month}的数字不变。",
            ),
            1,
        ):
            row = QHBoxLayout()
            row.setContentsMargins(0, 3, 0, 3)
            row.setSpacing(14)
            row.addWidget(Label(str(at), tone="text2"))
            row.addWidget(Label(words, wraps=True), 1)
            self._column.addLayout(row)

    def _show_footer(self, found: Desk) -> None:
        assert self.footer is not None
        month = self._month.text()
        blocking = len(found.blocking)
        self._standing.setVisible(bool(blocking) and not found.is_closed)
        self._standing.label.setText(f"还有 {blocking} 项必须处理")
        self._why.setVisible(not blocking and not found.can_close and not found.is_closed)
        self._why.setText(found.why_not)
        self.close_button.setText(f"封账 {month}…")
        self.close_button.setVisible(not found.is_closed)
        self.close_button.setEnabled(found.can_close)
        self.reopen_button.setVisible(found.is_closed)
        self.footer.sentence.setText(
            f"{month}的指标和名单已固定；以后补登的异动另列为更正。"
            if found.is_closed
            else tr("封账后，本月的指标和名单不再变动；以后补登的异动另列为更正。")
        )

    # Acts

    def _step(self, by: int) -> None:
        names = self._names
        if self.session.month in names:
            at = names.index(self.session.month) + by
            if 0 <= at < len(names):
                self.session.set_month(names[at])

    def _check_again(self) -> None:
        self.mark_stale()
        self.session.say(tr("都重查过了。"), undo=False)

    def _follow(self, one: Gathering) -> None:
        params = one.params
        if one.records:
            params = {"records": one.records, "because": one.title}
        self.session.navigate(one.page, params)

    def _mend(self, line: CheckLine) -> None:
        """Open the place where a line is mended: with one person his record, with several the whole list."""
        if place := place_of(line):
            self.session.navigate(place.page, place.params)
            return
        changes, students = line.records_of("status_change"), line.students
        if line.title == NOT_MONITORED:
            self.session.navigate("monitoring", {"missing": True})
        elif line.code == IMPORT_CODE:
            self.session.navigate("pending", {"questions": True})
        elif len(changes) == 1:
            self.session.navigate("changes", {"record": changes[0]})
        elif changes:
            self.session.navigate("changes", {"records": changes, "because": line.title})
        elif len(students) == 1:
            self.session.navigate("students", {"student": students[0]})
        elif students:
            self.session.navigate("students", {"records": students, "because": line.title})
        else:
            self.session.navigate("reports", {"report": "progress"})

    def explain_line(self, line: CheckLine) -> None:
        """Ask for the explanation of a ◐ line and keep it with the month."""
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
        found = self.session.attempt(
            lambda: explain(self.session.ledger_file, self.session.month, line.code, reason, line.issues)
        )
        if found:
            self.session.say(f"已说明：{line.title}")

    def next_problem(self, step: int) -> None:
        """Go to the act of the next check that stands, or of the previous one (F8, Shift+F8)."""
        acts = [row.acts[0] for row in self._column_rows() if row.acts]
        if not acts:
            self.session.say(tr("没有要处理或说明的。"), undo=False)
            return
        now = next((at for at, act in enumerate(acts) if act.hasFocus()), -1 if step > 0 else 0)
        act = acts[(now + step) % len(acts)]
        act.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(act)

    def _column_rows(self) -> list[CheckRow]:
        items = (self._column.itemAt(at) for at in range(self._column.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [one for one in widgets if isinstance(one, CheckRow) and not isinstance(one, PersonRow)]

    def main_act(self) -> None:
        """Close the month (Ctrl+Enter)."""
        if self.close_button.isEnabled() and not self.close_button.isHidden():
            self.close_the_month()

    def close_the_month(self) -> None:
        """Close the month after naming what will be frozen."""
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
        self.session.tasks.run(
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
        month, words = self.session.month, self._month.text()
        later = [each for each in self._names if each > month]
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

    # Window

    def status(self) -> tuple[str, ...]:
        if self.desk is None:
            return ()
        found = self.desk
        counts = f"必须处理 {len(found.blocking)}　须说明 {len(found.asking)}　提示 {len(found.hints)}"
        return (f"{self._month.text()}　{found.state}", counts)

    def set_room(self, width: int, height: int) -> None:
        self.steps.setVisible(height >= LOW or width >= MORE_BELOW)
        self._side_scroll.setFixedWidth(400 if width >= 1800 else 332 if width >= 1180 else 292)


def _scrolling(widget: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(widget)
    return scroll


def _clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QVBoxLayout | QHBoxLayout):
            _clear(inner)
