"""The encoding of a text that does not say it, or says it wrongly: gb2312 over GBK, nothing at all."""

import codecs
from pathlib import Path

_CHUNK = 2**20
_ENOUGH = 200
"""Characters of several bytes that are UTF-8 by chance in no GBK text; after them a broken byte is only a broken byte."""


def encoding_of(path: Path | str) -> str:
    """Return the codec of a text file: by its mark, else UTF-8 where it fits, else GB18030."""
    with open(path, "rb") as file:  # noqa: PTH123  # the child knows its file by a text
        chunk = file.read(_CHUNK)
        if marked := marked_encoding(chunk):
            return marked
        decoder = codecs.getincrementaldecoder("utf-8")()
        seen = 0
        while chunk:
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                seen += _wide(chunk[: error.start].decode("utf-8", "ignore"))
                return "utf-8" if seen >= _ENOUGH else "gb18030"
            if seen < _ENOUGH:
                seen += _wide(text)
            chunk = file.read(_CHUNK)
    return "utf-8"


def marked_encoding(head: bytes) -> str:
    """Return the codec that a byte order mark or the zeros between Latin letters tell; "" if nothing does."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head[:400]
    if len(start) >= 8 and len(start) % 2 == 0:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        if odd > len(start) // 8 and not even:
            return "utf-16-le"
        if even > len(start) // 8 and not odd:
            return "utf-16-be"
    return ""


def decoded(data: bytes) -> str:
    """Return the first bytes of a file as text, for a look at what it is."""
    marked = marked_encoding(data)
    if marked:
        return data.decode(marked, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _wide(text: str) -> int:
    return 0 if text.isascii() else sum(1 for letter in text if letter > "\x7f")
