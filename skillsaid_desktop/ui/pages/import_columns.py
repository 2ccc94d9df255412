"""认列: what each column of a file is taken for and why, beside its first rows; changed by drop-down, kept for next time."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.importers import Layout, LayoutColumn, Why
from skillsaid_desktop.importers.date_habits import YEAR, DateHabit
from skillsaid_desktop.importers.layout import DATES, EXTRA, IGNORED, REASON
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.schema import Privacy
from skillsaid_desktop.schema.date_order import ORDERS
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.schema.texts import raw_text
from skillsaid_desktop.services.intake import ImportPreview
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.notices import Strip
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

_SAMPLES = 5
_FIELD_AT = 2
_MOST_DAYS = 4
"""Questions about days that are in sight at once."""
COLUMNS = (
    Column(title="列", width=52),
    Column(title="表头", width=150),
    Column(title="认作", width=176),
    Column(title="依据", width=100),
    *(Column(title=f"第 {at} 行内容", width=132) for at in range(1, _SAMPLES + 1)),
)


class QuietCombo(QComboBox):
    """A drop-down in a table: the wheel scrolls the table and never changes the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ColumnsPane(QWidget):
    """Shows the layouts of an import, one at a time; `choices` is what was agreed to."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ledger: Ledger | None = None
        self._layouts: list[Layout] = []
        self._habits: dict[str, tuple[DateHabit, ...]] = {}
        self._chosen: dict[str, dict[str, str]] = {}
        self._touched: set[tuple[str, str]] = set()
        self._open: set[str] = set()
        self._at = 0
        self.strip = Strip("information", "")
        self.sheets = QComboBox()
        self.sheets.setAccessibleName(tr("哪一种表"))
        self.sheets.currentIndexChanged.connect(self.show_layout)
        self._which = Label(tr("这些表的列不一样，一种一种看："))
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 8)
        bar.setSpacing(8)
        bar.addWidget(self._which)
        bar.addWidget(self.sheets, 1)
        self.table = RowTable(COLUMNS, fixed=True)
        self.table.verticalHeader().setDefaultSectionSize(
            max(36, self.table.verticalHeader().defaultSectionSize() + 6)
        )
        self.combos: list[QuietCombo] = []
        self.days = QWidget()
        set_ground(self.days, "sunken")
        self._days = QVBoxLayout(self.days)
        self._days.setContentsMargins(PAGE_MARGIN, 10, PAGE_MARGIN, 10)
        self._days.setSpacing(8)
        self.day_combos: dict[str, QuietCombo] = {}
        self._days_area = QScrollArea()
        self._days_area.setWidgetResizable(True)
        self._days_area.setWidget(self.days)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self._bar)
        layout.addWidget(Line())
        layout.addWidget(self.table, 1)
        layout.addWidget(Line())
        layout.addWidget(self._days_area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._share_room)

    def _share_room(self) -> None:
        """Give the samples what room there is."""
        first = len(COLUMNS) - _SAMPLES
        left = self.table.viewport().width() - sum(self.table.columnWidth(at) for at in range(first))
        for at in range(first, len(COLUMNS)):
            self.table.setColumnWidth(at, max(COLUMNS[at].width, left // _SAMPLES))

    def show_preview(self, preview: ImportPreview) -> None:
        """Show the layouts of these files, each once; those that ask first."""
        self._ledger = preview.ledger
        found: dict[str, Layout] = {}
        names: dict[str, list[str]] = {}
        self._habits, self._chosen, self._open = {}, {}, set()
        for source in preview.files:
            for layout, habits in zip(source.layouts, source.habits, strict=True):
                found.setdefault(layout.fingerprint, layout)
                names.setdefault(layout.fingerprint, []).append(f"{source.name}　{layout.sheet}")
                known = {each.field for each in self._habits.get(layout.fingerprint, ())}
                self._habits[layout.fingerprint] = (
                    *self._habits.get(layout.fingerprint, ()),
                    *(each for each in habits if each.field not in known),
                )
                before = dict(source.choice(layout))
                agreed = layout.chosen()
                agreed |= {key: name for key, name in before.items() if key.startswith(DATES)}
                questions = [key for each in habits for key in each.questions]
                if any(key not in before for key in questions):
                    self._open.add(layout.fingerprint)
                agreed = {**dict.fromkeys(questions, ""), **agreed}
                self._chosen[layout.fingerprint] = {**self._chosen.get(layout.fingerprint, {}), **agreed}
        self._layouts = sorted(found.values(), key=lambda each: not self._asks(each))
        self._touched = set()
        with QSignalBlocker(self.sheets):
            self.sheets.clear()
            for each in self._layouts:
                some = names[each.fingerprint]
                more = f"　等 {len(some)} 张表" if len(some) > 1 else ""
                asks = tr("　要看一下") if self._asks(each) else ""
                self.sheets.addItem(f"{some[0]}{more}{asks}")
        self._bar.setVisible(len(self._layouts) > 1)
        self.show_layout(0)

    def choices(self) -> dict[str, dict[str, str]]:
        """Return what every column of every layout is taken for, as it is shown now."""
        return {fingerprint: dict(columns) for fingerprint, columns in self._chosen.items()}

    def missing(self) -> list[str]:
        """Return the titles of required fields that no column of the shown layout is taken for."""
        if self._ledger is None or not self._layouts:
            return []
        taken = set(self._now().values())
        could = {*self._layout().missing, *(each.field for each in self._layout().columns)}
        return [
            each.title
            for each in self._ledger.importable
            if each.required and each.name in could and each.name not in taken
        ]

    # One layout

    def show_layout(self, at: int) -> None:
        """Show one of the layouts."""
        if not 0 <= at < len(self._layouts):
            return
        self._at = at
        layout = self._layout()
        self.table.set_rows([self._row(each) for each in layout.columns])
        self.combos = []
        for row, column in enumerate(layout.columns):
            combo = self._combo(column)
            self.table.setIndexWidget(self.table.rows_model.index(row, _FIELD_AT), combo)
            self.combos.append(combo)
        self._show_days(self._habits.get(layout.fingerprint, ()))
        self._show_words()

    def choose(self, row: int, field: str) -> None:
        """Take the column in this row for a field ("" not read, "+" kept as an extra column)."""
        layout = self._layout()
        now = self._now()
        if field not in (IGNORED, EXTRA):
            for at, other in enumerate(layout.columns):
                if at != row and now.get(other.key) == field:
                    now[other.key] = IGNORED
                    self._touched.add((layout.fingerprint, other.key))
                    self._set_combo(at, IGNORED)
        key = layout.columns[row].key
        now[key] = field
        self._touched.add((layout.fingerprint, key))
        self._set_combo(row, field)
        for at, column in enumerate(layout.columns):
            self.table.set_row(at, self._row(column))
        self._show_words()
        self.changed.emit()

    def _layout(self) -> Layout:
        return self._layouts[self._at]

    def _now(self) -> dict[str, str]:
        return self._chosen[self._layout().fingerprint]

    def _asks(self, layout: Layout) -> bool:
        return layout.is_asking or layout.fingerprint in self._open

    def _row(self, column: LayoutColumn) -> tuple[Cell, ...]:
        layout = self._layout()
        field = self._now().get(column.key, IGNORED)
        is_mine = (layout.fingerprint, column.key) in self._touched
        weight = ""
        if not is_mine and (column.why in (Why.SIMILAR, Why.VALUES) or column in layout.unknown):
            weight = "explain"
        if not is_mine and (column.field in layout.twice or self._is_second(column)):
            weight = "explain"
        why = (
            tr("您选的") if is_mine else str(column.why or (tr("不认识") if column in layout.unknown else ""))
        )
        if not is_mine and weight and (column.field in layout.twice or self._is_second(column)):
            why = tr("两列同名")
        private = self._is_number(field)
        samples = [self._sample(value, private) for value in column.samples[:_SAMPLES]]
        samples += [""] * (_SAMPLES - len(samples))
        return (
            Cell(column.letter, "text2"), Cell(column.heading or tr("（没有表头）"), "text" if column.heading else "text3"),
            Cell(), Cell(why, "text2", weight=weight), *(Cell(text, "text2") for text in samples),
        )  # fmt: skip

    def _is_second(self, column: LayoutColumn) -> bool:
        return "#" in column.key and column.key.rsplit("#", 1)[0] in {
            each.key for each in self._layout().columns if each.field in self._layout().twice
        }

    def _is_number(self, field: str) -> bool:
        if self._ledger is None or field in (IGNORED, EXTRA, REASON):
            return False
        # Our own sheets carry a column that the ledger has not: the last four digits.
        return any(each.name == field and each.privacy is Privacy.NUMBER for each in self._ledger.importable)

    @staticmethod
    def _sample(value: object, private: bool) -> str:
        text = raw_text(value)  # type: ignore[arg-type]
        return mask_number(text) if private else mask_words(" ".join(text.split()))

    def _combo(self, column: LayoutColumn) -> QuietCombo:
        combo = QuietCombo()
        combo.setAccessibleName(f"{column.letter} 列 {column.heading} 认作")
        combo.setMaxVisibleItems(18)
        combo.addItem(tr("不读"), IGNORED)
        combo.addItem(tr("另存为额外的列"), EXTRA)
        if column.field == REASON:
            combo.addItem(tr("问题表的原因，不读"), REASON)
        combo.insertSeparator(combo.count())
        assert self._ledger is not None
        for field in self._ledger.importable:
            combo.addItem(field.title + (tr("（必填）") if field.required else ""), field.name)
        combo.setCurrentIndex(combo.findData(self._now().get(column.key, IGNORED)))
        row = self._layout().columns.index(column)
        combo.activated.connect(lambda at, row=row, combo=combo: self.choose(row, str(combo.itemData(at))))
        return combo

    def _set_combo(self, row: int, field: str) -> None:
        combo = self.combos[row]
        with QSignalBlocker(combo):
            combo.setCurrentIndex(combo.findData(field))

    # Days

    def _show_days(self, habits: Sequence[DateHabit]) -> None:
        while self._days.count():
            item = self._days.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.day_combos = {}
        for habit in habits:
            if habit.is_asking:
                told = "、".join(habit.examples)
                options = [(order, f"{ORDERS[order]}：{habit.example(order)}") for order in habit.orders]
                self._add_day(
                    DATES + habit.field, f"{habit.letter} 列“{habit.title}”写作 {told}，哪个是月？", options
                )
            elif habit.orders:
                words = f"{habit.letter} 列“{habit.title}”按{ORDERS[habit.orders[0]]}读：{habit.example(habit.orders[0])}"
                self._days.addWidget(Label(words, tone="text2", wraps=True))
            if habit.count_without_year:
                told = "、".join(habit.without_year)
                text = f"{habit.letter} 列“{habit.title}”有 {habit.count_without_year} 格没写年份（{told}），是哪一年？"
                self._add_day(DATES + habit.field + YEAR, text, [(each, f"{each} 年") for each in _years()])
        rows = self._days.count()
        self._days_area.setVisible(rows > 0)
        self._days.activate()
        self._days_area.setFixedHeight(min(_MOST_DAYS, rows) * 40 + 20)

    def _add_day(self, key: str, text: str, options: Sequence[tuple[str, str]]) -> None:
        combo = QuietCombo()
        combo.setAccessibleName(text)
        combo.addItem(tr("还没有定，这些行留到待处理"), "")
        for value, words in options:
            combo.addItem(words, value)
        combo.setCurrentIndex(max(0, combo.findData(self._now().get(key, ""))))
        combo.activated.connect(partial(self._on_day, key, combo))
        self.day_combos[key] = combo
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(Label(text, wraps=True), 1)
        line.addWidget(combo, 1)
        self._days.addWidget(row)

    def _on_day(self, key: str, combo: QComboBox, at: int) -> None:
        self._now()[key] = str(combo.itemData(at))
        self._show_words()
        self.changed.emit()

    def _show_words(self) -> None:
        layout = self._layout()
        parts = []
        missing = self.missing()
        if missing:
            parts.append(
                f"没有找到必填的列：{'、'.join(missing)}。有就在下面指出来；没有，缺的行会留在待处理。"
            )
        if not layout.has_headings:
            parts.append(tr("这张表没有表头，是看内容认的，请核对。"))
        twice = [each for each in layout.twice if self._ledger is not None]
        if twice and self._ledger is not None and not self._touched:
            names = "、".join(self._ledger.column(each).title for each in twice)
            parts.append(f"“{names}”各有两列，请看哪一列说的是学生本人。")
        if layout.guessed and not layout.is_settled:
            parts.append(f"{len(layout.guessed)} 列不是按表头认出的，请核对。")
        open_unknown = [
            each for each in layout.unknown if (layout.fingerprint, each.key) not in self._touched
        ]
        if open_unknown:
            parts.append(f"{len(open_unknown)} 列不认识，现在不读；要留着，就选“另存为额外的列”。")
        open_days = [key for key, combo in self.day_combos.items() if not combo.currentData()]
        if open_days:
            parts.append(f"日期有 {len(open_days)} 处要您定，在下面。")
        if parts:
            self.strip.say("attention", "".join(parts))
        elif layout.is_settled:
            self.strip.say("information", tr("这种表的列上次已经定好，照上次的读。"))
        else:
            self.strip.say("information", tr("每一列都认出来了。"))


def _years() -> tuple[str, str, str]:
    from skillsaid_desktop.clock import today

    return (str(today().year), str(today().year - 1), str(today().year + 1))
