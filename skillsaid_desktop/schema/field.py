"""One column, described once for table, form, import, and paper."""

from dataclasses import dataclass
from enum import StrEnum

from skillsaid_desktop.schema.field_type import FieldType


class Privacy(StrEnum):
    """What a column may show where (DOMAIN section 10; PIPL art. 28)."""

    PLAIN = "plain"
    PERSONAL = "personal"  # not on public lists
    SENSITIVE = "sensitive"  # poverty, health: not on public lists, logged on export
    NUMBER = "number"  # document, phone, card: masked until shown


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column of a ledger, a report parameter or a setting.

    `name` is the key in rows and in SQL listings, `title` the Chinese heading, `aliases` other
    headings accepted on import, `width` the usual width in full-width characters.
    A field that is not `typed` is computed: shown, never written or imported.
    """

    name: str
    title: str
    type: FieldType
    required: bool = False
    aliases: tuple[str, ...] = ()
    width: int = 8
    help: str = ""
    privacy: Privacy = Privacy.PLAIN
    typed: bool = True
