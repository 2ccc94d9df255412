"""Where a ledger must not lie: on a network share or in a folder that a program copies to the cloud.

Both break the write-ahead log: two PCs each believe to hold the lock, or half a file is copied away.
"""

import os
import sys
from pathlib import Path

from skillsaid_desktop.errors import UserError

_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "icloud": "iCloud",
    "nutstore": "坚果云",
    "坚果云": "坚果云",
    "baidusync": "百度网盘同步空间",
    "百度网盘同步": "百度网盘同步空间",
    "wps云盘": "WPS 云盘",
    "wpsdrive": "WPS 云盘",
    "微云": "腾讯微云",
    "google drive": "Google Drive",
}
_NETWORK_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "ncpfs"}
_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4


def check_place(path: Path) -> None:
    """Raise UserError if a ledger at this path would not be safe."""
    synced = synced_by(path)
    if synced:
        raise UserError(
            f"“{path.parent}”会被 {synced} 同步到网上，台账不能放在这里：同步到一半的台账会坏，也会把名单带出学校。",
            "请放到本机的普通文件夹，比如 D 盘；要换电脑用，请用备份。",
        )
    if is_network(path):
        raise UserError(
            f"“{path.parent}”在网络共享上，台账不能放在这里：两台电脑同时写会把它弄坏。",
            "请放到本机的文件夹；备份可以放到共享上。",
        )


def synced_by(path: Path) -> str:
    """Return the name of the program that synchronises this folder, "" if none is known to."""
    for part in path.absolute().parts[:-1]:
        for mark, name in _SYNCED.items():
            if part.lower().startswith(mark):
                return name
    return ""


def is_network(path: Path) -> bool:
    """Return whether the path lies on a network share."""
    text = str(path.absolute())
    if text.startswith(("\\\\", "//")):
        return not text.startswith(("\\\\?\\", "\\\\.\\"))
    if sys.platform == "win32":
        return _drive_type(text) == _DRIVE_REMOTE
    return _mounted_as(path) in _NETWORK_SYSTEMS


def is_removable(path: Path) -> bool:
    """Return whether the path lies on a stick or another removable drive (known on Windows only)."""
    return sys.platform == "win32" and _drive_type(str(path.absolute())) == _DRIVE_REMOVABLE


def _drive_type(text: str) -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(os.path.splitdrive(text)[0] + "\\"))


def _mounted_as(path: Path) -> str:
    """Return the file system of the deepest mount that holds the path (Linux)."""
    try:
        lines = Path("/proc/mounts").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    text, best, kind = str(path.absolute()), "", ""
    for line in lines:
        _, place, system, *_rest = line.split(" ")
        place = place.replace("\\040", " ")
        is_inside = text == place or text.startswith(place.rstrip("/") + "/")
        if is_inside and len(place) >= len(best):
            best, kind = place, system
    return kind
