"""Where things lie on this PC and what they may be called there, from source and frozen alike.

Data is local, never roaming: a ledger must not travel with a Windows profile.
"""

import os
import re
import sys
from functools import cache
from pathlib import Path

APP_FOLDER = "SkillsAid"
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def resource_path(name: str) -> Path:
    """Return the path of a file or folder under `resources/`."""
    return _resources() / name


@cache
def _resources() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    base = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return base / "resources"


def data_folder() -> Path:
    """Return this user's local data folder, made if missing; `SKILLSAID_DATA` overrides it."""
    chosen = os.environ.get("SKILLSAID_DATA")
    if chosen:
        folder = Path(chosen)
    else:
        # Imported late: platformdirs isn't needed where the folder is given.
        from platformdirs import user_data_path

        folder = user_data_path(APP_FOLDER, appauthor=False, roaming=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def backup_folder() -> Path:
    """Return the folder of automatic backups, made if missing."""
    folder = data_folder() / "backups"
    folder.mkdir(exist_ok=True)
    return folder


def log_folder() -> Path:
    """Return the folder of log files, made if missing."""
    folder = data_folder() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


def file_name_of(text: str) -> str:
    """Return a text, such as a class with a stroke in its name, as a file name that Windows takes."""
    return _NOT_IN_A_NAME.sub("_", text).strip(" .")
