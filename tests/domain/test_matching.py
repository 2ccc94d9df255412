"""Who is one person: certain by number and name, asked where a slip explains the difference, never guessed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skillsaid_desktop.domain.matching import Judgement, Likeness, Side, judge, slips_between
from skillsaid_desktop.domain.names import name_relation
from skillsaid_desktop.schema.document_number import check_digit, check_digit_holds
from tests.factories import document_number


def side(name: str = "邱梦婷", number: str | None = None, **values: str | None) -> Side:
    number = number if number is not None else document_number(1)
    born = number[6:14] if len(number) >= 18 else ""
    return Side(**{"name": name, "folded": name, "number": number or None, "born": born, **values})  # type: ignore[arg-type]


def mistyped(number: str, at: int) -> str:
    """Return the number with another digit in one place; its check digit does not fit any more."""
    digit = str((int(number[at]) + 1) % 10)
    return number[:at] + digit + number[at + 1 :]


def judged(student: Side, person: Side) -> Judgement:
    found = judge(student, person)
    assert found is not None
    return found


def test_the_same_number_and_name_is_one_person() -> None:
    found = judged(side(), side())
    assert found.likeness is Likeness.SAME
    assert "证件号完全相同" in found.reasons


@pytest.mark.parametrize(
    ("own", "other", "word"),
    [
        ("曾露", "曾璐", "读音相同，用字不同：露、璐"),
        ("黄𠅤", "黄?", "生僻字"),
        ("刘䶮", "刘", "生僻字"),
        ("曾峯", "曾峰", "峯、峰"),
        ("王佳俊", "王佳杰", "有一个字不同：俊、杰"),
    ],
)
def test_the_same_number_under_a_name_written_differently_is_one_person_whose_name_differs(
    own: str, other: str, word: str
) -> None:
    found = judged(side(own), side(other))
    assert found.likeness is Likeness.DIFFERS
    assert word in "；".join(found.cautions)


def test_the_same_number_under_another_name_is_asked() -> None:
    found = judged(side("邱梦婷"), side("李建华"))
    assert found.likeness is Likeness.PROBABLE
    assert "有一边写错了" in found.cautions[0]


def test_a_disability_certificate_begins_with_the_number_and_is_asked() -> None:
    number = document_number(7)
    found = judged(side(number=number), side(number=f"{number}44"))
    assert found.likeness is Likeness.PROBABLE
    assert "残疾人证" in found.reasons[0]


def test_a_typing_slip_that_fails_its_check_is_asked_with_the_place_named() -> None:
    number = document_number(3)
    found = judged(side(number=number), side(number=mistyped(number, 11)))
    assert found.likeness is Likeness.PROBABLE
    assert found.slips == (11,)
    assert "第 12 位不同" in found.cautions[0]
    assert "名册的号码校验位不对" in found.cautions[1]


def test_two_neighbours_swapped_are_a_slip() -> None:
    assert slips_between("360731200906128040", "360731200960128040") == (10, 11)
    assert slips_between("360731200906128040", "360731200960128041") == ()


def test_a_slip_under_another_name_needs_the_head_of_the_household() -> None:
    number, head = document_number(3), document_number(900, born_on=date(1970, 1, 1))
    other = mistyped(number, 16)
    assert judge(side("邱梦婷", number), side("李建华", other)) is None
    with_head = {"head_number": head, "head_name": "邱长根"}
    found = judged(side("邱梦婷", number, **with_head), side("李建华", other, **with_head))
    assert found.likeness is Likeness.PROBABLE
    assert any("户主是同一人：邱长根" in reason for reason in found.reasons)


def test_namesakes_with_valid_numbers_are_two_people() -> None:
    assert judge(side("陈磊", document_number(1)), side("陈磊", document_number(2000))) is None


def test_twins_are_two_people() -> None:
    born, home = date(2008, 3, 15), {"head_name": "王根", "head_number": document_number(1, born_on=date(1970, 1, 1)),
                                     "township": "罗坳镇", "village": "大桥村", "household_number": "3607310001"}  # fmt: skip
    one = side("王佳俊", document_number(10, born_on=born), **home)
    other = side("王佳杰", document_number(12, born_on=born), **home)
    assert judge(one, other) is None


def test_somebody_without_a_number_is_asked_if_village_or_head_agree() -> None:
    home = {"township": "罗坳镇", "village": "大桥村"}
    assert judged(side(**home), side(number="", **home)).likeness is Likeness.PROBABLE
    assert judge(side(**home), side(number="", township="罗坳镇", village="上围村")) is None


def test_the_guardian_speaks_for_one_person_where_the_village_agrees() -> None:
    number = document_number(5)
    home = {"township": "贡江镇", "village": "长屋村"}
    found = judged(
        side(number=number, guardian="司徒土", **home),
        side(number=mistyped(number, 12), head_name="司徒土", **home),
    )
    assert "名册的户主司徒土就是学校登记的监护人" in found.reasons


NAMES = st.sampled_from(
    ["陈磊", "陈雷", "王佳俊", "王佳杰", "刘䶮", "刘", "司徒凯军", "曾露", "曾璐", "张伟文"]
)
NUMBERS = st.builds(lambda serial, day: document_number(serial, born_on=day),
                    st.integers(0, 900), st.dates(date(2005, 1, 1), date(2010, 12, 31)))  # fmt: skip
PLACES = st.sampled_from(["大桥村", "上围村", None])
HEADS = st.sampled_from([None, document_number(1, born_on=date(1970, 1, 1))])


@st.composite
def sides(draw: st.DrawFn) -> Side:
    number = draw(NUMBERS)
    if draw(st.booleans()):
        at = draw(st.integers(6, 16))
        number = mistyped(number, at)
    return side(draw(NAMES), number, village=draw(PLACES), township="罗坳镇", head_number=draw(HEADS),
                head_name="王根", household_number=draw(st.sampled_from([None, "1"])))  # fmt: skip


@given(sides(), sides())
def test_two_different_numbers_are_never_joined_by_the_program(one: Side, other: Side) -> None:
    assume(one.number != other.number)
    found = judge(one, other)
    assert found is None or found.likeness is Likeness.PROBABLE


@given(sides(), sides())
def test_what_is_joined_is_explained(one: Side, other: Side) -> None:
    found = judge(one, replace(other, number=one.number, born=one.born))
    assert found is not None
    assert found.reasons
    assert (found.likeness is Likeness.SAME) == (one.folded == other.folded)
    assert found.cautions or found.likeness is Likeness.SAME


@given(sides(), sides())
def test_it_does_not_matter_which_side_is_asked_first(one: Side, other: Side) -> None:
    there, back = judge(one, other), judge(other, one)
    assert (there and there.likeness) == (back and back.likeness)


@given(NUMBERS, st.integers(0, 16))
def test_one_wrong_digit_always_fails_the_check(number: str, at: int) -> None:
    assert check_digit_holds(number)
    assert check_digit(number) == number[17]
    assert not check_digit_holds(mistyped(number, at))


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("王伟", "王伟", "equal"), ("查明", "扎明", "homophone"), ("单嘉勇", "善嘉勇", "homophone"),
        ("黄□", "黄𠅤", "missing"), ("志强", "强志", "one"), ("邱梦婷", "李建华", "different"), ("王伟", "王", "different"),
    ],
)  # fmt: skip
def test_how_two_names_stand_to_each_other(one: str, other: str, relation: str) -> None:
    assert name_relation(one, other) == relation
    assert name_relation(other, one) == relation
