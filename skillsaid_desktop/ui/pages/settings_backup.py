"""设置—备份与恢复: the last good copy, one more now, a look over the ledger, and the way back."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout

from skillsaid_desktop.progress import Progress
from skillsaid_desktop.storage import BackupReport, VerifyReport
from skillsaid_desktop.storage.backup import automatic_folder
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.settings_files import FilesSection
from skillsaid_desktop.ui.pages.settings_parts import Column
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label

OLD = timedelta(days=3)


class BackupTab(Column):
    """Backups are made on closing; here is one now, to any folder."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.add_section(tr("备份"), tr("每次关闭程序自动备份：抄一份、打开核对、数一遍，都对才算数"))
        self._icon = Icon("shield_checkmark", "good", size=20)
        self.last = Label(role="bold", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self.last, 1)
        self.column.addLayout(row)
        self.facts = Label(tone="text2", wraps=True)
        self.add_widget(self.facts)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(Button(tr("现在备份"), self.back_up, icon="shield_checkmark", kind="main"))
        acts.addWidget(Button(tr("备份到 U 盘或别的文件夹…"), self.back_up_to))
        acts.addStretch(1)
        self.column.addLayout(acts)
        self.add_section(tr("核对"), tr("把台账从头看一遍：每一页、每张表、每份材料，操作记录是不是首尾相连"))
        self.checked = Label(tr("还没有核对"), tone="text2", wraps=True)
        self.add_widget(self.checked)
        verify = QHBoxLayout()
        verify.addWidget(Button(tr("核对台账"), self.verify))
        verify.addStretch(1)
        self.column.addLayout(verify)
        self.add_section(tr("材料"), tr("照片、扫描件存在台账里，一样加密；内容相同的只存一份"))
        self.files = FilesSection(session)
        self.add_widget(self.files)
        self.add_section(tr("恢复"))
        self.add_widget(
            Label(
                tr(
                    "从备份恢复不会盖掉现在的台账：锁上台账，在打开的页面点“从备份恢复”，备份会恢复成另一本。"
                ),
                wraps=True,
            )
        )
        self.place = Label(tone="text2", wraps=True)
        self.add_widget(self.place)
        self.end()

    def reload(self) -> None:
        """Show the last backup, and what the files take."""
        self.files.reload()
        ledger_file = self.session.ledger_file
        report = ledger_file.last_backup()
        self.place.setText(f"自动备份放在：{automatic_folder(ledger_file.ledger_id)}")
        if report is None:
            self._icon.set_icon("shield_error", "explain")
            self.last.setText(tr("还没有备份过"))
            self.facts.setText(tr("点“现在备份”，几秒钟就好。"))
            return
        good = report.age < OLD
        self._icon.set_icon("shield_checkmark" if good else "shield_error", "good" if good else "explain")
        at = report.made_at
        self.last.setText(f"上次备份：{at:%Y-%m-%d %H:%M}，打开核对过")
        self.facts.setText(
            f"{report.path}　{report.size / 1_048_576:.1f} MB　学生 {report.counts.get('student', 0):,} 人"
        )

    def back_up(self) -> None:
        """Make a verified backup in the usual folder."""
        self._back_up(automatic_folder(self.session.ledger_file.ledger_id))

    def back_up_to(self) -> None:
        """Make a verified backup in a chosen folder."""
        folder = self.session.prompts.choose_folder(tr("备份到哪里"))
        if folder is not None:
            self._back_up(folder)

    def _back_up(self, folder: Path) -> None:
        ledger_file = self.session.ledger_file

        def done(report: BackupReport) -> None:
            self.reload()
            self.session.say(f"备份好了，打开核对过：{report.path.name}", undo=False)

        def work(_progress: Progress) -> BackupReport:
            return ledger_file.backup(folder)

        self.session.tasks.run(tr("正在备份"), work, done=done)

    def verify(self) -> None:
        """Look over the whole ledger."""
        ledger_file = self.session.ledger_file

        def done(report: VerifyReport) -> None:
            self.checked.setText(
                tr("核对过，完好：每一页、每张表、每份材料、操作记录都对。")
                if report.is_whole
                else f"有问题：{report.problems[0]}。请从备份恢复；损坏的文件先留着。"
            )
            self.checked.set_tone("good" if report.is_whole else "stop")

        self.session.tasks.run(tr("正在核对台账"), lambda _progress: ledger_file.verify(), done=done)
