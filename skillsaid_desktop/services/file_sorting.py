"""批量归入: whose a folder of scans is and what each shows, told by names of files and folders; one step stores all.

A number in the name tells for certain; a name tells if only one student of the school, or of the class that is named
beside it, has it. What can not be told is asked, never guessed.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.proofs import LITTLE_WORDS, OTHER, WORDS, kind_of_name
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.folders import FoundFile, files_in
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import ListQuery, list_ids
from skillsaid_desktop.ledgers.school_classes import class_key
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.services.files import add_one, file_limit, read_new_file
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

READY, ASKED, ALREADY, REFUSED = "可以存", "要选学生", "已经有了", "不能存"
MOST_FOUND = 20
OUTCOMES = (READY, ASKED, ALREADY, REFUSED)

_NUMBER = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_TOKEN = re.compile(r"[0-9A-Z]{6,}")
_TAIL = re.compile(r"(?<!\d)\d{3}[\dX](?!\d)")
_APART = re.compile(r"[^\u2e80-\U0003ffff]+")  # what is no Chinese character
_HIDDEN = "临时文件或隐藏文件"


@dataclass(frozen=True)
class Pupil:
    """A student as files are told to be his."""

    id: int
    name: str
    number: str
    class_name: str
    is_target: bool
    is_here: bool

    @property
    def words(self) -> str:
        """Return him as he is told from others: name, class, last four digits."""
        return "　".join(part for part in (self.name, self.class_name, self.number[-4:]) if part)


@dataclass(frozen=True)
class SortedFile:
    """A file with whose it is and what it shows; `why` is a sentence for what is asked or refused."""

    path: Path
    name: str
    size: int = 0
    digest: str = ""
    mime: str = ""
    outcome: str = READY
    student: Pupil | None = None
    candidates: tuple[Pupil, ...] = ()
    kind: str = OTHER
    is_kind_known: bool = True
    why: str = ""


@dataclass(frozen=True)
class Filed:
    """What was stored: files, students, and files that they had already."""

    files: int
    students: int
    already: int


class Register:
    """The students of a ledger by all that a file's name may say of them."""

    def __init__(self, reading: Reading, day: date) -> None:
        rows = reading.rows(
            "SELECT s.id, s.name, coalesce(s.document_number, ''), coalesce(sp.class_name, ''), coalesce(sp.is_target, 0),"
            " coalesce(sp.is_enrolled, 0), s.name_folded, s.registration_number, s.student_number FROM student s"
            " LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day",
            {"day": day.isoformat()},
        )
        self.pupils: dict[int, Pupil] = {}
        self._by_name: defaultdict[str, list[Pupil]] = defaultdict(list)
        self._by_number: defaultdict[str, list[Pupil]] = defaultdict(list)
        for student_id, name, number, class_name, is_target, is_here, folded, registration, own in rows:
            pupil = Pupil(student_id, name, number.upper(), class_name, bool(is_target), bool(is_here))
            self.pupils[student_id] = pupil
            self._by_name[folded].append(pupil)
            for key in {number[:18], registration, own} - {"", None}:
                self._by_number[key.upper()].append(pupil)
        self._lengths = sorted({len(name) for name in self._by_name if len(name) > 1}, reverse=True)

    def meant_by(self, parts: Sequence[str]) -> tuple[tuple[Pupil, ...], bool]:
        """Return who can be meant by a path, and whether the names stand there as they are.

        The file's own name speaks first, then its folders from the inside out.
        """
        whole = "/".join(parts)
        for part in reversed(parts):
            text = _plain(part)
            numbers = [*_NUMBER.findall(text), *_TOKEN.findall(text)]
            if known := [key for key in numbers if len(self._by_number.get(key, ())) == 1]:
                return tuple(dict.fromkeys(self._by_number[key][0] for key in known)), True
            names, is_exact = self._names_in(fold_name(part))
            if names:
                found = [pupil for name in names for pupil in self._of_name(name, whole)]
                return tuple(dict.fromkeys(found)), is_exact
        return (), True

    def _names_in(self, text: str) -> tuple[list[str], bool]:
        """Return the names that stand in a text, and whether nothing that may belong to a longer name is left beside.

        张伟 in 张伟明身份证 is perhaps somebody else, of whom the ledger knows nothing.
        """
        found: list[str] = []
        is_exact = True
        for word in _APART.split(WORDS.sub(" ", text)):
            names = [word] if word in self._by_name else self._inside(word)
            rest = word
            for name in names:
                rest = rest.replace(name, "", 1)
            found += names
            is_exact &= not names or not LITTLE_WORDS.sub("", rest)
        return found, is_exact

    def _inside(self, word: str) -> list[str]:
        """Return the names inside a word, the longest that begins at a place and none inside another."""
        found = []
        at = 0
        while at < len(word):
            name = next((word[at : at + n] for n in self._lengths if word[at : at + n] in self._by_name), "")
            if name:
                found.append(name)
            at += len(name) or 1
        return found

    def _of_name(self, name: str, whole: str) -> list[Pupil]:
        """Return those of a name that the rest of the path leaves: by class, by last digits, else those in school."""
        pupils = self._by_name[name]
        if len(pupils) == 1:
            return pupils
        text = "".join(_plain(whole).split())
        tails = set(_TAIL.findall(_plain(whole)))
        of_class = [one for one in pupils if one.class_name and class_key(one.class_name) in text]
        chosen = of_class or pupils
        of_tail = [one for one in chosen if one.number[-4:] in tails]
        chosen = of_tail or chosen
        return [one for one in chosen if one.is_here] or chosen


