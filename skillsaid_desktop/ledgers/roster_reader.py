"""The rows of another office's roster: read, cleaned, and what is wrong with them in words.

Made for 300,000 rows: each column remembers what it made of a text, nothing is kept of a row but its values.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.relations import HEAD, SEX_OF_RELATION
from skillsaid_desktop.ledgers.rosters import PERSON_COLUMNS, RosterKind
from skillsaid_desktop.schema import Issue, RawValue, Severity
from skillsaid_desktop.schema.document_number import IdNumber, number_findings, sex_of
from skillsaid_desktop.schema.field_type import FieldType, Finding, Parsed

if TYPE_CHECKING:
    from skillsaid_desktop.policy.policy import Policy

_MOST = 20_000
_REFUSED = frozenset({"spoiled number", "15 digits"})
_UNSURE = frozenset({"check digit", "length", "date"})
_ABSENT = frozenset({"无", "暂无", "没有", "-", "—", "/", "不详", "未办理", "未办"})
_AGREES = frozenset({"一致", "相符", "完全一致", "比对一致", "通过"})
_STORED = frozenset(PERSON_COLUMNS)
_AT = {name: place for place, name in enumerate(PERSON_COLUMNS)}
_IS_HEAD, _HOUSEHOLD, _NUMBER, _HEAD_NUMBER = (
    _AT["relation"], _AT["household_number"], _AT["document_number"], _AT["head_document_number"],
)  # fmt: skip

Person = list[Any]
"""A person's values in the order of PERSON_COLUMNS."""


