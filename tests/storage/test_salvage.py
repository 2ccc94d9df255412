"""A damaged ledger: what can be read comes into a new file, the journal fills gaps, what is missing is told."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.domain.entities import Attachment, HardshipStatus, Student
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import DamagedError, LedgerFile
from skillsaid_desktop.storage.contents import keep_content, read_content
from skillsaid_desktop.storage.salvage import NAME, salvage
from tests.factories import PASSPHRASE, make_ledger, make_student

PAGE = 4096
PEOPLE = 300


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A closed ledger of many pages: students with a category each, some renamed since."""
    ledger_file = make_ledger(tmp_path / "账.skillsaid")
    with ledger_file.operation("导入学生名册") as uow:
        ids = [make_student(uow, name=f"学生{'甲乙丙丁戊己庚辛壬癸'[at % 10]}") for at in range(PEOPLE)]
        rows = [
            {"student_id": one, "category": "脱贫户", "from_on": date(2024, 9, 1), "source": "名册" * 20}
            for one in ids
        ]
        uow.insert_many(HardshipStatus, rows)
    with ledger_file.operation("改备注") as uow:
        uow.update_many(Student, [{"id": one, "remark": "后来写的"} for one in ids[::3]])
    ledger_file.close(backup=False)
    return ledger_file.path


def facts(path: Path) -> dict[str, list[tuple[object, ...]]]:
    opened = LedgerFile.open(path, passphrase=PASSPHRASE)
    try:
        assert opened.verify().is_whole
        with opened.reading() as reading:
            return {
                table: [tuple(row) for row in reading.rows(f"SELECT * FROM {table} ORDER BY id")]
                for table in ("student", "hardship_status", "status_change", "setting", "school_class")
            }
    finally:
        opened.close(backup=False)


def spoil(path: Path, pages: list[int]) -> None:
    content = bytearray(path.read_bytes())
    for page in pages:
        content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    path.write_bytes(bytes(content))


def pages_of(path: Path, wanted: Callable[[str], bool]) -> list[int]:
    """Return the pages, counted from 0, of the tables that are wanted."""
    from skillsaid_desktop.storage.connection import connect
    from skillsaid_desktop.storage.opening import find_key

    key, _ = find_key(path, passphrase=PASSPHRASE, recovery_code=None)
    connection = connect(path, key)
    try:
        roots = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'").fetchall()
        return [root - 1 for name, root in roots if wanted(name) and root > 1]
    finally:
        connection.close()


def test_a_whole_file_comes_over_as_it_is(full: Path, tmp_path: Path) -> None:
    before = facts(full)
    report = salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert report.is_complete
    assert facts(tmp_path / "新.skillsaid") == before


def test_what_a_lost_page_held_comes_from_the_journal(full: Path, tmp_path: Path) -> None:
    before = facts(full)
    spoil(full, pages_of(full, lambda name: name == "hardship_status"))
    content = full.read_bytes()
    with pytest.raises(DamagedError):
        LedgerFile.open(full, passphrase=PASSPHRASE)
    report = salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert full.read_bytes() == content, "the damaged file is only read"
    assert facts(tmp_path / "新.skillsaid") == before, "the journal has every row as it last was"
    [table] = [each for each in report.tables if each.name == "hardship_status"]
    assert table.from_journal > 0
    assert report.is_complete


