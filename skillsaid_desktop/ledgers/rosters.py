"""Rosters of other offices (名册): which kinds there are, their columns, and how a snapshot is stored and found.

A roster is one journalled row; its people are a snapshot, written in bulk by the operation that brings it and never
changed. Undo takes the roster row away, and with it its people out of every list; redo brings them back.
"""

import hashlib
import marshal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import Roster, RosterPerson, Snapshot
from skillsaid_desktop.ledgers.columns import CATEGORY_HEADINGS, NUMBER_HEADINGS, besides
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import Amount, Date, Flag, IdNumber, Name, Number, Phone, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_NUMBER = Field(
    name="document_number", title="证件号码", type=IdNumber(strict=False), required=True, width=11,
    aliases=besides("证件号码", (*NUMBER_HEADINGS, "身份证件号", "公民身份证号码")), privacy=Privacy.NUMBER,
)  # fmt: skip
_NAME = Field(
    name="name", title="姓名", type=Name(), required=True, width=6,
    aliases=("成员姓名", "家庭成员姓名", "人员姓名", "学生姓名", "学员姓名"),
)  # fmt: skip
_PLACE = (
    Field(name="county", title="县", type=Text(), aliases=("县区", "区县", "所属县", "所属县区", "户籍县", "县市区")),
    Field(name="township", title="乡镇", type=Text(), aliases=("乡", "所属乡镇", "户籍乡镇", "乡镇街道")),
    Field(name="village", title="行政村", type=Text(), aliases=("村", "所属行政村", "户籍村", "村社区", "村居")),
    Field(name="village_group", title="组别", type=Text(), aliases=("组", "村组", "自然村", "村民小组")),
)  # fmt: skip
_PHONE = Field(
    name="phone", title="联系电话", type=Phone(), aliases=("电话", "手机", "手机号", "手机号码", "本人电话"),
    privacy=Privacy.NUMBER,
)  # fmt: skip
_HOUSEHOLD = (
    Field(name="household_number", title="户编号", type=Text(), aliases=("家庭编号", "户号", "脱贫户编号", "户id")),
    Field(name="head_name", title="户主姓名", type=Name(), aliases=("户主",)),
    Field(name="person_number", title="人员编号", type=Text(), aliases=("人口编号", "人编号", "成员编号")),
    Field(name="relation", title="与户主关系", type=Text(), aliases=("家庭关系", "和户主关系", "户主关系")),
    Field(name="category", title="户类型", type=Text(), privacy=Privacy.SENSITIVE,
          aliases=(*besides("户类型", CATEGORY_HEADINGS), "户属性", "农户类型", "人员类别", "识别类别")),
    Field(name="identified_on", title="识别时间", type=Date(),
          aliases=("认定时间", "监测时间", "纳入时间", "识别日期", "识别监测时间", "纳入监测时间")),
    Field(name="is_risk_cleared", title="风险是否已消除", type=Flag(),
          aliases=("风险是否消除", "风险消除", "是否消除风险", "风险消除情况")),
    Field(name="risk_cleared_on", title="风险消除时间", type=Date(), aliases=("消除日期", "消除时间", "风险消除日期")),
)  # fmt: skip
_BESIDES = (
    Field(name="sex", title="性别", type=Text()),
    Field(name="health", title="健康状况", type=Text(), aliases=("身体状况",), privacy=Privacy.SENSITIVE),
    Field(name="school_state", title="在校生状况", type=Text(), aliases=("在校生情况", "就学状况")),
    Field(name="skill", title="劳动技能", type=Text(), aliases=("劳动能力",)),
    Field(name="education", title="文化程度", type=Text()),
    Field(name="main_cause", title="主要致贫原因", type=Text(),
          aliases=("致贫原因", "致贫返贫风险", "主要风险", "主要风险及帮扶措施", "返贫致贫风险")),
    Field(name="lifted_on", title="脱贫时间", type=Date(), aliases=("脱贫年度", "脱贫年份")),
    Field(name="size", title="家庭人口", type=Number(), aliases=("家庭人口数", "人口数", "家庭人数")),
    Field(name="income_fen", title="人均纯收入", type=Amount(), aliases=("家庭人均纯收入", "人均可支配收入", "年人均纯收入")),
    Field(name="helper", title="帮扶责任人", type=Text(), aliases=("帮扶干部", "帮扶联系人")),
    Field(name="school", title="就读学校", type=Text(), aliases=("学校",)),
    Field(name="conclusion", title="比对结论", type=Text(), aliases=("比对结果", "核验结果", "比对情况")),
)  # fmt: skip
_TRAINING = (
    Field(name="category", title="人员类别", type=Text(), aliases=("培训对象类别", "人员性质")),
    Field(name="education", title="文化程度", type=Text()),
    Field(name="school", title="培训机构", type=Text(), aliases=("培训单位", "培训学校")),
    Field(name="training", title="培训工种", type=Text(), aliases=("职业(工种)", "工种", "培训专业", "培训项目")),
    Field(name="conclusion", title="比对结论", type=Text(), aliases=("比对结果",)),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RosterKind:
    """A kind of roster: `name` is the terminal's KIND, `kind` what stands in the ledger."""

    name: str
    kind: str
    title: str
    fields: tuple[Field, ...]


POVERTY = RosterKind(
    name="poverty-roster",
    kind="poverty",
    title="贫困（监测）名册",
    fields=(*_PLACE, *_HOUSEHOLD, _NAME, _NUMBER, _PHONE, *_BESIDES),
)
TRAINING = RosterKind(
    name="training-roster",
    kind="training",
    title="培训实名制名册",
    fields=(_NAME, _NUMBER, *_PLACE, _PHONE, *_TRAINING),
)
ROSTER_KINDS: tuple[RosterKind, ...] = (POVERTY, TRAINING)

PERSON_COLUMNS = tuple(
    column.name for column in RosterPerson.__table__.columns if column.name not in ("roster_id", "number")
)
"""What a person of a roster is stored as, in this order; days as ISO text, flags as 0 and 1."""


def roster_kind(name: str) -> RosterKind:
    """Return the kind of this name; KeyError if there is none."""
    for kind in ROSTER_KINDS:
        if name in (kind.name, kind.kind):
            return kind
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class StoredRoster:
    """A roster of the ledger, without its people."""

    id: int
    kind: str
    office: str
    file: str
    digest: str
    as_of: date
    counties: tuple[str, ...]
    people: int


def sheet_in(file: str, sheet: str) -> str:
    """Return a sheet's name for saying where a row stands; "" where the file is called just so."""
    return f"{sheet} " if sheet and sheet != PurePath(file).stem else ""


def list_rosters(reading: "Reading", kind: str | None = None) -> list[StoredRoster]:
    """Return the rosters of the ledger whose people are kept, the newest first."""
    rows = reading.rows(
        "SELECT id, kind, office, file, digest, as_of, counties, people FROM roster r"
        " WHERE kind = coalesce(?, kind) AND (people = 0"
        " OR EXISTS (SELECT 1 FROM roster_person p WHERE p.roster_id = r.id)"
        " OR EXISTS (SELECT 1 FROM register_person p WHERE p.roster_id = r.id)) ORDER BY as_of DESC, id DESC",
        (kind,),
    )
    return [
        StoredRoster(
            row_id, of_kind, office, file, digest, date.fromisoformat(as_of), tuple(filter(None, counties.split("、"))),
            people,
        )
        for row_id, of_kind, office, file, digest, as_of, counties, people in rows
    ]  # fmt: skip


def current_rosters(reading: "Reading", kind: str = "poverty") -> list[StoredRoster]:
    """Return the newest roster of each office: those that students are compared with."""
    return _nth_of_office(list_rosters(reading, kind), 0)


def former_rosters(reading: "Reading", kind: str = "poverty") -> list[StoredRoster]:
    """Return the roster before the newest of each office, where there is one."""
    return _nth_of_office(list_rosters(reading, kind), 1)


def _nth_of_office(rosters: Iterable[StoredRoster], place: int) -> list[StoredRoster]:
    by_office: dict[str, list[StoredRoster]] = {}
    for roster in rosters:
        by_office.setdefault(roster.office, []).append(roster)
    return [found[place] for found in by_office.values() if len(found) > place]


def insert_of(table: type[Snapshot]) -> str:
    """Return the statement that adds people to a table of snapshots: roster, number, and its columns in order."""
    columns = [column.name for column in table.__table__.columns]
    return (
        f"INSERT INTO {table.__tablename__} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    )


class RosterWriter:
    """Writes the people of one roster, batch by batch, and then the roster that owns them."""

    def __init__(self, uow: "UnitOfWork", table: type[Snapshot] = RosterPerson) -> None:
        self._uow = uow
        self._insert = insert_of(table)
        last = uow.scalar("SELECT seq FROM sqlite_sequence WHERE name = 'roster'")
        self.roster_id = int(last or 0) + 1  # ids are never given twice, so none has people yet
        self.people = 0
        self._digest = hashlib.sha256()

    def add(self, people: Sequence[tuple[Any, ...]]) -> None:
        """Write people, each with the values of the table's columns after roster and number."""
        first = self.people + 1
        rows = [(self.roster_id, number, *person) for number, person in enumerate(people, first)]
        self._uow.session.connection().exec_driver_sql(self._insert, rows)
        self.people += len(rows)
        self._digest.update(marshal.dumps([row[1:] for row in rows], 2))

    def finish(self, **values: Any) -> int:
        """Write the roster itself and return its id."""
        [made] = self._uow.insert_many(
            Roster, [{**values, "people": self.people, "people_digest": self._digest.hexdigest()}]
        )
        assert made == self.roster_id
        return made
