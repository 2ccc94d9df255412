"""名册比对: the school's students against the newest rosters, with what was judged before (DOMAIN sections 1 row 12, 9 no. 5, 9).

Computed anew each time: nothing of it is stored but the verdicts.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.matching import Judgement, Likeness
from skillsaid_desktop.domain.spans import is_same_county
from skillsaid_desktop.ledgers.roster_matches import Candidate, Student, find_candidates, load_students
from skillsaid_desktop.ledgers.rosters import StoredRoster, current_rosters, former_rosters

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


class Outcome(StrEnum):
    """How a student ends in a comparison; the values are the terminal's names."""

    SAME = "same"
    DIFFERS = "differs"  # one person, whose name, category or household the roster tells differently
    PROBABLE = "probable"  # to be judged
    ONLY_IN_POVERTY = (
        "only_in_poverty"  # the roster has the student as poor, the school has not registered it
    )
    ONLY_IN_SCHOOL = "only_in_school"  # registered at school, and not in the roster of the student's county
    ONLY_IN_REGISTER = "only_in_register"  # in the school register, and not in the ledger


KIND_TITLES = {"poverty": "贫困名册", "training": "培训名册", "school": "学籍名册"}
"""The kinds of rosters that students are compared with, as page and paper call them."""

_ALIKE = {
    Outcome.SAME: "完全一致",
    Outcome.PROBABLE: "可能是同一人",
    Outcome.DIFFERS: "同一人，内容不同",
}
OUTCOME_WORDS: dict[str, dict[Outcome, str]] = {
    "poverty": {
        **_ALIKE,
        Outcome.ONLY_IN_POVERTY: "名册有，学校没有登记",
        Outcome.ONLY_IN_SCHOOL: "学校登记，名册没有",
    },
    "training": {**_ALIKE, Outcome.SAME: "在培训名册里"},
    "school": {
        Outcome.SAME: "完全一致",
        Outcome.DIFFERS: "同一人，内容不同",
        Outcome.ONLY_IN_REGISTER: "学籍名册有，台账没有",
        Outcome.ONLY_IN_SCHOOL: "台账在籍，学籍名册没有",
    },
}
"""How a student can end in a comparison with each kind of roster, in the order of the page's tabs."""


