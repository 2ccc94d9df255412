"""The colours of the window by name, light and dark (DESIGN section 4).

Everything that paints asks for a token, so dark needs no second style sheet and no second icon set.
"""

from typing import NamedTuple

CONTRAST_PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "surface", 4.5),
    ("text", "window", 4.5),
    ("text", "select", 4.5),
    ("text", "accent_tint", 4.5),
    ("text2", "surface", 4.5),
    ("text2", "window", 4.5),
    ("text2", "select", 4.5),
    ("text3", "surface", 4.5),
    ("text3", "window", 4.5),
    ("text3", "sunken", 4.5),
    ("text3", "hover", 4.5),
    ("edge", "surface", 3.0),
    ("edge", "window", 3.0),
    ("accent", "surface", 4.5),
    ("accent", "window", 4.5),
    ("accent", "accent_tint", 4.5),
    ("accent", "select", 4.5),
    ("on_accent", "accent", 4.5),
    ("on_accent", "accent_hover", 4.5),
    ("stop", "surface", 4.5),
    ("stop", "stop_tint", 4.5),
    ("explain", "surface", 4.5),
    ("explain", "explain_tint", 4.5),
    ("hint", "surface", 4.5),
    ("good", "surface", 4.5),
    ("good", "good_tint", 4.5),
)
"""What is read on what, with the least contrast it must have (WCAG 2: text 4.5, parts 3)."""


class Tokens(NamedTuple):
    """One theme; each value is #RRGGBB."""

    window: str
    surface: str
    sunken: str
    raised: str
    hover: str
    select: str
    line: str
    line2: str
    edge: str
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_tint: str
    stop: str
    stop_tint: str
    explain: str
    explain_tint: str
    hint: str
    hint_tint: str
    good: str
    good_tint: str
    desk: str
    nav_hover: str

    def names(self) -> dict[str, str]:
        """Return all tokens by name, as the style sheet's template wants them."""
        return self._asdict()


LIGHT = Tokens(
    window="#F2F4F6",
    surface="#FFFFFF",
    sunken="#F8F9FA",
    raised="#FFFFFF",
    hover="#F1F5F9",
    select="#D9E8F5",
    line="#E2E5E9",
    line2="#CDD2D8",
    edge="#828992",
    text="#1A1D21",
    text2="#4F565E",
    text3="#656C75",
    disabled="#9BA1A9",
    accent="#1F5F99",
    accent_hover="#194F80",
    accent_pressed="#143F67",
    on_accent="#FFFFFF",
    accent_tint="#E8F0F7",
    stop="#B3261E",
    stop_tint="#FBEBE9",
    explain="#8A5A00",
    explain_tint="#FAF1DC",
    hint="#5A636D",
    hint_tint="#EEF0F2",
    good="#27693F",
    good_tint="#E4F2E9",
    desk="#E6E9EC",
    nav_hover="#E2E5E9",
)

DARK = Tokens(
    window="#1B1D1F",
    surface="#232629",
    sunken="#1F2225",
    raised="#2B2E32",
    hover="#2A2E33",
    select="#29435C",
    line="#34383C",
    line2="#4A4F55",
    edge="#7D848C",
    text="#E8EAEC",
    text2="#B7BDC4",
    text3="#989FA7",
    disabled="#6B7178",
    accent="#82B8E8",
    accent_hover="#9AC7EE",
    accent_pressed="#6FA8DB",
    on_accent="#0E2233",
    accent_tint="#22354A",
    stop="#F2938B",
    stop_tint="#442826",
    explain="#E2B45E",
    explain_tint="#3C3120",
    hint="#A7AEB6",
    hint_tint="#2F3337",
    good="#7FC999",
    good_tint="#213A2B",
    desk="#151719",
    nav_hover="#2B2E32",
)


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast of two #RRGGBB colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
