"""Commands about ledger files: made, backed up, verified, restored, undone."""

import argparse

from skillsaid_desktop.cli.opened import Opened, Shown, print_json, read_passphrase, say_newest_backup
from skillsaid_desktop.errors import UserError


def make_demo(options: argparse.Namespace) -> int:
    """Make the sample school and export its last closed month."""
    from skillsaid_desktop.services.sample_school import export_sample_month, make_sample_school

    sample = make_sample_school(options.folder, Shown())
    print(f"示例学校（全部虚构）：{sample.path}\n口令：{sample.passphrase}")
    for path in export_sample_month(sample, options.folder, Shown()):
        print(path)
    return 0


def make_ledger(options: argparse.Namespace) -> int:
    """Make a new ledger and say its recovery code once."""
    from skillsaid_desktop import clock
    from skillsaid_desktop.domain.months import MonthRule
    from skillsaid_desktop.policy.policy import default_policy_text
    from skillsaid_desktop.storage import LedgerFile

    passphrase = read_passphrase(options)
    if options.recovery_out and options.recovery_out.exists():
        raise UserError(f"“{options.recovery_out}”已经在了，没有改动它。", "恢复码请写到一个新文件。")
    ledger_file, code = LedgerFile.create(
        options.ledger,
        passphrase=passphrase,
        settings={
            "school_name": options.school,
            "cutoff_day": options.cutoff_day,
            "first_month": options.start or MonthRule(options.cutoff_day).month_of(clock.today()),
            "paired_counties": [[county, None, None] for county in options.paired_county],
        },
        policy_text=default_policy_text(options.policy),
        policy_name=options.policy,
    )
    ledger_file.close(backup=False)
    print(f"已建立台账：{options.ledger}")
    if options.recovery_out:
        options.recovery_out.write_text(code + "\n", "utf-8")
        print(f"恢复码写在“{options.recovery_out}”，请打印后锁好，再删掉这个文件。")
    else:
        print(f"恢复码（只显示这一次，请抄下或打印后锁好）：\n{code}")
    return 0


def make_backup(options: argparse.Namespace) -> int:
    """Make a verified backup."""
    with Opened(options) as ledger_file:
        report = ledger_file.backup(options.to)
    print(f"备份完好：{report.path}")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Look a ledger or a backup over."""
    from skillsaid_desktop.storage import DamagedError, verify_file

    try:
        report = verify_file(options.ledger, passphrase=read_passphrase(options))
    except DamagedError as error:
        raise UserError(error.message, f"{error.hint}{say_newest_backup(options.ledger)}") from error
    if not report.is_whole:
        raise UserError(report.sentence, f"请从备份恢复。{say_newest_backup(options.ledger)}")
    print(f"完好：{report.counts.get('student', 0)} 名学生，{report.operations} 步操作")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Restore a ledger from a backup."""
    from skillsaid_desktop.storage.opening import restore

    restore(options.backup, options.to, passphrase=read_passphrase(options))
    print(f"已恢复到：{options.to}")
    return 0


def salvage(options: argparse.Namespace) -> int:
    """Bring what can be read of a damaged ledger into a new file, and say what is missing."""
    from skillsaid_desktop.services.salvage import describe_salvage
    from skillsaid_desktop.storage.salvage import salvage

    report = salvage(options.damaged, options.to, passphrase=read_passphrase(options), progress=Shown())
    print("\n".join(describe_salvage(report)))
    return 0


def print_history(options: argparse.Namespace) -> int:
    """Print what was done, newest first."""
    with Opened(options) as ledger_file:
        rows = ledger_file.history(limit=100_000 if options.json else 50)
    if options.json:
        names = (
            "id",
            "name",
            "user",
            "at",
            "source",
            "note",
            "changes",
            "undoes_id",
            "undone_by_id",
            "can_undo",
        )
        print_json([{name: getattr(row, name) for name in names} for row in rows])
        return 0
    for row in rows:
        undone = "（已撤销）" if row.is_undone else ""
        print(f"{row.id:>6}  {row.at:%Y-%m-%d %H:%M}  {row.user}  {row.name}{undone}")
    return 0


def undo(options: argparse.Namespace) -> int:
    """Take the last operation back."""
    with Opened(options) as ledger_file:
        undone = ledger_file.undo()
    print(undone.name)
    return 0
