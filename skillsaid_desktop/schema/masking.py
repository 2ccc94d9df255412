"""How document, phone and card numbers look until somebody asks to see them."""

import re

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[Xx]|\d{15,20}|1[3-9]\d{9})(?![0-9A-Za-z])")


def mask_number(number: str | None) -> str:
    """Return a number as lists show it: 3607********4952 (DOMAIN section 5), the same eight stars for every length."""
    if not number:
        return ""
    length = len(number)
    if length >= 15:
        return number[:4] + "********" + number[-4:]
    if length >= 8:
        return number[:3] + "*" * (length - 7) + number[-4:]
    return "*" * max(length - 2, 1) + number[-2:] if length > 2 else "*" * length


def mask_words(text: str) -> str:
    """Return a sentence with document, phone and card numbers masked."""
    return _NUMBERS.sub(lambda found: mask_number(found.group()), text)


def is_masked(number: str) -> bool:
    """Tell whether a number stands as lists show it, so that it can not be read back."""
    return "*" in number
