"""Putting a finished file in the place of another, with the patience that Windows asks for."""

import os
import time
from pathlib import Path

# A virus scanner or the search index opens what was just written, and Windows renames nothing that is open.
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8) if os.name == "nt" else ()


def put_over(new: Path, old: Path) -> None:
    """Give `new` the name of `old`, which goes; PermissionError if one of them stays open elsewhere."""
    for seconds in _WAITS:
        try:
            new.replace(old)
        except PermissionError:
            time.sleep(seconds)
        else:
            return
    new.replace(old)
