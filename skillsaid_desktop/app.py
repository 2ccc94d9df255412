"""The window's composition root: arguments, log, theme, the unlock page, then the ledger and the main window.

Until the unlock page is painted nothing heavy is imported (QUALITY section 2, rows 4 and 5).
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from skillsaid_desktop import paths
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui import theme, warm_up
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.painted import after_first_paint
from skillsaid_desktop.ui.shell import Shell

SCALES = ("1", "1.5")


def main(words: Sequence[str] | None = None) -> int:
    """Open the window; `--screenshots DIR` saves a picture of each page instead and quits."""
    options = _parse(list(sys.argv[1:] if words is None else words))
    if options.screenshots is not None and options.scale is None:
        return _screenshots_at_all_scales(options)
    app = QApplication.instance() or theme.make_application(sys.argv[0])
    if not isinstance(app, QApplication):
        raise TypeError("a QCoreApplication runs already")
    app.setOrganizationName("SkillsAid")
    app.setApplicationName("SkillsAid")
    app.setApplicationDisplayName(tr("技能帮扶台账"))
    theme.apply(app, theme.stored_scheme())
    theme.follow_system(app)
    shell = Shell()
    sys.excepthook = _hook(shell)
    if options.screenshots is not None:
        return _save_screenshots(app, shell, options)
    _restore_geometry(shell)
    shell.start(options.ledger)
    after_first_paint(shell, _after_first_paint)
    shell.show()
    return app.exec()


def _parse(words: list[str]) -> SimpleNamespace:
    if not words or (len(words) == 1 and not words[0].startswith("-")):
        return SimpleNamespace(ledger=Path(words[0]) if words else None, screenshots=None, scale=None)
    import argparse

    parser = argparse.ArgumentParser(prog="skillsaid", description="打开窗口")
    parser.add_argument("ledger", nargs="?", type=Path, help="台账文件")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="每页存一张图，然后退出")
    parser.add_argument("--scale", help=argparse.SUPPRESS)
    return SimpleNamespace(**vars(parser.parse_args(words)))


def _restore_geometry(window: QWidget) -> None:
    stored: Any = QSettings().value("geometry")
    if stored is not None and window.restoreGeometry(stored):
        return
    room = window.screen().availableGeometry()
    window.resize(min(1440, room.width()), min(900, room.height() - 30))


def _after_first_paint() -> None:
    _start_log()
    warm_up.begin()


def _start_log() -> None:
    """Send warnings and bugs to the log file; after the first paint, or with the first bug if that comes before."""
    import logging
    from logging.handlers import RotatingFileHandler

    if logging.getLogger().handlers:
        return
    handler = RotatingFileHandler(
        paths.log_folder() / "skillsaid.log", maxBytes=500_000, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _hook(shell: Shell) -> Any:
    """Return the hook for bugs: into the log, and one dialog with 复制详情. Messages, which may hold names, stay out."""
    showing = False

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal showing
        if isinstance(error, UserError):
            shell.complain(error)
            return
        import logging
        import traceback

        lines = [f'{frame.filename.rsplit("skillsaid_desktop", 1)[-1]}:{frame.lineno} {frame.name}'
                 for frame in traceback.extract_tb(trace)]  # fmt: skip
        details = "\n".join([kind.__name__, *lines])
        _start_log()
        logging.getLogger("skillsaid").error("%s", details)
        if os.environ.get("SKILLSAID_TRACE"):
            traceback.print_exception(kind, error, trace)
        if not showing:
            showing = True
            try:
                shell.prompts.bug(details)
            finally:
                showing = False

    return show


# Screenshots


def _screenshots_at_all_scales(options: SimpleNamespace) -> int:
    import subprocess

    for scale in SCALES:
        command = [sys.executable, "-m", "skillsaid_desktop.app", "--screenshots", str(options.screenshots)]
        command += ["--scale", scale, str(options.ledger)]
        status = subprocess.run(command, env={**os.environ, "QT_SCALE_FACTOR": scale}, check=False).returncode
        if status:
            return status
    return 0


def _save_screenshots(app: QApplication, shell: Shell, options: SimpleNamespace) -> int:
    import traceback

    from PySide6.QtCore import QEventLoop

    from skillsaid_desktop.storage.ledger_file import LedgerFile

    def stop(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)

    sys.excepthook = stop
    options.screenshots.mkdir(parents=True, exist_ok=True)
    try:
        ledger_file = LedgerFile.open(options.ledger, passphrase=os.environ.get("SKILLSAID_PASSPHRASE"))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    shell.resize(1440, 900)
    shell.open_ledger(ledger_file)
    shell.show()
    main_window = shell.main
    if main_window is None:
        return 1
    suffix = "" if options.scale == "1" else f"-{round(float(options.scale) * 100)}"
    for scheme in ("light", "dark"):
        theme.apply(app, scheme)
        for at, (name, entry) in enumerate(main_window.entries.items(), 1):
            if entry.group == "hidden":
                continue
            main_window.open_page(name)
            page = main_window.page()
            table = getattr(page, "table", None)
            if table is not None and hasattr(table, "choose_row"):
                table.choose_row(0)
            while not main_window.session.tasks.is_at_rest():
                app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            for _ in range(5):
                app.processEvents()
            shell.grab().save(str(options.screenshots / f"{at:02}-{name}-{scheme}{suffix}.png"))
    shell.close_ledger(backup=False)
    print(options.screenshots)
    return 0


if __name__ == "__main__":
    sys.exit(main())
