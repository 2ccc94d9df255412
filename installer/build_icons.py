"""Copy the icons that the window uses from what Microsoft publishes, and draw the program's own as an .ico.

    npm pack @fluentui/svg-icons@1.1.343
    .venv/bin/python installer/build_icons.py fluentui-svg-icons-1.1.343.tgz

Windows shows the program's icon from resources/icons/skillsaid.ico, which is made from skillsaid.svg here.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import tarfile
from pathlib import Path

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
SHA256 = "50f442c6aebe83383b39fccbc1d13f16de2587e805cbe088d932990c2a0e15c0"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)

DRAWINGS = """
    desktop people home_person person_swap notepad
    clipboard_text_edit people_community clipboard_task_list_ltr people_team form
    money receipt_money wallet_credit_card megaphone
    hat_graduation certificate briefcase person_arrow_right building
    arrow_swap document_table send settings table

    arrow_undo arrow_redo arrow_import arrow_export
    add edit clipboard_paste save print search filter
    column_triple calendar navigation
    chevron_down chevron_up chevron_left chevron_right dismiss eye eye_off
    folder_open document document_pdf document_checkmark attach image

    flag checkmark checkmark_circle info warning error_circle question_circle
    clock history text_bullet_list_square_edit
    person person_add people_audience lock_closed lock_open shield_checkmark shield_error
"""


def copy_drawings(package: Path) -> None:
    data = package.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit(f"{package.name} is not the package that the icons were copied from")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name in DRAWINGS.split():
            member = archive.extractfile(f"package/icons/{name}_20_regular.svg")
            if member is None:
                raise SystemExit(f"{name} is not a file")
            (ICONS / f"{name}.svg").write_bytes(member.read())


def draw_program_icon() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    renderer = QSvgRenderer(str(ICONS / "skillsaid.svg"))
    pictures = []
    for side in SIZES:
        image = QImage(side, side, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        pictures.append(Image.open(io.BytesIO(bytes(buffer.data().data()))))
    largest = pictures.pop()
    largest.save(ICONS / "skillsaid.ico", sizes=[(side, side) for side in SIZES], append_images=pictures)
    application.quit()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path)
    copy_drawings(parser.parse_args().package)
    draw_program_icon()
