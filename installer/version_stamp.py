"""The version that Windows shows in an executable's properties."""

from __future__ import annotations

from typing import Any

from skillsaid_desktop import __version__


def version_stamp(name: str) -> Any:
    """Describe the executable NAME.exe as PyInstaller's EXE wants it."""
    # PyInstaller has this module only on Windows.
    from PyInstaller.utils.win32 import versioninfo

    numbers = tuple(int(part) for part in __version__.split("."))
    four = (*numbers, *(0,) * (4 - len(numbers)))
    texts = {
        "ProductName": "技能帮扶台账",
        "FileDescription": "技能帮扶台账",
        "ProductVersion": __version__,
        "FileVersion": __version__,
        "InternalName": name,
        "OriginalFilename": f"{name}.exe",
        "LegalCopyright": "MIT License",
    }
    table = versioninfo.StringTable("080404B0", [versioninfo.StringStruct(*text) for text in texts.items()])
    return versioninfo.VSVersionInfo(
        ffi=versioninfo.FixedFileInfo(filevers=four, prodvers=four),
        kids=[
            versioninfo.StringFileInfo([table]),
            versioninfo.VarFileInfo([versioninfo.VarStruct("Translation", [0x0804, 0x04B0])]),
        ],
    )
