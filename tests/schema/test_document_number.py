"""Document numbers: cleaned, checked, and compared with what else is known of a person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.schema import IdNumber, Severity
from skillsaid_desktop.schema.document_number import age_on, born_on, person_findings, sex_of
from skillsaid_desktop.schema.field_type import RawValue
from tests.factories import document_number

GOOD = "360731200806204952"
WITH_X = "36073520060928803X"


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (WITH_X.lower(), WITH_X, "lower x"),
        (f"{GOOD}  ", GOOD, "blank"),
        ("360731 20080620 4952", GOOD, "blank"),
        (f"{GOOD}\u3000", GOOD, "blank"),
        ("３６０７３１２００８０６２０４９５２", GOOD, "full width"),
        (f"'{GOOD}", GOOD, "guarded number"),
        (f'="{GOOD}"', GOOD, "guarded number"),
        (f"\t{GOOD}", GOOD, "guarded number"),
        (f"{GOOD}\u200b", GOOD, "invisible"),
    ],
)
def test_a_number_is_mended_and_the_mending_shown(raw: str, value: str, code: str) -> None:
    parsed = IdNumber().parse(raw)
    assert parsed.value == value
    assert [(each.severity, each.code) for each in parsed.findings] == [(Severity.FIXED, code)]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("361121200911187887", "check digit"),
        ("36112820090909598", "length"),
        ("360424091112185", "15 digits"),
        (360424091112185, "15 digits"),
        (3.60731200709094e17, "spoiled number"),
        (360731200709094000, "spoiled number"),
        ("3.60731E+17", "spoiled number"),
        ("360731200709094000", "spoiled number"),
    ],
)
def test_a_wrong_number_is_refused(raw: RawValue, code: str) -> None:
    findings = IdNumber().parse(raw).findings
    assert [(each.severity, each.code) for each in findings] == [(Severity.BLOCK, code)]


def test_an_unknown_area_is_only_asked_about() -> None:
    body = "36990120090909598"
    number = next(body + digit for digit in "0123456789X" if not _blocked(body + digit))
    assert [each.code for each in IdNumber().parse(number).findings] == ["area code"]


def test_an_area_made_a_county_after_the_birth_is_known() -> None:
    assert IdNumber().parse("36078119930614404X").findings == ()  # 瑞金市 since 1994


def test_a_disability_certificate_has_twenty_characters() -> None:
    parsed = IdNumber().parse(GOOD + "43")
    assert (parsed.value, parsed.findings) == (GOOD + "43", ())


def test_sex_birth_date_and_age_are_compared() -> None:
    assert (born_on(GOOD), sex_of(GOOD)) == (date(2008, 6, 20), "男")
    findings = person_findings(GOOD, sex="女", birth=date(2008, 6, 1), as_of=date(2022, 6, 19))
    assert [each.code for each in findings] == ["sex", "birth date", "age"]
    assert person_findings(GOOD, sex="男", birth=date(2008, 6, 20), as_of=date(2025, 11, 1)) == ()


def test_who_was_born_on_a_leap_day_ages_on_the_first_of_march() -> None:
    assert age_on(date(2008, 2, 29), date(2022, 2, 28)) == 13
    assert age_on(date(2008, 2, 29), date(2022, 3, 1)) == 14


@given(st.integers(0, 200_000))
def test_a_good_number_passes_and_one_changed_digit_never_does(serial: int) -> None:
    number = document_number(serial)
    assert IdNumber().parse(number).findings == ()
    place = serial % 17
    changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert _blocked(changed)


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans()))
def test_no_cell_breaks_a_number(raw: RawValue) -> None:
    IdNumber().parse(raw)


def _blocked(number: str) -> bool:
    return any(each.severity is Severity.BLOCK for each in IdNumber().parse(number).findings)
