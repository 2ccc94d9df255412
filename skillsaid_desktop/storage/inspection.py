"""Looking a ledger over: are its pages, its tables, its references and its journal whole?"""

from dataclasses import dataclass
from pathlib import Path

from skillsaid_desktop.domain.entities import Entity, StoredFile
from skillsaid_desktop.storage.chain import check_chain
from skillsaid_desktop.storage.connection import Connection
from skillsaid_desktop.storage.contents import false_contents, missing_content
from skillsaid_desktop.storage.journal import trigger_names
from skillsaid_desktop.storage.sqlite_errors import damaged


@dataclass(frozen=True)
class VerifyReport:
    """What looking over found; no problems means whole."""

    path: Path
    counts: dict[str, int]  # table name -> rows
    operations: int
    problems: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        if self.is_whole:
            people, files = self.counts.get("student", 0), self.counts.get("stored_file", 0)
            kept = f"材料内容 {files} 份，" if files else ""
            return f"“{self.path.name}”完好：{people} 名学生，{kept}{self.operations} 步操作记录，逐页、逐行核对过。"
        return f"“{self.path.name}”有问题：" + "；".join(self.problems) + "。"


def count_rows(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each journalled table, and of the contents of files.

    Tables that an older ledger has not got yet are left out: it is copied before it is upgraded.
    """
    present = _present(connection)
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for name in (*(table.name for table in Entity.metadata.sorted_tables), StoredFile.__tablename__)
        if name in present
    }


def _present(connection: Connection) -> set[str]:
    """Return the tables that the file has."""
    return {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    }


def last_operation(connection: Connection) -> int:
    """Return the id of the last operation, 0 if there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])


def check_pages(connection: Connection, path: Path) -> None:
    """Raise a damage error unless every page of the file is the one that was written."""
    bring_log_home(connection)
    scan_pages(connection, path)


def bring_log_home(connection: Connection) -> None:
    """Put what a crash left in the write-ahead log where it belongs, into the pages."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def scan_pages(connection: Connection, path: Path) -> None:
    """Raise a damage error unless every page proves itself; the log must have been brought home."""
    bad = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    if bad:
        raise damaged(path, f"有 {len(bad)} 处读不出来")


def inspect(connection: Connection, path: Path) -> VerifyReport:
    """Look over everything and return what was found."""
    problems: list[str] = []
    unread = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    if unread:
        problems.append(f"有 {len(unread)} 处读不出来")
    wrong = [text for (text,) in connection.execute("PRAGMA integrity_check").fetchall() if text != "ok"]
    if wrong and not unread:
        problems.append(f"内部有 {len(wrong)} 处对不上（{wrong[0]}）")
    if problems:
        return VerifyReport(path=path, counts={}, operations=0, problems=tuple(problems))
    for table, record, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        problems.append(f"“{table}”第 {record} 行指向“{parent}”里不存在的行")
    triggers = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    }
    present = _present(connection)
    for table_name in Entity.metadata.tables.keys() & present:
        if not triggers.issuperset(trigger_names(table_name)):
            problems.append(f"“{table_name}”的操作记录被关掉了")
    broken = check_chain(connection.cursor())
    if broken:
        problems.append(f"第 {broken.operation_id} 步“{broken.name}”：{broken.what}，有人从外面改过这个文件")
    if StoredFile.__tablename__ in present:
        problems += _look_at_contents(connection)
    return VerifyReport(
        path=path,
        counts=count_rows(connection),
        operations=connection.execute("SELECT count(*) FROM operation").fetchone()[0],
        problems=tuple(problems),
    )


def _look_at_contents(connection: Connection) -> list[str]:
    """Read and hash the content of every file; return what is wrong."""
    cursor = connection.cursor()
    lost, false = missing_content(cursor), false_contents(cursor)
    problems = [] if lost is None else [f"材料“{lost}”的内容不见了"]
    return problems + ([f"有 {false} 份材料的内容和存入时不一样"] if false else [])
