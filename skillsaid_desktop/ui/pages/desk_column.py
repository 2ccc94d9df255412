"""The left column of 首页: the sentence, 收齐, 封账前检查, 待办, what closing does."""

import html
import re
from collections.abc import Callable, Hashable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.desk import CheckLine, Desk, Gathering
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.check_places import place_of
from skillsaid_desktop.ui.pages.desk_answer import DeskAnswer
from skillsaid_desktop.ui.pages.desk_rows import Act, CheckRow, GatheringRow, PersonRow
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.marks import WeightLabel, WeightMark
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, set_ground

MOST_LINES = 100
"""Lines of one weight that are listed; thousands of rows of buttons would hold the window up."""


class DeskColumn(QWidget):
    """Filled from a `DeskAnswer`; what is folded, and where the keyboard is, stays when it is filled again."""

    gathering_wanted = Signal(object)
    mend_wanted = Signal(object)
    explain_wanted = Signal(object)
    check_again_wanted = Signal()
    page_wanted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "surface")
        self._answer: DeskAnswer | None = None
        self._open: dict[str, bool] = {}
        self._acts: dict[Hashable, Button] = {}
        """The buttons by what they are about, which is the same after filling again."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(PAGE_MARGIN, 12, PAGE_MARGIN, 20)
        self._column.setSpacing(0)

    def fill(self, answer: DeskAnswer) -> None:
        """Show an answer."""
        held = next((about for about, act in self._acts.items() if act.hasFocus()), None)
        if held is not None:
            # Else Qt would hand the focus from one to the next as they go, and scroll after it.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._answer = answer
        self._acts = {}
        _clear(self._column)
        self._fill(answer)
        if held in self._acts:
            self._acts[held].setFocus(Qt.FocusReason.OtherFocusReason)

    def problem_acts(self) -> list[Button]:
        """Return the first act of each check that stands, from top to bottom."""
        items = (self._column.itemAt(at) for at in range(self._column.count()))
        rows = [item.widget() for item in items if item is not None]
        checks = [one for one in rows if isinstance(one, CheckRow) and not isinstance(one, PersonRow)]
        return [row.acts[0] for row in checks if row.acts]

    def _link(self, words: str, act: Callable[[], object], about: Hashable) -> Button:
        self._acts[about] = link = Button(words, act, kind="link")
        return link

    def _fill(self, answer: DeskAnswer) -> None:
        found = answer.desk
        if answer.is_empty:
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
        self._fill_follow_ups(answer)
        if found.can_close or found.is_closed:
            self._column.addSpacing(20)
            self._fill_after(found)
        self._column.addStretch(1)

    def _fill_empty(self) -> None:
        wanted = Button(
            tr("导入学生名册"),
            lambda: self.page_wanted.emit("import", {"kind": "students"}),
            icon="arrow_import",
            kind="main",
        )
        one_by_one = Button(tr("逐个登记"), lambda: self.page_wanted.emit("students", {}))
        words = tr("先把学籍系统导出的名册原样导进来，班级、身份类别会一起建好。导错了可以一步撤销。")
        self._column.addWidget(EmptyPage(tr("台账里还没有学生"), words, (wanted, one_by_one)), 1)

    def _fill_gatherings(self, gatherings: Sequence[Gathering]) -> None:
        done = sum(one.is_done for one in gatherings)
        left = len(gatherings) - done
        words = f"{done} 项收齐，{left} 项还差" if left else f"{done} 项都收齐了"
        is_open = self._open.get("gather", bool(left))
        self._section_head("收齐", words, self._fold_link("gather", is_open), good=not left)
        if not is_open:
            return
        for one in sorted(gatherings, key=lambda each: each.is_done):
            row = GatheringRow(one, partial(self.gathering_wanted.emit, one))
            self._column.addWidget(row)
            if row.act is not None:
                self._acts[one.title, one.page] = row.act

    def _section_head(self, title: str, words: str, link: Button, *, good: bool = False) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(tr(title), role="section"))
        if good:
            row.addWidget(WeightMark("good"))
        row.addWidget(Label(words, role="small", tone="text2"))
        row.addStretch(1)
        row.addWidget(link)
        self._column.addLayout(row)
        self._column.addSpacing(4)

    def _fold_link(self, name: str, is_open: bool) -> Button:
        return self._link(tr("收起") if is_open else tr("展开"), lambda: self._fold(name, not is_open), name)

    def _fold(self, name: str, is_open: bool) -> None:
        self._open[name] = is_open
        if self._answer is not None:
            self.fill(self._answer)

    def _fill_checks(self, found: Desk) -> None:
        clean = not found.blocking and not found.asking
        words = "没有必须处理的"
        if found.explained:
            words += f"；{len(found.explained)} 项已说明，随本月留存"
        again = self._link(tr("全部重查　F5"), self.check_again_wanted.emit, "checks")
        self._section_head("封账前检查", words if clean else "改动后自动重查", again, good=clean)
        if found.blocking:
            self._group("stop", f"必须处理 {len(found.blocking)}", "处理完才能封账")
            for line in found.blocking[:MOST_LINES]:
                self._check_row(line, "stop", [self._mend(line)])
            self._say_rest(found.blocking, tr("改好上面的，后面的接着列出。"))
        if found.asking or (found.explained and not clean):
            told = (
                f"已说明 {len(found.explained)} 项，说明随本月留存"
                if found.explained
                else "写一句为什么可以这样"
            )
            self._group("explain", f"须说明 {len(found.asking)}", told)
        for line in found.asking:
            acts = [self._mend(line)]
            if not found.is_closed:
                acts.append((tr("说明…"), partial(self.explain_wanted.emit, line)))
            self._check_row(line, "explain", acts)
        for line in found.explained:
            acts = [] if found.is_closed else [(tr("改说明"), partial(self.explain_wanted.emit, line))]
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
            row.addWidget(self._fold_link(fold, is_open))
        self._column.addLayout(row)

    def _mend(self, line: CheckLine) -> Act:
        return place_of(line).act, partial(self.mend_wanted.emit, line)

    def _check_row(self, line: CheckLine, weight: str, acts: Sequence[Act]) -> None:
        words = mask_words(line.message)
        if line.explanation:
            by = f"（{line.explained_by}）" if line.explained_by else ""
            words += f"　说明：{line.explanation}{by}"
        row = CheckRow(weight, line.title, words, acts)
        self._column.addWidget(row)
        self._acts.update({(line.key, act.text()): act for act in row.acts})

    def _fill_follow_ups(self, answer: DeskAnswer) -> None:
        """Say who has what in hand, besides what 收齐 counts already."""
        to_do = answer.to_do
        if not to_do.number:
            return
        words = f"{to_do.number} 件，在 {to_do.people} 人手上"
        words += f"，{to_do.overdue} 件逾期" if to_do.overdue else ""
        self._column.addSpacing(16)
        whole = f"看全部 {answer.follow_ups:,} 件"
        link = self._link(whole, partial(self.page_wanted.emit, "follow_ups", {}), "follow_ups")
        self._section_head("待办", words, link)
        for load in to_do.loads:
            act = partial(self.page_wanted.emit, "follow_ups", {"responsible": load.responsible})
            row = PersonRow(load, answer.day, act)
            self._column.addWidget(row)
            self._acts["follow_ups", load.responsible] = row.acts[0]

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
