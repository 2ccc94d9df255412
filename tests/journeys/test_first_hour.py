"""The first hour (PRODUCT, journey 1): an empty machine, the school's roster and the county's as they came, compared."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers.comparison import OUTCOME_WORDS, Outcome
from skillsaid_desktop.ui.pages.compare_page import ComparePage
from skillsaid_desktop.ui.pages.households_page import HouseholdsPage
from skillsaid_desktop.ui.pages.import_page import PREVIEW, ImportPage
from skillsaid_desktop.ui.pages.roster_import_page import RosterImportPage
from skillsaid_desktop.ui.shell import Shell
from tests.journeys.conftest import WAIT_MS, make_school

SAMPLES = Path(__file__).parent.parent / "samples"


def test_the_first_hour(shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-10-08")
    main, session, _code = make_school(shell, qtbot, tmp_path / "台账")

    def idle() -> None:
        qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
        QApplication.processEvents()

    # The school's roster as it came; what can not be taken waits in 待处理.
    main.open_page("import", {"kind": "students", "files": [SAMPLES / "学籍系统导出 2025-09.xlsx"]})
    intake = main.page()
    assert isinstance(intake, ImportPage)
    idle()
    while intake.stack.currentIndex() != PREVIEW:
        intake.main_act()
        idle()
    assert intake.pane.tabs["new"].count == 454
    intake.main_act()
    idle()

    # The county's roster as it came; a look first, then one step.
    main.open_page("roster_import", {"files": [SAMPLES / "于都县脱贫户监测户花名册.xls"]})
    wizard = main.page()
    assert isinstance(wizard, RosterImportPage)
    idle()
    assert wizard.office.text() == "于都县"
    wizard.main_act()
    idle()
    compare = main.page()
    assert isinstance(compare, ComparePage)
    counts = {outcome: compare.tabs[outcome].count for outcome in OUTCOME_WORDS["poverty"]}
    assert counts[Outcome.PROBABLE] == 7
    assert counts[Outcome.ONLY_IN_POVERTY] == 6

    # Judged with the keyboard alone: each goes on to the next.
    compare.people.setFocus()
    for _ in range(7):
        qtbot.keyClick(compare.people, Qt.Key.Key_1)
    assert compare.tabs[Outcome.PROBABLE].count == 0
    compare.open_tab(Outcome.ONLY_IN_POVERTY)
    compare.main_act()
    assert compare.tabs[Outcome.ONLY_IN_POVERTY].count == 0

    # The dynamic ledger stands: six more targets, each with the register as its source; undo takes them back at once.
    def targets() -> int:
        with session.ledger_file.reading() as reading:
            return int(
                reading.scalar(
                    "SELECT count(*) FROM student_span WHERE is_target AND is_enrolled AND to_on = '9999-12-31'"
                )
            )

    after = targets()
    session.ledger_file.undo()
    assert targets() == after - 6
    session.ledger_file.redo()
    assert targets() == after

    # Everybody's household stands with its members, each under one head.
    compare.households_button.click()
    main.open_page("households")
    homes = main.page()
    assert isinstance(homes, HouseholdsPage)
    idle()
    assert len(homes.model.ids) > 40
    with session.ledger_file.reading() as reading:
        wrong = reading.scalar(
            "SELECT count(*) FROM household h WHERE (SELECT count(*) FROM household_member m"
            " WHERE m.household_id = h.id AND m.relation = '户主') <> 1"
        )
        assert wrong == 0
        assert reading.scalar("SELECT count(DISTINCT student_id) FROM household_member") >= len(
            homes.model.ids
        )
