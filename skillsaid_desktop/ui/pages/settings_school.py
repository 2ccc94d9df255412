"""设置—学校和统计月: names, contacts, paired counties with their dates, the cut-off day."""

from functools import partial
from typing import Any, NamedTuple

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from skillsaid_desktop.schema import Date
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.first_run_page import CUTOFFS
from skillsaid_desktop.ui.pages.settings_parts import Column
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button, IconButton
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.row_cells import ROW_HEIGHT
from skillsaid_desktop.ui.widgets.text import Label

TEXTS = (
    ("school_name", "学校全称", "和公章上的一样，印在每张报表上"),
    ("unit_head", "单位负责人", "报表最后一行，可以空着手签"),
    ("reviewer", "审核人", ""),
    ("preparer", "填表人", ""),
    ("phone", "联系电话", ""),
)


class Choice(NamedTuple):
    """A setting that is one of a few numbers: its key and section, what it is called, how a number is said, a note."""

    key: str
    section: str
    title: str
    numbers: tuple[int, ...]
    words: str
    note: str


CHOICES = (
    Choice(
        "contact_weeks", "一对一帮扶", "多久算逾期", (4, 5, 6, 8, 13), "{} 周",
        "校领导和学生超过这么久没有联系，就在“一对一帮扶”里亮出来，封账前要说明",
    ),
    Choice(
        "remind_days", "待办", "类别到期提醒", (7, 15, 30, 60, 90), "提前 {} 天", "身份类别快到期的，提前这么多天列进待办"
    ),
    Choice(
        "kept_rosters", "名册", "每个单位留", (3, 6, 12, 24), "最近 {} 份",
        "更早的只留来源和人数；类别、户和判定引用过的整份留着",
    ),
)  # fmt: skip


