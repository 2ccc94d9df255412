"""Names found by their readings, and folded for matching."""

import pytest

from skillsaid_desktop.domain.names import fold_name, pinyin_keys


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("查文彬", "zha wen bin", "zwb"),
        ("单嘉勇", "shan jia yong", "sjy"),
        ("仇海燕", "qiu hai yan", "qhy"),
        ("曾诗", "zeng shi", "zs"),
        ("覃玉晨", "qin yu chen|tan yu chen", "qyc|tyc"),
        ("区亮嘉", "ou liang jia", "olj"),
        ("解慧兰", "xie hui lan", "xhl"),
        ("欧阳静怡", "ou yang jing yi", "oyjy"),
        ("司徒俊文", "si tu jun wen", "stjw"),
        ("刘䶮", "liu yan", "ly"),
        ("谢𬭎", "xie hong", "xh"),
        ("", "", ""),
    ],
)
def test_surnames_are_read_as_surnames(name: str, pinyin: str, initials: str) -> None:
    keys = pinyin_keys(name)
    assert (keys.pinyin, keys.initials) == (pinyin, initials)


def test_names_sort_by_reading() -> None:
    names = ["王鑫", "曾诗", "欧阳静怡", "区亮嘉"]
    assert sorted(names, key=lambda name: pinyin_keys(name).sort) == ["区亮嘉", "欧阳静怡", "王鑫", "曾诗"]


@pytest.mark.parametrize(
    "spelling",
    ["阿依古丽·买买提", "阿依古丽・买买提", "阿依古丽•买买提", "阿依古丽 买买提", "阿依古丽\u200b·买买提"],
)
def test_spellings_of_one_name_fold_alike(spelling: str) -> None:
    assert fold_name(spelling) == "阿依古丽买买提"


def test_rare_characters_and_full_width_stay_apart() -> None:
    assert fold_name("黄𠅤") == "黄𠅤"
    assert fold_name("⺟Ａ") == fold_name("母a")
    assert fold_name("曾  诗") == "曾诗"


def test_old_private_use_codes_and_radicals_fold_to_their_characters() -> None:
    assert fold_name("邹林\ue863") == fold_name("邹林䶮")
    assert fold_name("⾼明") == "高明"
