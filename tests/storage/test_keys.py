"""Who gets in and who doesn't: passphrases, key files, the recovery code."""

import secrets
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.storage.keys import keys_path, local_keys_path
from skillsaid_desktop.storage.recovery_code import ALPHABET, read_code, write_code
from tests.factories import PASSPHRASE, make_ledger, make_student


def test_the_file_is_noise_from_its_first_byte(ledger_path: Path) -> None:
    content = ledger_path.read_bytes()
    assert b"SQLite" not in content
    assert "江西示范技师学院".encode() not in content
    assert len(set(content[:4096])) > 240
    assert content[:16].hex() in keys_path(ledger_path).read_text("utf-8")


def test_a_wrong_passphrase_is_refused_and_tells_nothing(ledger_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        LedgerFile.open(ledger_path, passphrase="鄱阳湖-2024")
    assert caught.value.message == "口令不对，台账没有打开。"
    assert not ledger_path.with_name(ledger_path.name + "-lock").exists()


def test_a_missing_key_file_is_taken_from_this_pcs_copy(tmp_path: Path) -> None:
    path = tmp_path / "台账.skillsaid"
    make_ledger(path).close(backup=False)
    keys_path(path).unlink()
    LedgerFile.open(path, passphrase=PASSPHRASE).close(backup=False)


def test_without_any_key_file_only_the_recovery_code_opens(tmp_path: Path) -> None:
    path = tmp_path / "台账.skillsaid"
    ledger_file, code = LedgerFile.create(
        path, passphrase="旧口令", settings={}, policy_text="", policy_name="jiangxi"
    )
    ledger_file.close(backup=False)
    keys_path(path).unlink()
    local_keys_path(ledger_file.ledger_id).unlink()
    with pytest.raises(UserError, match=r"找不到密钥文件“台账.skillsaid-keys”.*恢复码"):
        LedgerFile.open(path, passphrase="旧口令")
    opened = LedgerFile.open(path, recovery_code=code.lower().replace("-", " "))
    opened.set_passphrase("新口令")
    opened.close(backup=False)
    LedgerFile.open(path, passphrase="新口令").close(backup=False)


def test_a_damaged_key_file_says_so(ledger_path: Path) -> None:
    keys_path(ledger_path).write_text("{}", "utf-8")
    with pytest.raises(UserError, match=r"密钥文件“台账.skillsaid-keys”已损坏"):
        LedgerFile.open(ledger_path, passphrase=PASSPHRASE)


def test_changing_the_passphrase_shuts_the_old_one_out(ledger_file: LedgerFile) -> None:
    with pytest.raises(UserError, match="口令不对"):
        ledger_file.change_passphrase("猜的", "新口令")
    ledger_file.change_passphrase(PASSPHRASE, "新口令")
    ledger_file.close(backup=False)
    with pytest.raises(UserError, match="口令不对"):
        LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
    LedgerFile.open(ledger_file.path, passphrase="新口令").close(backup=False)


def test_renewing_the_recovery_code_changes_the_key_and_keeps_the_rows(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    code = ledger_file.renew_recovery_code(PASSPHRASE)
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    ledger_file.close(backup=False)
    for passphrase, recovery_code in ((PASSPHRASE, None), (None, code)):
        opened = LedgerFile.open(ledger_file.path, passphrase=passphrase, recovery_code=recovery_code)
        with opened.reading() as reading:
            assert reading.scalar("SELECT count(*) FROM student") == 2
        opened.close(backup=False)


def test_who_reads_while_the_key_changes_waits_and_never_meets_a_damaged_file(
    ledger_file: LedgerFile,
) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    troubles: list[Exception] = []
    read = 0
    is_over = threading.Event()

    def look() -> None:
        nonlocal read
        while not is_over.is_set():
            try:
                with ledger_file.reading() as reading:
                    assert reading.scalar("SELECT count(*) FROM student") == 1
                    ledger_file.history(limit=1)  # a reading within a reading
                read += 1
            except (UserError, DBAPIError) as error:
                troubles.append(error)

    window = threading.Thread(target=look)
    window.start()
    try:
        for _ in range(8):
            ledger_file.renew_recovery_code(PASSPHRASE)
    finally:
        is_over.set()
        window.join()
    assert read
    assert troubles == []


@given(key=st.binary(min_size=32, max_size=32))
def test_a_recovery_code_gives_its_key_back(key: bytes) -> None:
    code = write_code(key)
    assert read_code(code) == key
    assert len(code.replace("-", "")) == 56


@given(key=st.binary(min_size=32, max_size=32), place=st.integers(0, 51), letter=st.sampled_from(ALPHABET))
def test_a_mistyped_letter_is_found_in_its_group(key: bytes, place: int, letter: str) -> None:
    letters = list(write_code(key).replace("-", ""))
    if letters[place] == letter:
        return
    letters[place] = letter
    with pytest.raises(UserError, match=f"第 {place // 4 + 1} 组"):
        read_code("".join(letters))


def test_a_confusable_letter_is_named_with_its_group() -> None:
    groups = write_code(secrets.token_bytes(32)).split("-")
    groups[4] = "0" + groups[4][1:]
    with pytest.raises(UserError, match=r"第 5 组.*有“0”"):
        read_code("-".join(groups))
    with pytest.raises(UserError, match="应有 14 组"):
        read_code("-".join(groups[:4]))
