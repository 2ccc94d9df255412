"""The policy in words and dates: what a school's list means, and what a wrong file says."""

from datetime import date

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.policy import FIXED, default_policy_text, load_policy

TEXT = default_policy_text()
POLICY = load_policy(TEXT, "jiangxi.toml")


@pytest.mark.parametrize(
    ("wording", "begins", "category"),
    [
        ("建档立卡", date(2019, 9, 1), "建档立卡贫困户"),
        ("建档立卡贫困户", date(2020, 12, 31), "建档立卡贫困户"),
        ("五保", date(2020, 9, 1), "建档立卡贫困户(五保)"),
        ("建档立卡", date(2021, 1, 1), "脱贫户"),
        ("建档立卡贫困户", date(2023, 9, 1), "脱贫户"),
        ("原建档立卡", date(2024, 9, 1), "脱贫户"),
        ("已脱贫", date(2024, 9, 1), "脱贫户"),
        ("脱贫家庭", date(2024, 9, 1), "脱贫户"),
        ("五保", date(2024, 9, 1), "特困救助供养"),
        ("特困供养", date(2024, 9, 1), "特困救助供养"),
        ("不稳定脱贫", date(2024, 9, 1), "脱贫不稳定户"),
        ("农村低保", date(2024, 9, 1), "低保"),
        ("建档立卡贫困户（五保）", date(2018, 9, 1), "建档立卡贫困户(五保)"),
    ],
)
def test_category_words_are_dated(wording: str, begins: date, category: str) -> None:
    assert POLICY.words(begins).resolve("category", wording) == category


@pytest.mark.parametrize(
    ("vocabulary", "wording", "value"),
    [
        ("level", "中级", "中级工"),
        ("level", "高级", "高级工"),
        ("level", "预备技师（技师）", "预备技师(技师)"),
        ("level", "技师班", "预备技师(技师)"),
        ("applicant_kind", "应届生", "应届"),
        ("change_kind", "参军入伍", "参军保留学籍"),
        ("change_kind", "顶岗实习", "岗位实习"),
        ("change_kind", "提前毕业", "毕业"),
        ("change_kind", "认定为帮扶对象", "认定为帮扶对象"),
        ("change_kind", "自动离校", None),
        ("difficulty", "一般困难", "一般"),
        ("difficulty", "√无", "无"),
        ("difficulty", "无困难", "无"),
        ("difficulty", "待观察", None),
        ("yes_no", "√", "是"),
        ("ethnicity", "汉", "汉族"),
        ("state", " 在 读 ", "在读"),
    ],
)
def test_words_of_other_offices_are_understood(vocabulary: str, wording: str, value: str | None) -> None:
    assert POLICY.words(date(2025, 11, 24)).resolve(vocabulary, wording) == value


def test_every_value_means_itself() -> None:
    for name, vocabulary in POLICY.vocabularies.items():
        for value in vocabulary.values:
            on = value.from_on or value.to_on or date(2025, 9, 1)
            assert vocabulary.resolve(value.name, on) == value.name, name


def test_derived_kinds_are_understood_and_never_offered() -> None:
    assert tuple(POLICY.words(date(2025, 9, 1)).values("change_kind")) == FIXED["change_kind"]


def test_forms_offer_the_words_of_their_year() -> None:
    assert "建档立卡贫困户" in POLICY.words(date(2019, 9, 1)).values("category")
    offered = POLICY.words(date(2025, 9, 1)).values("category")
    assert "脱贫户" in offered
    assert "建档立卡贫困户" not in offered
    assert "防止返贫致贫对象" in POLICY.words(date(2026, 3, 1)).values("category")


@pytest.mark.parametrize("category", ["建档立卡贫困户", "返贫", "脱贫户", "边缘易致贫户", "防止返贫致贫对象"])
@pytest.mark.parametrize("on", [date(2016, 1, 1), date(2025, 11, 25), date(2027, 1, 1)])
def test_targets_count_without_end_until_a_row_ends_them(category: str, on: date) -> None:
    assert POLICY.is_target(category, on)


def test_other_aid_categories_and_unknown_words_are_no_targets() -> None:
    assert not POLICY.is_target("低保", date(2025, 9, 1))
    assert not POLICY.is_target("没见过的类别", date(2025, 9, 1))


def test_target_flag_has_its_own_dates() -> None:
    text = TEXT.replace("\ntarget = true\n", "\ntarget = true\ntarget_to = 2025-12-31\n", 1)
    policy = load_policy(text, "改过的.toml")
    assert policy.is_target("建档立卡贫困户", date(2025, 12, 31))
    assert not policy.is_target("建档立卡贫困户", date(2026, 1, 1))


def test_a_cell_with_several_categories_makes_several_rows() -> None:
    found = POLICY.split_categories("低保、已脱贫；说不清", date(2023, 9, 1))
    assert found == [("低保", "低保"), ("脱贫户", "已脱贫"), (None, "说不清")]
    assert POLICY.split_categories("无", date(2023, 9, 1)) == []
    assert POLICY.ordered_categories(["低保", "脱贫户"]) == ["脱贫户", "低保"]


def test_deadlines_move_to_the_working_day_before() -> None:
    days = {due.name: due.on for due in POLICY.due_in_month("2025-10")}
    assert days["submission"] == date(2025, 10, 24)  # the 26th is a Sunday
    assert days["freeze"] == date(2025, 10, 25)  # boundaries never move
    year = {due.name: due.on for due in POLICY.due_in_year(2025)}
    assert year["annual_summary"] == date(2025, 12, 10)
    assert year["publicity"] == date(2025, 10, 17)


def test_working_days_follow_the_table_and_fall_back_on_weekends() -> None:
    assert not POLICY.calendar.is_working_day(date(2025, 10, 8))
    assert POLICY.calendar.is_working_day(date(2025, 10, 11))  # a Saturday worked
    assert not POLICY.calendar.is_working_day(date(2031, 10, 11))


def test_recipients_carry_the_names_of_their_time() -> None:
    assert [r.name for r in POLICY.recipients_on(date(2019, 9, 26))][1] == "市扶贫办公室"
    assert [r.name for r in POLICY.recipients_on(date(2025, 11, 26))][1] == "市乡村振兴局"


def test_the_seventeen_aid_counties_are_there() -> None:
    assert len(POLICY.aid_counties) == 17


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "jiangxi"', "name = jiangxi", "第 5 行第"),
        ('name = "返贫"', 'nam = "返贫"', "categories 第 5 条，name）：缺少 name"),
        (
            "official_to = 2020-12-31",
            "official_to = 2013-12-31",
            "第 17 行（categories 第 1 条，official_to）",
        ),
        ("official_to = 2020-12-31", 'official_to = "2020"', "这里要日期"),
        ("\ntarget = true", "\ntaget = true", "不认识 taget"),
        ('source = "赣人社发〔2019〕20号"', "", "要么写依据 source，要么标明 default"),
        ('means = "脱贫不稳定户"', 'means = "脱贫不稳定"', "没有 脱贫不稳定"),
        ("day = 26", "day = 36", "写的是 36"),
        ("[[recipients]]", "[[recipient]]", "不认识表 recipient"),
        ("2025-01-28, ", "2024-01-28, ", "不在 2025 年"),
    ],
)
def test_a_wrong_file_says_where(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(UserError) as caught:
        load_policy(TEXT.replace(old, new, 1), "学校的.toml")
    assert "学校的.toml" in caught.value.message
    assert said in caught.value.message
    assert caught.value.hint
