"""Fixtures for the whole suite: no network, no display, a data folder of its own, a ledger copied per test."""

import contextlib
import errno
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["SKILLSAID_CHEAP_KEYS"] = "1"

import pytest
from hypothesis import settings

from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.storage.keys import keys_path
from tests import factories


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --update-expected, which writes the reference outputs of the exporters anew."""
    parser.addoption("--update-expected", action="store_true", help="write the reference outputs anew")


# No deadline: a slow machine is no failure. No example database: several workers would share its folder.
# The same examples each time, so that a red run is about the change; SKILLSAID_EXPLORE=1 looks for new ones.
_EXPLORES = "SKILLSAID_EXPLORE" in os.environ
settings.register_profile("suite", deadline=None, database=None, derandomize=not _EXPLORES)
settings.load_profile("suite")


class NetworkForbidden(AssertionError):
    """A test, or the program under test, tried to open a network socket."""


_REAL_SOCKET = socket.socket


class _LocalSocket(_REAL_SOCKET):
    """A socket of no internet family: nothing leaves the PC (QUALITY section 3, row 12)."""

    def __init__(self, family: int = -1, *rest: Any, **named: Any) -> None:
        if family in (-1, socket.AF_INET, socket.AF_INET6) and named.get("fileno") is None and len(rest) < 3:
            raise NetworkForbidden("the program never opens a network socket")
        super().__init__(family, *rest, **named)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid AF_INET and AF_INET6 sockets."""
    monkeypatch.setattr(socket, "socket", _LocalSocket)


@pytest.fixture(autouse=True)
def windows_sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no file that this process has open be deleted, renamed or replaced: Windows refuses it, Linux does not."""
    if sys.platform != "linux":
        return

    def refusing(act: Callable[..., None]) -> Callable[..., None]:
        def wrapped(*paths: Any, **named: Any) -> None:
            if not named:  # with a descriptor of its folder comes a whole tree that goes
                for path in paths:
                    real = os.path.realpath(path)
                    if real in _open_files() and not real.endswith("-lock"):  # it has a way for each system
                        raise PermissionError(errno.EACCES, "open here, which Windows refuses", str(path))
            act(*paths, **named)

        return wrapped

    for name in ("unlink", "remove", "rename", "replace"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))


def _open_files() -> set[str]:
    found = set()
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208  # Path would open each of them anew
        with contextlib.suppress(OSError):
            found.add(os.readlink(f"/proc/self/fd/{number}"))  # noqa: PTH115
    return found


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a data folder of its own, and the cheap keys that make it quick."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("SKILLSAID_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def template_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one ledger a run; tests get copies of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKILLSAID_DATA", str(tmp_path_factory.mktemp("template-data")))
        # A day before that of any test, or the clock would seem to have been set back.
        patch.setenv("SKILLSAID_TODAY", "2025-09-01")
        path = tmp_path_factory.mktemp("template") / "台账.skillsaid"
        factories.make_ledger(path).close(backup=False)
    return path


@pytest.fixture
def ledger_path(template_ledger: Path, tmp_path: Path) -> Path:
    """Copy the template ledger, closed."""
    path = tmp_path / template_ledger.name
    shutil.copyfile(template_ledger, path)
    shutil.copyfile(keys_path(template_ledger), keys_path(path))
    return path


@pytest.fixture
def ledger_file(ledger_path: Path) -> Iterator[LedgerFile]:
    """Open a fresh copy of the template ledger: 江西示范技师学院, first month 2025-09."""
    opened = LedgerFile.open(ledger_path, passphrase=factories.PASSPHRASE)
    opened.user = "王老师"
    yield opened
    opened.close(backup=False)
