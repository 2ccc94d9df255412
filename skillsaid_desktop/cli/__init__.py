"""The same services from a terminal, for scheduled work and for checking.

Exit status 0 done, 1 refused with a reason on stderr (a UserError), 2 wrong usage. `--json` prints one JSON
document on stdout and nothing else. Everything heavy is imported inside the command that needs it.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from skillsaid_desktop.errors import Cancelled, UserError

_READER_SWITCH = "--read-workbook"
"""Hidden: this process is the child that reads a foreign file (see importers)."""

_PICTURE_SWITCH = "--draw-pictures"
"""Hidden: this process is the child that draws small pictures of files (see ui.thumbnails)."""

_LEDGER_ENDING = ".skillsaid"

_UNREAD = (errno.EPIPE, errno.EINVAL)  # Windows says the latter of a pipe that nobody reads any more


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] == _READER_SWITCH:
        from skillsaid_desktop.importers.reading import child_main

        return child_main(words[1:])
    if words and words[0] == _PICTURE_SWITCH:
        from skillsaid_desktop.ui.picture_child import run_child

        return run_child(int(words[1]))
    _speak_utf8()
    if words and words[0] == "--selftest":
        from skillsaid_desktop.selftest import run_selftest

        return run_selftest(Path(words[1]) if len(words) > 1 else None)
    if not words or words[0].endswith(_LEDGER_ENDING):
        return _open_window(words)
    from skillsaid_desktop.cli.parser import build_parser

    options = build_parser().parse_args(words)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        status = command(options)
        if sys.stdout is not None:  # the program without a console has none
            sys.stdout.flush()
        return status
    except OSError as error:
        if not (error.errno in _UNREAD and _is_unread(sys.stdout)):
            raise
        # Who read the answer has seen enough (| head); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UserError as error:
        print(str(error), file=sys.stderr)
        return 1
    except (Cancelled, KeyboardInterrupt):
        print("已停下，台账没有改动。", file=sys.stderr)
        return 1


def _speak_utf8() -> None:
    """Print Chinese also into a pipe and on a console with another code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _is_unread(stream: TextIO | None) -> bool:
    """Tell whether an error came from this stream: a line more can't be written either."""
    try:
        if stream is not None:
            stream.write("\n")
            stream.flush()
    except OSError:
        return True
    return False


def _open_window(words: list[str]) -> int:
    from skillsaid_desktop.app import main as open_window

    return open_window(words)
