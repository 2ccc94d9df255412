"""How long work says how far it is, and how it learns that it was stopped."""

from typing import Protocol


class Progress(Protocol):
    """Receiver of progress; `report` raises Cancelled when the user has stopped the work."""

    def report(self, done: int, total: int, text: str) -> None:
        """Say that `done` of `total` steps are done; `total` 0 means unknown."""


class SilentProgress:
    """Progress of work that nobody watches."""

    def report(self, done: int, total: int, text: str) -> None:
        """Ignore it."""
