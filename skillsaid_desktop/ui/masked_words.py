"""Sentences about people as they stand on a page: the numbers in them masked, as everywhere in a list."""

import re

from skillsaid_desktop.schema.masking import mask_number

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{15,20}|\d{15,19}[A-Za-z]|1[3-9]\d{9})(?![0-9A-Za-z])")


def mask_words(text: str) -> str:
    """Return a sentence with document, phone and card numbers masked."""
    return _NUMBERS.sub(lambda found: mask_number(found.group()), text)
