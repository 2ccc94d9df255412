"""Loading what an open ledger needs while its passphrase is being typed.

Only one thread imports at a time: two that meet in a package whose modules import each other would each see half of it.
Whoever needs the ledger therefore waits for the end of this first.
"""

import threading
from importlib import import_module

from skillsaid_desktop.collector import set_aside_what_stays

MODULES = (
    "skillsaid_desktop.storage",
    "skillsaid_desktop.ui.main_window",
    "skillsaid_desktop.ui.pages.desk_page",
    "skillsaid_desktop.ui.pages.students_page",
)

_threads: list[threading.Thread] = []


def begin() -> None:
    """Begin to load, in a thread of its own; called once the first window is painted."""
    thread = threading.Thread(target=_load, daemon=True, name="warm up")
    _threads.append(thread)
    thread.start()


def wait() -> None:
    """Wait until all is loaded; at once where nothing has begun, as in tests."""
    for thread in _threads:
        thread.join()


def _load() -> None:
    for name in MODULES:
        import_module(name)
    set_aside_what_stays()
