"""Names, numbers, money, flags and words; what is written reads back."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.schema import (
    Amount,
    BankCard,
    Choice,
    Field,
    FieldType,
    Flag,
    IdNumber,
    Name,
    Number,
    Phone,
    Ratio,
    Severity,
    Text,
    mask_number,
    parse_record,
)
from skillsaid_desktop.schema.field_type import RawValue


class Levels:
    """A vocabulary of two words and one synonym."""

    def values(self, vocabulary: str) -> Sequence[str]:
        """Return the words."""
        return ("无", "一般")

    def resolve(self, vocabulary: str, text: str) -> str | None:
        """Return what a text means."""
        return {"无": "无", "一般": "一般", "一般困难": "一般"}.get(text)


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        ("曾  诗", "曾诗", "blank"),
        ("孙博峰\u3000", "孙博峰", "blank"),
        ("管倩\u200b梓", "管倩梓", "invisible"),
        ("木合塔尔•艾山", "木合塔尔·艾山", "middle dot"),
        ("巴图・那顺", "巴图·那顺", "middle dot"),
        ("刘婷（大）", "刘婷", "brackets"),
    ],
)
def test_a_name_is_mended_and_the_mending_shown(raw: str, value: str, code: str) -> None:
    parsed = Name().parse(raw)
    assert (parsed.value, [each.code for each in parsed.findings]) == (value, [code])


@pytest.mark.parametrize("name", ["黄𠅤", "谢𬭎", "钟𫖯", "刘䶮", "阿依古丽·买买提", "John Smith"])
def test_rare_names_stay_as_they_are(name: str) -> None:
    assert Name().parse(name).value == name
    assert Name().parse(name).findings == ()


def test_the_word_in_brackets_is_kept_beside_the_name() -> None:
    assert Name().parse("刘婷(小)").note == "小"


@pytest.mark.parametrize("raw", ["=1+1", '=HYPERLINK("a")', "&x;&y;", "长" * 40_000, "-1", "@SUM(A1)"])
def test_what_is_no_name_is_refused(raw: str) -> None:
    parsed = Name().parse(raw)
    assert parsed.value is None
    assert parsed.findings[0].severity is Severity.BLOCK


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Number(), "3年", 3),
        (Number(), "22(天)", None),
        (Number(), 5.0, 5),
        (Amount(), "1,150.5", 115_050),
        (Amount(), "1.5万元", 1_500_000),
        (Amount(), "230元", 23_000),
        (Amount(), 0.1, 10),
        (Ratio(), "95%", 0.95),
        (Phone(), 13509939923.0, "13509939923"),
        (Phone(), "135 0993 9923", "13509939923"),
        (Flag(), "√", True),
        (Flag(), "0", False),
        (Flag(), "11月20号到了200", True),
        (Flag(), "还没到账", False),
    ],
)
def test_values_are_read(kind: FieldType, raw: RawValue, value: object) -> None:
    assert kind.parse(raw).value == value


def test_a_card_is_checked_and_a_spoiled_one_left_out() -> None:
    assert BankCard().parse("6222 0210 0111 6245 702").findings == ()
    assert BankCard().parse("6222021001116245703").findings[0].code == "card"
    assert BankCard().parse(6.22202100111625e18).value is None


def test_a_synonym_is_understood_and_an_unknown_word_waits() -> None:
    kind = Choice("difficulty", announces=True)
    assert kind.parse("√无", Levels()).value == "无"
    assert [each.code for each in kind.parse("一般困难", Levels()).findings] == ["word"]
    assert kind.parse("待观察", Levels()).findings[0].waits


def test_an_optional_column_never_holds_a_row_back() -> None:
    fields = [
        Field(name="level", title="困难等级", type=Choice("difficulty")),
        Field(name="number", title="身份证号", type=IdNumber()),
        Field(name="other", title="户主证件号", type=IdNumber(strict=False)),
        Field(name="card", title="卡号", type=BankCard()),
    ]
    cells: dict[str, RawValue] = {"level": "待观察", "number": 3.6e17, "other": 3.6e17, "card": 6.2e18}
    record = parse_record(fields, cells, Levels(), "名册.xlsx", "Sheet1", 5)
    assert {(each.column, each.severity, each.waits) for each in record.issues} == {
        ("困难等级", Severity.ASK, False),
        ("身份证号", Severity.BLOCK, False),
        ("户主证件号", Severity.ASK, False),
        ("卡号", Severity.ASK, False),
    }


def test_numbers_are_masked_in_the_middle() -> None:
    assert mask_number("360731200806204952") == "3607********4952"
    assert mask_number("13509939923") == "135****9923"
    assert mask_number(None) == ""


@given(st.integers(-(10**12), 10**12))
def test_money_reads_back(fen: int) -> None:
    kind = Amount()
    assert kind.parse(kind.format(fen)).value == fen


@given(st.integers(-(10**12), 10**12))
def test_numbers_read_back(number: int) -> None:
    assert Number().parse(Number().format(number)).value == number


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
def test_no_cell_breaks_any_type(raw: RawValue) -> None:
    kinds: list[FieldType] = [
        Text(),
        Text(multiline=True),
        Name(),
        Phone(),
        BankCard(),
        Amount(),
        Number(),
        Ratio(),
    ]
    for kind in (*kinds, Flag(), Choice("difficulty")):
        kind.format(kind.parse(raw, Levels()).value)


@pytest.mark.parametrize(
    ("raw", "value"), [('="36102501725578"', "36102501725578"), ("'00123", "00123"), ('="一组"', "一组")]
)
def test_a_guarded_text_loses_its_guard_and_says_so(raw: str, value: str) -> None:
    parsed = Text().parse(raw)
    assert (parsed.value, [each.code for each in parsed.findings]) == (value, ["guarded number"])


@pytest.mark.parametrize("raw", ["=1+1", "'好'", "‘中国梦’征文", '="a"&"b"'])
def test_a_text_that_only_begins_like_a_guard_stays(raw: str) -> None:
    assert Text().parse(raw).value == raw
    assert Text().parse(raw).findings == ()


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        ("⾼明", "高明", "look-alike character"),
        ("\uf90a龙", "金龙", "look-alike character"),
        ("（转）王芳", "王芳", "brackets"),
        ("阿卜杜\u2024热依木", "阿卜杜·热依木", "middle dot"),
    ],
)
def test_a_mended_name_shows_before_and_after(raw: str, name: str, code: str) -> None:
    parsed = Name().parse(raw)
    assert parsed.value == name
    assert [(each.severity, each.code) for each in parsed.findings] == [(Severity.FIXED, code)]
    assert f"“{raw}” → “{name}”" in parsed.findings[0].message


def test_an_old_private_use_code_is_read_and_asked_about() -> None:
    parsed = Name().parse("邹林\ue863")
    assert parsed.value == "邹林䶮"
    assert [(each.severity, each.waits) for each in parsed.findings] == [(Severity.ASK, False)]
    unknown = Name().parse("邹林\ue100")
    assert unknown.value == "邹林\ue100"
    assert "U+E100" in unknown.findings[0].message


@pytest.mark.parametrize(
    "raw", ["36073120080620499x", "３６０７３１２００８０６２０４９９Ｘ", " 360731 20080620 499X"]
)
def test_a_mended_number_shows_before_and_after(raw: str) -> None:
    told = [each.message for each in IdNumber().parse(raw).findings if each.severity is Severity.FIXED]
    assert told
    assert all(each.endswith("→ “36073120080620499X”") for each in told)
