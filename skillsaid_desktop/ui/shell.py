"""The frame of the program: unlock page, first-run page or main window; closes, locks and backs up."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow

from skillsaid_desktop import paths
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui import icons, theme, warm_up
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.painted import after_first_paint

if TYPE_CHECKING:
    from skillsaid_desktop.storage import LedgerFile
    from skillsaid_desktop.ui.main_window import MainWindow
    from skillsaid_desktop.ui.prompts import Prompts
    from skillsaid_desktop.ui.session import Session

IDLE_MINUTES = 15
RETRY_MS = 200
LAST_LEDGER = "last_ledger"
_ACTIVITY = (
    QEvent.Type.KeyRelease,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
)  # a shortcut takes its press


class Shell(QMainWindow):
    """The frame: holds the unlock page, the first-run page or the main window; locks itself when left alone."""

    _damaged = Signal(object, object)  # LedgerFile, DamagedError

    def __init__(self) -> None:
        super().__init__()
        self._damaged.connect(self._on_damaged, Qt.ConnectionType.QueuedConnection)
        self._prompts: Prompts | None = None
        self._still_held = ""  # a copy of a file that another program held when the ledger was closed
        self.session: Session | None = None
        self.main: MainWindow | None = None
        self.setWindowTitle(tr("技能帮扶台账"))
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(880, 500)
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.timeout.connect(self._on_idle)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._on_focus_window_changed)

    @property
    def prompts(self) -> "Prompts":
        """What asks the user; made with the first question, not with the window."""
        if self._prompts is None:
            from skillsaid_desktop.ui.prompts import WindowPrompts

            self._prompts = WindowPrompts(lambda: self)
        return self._prompts

    @prompts.setter
    def prompts(self, prompts: "Prompts") -> None:
        self._prompts = prompts

    # Before a ledger is open

    def start(self, path: Path | None) -> None:
        """Show the unlock page of a ledger, or the first-run page when there is none."""
        known = path or _last_ledger()
        if known is None:
            self.make_new()
        else:
            self.unlock(known)

    def unlock(self, path: Path, note: str = "") -> None:
        """Show the unlock page of a ledger; `note` says why."""
        from skillsaid_desktop.ui.pages.unlock_page import UnlockPage

        self._show_start(UnlockPage(path, note))

    def make_new(self) -> None:
        """Show the page on which a ledger is made."""
        from skillsaid_desktop.ui.pages.first_run_page import FirstRunPage

        self._show_start(FirstRunPage(self.prompts))

    def _show_start(self, page: Any) -> None:
        page.opened.connect(self.open_ledger)
        page.other_wanted.connect(self._on_other_wanted)
        self.setWindowTitle(tr("技能帮扶台账"))
        self.setCentralWidget(page)
        page.setFocus()

    def _on_other_wanted(self, what: str) -> None:
        if what == "new":
            self.make_new()
        elif what == "open":
            chosen = self.prompts.open_files(tr("打开台账"), tr("台账 (*.skillsaid)"))
            if chosen:
                self.unlock(chosen[0])
        elif what == "restore":
            self._choose_backup()
        elif what == "demo":
            self._open_demo()
        else:
            self.unlock(Path(what))

    def _choose_backup(self) -> None:
        """Bring a ledger back: beside the one to be unlocked, or on a PC that knows none."""
        from skillsaid_desktop.ui.pages.unlock_page import UnlockPage

        chosen = self.prompts.open_files(tr("从备份恢复"), tr("台账备份 (*.skillsaid-backup)"))
        if not chosen:
            return
        page = self.centralWidget()
        if not isinstance(page, UnlockPage):
            from skillsaid_desktop.storage.backup import ledger_name
            from skillsaid_desktop.ui.pages.first_run_page import ledger_folder

            page = UnlockPage(ledger_folder() / ledger_name(chosen[0]))
            self._show_start(page)
        page.choose_backup(chosen[0])

    def _open_demo(self) -> None:
        warm_up.load()
        from skillsaid_desktop.services.sample_school import FILE_NAME, make_sample_school, sample_passphrase
        from skillsaid_desktop.storage.ledger_file import LedgerFile

        folder = paths.data_folder() / "demo"
        path = folder / FILE_NAME
        try:
            if not path.exists():
                make_sample_school(folder)
            self.open_ledger(LedgerFile.open(path, passphrase=sample_passphrase()))
        except UserError as error:
            self.prompts.error(error)

    # With a ledger

    def open_ledger(self, ledger_file: "LedgerFile", page: str = "") -> None:
        """Put the main window over an open ledger, with a page of PAGES (the first one) in sight."""
        warm_up.load()
        from skillsaid_desktop.storage import DamagedError

        try:
            self._show_ledger(ledger_file, page)
        except DamagedError as error:
            self._give_up(ledger_file, error)
        else:
            ledger_file.on_damage(lambda error: self._damaged.emit(ledger_file, error))

    def complain(self, error: UserError) -> None:
        """Show an expected trouble that nobody else shows; a damaged ledger is closed with it."""
        from skillsaid_desktop.storage import DamagedError

        if self.session is not None and isinstance(error, DamagedError):
            self._damaged.emit(self.session.ledger_file, error)
        else:
            self.prompts.error(error)

    def _on_damaged(self, ledger_file: "LedgerFile", error: UserError) -> None:
        if self.session is not None and self.session.ledger_file is ledger_file:
            self._give_up(ledger_file, error)

    def _give_up(self, ledger_file: "LedgerFile", error: UserError) -> None:
        """Close a damaged ledger without a backup, which would only copy the damage, and offer the newest good one."""
        from skillsaid_desktop.ui.pages.unlock_page import UnlockPage

        if self.session is None:
            ledger_file.close(backup=False)
        else:
            self.close_ledger(backup=False)
        self.unlock(ledger_file.path)
        page = self.centralWidget()
        if isinstance(page, UnlockPage):
            page.refuse(error)

    def _show_ledger(self, ledger_file: "LedgerFile", page: str) -> None:
        from skillsaid_desktop import clock
        from skillsaid_desktop.services.months import list_months, month_in_hand
        from skillsaid_desktop.ui.changes import ChangeSignal
        from skillsaid_desktop.ui.main_window import MainWindow
        from skillsaid_desktop.ui.session import Session
        from skillsaid_desktop.ui.tasks import Tasks

        QSettings().setValue(LAST_LEDGER, str(ledger_file.path))
        with ledger_file.reading() as reading:
            month = month_in_hand(list_months(reading, clock.today()))
        self.session = Session(
            ledger_file,
            prompts=self.prompts,
            tasks=Tasks(),
            changes=ChangeSignal(ledger_file),
            month=month.month,
        )
        self.session.as_of = min(clock.today(), month.to_on)
        self.main = MainWindow(self.session, page)
        self.main.lock_asked.connect(self.lock)
        self.setCentralWidget(self.main)
        self.main.show()  # laid out while the first page's rows are read, not after them
        with ledger_file.reading() as reading:
            self.setWindowTitle(tr("技能帮扶台账") + f" — {reading.settings.school_name}")
        self.main.open_page(page or next(iter(self.main.entries)))
        after_first_paint(self.main, ledger_file.begin_page_check)
        after_first_paint(self.main, theme.install_rare_fonts)
        self.idle.start(IDLE_MINUTES * 60_000)

    def close_ledger(self, *, backup: bool = True) -> bool:
        """Close the ledger with a verified backup; False when the user wants to stay."""
        if self.session is None:
            return True
        self.session.tasks.break_off()
        if not self._close_file(self.session.ledger_file, backup=backup):
            return False
        self._let_go(self.session)
        return True

    def _let_go(self, session: "Session") -> None:
        self.session = None
        session.tasks.close()
        self._still_held = session.wipe_copies()
        session.changes.close()
        self.idle.stop()
        self.main = None

    def _close_file(self, ledger_file: "LedgerFile", *, backup: bool) -> bool:
        try:
            ledger_file.close(backup=backup)
            return True
        except UserError as error:
            ways = [("without", tr("不备份就关上")), ("elsewhere", tr("备份到别处…"))]
            chosen = self.prompts.choose(error.message, error.hint, ways, safe=tr("先不关"))
        if chosen == "elsewhere":
            folder = self.prompts.choose_folder(tr("备份到哪个文件夹"))
            if folder is None:
                return False
            try:
                ledger_file.backup(folder)
            except UserError as error:
                self.prompts.error(error)
                return False
        elif chosen != "without":
            return False
        ledger_file.close(backup=False)
        return True

    def lock(self) -> None:
        """Close the ledger and ask for the passphrase again."""
        if self.session is None:
            return
        path = self.session.ledger_file.path
        if self.session.tasks.is_busy():
            self.prompts.error(
                UserError(tr("有一件事正在做，台账还没有锁。"), tr("等它做完，或者停下它，再锁。"))
            )
            return
        self._leave_field()
        if self.close_ledger():
            note = tr("台账锁上了，改动都已存好。输入口令接着做。")
            self.unlock(path, f"{note}\n{self._still_held}".strip())

    def _on_idle(self) -> None:
        """Lock when left alone: nobody is there to be asked anything, and no dialog may stay in sight."""
        if self.session is None:
            return
        dialog = QApplication.activeModalWidget()
        if dialog is not None or self.session.tasks.is_busy():
            if dialog is not None:
                dialog.close()
            self.idle.start(RETRY_MS)  # once the page that showed the dialog has its answer
            return
        self._leave_field()
        self.session.tasks.break_off()
        ledger_file = self.session.ledger_file
        note = f"{IDLE_MINUTES} 分钟没有人用，台账锁上了，改动都已存好。输入口令接着做。"
        try:
            ledger_file.close()
        except UserError as error:
            ledger_file.close(backup=False)
            note += f"\n{tr('这一次没有备份成：')}{error.message}"
        self._let_go(self.session)
        self.unlock(ledger_file.path, f"{note}\n{self._still_held}".strip())

    def _leave_field(self) -> None:
        """Store what is half typed, as leaving its field does."""
        field = QApplication.focusWidget()
        if field is not None:
            field.clearFocus()

    def _on_focus_window_changed(self, window: QWindow | None) -> None:
        """Watch for activity where keys and clicks come in: a filter on all widgets would see some twenty events a frame."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY and self.session is not None:
            self.idle.start(IDLE_MINUTES * 60_000)
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.main is not None and not self.main.can_close():
            event.ignore()
            return
        if not self.close_ledger():
            event.ignore()
            return
        QSettings().setValue("geometry", self.saveGeometry())
        super().closeEvent(event)


def _last_ledger() -> Path | None:
    stored = str(QSettings().value(LAST_LEDGER, "") or "")
    return Path(stored) if stored and Path(stored).is_file() else None
