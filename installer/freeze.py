"""Freeze the program into dist/SkillsAid, a folder that runs on a machine without Python, and try it.

    python3 installer/dev.py freeze

PyInstaller builds for the system that it runs on, so the Windows folder is made on Windows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
FOLDER = DIST / "SkillsAid"
PROGRAM = FOLDER / ("SkillsAid.exe" if os.name == "nt" else "SkillsAid")


def freeze() -> None:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(ROOT / "build")]
    subprocess.run([*command, str(ROOT / "installer" / "skillsaid.spec")], cwd=ROOT, check=True)


def self_test() -> int:
    """Let the frozen program try each library that it carries; print what it found and return its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "selftest.json"
        # A folder and a home of its own, so that nothing of this machine's installation or ledgers takes part.
        env = {**os.environ, "SKILLSAID_DATA": folder, "QT_QPA_PLATFORM": "offscreen"}
        status = subprocess.run([PROGRAM, "--selftest", report], cwd=folder, env=env, timeout=300).returncode
        print(report.read_text(encoding="utf-8") if report.exists() else "the self-test wrote no report")
    return status


def main() -> int:
    freeze()
    files = [path for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink()]
    print(f"{FOLDER}: {len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB")
    status = self_test()
    print("self-test passed" if status == 0 else f"self-test failed with {status}")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"freezing failed with {error.returncode}")
