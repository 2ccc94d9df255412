"""The parsed policy of a ledger, kept as long as its text stays the same."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillsaid_desktop.policy.policy import Policy


@lru_cache(maxsize=4)
def parsed_policy(text: str, name: str) -> "Policy":
    """Return the policy of this text."""
    from skillsaid_desktop.policy.policy import load_policy

    return load_policy(text, f"台账里的政策（{name}）")
