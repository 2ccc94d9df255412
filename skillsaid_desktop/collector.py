"""Holding Python's garbage collector while many small values are made that all stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Hold the collector inside the block: none of the many tuples is garbage, and looking at them takes a third longer.

    At its end they count as old, or the collector would look through all of them at once as new ones.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
