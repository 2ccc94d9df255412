"""The bases of what is kept: journalled tables, computed tables, snapshots (ARCHITECTURE, "Mechanisms")."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Entity(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of all journalled tables."""

    metadata = MetaData(naming_convention=NAMING)
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - a dataclass base takes no ClassVar here


class Projection(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of computed tables: rebuilt from events in the same transaction, never journalled, never typed."""

    metadata = MetaData(naming_convention=NAMING)


class Snapshot(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of tables whose rows nobody changes once they are there: other offices' rosters, contents of files.

    Their rows are not journalled one by one; they count while the journalled row that names them is there.
    """

    metadata = MetaData(naming_convention=NAMING)
