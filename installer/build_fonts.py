"""Make the fonts in resources/fonts from what their authors publish.

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc@0.4.3
    apt-get download fonts-hanazono=20170904-2.1 fonts-lxgw-wenkai=1.250+repack-1
    .venv/bin/python installer/build_fonts.py FOLDER_OF_THE_FOUR_DOWNLOADS

Papers need fonts that a PDF can carry (static TrueType outlines), that hold the rare characters of people's
names, and that may be given away. No single font does all three, so papers and window fall back from
character to character along the chain in fonts.toml. Layout features and hinting are left out: neither
reportlab nor the window uses them for Chinese, and they make a quarter of the size. Needs dpkg-deb.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import tarfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"

SERIF = "expo-google-fonts-noto-serif-sc-0.4.3.tgz"
SANS = "expo-google-fonts-noto-sans-sc-0.4.3.tgz"
HANAZONO = "fonts-hanazono_20170904-2.1_all.deb"
WENKAI = "fonts-lxgw-wenkai_1.250+repack-1_all.deb"
SHA256 = {
    SERIF: "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
    SANS: "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    HANAZONO: "a6943366b4f5a6cec34221f8b4eb22555a628f0ee6ef4e3d3401cabe9363aeae",
    WENKAI: "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
}

# The characters of the 通用规范汉字表 (2013) that lie in Extension A, and so outside GBK: all may stand in a name.
COMMON_EXTENSION_A = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖"
    "䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)


def read_members(archive: Path) -> tarfile.TarFile:
    """Open a checked download as a tar archive."""
    data = archive.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256[archive.name]:
        raise SystemExit(f"{archive.name} is not the file that the bundle was made from")
    if archive.suffix == ".deb":
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], capture_output=True, check=True).stdout
    return tarfile.open(fileobj=io.BytesIO(data))


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise SystemExit(f"{name} is not a file")
    return member.read()


def read_font(archive: tarfile.TarFile, name: str) -> TTFont:
    # The time of the source stays in the font, so that building again gives the same bytes.
    return TTFont(io.BytesIO(read_member(archive, name)), recalcTimestamp=False)


def is_han(code: int) -> bool:
    return unicodedata.name(chr(code), "").startswith("CJK ") and unicodedata.category(chr(code)) == "Lo"


def is_common(code: int) -> bool:
    """Tell whether a heading or the window may well need a character: not Han, GBK, or in the national list."""
    if not is_han(code) or chr(code) in COMMON_EXTENSION_A:
        return True
    try:
        chr(code).encode("gbk")
    except UnicodeEncodeError:
        # Noto Sans SC has no character beyond U+FFFF but those of the national list and a few for place names.
        return code > 0xFFFF
    return True


def subset(font: TTFont, codes: Iterable[int]) -> TTFont:
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "FFTM", "prop"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def rename(font: TTFont, family: str) -> TTFont:
    """Give a changed font a name of its own, as the reserved names of its licence ask."""
    postscript = family.replace(" ", "")
    version = font["name"].getDebugName(5)
    own = {1: family, 2: "Regular", 3: f"{postscript};{version}", 4: family, 6: postscript}
    font["name"].names = [
        record
        for record in font["name"].names
        if (record.platformID, record.langID) == (3, 0x409) and record.nameID not in (*own, 7)
    ]
    for name_id, text in own.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    return font


def licence(*copyrights: str, body: str) -> str:
    """Put copyright lines before the text of the Open Font License, which starts at its first ruled line."""
    return "\n".join(copyrights) + "\n\n" + body[body.index("This Font Software is licensed") :]


def build(downloads: Path) -> None:
    serif_files, sans_files = read_members(downloads / SERIF), read_members(downloads / SANS)
    hanazono_files, wenkai_files = read_members(downloads / HANAZONO), read_members(downloads / WENKAI)
    serif = read_font(serif_files, "package/400Regular/NotoSerifSC_400Regular.ttf")
    sans = read_font(sans_files, "package/400Regular/NotoSansSC_400Regular.ttf")
    sans_bold = read_font(sans_files, "package/700Bold/NotoSansSC_700Bold.ttf")
    ming = read_font(hanazono_files, "./usr/share/fonts/truetype/hanazono/HanaMinA.ttf")
    kai = read_font(wenkai_files, "./usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")

    in_serif, in_sans = set(serif.getBestCmap()), set(sans.getBestCmap())
    common = {code for code in in_sans if is_common(code)}
    rare_ming = {code for code in ming.getBestCmap() if is_han(code)} - in_serif
    rare_kai = {code for code in kai.getBestCmap() if is_han(code)} - (in_serif & in_sans)

    subset(serif, in_serif).save(FONTS / "NotoSerifSC-Regular.ttf")
    subset(sans, common).save(FONTS / "NotoSansSC-Regular.ttf")
    subset(sans_bold, common).save(FONTS / "NotoSansSC-Bold.ttf")
    rename(subset(ming, rare_ming), "SkillsAid Rare Ming").save(FONTS / "SkillsAidRareMing.ttf")
    rename(subset(kai, rare_kai), "SkillsAid Rare Kai").save(FONTS / "SkillsAidRareKai.ttf")

    body = read_member(sans_files, "package/LICENSE_FONT").decode()
    texts = {
        "LICENSE-NotoSansSC.txt": body,
        "LICENSE-NotoSerifSC.txt": licence("(c) 2017-2024 Adobe (http://www.adobe.com/).", body=body),
        "LICENSE-SkillsAidRareKai.txt": licence(
            "Copyright 2021-2023 LXGW (https://github.com/lxgw/LxgwWenKai),",
            "with Reserved Font Names '霞鹜' and 'LXGW'.",
            "Copyright 2020 The Klee Project Authors (https://github.com/fontworks-fonts/Klee)",
            "This is a Modified Version: a subset under another name.",
            body=body,
        ),
    }
    for name, text in texts.items():
        (FONTS / name).write_text(text, encoding="utf-8", newline="\n")
    for path in sorted(FONTS.glob("*.ttf")):
        print(
            f"{path.name}: {len(TTFont(path).getBestCmap())} characters, {path.stat().st_size / 1e6:.2f} MB"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("downloads", type=Path)
    build(parser.parse_args().downloads)
