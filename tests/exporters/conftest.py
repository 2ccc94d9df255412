"""Reference outputs: what a paper became, as readable lines; `pytest --update-expected` writes them anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

_EXPECTED = Path(__file__).parent / "expected"


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a function that compares a text with the reference output of this name."""
    update = bool(request.config.getoption("--update-expected", default=False))

    def compared(name: str, text: str) -> None:
        path = _EXPECTED / name
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compared
