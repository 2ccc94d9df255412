"""Where a line of the checks is mended that is not about people's own facts, and what the way there is called."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class CheckPlace:
    """A page with its parameters, and the words of the link."""

    page: str
    params: Mapping[str, object]
    act: str


def place_of(line: CheckLine) -> CheckPlace | None:
    """Return where a line is mended, None if it is about people or events."""
    if line.code in _BY_ROSTER:
        student = next((one.record_id for one in line.issues if one.record_id), None)
        return CheckPlace("compare", {"student": student}, tr("去比对"))
    if line.code == "31" and not line.records_of("pairing"):
        return CheckPlace("pairings", {"unpaired": True}, tr("去结对"))
    if line.code == _BY_FILES:
        return CheckPlace("proofs", {"missing": True}, tr("看材料"))
    entity = next((one.entity for one in line.issues if one.record_id), "")
    if entity not in _PLACES or line.code == "0":
        return None
    page, one, several = _PLACES[entity]
    ids = list(
        dict.fromkeys(each.record_id for each in line.issues if each.entity == entity and each.record_id)
    )
    params: dict[str, object] = {"record": ids[0]}
    if len(ids) > 1:
        params |= {"records": ids, "because": line.title}
    return CheckPlace(page, params, tr(one if len(ids) == 1 else several))
