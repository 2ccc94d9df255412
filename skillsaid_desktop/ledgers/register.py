"""The ledger's students as a roster meets them: everybody by number, and what held on the roster's day."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.ledgers.ledger import Difference, IntakeContext, issue_at
from skillsaid_desktop.ledgers.reported import Reported, load_reported
from skillsaid_desktop.ledgers.school_classes import KnownClass, class_key, load_classes
from skillsaid_desktop.ledgers.wording import shown
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import born_on, kind_of_number, sex_of
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.policy.policy import Policy
    from skillsaid_desktop.storage.unit_of_work import Reading

FACTS = (
    "name", "former_name", "document_kind", "document_number", "sex", "born_on", "ethnicity", "political_status",
    "registration_number", "student_number", "phone", "guardian_name", "guardian_relation", "guardian_phone",
    "home_province", "home_city", "home_county", "home_township", "home_village", "address", "current_address",
    "years_of_study", "expected_graduation_on", "enrolment_preference", "applicant_kind", "previous_school",
    "is_boarding", "bank_card", "account_name", "household_number", "person_number", "relation_to_head", "head_name",
    "head_document_number", "is_paired_county", "is_deep_poverty_village", "remark",
)  # fmt: skip
"""Columns of a student that have no date: kept as they are, changed as facts."""

TITLES: Mapping[str, str] = {
    "name": "姓名", "former_name": "曾用名", "document_kind": "证件类型", "document_number": "身份证号", "sex": "性别",
    "born_on": "出生日期", "ethnicity": "民族", "political_status": "政治面貌", "registration_number": "学籍号",
    "student_number": "学号", "phone": "联系电话", "guardian_name": "监护人姓名", "guardian_relation": "监护人关系",
    "guardian_phone": "监护人电话", "home_province": "户籍省", "home_city": "户籍市", "home_county": "户籍县",
    "home_township": "户籍乡镇", "home_village": "户籍村", "address": "详细地址", "current_address": "现住址",
    "years_of_study": "学制(年)", "expected_graduation_on": "预计毕业日期", "enrolment_preference": "招生优惠",
    "applicant_kind": "招生对象", "previous_school": "毕业学校", "is_boarding": "是否住宿", "bank_card": "银行卡号",
    "account_name": "开户名", "household_number": "户编号", "person_number": "人员编号",
    "relation_to_head": "与户主关系", "head_name": "户主姓名", "head_document_number": "户主证件号",
    "is_paired_county": "对口贫困县", "is_deep_poverty_village": "深度贫困村", "remark": "备注",
}  # fmt: skip

_FEW = 50
"""Rows that meet only the students they can mean; more of them meet everybody."""

_YES_NO = frozenset({"is_boarding", "is_paired_county", "is_deep_poverty_village"})
_BY_NUMBER = frozenset({"sex", "born_on", "document_kind"})
_HOME = ("home_province", "home_city", "home_county", "home_township", "home_village")


@dataclass(slots=True)
class Span:
    """What held for a student on a day."""

    state: str
    is_enrolled: bool
    class_id: int | None
    class_name: str | None
    major: str | None
    level: str | None


@dataclass(slots=True)
class Category:
    """One dated category of a student, as stored."""

    id: int
    category: str
    from_on: date
    to_on: date | None
    start_unknown: bool


@dataclass(slots=True)
class KnownStudent:
    """A student of the ledger."""

    id: int
    facts: dict[str, Any]
    span: Span | None = None
    entry_id: int | None = None
    entry_kind: str | None = None
    entered_on: date | None = None

    @property
    def name(self) -> str:
        """The name as kept."""
        return str(self.facts["name"])

    @property
    def number(self) -> str | None:
        """The document number as kept."""
        number = self.facts["document_number"]
        return None if number is None else str(number)


@dataclass(slots=True)
class Register:
    """All that planning a roster needs from the ledger."""

    policy: "Policy"
    reported: Reported
    classes: dict[str, KnownClass]
    by_id: dict[int, KnownStudent] = field(default_factory=dict)
    by_number: dict[str, KnownStudent] = field(default_factory=dict)
    by_registration: dict[str, KnownStudent] = field(default_factory=dict)
    categories: dict[int, list[Category]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, str] = field(default_factory=dict)
    roster_before: date | None = None
    today: date = field(default_factory=today)
    _namesakes: dict[tuple[str, str], list[KnownStudent]] | None = None

    def class_for(self, name: str) -> KnownClass:
        """Return the class of this name; a new one is remembered for the rows that follow."""
        key = class_key(name)
        found = self.classes.get(key)
        if found is None:
            found = self.classes[key] = KnownClass(None, name.removesuffix("班") or name)
        return found

    def namesakes(self, folded: str, born: str) -> list[KnownStudent]:
        """Return the students of this folded name, born on YYYYMMDD."""
        if self._namesakes is None:
            index: dict[tuple[str, str], list[KnownStudent]] = defaultdict(list)
            for student in self.by_id.values():
                day = (student.facts["born_on"] or "").replace("-", "")
                index[fold_name(student.name), day].append(student)
            self._namesakes = index
        return self._namesakes.get((folded, born), [])

    def fact_differences(
        self,
        record: Record,
        known: KnownStudent,
        context: IntakeContext,
        changed: dict[str, Any],
        issues: list[Issue],
    ) -> list[Difference]:
        """Return the facts that a row tells anew, and put their columns into `changed`; a blank tells nothing."""
        found: list[Difference] = []
        facts, values = known.facts, record.values
        by_number = bool(sex_of(values.get("document_number") or known.number))
        for column, value in values.items():
            if column not in facts or (value is None and not context.is_form):
                continue
            before = facts[column]
            after = value.isoformat() if isinstance(value, date) else value
            if after == before or (after in (None, "") and before in (None, "")):
                continue
            if column in _YES_NO and before is not None and after is not None and bool(before) == after:
                continue
            if column in _BY_NUMBER and (by_number or value is None):
                continue
            if (
                column == "address"
                and not before
                and "".join(facts[one] or "" for one in _HOME).endswith(after)
            ):
                continue
            if column == "name" and not context.is_form and not self._is_renamed(record, known, issues):
                continue
            if column == "document_number" and known.number and (after or "").startswith(known.number):
                continue
            changed[column] = value
            old = shown(bool(before)) if column in _YES_NO and before is not None else shown(before)
            effect = "补填空白" if not old else "改资料，原来的留在操作记录里"
            found.append(Difference(column, TITLES[column], old, shown(value), effect))
        if number := changed.get("document_number"):
            changed["sex"] = sex_of(number) or facts["sex"]
            changed["born_on"] = born_on(number) or facts["born_on"]
            changed["document_kind"] = kind_of_number(number) or facts["document_kind"]
            changed.setdefault("document_pending", False)
        return found

    @staticmethod
    def _is_renamed(record: Record, known: KnownStudent, issues: list[Issue]) -> bool:
        """Ask about another name under the same number; the name itself stays until somebody answers."""
        name = record.values["name"]
        if name and fold_name(name) != fold_name(known.name):
            issues.append(
                issue_at(
                    record, Severity.ASK, "name differs",
                    f"{name}：同一个证件号，台账里叫{known.name}，名册里叫{name}，请核对", column="姓名",
                )
            )  # fmt: skip
        return False


def load_register(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> Register:
    """Read the ledger's students, in a handful of queries."""
    register = Register(reading.policy, load_reported(reading), load_classes(reading))
    register.refused = {
        registration: number or ""
        for registration, number in reading.rows(
            "SELECT json_extract(cells, '$.registration_number'), json_extract(cells, '$.document_number') "
            "FROM pending_row WHERE ledger = 'students' AND resolved_at IS NULL"
            " AND json_extract(cells, '$.registration_number') IS NOT NULL ORDER BY id DESC"
        )
    }
    columns = ", ".join(FACTS)
    meant = _meant(records, context) if len(records) <= _FEW else {}
    where = " OR ".join(f"{column} IN (SELECT value FROM json_each(:{column}))" for column in meant)
    for row in reading.rows(
        f"SELECT id, {columns} FROM student" + (f" WHERE {where}" if where else ""), meant
    ):
        facts = dict(zip(FACTS, row[1:], strict=True))
        student = KnownStudent(row[0], facts)
        register.by_id[row[0]] = student
        if facts["document_number"]:
            register.by_number[facts["document_number"]] = student
        if facts["registration_number"]:
            register.by_registration[facts["registration_number"]] = student
    if register.by_id:
        _load_events(reading, register, context.as_of, are_all=not meant)
    return register