class Answer(StrEnum):
    """What somebody judged about a student and a person of a roster."""

    SAME = "same"
    DIFFERENT = "different"
    ASK = "ask"  # 问村里，先放着


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What a roster says of a person besides what the rules judge."""

    sheet: str
    row: int
    person_number: str | None
    relation: str | None
    village_group: str | None
    category: str | None
    original_wording: str | None
    identified_on: date | None
    is_risk_cleared: bool
    risk_cleared_on: date | None
    conclusion: str | None
    details: dict[str, Any]

    @property
    def wording(self) -> str:
        """The category as the office wrote it."""
        return self.original_wording or self.category or ""


@dataclass(frozen=True, slots=True)
class KnownVerdict:
    """A verdict as kept; it holds while `facts` are what the two sides still say."""

    id: int
    answer: Answer
    facts: str
    judged_on: date
    judged_by: str
    remark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """A person of a roster who is or may be the student, with what was judged about the two."""

    candidate: Candidate
    roster: StoredRoster
    facts: PersonFacts
    verdict: KnownVerdict | None = None
    is_withdrawn: bool = False  # judged before, and the facts have changed since

    @property
    def judgement(self) -> Judgement | None:
        """What speaks for and against; None where number and name are the same."""
        return self.candidate.judgement


@dataclass(slots=True, kw_only=True)
class Entry:
    """A student in the comparison. `people` are those he may be, the surest first; empty if the roster lacks him."""

    student: Student
    outcome: Outcome
    people: tuple[Possible, ...] = ()
    differing: tuple[str, ...] = ()  # sentences: what the roster tells differently
    is_cleared: bool = False  # the roster says that the risk is cleared and the school counts on

    @property
    def person(self) -> Possible | None:
        """The person that the student is, or most likely is."""
        return self.people[0] if self.people else None


@dataclass(frozen=True, slots=True)
class Movement:
    """What a newer roster says of a student that the one before did not."""

    student: Student
    office: str
    before: str
    after: str


@dataclass(slots=True, kw_only=True)
class Comparison:
    """The school against the newest rosters of a kind."""

    day: date
    rosters: list[StoredRoster]
    kind: str = "poverty"
    entries: list[Entry] = field(default_factory=list)
    newly_listed: list[Movement] = field(default_factory=list)
    removed: list[Movement] = field(default_factory=list)
    category_changed: list[Movement] = field(default_factory=list)
    judged: list[tuple[Student, Possible]] = field(default_factory=list)

    def of(self, *outcomes: Outcome) -> list[Entry]:
        """Return the entries that end in one of these ways."""
        return [each for each in self.entries if each.outcome in outcomes]


def compare_students(reading: "Reading", day: date, kind: str = "poverty") -> Comparison:
    """Compare the students enrolled on a day with the newest roster of each office."""
    rosters = current_rosters(reading, kind)
    found = Comparison(day=day, rosters=rosters, kind=kind)
    if not rosters:
        return found
    students = load_students(reading, day)
    by_id = {roster.id: roster for roster in rosters}
    candidates = find_candidates(reading, students, list(by_id))
    facts = _load_facts(reading, [each for some in candidates.values() for each in some])
    verdicts = _load_verdicts(reading, kind)
    for student in students.values():
        people = [
            _possible(student, each, by_id[each.roster_id], facts[each.roster_id, each.number], verdicts)
            for each in candidates.get(student.id, ())
        ]
        found.judged += [(student, each) for each in people if each.verdict and not each.is_withdrawn]
        entry = _entry(reading, student, people, day, rosters, kind)
        if entry is not None:
            found.entries.append(entry)
    _compare_with_former(reading, found, students, kind)
    return found


def _possible(
    student: Student,
    candidate: Candidate,
    roster: StoredRoster,
    facts: PersonFacts,
    verdicts: dict[tuple[int, str], KnownVerdict],
) -> Possible:
    verdict = verdicts.get((student.id, person_key(candidate, facts)))
    is_withdrawn = verdict is not None and verdict.facts != judged_facts(student, candidate)
    return Possible(
        candidate=candidate, roster=roster, facts=facts, verdict=verdict, is_withdrawn=is_withdrawn
    )


def person_key(candidate: Candidate, facts: PersonFacts) -> str:
    """Return what finds the same person in the next roster: the office's number of the person, else the document's."""
    side = candidate.side
    return (
        facts.person_number or side.number or f"{side.folded}|{side.household_number or side.village or ''}"
    )


def judged_facts(student: Student, candidate: Candidate) -> str:
    """Return a digest of the facts that a verdict rests on: names, numbers, household and head on both sides."""
    told = [
        (side.folded, side.number, side.household_number, side.head_name, side.head_number)
        for side in (student.side, candidate.side)
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:32]


def _entry(
    reading: "Reading",
    student: Student,
    people: Sequence[Possible],
    day: date,
    rosters: Sequence[StoredRoster],
    kind: str,
) -> Entry | None:
    still = [each for each in people if _answer(each) is not Answer.DIFFERENT]
    # What an office answered about the school's own list settles nothing where a register itself can be asked.
    still = [each for each in still if not each.candidate.is_download] or still
    settled = [each for each in still if _is_settled(each)]
    if settled:
        return _settled_entry(reading, student, settled, day, kind)
    if still:
        return Entry(student=student, outcome=Outcome.PROBABLE, people=tuple(still))
    if kind == "poverty" and student.is_target and _is_covered(student, rosters):
        return Entry(student=student, outcome=Outcome.ONLY_IN_SCHOOL)
    return None


def _answer(possible: Possible) -> Answer | None:
    return possible.verdict.answer if possible.verdict and not possible.is_withdrawn else None


def _is_settled(possible: Possible) -> bool:
    return possible.candidate.likeness is not Likeness.PROBABLE or _answer(possible) is Answer.SAME


def _settled_entry(
    reading: "Reading", student: Student, people: Sequence[Possible], day: date, kind: str
) -> Entry:
    people = sorted(people, key=lambda each: -each.roster.as_of.toordinal())
    person = people[0]
    facts = person.facts
    is_cleared = facts.is_risk_cleared and (facts.risk_cleared_on is None or facts.risk_cleared_on <= day)
    is_poor = (
        kind == "poverty"
        and facts.category is not None
        and not is_cleared
        and reading.policy.is_target(facts.category, day)
    )
    differing = tuple(_differing(student, person))
    outcome = Outcome.DIFFERS if differing else Outcome.SAME
    if is_poor and not student.is_target:
        outcome = Outcome.ONLY_IN_POVERTY
    return Entry(
        student=student, outcome=outcome, people=tuple(people), differing=differing,
        is_cleared=is_cleared and student.is_target,
    )  # fmt: skip


def _differing(student: Student, person: Possible) -> Iterable[str]:
    """Say what the roster tells differently of one and the same person."""
    judgement, side, own = person.judgement, person.candidate.side, student.side
    if judgement and judgement.likeness is Likeness.DIFFERS and _answer(person) is not Answer.SAME:
        yield from judgement.cautions
    category = person.facts.category
    known = set((student.category or "").split("、"))
    if category and student.is_target and category not in known:
        yield f"身份类别：学校{student.category}，名册{person.facts.wording}"
    if own.household_number and side.household_number and own.household_number != side.household_number:
        yield f"户编号：学校 {own.household_number}，名册 {side.household_number}"
    if own.head_name and side.head_name and own.head_name != side.head_name:
        yield f"户主：学校{own.head_name}，名册{side.head_name}"


def _is_covered(student: Student, rosters: Iterable[StoredRoster]) -> bool:
    """Say whether a roster of the student's home county is there, so that missing in it means something."""
    county = student.side.county
    return county is not None and any(
        is_same_county(county, each) for one in rosters for each in one.counties
    )


