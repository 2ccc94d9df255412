"""The check of stored numbers that a spreadsheet spoiled (DOMAIN section 9, 8): cards, heads of household, members.

A student's own number is check 1's; on import such a number is refused with its cell.
"""

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import IdNumber

_NUMBER = IdNumber()
_SPOILED = "spoiled number"


def check_spoiled(inspection: Inspection) -> list[Issue]:
    """● a number with E+, a decimal point, or 000 at its end where the check digit fails."""
    issues: list[Issue] = []
    for student_id, head, card in inspection.reading.rows(
        "SELECT id, head_document_number, bank_card FROM student"
        " WHERE head_document_number IS NOT NULL OR bank_card IS NOT NULL ORDER BY name_sort, id"
    ):
        if student_id not in inspection.by_id:
            continue
        who = inspection.who(student_id)
        if head and is_spoiled(head):
            issues.append(_about("student", student_id, f"{who}的户主证件号", head))
        if card and _is_scientific(card):
            issues.append(_about("student", student_id, f"{who}的银行卡号", card))
    for household_id, head, number in inspection.reading.rows(
        "SELECT id, head_name, head_document_number FROM household WHERE head_document_number IS NOT NULL ORDER BY id"
    ):
        if is_spoiled(number):
            issues.append(_about("household", household_id, f"户主{head}的证件号", number))
    for household_id, name, head, number in inspection.reading.rows(
        "SELECT h.id, m.name, h.head_name, m.document_number FROM household_member m JOIN household h"
        " ON h.id = m.household_id WHERE m.document_number IS NOT NULL AND m.relation IS NOT '户主' ORDER BY h.id, m.id"
    ):
        if is_spoiled(number):
            issues.append(_about("household", household_id, f"{name}（户主{head}的户）的证件号", number))
    return issues


def is_spoiled(number: str) -> bool:
    """Say whether a stored number is what a spreadsheet leaves of one: 3.60731E+17, a decimal point, 000 at its end."""
    if _is_scientific(number) or "." in number:
        return True
    if len(number) != 18 or not number.endswith("000"):
        return False
    return any(finding.code == _SPOILED for finding in _NUMBER.parse(number).findings)


def _is_scientific(number: str) -> bool:
    return "E+" in number.upper()


def _about(entity: str, record_id: int, whose: str, number: str) -> Issue:
    return Issue(
        severity=Severity.BLOCK, code="8", entity=entity, record_id=record_id,
        message=f"{whose}是 {number}，被表格软件改成了数字，后几位已不可信，请按证件重新填写",
    )  # fmt: skip
