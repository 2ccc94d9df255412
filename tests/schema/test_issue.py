"""What an issue says stands beside who it is about."""

import pytest

from skillsaid_desktop.schema.issue import without_who


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("刘志　身份证号 3607********9021 的校验位不对", "身份证号 3607********9021 的校验位不对"),
        ("刘志：没有休学", "没有休学"),
        ("刘志（护理2501）：台账里没有这个学生", "台账里没有这个学生"),
        ("刘志（护理2501）31 岁，请核对", "（护理2501）31 岁，请核对"),
        ("第 3 行重复", "第 3 行重复"),
    ],
)
def test_a_name_that_has_its_own_column_is_not_said_twice(message: str, said: str) -> None:
    assert without_who(message, "刘志") == said
