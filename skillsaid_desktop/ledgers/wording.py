"""Sentences about rows: whose row it is, and values as they are read aloud."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from skillsaid_desktop.schema import Field, Issue
from skillsaid_desktop.schema.field_type import Finding
from skillsaid_desktop.schema.record import Record, missing_issues


def named(issue: Issue, who: str) -> Issue:
    """Return the issue with the person in front of its sentence."""
    return issue if not who or who in issue.message else replace(issue, message=f"{who}　{issue.message}")


def row_issues(record: Record, fields: Sequence[Field], who: str) -> list[Issue]:
    """Return what was found in a row about a student and what it lacks; a row that knows its student needs no name."""
    needed = [each for each in fields if each.name != "student_name" or "student_id" not in record.values]
    return [named(each, who) for each in (*record.issues, *missing_issues(needed, record))]


def told(finding: Finding, number: str) -> str:
    """Return the sentence of a finding about a number; an age by the birth date, so that it stays the same sentence."""
    if finding.code == "age" and len(number) >= 18:
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        under = "未满 14" in finding.message
        return f"{born} 出生，{'未满 14 周岁（儿童敏感信息）' if under else '超过 30 岁'}，请核对"
    return finding.message


def shown(value: Any) -> str:
    """Return a value as text for a difference."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
