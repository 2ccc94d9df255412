"""Write the first migration anew from the mapped tables; only until the first release, never after it.

.venv/bin/python -m installer.write_first_migration
"""

from pathlib import Path

from alembic.autogenerate import api
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from sqlalchemy import MetaData, create_engine

from skillsaid_desktop.domain.entities import NAMING, Entity, Projection
from skillsaid_desktop.storage import journal

TARGET = Path(__file__).parent.parent / "skillsaid_desktop/storage/migrations/versions/0001_first.py"

HEAD = '''"""The first schema: journal, ledgers, computed spans."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
'''


def main() -> None:
    """Render create_table for every table of the three metadatas."""
    tables = MetaData(naming_convention=NAMING)
    for metadata in (journal.metadata, Entity.metadata, Projection.metadata):
        for table in metadata.sorted_tables:
            table.to_metadata(tables)
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": tables})
        script = api.produce_migrations(context, tables)
        operations: UpgradeOps | None = script.upgrade_ops
        assert operations is not None
        body = api.render_python_code(operations, migration_context=context)
    lines = [line for line in body.splitlines() if not line.strip().startswith("#")]
    TARGET.write_text(HEAD + "\n".join(lines).strip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
