"""Write a migration from the difference between the scripts before it and the mapped tables.

.venv/bin/python -m installer.write_migration 0002 "Households and rosters."

Writing one anew is for a schema that was never released; after a release a change needs a script of its own.
"""

import argparse
import re
from pathlib import Path

from alembic.autogenerate import api
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from sqlalchemy import MetaData, create_engine

from skillsaid_desktop.domain.entities import NAMING, Entity, Projection, Snapshot
from skillsaid_desktop.storage import journal, migration

HEAD = '''"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}


def upgrade() -> None:
    """Bring the tables to this version."""
'''


def main() -> None:
    """Render what is missing of the four metadatas after the scripts before this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", help="four digits, one more than the last")
    parser.add_argument("title", help="the sentence that says what it brings")
    wanted = parser.parse_args()
    versions = migration.SCRIPTS / "versions"
    for old in versions.glob(f"{wanted.revision}_*.py"):
        old.unlink()
    before = sorted(path.name[:4] for path in versions.glob("[0-9]*.py") if path.name[:4] < wanted.revision)
    tables = MetaData(naming_convention=NAMING)
    for metadata in (journal.metadata, Entity.metadata, Projection.metadata, Snapshot.metadata):
        for table in metadata.sorted_tables:
            table.to_metadata(tables)
    with create_engine("sqlite://").begin() as connection:
        if before:
            migration.run_scripts(connection, before[-1])
        context = MigrationContext.configure(connection, opts={"target_metadata": tables})
        script = api.produce_migrations(context, tables)
        operations: UpgradeOps | None = script.upgrade_ops
        assert operations is not None
        # SQLite changes a column only by making its table anew; what is reflected of it lacks AUTOINCREMENT.
        body = api.render_python_code(operations, migration_context=context, render_as_batch=True)
    for name in Entity.metadata.tables:
        body = body.replace(
            f"op.batch_alter_table('{name}', schema=None)",
            f"op.batch_alter_table('{name}', table_kwargs={{'sqlite_autoincrement': True}})",
        )
    lines = [line for line in body.splitlines() if not line.strip().startswith("#")]
    head = HEAD.format(
        title=wanted.title, revision=wanted.revision, before=f'"{before[-1]}"' if before else None
    )
    name = "_".join(re.findall(r"[a-z]+", wanted.title.lower())[:3])
    target = Path(versions / f"{wanted.revision}_{name}.py")
    target.write_text(head + "\n".join(lines).strip("\n") + "\n", "utf-8")
    print(target.name)


if __name__ == "__main__":
    main()