def sort_files(
    ledger_file: LedgerFile, paths: Sequence[Path], day: date, *, progress: Progress | None = None
) -> list[SortedFile]:
    """Return each file of a choice of files and folders with whose it is; writes nothing.

    Raises UserError for a folder without files, and Cancelled when `progress` says so.
    """
    progress = progress or SilentProgress()
    found = [one for one in files_in(paths) if one.refusal is None or _HIDDEN not in one.refusal.message]
    with ledger_file.reading() as reading:
        register, limit = Register(reading, day), file_limit(reading)
        has = {
            (record_id, digest)
            for record_id, digest in reading.rows(
                "SELECT record_id, digest FROM attachment WHERE entity = 'student' AND digest IS NOT NULL"
            )
        }
    rows = []
    roots = [path.absolute() for path in paths if path.is_dir()]
    for at, one in enumerate(found):
        progress.report(at, len(found), f"正在看 {one.name}")
        rows.append(_sorted(one, _parts(one.path, roots), register, limit))
    return settle(rows, has)


def settle(rows: Sequence[SortedFile], has: set[tuple[int, str]]) -> list[SortedFile]:
    """Return the rows with those left out that a student has already, or that come twice for him."""
    seen = set(has)
    settled = []
    for row in rows:
        if row.outcome in (READY, ALREADY):
            assert row.student is not None
            key = (row.student.id, row.digest)
            row = replace(row, outcome=READY, why="") if row.outcome == ALREADY else row
            if key in seen:
                why = "这名学生已经有这一份" if key in has else "和前面一份的内容一样"
                row = replace(row, outcome=ALREADY, why=why)
            seen.add(key)
        settled.append(row)
    return settled


def find_pupils(reading: Reading, text: str, day: date) -> list[Pupil]:
    """Return whom a search of the whole ledger finds, at most twenty; by name, initials, class or tail of a number."""
    if not text.strip():
        return []
    ids = list_ids(reading, STUDENTS, ListQuery(as_of=day, search=text))[:MOST_FOUND]
    pupils = Register(reading, day).pupils
    return [pupils[one] for one in ids]


def choose_student(row: SortedFile, pupil: Pupil) -> SortedFile:
    """Return a row as a person has answered whose file it is."""
    return replace(row, student=pupil, outcome=READY, why="")


def store_files(
    ledger_file: LedgerFile, rows: Sequence[SortedFile], *, progress: Progress | None = None
) -> Filed:
    """Store what is ready as one step, or nothing: UserError names a file that went away or changed meanwhile."""
    progress = progress or SilentProgress()
    ready = [row for row in rows if row.outcome == READY]
    students: set[int] = set()
    stored = already = 0
    with ledger_file.operation("归入材料", source="批量归入") as uow:
        limit = file_limit(uow)
        for at, row in enumerate(ready):
            progress.report(at, len(ready), f"正在存 {row.name}")
            assert row.student is not None
            file = read_new_file(row.path, limit, row.kind)
            if file.digest != row.digest:
                raise UserError(
                    f"“{row.name}”和预览时不一样了，一份也没有存，台账没有改动。",
                    "请重新选文件夹，再看一遍。",
                )
            if add_one(uow, "student", row.student.id, file) is None:
                already += 1
                continue
            stored += 1
            students.add(row.student.id)
        uow.rename(f"归入材料 {len(students)} 人 {stored} 份")
    return Filed(stored, len(students), already)


def _sorted(one: FoundFile, parts: Sequence[str], register: Register, limit: int) -> SortedFile:
    row = SortedFile(one.path, one.name)
    if one.refusal is not None:
        return replace(row, outcome=REFUSED, why=one.refusal.message)
    kind = next((found for part in reversed(parts) if (found := kind_of_name(part))), None)
    row = replace(row, kind=kind or OTHER, is_kind_known=kind is not None)
    try:
        file = read_new_file(one.path, limit)
    except UserError as error:
        return replace(row, outcome=REFUSED, why=f"{error.message}{error.hint}")
    row = replace(row, size=len(file.content), digest=file.digest, mime=file.mime)
    meant, is_exact = register.meant_by(parts)
    if len(meant) == 1 and is_exact:
        return replace(row, student=meant[0])
    if len(meant) == 1:
        why = f"名字和{meant[0].name}不完全一样，请看是不是他"
        return replace(row, outcome=ASKED, candidates=meant, why=why)
    why = (
        "名字里没有认出哪个学生"
        if not meant
        else f"可能是 {len(meant)} 个人：{'；'.join(p.words for p in meant[:3])}"
    )
    return replace(row, outcome=ASKED, candidates=meant, why=why)


def _parts(path: Path, roots: Sequence[Path]) -> tuple[str, ...]:
    """Return the names that may speak of whose a file is: its own, and the folders from the chosen one on."""
    whole = path.absolute()
    root = next((each for each in roots if each in whole.parents), whole.parent)
    inside = whole.relative_to(root)
    folders = (root.name, *inside.parts[:-1]) if root in roots else ()
    return (*folders, inside.stem)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
