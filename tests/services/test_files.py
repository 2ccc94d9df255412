"""材料 at a record: what is taken and what is refused, named steps, read-only copies that are wiped, logged reading."""

from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.domain.proofs import kind_of_name
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import HOUSEHOLDS, STUDENTS
from skillsaid_desktop.ledgers.removal import plan_removal, remove_rows
from skillsaid_desktop.services.file_types import ending_for, type_of
from skillsaid_desktop.services.files import (
    MB,
    add_files,
    change_kind,
    list_files,
    load_content,
    new_file,
    open_copy,
    read_new_file,
    remove_files,
    save_files,
)
from skillsaid_desktop.services.opened_copies import OpenedCopies, wipe_leftovers
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_hardship
from tests.files import paper, photo, zipped


@pytest.fixture
def student(ledger_file: LedgerFile) -> int:
    with ledger_file.operation("新增学生") as uow:
        return enrol(uow, "刘志豪", category="脱贫户")


def step(ledger_file: LedgerFile) -> str:
    return ledger_file.history(limit=1)[0].name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("刘志豪身份证正面", "身份证"), ("户口本首页", "户口簿"), ("贫困生认定申请表", "申请表"), ("脱贫证明", "认定材料"),
        ("刘志豪 银行卡", "资助卡"), ("IMG_0231", None), ("三方协议", "协议"), ("毕业证书", "证书"), ("扫描件", None),
    ],
)  # fmt: skip
def test_a_name_proposes_the_kind(name: str, kind: str | None) -> None:
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("a.jpg", photo(), "image/jpeg"), ("a.jpg", photo(form="PNG"), "image/png"), ("a.tif", photo(form="TIFF"), "image/tiff"),
        ("a.bmp", photo(form="BMP"), "image/bmp"), ("a.webp", photo(form="WEBP"), "image/webp"),
        ("扫描", paper(), "application/pdf"),
        ("a.docx", zipped("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
        ("a.xlsx", zipped("xl/workbook.xml"), "spreadsheetml.sheet"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "msword"),
    ],
)  # fmt: skip
def test_what_is_taken_is_told_by_its_first_bytes(name: str, content: bytes, mime: str) -> None:
    assert type_of(name, content).mime.endswith(mime)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("身份证.jpg", b"MZ\x90\x00" + bytes(100), "不是能存的材料"),
        ("材料.zip", zipped("身份证.jpg"), "不是能存的材料"),
        ("申请表.docx", zipped("word/document.xml", "word/vbaProject.bin"), "带着宏"),
        ("申请表.docx", zipped("word/document.xml")[:-30], "不完整"),
        ("说明.txt", b"hello", "不是能存的材料"),
        ("空.pdf", b"", "空文件"),
    ],
)
def test_programs_archives_macros_and_broken_files_are_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(UserError, match=f"“{name}”.*{why}"):
        type_of(name, content)


def test_a_copy_has_the_ending_of_what_it_is() -> None:
    assert ending_for("脱贫证明.JPEG", "image/jpeg") == ".jpeg"
    assert ending_for("其实是图片.exe", "image/png") == ".png"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "大照片.jpg"
    with large.open("wb") as file:
        file.truncate(3 * MB)
    with pytest.raises(UserError, match=r"“大照片.jpg”有 3.0 MB，超过每份 2 MB 的上限"):
        read_new_file(large, 2 * MB)
    with pytest.raises(UserError, match=r"读不了“没有\.pdf”"):
        read_new_file(tmp_path / "没有.pdf", MB)


def test_several_files_are_one_step_and_none_is_kept_twice(ledger_file: LedgerFile, student: int) -> None:
    files = [new_file("身份证.jpg", photo(), MB), new_file("户口簿.pdf", paper(), MB)]
    added = add_files(ledger_file, "student", student, files)
    assert len(added.ids) == 2
    assert step(ledger_file) == "添加材料 刘志豪 身份证、户口簿 2 份"
    again = add_files(ledger_file, "student", student, [*files, new_file("申请表.pdf", paper("表"), MB)])
    assert (len(again.ids), again.already) == (1, ("身份证.jpg", "户口簿.pdf"))
    with ledger_file.reading() as reading:
        assert [one.kind for one in list_files(reading, "student", student)] == ["身份证", "户口簿", "申请表"]
    ledger_file.undo()
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert list_files(reading, "student", student) == []
    before = step(ledger_file)
    assert add_files(ledger_file, "student", student, []).ids == ()
    assert step(ledger_file) == before