def test_a_lost_journal_leaves_the_tables_whole(full: Path, tmp_path: Path) -> None:
    before = facts(full)
    spoil(full, pages_of(full, lambda name: name == "change"))
    report = salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert facts(tmp_path / "新.skillsaid") == before
    [table] = [each for each in report.tables if each.name == "change"]
    assert table.lost
    opened = LedgerFile.open(tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert opened.history(limit=1)[0].name == NAME
    assert opened.undoable(1) == [], "nothing before it can be taken back"
    with opened.operation("接着登记") as uow:
        make_student(uow, name="后来的")
    assert opened.verify().is_whole
    opened.undo()
    opened.close(backup=False)


def test_what_neither_tells_is_reported_by_table_and_id(full: Path, tmp_path: Path) -> None:
    tables = pages_of(full, lambda name: name in ("student", "change"))
    spoil(full, tables)
    report = salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    by_name = {each.name: each for each in report.tables}
    assert by_name["student"].lost == [(1, PEOPLE)]
    assert by_name["hardship_status"].dropped == PEOPLE, "a category of nobody is worth nothing"
    assert not report.is_complete


@pytest.mark.parametrize("seed", range(6))
def test_pages_here_and_there_lose_little(full: Path, tmp_path: Path, seed: int) -> None:
    before = facts(full)
    empty = make_ledger(tmp_path / "空.skillsaid")
    empty.close(backup=False)
    first, count = empty.path.stat().st_size // PAGE, full.stat().st_size // PAGE
    spoil(full, random.Random(seed).sample(range(first, count), 4))
    salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    after = facts(tmp_path / "新.skillsaid")
    assert set(after["student"]) <= set(before["student"]), "nothing is invented"
    assert len(after["student"]) >= PEOPLE * 0.8


def test_a_file_cut_short_gives_its_first_part(full: Path, tmp_path: Path) -> None:
    content = full.read_bytes()
    full.write_bytes(content[: len(content) * 3 // 4 // PAGE * PAGE])
    salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert facts(tmp_path / "新.skillsaid")["setting"]


def with_files(path: Path, contents: list[bytes]) -> None:
    """Give the first students a file each."""
    opened = LedgerFile.open(path, passphrase=PASSPHRASE)
    with opened.operation("添加材料") as uow:
        for student_id, content in enumerate(contents, 1):
            facts = {
                "record_id": student_id,
                "kind": "身份证",
                "name": "证.jpg",
                "added_on": date(2025, 9, 1),
            }
            digest = keep_content(uow, content, "image/jpeg")
            uow.insert_many(
                Attachment, [{"entity": "student", "digest": digest, "size": len(content), **facts}]
            )
    opened.close(backup=False)


def files_of(path: Path) -> dict[int, bytes]:
    """Return the content of each file by the student whose it is."""
    opened = LedgerFile.open(path, passphrase=PASSPHRASE)
    try:
        assert opened.verify().is_whole
        with opened.reading() as reading:
            rows = reading.rows("SELECT record_id, digest FROM attachment ORDER BY id")
            return {student_id: read_content(reading, digest, "")[0] for student_id, digest in rows}
    finally:
        opened.close(backup=False)


def test_files_come_over_with_their_contents(full: Path, tmp_path: Path) -> None:
    photos = [random.Random(at).randbytes(9 * PAGE) for at in range(4)]
    with_files(full, photos)
    assert salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE).is_complete
    assert files_of(tmp_path / "新.skillsaid") == dict(enumerate(photos, 1))


def test_a_file_whose_content_is_lost_is_told_and_the_others_stay(full: Path, tmp_path: Path) -> None:
    before = full.stat().st_size // PAGE
    photos = [random.Random(at).randbytes(99 * PAGE) for at in range(4)]
    with_files(full, photos)
    after = full.stat().st_size // PAGE
    spoil(full, [(before + after) // 2])
    report = salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    [table] = [each for each in report.tables if each.name == "stored_file"]
    assert (table.rows, table.lost_count) == (3, 1)
    assert not report.is_complete
    [(lost, _)] = table.lost
    left = {student_id: photo for student_id, photo in enumerate(photos, 1) if student_id != lost}
    assert files_of(tmp_path / "新.skillsaid") == left


def test_nothing_is_put_over_another_file_and_a_lost_beginning_is_said(full: Path, tmp_path: Path) -> None:
    (tmp_path / "新.skillsaid").write_bytes(b"x")
    with pytest.raises(UserError, match="已经有"):
        salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert (tmp_path / "新.skillsaid").read_bytes() == b"x"
    spoil(full, [0])
    with pytest.raises(DamagedError, match="抢救不了"):
        salvage(full, tmp_path / "另一本.skillsaid", passphrase=PASSPHRASE)
    assert sorted(path.name for path in tmp_path.iterdir() if "另一本" in path.name) == []


def test_a_file_whose_tables_can_not_be_found_is_not_made_into_an_empty_ledger(
    full: Path, tmp_path: Path
) -> None:
    empty = make_ledger(tmp_path / "空.skillsaid")
    empty.close(backup=False)
    spoil(full, list(range(1, empty.path.stat().st_size // PAGE)))
    with pytest.raises(DamagedError, match="抢救不了"):
        salvage(full, tmp_path / "新.skillsaid", passphrase=PASSPHRASE)
    assert not (tmp_path / "新.skillsaid").exists()
