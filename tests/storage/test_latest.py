"""What was worked out from a ledger is worked out once for each state of it."""

import threading
from datetime import date

import pytest

from skillsaid_desktop.errors import Cancelled
from skillsaid_desktop.storage import LedgerFile, Reading
from tests.factories import make_student


class Counted:
    """Counts the students, and how often it was asked to."""

    def __init__(self, ledger_file: LedgerFile) -> None:
        self.ledger_file = ledger_file
        self.times = 0

    def of(self, reading: Reading, about: object = "") -> int:
        def work() -> int:
            self.times += 1
            return int(reading.scalar("SELECT count(*) FROM student"))

        return reading.once("students", about, work)

    def now(self, about: object = "") -> int:
        with self.ledger_file.reading() as reading:
            return self.of(reading, about)


def test_it_is_worked_out_anew_after_each_operation_undo_too(ledger_file: LedgerFile) -> None:
    counted = Counted(ledger_file)
    assert [counted.now(), counted.now()] == [0, 0]
    assert counted.times == 1
    with ledger_file.operation("新增") as uow:
        make_student(uow)
    assert [counted.now(), counted.now()] == [1, 1]
    assert counted.times == 2
    ledger_file.undo()
    assert counted.now() == 0
    assert counted.times == 3


def test_another_question_is_another_answer(ledger_file: LedgerFile) -> None:
    counted = Counted(ledger_file)
    counted.now(date(2025, 11, 20))
    counted.now(date(2025, 11, 21))
    assert counted.times == 2


def test_what_an_operation_has_not_committed_is_never_kept(ledger_file: LedgerFile) -> None:
    counted = Counted(ledger_file)

    def give_up() -> None:
        with ledger_file.operation("新增") as uow:
            make_student(uow)
            assert counted.of(uow) == 1
            raise Cancelled

    with pytest.raises(Cancelled):
        give_up()
    assert counted.now() == 0


def test_a_view_from_before_a_change_is_answered_as_it_was(ledger_file: LedgerFile) -> None:
    counted = Counted(ledger_file)
    with ledger_file.reading() as before:
        before.scalar("SELECT 1 FROM student")
        with ledger_file.operation("新增") as uow:
            make_student(uow)
        assert counted.now() == 1
        assert counted.of(before) == 0
    assert counted.now() == 1


def test_two_who_ask_at_once_wait_for_one_answer(ledger_file: LedgerFile) -> None:
    begun, go_on = threading.Event(), threading.Event()
    found: list[object] = []

    def slow() -> object:
        begun.set()
        assert go_on.wait(20)
        return object()

    def ask() -> None:
        with ledger_file.reading() as reading:
            found.append(reading.once("slow", "", slow))

    asking = [threading.Thread(target=ask) for _ in range(2)]
    asking[0].start()
    assert begun.wait(20)
    asking[1].start()
    go_on.set()
    for one in asking:
        one.join(20)
    assert len(found) == 2
    assert found[0] is found[1]


def test_what_was_stopped_is_asked_again(ledger_file: LedgerFile) -> None:
    def stopped() -> int:
        raise Cancelled

    with ledger_file.reading() as reading:
        with pytest.raises(Cancelled):
            reading.once("students", "", stopped)
        assert reading.once("students", "", lambda: 7) == 7
