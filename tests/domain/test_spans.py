"""Stretches of a student's time: without gaps, agreeing with the rules day by day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.domain.spans import (
    ALWAYS,
    FOREVER,
    Hardship,
    Span,
    build_spans,
    is_same_county,
    paired_days,
)
from skillsaid_desktop.domain.status import Event, status_on
from skillsaid_desktop.policy import default_policy_text, load_policy

TEXT = default_policy_text()
POLICY = load_policy(TEXT, "jiangxi.toml")
ENTRY = Event("入学", date(2024, 9, 1), 1, "机电", "中级工", id=1)


def spans_of(*rows: Hardship, events: tuple[Event, ...] = ()) -> list[Span]:
    return build_spans([ENTRY, *events], rows, POLICY)


def test_one_entry_is_one_stretch() -> None:
    (span,) = spans_of()
    assert (span.from_on, span.to_on, span.state, span.opened_by) == (ENTRY.on, FOREVER, "在读", "入学")
    assert not span.is_target
    assert span.movement is None


def test_nobody_is_anything_before_the_entry() -> None:
    assert build_spans([], [Hardship("脱贫户", date(2020, 1, 1))], POLICY) == []


def test_a_category_counts_from_its_first_to_its_last_day_and_ends_the_day_after() -> None:
    spans = spans_of(Hardship("脱贫户", date(2025, 3, 1), date(2025, 6, 30)))
    assert [(s.from_on, s.is_target, s.opened_by, s.movement) for s in spans] == [
        (date(2024, 9, 1), False, "入学", None),
        (date(2025, 3, 1), True, "认定为帮扶对象", "认定"),
        (date(2025, 7, 1), False, "退出帮扶对象", "退出"),
    ]


def test_a_cleared_risk_counts_up_to_its_day_unless_the_policy_says_otherwise() -> None:
    row = Hardship("边缘易致贫户", date(2024, 1, 1), None, date(2025, 5, 10))
    spans = spans_of(row)
    assert [(s.from_on, s.is_target, s.movement) for s in spans] == [
        (date(2024, 9, 1), True, "入学"),
        (date(2025, 5, 11), False, "退出"),
    ]
    assert spans[1].category == "边缘易致贫户"
    kept = load_policy(
        TEXT.replace("cleared_risk_ends_target = true", "cleared_risk_ends_target = false"), "x"
    )
    assert len(build_spans([ENTRY], [row], kept)) == 1
    assert spans_of(Hardship("脱贫户", date(2024, 1, 1), None, date(2025, 5, 10)))[-1].is_target


def test_targets_come_first_among_several_categories() -> None:
    spans = spans_of(
        Hardship("低保", date(2024, 9, 1)),
        Hardship("脱贫户", date(2024, 9, 1), date(2025, 1, 31)),
        Hardship("残疾学生", date(2024, 9, 1)),
    )
    assert [s.category for s in spans] == ["脱贫户、低保、残疾学生", "低保、残疾学生"]


def test_an_overlapping_second_category_keeps_the_target() -> None:
    spans = spans_of(
        Hardship("脱贫户", date(2024, 9, 1), date(2025, 1, 31)),
        Hardship("边缘易致贫户", date(2025, 2, 1)),
    )
    assert [(s.is_target, s.movement) for s in spans] == [(True, "入学"), (True, None)]
    assert spans[1].opened_by == "身份类别变动"


def test_leaving_counts_under_its_kind_even_when_the_category_ends_that_day() -> None:
    spans = spans_of(
        Hardship("脱贫户", date(2024, 9, 1), date(2025, 6, 30)),
        events=(Event("毕业", date(2025, 7, 1), id=2),),
    )
    assert [s.movement for s in spans] == ["入学", "毕业"]


def test_who_becomes_a_target_on_the_day_of_entry_counts_under_the_entry() -> None:
    assert spans_of(Hardship("脱贫户", ENTRY.on))[0].movement == "入学"
    assert [s.movement for s in spans_of(Hardship("脱贫户", ENTRY.on + timedelta(days=1)))] == [None, "认定"]


def test_a_target_who_left_and_enrols_again_counts_anew() -> None:
    spans = spans_of(
        Hardship("脱贫户", date(2020, 1, 1)),
        events=(Event("退学", date(2025, 1, 5), id=2), Event("转入", date(2025, 9, 1), 3, id=3)),
    )
    assert [(s.state, s.is_target, s.movement) for s in spans] == [
        ("在读", True, "入学"),
        ("退学", True, "退学"),
        ("在读", True, "转入"),
    ]


def test_an_opening_change_opens_a_stretch_without_its_kind() -> None:
    opening = Event("休学", date(2025, 8, 26), is_opening=True, roster_on=date(2025, 9, 18), id=2)
    assert [(s.state, s.opened_by) for s in spans_of(events=(opening,))] == [
        ("在读", "入学"),
        ("休学", "期初"),
    ]


def test_a_policy_row_that_ends_a_category_ends_its_targets() -> None:
    text = TEXT.replace(
        'name = "脱贫户"\nofficial_from = 2021-01-01\nofficial_to = 2025-12-31\ntarget = true',
        'name = "脱贫户"\ntarget = true\ntarget_to = 2025-12-31',
    )
    assert text != TEXT
    spans = build_spans([ENTRY], [Hardship("脱贫户", ENTRY.on)], load_policy(text, "x"))
    assert [(s.from_on, s.is_target) for s in spans] == [(ENTRY.on, True), (date(2026, 1, 1), False)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("赣县", "赣县区", True),
        ("于都", "于都县", True),
        ("于都县", "于都县", True),
        ("南昌县", "南昌市", False),
        ("", "于都县", False),
    ],
)
def test_county_spellings(one: str, other: str, same: bool) -> None:
    assert is_same_county(one, other) is same


def test_paired_county_follows_the_dated_list_unless_typed() -> None:
    listed = [("于都县", None, date(2025, 8, 31)), ("乐安县", date(2025, 9, 1), None)]
    assert paired_days("于都县", None, listed) == ((date.min, date(2025, 8, 31)),)
    assert paired_days("乐安县", None, listed) == ((date(2025, 9, 1), FOREVER),)
    assert paired_days("乐安县", False, listed) == ()
    assert paired_days("石城县", True, listed) == ALWAYS
    spans = build_spans([ENTRY], [], POLICY, paired_days("于都县", None, listed))
    assert [(s.from_on, s.is_paired_county) for s in spans] == [(ENTRY.on, True), (date(2025, 9, 1), False)]


DAYS = st.dates(date(2024, 8, 1), date(2025, 9, 30))
KINDS = ["转入", "休学", "复学", "岗位实习", "实习结束", "退学", "毕业", "转班", "延长休学"]
EVENTS = st.lists(st.builds(Event, kind=st.sampled_from(KINDS), on=DAYS, class_id=st.sampled_from([None, 2])))
ROWS = st.lists(
    st.builds(
        Hardship,
        category=st.sampled_from(["脱贫户", "低保", "边缘易致贫户", "建档立卡贫困户"]),
        from_on=DAYS,
        to_on=st.none() | DAYS,
        risk_cleared_on=st.none() | DAYS,
    ),
    max_size=4,
)


@given(EVENTS, ROWS, st.lists(st.tuples(DAYS, DAYS), max_size=2), DAYS)
def test_spans_tile_the_time_and_agree_with_the_rules_of_each_day(
    events: list[Event], rows: list[Hardship], paired: list[tuple[date, date]], day: date
) -> None:
    numbered = [ENTRY, *(event._replace(id=number) for number, event in enumerate(events, start=2))]
    spans = build_spans(numbered, rows, POLICY, paired)
    for before, after in pairwise(spans):
        assert before.to_on + timedelta(days=1) == after.from_on
    assert not spans or spans[-1].to_on == FOREVER
    found = [span for span in spans if span.from_on <= day <= span.to_on]
    status = status_on(numbered, day)
    if status is None:
        assert not found
        return
    (span,) = found
    assert (span.state, span.class_id, span.is_enrolled) == (
        status.state,
        status.class_id,
        status.is_enrolled,
    )
    active = [row for row in rows if row.from_on <= day and (row.to_on is None or day <= row.to_on)]
    assert span.is_paired_county == any(first <= day <= last for first, last in paired)
    assert set((span.category or "").split("、")) - {""} == {row.category for row in active}
    assert span.is_target == any(
        POLICY.is_target(row.category, day)
        and not (row.category == "边缘易致贫户" and row.risk_cleared_on and day > row.risk_cleared_on)
        for row in active
    )


@given(EVENTS, ROWS)
def test_movements_add_up_from_nobody_to_what_holds_at_the_end(
    events: list[Event], rows: list[Hardship]
) -> None:
    numbered = [ENTRY, *(event._replace(id=number) for number, event in enumerate(events, start=2))]
    counted = False
    for span in build_spans(numbered, rows, POLICY):
        counts = span.is_enrolled and span.is_target
        assert (span.movement is not None) == (counts != counted)
        if span.movement:
            assert counts == (span.movement in ("入学", "转入", "认定"))
        counted = counts
