"""缺材料清单: class by class who lacks which proof, for the class teachers (DOMAIN section 9, check 11)."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Document, Grade, PageSetup, Paragraph, Table, TableRow
from skillsaid_desktop.ledgers import PROOFS_LEDGER
from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, list_ids
from skillsaid_desktop.ledgers.proofs import COLUMNS
from skillsaid_desktop.reports.letterhead import Letterhead
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, table_rows
from skillsaid_desktop.schema import Field, Name, Number, Text
from skillsaid_desktop.schema.types import LACKING

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=3, align="center"),
    PaperColumn(name="name", headings=("姓名",), type=Name(), width=8),
    *(
        PaperColumn(name=name, headings=(kind,), type=Text(), width=5, align="center")
        for name, kind in COLUMNS.items()
    ),
    PaperColumn(name="remark", headings=("备注",), type=Text(), width=10, fills=True),
)


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    if name != "class_name":
        return ()
    return [str(row[0]) for row in reading.rows("SELECT name FROM school_class ORDER BY grade DESC, name")]


def _records(reading: "Reading", params: Params) -> list[dict[str, Any]]:
    day = params["as_of"]
    ids = list_ids(reading, PROOFS_LEDGER, ListQuery(as_of=day))
    rows = fetch_rows(reading, PROOFS_LEDGER, ids, day)
    names = Counter((row["class_now"], row["name"]) for row in rows)
    chosen = params.get("class_name")
    found = []
    for row in rows:
        if not row["missing"] or (chosen and row["class_now"] != chosen):
            continue
        # Two of one name in a class: the last four of the number tell them apart, as in the window.
        is_alone = names[row["class_now"], row["name"]] == 1 or not row["id_number"]
        name = row["name"] if is_alone else f"{row['name']}（{row['id_number'][-4:]}）"
        marks = {each: LACKING if row[each] == LACKING else None for each in COLUMNS}
        found.append({"name": name, "class_name": row["class_now"] or "没有班级", **marks})
    return found


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, MISSING_PROOFS.grades, MISSING_PROOFS.title)
    head = Letterhead(reading, as_of=params["as_of"])
    records = _records(reading, params)
    rows: list[TableRow] = []
    for class_name, members in groupby(records, key=lambda each: each["class_name"]):
        group = list(members)
        if not params.get("class_name"):
            words = f"{class_name}　{len(group)} 人"
            rows.append(TableRow(values=(words, *(None,) * (len(_COLUMNS) - 1)), kind="group"))
        rows += table_rows(_COLUMNS, group, grade)
    table = Table(
        columns=tuple(column.as_table_column() for column in _COLUMNS),
        rows=rows,
        when_empty="帮扶对象的材料都齐了",
        name="缺材料清单",
        frozen_columns=2,
    )
    note = (
        "写“缺”的请收来交资助办公室：原件、复印件、手机拍照都可以；户口簿一户一份，兄弟姐妹同校的只交一次。"
    )
    chosen = params.get("class_name")
    return head.document(
        title=MISSING_PROOFS.title,
        blocks=(table, Paragraph(text=note, small=True)),
        page=PageSetup(),
        grade=grade,
        remarks=(str(chosen) if chosen else "", f"共 {len(records)} 人"),
        unit="",
        people=len(records),
        signed=False,
    )


MISSING_PROOFS = Report(
    name="missing_proofs",
    title="缺材料清单",
    parameters=(AS_OF, Field(name="class_name", title="班级", type=Text(), help="不选就是全部班级")),
    build=_build,
    offers=_offers,
    grades=(Grade.MASKED, Grade.FULL),
    group="学生",
)
