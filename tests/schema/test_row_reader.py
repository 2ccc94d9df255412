"""Reading many rows gives exactly what reading each gives."""

from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.schema import (
    Date,
    Field,
    IdNumber,
    Name,
    Number,
    Parsed,
    Phone,
    Record,
    Text,
    parse_record,
)
from skillsaid_desktop.schema.field_type import RawValue
from skillsaid_desktop.schema.row_reader import row_reader

FIELDS = (
    Field(name="name", title="姓名", type=Name(), required=True),
    Field(name="number", title="身份证号", type=IdNumber(), required=True),
    Field(name="entered_on", title="入学日期", type=Date()),
    Field(name="phone", title="联系电话", type=Phone()),
    Field(name="years", title="学制", type=Number()),
    Field(name="remark", title="备注", type=Text()),
)
CELLS: st.SearchStrategy[RawValue] = st.one_of(
    st.sampled_from(
        ["张三", "张 三", "刘婷（大）", "2023.9", "3年", "360731200806204952", "13509939923", "1", ""]
    ),
    st.none(),
    st.booleans(),
    st.integers(0, 50_000),
    st.floats(),
)
ROWS = st.lists(st.fixed_dictionaries({each.name: CELLS for each in FIELDS}), max_size=6)


@given(ROWS)
def test_many_rows_are_read_as_each_alone(rows: list[dict[str, RawValue]]) -> None:
    read = row_reader(FIELDS, None, "名册.xlsx", "Sheet1")
    names = [each.name for each in FIELDS]
    numbered = list(enumerate([*rows, *rows], 2))
    third = len(numbered) // 3
    together: list[Record] = []
    for some in (numbered[:third], numbered[third:]):
        cells_of = [[cells[name] for name in names] for _, cells in some]
        together += read(names, [number for number, _ in some], cells_of)
    for (number, cells), record in zip(numbered, together, strict=True):
        alone = parse_record(FIELDS, cells, None, "名册.xlsx", "Sheet1", number)
        assert (record.values, record.raw) == (alone.values, alone.raw)
        assert (record.issues, record.precisions, record.notes, record.place) == (
            alone.issues, alone.precisions, alone.notes, alone.place,
        )  # fmt: skip


TRICKY = (
    "张三", "张·三", "丁a_x0041_", " 左", "a b", "王\u3000五", "赣县\u200b", "①", "ａ", "－", "⽅圆", "\ue000", "\ue816",
    "13509939923", "'36073", '="36"',
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(TRICKY),
    st.from_regex(r"1[0-9]{10}", fullmatch=True),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=6),
)


@given(st.sampled_from(FIELDS), st.lists(TEXTS, min_size=1, max_size=4))
def test_what_is_taken_as_it_is_would_be_read_as_it_is(field: Field, texts: list[str]) -> None:
    if field.type.are_values(texts):
        assert [field.type.parse(text) for text in texts] == [Parsed(text) for text in texts]


def test_plain_columns_are_taken_as_they_are() -> None:
    for kind, texts in (
        (Name(), ["张三", "李四"]),
        (Text(), ["G2025", "于都二中"]),
        (Phone(), ["13509939923"] * 2),
    ):
        assert kind.are_values(texts)


def test_an_issue_names_its_column_once() -> None:
    number = "360731200806204953"
    record = parse_record(FIELDS, {"name": "张三", "number": number}, None, "名册.xlsx", "Sheet1", 2)
    assert [issue.message for issue in record.issues] == [f"身份证号 {number} 的校验位不对，请与证件核对"]
    record = parse_record(FIELDS, {"name": "张三", "number": "36"}, None, "名册.xlsx", "Sheet1", 2)
    assert record.issues[0].message.startswith("身份证号：")
