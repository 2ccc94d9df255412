"""The regions of the window that F6 goes round: navigation, filters, table, drawer, footer (DESIGN section 11)."""

from enum import IntEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_PROPERTY = "region"


class Region(IntEnum):
    """The kinds of region in the order of reading."""

    FILTERS = 1
    TABLE = 2
    DRAWER = 3
    FOOTER = 4


def set_region(widget: QWidget, region: Region) -> None:
    """Mark a widget as a region."""
    widget.setProperty(_PROPERTY, int(region))


def regions_of(page: QWidget) -> list[QWidget]:
    """Return the regions of a page in which a key can land, in order; the page itself if it has none."""
    found = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.property(_PROPERTY) and widget.isVisible() and first_stop(widget) is not None
    ]
    # A table within a drawer belongs to the drawer.
    outer = [
        each for each in found if not any(other is not each and other.isAncestorOf(each) for other in found)
    ]
    return sorted(outer, key=lambda each: int(each.property(_PROPERTY))) or [page]


def first_stop(region: QWidget) -> QWidget | None:
    """Return the first part of a region that takes the focus by Tab, None if there is none."""
    proxy = region.focusProxy()
    if proxy is not None and proxy.isVisible():
        return proxy
    if _takes_focus(region):
        return region
    at = region.nextInFocusChain()
    while at is not None and at is not region:
        if region.isAncestorOf(at) and _takes_focus(at):
            return at
        at = at.nextInFocusChain()
    return None


def _takes_focus(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