def _meant(records: Sequence[Record], context: IntakeContext) -> dict[str, str]:
    """Return the ids, numbers and names, as JSON by column, of the students whom these rows can mean.

    A cell edited in a school of ten thousand must not read them all.
    """
    values = [record.values for record in records]
    numbers = {one["document_number"] for one in values if one.get("document_number")}
    wanted = {
        "id": {context.record_id, *(one.get("student_id") for one in values)},
        "document_number": numbers | {number[:18] for number in numbers},
        "registration_number": {one.get("registration_number") for one in values},
        "name_folded": {fold_name(one["name"]) for one in values if one.get("name")},
    }
    return {column: json.dumps([one for one in found if one]) for column, found in wanted.items()}


def _load_events(reading: "Reading", register: Register, as_of: date, *, are_all: bool) -> None:
    day = as_of.isoformat()
    theirs = "" if are_all else " AND student_id IN (SELECT value FROM json_each(:ids))"
    params = {"day": day} if are_all else {"day": day, "ids": json.dumps(list(register.by_id))}
    for row in reading.rows(
        "SELECT student_id, state, is_enrolled, class_id, class_name, major, level FROM student_span"
        f" WHERE from_on <= :day AND to_on >= :day{theirs}",
        params,
    ):
        register.by_id[row[0]].span = Span(row[1], bool(row[2]), *row[3:])
    for student_id, change_id, kind, on in reading.rows(
        "SELECT student_id, id, kind, changed_on FROM status_change WHERE kind IN ('入学', '转入')"
        f"{theirs} ORDER BY changed_on, id",
        params,
    ):
        student = register.by_id[student_id]
        student.entry_id, student.entry_kind, student.entered_on = change_id, kind, date.fromisoformat(on)
    for student_id, row_id, category, from_on, to_on, unknown in reading.rows(
        "SELECT student_id, id, category, from_on, to_on, start_unknown FROM hardship_status"
        f" WHERE 1{theirs}",
        params,
    ):
        register.categories[student_id].append(
            Category(
                row_id,
                category,
                date.fromisoformat(from_on),
                date.fromisoformat(to_on) if to_on else None,
                bool(unknown),
            )
        )
    before = reading.scalar(
        "SELECT max(as_of) FROM imported_file WHERE ledger = 'students' AND as_of < ?", (day,)
    )
    register.roster_before = date.fromisoformat(before) if before else None
