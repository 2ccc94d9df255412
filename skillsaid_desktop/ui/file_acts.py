"""What can be done with files anywhere in the window: add by dialog, drop and paste; open, write out, take off."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, QSettings, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from skillsaid_desktop.clock import now
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.file_types import PATTERN
from skillsaid_desktop.services.files import (
    MB,
    Added,
    NewFile,
    RecordFile,
    add_files,
    change_kind,
    file_limit,
    new_file,
    open_copy,
    read_new_file,
    remove_files,
    save_files,
)
from skillsaid_desktop.services.opened_copies import OpenedCopies
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.thumbnails import Thumbnails

_SHOWN = 4
Read = Callable[[int], NewFile]
"""Reads one file under a limit of bytes."""


class FileActs(QObject):
    """The acts on files of one session, with its pictures and its opened copies."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.copies = OpenedCopies()
        self.thumbnails = Thumbnails(session.ledger_file, session.tasks, self)

    # Adding

    def choose(self, entity: str, record_id: int, kind: str = "") -> None:
        """Ask for files and add them."""
        title = f"{tr('添加')}{kind or tr('材料')}"
        self.add_paths(entity, record_id, self._session.prompts.open_files(title, PATTERN), kind)

    def add_paths(self, entity: str, record_id: int, paths: Sequence[Path], kind: str = "") -> None:
        """Add files of the disk to a record, all in one step."""
        self._add(entity, record_id, [_reader(path, kind) for path in paths])

    def takes(self, data: QMimeData) -> bool:
        """Tell whether what is dragged or was copied holds files or a picture."""
        return bool(_paths(data)) or data.hasImage()

    def add_data(self, entity: str, record_id: int, data: QMimeData, kind: str = "") -> None:
        """Add what was dropped or copied: files, or a picture."""
        paths = _paths(data)
        if paths:
            self.add_paths(entity, record_id, paths, kind)
        elif data.hasImage():
            content = _png(QImage(data.imageData()))
            name = f"{tr('粘贴的图片')} {now():%Y-%m-%d %H%M%S}.png"
            self._add(entity, record_id, [lambda limit: new_file(name, content, limit, kind)])

    def paste(self, entity: str, record_id: int, kind: str = "") -> None:
        """Add what was copied; say so if that is neither a file nor a picture."""
        data = QGuiApplication.clipboard().mimeData()
        if self.takes(data):
            self.add_data(entity, record_id, data, kind)
        else:
            words = tr("剪贴板里没有文件也没有图片。先在文件夹里复制文件，或截图，再粘贴。")
            self._session.say(words, undo=False)

    def _add(self, entity: str, record_id: int, readers: Sequence[Read]) -> None:
        if not readers:
            return
        ledger_file = self._session.ledger_file

        def work(progress: Progress) -> tuple[Added, list[NewFile], list[UserError]]:
            with ledger_file.reading() as reading:
                limit = file_limit(reading)
            files, refused = [], []
            for at, read in enumerate(readers):
                progress.report(at, len(readers), tr("正在读材料"))
                try:
                    files.append(read(limit))
                except UserError as error:
                    refused.append(error)
            return add_files(ledger_file, entity, record_id, files), files, refused

        self._session.tasks.run(tr("正在存材料"), work, done=lambda result: self._tell_added(*result))

    def _tell_added(self, added: Added, files: Sequence[NewFile], refused: Sequence[UserError]) -> None:
        if added.ids:
            kinds = list(dict.fromkeys(one.kind for one in files if one.name not in added.already))
            more = f"；{len(added.already)} 份已经有了，没有再存" if added.already else ""
            self._session.say(f"已存 {len(added.ids)} 份：{'、'.join(kinds)}{more}")
        elif added.already:
            self._session.say(f"“{added.already[0]}”已经存过了，没有再存。", undo=False)
        if len(refused) == 1:
            self._session.prompts.error(refused[0])
        elif refused:
            told = "\n".join(each.message for each in refused[:_SHOWN])
            more = f"\n……共 {len(refused)} 份" if len(refused) > _SHOWN else ""
            self._session.prompts.error(
                UserError(f"有 {len(refused)} 份没有存，其余的都存好了。", f"{told}{more}\n{refused[0].hint}")
            )
        if added.ids:
            self.warn_if_large()

    def warn_if_large(self) -> None:
        """Say once on this PC that the ledger has grown large, and what helps."""
        ledger_file = self._session.ledger_file
        with ledger_file.reading() as reading:
            limit = reading.settings.large_ledger_mb
        size, key = ledger_file.size() / MB, f"large_ledger_said/{ledger_file.ledger_id}"
        if size < limit or int(str(QSettings().value(key, 0)) or 0) >= limit:
            return
        QSettings().setValue(key, limit)
        said = f"{size / 1024:.1f} GB" if size >= 1024 else f"{size:.0f} MB"
        self._session.prompts.error(
            UserError(
                f"台账已经有 {said}，大多是材料。都存好了，可以接着用。",
                "台账越大，打开和备份越慢，每份自动备份也是这么大。照片先改小、扫描选 150—200 dpi 再存；"
                "移除过的材料可以在“设置—备份与恢复”里清除，把地方腾出来。这句话只说一次。",
            )
        )

    # Reading

    def open(self, file: RecordFile) -> None:
        """Show a file in the program that this PC has for it, as a read-only copy."""

        def act() -> None:
            path = open_copy(self._session.ledger_file, file.id, self.copies)
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                raise UserError(
                    f"这台电脑没有能打开“{path.suffix}”的程序。", "可以另存出来，在别的电脑上看。"
                )

        self._session.attempt(act)

    def save_as(self, files: Sequence[RecordFile]) -> None:
        """Write files out of the ledger, after asking what for and where to."""
        kept = [one for one in files if one.digest]
        if not kept:
            words = tr("只登记了有纸质原件，没有文件可以另存。")
            self._session.say(words, undo=False)
            return
        prompts = self._session.prompts
        title = f"{tr('另存')} {kept[0].kind}" if len(kept) == 1 else f"{tr('另存')} {len(kept)} 份材料"
        purpose = prompts.ask_text(
            title, tr("另存出去的是完整的个人资料，不再加密。用途会写进操作记录。"),
            label=tr("用途，例如“报县乡村振兴局复核”"), act=tr("另存…"), safe=tr("不存了"),
        )  # fmt: skip
        if purpose is None:
            return
        if len(kept) == 1:
            path = prompts.save_file(title, kept[0].name, PATTERN)
            targets = [] if path is None else [(kept[0].id, path)]
        else:
            folder = prompts.choose_folder(title)
            targets = [] if folder is None else _free_names(folder, kept)
        if not targets:
            return
        ledger_file = self._session.ledger_file
        self._session.tasks.run(
            tr("正在另存"),
            lambda progress: save_files(ledger_file, targets, purpose, progress=progress),
            done=lambda _done: self._session.say(
                f"已另存 {len(targets)} 份到 {targets[0][1].parent}", undo=False
            ),
        )

    # Changing

    def change_kind(self, file: RecordFile, kind: str) -> None:
        """Say that a file is of another kind."""
        if kind != file.kind:
            self._session.attempt(lambda: change_kind(self._session.ledger_file, file.id, kind))

    def remove(self, files: Sequence[RecordFile]) -> None:
        """Take files off their record, after naming what is lost."""
        if not files:
            return
        told = "、".join(f"{one.kind}“{one.name}”" for one in files[:_SHOWN])
        more = f"等 {len(files)} 份" if len(files) > _SHOWN else ""
        away = [one.origin for one in files if one.origin]
        text = tr("可以撤销。")
        if away:
            text = f"其中有存在“{away[0]}”下的，移除后同一户、同一类别的学生都看不到它。{text}"
        act = tr("移除这份") if len(files) == 1 else f"移除 {len(files)} 份"
        if not self._session.prompts.ask(f"移除{told}{more}", text, act=act, safe=tr("不移除"), danger=True):
            return
        ids = [one.id for one in files]
        if self._session.attempt(lambda: remove_files(self._session.ledger_file, ids)):
            self._session.say(
                f"已移除 {len(files)} 份：{'、'.join(dict.fromkeys(one.kind for one in files))}"
            )

    # The end

    def close(self) -> str:
        """Wipe what was opened; return a sentence about what another program still holds, "" if nothing is left."""
        held = self.copies.wipe()
        if not held:
            return ""
        return f"“{held[0]}”还在别的程序里开着，它的副本没有清掉；请关掉它，下次打开程序时会清。"


def _reader(path: Path, kind: str) -> Read:
    return lambda limit: read_new_file(path, limit, kind)


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _png(image: QImage) -> bytes:
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(out, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt takes the name
    return bytes(out.data().data())


def _free_names(folder: Path, files: Sequence[RecordFile]) -> list[tuple[int, Path]]:
    """Return where each file goes: under its own name, numbered where that is taken."""
    taken = {path.name.lower() for path in folder.iterdir()} if folder.is_dir() else set()
    targets = []
    for one in files:
        name, number = Path(one.name), 1
        free = name.name
        while free.lower() in taken:
            number += 1
            free = f"{name.stem} ({number}){name.suffix}"
        taken.add(free.lower())
        targets.append((one.id, folder / free))
    return targets
