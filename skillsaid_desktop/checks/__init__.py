"""The checks before closing, one file per subject. May import figures and below."""

from skillsaid_desktop.checks.changes import check_changes
from skillsaid_desktop.checks.check import Check, Inspection
from skillsaid_desktop.checks.households import check_households
from skillsaid_desktop.checks.monitoring import check_monitoring
from skillsaid_desktop.checks.months import check_bridge, check_figures
from skillsaid_desktop.checks.names import check_names
from skillsaid_desktop.checks.pairings import check_pairings
from skillsaid_desktop.checks.people import check_ages, check_doubles, check_numbers, check_sex_and_birth
from skillsaid_desktop.checks.proofs import check_proofs
from skillsaid_desktop.checks.questions import IMPORT_CODE, check_questions
from skillsaid_desktop.checks.rosters import check_names_in_rosters, check_rosters
from skillsaid_desktop.checks.spoiled import check_spoiled
from skillsaid_desktop.checks.terms import check_terms
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.schema import Issue, Severity

CHECKS: tuple[Check, ...] = (
    Check("1", "证件号", Severity.BLOCK, check_numbers),
    Check("2", "号码重复", Severity.BLOCK, check_doubles),
    Check("3", "性别和出生日期", Severity.ASK, check_sex_and_birth),
    Check("4", "姓名有清理", Severity.ASK, check_names),
    Check("5", "名册里的姓名", Severity.ASK, check_names_in_rosters),
    Check("6", "年龄", Severity.ASK, check_ages),
    Check("7", "户主和成员", Severity.BLOCK, check_households),
    Check("8", "号码被表格改坏", Severity.BLOCK, check_spoiled),
    Check("9", "名册比对", Severity.ASK, check_rosters),
    Check("10", "类别已止", Severity.ASK, check_terms),
    Check("11", "材料", Severity.ASK, check_proofs),
    Check("30", "监测", Severity.ASK, check_monitoring),
    Check("31", "一对一帮扶", Severity.ASK, check_pairings),
    Check("32", "增减不平", Severity.BLOCK, check_bridge),
    Check("33", "指标与名单", Severity.BLOCK, check_figures),
    Check("35", "异动矛盾", Severity.BLOCK, check_changes),
    Check(IMPORT_CODE, "导入时的疑问", Severity.ASK, check_questions),
)
"""All checks, in the order of their numbers."""

TITLES: dict[str, str] = {check.code: check.title for check in CHECKS}


def find_issues(inspection: Inspection, progress: Progress | None = None) -> list[Issue]:
    """Return the issues of all checks of a month, ● first."""
    progress = progress or SilentProgress()
    issues: list[Issue] = []
    for at, check in enumerate(CHECKS):
        progress.report(at, len(CHECKS), f"正在检查{check.title}")
        issues += check.find(inspection)
    order = (Severity.BLOCK, Severity.ASK, Severity.HINT, Severity.FIXED)
    return sorted(issues, key=lambda issue: order.index(issue.severity))


__all__ = ["CHECKS", "TITLES", "Check", "Inspection", "find_issues"]
