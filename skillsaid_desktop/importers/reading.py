"""Reading a workbook through a child process, with limits and with one clear message for each bad file."""

import hashlib
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.job_object import contain
from skillsaid_desktop.importers.signatures import Form, check_file, protected
from skillsaid_desktop.importers.workbook import Limits, RawRow, RawSheet, RawWorkbook
from skillsaid_desktop.progress import Progress, SilentProgress

CHILD_SWITCH = "--read-workbook"
"""The hidden switch with which the frozen program becomes the reading child."""

_NOTHING_CHANGED = "台账没有改动。"
_POLL_SECONDS = 0.1
_QUEUED_BATCHES = 8


def read_workbook(
    path: Path | str, *, progress: Progress | None = None, limits: Limits | None = None
) -> RawWorkbook:
    """Read every sheet of a workbook.

    Raises UserError, one for each bad file, and Cancelled when `progress` says so; the child is gone then.
    """
    stream = stream_workbook(path, progress=progress, limits=limits)
    sheets: list[RawSheet] = []
    for message in stream.messages:
        match message:
            case RawSheet():
                sheets.append(message)
            case rows:
                sheets[-1].rows.extend(rows)
    return RawWorkbook(file=stream.file, digest=stream.digest, sheets=tuple(sheets))


@dataclass(frozen=True)
class RawStream:
    """A file that is being read: each sheet without its rows, then its rows, some at a time."""

    file: str
    digest: str
    messages: Iterator[RawSheet | list[RawRow]]


def stream_workbook(
    path: Path | str, *, progress: Progress | None = None, limits: Limits | None = None
) -> RawStream:
    """Begin to read a file whose rows need not all be there at once; its errors come while it is read."""
    path = Path(path)
    limits = limits or Limits()
    form = check_file(path, limits)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"读不了文件“{path.name}”。", f"{_NOTHING_CHANGED}请检查 U 盘或网络盘后再试。"
        ) from error
    return RawStream(path.name, digest, _read_in_child(path, form, progress or SilentProgress(), limits))


def child_main(arguments: list[str]) -> int:
    """Be the reading child: what the frozen program runs after `CHILD_SWITCH`."""
    from skillsaid_desktop.importers.child import run_child

    return run_child(arguments)


def _command(path: Path, form: Form, limits: Limits) -> list[str]:
    numbers = [str(limits.memory_bytes), str(limits.seconds), str(limits.cells)]
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_SWITCH, str(path), form, *numbers]
    # Without site, whose search for packages costs more than the rest of the start; see _environment.
    return [sys.executable, "-S", "-P", str(Path(__file__).with_name("child.py")), str(path), form, *numbers]


def _environment() -> dict[str, str]:
    """Return the child's environment: no passphrase, and where the reading libraries lie."""
    environment = {key: value for key, value in os.environ.items() if key != "SKILLSAID_PASSPHRASE"}
    if not getattr(sys, "frozen", False):
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(_library_folders()))
    return environment


@cache
def _library_folders() -> list[str]:
    found = [find_spec(name) for name in ("python_calamine", "openpyxl")]
    return [str(Path(each.origin).parent.parent) for each in found if each and each.origin]


def _read_in_child(
    path: Path, form: Form, progress: Progress, limits: Limits
) -> Iterator[RawSheet | list[RawRow]]:
    """Start the child and yield what it sends; whoever stops listening ends it."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    process = subprocess.Popen(
        _command(path.resolve(), form, limits),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=flags,
        env=_environment(),
    )
    assert process.stdout is not None
    messages: queue.Queue[tuple[Any, ...]] = queue.Queue(_QUEUED_BATCHES)
    stopped = threading.Event()
    reader = threading.Thread(
        target=_receive, args=(process.stdout, messages, stopped), name="workbook-reader", daemon=True
    )
    job = contain(process, limits.memory_bytes)
    reader.start()
    try:
        yield from _received(path, messages, progress, limits)
    finally:
        stopped.set()
        process.kill()
        job.close()  # first: a process behind the child would keep its pipe open, and the reader waiting
        process.wait()
        reader.join()
        process.stdout.close()


def _received(
    path: Path, messages: "queue.Queue[tuple[Any, ...]]", progress: Progress, limits: Limits
) -> Iterator[RawSheet | list[RawRow]]:
    """Yield the child's messages as sheets and rows."""
    read = 0
    text = f"正在读取 {path.name}"
    waited = 0.0  # for the child alone: what the reader of the rows takes is his own time
    progress.report(0, 0, text)
    while True:
        try:
            message = messages.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            waited += _POLL_SECONDS
            if waited > limits.seconds:
                raise UserError(
                    f"读“{path.name}”用了太久，已停止。",
                    f"{_NOTHING_CHANGED}请把需要的名单复制到新的工作簿再导入。",
                ) from None
            progress.report(read, 0, text)
            continue
        match message:
            case ("sheet", facts):
                yield RawSheet(**facts)
            case ("rows", numbers, rows):
                yield list(map(RawRow, numbers, rows))
                read += len(rows)
                progress.report(read, 0, text)
            case ("end",):
                return
            case ("error", kind, detail):
                raise _refusal(path.name, kind, detail)
            case _:
                raise _refusal(path.name, "died", "")


def _receive(pipe: BinaryIO, messages: "queue.Queue[tuple[Any, ...]]", stopped: threading.Event) -> None:
    """Pass on what the child sends until it ends or nobody listens."""
    while not stopped.is_set():
        try:
            head = pipe.read(4)
            data = pipe.read(struct.unpack("<I", head)[0]) if len(head) == 4 else b""
            message = pickle.loads(data) if data else ("died",)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            message = ("died",)
        while not stopped.is_set():
            try:
                messages.put(message, timeout=_POLL_SECONDS)
                break
            except queue.Full:
                continue
        if message[0] in ("end", "error", "died"):
            return


def _refusal(name: str, kind: str, detail: str) -> UserError:
    match kind:
        case "password":
            return protected(name)
        case "entities":
            return UserError(
                f"“{name}”里夹带了指向外部文件或网址的内容，没有打开它。",
                f"{_NOTHING_CHANGED}请用 Excel 或 WPS 另存一份再导入。",
            )
        case "too large":
            return UserError(
                f"“{name}”里的格子太多，没有读完。",
                f"{_NOTHING_CHANGED}请把需要的名单复制到新的工作簿再导入。",
            )
        case "document without table":
            return UserError(
                f"“{name}”是 Word 文档，里面没有表格。",
                f"{_NOTHING_CHANGED}请选择带表格的文件；名单写在正文里的，请先在 Word 里转成表格。",
            )
        case "page without table":
            return UserError(
                f"“{name}”其实是网页，里面没有表格，可能是登录过期时下载的。",
                f"{_NOTHING_CHANGED}请重新登录那个系统，再下载一次。",
            )
        case "died":
            return UserError(
                f"“{name}”读不出来：很远的行或列里可能有一格内容，或者文件坏了。",
                f"{_NOTHING_CHANGED}请把需要的名单复制到新的工作簿再导入。",
            )
        case _:
            return UserError(
                f"“{name}”读不出来，文件可能坏了或不是表格。",
                f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开它，另存为 xlsx 再导入。",
            )
