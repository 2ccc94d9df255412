"""Whether a student and somebody in another office's roster are one person, by rules with reasons in plain sentences.

Nothing is scored. What is certain joins by itself: the same number with the same name. What is doubtful is asked.
Two different numbers that both pass their checks are two people and are never joined automatically.
"""

from dataclasses import dataclass
from enum import StrEnum

from skillsaid_desktop.domain.names import is_rare, name_relation
from skillsaid_desktop.schema.document_number import check_digit_holds

_CONFUSED = frozenset(
    frozenset(pair) for pair in ("38", "17", "06", "56", "69", "08", "49", "35", "12", "14", "27", "58")
)


class Likeness(StrEnum):
    """How a student and a person of a roster belong together."""

    SAME = "same"  # one person, certain
    DIFFERS = "differs"  # one person by number, whose name is written differently
    PROBABLE = "probable"  # asked, never accepted by the program


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is known of a person on one side. Names are folded beside the form that is shown; numbers upper case."""

    name: str
    folded: str
    number: str | None = None
    born: str = ""  # YYYYMMDD
    sex: str | None = None
    household_number: str | None = None
    head_name: str | None = None
    head_number: str | None = None
    guardian: str | None = None
    county: str | None = None
    township: str | None = None
    village: str | None = None

    @property
    def resident_number(self) -> str | None:
        """The 18 characters of a resident number; those that a disability certificate begins with."""
        number = self.number
        return number[:18] if number and len(number) >= 18 and number[:17].isdecimal() else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What speaks for one person and what calls for care; `slips` are places of the number that differ, from 0."""

    likeness: Likeness
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    slips: tuple[int, ...] = ()
    is_number_same: bool = False


def judge(student: Side, person: Side) -> Judgement | None:
    """Return how the two belong together, None if nothing speaks for one person."""
    own, other = student.resident_number, person.resident_number
    names = name_relation(student.folded, person.folded)
    if own and own == other:
        return _by_number(student, person, names)
    support = _Support(student, person)
    if own is None or other is None:
        holds = names in ("equal", "homophone", "missing") and (
            support.head or (support.village and names == "equal") or (support.born and names == "equal")
        )
        return _told(student, person, names, support) if holds else None
    slips = slips_between(own, other)
    fails = not (check_digit_holds(own) and check_digit_holds(other))
    if slips:
        holds = (
            names in ("equal", "homophone", "missing")
            or (names == "one" and fails and (support.head or support.village))
            or (fails and support.head_number)
        )
    elif fails:
        holds = names in ("equal", "homophone", "missing") and (
            support.born or support.head or (support.village and names == "equal")
        )
    else:
        holds = names == "equal" and support.born and support.head
    return _told(student, person, names, support, slips) if holds else None


def slips_between(one: str, other: str) -> tuple[int, ...]:
    """Return where two numbers of 18 differ if it is a typing slip: one place, or two neighbours swapped."""
    places = tuple(at for at in range(18) if one[at] != other[at])
    if len(places) == 1:
        return places
    is_swapped = (
        len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )
    return places if is_swapped else ()


class _Support:
    """What besides number and name speaks for one person."""

    def __init__(self, student: Side, person: Side) -> None:
        self.born = bool(student.born) and student.born == person.born
        self.village = bool(student.village) and (
            _place(student.township) == _place(person.township)
            and _place(student.village) == _place(person.village)
        )
        self.head_number = bool(student.head_number) and student.head_number == person.head_number
        self.head_name = bool(student.head_name) and student.head_name == person.head_name
        self.guardian = bool(student.guardian) and student.guardian == person.head_name
        self.household = (
            bool(student.household_number) and student.household_number == person.household_number
        )
        self.head = self.head_number or self.household or ((self.head_name or self.guardian) and self.village)


def _place(text: str | None) -> str:
    return (text or "").removesuffix("委会").removesuffix("村").removesuffix("民")


