"""`skillsaid --selftest OUT.json`: does everything that freezing could have broken still work on this machine?

Each step does real work in a temporary folder; the result is {"steps": {step: "ok" or the error}, "passed": bool}.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from skillsaid_desktop import __version__, clock
from skillsaid_desktop.errors import UserError

if TYPE_CHECKING:
    from skillsaid_desktop.documents import Document

_PASSPHRASE = "自检口令"
_RARE = ("李𠅤明", "钟𬭎", "古丽·阿依", "𰻝小")
_MONTH = "2025-10"


def run_selftest(out: Path | None) -> int:
    """Run every step, write the result to `out` or print it, and return 0 if all passed."""
    results: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="skillsaid-自检 ") as name, _apart(Path(name)):
        test = _Selftest(Path(name))
        for step, work in test.steps():
            try:
                work()
                results[step] = "ok"
            except Exception as error:  # what fails, and how, is the result of this program
                place = traceback.format_exc(limit=-3) if not isinstance(error, UserError) else str(error)
                results[step] = place
    passed = all(result == "ok" for result in results.values())
    report = {
        "program": __version__,
        "python": sys.version.split()[0],
        "frozen": bool(getattr(sys, "frozen", False)),
        "steps": results,
        "passed": passed,
    }
    text = json.dumps(report, ensure_ascii=False, indent=1)
    if out is None:
        print(text)
    else:
        out.write_text(text + "\n", "utf-8")
    return 0 if passed else 1


@contextmanager
def _apart(folder: Path) -> Iterator[None]:
    """Keep the test away from the user's own data folder, and Qt away from the screen."""
    changed = {"SKILLSAID_DATA": str(folder / "data"), "QT_QPA_PLATFORM": "offscreen"}
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Selftest:
    """The steps, in order; each builds on what the ones before left in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "自检.skillsaid"

    def steps(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        """Return what is tried, by name."""
        return (
            ("policy", self.policy),
            ("encrypted ledger", self.encrypted_ledger),
            ("migration", self.migration),
            ("fonts", self.fonts),
            ("xlsx", self.xlsx),
            ("pdf with rare names", self.pdf),
            ("child-process reading", self.child_reading),
            ("child-process pictures", self.child_pictures),
            ("import, undo, close", self.import_and_close),
            ("backup and restore", self.backup),
            ("sample school", self.sample_school),
            ("window parts", self.window),
        )

    def policy(self) -> None:
        """Load the policy that comes with the program."""
        from skillsaid_desktop.policy.policy import default_policy_text, load_policy

        assert load_policy(default_policy_text(), "jiangxi").categories

    def encrypted_ledger(self) -> None:
        """Make a ledger, see that it is noise, open it again, and see a wrong passphrase refused."""
        from skillsaid_desktop.policy.policy import default_policy_text
        from skillsaid_desktop.storage import LedgerFile

        opened, code = LedgerFile.create(
            self.ledger,
            passphrase=_PASSPHRASE,
            settings={"school_name": "自检学校", "cutoff_day": 25, "first_month": _MONTH},
            policy_text=default_policy_text(),
            policy_name="jiangxi",
        )
        opened.close(backup=False)
        assert b"SQLite" not in self.ledger.read_bytes()
        LedgerFile.open(self.ledger, recovery_code=code).close(backup=False)
        try:
            LedgerFile.open(self.ledger, passphrase="猜的").close(backup=False)
        except UserError:
            return
        raise AssertionError("a wrong passphrase opened the ledger")

    def migration(self) -> None:
        """See that the migration scripts came along and made the newest schema."""
        from skillsaid_desktop.storage import LedgerFile, migration

        opened = LedgerFile.open(self.ledger, passphrase=_PASSPHRASE)
        with opened.reading() as reading:
            assert reading.scalar("SELECT version_num FROM alembic_version") == migration.HEAD
        opened.close(backup=False)

    def fonts(self) -> None:
        """Load the bundled fonts."""
        from skillsaid_desktop.exporters.pdf_fonts import body_face, bold_face

        body_face()
        bold_face()

    def xlsx(self) -> None:
        """Write a paper as a workbook and see that a formula stayed text."""
        import openpyxl

        from skillsaid_desktop.exporters import EXPORTERS

        path = self.folder / "表.xlsx"
        EXPORTERS["xlsx"].write(_paper(), path)
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        found = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
        assert "=1+1" in found
        assert _RARE[0] in found

    def pdf(self) -> None:
        """Write rare names as PDF and read them back as a person would copy them."""
        from PySide6.QtPdf import QPdfDocument

        from skillsaid_desktop.exporters import EXPORTERS

        path = self.folder / "表.pdf"
        issues = EXPORTERS["pdf"].write(_paper(), path)
        document = QPdfDocument()
        assert document.load(str(path)) == QPdfDocument.Error.None_
        text = document.getAllText(0).text()
        document.close()
        missing = [name for name in _RARE if name not in text]
        assert not missing, f"missing {missing}; {[issue.message for issue in issues]}"

    def child_reading(self) -> None:
        """Read a workbook in the child process."""
        from skillsaid_desktop.importers import read_workbook

        book = read_workbook(self.folder / "表.xlsx")
        cells = [str(value) for row in book.sheets[0].rows for value in row.cells]
        assert _RARE[0] in cells

    def child_pictures(self) -> None:
        """Draw a paper in the child process."""
        from PySide6.QtGui import QImage

        from skillsaid_desktop.progress import SilentProgress
        from skillsaid_desktop.ui.thumbnails import PictureChild

        with PictureChild() as child:
            picture = child.draw("application/pdf", (self.folder / "表.pdf").read_bytes(), SilentProgress())
        assert not QImage.fromData(picture).isNull()

    def import_and_close(self) -> None:
        """Import a roster, take it back, bring it again, close the month."""
        from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no stubs

        from skillsaid_desktop.services.closing import close_month
        from skillsaid_desktop.services.intake import ImportOptions, apply_import, preview_import
        from skillsaid_desktop.storage import LedgerFile

        roster = self.folder / "学籍 2025-10.xlsx"
        with Workbook(roster) as book:
            sheet = book.add_worksheet("在籍")
            sheet.write_row(0, 0, ["姓名", "身份证号", "性别", "班级", "专业", "培养层次", "入学日期"])
            sheet.write_row(
                1, 0, ["刘志豪", "360731200806204952", "男", "机电2301", "机电技术", "中级工", "2023-09-01"]
            )
        opened = LedgerFile.open(self.ledger, passphrase=_PASSPHRASE)
        try:
            with clock.pretending(date(2025, 10, 24)):
                preview = preview_import(
                    opened, "students", [roster], ImportOptions(as_of=date(2025, 10, 20))
                )
                result = apply_import(opened, preview)
                assert result.operation_id is not None, preview.as_json()
                opened.undo()
                opened.redo()
                close_month(opened, _MONTH, {})
            assert opened.verify().is_whole
        finally:
            opened.close(backup=False)

    def backup(self) -> None:
        """Back up, verify, restore."""
        from skillsaid_desktop.storage import LedgerFile, restore, verify_file

        opened = LedgerFile.open(self.ledger, passphrase=_PASSPHRASE)
        try:
            report = opened.backup(self.folder / "优盘")
        finally:
            opened.close(backup=False)
        assert verify_file(report.path, passphrase=_PASSPHRASE).is_whole
        assert restore(report.path, self.folder / "恢复.skillsaid", passphrase=_PASSPHRASE).is_whole

    def sample_school(self) -> None:
        """Make the sample school, fourteen months of it, and its last closed month's papers."""
        from skillsaid_desktop.services.sample_school import export_sample_month, make_sample_school

        sample = make_sample_school(self.folder / "示例")
        assert export_sample_month(sample, self.folder / "示例")

    def window(self) -> None:
        """Start Qt and find icons and style."""
        from PySide6.QtSvg import QSvgRenderer
        from PySide6.QtWidgets import QApplication

        from skillsaid_desktop.paths import resource_path

        application = QApplication.instance() or QApplication([])
        assert application is not None
        assert QSvgRenderer(str(resource_path("icons/skillsaid.svg"))).isValid()
        assert resource_path("theme/window.qss").is_file()


def _paper() -> "Document":
    from skillsaid_desktop.documents import Document, PageSetup, Table, TableColumn, TableRow
    from skillsaid_desktop.schema import Name, Text

    columns = (
        TableColumn(headings=("姓名",), type=Name(), width=6),
        TableColumn(headings=("备注",), type=Text(), width=12),
    )
    rows = [TableRow(values=(name, "=1+1"), about=name) for name in _RARE]
    return Document(
        title="自检名单", file_name="自检名单", page=PageSetup(), blocks=(Table(columns=columns, rows=rows),)
    )
