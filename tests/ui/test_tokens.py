"""The colours can be read: the table of DESIGN section 4, computed from the tokens."""

import pytest

from skillsaid_desktop.ui.tokens import CONTRAST_PAIRS, DARK, LIGHT, Tokens, contrast


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), CONTRAST_PAIRS)
def test_what_is_read_has_enough_contrast(theme: Tokens, front: str, ground: str, least: float) -> None:
    names = theme.names()
    assert contrast(names[front], names[ground]) >= least


def test_contrast_agrees_with_the_design() -> None:
    assert round(contrast(LIGHT.text, LIGHT.surface), 2) == 16.91
    assert round(contrast(DARK.accent, DARK.select), 2) == 4.86
