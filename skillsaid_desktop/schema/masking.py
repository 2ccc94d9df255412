"""How document, phone and card numbers look until somebody asks to see them."""


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
