"""Where Chinese lines break."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.exporters.line_breaks import NOT_AT_END, NOT_AT_START, break_lines

WIDE: defaultdict[str, float] = defaultdict(lambda: 1.0)


def test_closing_marks_do_not_begin_a_line() -> None:
    assert break_lines("一二三四。五六", WIDE, 4) == ("一二三", "四。五六")


def test_opening_marks_do_not_end_a_line() -> None:
    assert break_lines("一二三（四五）", WIDE, 4) == ("一二三", "（四五）")


def test_words_and_numbers_stay_whole_where_they_fit() -> None:
    assert break_lines("电话138000", WIDE, 6) == ("电话", "138000")


def test_a_word_wider_than_the_room_is_cut() -> None:
    assert break_lines("abcdefgh", WIDE, 3) == ("abc", "def", "gh")


def test_breaks_in_the_text_stay() -> None:
    assert break_lines("一\n二\r\n三\n", WIDE, 9) == ("一", "二", "三")


@given(st.text(alphabet="一二三，。（）“”ab1 9", max_size=60), st.integers(1, 12))
def test_no_character_is_lost_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = break_lines(text, WIDE, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= room for line in lines)


def test_the_two_lists_have_nothing_in_common() -> None:
    assert not NOT_AT_START & NOT_AT_END
