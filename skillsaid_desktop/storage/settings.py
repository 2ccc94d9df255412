"""The school's settings, typed: what the `setting` rows mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

DEFAULTS: dict[str, Any] = {
    "school_name": "",
    "cutoff_day": 25,  # None: the calendar month
    "first_month": "",  # "YYYY-MM"
    "paired_counties": [],  # [[county, from or None, to or None], …], days as ISO text
    "policy_name": "jiangxi",
    "unit_head": "",
    "reviewer": "",
    "preparer": "",
    "phone": "",
    "contact_weeks": 5,  # a leader is to talk to a student once a month [D]: five weeks hold any reporting month
    "remind_days": 30,  # how many days before its end a category is a follow-up
    "kept_rosters": 6,  # of each office
    "is_sample": False,
    "file_limit_mb": 20,  # of one file [D]
    "large_ledger_mb": 1024,  # from this size on the ledger is called large, once [D]
}


@dataclass(frozen=True)
class Settings:
    """Typed read access; `values` holds everything that was stored, known or not."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Return a setting, or its default if it was never set."""
        return self.values[key] if key in self.values else DEFAULTS.get(key)

    @property
    def school_name(self) -> str:
        """The school's full name, as on its seal."""
        return str(self.get("school_name") or "")

    @property
    def cutoff_day(self) -> int | None:
        """The last day of a reporting month; None means the calendar month."""
        day = self.get("cutoff_day")
        return None if day is None else int(day)

    @property
    def first_month(self) -> str:
        """The ledger's first month, "YYYY-MM"."""
        return str(self.get("first_month") or "")

    @property
    def paired_counties(self) -> tuple[tuple[str, date | None, date | None], ...]:
        """对口贫困县 with from and to, both days included, None where open."""
        return tuple(
            (str(county), _day(from_on), _day(to_on))
            for county, from_on, to_on in self.get("paired_counties")
        )

    @property
    def contact_weeks(self) -> int:
        """After how many weeks without a contact a pairing is overdue (DOMAIN section 9, 31)."""
        return int(self.get("contact_weeks"))

    @property
    def remind_days(self) -> int:
        """How many days before a category ends it is told."""
        return int(self.get("remind_days"))

    @property
    def kept_rosters(self) -> int:
        """How many rosters of an office are kept; the two that are compared always are."""
        return max(2, int(self.get("kept_rosters")))

    @property
    def policy_name(self) -> str:
        """Which policy text is in force."""
        return str(self.get("policy_name"))

    @property
    def unit_head(self) -> str:
        """单位负责人."""
        return str(self.get("unit_head") or "")

    @property
    def reviewer(self) -> str:
        """审核人."""
        return str(self.get("reviewer") or "")

    @property
    def preparer(self) -> str:
        """填表人."""
        return str(self.get("preparer") or "")

    @property
    def phone(self) -> str:
        """联系电话."""
        return str(self.get("phone") or "")

    @property
    def file_limit_mb(self) -> int:
        """How many MB a file may have that is added to a record."""
        return int(self.get("file_limit_mb"))

    @property
    def large_ledger_mb(self) -> int:
        """From how many MB on the ledger is called large."""
        return int(self.get("large_ledger_mb"))


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def storable(value: object) -> object:
    """Return a setting as JSON can hold it: days as ISO text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [storable(item) for item in value]
    return value
