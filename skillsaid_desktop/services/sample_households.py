"""The households of the sample school, as a county's list has them: one row a person, invented like everything there."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from skillsaid_desktop.services.sample_people import resident_number

Row = dict[str, Any]
_LIFTED = (2016, 2017, 2018, 2019)
_GRANDPARENTS = frozenset({"祖父", "祖母"})


def household_rows(
    students: Sequence[Row], cleared: Mapping[str, tuple[date, str]], words: Mapping[str, Any]
) -> list[Row]:
    """Return the rows of all households that have a target among these students, or one whose risk was cleared."""
    kinds = words["household_categories"]
    families: dict[tuple[str, ...], list[Row]] = {}
    for student in students:
        home = tuple(student[name] for name in ("guardian_phone", "guardian_name", "home_village"))
        families.setdefault(home, []).append(student)
    listed = [
        sorted(family, key=lambda one: (one.get("category") not in kinds, one["born_on"]))
        for family in families.values()
        if any(one.get("category") in kinds or one["document_number"] in cleared for one in family)
    ]
    chance = random.Random("户")
    codes = {county["name"]: county["code"] for county in words["counties"]}
    rows: list[Row] = []
    for at, family in enumerate(listed, 1):
        rows += _family(at, family, cleared, words, codes[family[0]["home_county"]], chance)
    return rows


def _family(
    at: int,
    students: Sequence[Row],
    cleared: Mapping[str, tuple[date, str]],
    words: Mapping[str, Any],
    code: str,
    chance: random.Random,
) -> list[Row]:
    first = students[0]
    is_old = first["guardian_relation"] in _GRANDPARENTS
    is_woman = first["guardian_relation"] in ("母亲", "祖母")
    born = first["born_on"].year - (58 if is_old else chance.choice((24, 27, 30)))
    head_number = _number(code, born, is_woman, at)
    over = next(
        (cleared[one["document_number"]] for one in students if one["document_number"] in cleared), None
    )
    category = over[1] if over else first["category"]
    is_lifted = category == "脱贫户"
    home: Row = {
        "number": f"{code}{10_000_000 + at * 7919 % 89_999_999}",
        "head_name": first["guardian_name"], "head_document_number": head_number, "county": first["home_county"],
        "township": first["home_township"], "village": first["home_village"], "category": category,
        "identified_on": date(chance.choice((2014, 2015, 2016)) if is_lifted else chance.choice((2021, 2022, 2023)),
                              chance.choice((6, 9, 12)), 1),
        "lifted_year": str(chance.choice(_LIFTED)) if is_lifted else None,
        "is_risk_cleared": None if is_lifted else over is not None,
        "risk_cleared_on": over[0] if over else None,
        "main_cause": chance.choice(words["causes"]),
        "income_fen": chance.randrange(7_000, 14_000) * 100,
        "phone": first["guardian_phone"], "helper": chance.choice(words["helpers"]),
    }  # fmt: skip
    members: list[Row] = [
        {"member_name": first["guardian_name"], "member_number": head_number, "relation": "户主",
         "health": chance.choice(words["healths"]), "skill": chance.choice(words["skills"])}
    ]  # fmt: skip
    if not is_old and chance.random() < 0.7:
        mate = (
            chance.choice(words["surnames"].split()) + chance.choice("桂兰秀凤") + chance.choice("英香珍莲")
        )
        members.append(
            {"member_name": mate, "member_number": _number(code, born + 2, not is_woman, at), "relation": "配偶",
             "health": chance.choice(words["healths"])}
        )  # fmt: skip
    for student in students:
        child = "之女" if student["sex"] == "女" else "之子"
        grandchild = "之孙女" if student["sex"] == "女" else "之孙子"
        members.append(
            {"member_name": student["name"], "member_number": student["document_number"],
             "relation": grandchild if is_old else child, "health": "健康", "school_state": "技工院校在读"}
        )  # fmt: skip
    home["size"] = str(len(members) + chance.choice((0, 0, 1)))
    return [{**home, **member} for member in members]


def _number(code: str, year: int, is_woman: bool, at: int) -> str:
    born = date(year, 1 + at % 12, 1 + at % 27)
    return resident_number(code, born, 100 + (at * 2 + (0 if is_woman else 1)) % 800)
