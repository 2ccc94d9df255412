"""批量归入: names of files and folders say whose and what; what they don't say is asked; one step stores all."""

from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.errors import Cancelled, UserError
from skillsaid_desktop.services.file_sorting import (
    ALREADY,
    ASKED,
    READY,
    REFUSED,
    SortedFile,
    choose_student,
    settle,
    sort_files,
    store_files,
)
from skillsaid_desktop.services.files import list_files
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class
from tests.files import paper, photo

DAY = date(2025, 11, 20)


@pytest.fixture
def people(ledger_file: LedgerFile) -> dict[str, int]:
    with ledger_file.operation("导入学生名册") as uow:
        one, two = make_class(uow, "机电2301"), make_class(uow, "护理2401")
        return {
            "李明": enrol(uow, "李明", class_id=one, category="脱贫户", document_number="360731200806204952"),
            "李明华": enrol(uow, "李明华", class_id=one, category="脱贫户", student_number="20230017"),
            "王丽机": enrol(uow, "王丽", class_id=one, document_number="360731200901014321"),
            "王丽护": enrol(
                uow, "王丽", class_id=two, category="脱贫户", document_number="36073120090101877X"
            ),
            "和平新": enrol(uow, "和平新", class_id=two),
            "阿依": enrol(uow, "阿依古丽·买买提", class_id=two, name_folded="阿依古丽买买提"),
        }


def lay(folder: Path, *names: str) -> Path:
    for at, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(size=(20 + at, 20)))
    return folder


def told(rows: list[SortedFile]) -> dict[str, tuple[str, int | None, str]]:
    return {row.name: (row.outcome, row.student.id if row.student else None, row.kind) for row in rows}


def test_names_numbers_and_folders_tell_whose_and_what(
    ledger_file: LedgerFile, people: dict[str, int], tmp_path: Path
) -> None:
    folder = lay(
        tmp_path / "扫描件",
        "李明 身份证.jpg", "李明华户口本.jpg", "360731200806204952.jpg", "20230017申请表.jpg",
        "机电2301/王丽/资助卡.jpg", "护理2401班-王丽-脱贫证明.jpg", "王丽877x身份证.jpg", "阿依古丽买买提照片.jpg",
        "身份证/李明/IMG_0001.jpg",
    )  # fmt: skip
    assert told(sort_files(ledger_file, [folder], DAY)) == {
        "李明 身份证.jpg": (READY, people["李明"], "身份证"),
        "李明华户口本.jpg": (READY, people["李明华"], "户口簿"),
        "360731200806204952.jpg": (READY, people["李明"], "其他"),
        "20230017申请表.jpg": (READY, people["李明华"], "申请表"),
        "资助卡.jpg": (READY, people["王丽机"], "资助卡"),
        "护理2401班-王丽-脱贫证明.jpg": (READY, people["王丽护"], "认定材料"),
        "王丽877x身份证.jpg": (READY, people["王丽护"], "身份证"),
        "阿依古丽买买提照片.jpg": (READY, people["阿依"], "照片"),
        "IMG_0001.jpg": (READY, people["李明"], "身份证"),
    }


def test_what_is_not_told_is_asked_and_never_guessed(
    ledger_file: LedgerFile, people: dict[str, int], tmp_path: Path
) -> None:
    folder = lay(
        tmp_path / "扫描件",
        "王丽身份证.jpg",
        "IMG_2.jpg",
        "李明和李明华户口簿.jpg",
        "李明身份证.jpg",
        "李明亮身份证.jpg",
        "李明 2025年认定申请表 正反面.jpg",
        "和平新身份证反.jpg",
    )
    (folder / "名单.txt").write_text("李明")
    (folder / "李明.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (folder / "Thumbs.db").write_bytes(b"x")
    rows = {row.name: row for row in sort_files(ledger_file, [folder], DAY)}
    assert "Thumbs.db" not in rows
    assert {pupil.id for pupil in rows["王丽身份证.jpg"].candidates} == {people["王丽机"], people["王丽护"]}
    assert rows["王丽身份证.jpg"].why == "可能是 2 个人：王丽　机电2301　4321；王丽　护理2401　877X"
    assert (rows["IMG_2.jpg"].outcome, rows["IMG_2.jpg"].why) == (ASKED, "名字里没有认出哪个学生")
    assert rows["李明和李明华户口簿.jpg"].outcome == ASKED
    longer = rows["李明亮身份证.jpg"]
    assert (longer.outcome, longer.why) == (ASKED, "名字和李明不完全一样，请看是不是他")
    assert [pupil.id for pupil in longer.candidates] == [people["李明"]]
    usual = rows["李明 2025年认定申请表 正反面.jpg"]
    assert (usual.outcome, usual.kind) == (READY, "申请表")
    assert rows["和平新身份证反.jpg"].outcome == READY, "a name may hold little words"
    assert [rows[name].outcome for name in ("名单.txt", "李明.zip", "李明身份证.jpg")] == [
        REFUSED,
        REFUSED,
        READY,
    ]


def test_all_is_stored_in_one_step_and_the_same_folder_again_is_nothing(
    ledger_file: LedgerFile, people: dict[str, int], tmp_path: Path
) -> None:
    folder = lay(
        tmp_path / "扫描件", "李明身份证.jpg", "李明户口簿.jpg", "李明华身份证.jpg", "王丽身份证.jpg"
    )
    (folder / "李明身份证 副本.jpg").write_bytes((folder / "李明身份证.jpg").read_bytes())
    rows = sort_files(ledger_file, [folder], DAY)
    assert sorted(row.outcome for row in rows) == sorted([READY, READY, READY, ASKED, ALREADY])
    asked = next(row for row in rows if row.outcome == ASKED)
    rows[rows.index(asked)] = choose_student(asked, asked.candidates[1])
    filed = store_files(ledger_file, settle(rows, set()))
    assert (filed.files, filed.students) == (4, 3)
    assert ledger_file.history(limit=1)[0].name == "归入材料 3 人 4 份"
    with ledger_file.reading() as reading:
        assert [one.kind for one in list_files(reading, "student", people["李明"])] == ["身份证", "户口簿"]
    again = sort_files(ledger_file, [folder], DAY)
    assert [row.outcome for row in again].count(ALREADY) == 4
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM attachment") == 0


def test_a_file_that_changed_meanwhile_or_a_stop_stores_nothing(
    ledger_file: LedgerFile, people: dict[str, int], tmp_path: Path
) -> None:
    folder = lay(tmp_path / "扫描件", "李明身份证.jpg", "李明户口簿.jpg")
    rows = sort_files(ledger_file, [folder], DAY)
    before = ledger_file.history(limit=1)

    class Stopped:
        def report(self, done: int, total: int, text: str) -> None:
            if done:
                raise Cancelled

    with pytest.raises(Cancelled):
        store_files(ledger_file, rows, progress=Stopped())
    (folder / "李明身份证.jpg").write_bytes(paper())
    with pytest.raises(UserError, match=r"“李明身份证\.jpg”和预览时不一样了，一份也没有存"):
        store_files(ledger_file, rows)
    (folder / "李明身份证.jpg").unlink()
    with pytest.raises(UserError, match=r"读不了“李明身份证\.jpg”"):
        store_files(ledger_file, rows)
    assert ledger_file.history(limit=1) == before
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM stored_file") == 0
