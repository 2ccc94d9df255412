"""Kinds of problems of an import, in the words by which they are filtered."""

from collections.abc import Iterable

from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.schema import Issue, Severity

FIXED = "已改正"
OTHER = "其他"
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("证件号", frozenset({
        "check digit", "length", "15 digits", "spoiled number", "area code", "ID corrected", "same ID", "same ID twice",
        "number differs",
    })),
    ("是哪个人", frozenset({
        "which of two", "not in the register", "not a person", "name differs", "other class",
        "same name and birth date",
    })),
    ("日期", frozenset({
        "date", "date without year", "date in words", "date outside the month", "entry date", "future", "month",
        "date after today", "before entry", "contact before pairing", "contact after pairing",
    })),
    ("已封账的月份", frozenset({MONTH_REPORTED})),
    ("不认识的词", frozenset({"unknown word", "word"})),
    ("缺内容", frozenset({"missing", "difficulty without measure", "empty"})),
    ("性别和年龄", frozenset({"sex", "birth date", "age"})),
    ("状态对不上", frozenset({"left the school", "impossible", "contradiction", "state"})),
    ("电话和卡号", frozenset({"phone", "card"})),
    ("结对", frozenset({
        "two leaders", "leader left", "student left", "no pairing", "same pairing twice", "two contacts in one cell",
    })),
    ("表头", frozenset({"heading twice", "missing column", "unknown column", "column guessed"})),
)  # fmt: skip


def kind_of(issue: Issue) -> str:
    """Return the kind of a problem."""
    if issue.severity is Severity.FIXED:
        return FIXED
    return next((kind for kind, codes in _KINDS if issue.code in codes), OTHER)


def count_kinds(issues: Iterable[Issue]) -> dict[str, int]:
    """Return how many problems there are of each kind, in the usual order."""
    counts: dict[str, int] = {}
    for issue in issues:
        kind = kind_of(issue)
        counts[kind] = counts.get(kind, 0) + 1
    order = [*(kind for kind, _ in _KINDS), OTHER, FIXED]
    return {kind: counts[kind] for kind in order if kind in counts}
