"""设置—备份与恢复, section 材料: how much the files take, how large one may be, and clearing what was removed."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.files import MB
from skillsaid_desktop.storage.contents import Contents, count_contents
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.settings_parts import LABEL
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.text import Label

LIMITS = (
    ("file_limit_mb", "每份最大 MB", "手机照片多在 10 MB 以内；扫描件选 150—200 dpi", 200),
    ("large_ledger_mb", "提醒大小 MB", "台账超过这么大，提醒一次；台账越大，打开和备份越慢", 100_000),
)
"""Setting, its words, a note, the largest number that is taken."""


class FilesSection(QWidget):
    """Each number is stored when its field is left."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stored: dict[str, int] = {}
        self.facts = Label(wraps=True)
        self.fields: dict[str, QLineEdit] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.facts)
        for key, words, note, _most in LIMITS:
            field = QLineEdit()
            field.setFixedWidth(90)
            field.setAccessibleName(tr(words))
            field.editingFinished.connect(partial(self._on_number, key))
            self.fields[key] = field
            row = QHBoxLayout()
            row.setSpacing(12)
            label = Label(tr(words), tone="text2")
            label.setMinimumWidth(LABEL)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
            row.addWidget(Label(tr(note), tone="text2", wraps=True), 1)
            column.addLayout(row)
        self.clear_button = Button(tr("清除移除的材料…"), self.clear)
        row = QHBoxLayout()
        row.addWidget(self.clear_button)
        row.addStretch(1)
        column.addLayout(row)

    def reload(self) -> None:
        """Show how it stands."""
        with self._session.ledger_file.reading() as reading:
            kept = count_contents(reading)
            self._stored = {key: int(reading.settings.get(key)) for key, *_rest in LIMITS}
        for key, field in self.fields.items():
            if not (field.hasFocus() and field.isModified()):
                field.setText(str(self._stored[key]))
        self.facts.setText(_facts(kept, self._session.ledger_file.size()))
        self.clear_button.setVisible(bool(kept.removed_files))

    def _on_number(self, key: str) -> None:
        field = self.fields[key]
        text = field.text().strip()
        name, most = next((words, most) for each, words, _note, most in LIMITS if each == key)
        is_good = text.isascii() and text.isdigit() and 1 <= int(text) <= most
        mark_wrong(field, not is_good)
        if not is_good:
            self._session.say(f"“{text}”没有存：请写 1 到 {most:,} 之间的整数。", undo=False)
            return
        field.setModified(False)
        if int(text) == self._stored[key]:
            return

        def write() -> None:
            with self._session.ledger_file.operation(f"改材料{name.removesuffix(' MB')} {text} MB") as uow:
                uow.set_setting(key, int(text))

        if self._session.attempt(write):
            self._session.say(f"存好了：{name} {text}")

    def clear(self) -> None:
        """Let go of what was removed, after saying that it can not be brought back."""
        ledger_file = self._session.ledger_file
        with ledger_file.reading() as reading:
            kept = count_contents(reading)
        title = f"清除移除的材料 {kept.removed_files} 份，{_mb(kept.removed_size)}"
        text = tr(
            "清除以后，移除这些材料的那几步不能再撤销；要用只能从较早的备份里找。还在学生名下的材料不受影响。"
        )
        word = self._session.prompts.ask_text(
            title, text, label=tr("写“清除”两个字"), act=tr("清除"), safe=tr("先留着")
        )
        if word is None:
            return
        if word.strip() != tr("清除"):
            self._session.say(tr("没有写“清除”，什么也没有动。"), undo=False)
            return

        def done(number: int) -> None:
            self.reload()
            self._session.say(f"已清除 {number} 份，台账现在 {_mb(ledger_file.size())}。", undo=False)

        def work(_progress: Progress) -> int:
            return ledger_file.clear_removed_files()

        self._session.tasks.run(tr("正在清除"), work, done=done)


def _facts(kept: Contents, size: int) -> str:
    left = kept.files - kept.removed_files
    told = f"台账 {_mb(size)}，其中材料 {left} 份，{_mb(kept.size - kept.removed_size)}。每份备份里都有。"
    if kept.removed_files:
        told += f"移除了还能撤销回来的有 {kept.removed_files} 份，{_mb(kept.removed_size)}。"
    return told


def _mb(size: int) -> str:
    return f"{size / MB:,.1f} MB"
