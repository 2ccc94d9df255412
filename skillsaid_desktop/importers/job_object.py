"""A fence round the reading child on Windows: it can not outgrow its memory or outlive the program.

On Linux the child fences itself (resource limits and the parent's death signal).
"""

import subprocess
import sys
from typing import Protocol


class Fence(Protocol):
    """What holds a child process; closing it ends the child."""

    def close(self) -> None:
        """Let go; the child ends if it still runs."""


class _NoFence:
    def close(self) -> None:
        """Do nothing."""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _KILL_ON_JOB_CLOSE = 0x2000
    _PROCESS_MEMORY = 0x100
    _DIE_ON_UNHANDLED_EXCEPTION = 0x400
    _ACTIVE_PROCESS = 0x8
    _EXTENDED_LIMITS = 9

    class _BasicLimits(ctypes.Structure):
        _fields_ = [
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        ]

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = [
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        ]

    class _JobObject:
        def __init__(self, process: subprocess.Popen[bytes], memory: int) -> None:
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = wintypes.HANDLE
            kernel.SetInformationJobObject.argtypes = (
                wintypes.HANDLE,
                ctypes.c_int,
                ctypes.c_void_p,
                wintypes.DWORD,
            )
            kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
            kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
            self._kernel = kernel
            self._job = kernel.CreateJobObjectW(None, None)
            limits = _ExtendedLimits()
            # A virtual environment's python.exe starts the real one as its child, in the same job.
            limits.BasicLimitInformation.LimitFlags = (
                _KILL_ON_JOB_CLOSE | _PROCESS_MEMORY | _DIE_ON_UNHANDLED_EXCEPTION | _ACTIVE_PROCESS
            )
            limits.BasicLimitInformation.ActiveProcessLimit = 3
            limits.ProcessMemoryLimit = memory
            kernel.SetInformationJobObject(
                self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            kernel.AssignProcessToJobObject(self._job, int(process._handle))

        def close(self) -> None:
            """Close the job; whatever still runs in it ends."""
            if self._job:
                self._kernel.CloseHandle(self._job)
                self._job = None


def contain(process: subprocess.Popen[bytes], memory: int) -> Fence:
    """Put a child process behind a fence."""
    if sys.platform == "win32":
        return _JobObject(process, memory)
    return _NoFence()
