"""查找 (Ctrl+K): one list of people, pages, acts, reports and records under the field in the command bar.

It is a child of the window and never takes the focus, so that the field keeps the input method. Records are looked up
beside the window; a look that a further key has made stale is broken off.
"""

import json
import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.finding import (
    FoundGroup,
    FoundRecord,
    Line,
    find_again,
    find_groups,
    match_line,
)
from skillsaid_desktop.ui import acts
from skillsaid_desktop.ui.i18n import count, tr
from skillsaid_desktop.ui.widgets.fields import SEARCH_DELAY_MS
from skillsaid_desktop.ui.widgets.found_list import Found, FoundList, Section
from skillsaid_desktop.ui.widgets.marks import fill_framed
from skillsaid_desktop.ui.widgets.text import Label, set_ground

if TYPE_CHECKING:
    from skillsaid_desktop.ui.main_window import MainWindow

WIDTH = 560
MOST_OFFERS = 8
"""Pages, acts or reports in one group."""
MOST_RECENT = 8
_OPENING = (Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.MouseFocusReason)


class Finder(QWidget):
    """The panel. Lines come in groups: students, pages, acts, reports, then what the other ledgers hold."""

    _arrived = Signal(int, object)
    """The number of the search, and a FoundGroup, the offers that match, or None at its end."""

    def __init__(self, main: "MainWindow") -> None:
        super().__init__(main)
        self._main, self._field = main, main.bar.field
        self._number = 0
        self._unwanted = threading.Event()
        self._groups: list[FoundGroup] = []
        self._offers: list[tuple[str, Found]] = []
        self._is_looking = self._opens_first = False
        self._came_from: QWidget | None = None
        self._menu: QMenu | None = None
        self.list = FoundList()
        self.list.itemClicked.connect(lambda _item: self.open_current())
        self.words = Label(tone="text2", wraps=True)
        self.words.setContentsMargins(10, 8, 10, 8)
        self._keys = Label(tr("↑↓ 选择　Enter 打开　Esc 关上"), role="small", tone="text3")
        self._keys.setContentsMargins(10, 4, 10, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.words)
        layout.addWidget(self._keys)
        set_ground(self, "raised")
        self.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_DELAY_MS)
        self._timer.timeout.connect(self._begin)
        self._arrived.connect(self._on_arrived)
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @property
    def is_looking(self) -> bool:
        """Tell whether more may be found for what is typed."""
        return self._is_looking or self._timer.isActive()

    # Looking

    def _on_text_changed(self) -> None:
        self._timer.start()
        self._opens_first = False

    def _begin(self) -> None:
        if self._main.composition.is_going_on:
            self._timer.start()
            return
        self._unwanted.set()
        self._number += 1
        text = self._field.text().strip()
        if not text:
            self._is_looking = False
            self._show_recent()
            return
        self._unwanted = threading.Event()
        self._is_looking = True
        offers = self._all_offers()
        self._main.session.tasks.run(
            tr("正在查找"),
            partial(self._look, self._number, text, offers, self._unwanted),
            is_quiet=True,
            is_short=True,
        )

    def _look(
        self,
        number: int,
        text: str,
        offers: Sequence[tuple[str, Found, str]],
        unwanted: threading.Event,
        _progress: Progress,
    ) -> None:
        """Look the text up; beside the window."""
        session = self._main.session
        with session.ledger_file.reading() as reading, reading.broken_off_when(unwanted.is_set):
            for group in find_groups(reading, text, session.as_of):
                self._arrived.emit(number, group)
                if group.ledger == STUDENTS.name:
                    self._arrived.emit(number, _matching(offers, text))
        self._arrived.emit(number, None)

    def _on_arrived(self, number: int, what: object) -> None:
        if number != self._number:
            return
        if isinstance(what, FoundGroup):
            if what.ledger == STUDENTS.name:
                self._groups, self._offers = [], []
            self._groups.append(what)
            if what.ledger == STUDENTS.name or not what.records:
                return  # shown together with the offers that come next
        elif isinstance(what, list):
            self._offers = what
        else:
            self._is_looking = False
        self._show_found()
        if self._opens_first and (self.list.current() is not None or not self._is_looking):
            self._opens_first = False
            self.open_current()

    # Showing

    def _show_found(self) -> None:
        lines: list[Section | Found] = []
        first, *others = self._groups
        self._add_group(lines, first)
        for kind in (tr("页面"), tr("功能"), tr("报表")):
            matching = [found for of_kind, found in self._offers if of_kind == kind]
            if matching:
                lines += [Section(kind, str(len(matching))), *matching[:MOST_OFFERS]]
        for group in others:
            self._add_group(lines, group)
        self._show(lines, tr("还在找……") if self._is_looking else self._nothing_found())

    def _nothing_found(self) -> str:
        return (
            f"没有找到“{self._field.text().strip()}”。可以输姓名、拼音首字母、证件或银行卡的后几位、户主或家人、班级，"
            "也可以输页面和功能的名字。"
        )

    def _add_group(self, lines: list[Section | Found], group: FoundGroup) -> None:
        if not group.records:
            return
        total = count(len(group.ids), group.unit)
        lines.append(Section(group.title, total))
        lines += [self._record(each) for each in group.records]
        if len(group.ids) > len(group.records) and self._main.entries[group.ledger].is_table:
            # Exactly these: the search of the page itself knows no family, and leaves out who has gone.
            named = {"records": group.ids, "because": f"{tr('查找')}“{self._field.text().strip()}”"}
            show_all = partial(self._main.open_page, group.ledger, named)
            lines.append(Found(Line(f"{tr('全部')} {total}", group.title), "table", show_all))

    def _record(self, record: FoundRecord) -> Found:
        entry = self._main.entries[record.ledger]
        show = partial(self._main.open_page, entry.name, {"record": record.record_id})
        return Found(record.line, entry.icon, show, ("record", record.ledger, str(record.record_id)))

    def _show_recent(self) -> None:
        """Show what was opened last, and what the page in sight offers."""
        recent = self._recent()
        lines: list[Section | Found] = [Section(tr("最近打开")), *recent] if recent else []
        page = self._main.page()
        here = [found for kind, found, _words in self._page_offers()]
        if here and page is not None:
            lines += [Section(f"{tr('这一页能做的')}　{page.title}"), *here[:MOST_RECENT]]
        self._show(lines, tr("输姓名、首字母、证件后几位，或页面和功能的名字。"))

    def _show(self, lines: Sequence[Section | Found], if_none: str) -> None:
        self.words.setText(if_none)
        self.words.setVisible(not lines)
        now = self.list.current()
        self.list.set_lines(lines, now.key if now is not None and self.isVisible() else ())
        self.list.setVisible(bool(lines))
        self.setVisible(self._field.hasFocus())
        self.place()

    def place(self) -> None:
        """Stand under the field, as wide and as high as the window allows."""
        at = self._field.mapTo(self._main, QPoint(0, self._field.height() + 2))
        width = min(max(WIDTH, self._field.width()), self._main.width() - 16)
        x = max(8, min(at.x() + (self._field.width() - width) // 2, self._main.width() - width - 8))
        height = self._keys.sizeHint().height() + 2
        if not self.list.isHidden():
            height += self.list.wanted_height() + 2
        if not self.words.isHidden():
            height += self.words.heightForWidth(width - 2)
        self.setGeometry(x, at.y(), width, min(height, self._main.height() - at.y() - 12))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_framed(painter, self.rect(), "raised", "edge")
        painter.end()

    # What is offered besides records

    def _page_offers(self) -> list[tuple[str, Found, str]]:
        page = self._main.page()
        if page is None:
            return []
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = QMenu(self)  # its acts live as long as it does
        return [_offer(act) for act in acts.page_acts(page, self._menu)]

    def _all_offers(self) -> list[tuple[str, Found, str]]:
        """Return the pages, acts and reports there are, each with its kind and its other names."""
        from skillsaid_desktop.reports import REPORTS

        main = self._main
        offers = [
            (
                tr("页面"),
                Found(
                    Line(entry.title), entry.icon, partial(main.open_page, entry.name), ("page", entry.name)
                ),
                "",
            )
            for entry in main.entries.values()
            if entry.group != "hidden" or entry.under
        ]
        offers += self._page_offers()
        offers += [_offer(act) for act in acts.window_acts(main)]
        for report in REPORTS:
            show = partial(main.open_page, "reports", {"report": report.name})
            found = Found(Line(report.title), "document_table", show, ("report", report.name))
            offers.append((tr("报表"), found, ""))
        return list(
            {
                (kind, found.line.text): (kind, found, words) for kind, found, words in reversed(offers)
            }.values()
        )[::-1]

    # What was opened last; ids only, for the settings of a PC are not encrypted

    def _setting(self) -> str:
        return f"finder/{self._main.session.ledger_file.ledger_id}"

    def _remember(self, key: tuple[str, ...]) -> None:
        kept = [each for each in self._stored() if each != key]
        QSettings().setValue(self._setting(), json.dumps([key, *kept][:MOST_RECENT]))

    def _stored(self) -> list[tuple[str, ...]]:
        text = str(QSettings().value(self._setting(), "[]"))
        try:
            return [tuple(str(part) for part in each) for each in json.loads(text)]
        except ValueError:
            return []

    def _recent(self) -> list[Found]:
        stored = self._stored()
        if not stored:
            return []
        wanted = [(key[1], int(key[2])) for key in stored if key[0] == "record" and len(key) == 3]
        with self._main.session.ledger_file.reading() as reading:
            records = [self._record(each) for each in find_again(reading, wanted, self._main.session.as_of)]
        known = {each.key: each for each in records}
        known |= {found.key: found for _kind, found, _words in self._all_offers() if found.key}
        return [known[key] for key in stored if key in known]

    # Keys, focus

    def open_current(self) -> None:
        """Open the chosen line; while nothing has been found yet, the first as soon as it is."""
        if self.is_looking and (self._timer.isActive() or self.list.current() is None):
            if self._timer.isActive():
                self._timer.stop()
                self._begin()
            self._opens_first = True
            return
        found = self.list.current()
        if found is not None:
            self.close_list()
            if found.key:
                self._remember(found.key)
            found.open()

    def close_list(self) -> None:
        """Close the list, forget what was typed, and go back to where one was."""
        self._unwanted.set()
        self._number += 1
        self._is_looking = self._opens_first = False
        self._field.clear()
        self._timer.stop()
        self.hide()
        came_from = self._came_from
        if came_from is not None and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._field.clearFocus()

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is self._field:
            self._came_from = before

    def _take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8,
        }  # fmt: skip
        if key in steps:
            if self.isVisible():
                self.list.step(steps[Qt.Key(key)])
            else:
                self._begin()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self._take_key(event)
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _OPENING:
            self._field.selectAll()
            self._begin()
        elif isinstance(event, QMouseEvent) and self._field.hasFocus() and self.isHidden():
            self._begin()
        return False


def _offer(act: acts.Act) -> tuple[str, Found, str]:
    return tr("功能"), Found(Line(act.title, act.about), act.icon, act.do, ("act", act.title)), act.words


def _matching(offers: Sequence[tuple[str, Found, str]], text: str) -> list[tuple[str, Found]]:
    """Return the offers whose name, or another name of theirs, has each word of the text."""
    found = []
    for kind, offer, words in offers:
        line = match_line(offer.line.text, offer.line.about, words, text)
        if line is not None:
            found.append((kind, Found(line, offer.icon, offer.open, offer.key)))
    return found
