"""Fonts, palette and the one style sheet: how the program looks, in light and in dark.

The unlock page loads this before anything heavy, so it imports only Qt, the tokens and the paths.
"""

from string import Template

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from skillsaid_desktop.paths import resource_path
from skillsaid_desktop.ui.tokens import DARK, LIGHT, Tokens

SCHEMES: tuple[tuple[str, str], ...] = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))
"""What 设置 offers, as (stored value, title)."""

ROLES: dict[str, tuple[float, bool]] = {
    "first": (18, True),
    "title": (14, True),
    "sum": (12, True),
    "section2": (11, True),
    "section": (10.5, True),
    "body": (10, False),
    "bold": (10, True),
    "small": (9, False),
    "key": (8.5, False),
}
"""Type sizes in points and whether bold, by role (DESIGN section 3)."""

_BUNDLED = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
_RARE = ("SkillsAidRareMing.ttf", "SkillsAidRareKai.ttf")


class _Current:
    """The tokens in force and the families found; painting code reads them through `color` and `font`."""

    tokens: Tokens = LIGHT
    scheme: str = "system"
    has_style: bool = False
    families: tuple[str, ...] = ()
    is_high_contrast: bool = False


def tokens() -> Tokens:
    """Return the tokens in force."""
    return _Current.tokens


def looks() -> tuple[Tokens, tuple[str, ...]]:
    """Return the tokens and families in force: what is made of colours and fonts is good as long as they stay."""
    return _Current.tokens, _Current.families


def color(name: str) -> QColor:
    """Return a token of the theme in force."""
    return QColor(getattr(_Current.tokens, name))


def font(role: str = "body") -> QFont:
    """Return the font of a role of `ROLES`."""
    points, bold = ROLES[role]
    result = QFont()
    result.setFamilies(list(_Current.families))
    result.setPointSizeF(points)
    result.setBold(bold)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def install_fonts() -> None:
    """Choose the families, loading the bundled ones only where the system's own are missing."""
    families = []
    if "Microsoft YaHei UI" in QFontDatabase.families():
        families.append("Microsoft YaHei UI")
    else:
        families += _load(_BUNDLED)
    _Current.families = tuple(families) or (QApplication.font().family(),)


def install_rare_fonts() -> None:
    """Add the fonts for names beyond the common set; called after the first paint."""
    loaded = _load(_RARE)
    if loaded:
        _Current.families = (*_Current.families, *(name for name in loaded if name not in _Current.families))
        QApplication.setFont(font("body"))


def _load(names: tuple[str, ...]) -> list[str]:
    families: list[str] = []
    for name in names:
        path = resource_path("fonts") / name
        if not path.is_file():
            continue
        for family in QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path))):
            if family not in families:
                families.append(family)
    return families


def make_application(program: str) -> QApplication:
    """Make the QApplication in the one style that `apply` dresses.

    The style is named as an argument: `setStyle` would make a Python wrapper of it, ten milliseconds of enums.
    """
    _Current.has_style = True
    return QApplication([program, "-style", "fusion"])


def apply(app: QApplication, scheme: str = "system") -> None:
    """Dress the program in a scheme of `SCHEMES`; may be called again at any time."""
    if not _Current.families:
        install_fonts()
    hints = app.styleHints()
    _Current.scheme = scheme
    _Current.is_high_contrast = (
        hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    )
    if not _Current.has_style:
        app.setStyle("Fusion")
        _Current.has_style = True
    app.setFont(font("body"))
    chosen = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(scheme, Qt.ColorScheme.Unknown)
    hints.setColorScheme(chosen)
    dark = (chosen if chosen != Qt.ColorScheme.Unknown else hints.colorScheme()) == Qt.ColorScheme.Dark
    _Current.tokens = DARK if dark else LIGHT
    if _Current.is_high_contrast:
        app.setStyleSheet("")
        app.setPalette(QPalette())
        return
    app.setPalette(palette(_Current.tokens))
    app.setStyleSheet(style_sheet(_Current.tokens))


def follow_system(app: QApplication) -> None:
    """Change with the system's own light and dark as long as 跟随系统 is chosen."""

    def changed() -> None:
        if _Current.scheme == "system":
            apply(app, "system")

    app.styleHints().colorSchemeChanged.connect(changed)


def stored_scheme() -> str:
    """Return the scheme chosen on this PC."""
    return str(QSettings().value("theme", "system"))


def choose(app: QApplication, scheme: str) -> None:
    """Remember a scheme on this PC and put it in force."""
    QSettings().setValue("theme", scheme)
    apply(app, scheme)


def style_sheet(theme: Tokens) -> str:
    """Return the style sheet of a theme."""
    icons = resource_path("theme").as_posix()
    text = (resource_path("theme") / "window.qss").read_text(encoding="utf-8")
    tone = "dark" if theme is DARK else "light"
    return Template(text).substitute(theme.names(), icons=icons, tone=tone)


def palette(theme: Tokens) -> QPalette:
    """Return the Qt palette of a theme, for what the style sheet leaves to Fusion."""
    result = QPalette()
    groups = QPalette.ColorGroup
    for role, name in (
        (QPalette.ColorRole.Window, "surface"),
        (QPalette.ColorRole.WindowText, "text"),
        (QPalette.ColorRole.Base, "surface"),
        (QPalette.ColorRole.AlternateBase, "sunken"),
        (QPalette.ColorRole.Text, "text"),
        (QPalette.ColorRole.Button, "raised"),
        (QPalette.ColorRole.ButtonText, "text"),
        (QPalette.ColorRole.BrightText, "stop"),
        (QPalette.ColorRole.Highlight, "accent"),
        (QPalette.ColorRole.HighlightedText, "on_accent"),
        (QPalette.ColorRole.Link, "accent"),
        (QPalette.ColorRole.LinkVisited, "accent"),
        (QPalette.ColorRole.ToolTipBase, "raised"),
        (QPalette.ColorRole.ToolTipText, "text"),
        (QPalette.ColorRole.PlaceholderText, "text3"),
        (QPalette.ColorRole.Accent, "accent"),
        (QPalette.ColorRole.Mid, "line2"),
        (QPalette.ColorRole.Dark, "edge"),
        (QPalette.ColorRole.Light, "raised"),
        (QPalette.ColorRole.Midlight, "line"),
        (QPalette.ColorRole.Shadow, "edge"),
    ):
        result.setColor(groups.All, role, QColor(getattr(theme, name)))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(groups.Disabled, role, QColor(theme.disabled))
    return result
