"""The power is cut at a random moment of whatever is being done: no acknowledged change is lost, none is torn.

`SKILLSAID_CUTS=1000` is the long mode (QUALITY section 3, row 1).
"""

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.figures.frozen import closed_months, frozen_results
from skillsaid_desktop.services.closing import digest_of
from skillsaid_desktop.storage import LedgerFile, Reading, migration, restore, verify_file
from skillsaid_desktop.storage.backup import automatic_folder
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.keys import keys_path, ledger_id_of
from skillsaid_desktop.storage.opening import find_key
from tests.factories import PASSPHRASE, SCHOOL
from tests.faults import interrupted
from tests.later_schema import LATER, become_later, write_scripts

WORKS = 7
CUTS = -(-int(os.environ.get("SKILLSAID_CUTS", "40")) // WORKS)
LEDGER_LASTS = 20  # cuts; then a fresh copy, because looking over a long journal takes long
TODAY = "2025-12-24"

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="kill -9"),
    pytest.mark.timeout(120 + 10 * CUTS),
]


class Cutter:
    """Starts a piece of work in a child process and cuts its power at a random moment of its time."""

    def __init__(self, work: interrupted.Work, data: Path) -> None:
        # Each child is forked from a server that has imported everything: a cut costs no start of Python.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["pytest", interrupted.__name__])
        self._work = work
        self._environment = {"SKILLSAID_DATA": str(data), "SKILLSAID_TODAY": TODAY}
        self._chance = random.Random(20251125)
        self._takes = 0.0
        self.cuts = 0
        self.acknowledged = 0

    def measure(self, place: Path) -> None:
        """Let the work end in peace once, to know how long it takes."""
        child, words = self._start(place)
        began_at = time.monotonic()
        child.join()
        self._takes = time.monotonic() - began_at
        assert child.exitcode == 0
        assert _heard(words)

    def cut(self, place: Path) -> list[object]:
        """Begin the work and cut it; return what it acknowledged. Work that ended before is no cut."""
        child, words = self._start(place)
        time.sleep(self._chance.random() * self._takes)
        child.kill()
        child.join()
        acknowledged = _heard(words)
        assert child.exitcode in (0, -signal.SIGKILL), "the work itself failed"
        was_cut = child.exitcode != 0
        self.cuts += was_cut
        # A busy machine is slow one moment and quick the next: four cuts in five shall meet the work.
        self._takes *= 1.05 if was_cut else 0.8
        self.acknowledged += len(acknowledged)
        return acknowledged

    def _start(self, place: Path) -> tuple[BaseProcess, Connection]:
        words, told = self._context.Pipe(duplex=False)
        child = self._context.Process(
            target=interrupted.child, args=(self._work, place, self._environment, told)
        )
        child.start()
        told.close()
        assert words.recv() == interrupted.BEGINS
        return child, words


