"""The next version of the program, as far as a ledger file meets it: one more script of the schema."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from skillsaid_desktop.storage import migration

LATER = "9001"

_SCRIPT = f"""
import sqlalchemy as sa
from alembic import op

revision = "{LATER}"
down_revision = "{migration.HEAD}"


def upgrade():
    with op.batch_alter_table("student", recreate="always", table_kwargs={{"sqlite_autoincrement": True}}) as batch:
        batch.alter_column("remark", type_=sa.Text())
"""


def write_scripts(folder: Path) -> None:
    """Write the scripts of today and the later one, which rebuilds the table of students."""
    (folder / "versions").mkdir(parents=True)
    for path in (migration.SCRIPTS / "env.py", *(migration.SCRIPTS / "versions").glob("*.py")):
        (folder / path.relative_to(migration.SCRIPTS)).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "versions" / f"{LATER}_later.py").write_text(_SCRIPT, "utf-8")


def become_later(folder: Path, put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Let this process be the later program; a test puts by `monkeypatch.setattr`."""
    put(migration, "SCRIPTS", folder)
    put(migration, "HEAD", LATER)
    put(migration.upgrade, "__kwdefaults__", {"to": LATER})