class SchoolTab(Column):
    """Each field is stored when it is left; a changed name or county is one step of undo."""

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__()
        self.session = session
        self._page = page
        self.fields: dict[str, QLineEdit] = {}
        self.add_section(tr("学校"), tr("离开一格就存好，可以撤销"))
        for key, words, note in TEXTS:
            field = QLineEdit()
            field.editingFinished.connect(partial(self._on_text, key, words))
            self.fields[key] = field
            self.add_row(tr(words), field, tr(note), width=340)
        self.add_section(tr("统计月"))
        self.cutoff = QComboBox()
        for words, day in CUTOFFS:
            self.cutoff.addItem(words, day)
        self.cutoff.activated.connect(self._on_cutoff)
        self._period = Label(tone="text2")
        self.add_row(tr("每月截止日"), self.cutoff, self._period, width=160)
        self._first = Label()
        self.add_row(tr("第一个月"), self._first, tr("建台账时定的，不能改；之前的事只作历史"), width=160)
        self.choices: dict[str, QComboBox] = {}
        for choice in CHOICES:
            combo = QComboBox()
            combo.setAccessibleName(tr(choice.title))
            combo.activated.connect(partial(self._on_choice, choice))
            self.choices[choice.key] = combo
            self.add_section(tr(choice.section))
            self.add_row(tr(choice.title), combo, tr(choice.note), width=160)
        self.add_section(tr("对口贫困县"), tr("没有写日期的一头不限；户籍在这些县的帮扶对象另计一行"))
        self._counties = QWidget()
        self._county_rows: list[tuple[QLineEdit, QLineEdit, QLineEdit]] = []
        self.add_widget(self._counties)
        self.add_button = Button(tr("加一个县"), self.add_county, icon="add")
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self._holder = self.column.indexOf(self._counties)
        self.end()
        self._values: dict[str, Any] = {}

    def reload(self) -> None:
        """Read the settings anew."""
        with self.session.ledger_file.reading() as reading:
            settings = reading.settings
            self._values = {key: str(settings.get(key) or "") for key, _words, _note in TEXTS}
            self._values |= {"cutoff_day": settings.cutoff_day, "counties": settings.paired_counties}
            self._values |= {each.key: settings.get(each.key) for each in CHOICES}
            closed = reading.scalar(
                "SELECT count(*) FROM reporting_month WHERE state IN ('closed', 'submitted')"
            )
            first = settings.first_month
        for key, field in self.fields.items():
            if not (field.hasFocus() and field.isModified()):
                field.setText(self._values[key])
        self.cutoff.setCurrentIndex(max(0, self.cutoff.findData(self._values["cutoff_day"])))
        self.cutoff.setEnabled(not closed)
        for choice in CHOICES:
            self._show_choice(choice)
        day = self._values["cutoff_day"]
        words = "11月就是 11月1日至 11月30日" if day is None else f"11月就是 10月{day + 1}日至 11月{day}日"
        self._period.setText(tr("已有封账的月份，不能再改") if closed else words)
        self._first.setText(f"{first[:4]}年{int(first[5:])}月" if first else "")
        counties = [
            (county, from_on.isoformat() if from_on else "", to_on.isoformat() if to_on else "")
            for county, from_on, to_on in self._values["counties"]
        ]
        typed = self._typed()
        if typed and not typed[-1][0]:
            counties.append(typed[-1])  # a line that was just added
        self._show_counties(counties)

    def _show_counties(self, counties: list[tuple[str, str, str]]) -> None:
        if len(counties) == len(self._county_rows):
            # In place: the cursor is in one of them, on its way to the next.
            for fields, texts in zip(self._county_rows, counties, strict=True):
                for field, text in zip(fields, texts, strict=True):
                    if not (field.hasFocus() and field.isModified()):
                        field.setText(text)
            return
        for row in self._counties.findChildren(QWidget):
            row.hide()
            row.deleteLater()
        self._county_rows = []
        holder = QWidget()
        column = Rows(holder)
        for at, values in enumerate(counties):
            fields = (QLineEdit(values[0]), QLineEdit(values[1]), QLineEdit(values[2]))
            for field, hint in zip(fields, (tr("县名"), tr("从，可空"), tr("到，可空")), strict=True):
                field.setPlaceholderText(hint)
                field.setAccessibleName(f"{tr('对口贫困县')} {at + 1} {hint}")
                field.editingFinished.connect(self._on_counties)
            self._county_rows.append(fields)
            column.add(*fields, IconButton("dismiss", tr("去掉这个县"), partial(self.remove_county, at)))
        old = self._counties
        self.column.replaceWidget(old, holder)
        self._counties = holder
        old.hide()
        old.deleteLater()

    def add_county(self) -> None:
        """Add an empty line for a county."""
        self._show_counties([*self._typed(), ("", "", "")])
        self._county_rows[-1][0].setFocus()

    def remove_county(self, at: int) -> None:
        """Take a county off the list."""
        rows = self._typed()
        del rows[at]
        self._show_counties(rows)
        self._store_counties(rows)

    def _typed(self) -> list[tuple[str, str, str]]:
        return [(a.text().strip(), b.text().strip(), c.text().strip()) for a, b, c in self._county_rows]

    def _on_counties(self) -> None:
        for _county, *days in self._county_rows:
            for field in days:
                bad = bool(field.text().strip()) and Date().parse(field.text()).value is None
                mark_wrong(field, bad)
                if bad:
                    return
        self._store_counties(self._typed())

    def _store_counties(self, rows: list[tuple[str, str, str]]) -> None:
        def day(text: str) -> str | None:
            value = Date().parse(text).value if text else None
            return value.isoformat() if value else None

        wanted = [[county, day(from_on), day(to_on)] for county, from_on, to_on in rows if county]
        stored = [
            [county, from_on.isoformat() if from_on else None, to_on.isoformat() if to_on else None]
            for county, from_on, to_on in self._values["counties"]
        ]
        if wanted != stored:
            self._store("paired_counties", wanted, tr("改对口贫困县"))

    def _on_text(self, key: str, words: str) -> None:
        text = self.fields[key].text().strip()
        self.fields[key].setModified(False)
        if not text and key == "school_name":
            self.fields[key].setText(self._values[key])
            return
        if text != self._values.get(key):
            self._store(key, text, f"改{words}")

    def _on_cutoff(self) -> None:
        day = self.cutoff.currentData()
        if day != self._values["cutoff_day"]:
            self._store("cutoff_day", day, tr("改每月截止日"))

    def _show_choice(self, choice: Choice) -> None:
        now, combo = int(self._values[choice.key]), self.choices[choice.key]
        combo.clear()
        for number in sorted({*choice.numbers, now}):
            combo.addItem(choice.words.format(number), number)
        combo.setCurrentIndex(combo.findData(now))

    def _on_choice(self, choice: Choice, _at: int) -> None:
        number = self.choices[choice.key].currentData()
        if number != self._values[choice.key]:
            self._store(choice.key, number, f"改{choice.title}为{choice.words.format(number)}")

    def _store(self, key: str, value: object, name: str) -> None:
        def write() -> None:
            with self.session.ledger_file.operation(name) as uow:
                uow.set_setting(key, value)

        if self.session.attempt(write):
            self.session.say(f"存好了：{name}")


class Rows:
    """Lines of fields below each other."""

    def __init__(self, holder: QWidget) -> None:
        from PySide6.QtWidgets import QVBoxLayout

        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def add(self, *widgets: QWidget) -> None:
        """Add a line."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for at, widget in enumerate(widgets):
            widget.setMinimumHeight(ROW_HEIGHT)
            if isinstance(widget, QLineEdit):
                widget.setFixedWidth(220 if not at else 140)
            row.addWidget(widget)
        row.addStretch(1)
        self._column.addLayout(row)