def _heard(words: Connection) -> list[object]:
    heard = []
    with words:
        while True:
            try:
                heard.append(words.recv())
            except EOFError:
                return heard


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the same day here as in the children."""
    monkeypatch.setenv("SKILLSAID_TODAY", TODAY)


def copy_ledger(ledger: Path, to: Path) -> Path:
    """Copy a ledger with its keys over whatever lies there."""
    for left in to.parent.glob(to.name + "*"):
        left.unlink()
    shutil.copyfile(ledger, to)
    shutil.copyfile(keys_path(ledger), keys_path(to))
    return to


@contextmanager
def reopened(ledger: Path, passphrase: str = PASSPHRASE) -> Iterator[LedgerFile]:
    """Open a ledger after a cut and look it over."""
    opened = LedgerFile.open(ledger, passphrase=passphrase)
    try:
        report = opened.verify()
        assert report.is_whole, report.problems
        yield opened
    finally:
        opened.close(backup=False)


def test_a_ledger_that_is_being_made_is_whole_or_can_be_made_again(
    tmp_path: Path, own_data_folder: Path
) -> None:
    cutter = Cutter(interrupted.make, own_data_folder)
    cutter.measure(tmp_path / "量.skillsaid")
    made_at_once = 0
    while cutter.cuts < CUTS:
        place = tmp_path / str(cutter.cuts) / "账.skillsaid"
        acknowledged = cutter.cut(place)
        if place.exists():
            made_at_once += 1
        else:
            assert not acknowledged
            interrupted.make(place, lambda word: None)
        with reopened(place) as opened, opened.reading() as reading:
            assert reading.settings.school_name == SCHOOL
            assert reading.policy.categories
        assert sorted(path.name for path in place.parent.iterdir()) == [place.name, keys_path(place).name]
        shutil.rmtree(place.parent)
    assert made_at_once < cutter.cuts


def test_edits_undo_and_backups_survive(ledger_path: Path, own_data_folder: Path) -> None:
    cutter = Cutter(interrupted.edit, own_data_folder)
    place = copy_ledger(ledger_path, ledger_path.with_name("账.skillsaid"))
    cutter.measure(place)
    while cutter.cuts < CUTS:
        if cutter.cuts % LEDGER_LASTS == 0:
            copy_ledger(ledger_path, place)
        acknowledged = cutter.cut(place)
        with reopened(place) as opened:
            done = {row.id: row for row in opened.history(limit=100_000)}
            with opened.reading() as reading:
                rows = int(reading.scalar("SELECT count(*) FROM student"))
        assert set(acknowledged) <= set(done)
        whole = {interrupted.ROWS, 2 * interrupted.ROWS}
        assert all(row.changes in whole for row in done.values() if row.name.startswith(("第", "撤销")))
        assert rows % interrupted.ROWS == 0
    assert cutter.acknowledged
    for backup in place.with_name("优盘").glob("*.skillsaid-backup"):
        assert verify_file(backup, passphrase=PASSPHRASE).is_whole


def test_files_are_there_whole_with_their_steps(ledger_path: Path, own_data_folder: Path) -> None:
    cutter = Cutter(interrupted.keep_files, own_data_folder)
    place = copy_ledger(ledger_path, ledger_path.with_name("账.skillsaid"))
    cutter.measure(place)
    while cutter.cuts < CUTS:
        copy_ledger(ledger_path, place)
        acknowledged = cutter.cut(place)
        # Looking the ledger over hashes each content and misses none that a record names.
        with reopened(place) as opened, opened.reading() as reading:
            done = {row.id: row for row in opened.history(limit=100_000)}
            assert set(acknowledged) <= set(done)
            assert all(row.changes == interrupted.FILES for row in done.values() if "批材料" in row.name)
            assert reading.scalar("SELECT count(*) FROM attachment") % interrupted.FILES == 0
    assert cutter.acknowledged


def test_closing_and_reopening_months_is_done_whole_or_not_at_all(
    ledger_path: Path, own_data_folder: Path
) -> None:
    interrupted.prepare_months(ledger_path)
    cutter = Cutter(interrupted.close_and_reopen, own_data_folder)
    place = copy_ledger(ledger_path, ledger_path.with_name("账.skillsaid"))
    cutter.measure(place)
    while cutter.cuts < CUTS:
        if cutter.cuts % LEDGER_LASTS == 0:
            copy_ledger(ledger_path, place)
        acknowledged = cutter.cut(place)
        with reopened(place) as opened, opened.reading() as reading:
            assert set(acknowledged) <= {row.id for row in opened.history(limit=100_000)}
            check_months(reading)
    assert cutter.acknowledged


def check_months(reading: Reading) -> None:
    """Assert that each month is closed whole, by its seal, or open without anything frozen."""
    closed = sorted(closed_months(reading))
    assert closed == list(interrupted.MONTHS[: len(closed)])
    for month in closed:
        frozen = frozen_results(reading, month)
        counted_to, digest = reading.rows(
            "SELECT counted_to, digest FROM reporting_month WHERE month = ?", (month,)
        )[0]
        assert frozen is not None
        assert digest_of(month, date.fromisoformat(counted_to), frozen) == digest
    loose = (
        "SELECT count(*) FROM frozen_figure f JOIN reporting_month m ON m.id = f.month_id"
        " WHERE m.state <> 'closed'"
    )
    assert reading.scalar(loose) == 0


def test_a_ledger_that_is_being_upgraded_is_the_old_one_or_the_new_one(
    ledger_path: Path, own_data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted.fill(ledger_path)
    scripts = ledger_path.with_name("scripts")
    write_scripts(scripts)
    become_later(scripts, monkeypatch.setattr)
    cutter = Cutter(interrupted.upgrade, own_data_folder)
    place = ledger_path.with_name("账.skillsaid")
    cutter.measure(copy_ledger(ledger_path, place))
    upgrading = f"升级台账到格式 {LATER}"
    while cutter.cuts < CUTS:
        acknowledged = cutter.cut(copy_ledger(ledger_path, place))
        key, _ = find_key(place, passphrase=PASSPHRASE, recovery_code=None)
        with closing(connect(place, key)) as connection:
            was_upgraded = migration.schema_version(connection, place) == LATER
        assert was_upgraded or not acknowledged
        with reopened(place) as opened:
            assert [row.name for row in opened.history()] == [upgrading, "导入学生名册", "建立台账"]
            assert opened.verify().counts["student"] == interrupted.STUDENTS
    copies = list(automatic_folder(ledger_id_of(place)).glob("*.skillsaid-backup"))
    assert copies
    for copy in copies[:20]:
        assert verify_file(copy, passphrase=PASSPHRASE).is_whole


def test_a_backup_that_is_being_restored_can_be_restored_again(
    ledger_path: Path, own_data_folder: Path
) -> None:
    interrupted.fill(ledger_path)
    opened = LedgerFile.open(ledger_path, passphrase=PASSPHRASE)
    folder = ledger_path.with_name("优盘")
    backup = opened.backup(folder).path
    opened.close(backup=False)
    cutter = Cutter(interrupted.bring_back, own_data_folder)
    cutter.measure(backup)
    while cutter.cuts < CUTS:
        for left in folder.iterdir():
            if left != backup:
                left.unlink()
        acknowledged = cutter.cut(backup)
        for name in interrupted.RESTORED:
            place = folder / name
            if name in acknowledged:
                assert place.exists()
            elif not place.exists():
                restore(backup, place, passphrase=PASSPHRASE)
            with reopened(place) as back:
                assert back.verify().counts["student"] == interrupted.STUDENTS
    assert cutter.acknowledged


def test_a_ledger_whose_keys_are_being_changed_always_opens_by_a_known_passphrase(
    ledger_path: Path, own_data_folder: Path
) -> None:
    cutter = Cutter(interrupted.change_keys, own_data_folder)
    place = ledger_path.with_name("账.skillsaid")
    cutter.measure(copy_ledger(ledger_path, place))
    while cutter.cuts < CUTS:
        acknowledged = cutter.cut(copy_ledger(ledger_path, place))
        last = str(acknowledged[-1]) if acknowledged else PASSPHRASE
        # What comes next may have been done, and the power gone before it was acknowledged.
        following = interrupted.NEW_PASSPHRASE if last == PASSPHRASE else PASSPHRASE
        opens = []
        for passphrase in (last, following):
            with suppress(UserError), reopened(place, passphrase):
                opens.append(passphrase)
        assert len(opens) == 1
    assert cutter.acknowledged
