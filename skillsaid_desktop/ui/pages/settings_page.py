"""设置: the school and its months, the policy in force, backups, passphrase and looks; each a tab."""

from collections.abc import Mapping

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.settings_backup import BackupTab
from skillsaid_desktop.ui.pages.settings_keys import KeysTab
from skillsaid_desktop.ui.pages.settings_policy import PolicyTab
from skillsaid_desktop.ui.pages.settings_school import SchoolTab
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.regions import Region, set_region

TABS = (
    ("school", "学校和统计月"),
    ("policy", "政策与期限"),
    ("backup", "备份与恢复"),
    ("keys", "口令和外观"),
)


class SettingsPage(Page):
    """Tabs; what is typed is stored when a field is left, one step of undo each."""

    title = "设置"
    entities = frozenset({"setting", "policy_text", "reporting_month", "attachment"})
    help_text = (
        "学校和统计月：改一格，离开就存好，可以撤销。\n"
        "政策与期限：只能看，每一条写着出自哪份文件。\n"
        "备份与恢复：每次关闭自动备份并核对；也可以现在备份到 U 盘。\n"
        "口令和外观：换口令、换恢复码、浅色和深色。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        row = QHBoxLayout()
        row.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        row.setSpacing(20)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for name, title in TABS:
            button = QPushButton(tr(title))
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, name=name: self.open_tab(name))
            self._group.addButton(button)
            self.buttons[name] = button
            row.addWidget(button)
        history = QPushButton(tr("操作记录"))
        history.setProperty("kind", "tab")
        history.clicked.connect(lambda: session.navigate("history"))
        row.addWidget(history)
        row.addStretch(1)
        bar = QWidget()
        bar.setLayout(row)
        set_region(bar, Region.FILTERS)
        self.add_under_head(bar)
        self.add_head_line()
        self.school = SchoolTab(session, self)
        self.policy = PolicyTab(session)
        self.backup = BackupTab(session)
        self.keys = KeysTab(session)
        self.stack = QStackedWidget()
        set_region(self.stack, Region.TABLE)
        for widget in (self.school, self.policy, self.backup, self.keys):
            self.stack.addWidget(widget)
        self.set_body(self.stack)
        self.open_tab("school")

    def open_tab(self, name: str) -> None:
        """Show a tab by its name."""
        self.buttons[name].setChecked(True)
        self.stack.setCurrentIndex([each for each, _title in TABS].index(name))

    def open_with(self, params: Mapping[str, object]) -> None:
        """`tab`: one of school, policy, backup, keys."""
        name = str(params.get("tab") or "")
        if name in self.buttons:
            self.open_tab(name)

    def reload(self) -> None:
        self.school.reload()
        self.policy.reload()
        self.backup.reload()
        with self.session.ledger_file.reading() as reading:
            self.head.set_facts(reading.settings.school_name)
            self.keys.school = reading.settings.school_name

    def status(self) -> tuple[str, ...]:
        return (str(self.session.ledger_file.path),)
