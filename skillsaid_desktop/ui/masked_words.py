"""Sentences about people as they stand on a page: the numbers in them masked, as everywhere in a list."""

import re

from skillsaid_desktop.schema.masking import mask_number

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{14,20}[\dXx]?|1[3-9]\d{9})(?![0-9A-Za-z])")
"""Also numbers that lost a digit: they are mistaken and still somebody's."""


def mask_words(text: str) -> str:
    """Return a sentence with document, phone and card numbers masked."""
    return _NUMBERS.sub(lambda found: mask_number(found.group()), text)
