"""Start and check the program from a checkout, on a machine that has nothing but Python 3.11.

    python3 installer/dev.py run              the program with the sample school
    python3 installer/dev.py run ARGS...      the skillsaid command line
    python3 installer/dev.py test [ARGS...]   every check, the last of them pytest, which takes the ARGS
    python3 installer/dev.py freeze           the frozen program, see freeze.py

The first call makes .venv from requirements.lock; later ones find that nothing changed. Only the standard
library is imported here, since nothing else is there yet.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "made-from"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
SKILLSAID = SCRIPTS / ("skillsaid.exe" if os.name == "nt" else "skillsaid")

# What the PySide6 wheels load from the system, by the Debian package that holds it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",  # QtNetwork, which QtPdf links
    "libxkbcommon.so.0": "libxkbcommon0",
}
# What Qt's X11 plugin loads besides; of use only where there is a display.
DISPLAY_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def say(text: str) -> None:
    print(f"dev: {text}", flush=True)


def stop(text: str, status: int = 1) -> NoReturn:
    print(f"dev: {text}", file=sys.stderr, flush=True)
    sys.exit(status)


def call(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a command from the root of the checkout and return its exit status."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env).returncode


def must(*command: str | Path, what: str, env: dict[str, str] | None = None) -> None:
    """Run a command, or stop with its exit status and say what failed."""
    status = call(*command, env=env)
    if status:
        stop(f"{what} failed", status)


# The environment


def has_display() -> bool:
    """Tell whether a window can be shown."""
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def headless() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def missing_packages() -> list[str]:
    """List the Debian packages without which the environment can not be made, or Qt not loaded."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        missing.append("python3-venv")
    if shutil.which("pdftotext") is None:
        missing.append("poppler-utils")  # tests read the printed papers back with it
    for library, package in {**LIBRARIES, **(DISPLAY_LIBRARIES if has_display() else {})}.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def install_packages() -> None:
    """Install the missing system packages if this is root on Debian, else name the command and stop."""
    missing = missing_packages()
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None:
        stop(f"this system lacks what these Debian packages hold: {' '.join(missing)}")
    if os.geteuid() != 0:
        stop(f"system packages are missing; run: sudo {' '.join(command)}")
    say(f"installing {' '.join(missing)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    must("apt-get", "update", "-qq", what="apt-get update", env=env)
    must(*command, what="apt-get install", env=env)
    if "python3-venv" in missing:
        importlib.invalidate_caches()


def wanted_stamp() -> list[str]:
    """Describe what the environment is made from; .venv is current while its stamp says the same."""
    import tomllib  # new in Python 3.11: an older one shall reach the sentence in main()

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = {"project": declared["project"], "setuptools": declared["tool"]["setuptools"]}
    # The path is part of it, because the scripts in .venv name it: a moved checkout makes its own anew.
    parts = [str(ROOT).encode(), LOCK.read_bytes(), json.dumps(project, sort_keys=True).encode()]
    return [hashlib.sha256(part).hexdigest() for part in parts]


def read_stamp() -> list[str]:
    # A system Python that was upgraded leaves an environment that starts and finds none of its packages.
    usable = (
        PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0
    )
    if not usable or not STAMP.exists():
        return []
    return STAMP.read_text(encoding="ascii").splitlines()


def make_environment() -> None:
    """Bring .venv to what requirements.lock and pyproject.toml say; do nothing if it is there."""
    wanted = wanted_stamp()
    found = read_stamp()
    if found == wanted:
        return
    install_packages()
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet")
    if found[:2] != wanted[:2]:
        if found[:1] != wanted[:1]:
            say("making .venv")
            must(sys.executable, "-m", "venv", "--clear", VENV, what="making .venv")
        say("installing the locked packages, which takes a minute or two")
        STAMP.unlink(missing_ok=True)
        must(*pip, "install", "--require-hashes", "-r", LOCK, what="installing requirements.lock")
    say("installing the project")
    project = ("--no-build-isolation", "--no-deps", "--no-index", "--editable", ROOT)
    must(*pip, "install", *project, what="installing the project")
    STAMP.write_text("\n".join(wanted) + "\n", encoding="ascii")


# The commands


def sample_folder() -> Path:
    """Return the folder of the sample school: the user's own, because a ledger outlives a reboot."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir()))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "SkillsAid-sample"


def make_sample() -> tuple[Path, str]:
    """Return the ledger of the sample school and its passphrase; the first call makes the school."""
    folder = sample_folder()
    told = folder / "demo.txt"  # what the demo command said, written when it has ended well
    if not told.exists():
        say("making the sample school")
        shutil.rmtree(folder, ignore_errors=True)  # what an interrupted call left
        folder.mkdir(parents=True)
        demo = subprocess.run(
            [SKILLSAID, "demo", folder], env=headless(), stdout=subprocess.PIPE, encoding="utf-8"
        )
        if demo.returncode:
            stop("making the sample school failed", demo.returncode)
        told.write_text(demo.stdout, encoding="utf-8")
    text = told.read_text(encoding="utf-8")
    print(text, end="", flush=True)
    ledgers = sorted(folder.glob("*.skillsaid"))
    passphrase = re.search(r"^口令：(.+)$", text, re.MULTILINE)
    if not ledgers or not passphrase:
        stop(f"{folder} is not as the demo command leaves it; remove it to make the sample school anew")
    return ledgers[0], passphrase[1].strip()


def run(arguments: list[str]) -> int:
    if arguments:
        return call(SKILLSAID, *arguments)
    ledger, passphrase = make_sample()
    if has_display():
        return call(PYTHON, "-m", "skillsaid_desktop", ledger)
    pictures = ledger.parent / "screenshots"
    say(f"there is no display here; the main pages are drawn into {pictures}")
    env = {**headless(), "SKILLSAID_PASSPHRASE": passphrase}
    return call(PYTHON, "-m", "skillsaid_desktop.app", "--screenshots", pictures, ledger, env=env)


def test(arguments: list[str]) -> int:
    checks: list[tuple[str, tuple[str | Path, ...]]] = [
        ("ruff check", (SCRIPTS / "ruff", "check", "--quiet")),
        ("ruff format", (SCRIPTS / "ruff", "format", "--check", "--quiet")),
        ("mypy", (PYTHON, "-m", "mypy")),
        ("lint-imports", (SCRIPTS / "lint-imports", "--no-logo")),
    ]
    for name, command in checks:
        say(name)
        must(*command, what=name)
    say("pytest")
    # One file stays on one worker, since its tests share what its fixtures made.
    workers = ("-n", "2", "--dist", "loadfile")
    return call(PYTHON, "-m", "pytest", *workers, *arguments, env=headless())


def freeze(arguments: list[str]) -> int:
    return call(PYTHON, ROOT / "installer" / "freeze.py", *arguments)


COMMANDS = {"run": run, "test": test, "freeze": freeze}


def main() -> int:
    if sys.version_info < (3, 11):
        stop(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...")
    options = parser.parse_args()
    make_environment()
    return COMMANDS[options.command](options.arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        stop("stopped", 130)
