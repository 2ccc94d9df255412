"""Where a line of the checks is mended, and what the way there is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from skillsaid_desktop.checks.questions import IMPORT_CODE
from skillsaid_desktop.services.desk import CheckLine
from skillsaid_desktop.ui.i18n import tr

_PLACES = {
    "household": ("households", "看这户", "看这些户"),
    "hardship_status": ("hardship", "看类别", "看类别"),
    "pairing": ("pairings", "看这一对", "看这些"),
    "contact": ("contacts", "看这一次", "看这些"),
}

_BY_ROSTER = frozenset({"5", "9"})
_BY_FILES = "11"
_NOT_MONITORED = "未监测"


@dataclass(frozen=True)
class CheckPlace:
    """A page with its parameters, and the words of the link."""

    page: str
    params: Mapping[str, object]
    act: str


def place_of(line: CheckLine) -> CheckPlace:
    """Return where a line is mended: of one person or event the record, of several the list of them."""
    if line.code in _BY_ROSTER:
        student = next((one.record_id for one in line.issues if one.record_id), None)
        return CheckPlace("compare", {"student": student}, tr("去比对"))
    if line.code == "31" and not line.records_of("pairing"):
        return CheckPlace("pairings", {"unpaired": True}, tr("去结对"))
    if line.code == _BY_FILES:
        return CheckPlace("proofs", {"missing": True}, tr("看材料"))
    entity = next((one.entity for one in line.issues if one.record_id), "")
    if entity not in _PLACES or line.code == "0":
        return _place_of_people(line)
    page, one, several = _PLACES[entity]
    ids = list(
        dict.fromkeys(each.record_id for each in line.issues if each.entity == entity and each.record_id)
    )
    params: dict[str, object] = {"record": ids[0]}
    if len(ids) > 1:
        params |= {"records": ids, "because": line.title}
    return CheckPlace(page, params, tr(one if len(ids) == 1 else several))


def _place_of_people(line: CheckLine) -> CheckPlace:
    changes, students = line.records_of("status_change"), line.students
    if line.title == _NOT_MONITORED:
        return CheckPlace("monitoring", {"missing": True}, tr("去填写"))
    if line.code == IMPORT_CODE:
        return CheckPlace("pending", {"questions": True}, tr("看疑问"))
    if changes:
        one = {"record": changes[0]} if len(changes) == 1 else {"records": changes, "because": line.title}
        return CheckPlace("changes", one, tr("看异动"))
    if len(students) == 1:
        return CheckPlace("students", {"student": students[0]}, tr("看这人"))
    if students:
        return CheckPlace("students", {"records": students, "because": line.title}, tr("看名单"))
    return CheckPlace("reports", {"report": "progress"}, tr("看报表"))