class RosterReader:
    """Reads the rows of one table, whose cells come in the order of `columns`; `issues` and `refused` grow."""

    def __init__(
        self, kind: RosterKind, policy: "Policy", as_of: date, file: str, sheet: str, columns: Sequence[str]
    ) -> None:
        names = set(columns)
        places = {name: place for place, name in enumerate(columns)}
        self._columns: list[tuple[str, int, FieldType, dict[str, Parsed]]] = [
            (each.name, places[each.name], each.type, {}) for each in kind.fields if each.name in names
        ]
        self._relation_at, self._household_at = places.get("relation"), places.get("household_number")
        self._titles = {each.name: each.title for each in kind.fields}
        self._details: dict[tuple[Any, ...], str | None] = {}
        self._policy, self._as_of, self._words = policy, as_of, policy.words(as_of)
        self._categories: dict[str, str | None] = {}
        self._file, self._sheet = file, sheet
        self._has_relations = "relation" in names and "household_number" in names
        self._household: list[Person] = []
        self._refused_heads: set[str] = set()
        self.issues: list[Issue] = []
        self.refused = 0

    def people(self, rows: Iterable[tuple[int, Sequence[RawValue]]]) -> Iterator[Person]:
        """Yield the people of these rows, household by household, each with the number of its head."""
        found = (person for row, cells in rows if (person := self._read(row, cells)) is not None)
        if not self._has_relations:
            yield from found
            return
        for person in found:
            if self._household and person[_HOUSEHOLD] != self._household[0][_HOUSEHOLD]:
                yield from self._whole_household()
            self._household.append(person)
        yield from self._whole_household()

    def _read(self, row: int, cells: Sequence[RawValue]) -> Person | None:
        """Return the person of a row, None if it can not be taken; the issue says why."""
        values: dict[str, Any] = {}
        for name, place, field_type, memory in self._columns:
            cell = cells[place]
            if cell is None or cell == "":
                continue
            parsed = memory.get(cell) if type(cell) is str else None
            if parsed is None:
                parsed = field_type.parse(cell, self._words)
                if type(cell) is str and len(memory) < _MOST and not isinstance(field_type, IdNumber):
                    memory[cell] = parsed
            values[name] = parsed.value
            if parsed.findings and not self._take(row, name, cell, parsed, values):
                self.refused += 1
                if self._has_relations and cells[self._relation_at or 0] == HEAD:
                    self._refused_heads.add(str(cells[self._household_at or 0]))
                return None
        return self._person(row, values)

    def _take(self, row: int, name: str, cell: RawValue, parsed: Parsed, values: dict[str, Any]) -> bool:
        """Turn what was noticed about a cell into issues; False refuses the row."""
        who = str(cell if name == "name" else values.get("name") or "")
        for finding in parsed.findings:
            if name == "document_number" and isinstance(cell, str) and not any(map(str.isdigit, cell)):
                values[name] = None  # 无, 暂无: said below as a number that is missing
                continue
            severity, code = finding.severity, finding.code
            if name == "document_number" and code in _REFUSED:
                self._say(row, name, Severity.BLOCK, code, f"{who}　{finding.message}")
                return False
            if name == "name" and severity is Severity.BLOCK:
                self._say(row, name, Severity.BLOCK, code, finding.message)
                return False
            if name == "document_number" and code in _UNSURE:
                self._say(row, name, Severity.ASK, "check digit" if code == "date" else code,
                          f"{who}　{finding.message}")  # fmt: skip
            elif name == "document_number" and code == "area code":
                continue  # where a number was given is for the office to know
            elif name == "name" and severity is Severity.ASK:
                self._say(row, name, severity, code, f"{values.get('name') or who}　{finding.message}")
            elif code == "word":
                continue  # 未消除 for 否: the office's usual wording, and no column of ours
            elif severity is Severity.FIXED:
                self._say(row, name, severity, code, f"{who}　{self._titles[name]}：{finding.message}")
            else:
                self._hint(row, name, who, finding, cell, values)
        return True

    def _hint(
        self, row: int, name: str, who: str, finding: Finding, cell: RawValue, values: dict[str, Any]
    ) -> None:
        """Say that a cell besides name and number was not understood; its text stays where texts are kept."""
        self._say(row, name, Severity.HINT, finding.code, f"{who}　{self._titles[name]}：{finding.message}")
        if values.get(name) is None and isinstance(cell, str) and name not in _STORED:
            values[name] = cell.strip()

    def _person(self, row: int, values: dict[str, Any]) -> Person | None:
        name = values.get("name")
        if not name:
            if not values.get("document_number"):
                return None  # neither name nor number: no person
            self._say(row, "name", Severity.BLOCK, "missing", "缺少姓名")
            self.refused += 1
            return None
        number = values.get("document_number")
        if not number:
            self._say(row, "document_number", Severity.ASK, "no ID", f"{name}　没有证件号")
        relation = values.get("relation")
        # A number that fails its check says nothing about the sex.
        is_sound = number is not None and not number_findings(number)
        expected, sex = SEX_OF_RELATION.get(relation or ""), sex_of(number) if is_sound else None
        if expected and sex and expected != sex:
            self._say(row, "relation", Severity.ASK, "sex against relation",
                      f"{name}　与户主关系是{relation}，证件号里是{sex}")  # fmt: skip
        elif sex and values.get("sex") in ("男", "女") and values["sex"] != sex:
            self._say(row, "sex", Severity.ASK, "sex", f"{name}　性别填的是{values['sex']}，证件号里是{sex}")
        conclusion = values.get("conclusion")
        if conclusion and conclusion not in _AGREES:
            self._say(row, "conclusion", Severity.ASK, conclusion, f"{name}　对方的比对结论：{conclusion}")
        person: Person = [None] * len(PERSON_COLUMNS)
        for column in _COPIED:
            value = values.get(column)
            if value is not None:
                person[_AT[column]] = value
        person[_AT["sheet"]], person[_AT["row"]] = self._sheet, row
        person[_AT["name_folded"]] = fold_name(name)
        if number and len(number) >= 18 and number[:17].isdecimal():
            person[_AT["number_key"]] = number[:18]
        for column in ("identified_on", "risk_cleared_on"):
            if (day := values.get(column)) is not None:
                person[_AT[column]] = day.isoformat()
        if (cleared := values.get("is_risk_cleared")) is not None:
            person[_AT["is_risk_cleared"]] = int(cleared)
        if wording := values.get("category"):
            category = self._category(wording)
            person[_AT["category"]] = category
            if category != wording:
                person[_AT["original_wording"]] = wording
        person[_AT["details"]] = self._details_of(values)
        return person

    def _category(self, wording: str) -> str | None:
        """Return a category in the policy's words, None for one it has no word for."""
        if wording not in self._categories:
            found = self._policy.split_categories(wording, self._as_of)
            self._categories[wording] = found[0][0] if found else None
        return self._categories[wording]

    def _details_of(self, values: dict[str, Any]) -> str | None:
        kept = tuple((name, values[name]) for name in _DETAILS if values.get(name) is not None)
        if not kept:
            return None
        found = self._details.get(kept)
        if found is None:
            plain = {name: str(value) if isinstance(value, date) else value for name, value in kept}
            found = json.dumps(plain, ensure_ascii=False)
            if len(self._details) < _MOST:
                self._details[kept] = found
        return found

    def _whole_household(self) -> list[Person]:
        people, self._household = self._household, []
        if not people or people[0][_HOUSEHOLD] is None:
            return people
        heads = [person for person in people if person[_IS_HEAD] == HEAD]
        if not heads and people[0][_HOUSEHOLD] in self._refused_heads:
            return people
        if not heads:
            first = people[0]
            self._say(first[_AT["row"]], "relation", Severity.ASK, "household without 户主",
                      f"{first[_AT['name']]}　这一户（{first[_HOUSEHOLD]}）没有户主")  # fmt: skip
        else:
            number = heads[0][_NUMBER]
            for person in people:
                person[_HEAD_NUMBER] = number
        for other in heads[1:]:
            self._say(other[_AT["row"]], "relation", Severity.ASK, "household with two 户主",
                      f"{other[_AT['name']]}　这一户（{other[_HOUSEHOLD]}）有两个户主，"
                      f"另一个是{heads[0][_AT['name']]}")  # fmt: skip
        return people

    def _say(self, row: int, column: str, severity: Severity, code: str, message: str) -> None:
        self.issues.append(
            Issue(
                severity=severity, code=code, message=message.strip(), file=self._file, sheet=self._sheet,
                row=row, column=self._titles.get(column, ""),
            )
        )  # fmt: skip


_COPIED = tuple(
    name
    for name in PERSON_COLUMNS
    if name not in ("sheet", "row", "name_folded", "number_key", "head_document_number", "category",
                    "original_wording", "identified_on", "is_risk_cleared", "risk_cleared_on", "details")
)  # fmt: skip
_DETAILS = (
    "sex", "health", "school_state", "skill", "education", "main_cause", "lifted_on", "size", "income_fen",
    "helper", "school", "training",
)  # fmt: skip


def without_place(issue: Issue) -> dict[str, Any]:
    """Return an issue as it is kept with the roster: without the file, which the roster names."""
    plain = replace(issue, file="")
    return {
        "severity": plain.severity.value, "code": plain.code, "sheet": plain.sheet, "row": plain.row,
        "column": plain.column, "message": plain.message,
    }  # fmt: skip
