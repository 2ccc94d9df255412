"""The frame of the program: unlock page, first-run page or main window; closes, locks and backs up."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
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
LAST_LEDGER = "last_ledger"
_ACTIVITY = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class Shell(QMainWindow):
    """The frame: holds the unlock page, the first-run page or the main window; locks itself when left alone."""

    _damaged = Signal(object, object)  # LedgerFile, DamagedError

    def __init__(self) -> None:
        super().__init__()
        self._damaged.connect(self._on_damaged, Qt.ConnectionType.QueuedConnection)
        self._prompts: Prompts | None = None
        self.session: Session | None = None
        self.main: MainWindow | None = None
        self.setWindowTitle(tr("技能帮扶台账"))
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(880, 500)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MINUTES * 60_000)
        self._idle.timeout.connect(self.lock)

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

    def unlock(self, path: Path) -> None:
        """Show the unlock page of a ledger."""
        from skillsaid_desktop.ui.pages.unlock_page import UnlockPage

        self._show_start(UnlockPage(path))

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
        from skillsaid_desktop.ui.pages.unlock_page import UnlockPage

        page = self.centralWidget()
        chosen = self.prompts.open_files(tr("从备份恢复"), tr("台账备份 (*.skillsaid-backup)"))
        if chosen and isinstance(page, UnlockPage):
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
        self.main = MainWindow(self.session)
        self.main.lock_asked.connect(self.lock)
        self.setCentralWidget(self.main)
        with ledger_file.reading() as reading:
            self.setWindowTitle(tr("技能帮扶台账") + f" — {reading.settings.school_name}")
        self.main.open_page(page or next(iter(self.main.entries)))
        after_first_paint(self.main, ledger_file.begin_page_check)
        self._idle.start()
        QTimer.singleShot(0, self, theme.install_rare_fonts)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def close_ledger(self, *, backup: bool = True) -> bool:
        """Close the ledger with a verified backup; False when the user wants to stay."""
        if self.session is None:
            return True
        session = self.session
        if not self._close_file(session.ledger_file, backup=backup):
            return False
        self.session = None
        session.tasks.close()
        session.changes.close()
        self._idle.stop()
        self.main = None
        return True

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
            self._idle.start()
            return
        if self.close_ledger():
            self.unlock(path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY and self.session is not None:
            self._idle.start()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        page = self.main.page() if self.main is not None else None
        if page is not None and not page.can_leave():
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
