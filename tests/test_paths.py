"""Names that Windows takes."""

import pytest

from skillsaid_desktop.paths import file_name_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一生一档 护理2301/2302 2025-11-24.pdf", "一生一档 护理2301_2302 2025-11-24.pdf"),
        ("江西:示范?.xlsx", "江西_示范_.xlsx"),
        ("古丽·阿依.pdf", "古丽·阿依.pdf"),
        ("11月. ", "11月"),
    ],
)
def test_a_file_name_holds_nothing_that_windows_refuses(text: str, name: str) -> None:
    assert file_name_of(text) == name
