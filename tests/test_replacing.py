"""A virus scanner that looks at a new file for a moment does not keep it from its place."""

import errno
import os
from pathlib import Path

import pytest

from skillsaid_desktop import replacing
from skillsaid_desktop.replacing import put_over


@pytest.mark.parametrize(("held", "waits"), [(0, 0), (2, 2), (9, 2)])
def test_a_file_that_is_held_for_a_moment_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, waits: int
) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_bytes(b"new")
    old.write_bytes(b"old")
    replace, tried = os.replace, []

    def scanned(*paths: str) -> None:
        tried.append(paths)
        if len(tried) <= held:
            raise PermissionError(errno.EACCES, "sharing violation")
        replace(*paths)

    monkeypatch.setattr(os, "replace", scanned)
    monkeypatch.setattr(replacing, "_WAITS", (0.0, 0.0))
    if held > waits:
        with pytest.raises(PermissionError):
            put_over(new, old)
        assert old.read_bytes() == b"old"
    else:
        put_over(new, old)
        assert old.read_bytes() == b"new"
    assert len(tried) == waits + 1
