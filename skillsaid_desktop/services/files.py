"""材料: adding files to records, opening them, writing them out, taking them off; each one named, undoable step.

Opening and writing out are readings of personal data and stand in 操作记录, as showing a number does
(DOMAIN section 10).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.entities import Attachment, Entity
from skillsaid_desktop.domain.proofs import KINDS, OTHER, kind_of_name
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters.target import replace_file
from skillsaid_desktop.ledgers.proofs import FILES_OF_STUDENTS
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.services.file_types import ending_for, type_of
from skillsaid_desktop.services.opened_copies import OpenedCopies
from skillsaid_desktop.storage.contents import digest_of, keep_content, read_content
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

MB = 1_048_576


@dataclass(frozen=True)
class RecordFile:
    """A file at a record; without a digest only its paper is kept."""

    id: int
    kind: str
    name: str
    size: int
    digest: str | None
    mime: str
    added_on: date
    note: str = ""
    origin: str = ""  # where it hangs, if that is not the record itself: a category, a household


@dataclass(frozen=True)
class NewFile:
    """A file that is to be added, read and recognised."""

    name: str
    content: bytes = field(repr=False)
    mime: str
    kind: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return digest_of(self.content)


@dataclass(frozen=True)
class Added:
    """What was added, and the names of what the record had already."""

    ids: tuple[int, ...]
    already: tuple[str, ...] = ()


# --- reading files of the disk and the clipboard ---------------------------------------------------------


def file_limit(reading: Reading) -> int:
    """Return how large a file may be, in bytes."""
    return reading.settings.file_limit_mb * MB


def read_new_file(path: Path, limit: int, kind: str = "") -> NewFile:
    """Read a file from the disk; its kind follows from its name unless it is given.

    Raises UserError for what is missing, too large or of no kind that is kept.
    """
    try:
        if path.is_dir():
            raise UserError(f"“{path.name}”是文件夹，没有存。", "整个文件夹请用“材料”页的“批量归入”。")
        size = path.stat().st_size
        if size > limit:
            raise too_large(path.name, size, limit)
        content = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"读不了“{path.name}”，没有存。", "请看 U 盘是不是还在，文件是不是正在别处打开。"
        ) from error
    return new_file(path.name, content, limit, kind)


def new_file(name: str, content: bytes, limit: int, kind: str = "") -> NewFile:
    """Return a content as a file that can be added, e.g. a pasted picture."""
    if len(content) > limit:
        raise too_large(name, len(content), limit)
    return NewFile(name, content, type_of(name, content).mime, kind or kind_of_name(Path(name).stem) or OTHER)


def too_large(name: str, size: int, limit: int) -> UserError:
    """Return the refusal of a file over the limit."""
    return UserError(
        f"“{name}”有 {size / MB:.1f} MB，超过每份 {limit // MB} MB 的上限，没有存。",
        "请把照片改小，或扫描时选 150—200 dpi；上限在“设置—备份与恢复”里改。",
    )


# --- what records have -----------------------------------------------------------------------------------

_FILES = (
    "SELECT a.id, a.kind, a.name, a.size, a.digest, f.mime, a.added_on, a.note, {origin} FROM attachment a"
    " LEFT JOIN stored_file f ON f.digest = a.digest"
)
_OF_RECORD = f"{_FILES.format(origin=repr(''))} WHERE a.entity = ? AND a.record_id = ? ORDER BY a.id DESC"
_OF_STUDENT = (
    f"{_FILES.format(origin='o.origin')} JOIN ({FILES_OF_STUDENTS}) o ON o.file_id = a.id"
    " WHERE o.student_id = ? ORDER BY a.id DESC"
)


def list_files(reading: Reading, entity: str, record_id: int) -> list[RecordFile]:
    """Return the files of a record, by kind in the order of KINDS, newest first.

    A student's are also those that count for him from his categories and his household.
    """
    is_student = entity == "student"
    rows = reading.rows(*((_OF_STUDENT, (record_id,)) if is_student else (_OF_RECORD, (entity, record_id))))
    return sorted(
        map(_file, rows), key=lambda one: KINDS.index(one.kind) if one.kind in KINDS else len(KINDS)
    )


def count_files(reading: Reading, entity: str, record_id: int) -> int:
    """Return how many files `list_files` has of a record."""
    if entity == "student":
        of_student = f"SELECT count(*) FROM ({FILES_OF_STUDENTS}) WHERE student_id = ?"
        return int(reading.scalar(of_student, (record_id,)))
    counted = "SELECT count(*) FROM attachment WHERE entity = ? AND record_id = ?"
    return int(reading.scalar(counted, (entity, record_id)))


def _file(row: tuple[object, ...]) -> RecordFile:
    number, kind, name, size, digest, mime, added_on, note, origin = row
    return RecordFile(
        id=int(str(number)), kind=str(kind), name=str(name), size=int(str(size)),
        digest=None if digest is None else str(digest), mime=str(mime or ""),
        added_on=date.fromisoformat(str(added_on)), note=str(note or ""), origin=str(origin),
    )  # fmt: skip


def owner_name(reading: Reading, entity: str, record_id: int) -> str:
    """Return whose record it is, for the name of a step: the student, the head of the household, the class."""
    table = Entity.metadata.tables.get(entity)
    if table is None:
        return ""
    if "student_id" in table.columns:
        sql = f'SELECT s.name FROM "{entity}" t JOIN student s ON s.id = t.student_id WHERE t.id = ?'
    else:
        column = next((name for name in ("name", "head_name") if name in table.columns), "")
        if not column:
            return ""
        sql = f'SELECT "{column}" FROM "{entity}" WHERE id = ?'
    return str(reading.scalar(sql, (record_id,)) or "")


# --- writing ---------------------------------------------------------------------------------------------


def add_files(ledger_file: LedgerFile, entity: str, record_id: int, files: Sequence[NewFile]) -> Added:
    """Add files to a record as one step; a file that the record has already is left out and named."""
    with ledger_file.operation("添加材料") as uow:
        who = owner_name(uow, entity, record_id)
        ids: list[int] = []
        already = []
        for one in files:
            added = add_one(uow, entity, record_id, one)
            if added is None:
                already.append(one.name)
            else:
                ids.append(added)
        kinds = list(dict.fromkeys(one.kind for one in files))
        what = kinds[0] if len(kinds) == 1 else "、".join(kinds)
        many = f" {len(ids)} 份" if len(ids) > 1 else ""
        uow.rename(f"添加材料 {who} {what}{many}".replace("  ", " "))
    return Added(tuple(ids), tuple(already))


def add_one(uow: UnitOfWork, entity: str, record_id: int, file: NewFile) -> int | None:
    """Add one file within a step and return its id, None if the record has this content already."""
    digest = file.digest
    has = "SELECT 1 FROM attachment WHERE entity = ? AND record_id = ? AND digest = ?"
    if uow.scalar(has, (entity, record_id, digest)):
        return None
    keep_content(uow, file.content, file.mime)
    row = {
        "entity": entity, "record_id": record_id, "kind": file.kind, "name": file.name, "digest": digest,
        "size": len(file.content), "added_on": today(),
    }  # fmt: skip
    return uow.insert_many(Attachment, [row])[0]


def change_kind(ledger_file: LedgerFile, file_id: int, kind: str) -> None:
    """Say that a file is of another kind."""
    if kind not in KINDS:
        raise UserError(f"没有“{kind}”这种材料。", f"可以选：{'、'.join(KINDS)}。")
    with ledger_file.operation("改材料种类") as uow:
        found = _one(uow, file_id)
        uow.rename(f"改材料种类 {_whose(uow, file_id)} {found.kind} → {kind}")
        uow.update_many(Attachment, [{"id": file_id, "kind": kind}])


def remove_files(ledger_file: LedgerFile, file_ids: Sequence[int]) -> None:
    """Take files off their records; undo brings them back."""
    with ledger_file.operation("移除材料") as uow:
        found = [_one(uow, each) for each in file_ids]
        who = "、".join(dict.fromkeys(_whose(uow, each) for each in file_ids))
        what = found[0].kind if len(found) == 1 else f"{len(found)} 份"
        uow.rename(f"移除材料 {who} {what}")
        uow.delete_many(Attachment, file_ids)


# --- reading personal data -------------------------------------------------------------------------------


def load_content(reading: Reading, file_id: int) -> tuple[RecordFile, bytes]:
    """Return a file with its content, proven by its hash; UserError if it has none."""
    found = _one(reading, file_id)
    if found.digest is None:
        raise UserError(
            f"这份{found.kind}只登记了有纸质原件，没有存文件。", "把扫描件或照片拖进来，就能打开。"
        )
    content, mime = read_content(reading, found.digest, found.name)
    return replace(found, mime=mime), content


def open_copy(ledger_file: LedgerFile, file_id: int, copies: OpenedCopies) -> Path:
    """Write a read-only copy for another program to show, log it, and return its path.

    The copy is named by kind and number alone: programs remember the names of what they open.
    """
    with ledger_file.operation("打开材料") as uow:
        found, content = load_content(uow, file_id)
        uow.rename(f"打开材料 {_whose(uow, file_id)} {found.kind}")
        uow.log_note("在别的程序里看只读副本，关上台账时清除")
        try:
            return copies.put(f"{found.kind} {file_id}{ending_for(found.name, found.mime)}", content)
        except OSError as error:
            raise UserError(
                f"“{found.name}”打不开：没能写出临时副本。台账没有改动。", "请看 C 盘是不是满了，再试一次。"
            ) from error


def save_files(
    ledger_file: LedgerFile,
    targets: Sequence[tuple[int, Path]],
    purpose: str,
    *,
    progress: Progress | None = None,
) -> None:
    """Write files out of the ledger and log who took them out and why; UserError without a purpose."""
    if not purpose.strip():
        raise UserError("材料是完整的个人资料，要写用途才能另存。", "写明用途，例如“报县教体局复核”。")
    progress = progress or SilentProgress()
    with ledger_file.operation("另存材料") as uow:
        told = []
        for at, (file_id, path) in enumerate(targets):
            progress.report(at, len(targets), f"正在另存 {path.name}")
            found, content = load_content(uow, file_id)
            replace_file(path, lambda stream, content=content: stream.write(content))  # type: ignore[misc]
            told.append(f"{_whose(uow, file_id)} {found.kind}")
        what = told[0] if len(told) == 1 else f"{len(told)} 份"
        uow.rename(f"另存材料 {what}，用途：{purpose.strip()}")
        uow.log_note(f"{'；'.join(dict.fromkeys(told))}；存到 {targets[0][1].parent}")


def _one(reading: Reading, file_id: int) -> RecordFile:
    rows = reading.rows(f"{_FILES.format(origin=repr(''))} WHERE a.id = ?", (file_id,))
    if not rows:
        raise UserError("这份材料已经不在台账里了。", "也许刚才移除了；按 Ctrl+Z 可以恢复。")
    return _file(rows[0])


def _whose(reading: Reading, file_id: int) -> str:
    entity, record_id = reading.rows("SELECT entity, record_id FROM attachment WHERE id = ?", (file_id,))[0]
    return owner_name(reading, entity, record_id)
