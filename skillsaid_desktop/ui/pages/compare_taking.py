"""Taking over from a roster: what would be written, and where ledger and roster differ, which of the two holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.household_precedence import Conflict, ConflictKey
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.taking_over import TakingOver
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.dialog import Dialog
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line

SHOWN_UNUSABLE = 3
COLUMNS = (
    Column(title="用名册的", width=72),
    Column(title="哪一户、谁", width=230),
    Column(title="哪一项", width=110),
    Column(title="台账里", width=190),
    Column(title="名册里", width=190, stretches=True),
)
_NUMBERS = frozenset({"document_number", "head_document_number", "phone"})

Plan = Callable[[frozenset[ConflictKey]], TakingOver]
"""Says what taking over would write if the roster is believed in these facts."""


@dataclass(frozen=True)
class Decision:
    """What somebody decided: the facts in which the roster is believed, and why a closed month is touched."""

    taken: frozenset[ConflictKey] = frozenset()
    correction: str = ""


def decide(
    session: Session, parent: QWidget | None, title: str, plan: Plan, *, asks_first: bool = True
) -> Decision | None:
    """Show what would be written and ask what is to be asked; None gives up.

    `asks_first`: also where nothing contradicts and no reason is needed.
    """
    planned = plan(frozenset())
    taken: frozenset[ConflictKey] = frozenset()
    if planned.conflicts:
        dialog = TakingOverDialog(parent, title, plan)
        if not session.prompts.run(dialog):
            return None
        taken = frozenset(dialog.taken)
    elif asks_first and not session.prompts.ask(
        title, sentence_of(planned), act=title, safe=tr("先不登记"), detail=tr("可以一步撤销。")
    ):
        return None
    if not planned.late:
        return Decision(taken)
    reason = session.prompts.ask_text(
        tr("会动到已封账的月份"),
        f"{'、'.join(planned.late[:5])}的类别从已报送的月份就开始。"
        "已报出的数字不变，差别列为本月更正。请写原因。",
        label=tr("更正原因"),
        act=tr("记下原因"),
        safe=tr("先不登记"),
    )
    return Decision(taken, reason) if reason is not None else None


def sentence_of(planned: TakingOver) -> str:
    """Say what would be written, and which households can not be."""
    text = f"{planned.sentence}。" if planned.sentence else tr("没有要登记、要补充的。")
    if planned.unusable:
        shown = "；".join(planned.unusable[:SHOWN_UNUSABLE])
        text += f"\n有 {len(planned.unusable)} 户这次不动：{shown}。"
    return text


class TakingOverDialog(Dialog):
    """The facts that ledger and roster tell differently, each to be ticked; unticked, the ledger's stays."""

    def __init__(self, parent: QWidget | None, title: str, plan: Plan) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("按名册登记"))
        self._plan = plan
        self.taken: set[ConflictKey] = set()
        self.conflicts: Sequence[Conflict] = plan(frozenset()).conflicts
        self.sentence = Label(tone="text2", wraps=True)
        note = Label(
            f"有 {len(self.conflicts)} 项台账里写的和名册不一样。勾上的用名册的，不勾的台账不动；空着的都补上。",
            wraps=True,
        )
        head = QVBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 16, PAGE_MARGIN, 10)
        head.setSpacing(8)
        head.addWidget(Label(title, role="section2", wraps=True))
        head.addWidget(self.sentence)
        head.addWidget(note)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(Button(tr("都用名册的"), self.take_all))
        acts.addWidget(Button(tr("都留台账的"), self.keep_all))
        acts.addStretch(1)
        head.addLayout(acts)
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self.toggle)
        footer = FooterBar(tr("登记后可以一步撤销（Ctrl+Z）"))
        footer.add(Button(tr("先不登记"), self.reject))
        self.act = Button(tr("按名册登记"), self.accept, kind="main")
        self.act.setDefault(True)
        footer.add(self.act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line())
        layout.addWidget(self.table, 1)
        layout.addWidget(footer)
        room = parent.height() - 40 if parent is not None else 560
        self.resize(min(820, parent.width() - 40 if parent is not None else 820), min(560, room))
        self.table.set_rows([self._cells(each) for each in self.conflicts])
        self._say()

    def toggle(self, at: int) -> None:
        """Believe the roster in one fact, or the ledger again."""
        if 0 <= at < len(self.conflicts):
            self.taken ^= {self.conflicts[at].key}
            self.table.set_row(at, self._cells(self.conflicts[at]))
            self._say()

    def take_all(self) -> None:
        """Believe the roster in everything that is in sight."""
        self._set(self.taken | self._in_sight())

    def keep_all(self) -> None:
        """Leave everything in sight as the ledger has it."""
        self._set(self.taken - self._in_sight())

    def _in_sight(self) -> set[ConflictKey]:
        return {self.conflicts[at].key for at in self.table.shown_rows()}

    def _set(self, taken: set[ConflictKey]) -> None:
        self.taken = taken
        self.table.set_rows([self._cells(each) for each in self.conflicts])
        self._say()

    def _say(self) -> None:
        planned = self._plan(frozenset(self.taken))
        self.sentence.setText(sentence_of(planned))
        self.act.setEnabled(not planned.is_empty)

    def _cells(self, conflict: Conflict) -> Row:
        is_taken = conflict.key in self.taken
        before, after = conflict.before, conflict.after
        if conflict.key[2] in _NUMBERS:
            before, after = mask_number(before), _other_number(before, after)
        return (
            Cell(ticked=is_taken), Cell(conflict.who), Cell(conflict.title, "text2"),
            Cell(before, "text3" if is_taken else "text"), Cell(after, "text" if is_taken else "text3"),
        )  # fmt: skip


def _other_number(before: str, after: str) -> str:
    """Return a masked number and, where the mask hides it, at which place it differs."""
    places = [at for at, (one, other) in enumerate(zip(before, after, strict=False), 1) if one != other]
    told = f"（第 {'、'.join(map(str, places[:3]))} 位不同）" if places and len(places) <= 3 else ""
    return mask_number(after) + told
