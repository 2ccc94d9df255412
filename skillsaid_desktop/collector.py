"""Keeping Python's garbage collector from looking at many values that all stay."""

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


def set_aside_what_stays() -> None:
    """Take all that is there out of the collector's sight: modules stay until the end, and each full collection
    would otherwise stop the window to look at half a million of their objects."""
    gc.freeze()
