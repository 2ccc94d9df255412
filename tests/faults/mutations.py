"""What happens to a file on its way: bytes lost, members swapped, cells overwritten, separators and encodings changed."""

import io
import random
import re
import zipfile
from collections.abc import Callable

NASTY = (
    "", " ", "=1+1", "'", '"', "\t", "NaN", "-1", "1E+400", "9" * 400, "3.60732E+17", "合计", "姓名", "2025-02-30",
    "0000-00-00", "\ud7a3\u202e\ufeff", "𠅤" * 50, "x" * 40_000, "第 1 页 共 2 页", "一、", "&#1114112;", "<td>", "]]>", "\x00",
    "￥1,2,3.4.5万元",
)  # fmt: skip
_VALUES = re.compile(rb"(<(?:\w+:)?(?:v|t|Data|p)\b[^>]*>)([^<]*)(<)")
_NUMBERS = re.compile(rb'"\d{1,7}"')


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one kind of damage done to it, in its zip members if it is a zip."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        return chance.choice((_inside, _inside, _members))(data, chance)
    kinds: list[Callable[[bytes, random.Random], bytes]] = [_bytes]
    if not data.startswith((b"PK", b"\xd0\xcf")):
        kinds += [_cells, _separators, _encoding, _repeated]
    return chance.choice(kinds)(data, chance)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20, 200))):
        if not changed:
            break
        place = chance.randrange(len(changed))
        match chance.randrange(6):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                changed[place] ^= 1 << chance.randrange(8)
            case 2:
                del changed[place : place + chance.choice((1, 4, 300))]
            case 3:
                changed[place:place] = changed[place : place + chance.choice((1, 8, 500))]
            case 4 if chance.random() < 0.1:
                del changed[place:]
            case _:
                changed[place : place + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f")
                )
    return bytes(changed)


def _cells(data: bytes, chance: random.Random) -> bytes:
    """Overwrite values in XML or HTML, or fields of a text; and numbers in quotes, such as spans."""
    nasty = [each.encode("utf-8", "replace") for each in NASTY]
    share = chance.choice((0.002, 0.05, 0.5))

    def value(found: re.Match[bytes]) -> bytes:
        return found[1] + chance.choice(nasty) + found[3] if chance.random() < share else found[0]

    def number(found: re.Match[bytes]) -> bytes:
        return (
            b'"%d"' % chance.choice((0, 1, 2**31, 2**32, 10**12, 16_384, 1_048_576))
            if chance.random() < share
            else found[0]
        )

    if b"<" in data[:400]:
        return _NUMBERS.sub(number, _VALUES.sub(value, data))
    fields = re.split(rb"([,|\t])", data)
    return b"".join(
        chance.choice(nasty) if len(each) > 1 and chance.random() < share else each for each in fields
    )


def _separators(data: bytes, chance: random.Random) -> bytes:
    old, new = chance.sample((b",", b"\t", b"|", b";", b'"', b"\r\n", b"\n", b"<td", b"<tr", b"</td>"), 2)
    return data.replace(old, new, chance.choice((1, 50, -1)))


def _encoding(data: bytes, chance: random.Random) -> bytes:
    text = data.decode(chance.choice(("gb18030", "utf-8", "utf-16-le", "latin-1")), "replace")
    again = text.encode(
        chance.choice(("utf-8-sig", "utf-16", "utf-16-be", "gb18030", "big5", "utf-7")), "replace"
    )
    place = chance.randrange(len(data) or 1)
    return chance.choice((again, data[:place] + again[place:], again[:1001] + data))


def _repeated(data: bytes, chance: random.Random) -> bytes:
    """Repeat a piece many times: tags nested without end, quotation marks, one long line."""
    place = chance.randrange(len(data) or 1)
    piece = chance.choice(
        (data[place : place + 40], b'"', b"<table>", b"<td>", b"<", b"&", b"<!--", b"<![", b",", b"\n")
    )
    return data[:place] + piece * chance.choice((10, 3000)) + data[place:]


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Damage one member of a zip, by bytes or by its values."""
    names, contents = _unpacked(data)
    chosen = chance.choice(names)
    damage = chance.choice((_bytes, _cells, _cells))
    contents[chosen] = damage(contents[chosen], chance)
    return _packed(names, contents)


def _members(data: bytes, chance: random.Random) -> bytes:
    """Swap, drop, double or rename members of a zip."""
    names, contents = _unpacked(data)
    one, other = chance.choice(names), chance.choice(names)
    match chance.randrange(4):
        case 0:
            contents[one], contents[other] = contents[other], contents[one]
        case 1:
            names.remove(one)
        case 2:
            contents[one] = contents[one] * chance.choice((2, 20))
        case _:
            names[names.index(one)] = renamed = one + chance.choice(("x", ".bin", "/"))
            contents[renamed] = contents[one]
    return _packed(names, contents)


def _unpacked(data: bytes) -> tuple[list[str], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        names = [each for each in source.namelist() if ".." not in each]
        return names, {name: source.read(name) for name in names}


def _packed(names: list[str], contents: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, contents[name])
    return target.getvalue()
