"""Nothing is cut off, in either theme, at the window sizes of DESIGN section 8; and Qt keeps its references."""

import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.main_window import MainWindow
from tests.ui.sight import cut_off

SIZES = [(1440, 900), (1366, 768), (1100, 700), (960, 500), (900, 560), (880, 520), (1180, 540), (1920, 1080)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_text_is_cut_off(
    window: MainWindow, qapp: QApplication, scheme: str, width: int, height: int
) -> None:
    theme.apply(qapp, scheme)
    window.resize(width, height)
    for name, entry in window.entries.items():
        if entry.group == "hidden":
            continue
        window.open_page(name)
        table = getattr(window.page(), "table", None)
        if table is not None and hasattr(table, "choose_row"):
            table.choose_row(0)
        for _ in range(4):  # layouts settle from the inside out
            qapp.processEvents()
        assert cut_off(window) == [], name


@pytest.mark.skipif("QT_SCALE_FACTOR" in os.environ, reason="this run is the scaled one")
@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_no_text_is_cut_off_on_scaled_displays(scale: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        __file__,
        "-k",
        "light and (900 or 880 or 1366)",
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "QT_SCALE_FACTOR": scale},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_qt_does_not_lose_references_to_none(qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 dropped one at each call that returns nothing."""
    label = QLabel()
    before = sys.getrefcount(None)
    for at in range(20_000):
        label.setText("一" if at % 2 else "二")
    assert abs(sys.getrefcount(None) - before) < 500