def _by_number(student: Side, person: Side, names: str) -> Judgement:
    """Judge two of one number: certain if the names agree, one person of two spellings if they are alike."""
    is_certificate = student.number != person.number
    reasons = ["名册写的是残疾人证号，前 18 位就是学校登记的身份证号" if is_certificate else "证件号完全相同"]
    cautions = []
    if names == "equal":
        likeness = Likeness.PROBABLE if is_certificate else Likeness.SAME
        reasons.append("姓名相同")
    elif names == "different":
        likeness = Likeness.PROBABLE
        cautions.append(
            f"姓名不同：学校{student.name}，名册{person.name}；同一个证件号只能是一个人，有一边写错了"
        )
    else:
        likeness = Likeness.PROBABLE if is_certificate else Likeness.DIFFERS
        cautions.append(_name_sentence(student, person, names))
    reasons += _supporting(student, person, _Support(student, person))
    return Judgement(likeness, tuple(reasons), tuple(cautions), is_number_same=True)


def _told(
    student: Side, person: Side, names: str, support: _Support, slips: tuple[int, ...] = ()
) -> Judgement:
    reasons: list[str] = []
    cautions: list[str] = []
    (reasons if names == "equal" else cautions).append(
        "姓名相同" if names == "equal" else _name_sentence(student, person, names)
    )
    reasons += _supporting(student, person, support)
    own, other = student.resident_number, person.resident_number
    if own and other:
        cautions.append(_number_sentence(own, other, slips))
        cautions.append(_check_sentence(own, other))
    else:
        cautions.append("学校没有登记证件号" if own is None else "名册里没有能用的证件号")
    return Judgement(Likeness.PROBABLE, tuple(reasons), tuple(cautions), slips)


def _supporting(student: Side, person: Side, support: _Support) -> list[str]:
    found = []
    if support.born and not (student.number and student.number == person.number):
        found.append("出生日期相同")
    if support.village:
        found.append(f"住在同一个村：{student.township or ''}{student.village}")
    if support.head_number:
        found.append(f"户主是同一人：{person.head_name or ''}，证件号完全相同")
    elif support.head_name:
        found.append(f"户主同名：{person.head_name}")
    if support.guardian and not support.head_number:
        found.append(f"名册的户主{person.head_name}就是学校登记的监护人")
    if support.household:
        found.append("户编号相同")
    return found


def _name_sentence(student: Side, person: Side, names: str) -> str:
    if names == "missing":
        rare = "".join(character for character in student.folded if is_rare(character))
        return f"名册缺字，写作“{person.name}”" + (f"；“{rare}”是生僻字，老系统打不出来" if rare else "")
    if len(student.folded) == len(person.folded):
        pairs = [
            (mine, theirs)
            for mine, theirs in zip(student.folded, person.folded, strict=True)
            if mine != theirs
        ]
        words = "，".join(f"{mine}、{theirs}" for mine, theirs in pairs)
        if names == "homophone":
            return f"姓名读音相同，用字不同：{words}"
        return f"姓名有一个字不同：{words}" if len(pairs) == 1 else f"姓名用字不同：{words}"
    return f"姓名不同：学校{student.name}，名册{person.name}"


def _number_sentence(own: str, other: str, slips: tuple[int, ...]) -> str:
    if len(slips) == 1:
        at = slips[0]
        confused = "，容易看错、抄错" if frozenset((own[at], other[at])) in _CONFUSED else ""
        return f"证件号第 {at + 1} 位不同：{own[at]} 与 {other[at]}{confused}"
    if slips:
        return f"证件号第 {slips[0] + 1}、{slips[1] + 1} 位颠倒了"
    count = sum(1 for mine, theirs in zip(own, other, strict=True) if mine != theirs)
    return f"证件号有 {count} 位不同"


def _check_sentence(own: str, other: str) -> str:
    mine, theirs = check_digit_holds(own), check_digit_holds(other)
    if mine and theirs:
        return "两个号码都通过校验，可能是两个人"
    if mine:
        return "名册的号码校验位不对，像是名册抄错；学校的号码通过校验"
    if theirs:
        return "学校的号码校验位不对，像是学校抄错；名册的号码通过校验"
    return "两个号码的校验位都不对"
