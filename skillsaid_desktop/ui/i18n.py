"""The one door through which words reach the screen; Chinese source text passes through."""


def tr(text: str) -> str:
    """Return the words to show for a Chinese source text."""
    return text


def count(number: int, unit: str) -> str:
    """Return a counted thing as written in an office: `1,284 人`."""
    return f"{number:,} {unit}"
