"""Loading what an open ledger needs while its passphrase is being typed.

Only one thread imports at a time: two that meet in a package whose modules import each other would each see half of it.
Whoever needs the ledger therefore calls `load` first, which waits for another thread that is at it.
"""

import threading
from importlib import import_module

from PySide6 import QtWidgets

from skillsaid_desktop.collector import set_aside_what_stays

MODULES = (
    "skillsaid_desktop.storage",
    "skillsaid_desktop.services.opened_copies",
    "skillsaid_desktop.ui.main_window",
    "skillsaid_desktop.ui.pages.desk_page",
    "skillsaid_desktop.ui.pages.students_page",
)

_one_at_a_time = threading.Lock()


def begin() -> None:
    """Load in a thread of its own, and wipe what a crash left; called once the first window is painted."""

    def work() -> None:
        load()
        set_aside_what_stays()
        from skillsaid_desktop.services.opened_copies import wipe_leftovers

        wipe_leftovers()  # copies of files that a crash left

    threading.Thread(target=work, daemon=True, name="warm up").start()


def load() -> None:
    """Load what is not loaded yet."""
    with _one_at_a_time:
        for name in MODULES:
            import_module(name)
        # PySide6 makes its classes as they are met; a widget that Qt made is one of any, and meets them all at once.
        for name in dir(QtWidgets):
            getattr(QtWidgets, name)
