"""Keeps readers out of a ledger for the moment in which its file is exchanged for one under another key."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets readers through together; who shuts it waits for those inside and keeps new ones waiting."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside = 0
        self._is_shut = False
        self._own = (
            threading.local()
        )  # how deep this thread is inside: a reading within a reading never waits

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be a reader for the time of the block."""
        depth: int = getattr(self._own, "depth", 0)
        with self._condition:
            if not depth:
                self._condition.wait_for(lambda: not self._is_shut)
            self._inside += 1
        self._own.depth = depth + 1
        try:
            yield
        finally:
            self._own.depth = depth
            with self._condition:
                self._inside -= 1
                self._condition.notify_all()

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Have nobody inside for the time of the block; one at a time, and not from inside."""
        with self._condition:
            self._is_shut = True
            self._condition.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._condition:
                self._is_shut = False
                self._condition.notify_all()
