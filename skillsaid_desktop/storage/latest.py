"""What was worked out last from a ledger, kept for whoever asks for the same before anything is written."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")


class Latest:
    """The last answer to each question, with the state of the ledger that it holds for; any thread may ask."""

    def __init__(self) -> None:
        self._asking: dict[str, threading.RLock] = {}
        self._answers: dict[str, tuple[Hashable, Any]] = {}

    def answer(self, question: str, state: Hashable, work: Callable[[], Answer]) -> Answer:
        """Return the answer kept for this state, or what `work` finds; only the newest answer is kept.

        The second of two who ask the same at once waits and has the answer of the first.
        """
        with self._asking.setdefault(question, threading.RLock()):
            kept = self._answers.get(question)
            if kept is None or kept[0] != state:
                kept = self._answers[question] = (state, work())
            return cast(Answer, kept[1])
