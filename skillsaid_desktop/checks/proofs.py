"""The check of proofs: which target students lack 身份证, 户口簿, 认定材料, 申请表 or 资助卡 (DOMAIN section 9, 11).

One issue a student, so that the desk has one line for all of them and an explanation is kept for each. A school that
keeps no proof in the ledger yet has them in a cupboard: it gets a hint that they can be kept here, and no question.
"""

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.domain.proofs import PROOFS
from skillsaid_desktop.ledgers import PROOFS_LEDGER
from skillsaid_desktop.schema import Issue, Severity

_LACKING = f"SELECT id, missing FROM ({PROOFS_LEDGER.select}) WHERE missing IS NOT NULL ORDER BY class_now, name_sort, id"
_BEGUN = f"SELECT EXISTS (SELECT 1 FROM attachment WHERE kind IN ({', '.join(map(repr, PROOFS))}))"


def check_proofs(inspection: Inspection) -> list[Issue]:
    """◐ proofs missing, per student; ○ once while no proof is kept at all."""
    lacking = inspection.reading.rows(_LACKING, {"as_of": inspection.day.isoformat()})
    if not lacking:
        return []
    if not inspection.reading.scalar(_BEGUN):
        words = f"{len(lacking)} 名帮扶对象的身份证、户口簿、认定材料、申请表、资助卡还没有存进台账，可以在“材料”里批量归入"
        return [Issue(severity=Severity.HINT, code="11", message=words)]
    return [
        Issue(
            severity=Severity.ASK, code="11", entity="student", record_id=student_id,
            message=f"{inspection.who(student_id)}缺{missing}",
        )
        for student_id, missing in lacking
    ]  # fmt: skip
