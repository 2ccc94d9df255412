"""Small pictures come from a child process: good files are drawn, hostile ones cost a picture and nothing else."""

import io
import os
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import skillsaid_desktop.ui.thumbnails as thumbnails
from skillsaid_desktop.errors import Cancelled
from skillsaid_desktop.progress import SilentProgress
from skillsaid_desktop.services.files import MB, add_files, list_files, new_file
from skillsaid_desktop.ui.picture_child import SIDE
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.thumbnails import PictureChild, Thumbnails
from tests.files import paper, photo

SILENT = SilentProgress()


@pytest.fixture
def child() -> Iterator[PictureChild]:
    with PictureChild() as made:
        yield made


def png_bomb(side: int) -> bytes:
    """Return a PNG that says it is side × side pixels, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(min(side * side * 3, 30_000_000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(page: str) -> bytes:
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{page}]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9e9 9e9]>>endobj\ntrailer<</Root 1 0 R>>"
    ).encode()


def drawn(child: PictureChild, mime: str, content: bytes) -> QImage:
    return QImage.fromData(child.draw(mime, content, SILENT))


def test_photos_and_papers_are_drawn_small(child: PictureChild) -> None:
    picture = drawn(child, "image/jpeg", photo(size=(3000, 1500)))
    assert (picture.width(), picture.height()) == (SIDE, SIDE // 2)
    page = drawn(child, "application/pdf", paper())
    assert page.height() == SIDE
    assert page.pixelColor(2, 2).name() == "#ffffff"
    tiff = drawn(child, "image/tiff", photo(size=(40, 30), form="TIFF"))
    assert (tiff.width(), tiff.height()) == (40, 30)


def test_a_photo_stands_upright_as_the_phone_says(child: PictureChild) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # held on its side
    Image.new("RGB", (200, 100), "red").save(out, "JPEG", exif=exif)
    picture = drawn(child, "image/jpeg", out.getvalue())
    assert (picture.width(), picture.height()) == (100, 200)


@pytest.mark.parametrize(
    ("mime", "content"),
    [
        ("image/png", png_bomb(60_000)),
        ("image/png", png_bomb(12_000)),
        ("image/jpeg", photo()[:400]),
        ("image/png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 5000),
        ("image/tiff", b"II*\x00" + b"\x08\x00\x00\x00" + b"\xff" * 4000),
        ("application/pdf", b"%PDF-1.7\n" + b"\x00" * 1000),
        ("application/pdf", pdf("3 0 R")),
        ("application/pdf", pdf("2 0 R")),
        ("application/pdf", paper()[:300]),
    ],
)
def test_a_hostile_file_has_no_picture_and_the_next_one_is_drawn(
    child: PictureChild, mime: str, content: bytes
) -> None:
    child.draw(mime, content, SILENT)
    assert drawn(child, "image/jpeg", photo()).width() == SIDE


def test_a_child_that_dies_or_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    real = thumbnails._command
    with PictureChild() as child:
        for code in ("import os; os.abort()", "import time; time.sleep(60)"):
            monkeypatch.setattr(thumbnails, "SECONDS", 0.4)
            monkeypatch.setattr(thumbnails, "_command", lambda code=code: [sys.executable, "-c", code])
            assert child.draw("image/jpeg", photo(), SILENT) == b""
        monkeypatch.setattr(thumbnails, "SECONDS", 15.0)
        monkeypatch.setattr(thumbnails, "_command", real)
        assert drawn(child, "image/jpeg", photo()).width() == SIDE


def test_drawing_can_be_broken_off_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped:
        def report(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    monkeypatch.setattr(thumbnails, "_command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    with PictureChild() as child, pytest.raises(Cancelled):
        child.draw("image/jpeg", photo(), Stopped())


@pytest.mark.skipif(os.name == "nt", reason="stands in for what a virtual environment does there")
def test_a_process_behind_the_child_goes_with_its_fence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(900)"
    launcher = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"
    note = tmp_path / "pid"

    class Job:
        def close(self) -> None:
            os.kill(int(note.read_text()), signal.SIGKILL)

    class Stopped:
        def report(self, done: int, total: int, text: str) -> None:
            if note.exists() and note.read_text():
                raise Cancelled

    monkeypatch.setattr(thumbnails, "_command", lambda: [sys.executable, "-c", launcher, behind, str(note)])
    monkeypatch.setattr(thumbnails, "contain", lambda process, memory: Job())
    with PictureChild() as child, pytest.raises(Cancelled):
        child.draw("image/jpeg", photo(), Stopped())


def test_the_frozen_program_has_the_child_behind_a_switch(tmp_path: Path) -> None:
    picture = photo()
    sent = b"".join(struct.pack("<I", len(part)) + part for part in (b"image/jpeg", picture))
    command = [sys.executable, "-m", "skillsaid_desktop", thumbnails.CHILD_SWITCH, str(thumbnails.MEMORY)]
    answer = subprocess.run(command, input=sent, capture_output=True, timeout=60, check=True).stdout
    assert QImage.fromData(answer[4:]).width() == SIDE


def test_pictures_of_a_record_come_beside_the_window(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger_file = session.ledger_file
    files = [
        new_file("身份证.jpg", photo(), MB),
        new_file("户口簿.pdf", paper(), MB),
        new_file("坏.png", b"\x89PNG\r\n\x1a\n" + bytes(400), MB),
    ]
    add_files(ledger_file, "student", 1, files)
    with ledger_file.reading() as reading:
        listed = list_files(reading, "student", 1)
    pictures = Thumbnails(ledger_file, session.tasks)
    pictures.want(listed)
    assert all(pictures.image(one.digest) is None for one in listed)
    qtbot.waitUntil(lambda: session.tasks.is_at_rest(), timeout=20_000)
    qtbot.waitUntil(lambda: all(pictures.image(one.digest) for one in listed[:2]), timeout=5000)
    assert pictures.image(listed[2].digest) is None
    started: list[object] = []
    monkeypatch.setattr(thumbnails, "_command", lambda: started.append(1))
    pictures.want(listed)
    assert session.tasks.is_at_rest(), "what was drawn, or can't be, is not drawn again"
    assert not started
