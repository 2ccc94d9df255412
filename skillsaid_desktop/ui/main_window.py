"""The main window: command bar, navigation, pages, status line; what holds for all pages."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.months import list_months
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.command_bar import CommandBar, StatusLine, month_title
from skillsaid_desktop.ui.composition import Composition
from skillsaid_desktop.ui.finder import Finder
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.navigation import Navigation
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages import PageAct, PageEntry, Waiting, all_pages
from skillsaid_desktop.ui.painted import after_first_paint
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.tasks import Task
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.focus_ring import FocusRing
from skillsaid_desktop.ui.widgets.help_panel import HelpPanel
from skillsaid_desktop.ui.widgets.notices import Strip, Toast
from skillsaid_desktop.ui.widgets.progress_strip import ProgressStrip
from skillsaid_desktop.ui.widgets.regions import first_stop, regions_of
from skillsaid_desktop.ui.widgets.text import Line

NARROW, VERY_NARROW, LOW = 1180, 960, 560
LARGE_UNDO = 500


class MainWindow(QWidget):
    """Everything inside the frame once a ledger is open."""

    lock_asked = Signal()

    def __init__(self, session: Session, first: str = "") -> None:
        """Make the window; a page that is to be opened `first` begins to read while the rest is made."""
        super().__init__()
        self.session = session
        self.entries: dict[str, PageEntry] = {entry.name: entry for entry in all_pages()}
        self._pages: dict[str, Page] = {}
        begun = self.entries[first].make(session) if first else None
        self._folded_by_hand = str(QSettings().value("navigation/folded", "false")) == "true"
        self._months: list[str] = []
        self.bar = CommandBar(self._user_menu())
        self.navigation = Navigation([e for e in self.entries.values() if e.group != "hidden"])
        self.stack = QStackedWidget()
        self.status = StatusLine(self.back_up)
        self.progress = ProgressStrip(session.tasks)
        self.clock_strip = Strip("attention", "")
        self.toast = Toast(self)
        self.help = HelpPanel(self)
        self.ring = FocusRing(self)
        self.composition = Composition(self)
        self.finder = Finder(self)
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._show_month()
        self._show_undo()
        self._show_backup()
        self._show_clock()
        self.bar.set_user(session.ledger_file.user)
        if begun is not None:
            self._add_page(first, begun)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.clock_strip)
        column.addWidget(self.progress)
        column.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(Line(vertical=True))
        middle.addLayout(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(Line())
        layout.addLayout(middle, 1)
        layout.addWidget(Line())
        layout.addWidget(self.status)
        self.setMinimumSize(880, 500)

    def _connect(self) -> None:
        session = self.session
        self.navigation.chosen.connect(self.open_page)
        self.bar.fold_asked.connect(self.toggle_navigation)
        self.bar.undo_asked.connect(self.undo)
        self.bar.redo_asked.connect(self.redo)
        self.bar.month_asked.connect(session.set_month)
        self.bar.help_asked.connect(self.show_help)
        session.navigated.connect(self.open_page)
        session.said.connect(self._say)
        session.month_changed.connect(self._on_month_changed)
        session.as_of_changed.connect(self._on_as_of_changed)
        session.changes.data_changed.connect(self._on_data_changed)
        session.tasks.refused_unheard.connect(lambda error: session.prompts.error(error))
        # The status line counts rows, so it comes after the rows are painted, and once for many changes.
        self._status_timer = QTimer(self)
        self._status_timer.setSingleShot(True)
        self._status_timer.timeout.connect(self._show_status)
        self._counts_timer = QTimer(self)
        self._counts_timer.setSingleShot(True)
        self._counts_timer.setInterval(300)
        self._counts_timer.timeout.connect(self.count_waiting)
        self._counting: Task | None = None
        after_first_paint(self, self._counts_timer.start)

    def _add_shortcuts(self) -> None:
        def key(keys: str, act: Any) -> None:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)

        key("Ctrl+K", self.find_anything)
        key("Ctrl+Z", lambda: self.undo(0))
        key("Ctrl+Y", self.redo)
        key("Ctrl+Shift+Z", self.redo)
        key("Ctrl+B", self.toggle_navigation)
        key("F1", self.show_help)
        key("F5", self._reload_page)
        key("F6", lambda: self._next_region(1))
        key("Shift+F6", lambda: self._next_region(-1))
        key("Ctrl+S", lambda: self._say(tr("已经保存。每一步改动都当场存好。"), False))
        key("Ctrl+PgUp", lambda: self._step_month(-1))
        key("Ctrl+PgDown", lambda: self._step_month(1))
        for keys, name in (
            ("Ctrl+F", "find_here"),
            ("Ctrl+N", "new_record"),
            ("Ctrl+E", "export"),
            ("Ctrl+P", "print_out"),
            ("Ctrl+I", "import_file"),
            ("Ctrl+Return", "main_act"),
            ("Ctrl+Shift+H", "toggle_numbers"),
        ):
            key(keys, lambda name=name: self._on_page(name))
        key("F8", lambda: self._on_page("next_problem", 1))
        key("Shift+F8", lambda: self._on_page("next_problem", -1))
        for at in range(len(self.navigation.group_names())):
            key(f"Alt+{at + 1}", lambda at=at: self.navigation.open_group(at))

    # Pages

    def find_anything(self) -> None:
        """Put the cursor into 查找 (Ctrl+K)."""
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def page(self) -> Page | None:
        """Return the page in sight."""
        found = self.stack.currentWidget()
        return found if isinstance(found, Page) else None

    def open_page(self, name: str, params: Mapping[str, object] | None = None) -> None:
        """Bring a page into sight, made on its first use."""
        now = self.page()
        if name not in self.entries or (
            now is not None and now is not self._pages.get(name) and not now.can_leave()
        ):
            return
        if name not in self._pages:
            self._add_page(name, self.entries[name].make(self.session))
        page = self._pages[name]
        page.set_room(self.width(), self.height())
        self.stack.setCurrentWidget(page)
        self.navigation.show_chosen(self.entries[name].under or name)
        self._fit()
        QSettings().setValue("page", name)
        page.refresh()
        if params:
            page.open_with(params)
        self.help.hide()
        self._status_timer.start()

    def _add_page(self, name: str, page: Page) -> None:
        page.status_changed.connect(self._status_timer.start)
        page.find_wanted.connect(self.find_anything)
        after_first_paint(page, partial(self._on_painted, page))
        self._pages[name] = page
        self.stack.addWidget(page)

    def open_act(self, name: str, act: PageAct) -> None:
        """Bring a page into sight and do there what one comes for."""
        self.open_page(name, act.params)
        if act.method and self.page() is self._pages.get(name):
            getattr(self.page(), act.method)()

    def _on_painted(self, page: Page) -> None:
        page.is_painted = True
        self._status_timer.start()

    def _on_page(self, name: str, *values: object) -> None:
        page = self.page()
        if page is not None:
            getattr(page, name)(*values)

    def _reload_page(self) -> None:
        page = self.page()
        if page is not None:
            page.mark_stale()
        self.count_waiting()

    def _on_data_changed(self, changes: Any, initiator: object) -> None:
        for page in self._pages.values():
            if page is not initiator and page.concerns(changes.entities):
                page.mark_stale()
        self._show_undo()
        if "reporting_month" in changes.entities or "setting" in changes.entities:
            self._show_month()
        self._count_anew()

    def _on_month_changed(self, _month: str) -> None:
        self._show_month()
        for page in self._pages.values():
            if page.follows_month:
                page.mark_stale()
        self._count_anew()

    def _on_as_of_changed(self, _day: object) -> None:
        for page in self._pages.values():
            page.mark_stale()

    def _count_anew(self) -> None:
        """Count soon, and break off what counts what is out of date: the page in sight would wait for it."""
        if self._counting is not None:
            self._counting.stop()
        self._counts_timer.start()

    def count_waiting(self) -> None:
        """Count the work that waits behind each entry, beside the window: all checks of the month are run for it."""
        if self._counting is not None and self._counting.is_running:
            self._counts_timer.start()
            return
        ledger_file, month = self.session.ledger_file, self.session.month
        counted = [
            (entry.name, entry.waiting) for entry in self.entries.values() if entry.waiting is not None
        ]

        def work(progress: Progress) -> list[tuple[str, Waiting]]:
            found = []
            with ledger_file.reading() as reading:
                for at, (name, waiting) in enumerate(counted):
                    progress.report(at, len(counted), "")
                    found.append((name, waiting(reading, month, progress)))
            return found

        def show(found: list[tuple[str, Waiting]]) -> None:
            for name, waiting in found:
                self.navigation.set_count(name, waiting.number, stops=waiting.stops)

        self._counting = self.session.tasks.run(tr("正在清点"), work, done=show, is_quiet=True)

    # Undo

    def undo(self, operation_id: int = 0) -> None:
        """Take back an operation, the last one by default, and say which."""
        rows = self.session.ledger_file.undoable(20)
        row = next((each for each in rows if not operation_id or each.id == operation_id), None)
        if row is not None:
            self._take_back(
                row.name, row.changes, lambda: self.session.ledger_file.undo(row.id), tr("已撤销：")
            )

    def redo(self) -> None:
        """Do again what was undone last."""
        rows = self.session.ledger_file.redoable()
        if rows:
            name = rows[0].name.removeprefix("撤销：")
            self._take_back(name, rows[0].changes, self.session.ledger_file.redo, tr("已重做："))

    def _take_back(self, name: str, changes: int, act: Any, words: str) -> None:
        if changes < LARGE_UNDO:
            if self.session.attempt(act):
                self._say(words + name, False)
            return
        self.session.tasks.run(words.replace("已", "正在") + name, lambda _progress: act(),
                               done=lambda _row: self._say(words + name, False))  # fmt: skip

    def _show_undo(self) -> None:
        ledger_file = self.session.ledger_file
        redoable = ledger_file.redoable()
        redo = redoable[0].name.removeprefix("撤销：") if redoable else ""
        self.bar.set_undo([(row.id, row.name) for row in ledger_file.undoable(20)], redo)

    # What the bars show

    def _show_status(self) -> None:
        page = self.page()
        self.status.set_parts(page.status() if page is not None and page.is_painted else ())

    def _show_month(self) -> None:
        with self.session.ledger_file.reading() as reading:
            months = list_months(reading, clock.today())
            school = reading.settings.school_name
        self._months = [each.month for each in months]
        state = next((each.state for each in months if each.month == self.session.month), "")
        offered = [(each.month, each.state) for each in reversed(months[-24:])]
        self.bar.set_month(self.session.month, state, offered)
        self.window().setWindowTitle(tr("技能帮扶台账") + f" — {school}")

    def _step_month(self, step: int) -> None:
        if self.session.month in self._months:
            at = self._months.index(self.session.month) + step
            if 0 <= at < len(self._months):
                self.session.set_month(self._months[at])
                self._say(tr("统计月：") + month_title(self._months[at]), False)

    def _show_clock(self) -> None:
        """Say it if the PC's clock is behind the ledger; nothing is refused."""
        warning = self.session.ledger_file.clock_warning()
        self.clock_strip.setVisible(bool(warning))
        if warning:
            self.clock_strip.say(
                "attention", warning, link=tr("知道了"), on_link=lambda: self.clock_strip.hide()
            )

    def _show_backup(self) -> None:
        report = self.session.ledger_file.last_backup()
        if report is None:
            self.status.set_backup(tr("还没有备份，现在备份"), is_good=False)
            return
        at: datetime = report.made_at
        day = clock.today() - at.date()
        when = {0: tr("今天"), 1: tr("昨天")}.get(day.days, f"{at.month}月{at.day}日")
        is_good = day < timedelta(days=3)
        words = tr("备份完好：") if is_good else f"{day.days} 天没有备份了："
        self.status.set_backup(f"{words}{when} {at:%H:%M}", is_good=is_good)

    def back_up(self) -> None:
        """Make a verified backup now, beside the window."""
        from skillsaid_desktop.paths import backup_folder

        def done(_report: object) -> None:
            self._show_backup()
            self._say(tr("备份好了，打开核对过。"), False)

        ledger_file = self.session.ledger_file
        self.session.tasks.run(
            tr("正在备份"), lambda _progress: ledger_file.backup(backup_folder()), done=done
        )

    def _say(self, text: str, undo: object) -> None:
        self.toast.say(text, (lambda: self.undo(0)) if undo else None)

    def show_help(self) -> None:
        """Show what this page is for and its keys."""
        page = self.page()
        if page is not None:
            self.help.toggle(page.title, page.help_text)

    def _user_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for scheme, title in theme.SCHEMES:
            action = menu.addAction(tr(title))
            action.setCheckable(True)
            action.setChecked(theme.stored_scheme() == scheme)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, scheme=scheme: self.set_scheme(scheme))
        menu.addSeparator()
        menu.addAction(tr("现在备份"), self.back_up)
        menu.addAction(tr("锁上台账"), self.lock_asked.emit)
        return menu

    def set_scheme(self, scheme: str) -> None:
        """Switch between light, dark and the system's choice."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.choose(app, scheme)

    # Room

    def toggle_navigation(self) -> None:
        """Fold the navigation or unfold it, and remember it."""
        self._folded_by_hand = not self._folded_by_hand
        QSettings().setValue("navigation/folded", str(self._folded_by_hand).lower())
        self._fit()

    def _fit(self) -> None:
        width, height = self.width(), self.height()
        self.navigation.set_folded(self._folded_by_hand or width < NARROW)
        self.navigation.set_row_height(30 if width >= 1400 and height >= 800 else 27)
        self.bar.set_narrow(width < NARROW or height < LOW)
        page = self.page()
        for other in self._pages.values():
            if other is not page or height >= LOW:
                other.take_head_back()
        if page is not None:
            self.bar.share_with(page.lend_head() if height < LOW else None)
            page.set_room(width, height)
            page.head.set_low(height < 700)
            for footer in page.findChildren(FooterBar):
                footer.set_low(height < LOW)
        self.toast.place()
        if self.finder.isVisible():
            self.finder.place()

    def _next_region(self, step: int) -> None:
        page = self.page()
        regions: list[QWidget] = [self.navigation, *(regions_of(page) if page is not None else ())]
        focus = QApplication.focusWidget()
        now = next(
            (
                at
                for at, each in enumerate(regions)
                if focus is not None and (each is focus or each.isAncestorOf(focus))
            ),
            0 if step > 0 else len(regions),
        )
        stop = first_stop(regions[(now + step) % len(regions)])
        if stop is not None:
            self.ring.expect()
            stop.setFocus(Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.ring.expect()
        return super().focusNextPrevChild(forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def can_close(self) -> bool:
        """Tell whether the window may be closed; what was typed and could not be stored is not dropped unasked."""
        page = self.page()
        if page is not None and not page.can_leave():
            return False
        waiting = {each.title: each.waiting_cells() for each in self._pages.values() if each.waiting_cells()}
        if not waiting:
            return True
        number = sum(waiting.values())
        where = "，".join(f"{title} {count} 格" for title, count in waiting.items())
        return self.session.prompts.ask(
            f"还有 {number} 格待改，没有存进台账",
            f"{where}。关上以后，这几格里写的就没有了，台账里还是原来的值。",
            act=f"不要这 {number} 格，关上", safe=tr("回去改"), danger=True,
        )  # fmt: skip

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.can_close():
            event.ignore()
            return
        super().closeEvent(event)
