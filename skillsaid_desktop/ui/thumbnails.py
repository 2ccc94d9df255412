"""Small pictures of files, drawn beside the window in a child process, so that a hostile file ends only that.

They are kept in memory alone, as long as the ledger is open. What has no picture keeps the icon of its type.
"""

import os
import queue
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.job_object import contain
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.files import RecordFile
from skillsaid_desktop.storage.contents import read_content
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.tasks import Tasks

CHILD_SWITCH = "--draw-pictures"
SECONDS = 15.0
MEMORY = 768 * 2**20
KEPT = 400
_POLL_SECONDS = 0.05
Load = Callable[[], tuple[bytes, str]]
"""Returns a content and its mime type; called in the worker's thread."""


class Thumbnails(QObject):
    """The pictures of one ledger; `drawn` names a digest whose picture is there now."""

    drawn = Signal(str)
    _arrived = Signal(str, bytes)

    def __init__(self, ledger_file: LedgerFile, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger_file, self._tasks = ledger_file, tasks
        self._images: OrderedDict[str, QImage | None] = OrderedDict()
        self._wanted: list[tuple[str, Load]] = []
        self._turn = threading.Lock()
        self._is_drawing = False
        self._arrived.connect(self._keep)

    def image(self, digest: str | None) -> QImage | None:
        """Return a picture, None if there is none or it isn't drawn yet."""
        return self._images.get(digest or "")

    def want(self, files: Sequence[RecordFile]) -> None:
        """Draw files of the ledger that aren't drawn yet, instead of what was wanted before."""
        drawable = [one for one in files if one.digest and is_drawable(one.mime)]
        self.want_contents([(one.digest or "", partial(self._load, one)) for one in drawable])

    def want_contents(self, wanted: Sequence[tuple[str, Load]]) -> None:
        """Draw contents that may lie anywhere, by their digests, instead of what was wanted before."""
        missing = [(digest, load) for digest, load in wanted if digest not in self._images]
        with self._turn:
            self._wanted = missing
            begins = bool(missing) and not self._is_drawing
            self._is_drawing = self._is_drawing or begins
        if begins:
            self._tasks.run(tr("正在画缩略图"), self._draw, is_quiet=True)

    def _draw(self, progress: Progress) -> None:
        """Draw until nothing is wanted; in the worker's thread."""
        with self._drawing(), PictureChild() as child:
            while (one := self._next()) is not None:
                progress.report(0, 0, "")
                digest, load = one
                try:
                    content, mime = load()
                except (UserError, OSError):  # opening the file says what is wrong with it
                    content, mime = b"", ""
                self._arrived.emit(digest, child.draw(mime, content, progress) if content else b"")

    def _load(self, file: RecordFile) -> tuple[bytes, str]:
        with self._ledger_file.reading() as reading:
            return read_content(reading, file.digest or "", file.name)

    @contextmanager
    def _drawing(self) -> Iterator[None]:
        """However it ends, whoever wants pictures next begins anew."""
        try:
            yield
        finally:
            with self._turn:
                self._is_drawing = False

    def _next(self) -> tuple[str, Load] | None:
        with self._turn:
            if self._wanted:
                return self._wanted.pop(0)
            self._is_drawing = False  # in the same turn, or what is wanted right after would wait for ever
            return None

    def _keep(self, digest: str, picture: bytes) -> None:
        image = QImage.fromData(picture) if picture else None
        self._images[digest] = image
        while len(self._images) > KEPT:
            self._images.popitem(last=False)
        self.drawn.emit(digest)


def is_drawable(mime: str) -> bool:
    """Tell whether files of a type have a picture."""
    return mime.startswith("image/") or mime == "application/pdf"


class PictureChild:
    """The child process; it is started with the first picture, anew after one that it died of, and ended at the end."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "PictureChild":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def draw(self, mime: str, content: bytes, progress: Progress) -> bytes:
        """Return a picture as PNG; b"" if the child can't, dies of it or takes too long. Raises Cancelled."""
        process = self._running()
        answer: queue.Queue[bytes | None] = queue.Queue(1)
        talk = threading.Thread(
            target=_talk, args=(process, mime, content, answer), name="pictures", daemon=True
        )
        talk.start()
        picture: bytes | None = None
        try:
            waited = 0.0
            while waited < SECONDS:
                try:
                    picture = answer.get(timeout=_POLL_SECONDS)
                    break
                except queue.Empty:
                    waited += _POLL_SECONDS
                    progress.report(0, 0, "")
        finally:
            if picture is None:
                self._end()
            talk.join()
        return picture or b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                env={key: value for key, value in os.environ.items() if key != "SKILLSAID_PASSPHRASE"},
            )
            self._fence = contain(self._process, MEMORY)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        self._fence.close()  # first: a process behind the child would keep its pipes open, and whoever reads them
        process.wait()
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # what was not written yet is for nobody
                continue


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_SWITCH, str(MEMORY)]
    return [sys.executable, "-P", str(Path(__file__).with_name("picture_child.py")), str(MEMORY)]


def _talk(
    process: subprocess.Popen[bytes], mime: str, content: bytes, answer: "queue.Queue[bytes | None]"
) -> None:
    """Give the child a content and take its answer, None if it is gone."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for part in (mime.encode(), content):
            process.stdin.write(struct.pack("<I", len(part)))
            process.stdin.write(part)
        process.stdin.flush()
        answer.put(_answer(process.stdout))
    except (OSError, ValueError):
        answer.put(None)


def _answer(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(4)
    if len(head) < 4:
        return None
    length = struct.unpack("<I", head)[0]
    picture = pipe.read(length)
    return picture if len(picture) == length else None