def _load_facts(reading: "Reading", candidates: Iterable[Candidate]) -> dict[tuple[int, int], PersonFacts]:
    places = sorted({(each.roster_id, each.number) for each in candidates})
    found: dict[tuple[int, int], PersonFacts] = {}
    for roster_id, number, *rest in reading.rows(
        "SELECT p.roster_id, p.number, p.sheet, p.row, p.person_number, p.relation, p.village_group, p.category,"
        " p.original_wording, p.identified_on, p.is_risk_cleared, p.risk_cleared_on, p.conclusion, p.details"
        " FROM json_each(?) j JOIN roster_person p"
        " ON p.roster_id = json_extract(j.value, '$[0]') AND p.number = json_extract(j.value, '$[1]')",
        (json.dumps(places),),
    ):
        (
            sheet,
            row,
            own,
            relation,
            group,
            category,
            wording,
            identified,
            is_cleared,
            cleared,
            said,
            details,
        ) = rest
        found[roster_id, number] = PersonFacts(
            sheet, row, own, relation, group, category, wording,
            date.fromisoformat(identified) if identified else None,
            bool(is_cleared),
            date.fromisoformat(cleared) if cleared else None,
            said,
            json.loads(details) if details else {},
        )  # fmt: skip
    return found


def _load_verdicts(reading: "Reading", kind: str) -> dict[tuple[int, str], KnownVerdict]:
    return {
        (student_id, key): KnownVerdict(row_id, Answer(answer), facts, date.fromisoformat(on), by, remark)
        for student_id, key, row_id, answer, facts, on, by, remark in reading.rows(
            "SELECT student_id, person_key, id, answer, facts, judged_on, judged_by, remark FROM verdict"
            " WHERE roster_kind = ?",
            (kind,),
        )
    }


def _compare_with_former(
    reading: "Reading", found: Comparison, students: dict[int, Student], kind: str
) -> None:
    """Say what the newest rosters tell of students that the rosters before them did not."""
    former = {roster.id: roster for roster in former_rosters(reading, kind)}
    offices = {roster.office for roster in former.values()}
    if not former:
        return
    candidates = find_candidates(reading, students, list(former))
    facts = _load_facts(reading, [each for some in candidates.values() for each in some])
    before: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for student_id, some in candidates.items():
        for each in some:
            if each.likeness is not Likeness.PROBABLE:
                office = former[each.roster_id].office
                before[student_id].setdefault(office, _standing(facts[each.roster_id, each.number]))
    now: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for entry in found.entries:
        for possible in entry.people:
            if _is_settled(possible) and possible.roster.office in offices:
                now[entry.student.id].setdefault(possible.roster.office, _standing(possible.facts))
    for student in students.values():
        for office in sorted(offices):
            was, has = before[student.id].get(office), now[student.id].get(office)
            if was is None and has is not None:
                found.newly_listed.append(Movement(student, office, "", has))
            elif was is not None and has is None:
                found.removed.append(Movement(student, office, was, ""))
            elif was is not None and has is not None and was != has:
                found.category_changed.append(Movement(student, office, was, has))


def _standing(facts: PersonFacts) -> str:
    """Return how a person stands in a roster: the category, and the risk where it is cleared."""
    return (facts.category or facts.wording) + ("（风险已消除）" if facts.is_risk_cleared else "")
