"""The recovery code on screen and on paper, and typing two of its groups back."""

import random
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label

if TYPE_CHECKING:
    from skillsaid_desktop.documents import Document
    from skillsaid_desktop.ui.prompts import Prompts

COLUMNS = 5
PAPER_COLUMNS = 4


def code_font() -> QFont:
    """Return the font of the recovery code, in which 8 and B can be told apart."""
    font = QFont(theme.font("body"))
    font.setFamilies(["Consolas", "DejaVu Sans Mono", *font.families()])
    font.setPointSizeF(12)
    return font


class CodeGrid(QWidget):
    """The groups with their numbers in a grid of lines."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_code(self, code: str) -> None:
        """Show another code."""
        self.groups = tuple(code.split("-")) if code else ()
        self.setAccessibleName(tr("恢复码") + "，" + "，".join(self.groups))
        self.updateGeometry()
        self.update()

    def _line(self) -> int:
        return max(33, QFontMetrics(code_font()).height() + 12)

    def sizeHint(self) -> QSize:
        lines = -(-max(len(self.groups), 14) // COLUMNS)
        return QSize(480, self._line() * lines + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.rect().adjusted(0, 0, -1, -1)
        painter.fillRect(area, theme.color("sunken"))
        width, line = self.width() / COLUMNS, self._line()
        for at, group in enumerate(self.groups):
            cell = QRect(round(at % COLUMNS * width), at // COLUMNS * line, round(width), line)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text3"))
            middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(cell.adjusted(10, 0, 0, 0), middle, str(at + 1))
            painter.setFont(code_font())
            painter.setPen(theme.color("text"))
            painter.drawText(cell.adjusted(32, 0, 0, 0), middle, group)
        painter.setPen(QPen(theme.color("line2"), 0))
        for column in range(1, COLUMNS):
            painter.drawLine(round(column * width), 0, round(column * width), area.height())
        for row in range(1, area.height() // line):
            painter.drawLine(0, row * line, area.width(), row * line)
        painter.drawRect(area)
        painter.end()


class RecoverySheet(QWidget):
    """Shows a code, prints or saves it, and asks for two groups of what is on the paper."""

    changed = Signal()

    def __init__(self, prompts: "Prompts", school: str = "") -> None:
        super().__init__()
        self.prompts = prompts
        self.school = school
        self.code = ""
        self.asked = (3, 6)
        self.grid = CodeGrid()
        self._printed = Label(tone="good")
        self.fields = (QLineEdit(), QLineEdit())
        self._words = [Label(), Label()]
        self.note = Label(role="small", tone="text2", wraps=True)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(Button(tr("打印恢复码"), self.print_out, icon="print"))
        acts.addWidget(Button(tr("存成 PDF…"), self.save, icon="save"))
        acts.addWidget(self._printed)
        acts.addStretch(1)
        back = QHBoxLayout()
        back.setSpacing(8)
        for words, field in zip(self._words, self.fields, strict=True):
            field.setFont(code_font())
            field.setMaxLength(4)
            field.setFixedWidth(QFontMetrics(code_font()).horizontalAdvance("MMMM") + 34)
            field.textEdited.connect(self._on_edited)
            back.addWidget(words)
            back.addWidget(field)
        back.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.grid)
        layout.addLayout(acts)
        layout.addWidget(Label(tr("请锁进保险柜，不要存在这台电脑或手机里。"), role="small", tone="text2"))
        layout.addLayout(back)
        layout.addWidget(self.note)

    def set_code(self, code: str) -> None:
        """Show a code and ask for two of its groups."""
        self.code = code
        self.grid.set_code(code)
        first, second = sorted(random.SystemRandom().sample(range(1, len(self.grid.groups) + 1), 2))
        self.asked = (first, second)
        self._words[0].setText(f"照着纸上的，输入第 {first} 组")
        self._words[1].setText(f"和第 {second} 组")
        for at, field in zip(self.asked, self.fields, strict=True):
            field.clear()
            field.setAccessibleName(f"恢复码第 {at} 组")
        self._on_edited()

    @property
    def is_proved(self) -> bool:
        """Tell whether both groups were typed right."""
        return bool(self.code) and not self._missing()

    def _missing(self) -> str:
        for at, field in zip(self.asked, self.fields, strict=True):
            group = self.grid.groups[at - 1] if self.grid.groups else ""
            typed = field.text().strip().upper()
            if not group.startswith(typed):
                return f"第 {at} 组和上面的不一样，请对照纸上的。"
            if len(typed) < len(group):
                return f"第 {at} 组还差 {len(group) - len(typed)} 个字符。输对了就说明纸上的是对的。"
        return ""

    def _on_edited(self) -> None:
        words = self._missing()
        self.note.setText(words or tr("两组都对，纸上的可以用。"))
        self.note.set_tone("text2" if words else "good")
        self.changed.emit()

    # Paper

    def print_out(self) -> None:
        """Print the code on one page."""
        from skillsaid_desktop.exporters.pdf import render_pdf
        from skillsaid_desktop.ui.printing import print_pdf

        pdf = render_pdf(code_paper(self.code, self.school))
        if print_pdf(self, pdf.content, tr("恢复码")):
            self._printed.setText(tr("已打印 1 份"))

    def save(self) -> None:
        """Save the page as PDF, e.g. on a stick that goes into the safe."""
        from skillsaid_desktop.errors import UserError
        from skillsaid_desktop.exporters.pdf import write_pdf

        path = self.prompts.save_file(tr("存恢复码"), f"恢复码 {self.school}.pdf", "PDF (*.pdf)")
        if path is None:
            return
        try:
            write_pdf(code_paper(self.code, self.school), path)
        except UserError as error:
            self.prompts.error(error)
            return
        self._printed.setText(tr("已存好"))


def code_paper(code: str, school: str) -> "Document":
    """Return the page that goes into the safe."""
    from skillsaid_desktop.clock import today
    from skillsaid_desktop.documents import Document, Paragraph, Signatures, Table, TableColumn, TableRow
    from skillsaid_desktop.schema import Text

    groups = code.split("-")
    groups += [""] * (-len(groups) % PAPER_COLUMNS)
    rows = [
        TableRow(
            values=tuple(
                value
                for one in range(at, at + PAPER_COLUMNS)
                for value in ((str(one + 1) if groups[one] else ""), groups[one])
            )
        )
        for at in range(0, len(groups), PAPER_COLUMNS)
    ]
    number = TableColumn(headings=("第几组",), type=Text(), width=3, align="center")
    group = TableColumn(headings=("恢复码",), type=Text(), width=6, align="center")
    return Document(
        title="技能帮扶台账恢复码",
        file_name="恢复码",
        subtitle=school,
        blocks=(
            Paragraph(
                text="忘了口令、密钥文件丢了，只有它能打开台账。谁拿到它，谁就能打开台账：请锁进保险柜。"
            ),
            Table(
                columns=(number, group) * PAPER_COLUMNS,
                rows=rows,
                tall_rows=True,
                name="恢复码",
                text_size=15,
            ),
            Paragraph(
                text="怎么用：打开程序，在“打开台账”页点“忘了口令，用恢复码打开”，照着输入 14 组，再定一个新口令。"
                "只有数字 2—9 和除 I、O 以外的大写字母，大小写和横线都可以不管。"
            ),
            Paragraph(text="在“设置—口令和外观”里换过恢复码以后，这一张就打不开台账了，请销毁。"),
            Signatures(entries=(("打印日期", today().isoformat()), ("保管人", ""), ("放在哪里", ""))),
        ),
        mark="保密",
    )
