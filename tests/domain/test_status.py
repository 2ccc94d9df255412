"""State, class, major and level on any day, from events; and what can not be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.domain.status import (
    ENROLLED,
    LEAVING,
    Event,
    check_events,
    effective_events,
    entry_to_correct,
    is_allowed,
    status_on,
    walk,
)
from skillsaid_desktop.policy import FIXED

ENTRY = Event("入学", date(2023, 9, 1), 1, "机电", "中级工", id=1)


def on(month: int, day: int, year: int = 2025) -> date:
    return date(year, month, day)


def state_on(events: list[Event], day: date) -> str | None:
    status = status_on(events, day)
    return status.state if status else None


def codes(*events: Event) -> list[str]:
    return [problem.code for problem in check_events([ENTRY, *events])]


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], "在读"),
        (["休学"], "休学"),
        (["休学", "延长休学"], "休学"),
        (["休学", "复学"], "在读"),
        (["参军保留学籍"], "保留学籍"),
        (["参军保留学籍", "恢复学籍"], "在读"),
        (["岗位实习"], "实习"),
        (["岗位实习", "实习结束"], "在读"),
        (["岗位实习", "毕业"], "毕业"),
        (["转班", "转专业", "升入高级工班"], "在读"),
        *[([kind], kind) for kind in LEAVING],
    ],
)
def test_kinds_lead_to_their_states(kinds: list[str], state: str) -> None:
    events = [ENTRY, *(Event(kind, on(3, 1) + timedelta(days=n), id=n + 2) for n, kind in enumerate(kinds))]
    assert state_on(events, on(12, 31)) == state
    assert check_events(events) == []
    assert state_on(events, date(2023, 8, 31)) is None


def test_every_kind_of_the_list_is_known_to_the_rules() -> None:
    for kind in FIXED["change_kind"]:
        states = [None, *FIXED["state"]]
        assert any(is_allowed(state, kind) for state in states), kind


@pytest.mark.parametrize(
    ("event", "code", "said"),
    [
        (Event("复学", on(11, 18)), "impossible", "没有休学（当时是在读），2025年11月18日却登记了复学"),
        (Event("恢复学籍", on(12, 11)), "impossible", "没有保留学籍"),
        (Event("实习结束", on(12, 11)), "impossible", "没有实习"),
        (
            Event("转班", date(2023, 7, 23)),
            "before entry",
            "2023年9月1日才入学，2023年7月23日却登记了转班",
        ),
        (Event("转入", on(3, 1)), "impossible", "已经入学"),
    ],
)
def test_impossible_changes_are_named(event: Event, code: str, said: str) -> None:
    problems = check_events([ENTRY, event])
    assert [problem.code for problem in problems] == [code]
    assert said in problems[0].message
    assert state_on([ENTRY, event], on(12, 31)) == "在读"  # and has no effect


def test_nothing_follows_leaving_but_a_correction_or_a_new_enrolment() -> None:
    left = Event("毕业", on(11, 10), id=2)
    assert codes(left, Event("休学", on(11, 20))) == ["impossible"]
    assert codes(left, Event("信息更正", on(11, 20))) == []
    again = Event("转入", on(11, 20), 7, "护理", "高级工")
    assert codes(left, again) == []
    status = status_on([ENTRY, left, again], on(11, 30))
    assert status is not None
    assert (status.state, status.class_id, status.entered_on, status.entry_level) == (
        "在读",
        7,
        on(11, 20),
        "高级工",
    )


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["转班", "复学"], "在读"),
        (["毕业", "实习结束"], "毕业"),
        (["转入", "退学"], "在读"),
        (["岗位实习", "复学"], "实习"),
    ],
)
def test_several_changes_of_one_day_are_taken_in_the_order_that_is_allowed(
    kinds: list[str], state: str
) -> None:
    first = Event({"复学": "休学", "实习结束": "岗位实习"}.get(kinds[1], "转班"), on(3, 1), id=2)
    events = [ENTRY, first, *(Event(kind, on(12, 1), id=n) for n, kind in enumerate(kinds, start=3))]
    assert check_events(events) == []
    assert state_on(events, on(12, 1)) == state
    assert [event.kind for event, _status in walk(events)][2:] == list(reversed(kinds))


@pytest.mark.parametrize(
    "kinds", [["休学", "退学"], ["退学", "转出"], ["岗位实习", "毕业"], ["参军保留学籍", "退学"]]
)
def test_contradictions_of_one_day_name_both(kinds: list[str]) -> None:
    problems = check_events([ENTRY, *(Event(kind, on(12, 16)) for kind in kinds)])
    assert [problem.code for problem in problems] == ["contradiction"] * 2
    assert all(kind in problems[0].message for kind in kinds)


def test_an_opening_change_gives_way_to_a_dated_one_of_its_kind() -> None:
    opening = Event("休学", date(2025, 8, 26), is_opening=True, roster_on=on(9, 18), id=2)
    assert state_on([ENTRY, opening], on(8, 26)) == "休学"
    dated = Event("休学", on(9, 5), id=3)
    assert effective_events([ENTRY, opening, dated]) == [ENTRY, dated]
    assert state_on([ENTRY, opening, dated], on(8, 30)) == "在读"
    history = Event("休学", on(3, 1), id=4)
    assert effective_events([ENTRY, opening, history]) == [ENTRY, history]
    late = Event("休学", on(10, 1), id=5)  # after the roster: a second one, the opening stays
    assert opening in effective_events([ENTRY, opening, late])


def test_an_inferred_change_gives_way_between_the_two_rosters() -> None:
    inferred = Event(
        "休学", on(11, 24), is_inferred=True, roster_before_on=on(9, 18), roster_on=on(11, 24), id=2
    )
    dated = Event("休学", on(11, 12), id=3)
    assert [event.on for event, _ in walk([ENTRY, inferred, dated])] == [ENTRY.on, on(11, 12)]
    before = Event("休学", on(9, 10), id=4)
    assert len(effective_events([ENTRY, inferred, before])) == 3
    other = Event("岗位实习", on(11, 12), id=5)
    assert state_on([ENTRY, inferred, other], on(11, 30)) == "休学"


def test_an_inferred_change_that_changes_nothing_is_left_out() -> None:
    inferred = Event("转班", on(11, 24), 2, is_inferred=True, roster_before_on=on(9, 18), id=2)
    dated = Event("留级", on(11, 3), 2, id=3)
    assert [event.kind for event, _ in walk([ENTRY, inferred, dated])] == ["入学", "留级"]


def test_a_second_entry_corrects_the_first() -> None:
    assert entry_to_correct([ENTRY], on(9, 1)) == ENTRY
    assert entry_to_correct([ENTRY], date(2022, 9, 1)) == ENTRY
    left = Event("退学", on(3, 1), id=2)
    assert entry_to_correct([ENTRY, left], on(9, 1)) is None
    assert entry_to_correct([], on(9, 1)) is None


EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(FIXED["change_kind"]),
        on=st.dates(on(9, 1, 2024), on(8, 31)),
        class_id=st.sampled_from([None, 1, 2]),
        is_inferred=st.booleans(),
        roster_before_on=st.none() | st.dates(on(9, 1, 2024), on(8, 31)),
    ),
    max_size=8,
)


@given(EVENTS)
def test_the_walk_is_always_possible_and_its_order_never_depends_on_the_input(events: list[Event]) -> None:
    numbered = [event._replace(id=number) for number, event in enumerate(events)]
    taken = walk(numbered)
    assert taken == walk(list(reversed(numbered)))
    state: str | None = None
    for event, status in taken:
        assert is_allowed(state, event.kind)
        state = status.state
        assert event.kind != "毕业" or status.state not in ENROLLED
    assert [event.on for event, _ in taken] == sorted(event.on for event, _ in taken)


@given(EVENTS)
def test_events_without_problems_all_take_effect(events: list[Event]) -> None:
    numbered = [
        event._replace(id=n, is_inferred=False, is_opening=False, roster_before_on=None)
        for n, event in enumerate(events)
    ]
    problems = check_events(numbered)
    taken = {event.id for event, _ in walk(numbered)}
    # Of two that contradict, one may take effect; it is named either way.
    assert {event.id for event in numbered} - {problem.event.id for problem in problems} <= taken
    assert not taken & {problem.event.id for problem in problems if problem.code != "contradiction"}


@given(EVENTS, st.dates(on(9, 1, 2024), on(8, 31)))
def test_later_events_never_change_an_earlier_day(events: list[Event], day: date) -> None:
    dated = [event._replace(id=n, is_inferred=False) for n, event in enumerate(events)]
    assert status_on(dated, day) == status_on([event for event in dated if event.on <= day], day)