def test_a_file_is_read_back_byte_by_byte_renamed_in_kind_and_taken_off(
    ledger_file: LedgerFile, student: int
) -> None:
    content = photo("tomato")
    (file_id,) = add_files(ledger_file, "student", student, [new_file("IMG_1.jpg", content, MB)]).ids
    change_kind(ledger_file, file_id, "资助卡")
    assert step(ledger_file) == "改材料种类 刘志豪 其他 → 资助卡"
    with ledger_file.reading() as reading:
        found, read = load_content(reading, file_id)
    assert (found.kind, found.mime, read) == ("资助卡", "image/jpeg", content)
    remove_files(ledger_file, [file_id])
    assert step(ledger_file) == "移除材料 刘志豪 资助卡"
    with ledger_file.reading() as reading, pytest.raises(UserError, match="已经不在台账里"):
        load_content(reading, file_id)
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert load_content(reading, file_id)[1] == content


def test_opening_is_logged_and_the_copy_is_read_only_nameless_and_wiped(
    ledger_file: LedgerFile, student: int, own_data_folder: Path
) -> None:
    content = paper("KANARIENVOGEL")
    (file_id,) = add_files(ledger_file, "student", student, [new_file("刘志豪身份证.pdf", content, MB)]).ids
    copies = OpenedCopies()
    path = open_copy(ledger_file, file_id, copies)
    assert path.read_bytes() == content
    assert own_data_folder in path.parents
    assert path.name == f"身份证 {file_id}.pdf"
    assert len(path.parent.name) == 32
    assert not path.stat().st_mode & 0o222
    assert step(ledger_file) == "打开材料 刘志豪 身份证"
    assert not ledger_file.history(limit=1)[0].can_undo
    assert open_copy(ledger_file, file_id, copies) == path
    assert wipe_leftovers() == 0, "another start must not take what a running program shows"
    assert path.exists()
    (own_data_folder / "same bytes").hardlink_to(path)
    assert copies.wipe() == []
    assert not path.parent.exists()
    left = (own_data_folder / "same bytes").read_bytes()
    assert left != content, "the bytes on the disk are written over before the name goes"


def test_what_a_crash_left_is_wiped_at_the_next_start(
    ledger_file: LedgerFile, student: int, own_data_folder: Path
) -> None:
    left = own_data_folder / "opened" / "0123"
    left.mkdir(parents=True)
    (left / "身份证 1.pdf").write_bytes(b"secret")
    (left / "身份证 1.pdf").chmod(0o400)
    assert wipe_leftovers() == 1
    assert not left.exists()


def test_a_copy_that_is_still_held_is_named_and_tried_again(
    own_data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = OpenedCopies()
    path = copies.put("协议 3.docx", b"text")

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert copies.wipe() == ["协议 3.docx"]
    assert path.exists()
    assert copies.wipe() == []
    assert not path.exists()


def test_saving_out_asks_for_a_purpose_and_is_logged(
    ledger_file: LedgerFile, student: int, tmp_path: Path
) -> None:
    content = paper()
    (file_id,) = add_files(ledger_file, "student", student, [new_file("申请表.pdf", content, MB)]).ids
    target = tmp_path / "申请表.pdf"
    with pytest.raises(UserError, match="要写用途"):
        save_files(ledger_file, [(file_id, target)], " ")
    assert not target.exists()
    save_files(ledger_file, [(file_id, target)], "县局复核")
    assert target.read_bytes() == content
    assert step(ledger_file) == "另存材料 刘志豪 申请表，用途：县局复核"


def test_files_go_with_their_record_and_come_back_with_it(ledger_file: LedgerFile, student: int) -> None:
    with ledger_file.operation("认定") as uow:
        hardship = make_hardship(uow, student, "低保", date(2024, 1, 1))
    add_files(ledger_file, "student", student, [new_file("身份证.jpg", photo(), MB)])
    add_files(ledger_file, "hardship_status", hardship, [new_file("低保证.jpg", photo("red"), MB)])
    assert step(ledger_file) == "添加材料 刘志豪 认定材料"
    with ledger_file.operation("删除学生") as uow:
        assert "材料 2 份" in plan_removal(uow, STUDENTS, [student]).lost
        remove_rows(uow, STUDENTS, [student])
        assert uow.scalar("SELECT count(*) FROM attachment") == 0
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert [one.origin for one in list_files(reading, "student", student)] == ["", "低保"]
        assert len(list_files(reading, "hardship_status", hardship)) == 1
        assert plan_removal(reading, HOUSEHOLDS, [1]).lost == "1 户"
